//! Two workspaces on one deployment, each with a provider: neither reaches what is the other's.

use serde_json::{Value, json};

use super::{Fixture, GROUP, USER, refused};
use crate::support::text;

impl Fixture {
    /// Another workspace of the same deployment, with a token for its provider.
    fn beside(&self) -> String {
        let other = self.app.tenant("other");
        let connection =
            json!({"protocol": "oidc", "name": "Entra", "issuer": "https://idp.example", "client_id": "rolecall"});
        self.app.post(&other.path("sso/connections"), &other.token, &connection).ok(201);
        text(&self.app.post(&other.path("scim/tokens"), &other.token, &json!({"name": "Entra"})).ok(201)["secret"])
    }
}

/// What is in another workspace, and the token of its provider.
struct Theirs {
    ann: String,
    group: String,
    token: String,
}

fn two() -> (Fixture, Theirs) {
    let mut fixture = Fixture::new();
    let theirs = fixture.beside();
    let mine = std::mem::replace(&mut fixture.token, theirs);
    let ann = fixture.user("ann@example.com");
    let group = fixture.group("Engineers", &[&ann]);
    let token = std::mem::replace(&mut fixture.token, mine);
    (fixture, Theirs { ann, group, token })
}

#[test]
fn what_is_another_workspaces_is_not_there() {
    let (fixture, Theirs { ann, group, .. }) = two();
    let (user, group_path) = (json!({"schemas": [USER], "userName": "x@example.com"}), format!("/Groups/{group}"));
    let rename = json!({"Operations": [{"op": "replace", "value": {"displayName": "Mine"}}]});
    let whole = json!({"schemas": [GROUP], "displayName": "Mine"});
    let before = fixture.app.count("SELECT count(*) FROM scim_groups JOIN group_members USING (workspace_id)");
    for (method, path, body) in [
        ("GET", format!("/Users/{ann}"), &Value::Null),
        ("PUT", format!("/Users/{ann}"), &user),
        ("PATCH", format!("/Users/{ann}"), &rename),
        ("DELETE", format!("/Users/{ann}"), &Value::Null),
        ("GET", group_path.clone(), &Value::Null),
        ("PUT", group_path.clone(), &whole),
        ("PATCH", group_path.clone(), &rename),
        ("DELETE", group_path, &Value::Null),
    ] {
        refused(fixture.call(method, &path, body), 404, None);
    }
    for (kind, filter) in [
        ("Users", format!(r#"id eq "{ann}""#)),
        ("Users", r#"userName sw "ann""#.to_owned()),
        ("Users", r#"meta.lastModified gt "2020-01-01T00:00:00Z" and userName ew "example.com""#.to_owned()),
        ("Groups", format!(r#"id eq "{group}""#)),
        ("Groups", r#"displayName eq "Engineers""#.to_owned()),
        ("Groups", r#"displayName sw "E""#.to_owned()),
        ("Groups", format!(r#"members.value eq "{ann}""#)),
        ("Groups", r#"meta.lastModified gt "2020-01-01T00:00:00Z""#.to_owned()),
    ] {
        assert_eq!(fixture.filter(kind, &filter), Vec::<Value>::new(), "{filter}");
    }
    assert_eq!(before, fixture.app.count("SELECT count(*) FROM scim_groups JOIN group_members USING (workspace_id)"));
}

#[test]
fn nobody_of_another_workspace_comes_into_a_group() {
    let (fixture, Theirs { ann, .. }) = two();
    let members = json!([{"value": ann}]);
    let body = json!({"schemas": [GROUP], "displayName": "Mine", "members": members});
    refused(fixture.call("POST", "/Groups", &body), 400, Some("invalidValue"));
    let group = fixture.group("Engineers", &[]);
    let path = format!("/Groups/{group}");
    refused(
        fixture.patch(&path, &json!([{"op": "add", "path": "members", "value": members}])),
        400,
        Some("invalidValue"),
    );
    refused(fixture.call("PUT", &path, &body), 400, Some("invalidValue"));
    assert_eq!(fixture.members(&group), [""; 0]);
}

#[test]
fn a_cursor_and_the_lists_of_administrators_are_one_workspaces() {
    let (mut fixture, Theirs { ann, token, .. }) = two();
    let mine = std::mem::replace(&mut fixture.token, token);
    let next = text(&fixture.get("/Users?count=1&cursor=").ok(200)["nextCursor"]);
    fixture.patch(&format!("/Users/{ann}"), &json!([{"op": "replace", "path": "active", "value": false}])).ok(200);
    fixture.token = mine;
    refused(fixture.get(&format!("/Users?count=1&cursor={next}")), 400, Some("invalidCursor"));
    for list in ["scim/inactive", "scim/inactive?returns_by=none", "scim/journal"] {
        let found = fixture.app.get(&fixture.acme.path(list), &fixture.acme.token).ok(200);
        assert_eq!(found["data"], json!([]), "{list}");
    }
}
