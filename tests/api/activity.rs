//! Activity: who and what was last seen when, noted once an hour and never in anybody's way.

use serde_json::{Value, json};

use crate::support::{App, Tenant, text};

const MEMBER: &[&str] = &["workspace_member"];

fn made(app: &App, acme: &Tenant, body: &Value) -> (String, String) {
    let made = app.post(&acme.path("tokens"), &acme.token, body).ok(201);
    (acme.path(&format!("tokens/{}", text(&made["id"]))), text(&made["secret"]))
}

#[test]
fn a_token_says_when_it_was_last_used_to_the_hour() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (path, secret) = made(&app, &acme, &json!({"name": "ci", "actions": ["member:view"]}));
    let last = || app.get(&path, &acme.token).ok(200)["last_used_at"].clone();
    assert_eq!(last(), Value::Null);
    app.get(&acme.path("members"), &secret).ok(200);
    let first = last();
    assert!(text(&first).starts_with("2026-01-01T00:00:00"), "{first}");
    for _ in 0..3 {
        app.get(&acme.path("members"), &secret).ok(200);
    }
    assert_eq!(last(), first);
    app.pass(1);
    app.delete(&acme.member(&acme.owner), &secret).problem(403, "forbidden");
    assert!(text(&last()).starts_with("2026-01-01T01:00:00"), "a refused call is one too");
    app.pass(1);
    app.get("/v1/me", &secret).ok(200);
    assert!(text(&last()).starts_with("2026-01-01T02:00:00"));
}

#[test]
fn a_member_is_active_by_personal_token_and_by_session_and_by_no_other() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, cookie) = app.member(&acme, "ann@example.com", MEMBER);
    let (_, secret) = made(&app, &acme, &json!({"name": "ci", "actions": ["member:view"]}));
    let last = |id: &str| text(&app.get(&acme.member(id), &secret).ok(200)["last_active_at"])[11..13].to_owned();
    app.pass(5);
    assert_eq!((last(&ann), last(&acme.owner)), ("00".into(), "00".into()));
    app.as_person("GET", &acme.path("members/me"), &cookie, &Value::Null).ok(200);
    assert_eq!((last(&ann), last(&acme.owner)), ("05".into(), "00".into()));
    app.get(&acme.root(), &acme.token).ok(200);
    assert_eq!((last(&ann), last(&acme.owner)), ("05".into(), "05".into()));
    app.pass(1);
    app.get("/v1/me", &acme.token).ok(200);
    assert_eq!(last(&acme.owner), "06");
}

#[test]
fn signing_in_is_activity_in_each_workspace_that_it_opens_once_an_hour() {
    let app = App::new();
    let (acme, other) = (app.tenant("acme"), app.tenant("other"));
    let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
    app.member(&other, "ann@example.com", MEMBER);
    let hours = |tenant: &Tenant| {
        text(&app.get(&tenant.member(&ann), &tenant.token).ok(200)["last_active_at"])[11..16].to_owned()
    };
    let sign_in = || {
        app.post("/v1/sessions/email", "", &json!({"email": "ann@example.com"})).ok(202);
        let mail = app.mails().pop().unwrap();
        let secret = mail.text.split("/sign-in/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        app.post(&format!("/v1/sessions/email/{secret}"), "", &Value::Null).ok(201);
    };
    app.pass(5);
    sign_in();
    assert_eq!((hours(&acme), hours(&other)), ("05:00".to_owned(), "05:00".to_owned()));
    app.pass_minutes(30);
    sign_in();
    assert_eq!(hours(&acme), "05:00");
    app.pass_minutes(30);
    app.sql("CREATE TRIGGER broken BEFORE UPDATE OF last_active_at ON members BEGIN SELECT RAISE(ABORT, 'no'); END")
        .unwrap();
    sign_in();
    assert_eq!(hours(&acme), "05:00", "a note that fails fails no sign-in");
}

#[test]
fn who_is_refused_as_a_stranger_was_not_here() {
    let app = App::new();
    let (acme, other) = (app.tenant("acme"), app.tenant("other"));
    let (path, secret) = made(&app, &acme, &json!({"name": "ci", "actions": ["member:view"]}));
    app.get(&other.path("members"), &secret).problem(404, "not_found");
    assert_eq!(app.get(&path, &acme.token).ok(200)["last_used_at"], Value::Null);
}

#[test]
fn within_the_hour_a_call_writes_nothing() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.get(&acme.path("members"), &acme.token).ok(200);
    let writes = || app.count("SELECT total_changes()");
    let before = writes();
    app.get(&acme.path("members"), &acme.token).ok(200);
    app.get("/v1/me", &acme.token).ok(200);
    assert_eq!(writes(), before);
    app.pass(1);
    app.get(&acme.path("members"), &acme.token).ok(200);
    assert_eq!(writes(), before + 2, "the token and its member, once");
}

#[test]
fn a_note_that_fails_fails_no_request() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.sql("CREATE TRIGGER broken BEFORE UPDATE OF last_used_at ON tokens BEGIN SELECT RAISE(ABORT, 'no'); END")
        .unwrap();
    app.pass(1);
    app.get(&acme.path("members"), &acme.token).ok(200);
    app.patch(&acme.root(), &acme.token, &json!({"name": "New"})).ok(200);
}

#[test]
fn being_active_raises_no_version_and_makes_no_tag_stale() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, cookie) = app.member(&acme, "ann@example.com", MEMBER);
    let read = app.get(&acme.member(&ann), &acme.token);
    app.pass(1);
    app.as_person("GET", &acme.path("members/me"), &cookie, &Value::Null).ok(200);
    let again = app.get(&acme.member(&ann), &acme.token);
    assert_ne!(again.header("etag"), read.header("etag"), "a cache has to see the new time");
    let headers = [("if-match", read.header("etag"))];
    app.call_with("PATCH", &acme.member(&ann), &acme.token, &headers, &json!({"name": "Ann"})).ok(200);
}

#[test]
fn a_token_is_shown_as_orphaned_once_its_maker_has_left() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ben, cookie) = app.member(&acme, "ben@example.com", &["workspace_owner", "workspace_member"]);
    let body = json!({"name": "by ben", "actions": ["member:view"]});
    let id = text(&app.as_person("POST", &acme.path("tokens"), &cookie, &body).ok(201)["id"]);
    let path = acme.path(&format!("tokens/{id}"));
    assert_eq!(app.get(&path, &acme.token).ok(200)["orphaned"], false);
    app.delete(&acme.member(&ben), &acme.token).ok(204);
    assert_eq!(app.get(&path, &acme.token).ok(200)["orphaned"], true);
}
