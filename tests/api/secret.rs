//! Secrets: shown once, stored as hashes alone.

use serde_json::{Value, json};

use crate::support::{Answer, App, Tenant, secret, text};

const MEMBER: &[&str] = &["workspace_member"];

/// Every answer to a read that could show a secret.
fn reads(app: &App, acme: &Tenant) -> Vec<Answer> {
    let mut answers = vec![app.get("/v1/me", &acme.token)];
    for path in ["members", "invites", "tokens", "members/me", "resources", "groups", "labels"] {
        answers.push(app.get(&acme.path(path), &acme.token));
    }
    for (list, _) in [("invites", 0), ("tokens", 0)] {
        for id in app.get(&acme.path(list), &acme.token).column("id") {
            answers.push(app.get(&acme.path(&format!("{list}/{id}")), &acme.token));
        }
    }
    answers
}

#[test]
fn no_secret_is_in_the_database_or_in_any_read() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (invite, first) = app.invite(&acme, "ann@example.com", MEMBER);
    let resend = format!("{}/resend", acme.invite(&invite));
    let second = secret(&app.post(&resend, &acme.token, &json!({"deliver": "link"})).ok(200));
    let token = app.token(&acme, &json!({"name": "ci", "actions": ["member:view"]}));
    let (_, cookie) = app.accept(&second);
    let session = cookie.split_once('=').unwrap().1;
    assert!(app.contents().contains("ann@example.com"), "the picture shows texts as they are");
    for secret in [acme.token.as_str(), &first, &second, &token, session] {
        assert!(secret.starts_with("rcl_") && secret.len() > 40, "{secret}");
        // Nor without its prefix, nor without its checksum.
        let random = secret.rsplit('_').next().unwrap();
        assert!(!app.contents().contains(&random[..32]), "{secret}");
        for read in reads(&app, &acme) {
            assert!(!read.body.to_string().contains(&random[..32]), "{secret}: {}", read.body);
        }
    }
    assert!(reads(&app, &acme).iter().all(|read| !read.body.to_string().contains("rcl_")));
}

#[test]
fn a_mailed_invite_shows_its_link_to_nobody_but_the_addressee() {
    let app = App::new();
    let acme = app.tenant("acme");
    for body in [
        json!({"invites": [{"email": "ann@example.com", "grants": MEMBER}], "deliver": "email"}),
        json!({"invites": [{"email": "ben@example.com", "grants": MEMBER}]}),
    ] {
        let made = app.post(&acme.path("invites"), &acme.token, &body).ok(201);
        assert_eq!(made["data"][0].get("accept_url"), None);
        assert!(!made.to_string().contains("rcl_"));
        let resend = format!("{}/resend", acme.invite(&made["data"][0]));
        for resent in [Value::Null, json!({}), json!({"deliver": "email"})] {
            assert!(!app.post(&resend, &acme.token, &resent).ok(200).to_string().contains("rcl_"));
        }
    }
    assert!(!app.contents().contains("rcl_inv_"));
    assert_eq!(app.count("SELECT count(*) FROM outbox WHERE sealed IS NOT NULL AND sent_at IS NULL"), 2);
    let addressees =
        "SELECT count(DISTINCT to_email) FROM outbox WHERE to_email IN ('ann@example.com', 'ben@example.com')";
    assert_eq!(app.count(addressees), 2);
}

#[test]
fn what_is_over_leaves_no_mail_behind() {
    let app = App::new();
    let acme = app.tenant("acme");
    let body = json!({"invites": [{"email": "ann@example.com", "grants": MEMBER}, {"email": "ben@example.com", "grants": MEMBER}]});
    let made = app.post(&acme.path("invites"), &acme.token, &body).ok(201);
    let unsent = || app.count("SELECT count(*) FROM outbox WHERE sent_at IS NULL");
    app.delete(&acme.invite(&made["data"][0]), &acme.token).ok(204);
    assert_eq!(unsent(), 1);
    let resend = format!("{}/resend", acme.invite(&made["data"][1]));
    let sent = app.post(&resend, &acme.token, &json!({"deliver": "link"})).ok(200);
    assert_eq!(unsent(), 0);
    app.accept(&secret(&sent));
}

#[test]
fn a_secret_is_recognised_and_has_a_checksum() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, invite) = app.invite(&acme, "ann@example.com", MEMBER);
    assert!(invite.starts_with("rcl_inv_") && acme.token.starts_with("rcl_tok_"));
    for at in 8..invite.len() {
        let other = if &invite[at..=at] == "a" { "b" } else { "a" };
        let typo = format!("{}{other}{}", &invite[..at], &invite[at + 1..]);
        app.unchanged(|| app.try_accept(&typo)).problem(404, "not_found");
    }
    let (_, second) = app.invite(&acme, "ben@example.com", MEMBER);
    assert_ne!(text(&json!(invite)), second);
    app.accept(&invite);
}
