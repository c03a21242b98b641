//! Tokens: least privilege, and no more than their maker holds.

use serde_json::{Value, json};

use crate::support::{App, text};

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

#[test]
fn a_new_token_says_all_about_itself_and_its_secret_once() {
    let app = App::new();
    let acme = app.tenant("acme");
    let body = json!({"name": "ci", "grants": ["source_read_only"], "actions": ["member:view", "audit:view"], "expires_at": "2026-02-01T01:00:00+01:00"});
    let mut made = app.post(&acme.path("tokens"), &acme.token, &body).ok(201);
    let secret = made.as_object_mut().unwrap().remove("secret").unwrap();
    assert_eq!((&made["name"], &made["kind"], &made["orphaned"]), (&json!("ci"), &json!("workspace"), &json!(false)));
    assert_eq!(
        (&made["actions"], &made["expires_at"]),
        (&json!(["member:view", "audit:view"]), &json!("2026-02-01T00:00:00.000Z"))
    );
    assert_eq!(
        (&made["created_by"], &made["grants"][0]["expression"]),
        (&json!(acme.owner), &json!("source_read_only"))
    );
    let path = acme.path(&format!("tokens/{}", text(&made["id"])));
    assert_eq!(app.get(&path, &acme.token).ok(200), made);
    let listed = app.get(&acme.path("tokens"), &acme.token).ok(200);
    assert!(listed["data"].as_array().unwrap().contains(&made));
    app.get(&acme.path("members"), &text(&secret)).ok(200);
}

#[test]
fn a_bad_token_is_refused_with_its_place() {
    let app = App::new();
    let acme = app.tenant("acme");
    for (body, code, place) in [
        (json!({"actions": ["member:view"]}), "required", "/name"),
        (json!({"name": " ", "actions": ["member:view"]}), "invalid_name", "/name"),
        (json!({"name": "x"}), "required", "/grants"),
        (json!({"name": "x", "grants": [], "actions": []}), "required", "/grants"),
        (json!({"name": "x", "actions": ["member:view", "member:fly"]}), "unknown_action", "/actions/1"),
        (json!({"name": "x", "grants": ["boss"]}), "unknown_role", "/grants/0"),
        (json!({"name": "x", "grants": ["source_admin@source/none"]}), "unknown_resource", "/grants/0"),
        (json!({"name": "x", "grants": ["source_admin@{a:b}"]}), "unknown_label", "/grants/0"),
        (
            json!({"name": "x", "actions": ["member:view"], "expires_at": "2025-12-31T23:59:59Z"}),
            "invalid_time",
            "/expires_at",
        ),
        (json!({"name": "x", "actions": ["member:view"], "expires_at": "soon"}), "invalid_time", "/expires_at"),
        (json!({"name": "x", "actions": ["member:view"], "account": "acc_1"}), "unknown_field", "/account"),
    ] {
        app.unchanged(|| app.post(&acme.path("tokens"), &acme.token, &body)).invalid(code, place);
    }
}

#[test]
fn a_token_ends_at_its_hour() {
    let app = App::new();
    let acme = app.tenant("acme");
    let body = json!({"name": "x", "actions": ["member:view"], "expires_at": "2026-01-01T02:00:00Z"});
    let token = app.token(&acme, &body);
    app.pass(1);
    app.get(&acme.path("members"), &token).ok(200);
    app.pass(1);
    app.unchanged(|| app.get(&acme.path("members"), &token)).problem(401, "unauthenticated");
    let listed = app.get(&acme.path("tokens"), &acme.token).column("name");
    assert!(listed.contains(&"x".to_owned()), "it is listed until it is deleted");
}

#[test]
fn a_deleted_token_opens_nothing_and_leaves_no_grants() {
    let app = App::new();
    let acme = app.tenant("acme");
    let made =
        app.post(&acme.path("tokens"), &acme.token, &json!({"name": "x", "grants": ["workspace_owner"]})).ok(201);
    let (id, secret) = (text(&made["id"]), text(&made["secret"]));
    let path = acme.path(&format!("tokens/{id}"));
    app.delete(&path, &secret).ok(204);
    app.get(&acme.path("members"), &secret).problem(401, "unauthenticated");
    app.delete(&path, &acme.token).problem(404, "not_found");
    assert_eq!(app.count(&format!("SELECT count(*) FROM grants WHERE holder = '{id}'")), 0);
}

#[test]
fn a_tokens_grants_act_like_a_members() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    app.resource(&acme, "source/def", &json!({}));
    let token = app.token(&acme, &json!({"name": "ci", "grants": ["source_admin@source/abc"]}));
    let put = |name: &str| app.put(&acme.path(&format!("resources/source/{name}")), &token, &json!({"name": "New"}));
    put("abc").ok(200);
    put("def").problem(403, "forbidden");
    app.get(&acme.path("resources/source/def"), &token).problem(404, "not_found");
    app.get(&acme.path("members"), &token).problem(403, "forbidden");
    app.get(&acme.root(), &token).problem(403, "forbidden");
    app.get(&acme.path("members/me"), &token).problem(403, "forbidden");
}

#[test]
fn member_view_is_enough_to_check_and_list_and_for_nothing_else() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    let token = app.token(&acme, &json!({"name": "reader", "actions": ["member:view"]}));
    let check = json!({"member": acme.owner, "action": "source:view", "resource": "source/abc"});
    app.post(&acme.path("check"), &token, &check).ok(200);
    app.post(&acme.path("check/batch"), &token, &json!({"checks": [check]})).ok(200);
    for path in ["members", "members/me@example.com", "invites", "groups"] {
        assert_ne!(app.get(&acme.path(path), &token).status, 403, "{path}");
    }
    assert_eq!(app.get(&acme.path("resources"), &token).column("id"), [""; 0]);
    app.get(&acme.path("tokens"), &token).problem(403, "forbidden");
    app.get(&acme.root(), &token).problem(403, "forbidden");
}

#[test]
fn a_workspace_token_goes_on_when_its_maker_leaves_and_is_listed_as_orphaned() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ben, cookie) = app.member(&acme, "ben@example.com", &["workspace_owner", "workspace_member"]);
    let body = json!({"name": "by ben", "actions": ["member:view", "token:manage"]});
    let by_ben = app.as_person("POST", &acme.path("tokens"), &cookie, &body).ok(201);
    let secret = text(&by_ben["secret"]);
    app.post(&acme.path("tokens"), &secret, &json!({"name": "by token", "actions": ["member:view"]})).ok(201);
    app.delete(&acme.member(&ben), &acme.token).ok(204);
    app.get(&acme.path("members"), &secret).ok(200);
    let listed = app.get(&acme.path("tokens"), &acme.token).ok(200);
    let orphaned: Vec<&Value> =
        listed["data"].as_array().unwrap().iter().filter(|token| token["orphaned"] == true).collect();
    assert_eq!((orphaned.len(), &orphaned[0]["name"]), (1, &json!("by ben")));
    app.member(&acme, "ben@example.com", &["workspace_member"]);
    assert_eq!(app.get(&acme.path(&format!("tokens/{}", text(&by_ben["id"]))), &acme.token).ok(200)["orphaned"], false);
}
