//! The owner rule: whatever is done, in whatever order, a workspace keeps an active owner.

use serde_json::{Value, json};

use crate::support::{Answer, App, Tenant, text};

const OWNER: &[&str] = &["workspace_owner", "workspace_member"];
const MEMBER: &[&str] = &["workspace_member"];

/// The ways to end somebody's ownership.
const WAYS: &[&str] = &["remove", "replace grants", "delete grant"];

/// Ends a member's ownership one way.
fn end(app: &App, acme: &Tenant, account: &str, way: &str, token: &str) -> Answer {
    let path = acme.member(account);
    match way {
        "remove" => app.delete(&path, token),
        "replace grants" => app.put(&format!("{path}/grants"), token, &json!({"grants": MEMBER})),
        _ => {
            let member = app.get(&path, token).ok(200);
            let grant = member["grants"].as_array().unwrap().iter().find(|grant| grant["role"] == "workspace_owner");
            app.delete(&format!("{path}/grants/{}", text(&grant.unwrap()["id"])), token)
        }
    }
}

/// A token that may administer members and outlives them all.
fn service(app: &App, acme: &Tenant) -> String {
    app.token(
        acme,
        &json!({"name": "hr", "actions": ["member:view", "member:edit", "member:remove", "workspace:view"]}),
    )
}

#[test]
fn the_last_owner_stays_whichever_way_is_tried_and_whoever_tries() {
    for way in WAYS {
        let app = App::new();
        let acme = app.tenant("acme");
        for token in [&acme.token, &service(&app, &acme)] {
            app.unchanged(|| end(&app, &acme, &acme.owner, way, token)).problem(409, "last_owner");
        }
    }
}

#[test]
fn of_two_owners_one_may_go_and_then_the_other_is_the_last() {
    for (first, second) in WAYS.iter().flat_map(|first| WAYS.iter().map(move |second| (first, second))) {
        let app = App::new();
        let acme = app.tenant("acme");
        let (ben, _) = app.member(&acme, "ben@example.com", OWNER);
        let token = service(&app, &acme);
        let gone = end(&app, &acme, &acme.owner, first, &token);
        assert!(gone.status < 300, "{first}: {}", gone.body);
        app.unchanged(|| end(&app, &acme, &ben, second, &token)).problem(409, "last_owner");
    }
}

#[test]
fn an_owner_may_remove_themselves_while_there_is_another() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, cookie) = app.member(&acme, "ben@example.com", OWNER);
    app.as_person("DELETE", &acme.path("members/me"), &cookie, &Value::Null).ok(204);
    app.as_person("GET", &acme.root(), &cookie, &Value::Null).problem(404, "not_found");
    app.unchanged(|| app.delete(&acme.path("members/me"), &acme.token)).problem(409, "last_owner");
}

#[test]
fn neither_an_invite_in_whatever_state_nor_a_token_is_an_owner() {
    let app = App::new();
    let acme = app.tenant("acme");
    let ask = || app.unchanged(|| app.delete(&acme.member(&acme.owner), &acme.token));
    app.token(&acme, &json!({"name": "ci", "grants": ["workspace_owner"]}));
    ask().problem(409, "last_owner");
    let (pending, secret) = app.invite(&acme, "ben@example.com", OWNER);
    ask().problem(409, "last_owner");
    let (canceled, _) = app.invite(&acme, "cat@example.com", OWNER);
    app.delete(&acme.invite(&canceled), &acme.token).ok(204);
    ask().problem(409, "last_owner");
    app.pass(168);
    assert_eq!(app.get(&acme.invite(&pending), &acme.token).ok(200)["status"], "expired");
    app.try_accept(&secret).problem(410, "invite_expired");
    ask().problem(409, "last_owner");
    app.member(&acme, "dan@example.com", OWNER);
    app.delete(&acme.member(&acme.owner), &acme.token).ok(204);
}

#[test]
fn an_owner_of_another_workspace_is_none_here() {
    let app = App::new();
    let (acme, other) = (app.tenant("acme"), app.tenant("other"));
    app.member(&other, "ben@example.com", OWNER);
    app.member(&acme, "ben@example.com", MEMBER);
    app.unchanged(|| app.delete(&acme.member(&acme.owner), &acme.token)).problem(409, "last_owner");
}

#[test]
fn an_owner_who_is_one_directly_and_by_a_group_may_lose_either() {
    let app = App::new();
    let acme = app.tenant("acme");
    let body = json!({"name": "Owners", "grants": ["workspace_owner"]});
    let group = app.post(&acme.path("groups"), &acme.token, &body).ok(201);
    let members = acme.path(&format!("groups/{}/members", text(&group["id"])));
    app.post(&members, &acme.token, &json!({"members": [acme.owner]})).ok(200);
    app.put(&format!("{}/grants", acme.member(&acme.owner)), &acme.token, &json!({"grants": MEMBER})).ok(200);
    assert_eq!(app.get(&acme.path("members/me"), &acme.token).ok(200)["is_owner"], true);
    app.unchanged(|| app.delete(&format!("{members}/{}", acme.owner), &acme.token)).problem(409, "last_owner");
    app.unchanged(|| app.delete(&acme.path("members/me"), &acme.token)).problem(409, "last_owner");
}

#[test]
fn a_downgrade_to_free_leaves_the_owner() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.bill(&acme, &json!({"plan": "free", "add_ons": [], "seat_limit": 1}));
    assert_eq!(app.get(&acme.path("members/me"), &acme.token).ok(200)["is_owner"], true);
    app.unchanged(|| app.delete(&acme.path("members/me"), &acme.token)).problem(409, "last_owner");
}

#[test]
fn the_database_refuses_what_would_leave_no_owner() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.member(&acme, "ann@example.com", MEMBER);
    app.invite(&acme, "ben@example.com", OWNER);
    let before = app.contents();
    for sql in [
        "DELETE FROM grants WHERE role = 'workspace_owner'",
        "DELETE FROM grants",
        "DELETE FROM members WHERE email = 'owner@acme.example'",
        "UPDATE grants SET role = 'source_admin' WHERE role = 'workspace_owner' AND holder LIKE 'acc%'",
        "UPDATE grants SET holder = 'acc_nobody' WHERE role = 'workspace_owner' AND holder LIKE 'acc%'",
    ] {
        assert!(app.sql(sql).unwrap_err().contains("rule:last_owner"), "{sql}");
        assert_eq!(app.contents(), before, "{sql}");
    }
}
