//! Who is no member and whom the provider knows: removed here, it may bring them back; taken out by it, it won't.

use serde_json::{Value, json};

use super::{Fixture, USER};
use crate::support::text;

impl Fixture {
    /// Who is no member, by address, with what would bring them back.
    fn away(&self, query: &str) -> Vec<(String, Value)> {
        let found = self.app.get(&self.acme.path(&format!("scim/inactive{query}")), &self.acme.token).ok(200);
        let rows = found["data"].as_array().unwrap().iter();
        rows.map(|row| (text(&row["email"]), row["returns_by"].clone())).collect()
    }

    fn remove(&self, id: &str) {
        self.app.delete(&self.acme.member(id), &self.acme.token).ok(204);
    }

    fn active(&self, id: &str, flag: bool) {
        let operations = json!([{"op": "replace", "path": "active", "value": flag}]);
        self.patch(&format!("/Users/{id}"), &operations).ok(200);
    }
}

#[test]
fn who_is_removed_while_the_provider_assigns_them_is_listed_as_such() {
    let fixture = Fixture::new();
    let [ann, bob] = ["ann@example.com", "bob@example.com"].map(|name| fixture.user(name));
    let (invited, _) = fixture.app.member(&fixture.acme, "cleo@example.com", &["workspace_member"]);
    let group = fixture.group("Engineers", &[&ann]);
    assert_eq!(fixture.away(""), []);
    let before = fixture.filter("Users", &format!(r#"id eq "{ann}""#))[0]["meta"]["lastModified"].clone();
    fixture.app.pass(1);
    for id in [&ann, &invited] {
        fixture.remove(id);
    }
    fixture.active(&bob, false);

    let scim = || json!("scim");
    let both = vec![("ann@example.com".to_owned(), scim()), ("bob@example.com".to_owned(), Value::Null)];
    assert_eq!(fixture.away(""), both, "of whom the provider never spoke it won't speak now");
    assert_eq!(fixture.away("?returns_by=scim"), both[..1]);
    assert_eq!(fixture.away("?returns_by=none"), both[1..]);
    let found = fixture.app.get(&fixture.acme.path("scim/inactive"), &fixture.acme.token).ok(200)["data"][0].clone();
    assert_eq!((&found["id"], &found["groups"]), (&json!(ann), &json!([{"id": group, "name": "Engineers"}])));
    let user = fixture.get(&format!("/Users/{ann}")).ok(200);
    assert_eq!(found["since"], user["meta"]["lastModified"], "a provider that asks what changed hears of it");
    assert_ne!(user["meta"]["lastModified"], before);
    let bad = fixture.acme.path("scim/inactive?returns_by=jit");
    fixture.app.get(&bad, &fixture.acme.token).problem(400, "invalid_parameter");
}

#[test]
fn who_is_back_or_let_go_by_the_provider_is_no_longer_listed_so() {
    for (method, body, expected) in [
        ("PATCH", json!({"Operations": [{"op": "replace", "value": {"active": true}}]}), None),
        ("PATCH", json!({"Operations": [{"op": "Replace", "path": "active", "value": "False"}]}), Some(Value::Null)),
        ("PUT", json!({"schemas": [USER], "userName": "ann@example.com", "active": false}), Some(Value::Null)),
        ("PUT", json!({"schemas": [USER], "userName": "ann@example.com", "title": "Dr"}), Some(json!("scim"))),
        ("PATCH", json!({"Operations": [{"op": "add", "path": "title", "value": "Dr"}]}), Some(json!("scim"))),
        ("DELETE", Value::Null, None),
    ] {
        let fixture = Fixture::new();
        let ann = fixture.user("ann@example.com");
        fixture.remove(&ann);
        let answer = fixture.call(method, &format!("/Users/{ann}"), &body);
        assert!(answer.status < 300, "{}", answer.body);
        let told: Vec<Value> = fixture.away("").into_iter().map(|(_, way)| way).collect();
        assert_eq!(told, Vec::from_iter(expected), "{method} {body}");
    }
}

#[test]
fn whom_the_provider_let_go_does_not_come_back_by_an_address() {
    let fixture = Fixture::new();
    let (app, acme) = (&fixture.app, &fixture.acme);
    let (ann, cookie) = fixture.who_may_join();
    fixture.remove(&ann);
    fixture.active(&ann, false);
    app.as_person("POST", &acme.path("join"), &cookie, &Value::Null).problem(409, "deprovisioned");
}

#[test]
fn a_removal_says_that_the_provider_would_bring_back_whom_it_has_described() {
    let fixture = Fixture::new();
    let (ann, _) = fixture.app.member(&fixture.acme, "ann@example.com", &["workspace_member"]);
    let would = || {
        let path = format!("{}?dry_run=true", fixture.acme.member(&ann));
        fixture.app.delete(&path, &fixture.acme.token).ok(200)["impact"]["returns_by"].clone()
    };
    assert_eq!(would(), Value::Null);
    fixture.patch(&format!("/Users/{ann}"), &json!([{"op": "add", "path": "externalId", "value": "x1"}])).ok(200);
    assert_eq!(would(), json!("scim"), "however they came");
}

#[test]
fn the_list_has_pages_that_read_their_own_rows() {
    let fixture = Fixture::new();
    for index in 0..5 {
        let id = fixture.user(&format!("u{index}@example.com"));
        if index == 2 { fixture.active(&id, false) } else { fixture.remove(&id) }
    }
    let mut seen = Vec::new();
    let mut path = fixture.acme.path("scim/inactive?returns_by=scim&limit=2");
    loop {
        let page = fixture.app.get(&path, &fixture.acme.token).ok(200);
        seen.extend(page["data"].as_array().unwrap().iter().map(|row| text(&row["email"])));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = fixture.acme.path(&format!("scim/inactive?returns_by=scim&limit=2&cursor={cursor}"));
    }
    assert_eq!(seen, ["u0@example.com", "u1@example.com", "u3@example.com", "u4@example.com"]);
}
