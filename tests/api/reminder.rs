//! Reminders: where a workspace wants them, whoever was mailed an invite hears of it once more before it expires.

use rolecall::host::{Message, Sending};
use rolecall::model::Timestamp;
use rolecall::store::reminder;
use serde_json::{Value, json};

use crate::support::{App, START, Tenant, secret, text};

const MEMBER: &[&str] = &["workspace_member"];
const TTL: i64 = 168;

/// A workspace that reminds a day before, whose mail goes out.
fn fixture() -> (App, Tenant) {
    let app = App::new();
    app.machine.mailbox.is_open.set(true);
    let acme = app.tenant("acme");
    remind(&app, &acme, &json!(24));
    (app, acme)
}

fn remind(app: &App, acme: &Tenant, hours: &Value) {
    let set = app.patch(&acme.root(), &acme.token, &json!({"settings": {"invite_reminder_hours": hours}})).ok(200);
    assert_eq!(set["settings"]["invite_reminder_hours"], *hours);
}

/// Invites by mail, which goes out.
fn invite(app: &App, acme: &Tenant, email: &str) -> Value {
    let body = json!({"invites": [{"email": email, "grants": MEMBER}]});
    let made = app.post(&acme.path("invites"), &acme.token, &body).ok(201)["data"][0].clone();
    app.deliver();
    made
}

/// Lets the cron run, as the edge does.
fn cron(app: &App) {
    app.sweep();
    app.deliver();
}

fn sent(app: &App) -> Vec<Message> {
    app.machine.mailbox.tried.borrow().clone()
}

fn reminders(app: &App) -> Vec<Message> {
    sent(app).into_iter().filter(|message| message.subject.contains("about to expire")).collect()
}

/// The secret in the link of a mail.
fn link(message: &Message) -> String {
    let rest = message.text.split("/invites/").nth(1).unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn a_reminder_goes_out_once_in_its_hours_and_the_record_tells() {
    let (app, acme) = fixture();
    let made = invite(&app, &acme, "ann@example.com");
    app.pass(TTL - 24 - 1);
    cron(&app);
    assert!(reminders(&app).is_empty(), "too early");
    app.pass(1);
    for _ in 0..3 {
        cron(&app);
        app.pass(1);
    }
    let reminders = reminders(&app);
    assert_eq!(reminders.len(), 1);
    assert_eq!((reminders[0].to.as_str(), sent(&app).len()), ("ann@example.com", 2));
    assert!(reminders[0].text.contains(made["expires_at"].as_str().unwrap()), "{}", reminders[0].text);
    let events = app.get(&acme.path("audit-events?type=invite.reminded"), &acme.token).ok(200);
    let event = &events["data"][0];
    assert_eq!(events["data"].as_array().unwrap().len(), 1);
    assert_eq!((&event["via"], &event["actor"]["kind"]), (&json!("system"), &json!("system")));
    assert_eq!((&event["subject"]["id"], &event["after"]["email"]), (&made["id"], &json!("ann@example.com")));
    let seen = app.get(&acme.invite(&made), &acme.token).ok(200);
    assert_eq!(seen["reminded_at"], event["at"]);
    assert_eq!((&seen["sent_at"], &seen["sent_count"]), (&made["sent_at"], &json!(1)));
    assert!(!app.contents().contains("rcl_inv_"), "no secret in clear");
}

#[test]
fn the_links_of_mail_and_reminder_both_work_and_together_once() {
    for used in [0, 1] {
        let (app, acme) = fixture();
        invite(&app, &acme, "ann@example.com");
        app.pass(TTL - 24);
        cron(&app);
        let links: Vec<String> = sent(&app).iter().map(link).collect();
        assert_ne!(links[0], links[1]);
        for link in &links {
            assert_eq!(app.get(&format!("/v1/invites/{link}"), "").ok(200)["email"], "ann@example.com");
        }
        app.accept(&links[used]);
        for link in &links {
            app.try_accept(link).problem(410, "invite_used");
        }
    }
}

#[test]
fn neither_link_outlives_the_invite() {
    let (app, acme) = fixture();
    let made = invite(&app, &acme, "ann@example.com");
    app.pass(TTL - 24);
    cron(&app);
    let links: Vec<String> = sent(&app).iter().map(link).collect();
    app.pass(24);
    links.iter().for_each(|link| drop(app.try_accept(link).problem(410, "invite_expired")));
    let resend = format!("{}/resend", acme.invite(&made));
    let again = app.post(&resend, &acme.token, &json!({"deliver": "link"})).ok(200);
    assert_eq!(again["reminded_at"], Value::Null);
    links.iter().for_each(|link| drop(app.try_accept(link).problem(404, "not_found")));
    app.delete(&acme.invite(&made), &acme.token).ok(204);
    app.try_accept(&secret(&again)).problem(410, "invite_canceled");
}

#[test]
fn each_sending_has_its_own_reminder() {
    let (app, acme) = fixture();
    let made = invite(&app, &acme, "ann@example.com");
    for times in 1..=3 {
        app.pass(TTL - 24);
        cron(&app);
        cron(&app);
        assert_eq!(reminders(&app).len(), times);
        app.post(&format!("{}/resend", acme.invite(&made)), &acme.token, &json!({})).ok(200);
        app.deliver();
    }
}

#[test]
fn nobody_is_reminded_who_needs_it_no_more() {
    let (app, acme) = fixture();
    let [accepted, canceled, expired, changed] =
        ["a", "b", "c", "d"].map(|name| invite(&app, &acme, &format!("{name}@example.com")));
    app.accept(&link(&sent(&app)[0]));
    assert_eq!(accepted["status"], "pending");
    app.delete(&acme.invite(&canceled), &acme.token).ok(204);
    app.sql(&format!("UPDATE invites SET expires_at = 1 WHERE id = '{}'", text(&expired["id"]))).unwrap();
    app.patch(&acme.invite(&changed), &acme.token, &json!({"grants": ["minimal_workspace_access"]})).ok(200);
    app.pass(TTL - 24);
    cron(&app);
    let to: Vec<String> = reminders(&app).into_iter().map(|message| message.to).collect();
    assert_eq!(to, ["d@example.com"]);
}

#[test]
fn a_reminder_that_still_waits_when_the_invite_is_over_does_not_go_out() {
    let (app, acme) = fixture();
    let made = invite(&app, &acme, "ann@example.com");
    app.pass(TTL - 24);
    app.sweep();
    assert_eq!(app.mails().len(), 1);
    app.delete(&acme.invite(&made), &acme.token).ok(204);
    app.deliver();
    assert!(reminders(&app).is_empty());
}

#[test]
fn no_reminder_of_a_link_that_was_handed_over_or_a_mail_that_did_not_arrive() {
    let (app, acme) = fixture();
    let (handed, _) = app.invite(&acme, "a@example.com", MEMBER);
    app.machine.mailbox.answers.borrow_mut().push_back(Sending::Refused("no such address".to_owned()));
    let refused = invite(&app, &acme, "b@example.com");
    app.machine.mailbox.answers.borrow_mut().extend(vec![Sending::Later("busy".to_owned()); 10]);
    invite(&app, &acme, "c@example.com");
    app.pass(TTL - 24);
    app.sweep();
    assert_eq!(app.count("SELECT count(*) FROM outbox WHERE subject LIKE '%about to expire%'"), 0);
    assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE type = 'invite.reminded'"), 0);
    assert_eq!(app.count("SELECT count(*) FROM invites WHERE remind_at IS NOT NULL OR reminded_at IS NOT NULL"), 0);
    for made in [handed, refused] {
        assert_eq!(app.get(&acme.invite(&made), &acme.token).ok(200)["reminded_at"], Value::Null);
    }
}

#[test]
fn only_who_wants_reminders_gets_them_from_the_moment_on_that_they_do() {
    let (app, acme) = fixture();
    let other = app.tenant("other");
    invite(&app, &acme, "ann@example.com");
    invite(&app, &other, "ann@example.com");
    remind(&app, &acme, &Value::Null);
    app.pass(TTL - 24);
    cron(&app);
    assert!(reminders(&app).is_empty(), "nobody wants any now");
    remind(&app, &other, &json!(12));
    cron(&app);
    assert!(reminders(&app).is_empty(), "too early");
    remind(&app, &other, &json!(24));
    cron(&app);
    remind(&app, &other, &json!(48));
    cron(&app);
    let reminders = reminders(&app);
    assert_eq!(reminders.len(), 1);
    assert!(reminders[0].text.contains("workspace other"));
}

#[test]
fn an_invite_is_never_reminded_of_in_the_first_half_of_its_life() {
    let (app, acme) = fixture();
    remind(&app, &acme, &json!(720));
    invite(&app, &acme, "ann@example.com");
    app.pass(TTL / 2 - 1);
    cron(&app);
    assert!(reminders(&app).is_empty());
    app.pass(1);
    cron(&app);
    assert_eq!(reminders(&app).len(), 1);
}

#[test]
fn what_happens_to_an_invite_in_between_keeps_its_reminder_back() {
    for (meanwhile, later) in [
        // Another run took it.
        ("UPDATE invites SET remind_at = NULL, reminded_at = 1, reminder_hash = 'theirs'", 0),
        ("UPDATE invites SET status = 'accepted'", 0),
        ("UPDATE invites SET status = 'canceled'", 0),
        // Changed: the next run decides anew.
        ("UPDATE invites SET revision = revision + 1", 1),
    ] {
        let (app, acme) = fixture();
        invite(&app, &acme, "ann@example.com");
        app.pass(TTL - 24);
        app.machine.on_write_to("outbox", meanwhile);
        app.sweep();
        assert!(!app.machine.waits());
        let count = || {
            app.count("SELECT count(*) FROM outbox WHERE subject LIKE '%about to expire%'") * 10
                + app.count("SELECT count(*) FROM audit_events WHERE type = 'invite.reminded'")
        };
        assert_eq!(count(), 0, "{meanwhile}");
        app.sweep();
        assert_eq!(count(), later * 11, "{meanwhile}");
    }
}

#[test]
fn a_deleted_workspace_reminds_nobody_and_a_run_is_bounded() {
    let (app, acme) = fixture();
    let gone = app.tenant("gone");
    remind(&app, &gone, &json!(24));
    invite(&app, &gone, "ann@example.com");
    app.delete(&gone.root(), &gone.token).ok(204);
    let many: Vec<Value> =
        (0..60).map(|index| json!({"email": format!("p{index}@example.com"), "grants": MEMBER})).collect();
    app.post(&acme.path("invites"), &acme.token, &json!({"invites": many})).ok(201);
    (0..3).for_each(|_| app.deliver());
    app.pass(TTL - 24);
    let count = || app.count("SELECT count(*) FROM audit_events WHERE type = 'invite.reminded'");
    app.sweep();
    assert_eq!(count(), 49, "50 were looked at, and one of them is of a workspace that is gone");
    app.sweep();
    assert_eq!(count(), 60);
    assert_eq!(app.count("SELECT count(*) FROM invites WHERE remind_at IS NOT NULL"), 0);
}

#[test]
fn a_reminder_makes_nobody_lose_a_race() {
    let (app, acme) = fixture();
    let made = invite(&app, &acme, "ann@example.com");
    let tag = app.get(&acme.invite(&made), &acme.token).header("etag").to_owned();
    app.pass(TTL - 24);
    cron(&app);
    app.get(&format!("/v1/invites/{}", link(&sent(&app)[1])), "").ok(200);
    let body = json!({"grants": ["minimal_workspace_access"]});
    app.call_with("PATCH", &acme.invite(&made), &acme.token, &[("if-match", &tag)], &body).ok(200);
}

#[test]
fn a_run_looks_at_what_is_due_alone_and_either_secret_is_found_by_an_index() {
    let app = App::new();
    let plan = app.machine.plan(&reminder::due(Timestamp::from_ms(START)));
    assert!(plan.contains("invites_to_remind_of (remind_at>? AND remind_at<?)"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN"), "{plan}");
    let hash = rolecall::model::Secret::new(rolecall::model::SecretKind::Invite, [1; 20]).hash();
    let plan = app.machine.plan(&rolecall::store::invite::by_secret(&hash));
    assert!(plan.contains("invites_by_reminder (reminder_hash=?)") && plan.contains("(secret_hash=?)"), "{plan}");
}

#[test]
fn a_deployment_that_does_not_say_where_it_is_mails_no_link_that_leads_nowhere() {
    let (app, acme) = fixture();
    invite(&app, &acme, "ann@example.com");
    app.pass(TTL - 24);
    let app = app.without_origin();
    cron(&app);
    assert!(reminders(&app).is_empty());
    assert_eq!(app.count("SELECT count(*) FROM invites WHERE remind_at IS NOT NULL AND reminded_at IS NULL"), 1);
}
