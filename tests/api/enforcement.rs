//! Where SSO is required: who comes in otherwise, who may switch it on, and what keeps everybody from being locked out.

use std::rc::Rc;

use serde_json::{Value, json};

use crate::support::idp::{Provider, ann, merged};
use crate::support::{Answer, App, BOOTSTRAP, Tenant, text};

struct Fixture {
    app: App,
    acme: Tenant,
    provider: Rc<Provider>,
    connection: Value,
}

const ON: &str = r#"{"settings": {"require_sso": true}}"#;

fn on() -> Value {
    serde_json::from_str(ON).unwrap()
}

impl Fixture {
    fn new() -> Self {
        let app = App::new();
        let acme = app.tenant("acme");
        let provider = Provider::serving(&app, "ES256");
        let mappings = json!([{"group": "Admins", "grants": ["workspace_owner"]}, {"group": "Eng", "grants": ["workspace_member"]}]);
        let connection = app.connection(&acme, &json!({ "role_mappings": mappings }));
        Self { app, acme, provider, connection }
    }

    /// An owner's session that SSO opened.
    fn admin(&self) -> String {
        let claims = json!({"sub": "adm-1", "email": "adm@example.com", "email_verified": true, "groups": ["Admins"]});
        self.app.signed_in(&self.provider, &self.connection, &claims)
    }

    fn requiring() -> Self {
        let fixture = Self::new();
        let admin = fixture.admin();
        fixture.app.as_person("PATCH", &fixture.acme.root(), &admin, &on()).ok(200);
        fixture
    }

    fn look(&self, cookie: &str) -> Answer {
        self.app.as_person("GET", &self.acme.member("me"), cookie, &Value::Null)
    }

    fn path(&self) -> String {
        self.acme.path(&format!("sso/connections/{}", text(&self.connection["id"])))
    }
}

#[test]
fn it_is_switched_on_from_a_session_that_shows_that_it_works() {
    let fixture = Fixture::new();
    let (app, acme) = (&fixture.app, &fixture.acme);
    let (_, mailed) = app.member(acme, "olga@example.com", &["workspace_owner", "workspace_member"]);
    app.unchanged(|| app.patch(&acme.root(), &acme.token, &on())).problem(409, "sso_untested");
    app.unchanged(|| app.patch(&acme.root(), BOOTSTRAP, &on())).problem(409, "sso_untested");
    app.unchanged(|| app.as_person("PATCH", &acme.root(), &mailed, &on())).problem(409, "sso_untested");
    let admin = fixture.admin();
    app.patch(&fixture.path(), &acme.token, &json!({"active": false})).ok(200);
    app.unchanged(|| app.as_person("PATCH", &acme.root(), &admin, &on())).problem(409, "sso_untested");
    app.patch(&fixture.path(), &acme.token, &json!({"active": true})).ok(200);
    app.bill(acme, &json!({"plan": "team"}));
    app.unchanged(|| app.as_person("PATCH", &acme.root(), &admin, &on())).problem(402, "plan_required");
    app.bill(acme, &json!({"plan": "business"}));
    app.as_person("PATCH", &acme.root(), &admin, &on()).ok(200);
    // Off it goes from any.
    app.patch(&acme.root(), &acme.token, &json!({"settings": {"require_sso": false}})).ok(200);
}

#[test]
fn a_session_that_did_not_come_by_sso_is_told_where_to_sign_in() {
    let fixture = Fixture::new();
    let (_, mailed) = fixture.app.member(&fixture.acme, "ann@example.com", &["workspace_member"]);
    let admin = fixture.admin();
    fixture.look(&mailed).ok(200);
    fixture.app.as_person("PATCH", &fixture.acme.root(), &admin, &on()).ok(200);
    let refused = fixture.app.unchanged(|| fixture.look(&mailed)).problem(403, "sso_session_required");
    assert_eq!(refused["sign_in"], format!("/v1/sso/{}/login", text(&fixture.connection["id"])));
    let theirs = fixture.app.signed_in(&fixture.provider, &fixture.connection, &ann());
    fixture.look(&theirs).ok(200);
    // One of another workspace's connection is none of this one's.
    let other = fixture.app.tenant("other");
    let foreign = fixture.app.connection(&other, &json!({}));
    let row = format!(
        "INSERT INTO domains (workspace_id, id, domain, token, verified_at, created_at) \
        VALUES ('{}', 'dom_1', 'example.com', 't', 1, 1)",
        other.id
    );
    fixture.app.sql(&row).unwrap();
    let elsewhere = fixture.app.signed_in(&fixture.provider, &foreign, &ann());
    fixture.look(&elsewhere).problem(403, "sso_session_required");
    // Nor is one of a connection that was switched off since.
    let second = fixture.app.connection(&fixture.acme, &json!({"name": "Entra"}));
    let by_second = fixture.app.signed_in(&fixture.provider, &second, &ann());
    fixture.look(&by_second).ok(200);
    let path = fixture.acme.path(&format!("sso/connections/{}", text(&second["id"])));
    fixture.app.patch(&path, &fixture.acme.token, &json!({"active": false})).ok(200);
    fixture.look(&by_second).problem(403, "sso_session_required");
    // What isn't paid for is not required.
    fixture.app.bill(&fixture.acme, &json!({"plan": "team"}));
    fixture.look(&mailed).ok(200);
}

#[test]
fn owners_come_in_otherwise_and_it_is_told_once_a_session() {
    let fixture = Fixture::new();
    let (olga, mailed) =
        fixture.app.member(&fixture.acme, "olga@example.com", &["workspace_owner", "workspace_member"]);
    let told = || fixture.app.count("SELECT count(*) FROM audit_events WHERE type = 'sso.bypassed'");
    let admin = fixture.admin();
    fixture.look(&mailed).ok(200);
    assert_eq!(told(), 0);
    fixture.app.as_person("PATCH", &fixture.acme.root(), &admin, &on()).ok(200);
    for _ in 0..3 {
        fixture.look(&mailed).ok(200);
        fixture.look(&admin).ok(200);
    }
    assert_eq!(told(), 1);
    let event =
        &fixture.app.get(&fixture.acme.path("audit-events?type=sso.bypassed"), &fixture.acme.token).ok(200)["data"][0];
    assert_eq!((&event["actor"]["id"], &event["subject"]["id"]), (&json!(olga), &json!(olga)));
}

#[test]
fn who_is_exempt_comes_in_otherwise() {
    let fixture = Fixture::new();
    let (acc, mailed) = fixture.app.member(&fixture.acme, "ann@example.com", &["workspace_member"]);
    let admin = fixture.admin();
    fixture.app.as_person("PATCH", &fixture.acme.root(), &admin, &on()).ok(200);
    let exempt =
        |token: &str, is: bool| fixture.app.patch(&fixture.acme.member(&acc), token, &json!({"sso_exempt": is}));
    let shown = exempt(&fixture.acme.token, true).ok(200);
    assert_eq!(shown["sso_exempt"], json!(true));
    fixture.look(&mailed).ok(200);
    assert_eq!(fixture.app.count("SELECT count(*) FROM audit_events WHERE type = 'sso.bypassed'"), 0);
    // Who manages people alone exempts nobody.
    let hr = fixture.app.token(&fixture.acme, &json!({"name": "hr", "actions": ["member:edit"]}));
    fixture.app.unchanged(|| exempt(&hr, false)).problem(403, "forbidden");
    exempt(&fixture.acme.token, false).ok(200);
    fixture.look(&mailed).problem(403, "sso_session_required");
    fixture.app.patch(&fixture.acme.member(&acc), &fixture.acme.token, &json!({})).invalid("required", "/name");
}

#[test]
fn a_personal_token_opens_what_its_owner_could_without_sso_and_a_workspaces_token_goes_on() {
    let fixture = Fixture::requiring();
    let (app, acme) = (&fixture.app, &fixture.acme);
    let machine = app.token(acme, &json!({"name": "ci", "actions": ["member:view"]}));
    app.get(&acme.path("members"), &acme.token).ok(200);
    let grants = json!({"grants": ["workspace_member"]});
    app.put(&format!("{}/grants", acme.member(&acme.owner)), &acme.token, &grants).ok(200);
    app.get(&acme.path("seats"), &acme.token).problem(403, "sso_session_required");
    app.get(&acme.path("members"), &machine).ok(200);
}

#[test]
fn the_last_connection_stays_while_sso_is_required() {
    let fixture = Fixture::requiring();
    let (app, acme) = (&fixture.app, &fixture.acme);
    let off = json!({"active": false});
    app.unchanged(|| app.patch(&fixture.path(), &acme.token, &off)).problem(409, "last_connection");
    app.unchanged(|| app.delete(&fixture.path(), &acme.token)).problem(409, "last_connection");
    let second = app.connection(acme, &json!({"name": "Entra"}));
    let second = acme.path(&format!("sso/connections/{}", text(&second["id"])));
    // Of two that go at the same moment, one stays.
    let meanwhile = "UPDATE sso_connections SET active = 0 WHERE name = 'Entra'";
    app.meanwhile(meanwhile, || app.patch(&fixture.path(), &acme.token, &off)).problem(409, "last_connection");
    app.patch(&second, &acme.token, &json!({"active": true})).ok(200);
    app.patch(&fixture.path(), &acme.token, &off).ok(200);
    app.patch(&acme.root(), &acme.token, &json!({"settings": {"require_sso": false}})).ok(200);
    app.patch(&second, &acme.token, &off).ok(200);
    app.delete(&fixture.path(), &acme.token).ok(204);
}

#[test]
fn the_sessions_that_a_connection_opened_end_with_it() {
    let fixture = Fixture::new();
    let theirs = fixture.app.signed_in(&fixture.provider, &fixture.connection, &ann());
    fixture.look(&theirs).ok(200);
    fixture.app.delete(&fixture.path(), &fixture.acme.token).ok(204);
    fixture.look(&theirs).problem(401, "unauthenticated");
}

#[test]
fn a_trial_shows_what_a_login_would_give_and_gives_nothing() {
    let fixture = Fixture::new();
    let (app, acme) = (&fixture.app, &fixture.acme);
    app.patch(&fixture.path(), &acme.token, &json!({"active": false})).ok(200);
    let tests = format!("{}/tests", fixture.path());
    let begin = || app.post(&tests, &acme.token, &json!({"return_to": "/setup"})).ok(201);
    let made = begin();
    let come = |made: &Value, claims: &Value| {
        let begun = app.browse(&text(&made["url"]), &[]);
        let answer = fixture.provider.authorize(app, begun.header("location"), claims);
        app.come_back(&answer, &[("cookie", &crate::support::idp::cookie(&begun))])
    };
    let before = app.count("SELECT count(*) FROM accounts");
    let answer = come(&made, &merged(ann(), &json!({"secret_claim": "hush"})));
    assert_eq!((answer.status, answer.header("location"), answer.header("set-cookie")), (303, "/setup", ""));
    let shown = app.get(&format!("{tests}/{}", text(&made["id"])), &acme.token).ok(200);
    assert_eq!((&shown["url"], &shown["outcome"]["status"]), (&Value::Null, &json!("passed")), "{shown}");
    assert_eq!(shown["outcome"]["claims"]["groups"], json!(["Eng"]));
    assert_eq!(shown["outcome"]["grants"][0]["expression"], "workspace_member");
    assert_eq!(shown["outcome"]["groups"], json!(["Eng (Okta)"]));
    assert!(!app.contents().contains("hush\""), "a claim that nobody asked for is kept");
    assert_eq!(app.count("SELECT count(*) FROM accounts"), before);
    for table in ["sessions", "identities"] {
        assert_eq!(app.count(&format!("SELECT count(*) FROM {table}")), 0);
    }
    // It is begun once, by its own connection, and in time.
    app.browse(&text(&made["url"]), &[]).problem(404, "not_found");
    let second = app.connection(acme, &json!({"name": "Entra"}));
    let foreign = text(&begin()["url"]).replace(&text(&fixture.connection["id"]), &text(&second["id"]));
    app.browse(&foreign, &[]).problem(404, "not_found");
    let late = begin();
    app.pass(1);
    app.browse(&text(&late["url"]), &[]).problem(404, "not_found");

    let made = begin();
    come(&made, &merged(ann(), &json!({"email_verified": false})));
    let shown = app.get(&format!("{tests}/{}", text(&made["id"])), &acme.token).ok(200);
    assert_eq!(shown["outcome"]["refusal"]["code"], "email_unverified");
    assert_eq!(shown["outcome"]["claims"]["email"], "Ann@Example.com");
    let made = begin();
    fixture.provider.lies.borrow_mut().claims = Some(json!({"aud": "other"}));
    assert_eq!(come(&made, &ann()).header("location"), "/setup");
    let shown = app.get(&format!("{tests}/{}", text(&made["id"])), &acme.token).ok(200);
    assert_eq!(
        (&shown["outcome"]["refusal"]["code"], &shown["outcome"]["claims"]),
        (&json!("id_token_audience"), &Value::Null)
    );
    app.pass(48);
    app.sweep();
    assert_eq!(app.count("SELECT count(*) FROM sso_tests"), 0);
    app.post(&tests, &acme.token, &json!({"return_to": "//evil.example"})).problem(400, "invalid_return_to");
}
