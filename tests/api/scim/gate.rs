//! What SCIM takes: a token, the Business plan and an active SSO connection, when a token is made and at each request.

use serde_json::{Value, json};

use super::{Fixture, refused};
use crate::support::{App, text};

const NEW: &str = r#"{"name": "Okta"}"#;

#[test]
fn a_token_takes_the_plan_and_a_connection() {
    let body: Value = serde_json::from_str(NEW).unwrap();
    let app = App::new();
    let team = app.tenant_with("team", &json!({"plan": "team"}));
    app.post(&team.path("scim/tokens"), &team.token, &body).problem(402, "plan_required");
    let acme = app.tenant("acme");
    app.post(&acme.path("scim/tokens"), &acme.token, &body).problem(409, "sso_required");
}

#[test]
fn a_secret_is_shown_once_and_opens_scim_alone() {
    let fixture = Fixture::new();
    let path = fixture.acme.path("scim/tokens");
    let listed = fixture.app.get(&path, &fixture.acme.token).ok(200);
    assert_eq!(listed["data"][0]["secret"], Value::Null);
    assert_eq!(listed["data"][0]["base_url"], "https://app.example/scim/v2");
    assert!(fixture.token.starts_with("rcl_scim_"));
    fixture.app.get(&path, &fixture.token).problem(401, "unauthenticated");
    fixture.get("/Users").ok(200);
    let stolen = Fixture { token: fixture.acme.token.clone(), ..Fixture::new() };
    refused(stolen.get("/Users"), 401, None);
}

#[test]
fn without_a_token_that_works_nothing_is_told() {
    let mut fixture = Fixture::new();
    let whole = fixture.token.clone();
    for token in ["", "x", "rcl_scim_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", &whole[..whole.len() - 1]] {
        fixture.token = token.to_owned();
        for path in ["/Users", "/Nothing", "/ServiceProviderConfig"] {
            let answer = fixture.get(path);
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            refused(answer, 401, None);
        }
    }
}

#[test]
fn a_rotated_token_works_on_for_the_overlap() {
    let mut fixture = Fixture::new();
    let (acme, admin) = (fixture.acme.clone(), fixture.acme.token.clone());
    let id = text(&fixture.app.get(&acme.path("scim/tokens"), &admin).ok(200)["data"][0]["id"]);
    let rotate = acme.path(&format!("scim/tokens/{id}/rotate"));
    let new = fixture.app.post(&rotate, &admin, &json!({"overlap_hours": 2})).ok(201);
    let old = std::mem::replace(&mut fixture.token, text(&new["secret"]));
    fixture.get("/Users").ok(200);
    let token = std::mem::replace(&mut fixture.token, old);
    fixture.get("/Users").ok(200);
    fixture.app.pass(3);
    refused(fixture.get("/Users"), 401, None);
    fixture.token = token;
    fixture.get("/Users").ok(200);
    let path = acme.path(&format!("scim/tokens/{}", text(&new["id"])));
    fixture.app.delete(&path, &admin).ok(204);
    refused(fixture.get("/Users"), 401, None);
}

#[test]
fn the_last_sync_is_told_to_the_hour() {
    let fixture = Fixture::new();
    let seen = || {
        fixture.get("/Users").ok(200);
        let listed = fixture.app.get(&fixture.acme.path("scim/tokens"), &fixture.acme.token).ok(200);
        text(&listed["data"][0]["last_used_at"])
    };
    let first = seen();
    assert_eq!(seen(), first);
    fixture.app.pass(2);
    assert!(seen() > first);
}

#[test]
fn the_gates_hold_at_each_request_and_say_what_to_do() {
    let fixture = Fixture::new();
    fixture.app.sql("UPDATE sso_connections SET active = 0").unwrap();
    let told = refused(fixture.get("/Users"), 403, None);
    assert!(text(&told["detail"]).contains("active SSO connection"), "{told}");
    fixture.app.sql("UPDATE sso_connections SET active = 1").unwrap();
    fixture.get("/Users").ok(200);
    fixture.app.sql("UPDATE workspaces SET plan = 'team'").unwrap();
    let told = refused(fixture.call("POST", "/Users", &json!({"userName": "ann@example.com"})), 403, None);
    assert!(text(&told["detail"]).contains("Business"), "{told}");
}

#[test]
fn the_last_connection_stays_while_scim_is_on() {
    let fixture = Fixture::new();
    let (acme, admin) = (&fixture.acme, &fixture.acme.token);
    let path = acme.path(&format!("sso/connections/{}", fixture.connection));
    fixture.app.patch(&path, admin, &json!({"active": false})).problem(409, "last_connection");
    fixture.app.delete(&path, admin).problem(409, "last_connection");
    let id = text(&fixture.app.get(&acme.path("scim/tokens"), admin).ok(200)["data"][0]["id"]);
    fixture.app.delete(&acme.path(&format!("scim/tokens/{id}")), admin).ok(204);
    fixture.app.patch(&path, admin, &json!({"active": false})).ok(200);
}

#[test]
fn a_connection_that_goes_meanwhile_refuses_the_change() {
    let fixture = Fixture::new();
    let answer = fixture.app.meanwhile("UPDATE sso_connections SET active = 0", || {
        fixture.call("POST", "/Users", &json!({"userName": "ann@example.com"}))
    });
    refused(answer, 409, None);
    assert_eq!(fixture.app.count("SELECT count(*) FROM accounts WHERE email = 'ann@example.com'"), 0);
}
