//! The journal: each change that the provider asks for, with what was answered, what it changed of people's access, or why not.

use serde_json::{Value, json};

use super::{Fixture, GROUP, refused};
use crate::support::text;

/// What the newest entry says came of it.
fn told(fixture: &Fixture) -> (String, u64, Value) {
    let entry = fixture.last();
    (text(&entry["outcome"]), entry["status"].as_u64().unwrap(), entry["error"].clone())
}

#[test]
fn an_entry_has_the_status_that_was_answered() {
    let fixture = Fixture::new();
    let ann = fixture.user("ann@example.com");
    let group = fixture.group("Engineers", &[]);
    let (user, group) = (format!("/Users/{ann}"), format!("/Groups/{group}"));
    let add = json!({"Operations": [{"op": "add", "path": "members", "value": [{"value": ann}]}]});
    let title = json!({"Operations": [{"op": "add", "path": "title", "value": "Dr"}]});
    let whole = json!({"schemas": [GROUP], "displayName": "Builders"});
    for (method, path, body, outcome) in [
        ("PATCH", user.clone(), &title, "applied"),
        ("PATCH", user.clone(), &title, "unchanged"),
        ("PATCH", group.clone(), &add, "applied"),
        ("PATCH", group.clone(), &add, "unchanged"),
        ("PATCH", format!("{group}?attributes=displayName"), &add, "unchanged"),
        ("PUT", group.clone(), &whole, "applied"),
        ("PUT", group.clone(), &whole, "unchanged"),
        ("DELETE", group.clone(), &Value::Null, "applied"),
        ("DELETE", group, &Value::Null, "refused"),
        ("DELETE", user, &Value::Null, "applied"),
    ] {
        let status = fixture.call(method, &path, body).status;
        let (told, noted, _) = told(&fixture);
        assert_eq!((told.as_str(), noted), (outcome, u64::from(status)), "{method} {path}");
    }
}

#[test]
fn what_is_refused_before_it_is_looked_at_is_told_too() {
    let fixture = Fixture::new();
    let bulk = |operations: usize| {
        let one = json!({"method": "DELETE", "path": "/Users/nobody"});
        fixture.call("POST", "/Bulk", &json!({"Operations": vec![one; operations]}))
    };
    refused(bulk(101), 413, None);
    assert_eq!(told(&fixture), ("refused".to_owned(), 413, Value::Null));
    refused(fixture.call("POST", "/Users", &json!([])), 400, Some("invalidSyntax"));
    assert_eq!(told(&fixture), ("refused".to_owned(), 400, json!("invalidSyntax")));
    refused(fixture.call("POST", "/Users", &Value::Null), 400, Some("invalidSyntax"));
    assert_eq!(told(&fixture), ("refused".to_owned(), 400, json!("invalidSyntax")));
    fixture.app.sql("UPDATE sso_connections SET active = 0").unwrap();
    refused(fixture.call("POST", "/Users", &json!({"userName": "ann@example.com"})), 403, None);
    assert_eq!(told(&fixture), ("refused".to_owned(), 403, json!("sso_required")));
    assert!(text(&fixture.last()["detail"]).contains("active SSO connection"));
    fixture.app.sql("UPDATE workspaces SET plan = 'team'").unwrap();
    refused(fixture.call("DELETE", "/Users/x", &Value::Null), 403, None);
    fixture.app.sql("UPDATE workspaces SET plan = 'business'").unwrap();
    assert_eq!(told(&fixture), ("refused".to_owned(), 403, json!("plan_required")));
}

#[test]
fn what_is_read_is_not_told() {
    let fixture = Fixture::new();
    let ann = fixture.user("ann@example.com");
    let before = fixture.last();
    fixture.get(&format!("/Users/{ann}")).ok(200);
    refused(fixture.get("/Users/nobody"), 404, None);
    refused(fixture.get("/Users?filter=x"), 400, Some("invalidFilter"));
    fixture.call("POST", "/.search", &json!({})).ok(200);
    refused(fixture.call("POST", "/Users/.search", &json!({"filter": "x"})), 400, Some("invalidFilter"));
    assert_eq!(fixture.last(), before);
}

#[test]
fn access_changes_for_members_alone() {
    let fixture = Fixture::new();
    let [ann, bob] = ["ann@example.com", "bob@example.com"].map(|name| fixture.user(name));
    let group = fixture.group("Engineers", &[]);
    fixture.give(&group, &["source_admin"]);
    fixture.patch(&format!("/Users/{bob}"), &json!([{"op": "replace", "path": "active", "value": false}])).ok(200);
    let path = format!("/Groups/{group}");
    let both = json!([{"value": ann}, {"value": bob}]);
    let effect = |way: &str| json!([{"effect": way, "members": [ann], "grants": ["source_admin"], "group": group}]);
    fixture.patch(&path, &json!([{"op": "add", "path": "members", "value": both}])).ok(204);
    assert_eq!(fixture.last()["changes"], effect("gained"));
    fixture.patch(&path, &json!([{"op": "remove", "path": "members", "value": both}])).ok(204);
    assert_eq!(fixture.last()["changes"], effect("lost"));
    fixture.patch(&path, &json!([{"op": "add", "path": "members", "value": both}])).ok(204);
    fixture.patch(&format!("/Users/{bob}"), &json!([{"op": "replace", "path": "active", "value": true}])).ok(200);
    let grants = fixture.last()["changes"][0]["grants"].clone();
    assert!(
        grants.as_array().unwrap().contains(&json!("source_admin")),
        "a group takes back who waited for it: {grants}"
    );
    fixture.call("DELETE", &path, &Value::Null).ok(204);
    let lost = fixture.last()["changes"][0].clone();
    assert_eq!((&lost["effect"], lost["members"].as_array().map(Vec::len)), (&json!("lost"), Some(2)));
}
