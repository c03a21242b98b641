//! Versions: `If-Match` is held to, when it is read and at commit; and what changes meanwhile is decided anew.

use serde_json::{Value, json};

use super::{Fixture, GROUP, PATCH, USER, refused};

fn patch(operation: &Value) -> Value {
    json!({"schemas": [PATCH], "Operations": [operation]})
}

#[test]
fn the_version_of_a_group_changes_with_whatever_changes() {
    let fixture = Fixture::new();
    let ann = fixture.user("ann@example.com");
    let path = format!("/Groups/{}", fixture.group("Engineers", &[]));
    let mut seen = vec![fixture.get(&path).header("etag").to_owned()];
    for operation in [
        json!({"op": "add", "path": "members", "value": [{"value": ann}]}),
        json!({"op": "remove", "path": format!("members[value eq \"{ann}\"]")}),
        json!({"op": "replace", "path": "displayName", "value": "Builders"}),
    ] {
        let answered = fixture.call("PATCH", &path, &patch(&operation));
        let read = fixture.get(&path);
        assert_eq!((answered.status, answered.header("etag")), (204, read.header("etag")), "{operation}");
        assert_eq!(read.body["meta"]["version"], json!(read.header("etag")));
        assert!(!seen.contains(&read.header("etag").to_owned()), "{operation}");
        seen.push(read.header("etag").to_owned());
    }
    let [first, .., last] = seen.as_slice() else { panic!() };
    let add = patch(&json!({"op": "add", "path": "members", "value": [{"value": ann}]}));
    let whole = json!({"schemas": [GROUP], "displayName": "Other"});
    for (method, body) in [("PATCH", &add), ("PUT", &whole), ("DELETE", &Value::Null)] {
        refused(fixture.send(method, &path, &[("if-match", first)], body), 412, None);
    }
    fixture.send("PATCH", &path, &[("if-match", last)], &add).ok(204);
    fixture.send("DELETE", &path, &[("if-match", "*")], &Value::Null).ok(204);
}

#[test]
fn each_write_of_a_user_takes_a_version() {
    let fixture = Fixture::new();
    let path = format!("/Users/{}", fixture.user("ann@example.com"));
    let old = fixture.get(&path).header("etag").to_owned();
    let title = patch(&json!({"op": "add", "path": "title", "value": "Dr"}));
    fixture.send("PATCH", &path, &[("if-match", &old)], &title).ok(200);
    let whole = json!({"schemas": [USER], "userName": "ann@example.com"});
    for (method, body) in [("PATCH", &title), ("PUT", &whole), ("DELETE", &Value::Null)] {
        refused(fixture.send(method, &path, &[("if-match", &old)], body), 412, None);
    }
    let new = fixture.get(&path).header("etag").to_owned();
    fixture.send("DELETE", &path, &[("if-match", &new)], &Value::Null).ok(204);
}

#[test]
fn a_version_that_ends_meanwhile_refuses_the_change() {
    let fixture = Fixture::new();
    let ann = fixture.user("ann@example.com");
    let (user, group) = (format!("/Users/{ann}"), format!("/Groups/{}", fixture.group("Engineers", &[])));
    let title = patch(&json!({"op": "add", "path": "title", "value": "Dr"}));
    let add = patch(&json!({"op": "add", "path": "members", "value": [{"value": ann}]}));
    for (method, path, body, table) in [
        ("PATCH", &group, &add, "scim_groups"),
        ("DELETE", &group, &Value::Null, "scim_groups"),
        ("PATCH", &user, &patch(&json!({"op": "replace", "path": "active", "value": false})), "scim_users"),
        ("DELETE", &user, &Value::Null, "scim_users"),
    ] {
        let tag = fixture.get(path).header("etag").to_owned();
        let sql = format!("UPDATE {table} SET revision = revision + 1");
        let answer = fixture.app.meanwhile(&sql, || fixture.send(method, path, &[("if-match", &tag)], body));
        refused(answer, 412, None);
    }
    fixture.call("PATCH", &user, &title).ok(200);
}

#[test]
fn a_change_of_a_user_that_came_meanwhile_is_not_lost() {
    let fixture = Fixture::new();
    let ann = fixture.user("ann@example.com");
    let path = format!("/Users/{ann}");
    let other = "UPDATE scim_users SET revision = revision + 1, document = json_set(document, '$.nickName', 'Annie') WHERE user_key = 'ann@example.com'";
    let out = patch(&json!({"op": "replace", "value": {"active": false, "title": "Dr"}}));
    let changed = fixture.app.meanwhile(other, || fixture.call("PATCH", &path, &out)).ok(200);
    assert_eq!((&changed["nickName"], &changed["title"]), (&json!("Annie"), &json!("Dr")));
}

#[test]
fn members_of_a_group_are_not_read_where_they_are_not_asked_for() {
    let fixture = Fixture::new();
    let ann = fixture.user("ann@example.com");
    let group = fixture.group("Engineers", &[&ann]);
    for path in [
        format!("/Groups/{group}?excludedAttributes=members"),
        format!("/Groups/{group}?attributes=displayName"),
        "/Groups?excludedAttributes=members".to_owned(),
        "/Groups?excludedAttributes=members&filter=displayName%20eq%20%22engineers%22".to_owned(),
    ] {
        // A read of who is in a group would find the table of members gone.
        fixture.app.sql("ALTER TABLE scim_parked RENAME TO elsewhere").unwrap();
        let answer = fixture.get(&path);
        fixture.app.sql("ALTER TABLE elsewhere RENAME TO scim_parked").unwrap();
        let found = answer.ok(200);
        let one = found["Resources"].get(0).unwrap_or(&found);
        assert_eq!((&one["displayName"], &one["members"]), (&json!("Engineers"), &Value::Null), "{path}");
    }
}
