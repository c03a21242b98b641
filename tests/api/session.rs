//! Sessions: a link by mail signs in once, for a quarter of an hour, whoever asked; and out again.

use serde_json::{Value, json};

use crate::support::{Answer, App, BOOTSTRAP, Tenant, text};

fn fixture() -> (App, Tenant, String) {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, cookie) = app.member(&acme, "ann@example.com", &["workspace_member"]);
    (app, acme, cookie)
}

fn ask(app: &App, email: &str) -> Answer {
    app.post("/v1/sessions/email", "", &json!({"email": email}))
}

/// The secret of the last link that was mailed.
fn link(app: &App) -> String {
    let mail = app.mails().pop().unwrap();
    let from = mail.text.find("https://app.example/sign-in/").unwrap();
    mail.text[from..].split_whitespace().next().unwrap().rsplit('/').next().unwrap().to_owned()
}

fn open(app: &App, secret: &str) -> Answer {
    app.post(&format!("/v1/sessions/email/{secret}"), "", &Value::Null)
}

fn cookie_of(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

fn sign_in(app: &App, email: &str) -> String {
    ask(app, email).ok(202);
    let answer = open(app, &link(app));
    let cookie = cookie_of(&answer);
    answer.ok(201);
    cookie
}

#[test]
fn a_link_by_mail_opens_a_session() {
    let (app, ..) = fixture();
    let asked = ask(&app, " Ann@Example.com");
    assert_eq!((asked.status, &asked.body, asked.header("set-cookie")), (202, &Value::Null, ""));
    let secret = link(&app);
    assert!(secret.starts_with("rcl_lnk_"));
    assert!(!app.contents().contains("rcl_lnk_"), "only a hash and a sealed mail are stored");
    let opened = open(&app, &secret);
    let header = opened.header("set-cookie").to_owned();
    assert!(header.starts_with("__Host-rolecall=rcl_ses_"), "{header}");
    for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age=604800"] {
        assert!(header.split("; ").any(|part| part == attribute), "{header}");
    }
    let cookie = cookie_of(&opened);
    let account = opened.ok(201);
    assert_eq!(
        (&account["email"], account["id"].as_str().unwrap().get(..4)),
        (&json!("ann@example.com"), Some("acc_"))
    );
    let me = app.as_person("GET", "/v1/me", &cookie, &Value::Null).ok(200);
    assert_eq!((&me["account"], &me["workspaces"][0]["slug"]), (&account, &json!("acme")));
    assert!(!app.contents().contains(cookie.split_once('=').unwrap().1));
}

#[test]
fn known_and_unknown_addresses_get_the_same_answer_for_the_same_work() {
    let known = fixture().0;
    let unknown = fixture().0;
    for round in 0..8 {
        let work = |app: &App, email: &str| {
            let from = app.machine.statements();
            let answer = ask(app, email);
            (answer.status, answer.body, answer.headers.len(), app.machine.statements() - from)
        };
        let (one, other) = (work(&known, "ann@example.com"), work(&unknown, "not@example.com"));
        assert_eq!((one.0, &one), (202, &other), "{round}");
        for table in ["sign_in_links", "outbox"] {
            let rows = format!("SELECT count(*) FROM {table}");
            assert_eq!(known.count(&rows), unknown.count(&rows), "{table}");
        }
    }
    let secret = link(&unknown);
    unknown.unchanged(|| open(&unknown, &secret)).problem(404, "not_found");
}

#[test]
fn an_address_gets_five_links_an_hour_and_nobody_is_told() {
    let (app, ..) = fixture();
    let links = |email: &str| app.count(&format!("SELECT count(*) FROM sign_in_links WHERE email = '{email}'"));
    for _ in 0..7 {
        ask(&app, "ann@example.com").ok(202);
    }
    assert_eq!((links("ann@example.com"), app.mails().len()), (5, 5));
    ask(&app, "ben@example.com").ok(202);
    assert_eq!(links("ben@example.com"), 1, "an address has its own share");
    app.pass(1);
    ask(&app, "ann@example.com").ok(202);
    assert_eq!(links("ann@example.com"), 6);
}

#[test]
fn a_link_works_once_and_for_a_quarter_of_an_hour() {
    let (app, ..) = fixture();
    ask(&app, "ann@example.com").ok(202);
    let used = link(&app);
    open(&app, &used).ok(201);
    app.unchanged(|| open(&app, &used)).problem(410, "link_used");
    ask(&app, "ann@example.com").ok(202);
    let late = link(&app);
    app.pass(1);
    app.unchanged(|| open(&app, &late)).problem(410, "link_expired");
    app.unchanged(|| open(&app, &used)).problem(410, "link_used");
    for unknown in ["rcl_lnk_x", "x", &format!("{}a", &late[..late.len() - 1])] {
        app.unchanged(|| open(&app, unknown)).problem(404, "not_found");
    }
}

#[test]
fn a_link_that_is_used_meanwhile_opens_no_second_session() {
    let (app, ..) = fixture();
    ask(&app, "ann@example.com").ok(202);
    let secret = link(&app);
    let sessions = app.count("SELECT count(*) FROM sessions");
    app.machine.on_write_to("sign_in_links", "UPDATE sign_in_links SET used_at = 1");
    open(&app, &secret).problem(410, "link_used");
    assert!(!app.machine.waits());
    assert_eq!(app.count("SELECT count(*) FROM sessions"), sessions);
}

#[test]
fn signing_out_ends_this_session_or_all_of_them_and_nobody_elses() {
    let (app, acme, first) = fixture();
    let (_, bens) = app.member(&acme, "ben@example.com", &["workspace_member"]);
    let (second, third) = (sign_in(&app, "ann@example.com"), sign_in(&app, "ann@example.com"));
    let me = |cookie: &str| app.as_person("GET", "/v1/me", cookie, &Value::Null).status;
    let out = app.as_person("DELETE", "/v1/sessions/current", &second, &Value::Null);
    assert!(
        out.header("set-cookie").starts_with("__Host-rolecall=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
    );
    out.ok(204);
    assert_eq!((me(&first), me(&second), me(&third), me(&bens)), (200, 401, 200, 200));
    app.as_person("DELETE", "/v1/sessions", &third, &Value::Null).ok(204);
    assert_eq!((me(&first), me(&third), me(&bens)), (401, 401, 200));
    app.as_person("DELETE", "/v1/sessions/current", &third, &Value::Null).problem(401, "unauthenticated");
}

#[test]
fn a_token_has_no_session_to_end() {
    let (app, acme, _) = fixture();
    for path in ["/v1/sessions/current", "/v1/sessions"] {
        for token in [acme.token.as_str(), BOOTSTRAP] {
            app.unchanged(|| app.delete(path, token)).problem(403, "forbidden");
        }
    }
}

#[test]
fn another_site_signs_nobody_in_or_out() {
    let (app, _, cookie) = fixture();
    ask(&app, "ann@example.com").ok(202);
    let path = format!("/v1/sessions/email/{}", link(&app));
    for header in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
        app.unchanged(|| app.call_with("POST", &path, "", &[header], &Value::Null)).problem(403, "cross_site");
        let body = json!({"email": "ann@example.com"});
        app.unchanged(|| app.call_with("POST", "/v1/sessions/email", "", &[header], &body)).problem(403, "cross_site");
        for path in ["/v1/sessions/current", "/v1/sessions"] {
            let headers = [header, ("cookie", cookie.as_str())];
            app.unchanged(|| app.call_with("DELETE", path, "", &headers, &Value::Null)).problem(403, "cross_site");
        }
    }
    app.call_with("POST", &path, "", &[("origin", "https://app.example")], &Value::Null).ok(201);
}

#[test]
fn a_request_that_names_no_address_is_refused() {
    let (app, ..) = fixture();
    for bad in ["", "ann", "ann@example.com\r\nBcc: eve@example.com", "Ann <ann@example.com>"] {
        let code = app.unchanged(|| ask(&app, bad)).ok(422)["errors"][0]["path"].clone();
        assert_eq!(text(&code), "/email", "{bad}");
    }
    app.post("/v1/sessions/email?dry_run=true", "", &json!({"email": "a@example.com"}))
        .problem(400, "invalid_parameter");
}

#[test]
fn what_is_over_is_swept() {
    let (app, ..) = fixture();
    sign_in(&app, "ann@example.com");
    ask(&app, "not@example.com").ok(202);
    app.sweep();
    assert_eq!(app.count("SELECT count(*) FROM sign_in_links"), 2);
    app.pass(25);
    app.sweep();
    assert_eq!(app.count("SELECT count(*) FROM sign_in_links"), 0);
    assert_eq!(app.count("SELECT count(*) FROM outbox WHERE workspace_id IS NULL"), 0);
    assert_ne!(app.count("SELECT count(*) FROM sessions"), 0);
    app.pass(7 * 24);
    app.sweep();
    assert_eq!(app.count("SELECT count(*) FROM sessions"), 0);
}
