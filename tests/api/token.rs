//! Tokens: least privilege, and no more than their maker holds.

use serde_json::{Value, json};

use crate::support::App;

#[test]
fn a_token_with_one_action_may_that_and_nothing_else() {
    let app = App::new();
    let acme = app.tenant("acme");
    let reader = app.token(&acme, &json!({"name": "reader", "actions": ["member:view"]}));
    app.get(&acme.path("members"), &reader).ok(200);
    let check = json!({"member": acme.owner, "action": "billing:manage"});
    assert_eq!(app.post(&acme.path("check"), &reader, &check).ok(200)["allowed"], true);
    app.call("DELETE", &acme.path(&format!("members/{}", acme.owner)), &reader, &Value::Null).problem(403, "forbidden");
}

#[test]
fn nobody_gives_more_than_they_hold_on_any_path() {
    let app = App::new();
    let acme = app.tenant("acme");
    let service = app.token(
        &acme,
        &json!({"name": "hr", "actions": ["member:invite", "member:edit", "token:manage", "workspace:view"]}),
    );
    let invite =
        |grants: &[&str]| json!({"invites": [{"email": "ann@example.com", "grants": grants}], "deliver": "link"});
    app.post(&acme.path("invites"), &service, &invite(&["workspace_member"])).ok(201);
    let refused =
        app.post(&acme.path("invites"), &service, &invite(&["workspace_owner"])).problem(403, "delegation_exceeded");
    assert_eq!(refused["exceeds"], json!(["workspace_owner"]));
    let grants = acme.path(&format!("members/{}/grants", acme.owner));
    app.post(&grants, &service, &json!({"grants": ["source_admin"]})).problem(403, "delegation_exceeded");
    app.post(&acme.path("tokens"), &service, &json!({"name": "x", "actions": ["billing:manage"]}))
        .problem(403, "delegation_exceeded");
    app.post(&acme.path("tokens"), &service, &json!({"name": "x", "grants": ["source_admin"]}))
        .problem(403, "delegation_exceeded");
}

#[test]
fn a_deleted_or_expired_token_opens_nothing() {
    let app = App::new();
    let acme = app.tenant("acme");
    let body = json!({"name": "short", "actions": ["member:view"], "expires_at": "2026-01-01T02:00:00Z"});
    let made = app.post(&acme.path("tokens"), &acme.token, &body).ok(201);
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    assert_eq!(app.get(&acme.path(&format!("tokens/{id}")), &acme.token).ok(200).get("secret"), None);
    app.get(&acme.path("members"), secret).ok(200);
    app.pass(3);
    app.get(&acme.path("members"), secret).problem(401, "unauthenticated");
    app.call("DELETE", &acme.path(&format!("tokens/{id}")), &acme.token, &Value::Null).ok(204);
    app.get(&acme.path(&format!("tokens/{id}")), &acme.token).problem(404, "not_found");
}
