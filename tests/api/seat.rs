//! Seats: members and pending invites take them, and none is sold twice.

use serde_json::{Value, json};

use crate::support::{Answer, App, Tenant, secret, text};

const MEMBER: &[&str] = &["workspace_member"];

fn invite(app: &App, acme: &Tenant, emails: &[&str]) -> Answer {
    let invites: Vec<Value> = emails.iter().map(|email| json!({"email": email, "grants": MEMBER})).collect();
    app.post(&acme.path("invites"), &acme.token, &json!({"invites": invites, "deliver": "link"}))
}

fn resend(app: &App, acme: &Tenant, invite: &Value) -> Answer {
    app.post(&format!("{}/resend", acme.invite(invite)), &acme.token, &json!({"deliver": "link"}))
}

#[test]
fn members_and_pending_invites_count_and_nothing_else() {
    let app = App::new();
    let acme = app.tenant_with("acme", &json!({"seat_limit": 3}));
    let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
    let (ben, _) = app.invite(&acme, "ben@example.com", MEMBER);
    app.token(&acme, &json!({"name": "ci", "actions": ["member:view"]}));
    app.unchanged(|| invite(&app, &acme, &["cat@example.com"])).problem(409, "seat_limit_reached");
    app.delete(&acme.invite(&ben), &acme.token).ok(204);
    app.invite(&acme, "cat@example.com", MEMBER);
    app.unchanged(|| invite(&app, &acme, &["dan@example.com"])).problem(409, "seat_limit_reached");
    app.delete(&acme.member(&ann), &acme.token).ok(204);
    app.invite(&acme, "dan@example.com", MEMBER);
}

#[test]
fn a_request_that_fits_in_part_is_refused_whole() {
    let app = App::new();
    let acme = app.tenant_with("acme", &json!({"seat_limit": 3}));
    let three = ["a@example.com", "b@example.com", "c@example.com"];
    app.unchanged(|| invite(&app, &acme, &three)).problem(409, "seat_limit_reached");
    invite(&app, &acme, &three[..2]).ok(201);
    let skipped = invite(&app, &acme, &three[..2]).ok(201);
    assert_eq!(skipped["skipped"].as_array().unwrap().len(), 2);
}

#[test]
fn accepting_at_the_limit_never_fails() {
    let app = App::new();
    let acme = app.tenant_with("acme", &json!({"seat_limit": 2}));
    let (_, secret) = app.invite(&acme, "ann@example.com", MEMBER);
    app.accept(&secret);
    app.unchanged(|| invite(&app, &acme, &["ben@example.com"])).problem(409, "seat_limit_reached");
}

#[test]
fn a_limit_below_use_takes_nothing_away_and_lets_nothing_new_in() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
    let (_, pending) = app.invite(&acme, "ben@example.com", MEMBER);
    app.bill(&acme, &json!({"seat_limit": 1}));
    app.get(&acme.member(&ann), &acme.token).ok(200);
    app.unchanged(|| invite(&app, &acme, &["cat@example.com"])).problem(409, "seat_limit_reached");
    app.accept(&pending);
    app.delete(&acme.member(&ann), &acme.token).ok(204);
    app.unchanged(|| invite(&app, &acme, &["cat@example.com"])).problem(409, "seat_limit_reached");
    app.bill(&acme, &json!({"seat_limit": null}));
    app.invite(&acme, "cat@example.com", MEMBER);
}

#[test]
fn an_expired_invite_frees_its_seat_and_takes_one_when_sent_again() {
    let app = App::new();
    let acme = app.tenant_with("acme", &json!({"seat_limit": 2}));
    let (ann, _) = app.invite(&acme, "ann@example.com", MEMBER);
    app.pass(168);
    let (ben, _) = app.invite(&acme, "ben@example.com", MEMBER);
    app.unchanged(|| resend(&app, &acme, &ann)).problem(409, "seat_limit_reached");
    app.delete(&acme.invite(&ben), &acme.token).ok(204);
    let sent = resend(&app, &acme, &ann).ok(200);
    app.unchanged(|| invite(&app, &acme, &["cat@example.com"])).problem(409, "seat_limit_reached");
    app.accept(&secret(&sent));
}

#[test]
fn an_expired_invite_keeps_no_seat_under_a_lower_limit() {
    let app = App::new();
    let acme = app.tenant_with("acme", &json!({"seat_limit": 2}));
    let (ann, _) = app.invite(&acme, "ann@example.com", MEMBER);
    app.bill(&acme, &json!({"seat_limit": 1}));
    app.pass(168);
    app.unchanged(|| resend(&app, &acme, &ann)).problem(409, "seat_limit_reached");
}

#[test]
fn a_pending_invite_is_sent_again_on_the_seat_that_it_has() {
    let app = App::new();
    let acme = app.tenant_with("acme", &json!({"seat_limit": 2}));
    let (ann, _) = app.invite(&acme, "ann@example.com", MEMBER);
    let sent = resend(&app, &acme, &ann).ok(200);
    app.bill(&acme, &json!({"seat_limit": 1}));
    let again = resend(&app, &acme, &ann).ok(200);
    app.try_accept(&secret(&sent)).problem(404, "not_found");
    app.accept(&secret(&again));
    assert_eq!(app.count("SELECT member_count * 10 + pending_count FROM workspaces"), 20);
}

#[test]
fn a_limit_is_a_positive_number_or_none() {
    let app = App::new();
    let acme = app.tenant("acme");
    for limit in [json!(0), json!(-1), json!(10_000_001)] {
        let patch = || app.patch(&acme.root(), crate::support::BOOTSTRAP, &json!({"seat_limit": limit}));
        app.unchanged(patch).invalid("out_of_range", "/seat_limit");
    }
    for limit in [json!(1), json!(10_000_000), Value::Null] {
        assert_eq!(app.bill(&acme, &json!({"seat_limit": limit}))["seat_limit"], limit);
    }
    assert_eq!(text(&app.bill(&acme, &json!({"name": "New"}))["name"]), "New");
}

#[test]
fn the_count_of_seats_agrees_with_the_rows_whatever_happens() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
    let (ben, _) = app.invite(&acme, "ben@example.com", MEMBER);
    let (cat, _) = app.invite(&acme, "cat@example.com", MEMBER);
    app.delete(&acme.member(&ann), &acme.token).ok(204);
    app.delete(&acme.invite(&ben), &acme.token).ok(204);
    app.pass(200);
    app.invite(&acme, "dan@example.com", MEMBER);
    resend(&app, &acme, &cat).ok(200);
    app.delete(&acme.invite(&cat), &acme.token).ok(204);
    let wrong = "SELECT count(*) FROM workspaces w \
        WHERE member_count <> (SELECT count(*) FROM members WHERE workspace_id = w.id) \
           OR pending_count <> (SELECT count(*) FROM invites WHERE workspace_id = w.id AND status = 'pending')";
    assert_eq!(app.count(wrong), 0);
}

/// The seats as `active pending limit inactive`.
fn seats(app: &App, acme: &Tenant) -> String {
    let seats = app.get(&acme.path("seats"), &acme.token).ok(200);
    assert_eq!(seats.as_object().unwrap().len(), 4, "{seats}");
    ["active", "pending", "limit", "inactive"].map(|name| seats[name].to_string()).join(" ")
}

#[test]
fn seats_are_told_as_they_are_at_this_moment() {
    let app = App::new();
    let acme = app.tenant("acme");
    assert_eq!(seats(&app, &acme), "1 0 null 0");
    let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
    let (ben, _) = app.invite(&acme, "ben@example.com", MEMBER);
    app.invite(&acme, "cat@example.com", MEMBER);
    app.bill(&acme, &json!({"seat_limit": 5}));
    assert_eq!(seats(&app, &acme), "2 2 5 0");
    app.delete(&acme.invite(&ben), &acme.token).ok(204);
    assert_eq!(seats(&app, &acme), "2 1 5 0");
    app.delete(&acme.member(&ann), &acme.token).ok(204);
    assert_eq!(seats(&app, &acme), "1 1 5 0");
    app.pass(168);
    assert_eq!(seats(&app, &acme), "1 0 5 0", "an invite that is overdue holds no seat, marked or not");
    app.sql("UPDATE invites SET status = 'expired' WHERE status = 'pending'").unwrap();
    assert_eq!(seats(&app, &acme), "1 0 5 0");
}

#[test]
fn a_seat_is_inactive_by_the_settings_of_the_workspace() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
    app.member(&acme, "ben@example.com", MEMBER);
    app.sql(&format!("UPDATE members SET last_active_at = NULL WHERE account_id = '{ann}'")).unwrap();
    app.patch(&acme.root(), &acme.token, &json!({"settings": {"stale_after_days": 2}})).ok(200);
    app.pass(47);
    assert_eq!(seats(&app, &acme), "3 0 null 0");
    app.pass(2);
    app.sql(&format!("UPDATE members SET last_active_at = {} WHERE account_id = '{}'", i64::MAX >> 12, acme.owner))
        .unwrap();
    assert_eq!(seats(&app, &acme), "3 0 null 2", "who never was active counts from joining");
    app.patch(&acme.root(), &acme.token, &json!({"settings": {"stale_after_days": 3}})).ok(200);
    assert_eq!(seats(&app, &acme), "3 0 null 0");
}
