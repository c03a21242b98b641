//! Users: each is a member, or somebody whom the provider may bring back.

use serde_json::{Value, json};

use super::{Fixture, USER, refused};
use crate::support::{BOOTSTRAP, text};

#[test]
fn members_who_did_not_come_by_scim_are_users_too() {
    let fixture = Fixture::new();
    let (ann, _) = fixture.app.member(&fixture.acme, "ann@example.com", &["workspace_member"]);
    let found = fixture.filter("Users", r#"userName eq "ANN@Example.COM""#);
    assert_eq!((found.len(), &found[0]["id"], &found[0]["active"]), (1, &json!(ann), &json!(true)));
    assert_eq!(found[0]["emails"][0]["value"], "ann@example.com");
    assert_eq!(fixture.filter("Users", r#"externalId eq "x1""#), Vec::<Value>::new());
    fixture.patch(&format!("/Users/{ann}"), &json!([{"op": "add", "path": "externalId", "value": "x1"}])).ok(200);
    assert_eq!(fixture.filter("Users", r#"externalId eq "x1""#)[0]["id"], json!(ann));
    assert_eq!(fixture.filter("Users", r#"externalId eq "X1""#), Vec::<Value>::new());
}

#[test]
fn a_new_user_is_a_member_with_what_everyone_gets() {
    let fixture = Fixture::new();
    let ann = fixture.user("Ann@Example.com");
    let member = fixture.app.get(&fixture.acme.member(&ann), &fixture.acme.token).ok(200);
    assert_eq!((&member["email"], &member["provisioned_by"]), (&json!("ann@example.com"), &json!("scim")));
    let mut roles: Vec<String> =
        member["grants"].as_array().unwrap().iter().map(|grant| text(&grant["role"])).collect();
    roles.sort();
    assert_eq!(roles, ["source_read_only", "workspace_member"]);
    let entry = fixture.last();
    assert_eq!(
        (&entry["outcome"], &entry["status"], &entry["resource"]),
        (&json!("applied"), &json!(201), &json!(ann))
    );
    assert_eq!(entry["changes"][0]["effect"], "gained");
    let event = fixture.app.get(&fixture.acme.path("audit-events"), &fixture.acme.token).ok(200)["data"][0].clone();
    assert_eq!(
        (&event["type"], &event["via"], &event["actor"]["kind"]),
        (&json!("member.joined"), &json!("scim"), &json!("token"))
    );
}

#[test]
fn a_name_that_is_taken_is_a_uniqueness_conflict() {
    let fixture = Fixture::new();
    fixture.user("ann@example.com");
    for name in ["ann@example.com", "ANN@EXAMPLE.COM", "owner@acme.example"] {
        let answer = fixture.call("POST", "/Users", &json!({"schemas": [USER], "userName": name}));
        refused(answer, 409, Some("uniqueness"));
        assert_eq!(fixture.last()["outcome"], "refused");
        assert_eq!(fixture.last()["error"], "uniqueness");
    }
}

#[test]
fn somebody_without_an_address_can_not_be_a_user() {
    let fixture = Fixture::new();
    refused(fixture.call("POST", "/Users", &json!({"userName": "ann"})), 400, Some("invalidValue"));
    let body = json!({"userName": "ann", "emails": [{"value": "ann@example.com"}]});
    let made = fixture.call("POST", "/Users", &body).ok(201);
    assert_eq!(made["userName"], "ann");
    assert_eq!(fixture.filter("Users", r#"emails.value eq "Ann@example.com""#)[0]["id"], made["id"]);
    assert_eq!(fixture.filter("Users", r#"emails[type eq "work"].value eq "ann@example.com""#).len(), 0);
}

#[test]
fn what_is_deactivated_is_out_at_once_and_comes_back_with_its_groups() {
    let fixture = Fixture::new();
    let ann = fixture.user("ann@example.com");
    let group = fixture.group("Engineers", &[&ann]);
    fixture.give(&group, &["source_admin"]);
    assert!(fixture.may(&ann, "source:edit"));
    fixture.patch(&format!("/Users/{ann}"), &json!([{"op": "Replace", "path": "active", "value": "False"}])).ok(200);
    assert!(!fixture.may(&ann, "source:view"));
    fixture.app.get(&fixture.acme.member(&ann), &fixture.acme.token).problem(404, "not_found");
    assert_eq!(fixture.get(&format!("/Users/{ann}")).ok(200)["active"], false);
    assert_eq!(fixture.last()["changes"][0]["effect"], "lost");
    assert_eq!(fixture.members(&group), std::slice::from_ref(&ann));
    fixture.patch(&format!("/Users/{ann}"), &json!([{"op": "replace", "value": {"active": true}}])).ok(200);
    assert!(fixture.may(&ann, "source:edit"));
    assert_eq!(fixture.members(&group), [ann]);
}

#[test]
fn personal_tokens_and_sessions_end_with_a_deactivation() {
    let fixture = Fixture::new();
    let (ann, cookie) = fixture.app.member(&fixture.acme, "ann@example.com", &["workspace_member"]);
    fixture.app.as_person("GET", &fixture.acme.root(), &cookie, &Value::Null).ok(200);
    fixture
        .app
        .sql(&format!(
            "INSERT INTO tokens (workspace_id, id, account_id, name, secret_hash, created_by, created_at) \
        VALUES ('{}', 'tok_x', '{ann}', 'mine', 'h', '{ann}', 0)",
            fixture.acme.id
        ))
        .unwrap();
    fixture
        .app
        .sql(&format!("UPDATE sessions SET workspace_id = '{}' WHERE account_id = '{ann}'", fixture.acme.id))
        .unwrap();
    fixture.patch(&format!("/Users/{ann}"), &json!([{"op": "replace", "path": "active", "value": false}])).ok(200);
    assert_eq!(fixture.app.count("SELECT count(*) FROM tokens WHERE id = 'tok_x'"), 0);
    assert_eq!(fixture.app.count(&format!("SELECT count(*) FROM sessions WHERE account_id = '{ann}'")), 0);
    fixture.app.as_person("GET", &fixture.acme.root(), &cookie, &Value::Null).problem(401, "unauthenticated");
}

#[test]
fn what_is_deleted_is_gone_and_can_be_provisioned_anew() {
    let fixture = Fixture::new();
    let ann = fixture.user("ann@example.com");
    fixture.call("DELETE", &format!("/Users/{ann}"), &Value::Null).ok(204);
    refused(fixture.get(&format!("/Users/{ann}")), 404, None);
    refused(fixture.call("DELETE", &format!("/Users/{ann}"), &Value::Null), 404, None);
    fixture.app.get(&fixture.acme.member(&ann), &fixture.acme.token).problem(404, "not_found");
    assert_eq!(fixture.user("ann@example.com"), ann);
}

#[test]
fn the_last_owner_can_not_be_deprovisioned() {
    let fixture = Fixture::new();
    let path = format!("/Users/{}", fixture.acme.owner);
    for answer in [
        fixture.patch(&path, &json!([{"op": "replace", "path": "active", "value": false}])),
        fixture.call("DELETE", &path, &Value::Null),
    ] {
        refused(answer, 409, None);
        assert_eq!(fixture.last()["error"], "last_owner");
        let events = fixture.app.get(&fixture.acme.path("audit-events?type=scim.refused"), &fixture.acme.token).ok(200);
        assert_eq!(events["data"][0]["after"]["code"], "last_owner");
    }
    assert_eq!(fixture.get(&path).ok(200)["active"], true);
}

#[test]
fn without_a_seat_nobody_comes() {
    let fixture = Fixture::new();
    fixture.app.bill(&fixture.acme, &json!({"seat_limit": 1}));
    let told = refused(fixture.call("POST", "/Users", &json!({"userName": "ann@example.com"})), 409, None);
    assert!(text(&told["detail"]).contains("seat"), "{told}");
    fixture.call("POST", "/Users", &json!({"userName": "ann@example.com", "active": false})).ok(201);
    fixture.app.patch(&fixture.acme.root(), BOOTSTRAP, &json!({"seat_limit": 2})).ok(200);
    let ann = text(&fixture.filter("Users", r#"userName eq "ann@example.com""#)[0]["id"]);
    fixture.patch(&format!("/Users/{ann}"), &json!([{"op": "replace", "path": "active", "value": true}])).ok(200);
}

#[test]
fn who_was_invited_before_is_the_same_member_and_keeps_the_offer() {
    let fixture = Fixture::new();
    let (invite, secret) = fixture.app.invite(&fixture.acme, "ann@example.com", &["workspace_member", "source_admin"]);
    let ann = fixture.user("ann@example.com");
    assert!(fixture.may(&ann, "source:edit"));
    let shown = fixture.app.get(&fixture.acme.invite(&invite), &fixture.acme.token).ok(200);
    assert_eq!(shown["status"], "superseded");
    fixture.app.try_accept(&secret).problem(410, "invite_used");
}

#[test]
fn an_address_changes_where_it_is_nobody_elses() {
    let fixture = Fixture::new();
    let ann = fixture.user("ann@example.com");
    fixture.user("bob@example.com");
    let rename = |name: &str| {
        fixture.patch(&format!("/Users/{ann}"), &json!([{"op": "replace", "path": "userName", "value": name}]))
    };
    refused(rename("bob@example.com"), 409, Some("uniqueness"));
    rename("anna@example.com").ok(200);
    assert_eq!(fixture.app.get(&fixture.acme.member(&ann), &fixture.acme.token).ok(200)["email"], "anna@example.com");
    let other = fixture.app.tenant("other");
    fixture.app.member(&other, "anna@example.com", &["workspace_member"]);
    let told = refused(rename("ann@example.com"), 409, None);
    assert!(text(&told["detail"]).contains("other workspaces"), "{told}");
}

#[test]
fn who_is_removed_here_is_shown_and_may_be_brought_back() {
    let fixture = Fixture::new();
    let ann = fixture.user("ann@example.com");
    let group = fixture.group("Engineers", &[&ann]);
    fixture.app.delete(&fixture.acme.member(&ann), &fixture.acme.token).ok(204);
    assert_eq!(fixture.get(&format!("/Users/{ann}")).ok(200)["active"], false);
    assert_eq!(fixture.app.count("SELECT removed_here FROM scim_users WHERE removed_here = 1"), 1);
    assert_eq!(fixture.members(&group), std::slice::from_ref(&ann));
    fixture.patch(&format!("/Users/{ann}"), &json!([{"op": "replace", "path": "active", "value": true}])).ok(200);
    fixture.app.get(&fixture.acme.member(&ann), &fixture.acme.token).ok(200);
}

#[test]
fn a_version_is_kept_to() {
    let fixture = Fixture::new();
    let ann = fixture.user("ann@example.com");
    let path = format!("/Users/{ann}");
    let read = fixture.get(&path);
    let tag = read.header("etag").to_owned();
    assert_eq!(read.body["meta"]["version"], json!(tag));
    assert_eq!(fixture.send("GET", &path, &[("if-none-match", &tag)], &Value::Null).status, 304);
    let body = json!({"schemas": [super::PATCH], "Operations": [{"op": "add", "path": "title", "value": "Dr"}]});
    fixture.send("PATCH", &path, &[("if-match", &tag)], &body).ok(200);
    let body = json!({"schemas": [super::PATCH], "Operations": [{"op": "add", "path": "title", "value": "Prof"}]});
    refused(fixture.send("PATCH", &path, &[("if-match", &tag)], &body), 412, None);
    fixture.send("PATCH", &path, &[("if-match", "*")], &body).ok(200);
}

#[test]
fn a_workspace_sees_no_users_of_another() {
    let fixture = Fixture::new();
    let other = fixture.app.tenant("other");
    refused(fixture.get(&format!("/Users/{}", other.owner)), 404, None);
    assert_eq!(fixture.filter("Users", r#"userName eq "owner@other.example""#), Vec::<Value>::new());
    assert_eq!(fixture.filter("Users", r#"emails.value eq "owner@other.example""#), Vec::<Value>::new());
}

#[test]
fn a_password_is_kept_nowhere() {
    let fixture = Fixture::new();
    let body = json!({"schemas": [USER], "userName": "ann@example.com", "password": "hunter2hunter2"});
    let made = fixture.call("POST", "/Users", &body).ok(201);
    assert_eq!(made["password"], Value::Null);
    assert!(!fixture.app.contents().contains("hunter2hunter2"));
}

#[test]
fn who_is_deprovisioned_does_not_come_back_by_an_address() {
    let fixture = Fixture::new();
    let (app, acme) = (&fixture.app, &fixture.acme);
    let (ann, cookie) = fixture.who_may_join();
    let join = || app.as_person("POST", &acme.path("join"), &cookie, &Value::Null);
    fixture.patch(&format!("/Users/{ann}"), &json!([{"op": "replace", "path": "active", "value": false}])).ok(200);
    join().problem(409, "deprovisioned");
    let (_, secret) = app.invite(acme, "ann@example.com", &["workspace_member"]);
    app.accept(&secret);
    assert_eq!(fixture.get(&format!("/Users/{ann}")).ok(200)["active"], true);
}
