//! Expiry: the record tells of each invite that time has ended, once for every time that it was sent.

use rolecall::store::expiry;
use serde_json::{Value, json};

use crate::support::{App, Tenant, secret, text};

const MEMBER: &[&str] = &["workspace_member"];
const TTL: i64 = 168;

fn events(app: &App, acme: &Tenant, kind: &str) -> Vec<Value> {
    let found = app.get(&acme.path(&format!("audit-events?type={kind}&limit=200")), &acme.token).ok(200);
    found["data"].as_array().unwrap().clone()
}

fn told(app: &App, acme: &Tenant) -> usize {
    events(app, acme, "invite.expired").len()
}

fn resend(app: &App, acme: &Tenant, invite: &Value) -> Value {
    app.post(&format!("{}/resend", acme.invite(invite)), &acme.token, &json!({"deliver": "link"})).ok(200)
}

#[test]
fn an_invite_that_expires_is_told_once_by_the_system() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, _) = app.invite(&acme, "ann@example.com", MEMBER);
    let version = app.count("SELECT version FROM workspaces");
    app.pass(TTL - 1);
    app.sweep();
    assert_eq!(told(&app, &acme), 0, "not before its hour");
    app.pass(1);
    for _ in 0..3 {
        app.sweep();
    }
    let events = events(&app, &acme, "invite.expired");
    assert_eq!(events.len(), 1);
    let event = &events[0];
    let expected = json!({
        "id": event["id"], "type": "invite.expired", "at": event["at"], "request_id": event["request_id"],
        "actor": {"kind": "system", "id": "system"}, "via": "system", "subject": {"type": "invite", "id": ann["id"]},
        "before": null, "after": {"email": "ann@example.com", "expires_at": ann["expires_at"]},
    });
    assert_eq!(*event, expected);
    assert!(text(&event["id"]).starts_with("evt_") && text(&event["request_id"]).starts_with("req_"));
    assert_eq!(app.count("SELECT version FROM workspaces"), version, "no access has changed");
}

#[test]
fn an_invite_that_a_request_marked_is_told_by_the_next_run() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, _) = app.invite(&acme, "ann@example.com", MEMBER);
    app.pass(TTL);
    app.invite(&acme, "ann@example.com", MEMBER);
    assert_eq!(app.count("SELECT count(*) FROM invites WHERE status = 'expired'"), 1);
    app.sweep();
    assert_eq!(events(&app, &acme, "invite.expired")[0]["subject"]["id"], ann["id"]);
}

#[test]
fn what_is_renewed_accepted_or_canceled_before_the_run_is_not_told() {
    let app = App::new();
    let acme = app.tenant("acme");
    let [renewed, used, canceled] =
        ["a", "b", "c"].map(|name| app.invite(&acme, &format!("{name}@example.com"), MEMBER));
    app.accept(&used.1);
    app.pass(TTL);
    resend(&app, &acme, &renewed.0);
    app.delete(&acme.invite(&canceled.0), &acme.token).ok(204);
    app.sweep();
    assert_eq!(told(&app, &acme), 0);
    app.pass(TTL);
    app.sweep();
    assert_eq!(told(&app, &acme), 1, "the renewed one, when its new time is over");
}

#[test]
fn an_invite_is_told_again_when_it_expires_again() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, _) = app.invite(&acme, "ann@example.com", MEMBER);
    for times in 1..=3 {
        app.pass(TTL);
        app.sweep();
        app.sweep();
        assert_eq!(told(&app, &acme), times);
        let sent = resend(&app, &acme, &ann);
        if times == 3 {
            app.accept(&secret(&sent));
        }
    }
}

#[test]
fn what_another_run_told_or_a_request_renewed_in_between_is_not_told_again() {
    for (meanwhile, left) in [
        ("UPDATE invites SET expiry_told = 1", 0),
        ("UPDATE invites SET status = 'pending', expires_at = expires_at + 10000000, expiry_told = 0", 1),
        ("UPDATE invites SET status = 'canceled'", 0),
    ] {
        let app = App::new();
        let acme = app.tenant("acme");
        app.invite(&acme, "ann@example.com", MEMBER);
        app.pass(TTL);
        app.machine.on_write_to("audit_events", meanwhile);
        app.sweep();
        assert!(!app.machine.waits());
        assert_eq!(told(&app, &acme), 0, "{meanwhile}");
        app.pass(TTL);
        app.sweep();
        assert_eq!(told(&app, &acme), left, "{meanwhile}");
    }
}

#[test]
fn a_run_tells_of_a_bounded_number_and_the_next_goes_on() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.sql(&format!(
        "INSERT INTO invites (workspace_id, id, email, status, secret_hash, invited_by, created_at, sent_at, expires_at) \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700) \
         SELECT '{}', printf('inv_%025d0', i), 'p' || i || '@example.com', 'pending', 'h' || i, '{}', 1, 1, 2 FROM n",
        acme.id, acme.owner
    ))
    .unwrap();
    let count = || {
        app.count("SELECT count(*) * 1000 + count(DISTINCT subject_id) FROM audit_events WHERE type = 'invite.expired'")
    };
    app.sweep();
    assert_eq!(count(), 500_500);
    app.sweep();
    assert_eq!(count(), 700_700);
    app.sweep();
    assert_eq!(count(), 700_700);
}

#[test]
fn a_run_looks_at_what_is_untold_alone() {
    let app = App::new();
    let plan = app.machine.plan(&expiry::untold());
    assert!(plan.contains("USING INDEX invites_untold"), "{plan}");
}
