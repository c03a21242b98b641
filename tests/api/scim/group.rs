//! Groups: the provider says who is in them, an owner what they give.

use serde_json::{Value, json};

use super::{Fixture, GROUP, refused};
use crate::support::text;

#[test]
fn a_group_gives_what_an_owner_says_and_a_rename_keeps_that() {
    let fixture = Fixture::new();
    let ann = fixture.user("ann@example.com");
    let group = fixture.group("Engineers", &[]);
    fixture.give(&group, &["source_admin"]);
    assert!(!fixture.may(&ann, "source:edit"));
    fixture
        .patch(&format!("/Groups/{group}"), &json!([{"op": "add", "path": "members", "value": [{"value": ann}]}]))
        .ok(204);
    assert!(fixture.may(&ann, "source:edit"));
    let entry = fixture.last();
    let change = json!([{"effect": "gained", "members": [ann], "grants": ["source_admin"], "group": group}]);
    assert_eq!(entry["changes"], change);
    let rename = json!([{"op": "replace", "value": {"id": group, "displayName": "Builders"}}]);
    fixture.patch(&format!("/Groups/{group}"), &rename).ok(204);
    assert!(fixture.may(&ann, "source:edit"));
    let shown = fixture.app.get(&fixture.acme.path(&format!("groups/{group}")), &fixture.acme.token).ok(200);
    assert_eq!(shown["name"], "Builders");
}

#[test]
fn who_is_in_it_is_not_changed_by_hand() {
    let fixture = Fixture::new();
    let group = fixture.group("Engineers", &[]);
    let path = fixture.acme.path(&format!("groups/{group}"));
    let (app, token) = (&fixture.app, &fixture.acme.token);
    let body = json!({"members": ["owner@acme.example"]});
    app.post(&format!("{path}/members"), token, &body).problem(409, "managed_by_idp");
    app.patch(&path, token, &json!({"name": "Mine"})).problem(409, "managed_by_idp");
    app.delete(&path, token).problem(409, "managed_by_idp");
}

#[test]
fn names_and_external_ids_are_one_groups() {
    let fixture = Fixture::new();
    fixture.app.post(&fixture.acme.path("groups"), &fixture.acme.token, &json!({"name": "Ours"})).ok(201);
    fixture.call("POST", "/Groups", &json!({"schemas": [GROUP], "displayName": "Theirs", "externalId": "x"})).ok(201);
    for body in [
        json!({"displayName": "Ours"}),
        json!({"displayName": "THEIRS"}),
        json!({"displayName": "Another", "externalId": "x"}),
    ] {
        refused(fixture.call("POST", "/Groups", &body), 409, Some("uniqueness"));
    }
}

#[test]
fn entra_removes_one_member_and_not_all() {
    let fixture = Fixture::new();
    let [ann, bob] = ["ann@example.com", "bob@example.com"].map(|name| fixture.user(name));
    let group = fixture.group("Engineers", &[&ann, &bob]);
    let path = format!("/Groups/{group}");
    fixture
        .patch(&path, &json!([{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": ann}]}]))
        .ok(204);
    assert_eq!(fixture.members(&group), std::slice::from_ref(&bob));
    let both = json!([
        {"op": "remove", "path": format!("members[value eq \"{bob}\"]")},
        {"op": "add", "path": "members", "value": [{"value": ann, "display": "Ann"}]},
    ]);
    fixture.patch(&path, &both).ok(204);
    assert_eq!(fixture.members(&group), std::slice::from_ref(&ann));
    fixture.patch(&path, &json!([{"op": "replace", "path": "members", "value": [{"value": bob}]}])).ok(204);
    assert_eq!(fixture.members(&group), [bob]);
    refused(
        fixture.patch(&path, &json!([{"op": "add", "path": "members", "value": [{"value": "nobody"}]}])),
        400,
        Some("invalidValue"),
    );
}

#[test]
fn no_change_of_a_group_takes_the_last_owner() {
    let fixture = Fixture::new();
    let owner = fixture.acme.owner.clone();
    let group = fixture.group("Owners", &[&owner]);
    fixture.give(&group, &["workspace_owner"]);
    let member = fixture.acme.member(&owner);
    fixture.app.put(&format!("{member}/grants"), &fixture.acme.token, &json!({"grants": ["workspace_member"]})).ok(200);
    let path = format!("/Groups/{group}");
    for answer in [
        fixture.patch(&path, &json!([{"op": "remove", "path": format!("members[value eq \"{owner}\"]")}])),
        fixture.patch(&path, &json!([{"op": "remove", "path": "members"}])),
        fixture.call("PUT", &path, &json!({"schemas": [GROUP], "displayName": "Owners", "members": []})),
        fixture.call("DELETE", &path, &Value::Null),
        fixture.patch(&format!("/Users/{owner}"), &json!([{"op": "replace", "path": "active", "value": false}])),
    ] {
        refused(answer, 409, None);
        assert_eq!(fixture.last()["error"], "last_owner");
    }
    assert_eq!(fixture.members(&group), [owner]);
}

#[test]
fn a_member_is_found_in_a_group_by_both_ids() {
    let fixture = Fixture::new();
    let [ann, bob] = ["ann@example.com", "bob@example.com"].map(|name| fixture.user(name));
    let group = fixture.group("Engineers", &[&ann]);
    let both = |user: &str| fixture.filter("Groups", &format!(r#"id eq "{group}" and members eq "{user}""#)).len();
    assert_eq!((both(&ann), both(&bob)), (1, 0));
    assert_eq!(fixture.filter("Groups", &format!(r#"members.value eq "{ann}""#)).len(), 1);
    let found = fixture.get("/Groups?excludedAttributes=members&filter=displayName%20eq%20%22engineers%22").ok(200);
    assert_eq!((&found["totalResults"], &found["Resources"][0]["members"]), (&json!(1), &Value::Null));
    assert_eq!(text(&found["Resources"][0]["id"]), group);
}

#[test]
fn what_is_deleted_takes_its_grants_along() {
    let fixture = Fixture::new();
    let ann = fixture.user("ann@example.com");
    let group = fixture.group("Engineers", &[&ann]);
    fixture.give(&group, &["source_admin"]);
    fixture.call("DELETE", &format!("/Groups/{group}"), &Value::Null).ok(204);
    assert!(!fixture.may(&ann, "source:edit"));
    refused(fixture.get(&format!("/Groups/{group}")), 404, None);
}
