//! Callers: a token, a person's session or the operator; one at a time, and a session writes from this site alone.

use http::Request;
use rolecall::api::route::ROUTES;
use serde_json::{Value, json};

use crate::support::{Answer, App, BOOTSTRAP, Tenant, text};

const MEMBER: &[&str] = &["workspace_member"];
const LABEL: &[u8] = br#"{"key": "a", "value": "b"}"#;

/// Sends a write, or a read where the body is empty, with these headers.
fn send(app: &App, acme: &Tenant, method: &str, headers: &[(&str, &str)]) -> Answer {
    let builder = Request::builder().method(method).uri(acme.path("labels")).header("content-type", "application/json");
    let builder = headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, *value));
    app.send(builder.body(if method == "GET" { Vec::new() } else { LABEL.to_vec() }).unwrap())
}

#[test]
fn without_a_credential_only_the_public_routes_answer() {
    let public = [
        "/healthz",
        "/openapi.json",
        "/v1/roles",
        "/.well-known/authzen-configuration",
        "/v1/invites/:secret",
        "/v1/invites/:secret/accept",
        "/v1/sso/discover",
        "/v1/sso/saml/metadata/:connection",
        "/v1/sso/saml/acs",
        "/v1/sessions/email",
        "/v1/sessions/email/:secret",
        "/v1/sso/:connection/login",
        "/v1/sso/oidc/callback",
    ];
    let app = App::new();
    let acme = app.tenant("acme");
    for (method, path, _) in ROUTES {
        let filled = path.replace(":ws", &acme.id).replace(":acc", &acme.owner).replace(":type", "source");
        let answer = app.unchanged(|| app.call(method.as_str(), &filled.replace(':', ""), "", &json!({})));
        if public.contains(path) {
            assert_ne!(answer.status, 401, "{method} {path}");
        } else {
            assert_eq!(answer.header("www-authenticate"), "Bearer", "{method} {path}: {}", answer.body);
            answer.problem(401, "unauthenticated");
        }
    }
}

#[test]
fn a_bad_credential_is_401() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, cookie) = app.member(&acme, "ann@example.com", MEMBER);
    let session = cookie.split_once('=').unwrap().1.to_owned();
    let mut typo = acme.token.clone();
    typo.truncate(typo.len() - 1);
    let unknown = "rcl_tok_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    for bearer in [typo.as_str(), unknown, &session, "", "test-bootstra", "test-bootstrapp"] {
        send(&app, &acme, "GET", &[("authorization", &format!("Bearer {bearer}"))]).problem(401, "unauthenticated");
    }
    for header in ["Basic eDp5", "Bearer", &acme.token] {
        send(&app, &acme, "GET", &[("authorization", header)]).problem(401, "unauthenticated");
    }
    for value in [acme.token.as_str(), "", "rcl_ses_x"] {
        let cookie = format!("__Host-rolecall={value}");
        send(&app, &acme, "GET", &[("cookie", &cookie)]).problem(401, "unauthenticated");
    }
}

#[test]
fn two_credentials_at_once_are_ambiguous() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, cookie) = app.member(&acme, "ann@example.com", MEMBER);
    for bearer in [acme.token.as_str(), BOOTSTRAP, "nonsense"] {
        let headers = [
            ("authorization", format!("Bearer {bearer}")),
            ("cookie", cookie.clone()),
            ("origin", "https://app.example".into()),
        ];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        for method in ["GET", "POST"] {
            app.unchanged(|| send(&app, &acme, method, &headers)).problem(400, "ambiguous_credentials");
        }
    }
    let other_cookie = [("authorization", format!("Bearer {}", acme.token)), ("cookie", "theme=dark".to_owned())];
    let headers = other_cookie.each_ref().map(|(name, value)| (*name, value.as_str()));
    send(&app, &acme, "GET", &headers).ok(200);
}

#[test]
fn a_session_writes_from_this_site_alone() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, cookie) = app.member(&acme, "ann@example.com", &["workspace_owner"]);
    let refused: &[&[(&str, &str)]] = &[
        &[],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://app.example")],
        &[("origin", "https://app.example.evil.example")],
        &[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
    ];
    for headers in refused {
        let headers = [&[("cookie", cookie.as_str())], *headers].concat();
        app.unchanged(|| send(&app, &acme, "POST", &headers)).problem(403, "cross_site");
        send(&app, &acme, "GET", &headers).ok(200);
    }
    send(&app, &acme, "POST", &[("cookie", &cookie), ("origin", "https://app.example")]).ok(201);
    send(&app, &acme, "POST", &[("cookie", &cookie), ("sec-fetch-site", "same-origin")]).ok(200);
}

#[test]
fn the_cookie_is_for_this_host_and_out_of_reach_of_scripts() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, secret) = app.invite(&acme, "ann@example.com", MEMBER);
    let answer = app.try_accept(&secret);
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-rolecall="), "{cookie}");
    for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.split("; ").any(|part| part == attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[test]
fn without_a_bootstrap_token_in_the_settings_nobody_is_the_operator() {
    let app = App::with_bootstrap("");
    let body = json!({"name": "x", "slug": "xx", "owner": {"email": "a@example.com", "name": "A"}});
    for header in ["Bearer ", "Bearer", "Bearer  "] {
        let builder =
            Request::builder().method("POST").uri("/v1/workspaces").header("content-type", "application/json");
        let request = builder.header("authorization", header).body(body.to_string().into_bytes()).unwrap();
        app.unchanged(|| app.send(request)).problem(401, "unauthenticated");
    }
}

#[test]
fn me_is_the_person_behind_a_session_or_a_personal_token() {
    let app = App::new();
    let (acme, other) = (app.tenant("acme"), app.tenant("other"));
    let (ann, cookie) = app.member(&acme, "ann@example.com", &["workspace_member", "source_admin"]);
    app.member(&other, "ann@example.com", &["workspace_owner"]);
    let me = app.as_person("GET", "/v1/me", &cookie, &Value::Null).ok(200);
    assert_eq!(
        (me["account"]["id"].as_str(), me["account"]["email"].as_str()),
        (Some(ann.as_str()), Some("ann@example.com"))
    );
    let slugs: Vec<String> = me["workspaces"].as_array().unwrap().iter().map(|space| text(&space["slug"])).collect();
    assert_eq!(slugs, ["acme", "other"]);
    let actions = me["workspaces"][0]["actions"].as_array().unwrap();
    assert!(actions.contains(&json!("source:create")) && !actions.contains(&json!("member:view")), "{actions:?}");

    let owner = app.get("/v1/me", &acme.token).ok(200);
    assert_eq!(
        (owner["account"]["id"].as_str(), owner["workspaces"].as_array().unwrap().len()),
        (Some(acme.owner.as_str()), 1)
    );
}

#[test]
fn me_is_nobody_behind_a_token_of_the_workspace() {
    let app = App::new();
    let acme = app.tenant("acme");
    let token = app.token(&acme, &json!({"name": "ci", "actions": ["member:view"]}));
    let me = app.get("/v1/me", &token).ok(200);
    assert_eq!((&me["account"], &me["token"]["name"]), (&Value::Null, &json!("ci")));
    assert_eq!(me["workspaces"][0]["actions"], json!(["member:view"]));
    app.get("/v1/me", BOOTSTRAP).problem(403, "forbidden");
}

#[test]
fn a_session_ends_at_its_hour() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, cookie) = app.member(&acme, "ann@example.com", MEMBER);
    app.pass(7 * 24 - 1);
    app.as_person("GET", "/v1/me", &cookie, &Value::Null).ok(200);
    app.pass(1);
    app.as_person("GET", "/v1/me", &cookie, &Value::Null).problem(401, "unauthenticated");
}
