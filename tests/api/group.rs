//! Groups: what they give, to members and invitees, and the owner rule through them.

use serde_json::{Value, json};

use crate::support::App;

#[test]
fn a_group_that_carries_the_only_owner_stays() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, cookie) = app.member(&acme, "ann@example.com", &["workspace_member"]);
    let group =
        app.post(&acme.path("groups"), &acme.token, &json!({"name": "Owners", "grants": ["workspace_owner"]})).ok(201);
    let path = acme.path(&format!("groups/{}", group["id"].as_str().unwrap()));
    app.post(&format!("{path}/members"), &acme.token, &json!({"members": ["Ann@example.com"]})).ok(200);
    app.as_person("DELETE", &acme.path(&format!("members/{}", acme.owner)), &cookie, &Value::Null).ok(204);
    for (method, rest) in [("DELETE", String::new()), ("DELETE", format!("/members/{ann}"))] {
        app.as_person(method, &format!("{path}{rest}"), &cookie, &Value::Null).problem(409, "last_owner");
    }
    app.as_person("PUT", &format!("{path}/grants"), &cookie, &json!({"grants": []})).problem(409, "last_owner");
    assert_eq!(app.as_person("GET", &acme.path("members/me"), &cookie, &Value::Null).ok(200)["is_owner"], true);
}

#[test]
fn an_invitee_in_a_group_joins_with_what_it_gives() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    let group = app
        .post(&acme.path("groups"), &acme.token, &json!({"name": "Web", "grants": ["source_admin@source/abc"]}))
        .ok(201);
    let (_, secret) = app.invite(&acme, "ann@example.com", &["workspace_member"]);
    let members = acme.path(&format!("groups/{}/members", group["id"].as_str().unwrap()));
    app.post(&members, &acme.token, &json!({"members": ["nobody@example.com"]})).problem(422, "validation_failed");
    app.post(&members, &acme.token, &json!({"members": ["ann@example.com"]})).ok(200);
    let (ann, _) = app.accept(&secret);
    let check = json!({"member": ann["id"], "action": "source:edit", "resource": "source/abc"});
    assert_eq!(app.post(&acme.path("check"), &acme.token, &check).ok(200)["because"][0]["via"]["group"]["name"], "Web");
    app.post(&acme.path("groups"), &acme.token, &json!({"name": "Web"})).problem(409, "name_taken");
}

#[test]
fn a_label_in_use_stays() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.post(&acme.path("labels"), &acme.token, &json!({"key": "team", "value": "a"})).ok(201);
    app.member(&acme, "ann@example.com", &["workspace_member", "source_admin@{team:a}"]);
    app.call("DELETE", &acme.path("labels/team/a"), &acme.token, &Value::Null).problem(409, "label_in_use");
    app.post(&acme.path("labels"), &acme.token, &json!({"key": "team", "value": "b"})).ok(201);
    app.call("DELETE", &acme.path("labels/team/b"), &acme.token, &Value::Null).ok(204);
    app.call("DELETE", &acme.path("labels/team/b"), &acme.token, &Value::Null).problem(404, "not_found");
}
