//! The delivery of mail: each owed mail goes out, tried again until it does, and none whose time is over.

use rolecall::host::Sending;
use serde_json::{Value, json};

use crate::support::{App, Tenant, secret, text};

const MEMBER: &[&str] = &["workspace_member"];

fn fixture() -> (App, Tenant) {
    let app = App::new();
    app.machine.mailbox.is_open.set(true);
    let acme = app.tenant("acme");
    (app, acme)
}

/// Invites by mail.
fn invite(app: &App, acme: &Tenant, email: &str) -> Value {
    let body = json!({"invites": [{"email": email, "grants": MEMBER}]});
    app.post(&acme.path("invites"), &acme.token, &body).ok(201)["data"][0].clone()
}

fn delivery(app: &App, acme: &Tenant, invite: &Value) -> Value {
    app.get(&acme.invite(invite), &acme.token).ok(200)["delivery"].clone()
}

fn tries(app: &App) -> usize {
    app.machine.mailbox.tried.borrow().len()
}

fn fail(app: &App, times: usize) {
    app.machine.mailbox.answers.borrow_mut().extend(vec![Sending::Later("busy".to_owned()); times]);
}

#[test]
fn an_owed_mail_goes_out_once_and_leaves_no_content_behind() {
    let (app, acme) = fixture();
    let made = invite(&app, &acme, "ann@example.com");
    assert_eq!((&made["delivery"]["status"], &made["delivery"]["tries"]), (&json!("queued"), &json!(0)));
    assert_eq!(app.machine.wakes.get(), 1);
    let owed = app.mails().pop().unwrap();
    app.deliver();
    app.deliver();
    let tried = app.machine.mailbox.tried.borrow().clone();
    assert_eq!(tried.len(), 1);
    let message = &tried[0];
    assert!(message.key.starts_with("mail_"));
    assert_eq!((&message.to, &message.subject), (&owed.to, &owed.subject));
    assert_eq!((&message.text, &message.html), (&owed.text, &owed.html));
    assert!(message.text.contains("/invites/rcl_inv_") && message.html.contains("/invites/rcl_inv_"));
    assert!(!message.html.contains("<img") && !message.html.contains("src="));
    assert!(app.mails().is_empty());
    let seen = delivery(&app, &acme, &made);
    assert_eq!((&seen["status"], &seen["tries"], seen.get("last_error")), (&json!("sent"), &json!(1), None));
}

#[test]
fn pauses_grow_and_what_failed_ten_times_arrives_once_when_the_provider_is_back() {
    let (app, acme) = fixture();
    let made = invite(&app, &acme, "ann@example.com");
    fail(&app, 10);
    for (before, pause) in [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 360].into_iter().enumerate() {
        if pause > 0 {
            app.pass_minutes(pause - 1);
            app.deliver();
            assert_eq!(tries(&app), before, "too early");
            app.pass_minutes(1);
        }
        app.deliver();
        assert_eq!(tries(&app), before + 1);
        let seen = delivery(&app, &acme, &made);
        let (status, error) = if before == 10 { ("sent", json!(null)) } else { ("queued", json!("busy")) };
        assert_eq!((&seen["status"], &seen["tries"]), (&json!(status), &json!(before + 1)));
        assert_eq!(seen["last_error"], error);
    }
    app.pass(24);
    app.deliver();
    assert_eq!(tries(&app), 11);
    let keys: std::collections::BTreeSet<_> =
        app.machine.mailbox.tried.borrow().iter().map(|message| message.key.clone()).collect();
    assert_eq!(keys.len(), 1, "each try has the key of the first");
}

#[test]
fn the_last_failure_is_told_and_the_invite_can_be_sent_again() {
    let (app, acme) = fixture();
    let made = invite(&app, &acme, "ann@example.com");
    app.sql("UPDATE outbox SET tries = 35").unwrap();
    fail(&app, 1);
    app.deliver();
    app.pass(24);
    app.deliver();
    let seen = delivery(&app, &acme, &made);
    assert_eq!((tries(&app), &seen["status"], &seen["tries"]), (1, &json!("failed"), &json!(36)));
    assert_eq!(seen["last_error"], "busy");
    let resend = format!("{}/resend", acme.invite(&made));
    assert_eq!(app.post(&resend, &acme.token, &json!({})).ok(200)["delivery"]["status"], "queued");
    app.deliver();
    assert_eq!(delivery(&app, &acme, &made)["status"], "sent");
}

#[test]
fn what_is_refused_is_not_tried_again() {
    let (app, acme) = fixture();
    let made = invite(&app, &acme, "ann@example.com");
    app.machine.mailbox.answers.borrow_mut().push_back(Sending::Refused("no such address".to_owned()));
    app.deliver();
    app.pass(24);
    app.deliver();
    let seen = delivery(&app, &acme, &made);
    assert_eq!((tries(&app), &seen["status"], &seen["last_error"]), (1, &json!("failed"), &json!("no such address")));
}

#[test]
fn nothing_goes_out_for_what_is_over() {
    let (app, acme) = fixture();
    let [canceled, renewed, accepted, expired] =
        ["a", "b", "c", "d"].map(|name| invite(&app, &acme, &format!("{name}@example.com")));
    app.delete(&acme.invite(&canceled), &acme.token).ok(204);
    let resend = |invite: &Value| format!("{}/resend", acme.invite(invite));
    app.post(&resend(&renewed), &acme.token, &json!({"deliver": "link"})).ok(200);
    let link = app.post(&resend(&accepted), &acme.token, &json!({"deliver": "link"})).ok(200);
    app.accept(&secret(&link));
    app.pass(169);
    app.deliver();
    assert_eq!(tries(&app), 0);
    let seen = delivery(&app, &acme, &expired);
    assert_eq!((&seen["status"], &seen["tries"]), (&json!("failed"), &json!(0)));
    assert_eq!(delivery(&app, &acme, &renewed), Value::Null, "its link was not mailed");
    let gone = invite(&app, &acme, "e@example.com");
    app.delete(&acme.root(), &acme.token).ok(204);
    app.deliver();
    assert_eq!((tries(&app), text(&gone["status"]).as_str()), (0, "pending"));
}

#[test]
fn a_link_to_sign_in_goes_to_people_who_are_known_and_to_nobody_else() {
    let (app, acme) = fixture();
    app.member(&acme, "ann@example.com", MEMBER);
    for email in ["ann@example.com", "not@example.com"] {
        app.post("/v1/sessions/email", "", &json!({"email": email})).ok(202);
    }
    app.deliver();
    let tried: Vec<_> = app.machine.mailbox.tried.borrow().iter().map(|message| message.to.clone()).collect();
    assert_eq!(tried, ["ann@example.com"]);
    app.post("/v1/sessions/email", "", &json!({"email": "ann@example.com"})).ok(202);
    app.pass_minutes(15);
    app.deliver();
    assert_eq!(tries(&app), 1, "a link that is over is not mailed");
}

#[test]
fn what_another_run_has_claimed_is_left_to_it_until_its_lease_is_over() {
    let (app, acme) = fixture();
    invite(&app, &acme, "ann@example.com");
    let now = "(SELECT max(created_at) FROM outbox)";
    app.sql(&format!("UPDATE outbox SET lease = 'other', tries = 1, due_at = {now} + 120000")).unwrap();
    app.deliver();
    app.pass_minutes(1);
    app.deliver();
    assert_eq!(tries(&app), 0);
    app.pass_minutes(2);
    app.deliver();
    assert_eq!(tries(&app), 1);
}

#[test]
fn many_mails_go_out_in_several_runs_and_each_once() {
    let (app, acme) = fixture();
    let invites: Vec<Value> =
        (0..60).map(|index| json!({"email": format!("p{index}@example.com"), "grants": MEMBER})).collect();
    app.post(&acme.path("invites"), &acme.token, &json!({"invites": invites})).ok(201);
    app.deliver();
    assert_eq!(tries(&app), 24, "a few right after the answer");
    app.sweep();
    app.deliver_for_a_minute(1);
    let keys: std::collections::BTreeSet<_> =
        app.machine.mailbox.tried.borrow().iter().map(|message| message.key.clone()).collect();
    assert_eq!((tries(&app), keys.len()), (60, 60));
}

#[test]
fn a_run_keeps_to_the_rate_of_the_deployment_and_ends_before_the_next() {
    let (app, acme) = fixture();
    let rows: String = (0..200).map(|index| format!("p{index}@example.com,workspace_member\n")).collect();
    let bulk = http::Request::builder().method("POST").uri(acme.path("invites/bulk"));
    let bulk = bulk.header("authorization", format!("Bearer {}", acme.token)).header("content-type", "text/csv");
    app.send(bulk.body(format!("email,grants\n{rows}").into_bytes()).unwrap()).ok(200);
    app.deliver_for_a_minute(1);
    assert_eq!(tries(&app), 60, "no more than the rate");
    app.deliver_for_a_minute(10_000);
    assert!((61..90).contains(&tries(&app)), "a slow run goes on for less than a minute: {}", tries(&app));
    app.deliver_for_a_minute(1);
    app.deliver_for_a_minute(1);
    app.deliver_for_a_minute(1);
    assert_eq!(tries(&app), 200, "none is lost");
}

#[test]
fn delivery_makes_nobody_lose_a_race() {
    let (app, acme) = fixture();
    let made = invite(&app, &acme, "ann@example.com");
    let tag = app.get(&acme.invite(&made), &acme.token).header("etag").to_owned();
    app.deliver();
    let body = json!({"grants": ["minimal_workspace_access"]});
    app.call_with("PATCH", &acme.invite(&made), &acme.token, &[("if-match", &tag)], &body).ok(200);
}

#[test]
fn no_name_and_no_address_brings_a_line_into_a_mail() {
    let (app, acme) = fixture();
    for evil in ["Eve\r\nBcc: eve@example.com", "Eve\nx", "Eve\rx", "Eve\u{0}x", "Eve\u{85}x"] {
        app.unchanged(|| app.patch(&acme.root(), &acme.token, &json!({"name": evil}))).ok(422);
        let invites = json!({"invites": [{"email": "a@example.com", "name": evil, "grants": MEMBER}]});
        app.unchanged(|| app.post(&acme.path("invites"), &acme.token, &invites)).ok(422);
        let invites = json!({"invites": [{"email": format!("{evil}@example.com"), "grants": MEMBER}]});
        app.unchanged(|| app.post(&acme.path("invites"), &acme.token, &invites)).ok(422);
    }
    app.patch(&acme.root(), &acme.token, &json!({"name": "<img src=//evil.example> & \"Co\""})).ok(200);
    invite(&app, &acme, "ann@example.com");
    assert!(!app.mails().pop().unwrap().html.contains("<img"));
}

#[test]
fn a_link_to_sign_in_waits_behind_nobodys_list() {
    let (app, acme) = fixture();
    let rows: Vec<Value> = (0..100).map(|i| json!({"email": format!("p{i}@example.com"), "grants": MEMBER})).collect();
    app.post(&acme.path("invites"), &acme.token, &json!({"invites": rows})).ok(201);
    app.tenant("other");
    app.post("/v1/sessions/email", "", &json!({"email": "owner@other.example"})).ok(202);
    app.deliver();
    let tried = app.machine.mailbox.tried.borrow().clone();
    assert!(tried[..6].iter().any(|mail| mail.to == "owner@other.example"), "not among the first that were claimed");
}
