//! E-mail domains: added, proved by a record, given up, and one workspace's each.

use rolecall::host::{FetchError, Fetched};
use serde_json::{Value, json};

use crate::support::{App, Tenant, text};

impl App {
    /// Has the resolver answer each question with these records, as it writes them.
    pub(crate) fn records(&self, status: i64, records: &[Value]) {
        let body = json!({"Status": status, "Answer": records}).to_string().into_bytes();
        self.machine.web.serve(move |_| Ok(Fetched { status: 200, body: body.clone() }));
    }

    /// A domain of a workspace that is proved.
    pub(crate) fn domain(&self, tenant: &Tenant, name: &str, more: &Value) -> Value {
        let made = self.post(&tenant.path("domains"), &tenant.token, &json!({"domain": name})).ok(201);
        self.records(0, &[json!({"type": 16, "data": format!("\"{}\"", text(&made["record"]["value"]))})]);
        let path = tenant.path(&format!("domains/{}", text(&made["id"])));
        self.post(&format!("{path}/verify"), &tenant.token, &Value::Null).ok(200);
        self.patch(&path, &tenant.token, more).ok(200)
    }
}

impl App {
    /// A proved domain that gives the least, and somebody who asks to join by it: the ids of both.
    pub(crate) fn asking(&self, tenant: &Tenant) -> (String, String) {
        let domain = text(&self.domain(tenant, "acme.example", &json!({"grants": ["workspace_member"]}))["id"]);
        let (account, request) = (format!("acc_{}", "0".repeat(26)), format!("jrq_{}", "0".repeat(26)));
        let rows = format!(
            "INSERT INTO accounts VALUES ('{account}', 'asks@acme.example', 'Asks', 1);
             INSERT INTO join_requests (workspace_id, id, account_id, domain_id, created_at)
               VALUES ('{}', '{request}', '{account}', '{domain}', 1)",
            tenant.id
        );
        self.sql(&rows).unwrap();
        (domain, request)
    }
}

fn app() -> (App, Tenant) {
    let app = App::new();
    let acme = app.tenant("acme");
    (app, acme)
}

fn add(app: &App, acme: &Tenant, name: &str) -> Value {
    app.post(&acme.path("domains"), &acme.token, &json!({"domain": name})).ok(201)
}

fn verify(app: &App, acme: &Tenant, name: &str) -> crate::support::Answer {
    app.post(&acme.path(&format!("domains/{name}/verify")), &acme.token, &Value::Null)
}

#[test]
fn a_domain_is_proved_by_the_record_that_it_says() {
    let (app, acme) = app();
    let made = add(&app, &acme, "Acme.COM.");
    let facts = (&made["domain"], &made["verified"], &made["verified_at"], &made["auto_join"], &made["grants"]);
    assert_eq!(facts, (&json!("acme.com"), &json!(false), &Value::Null, &json!("off"), &json!([])));
    assert_eq!(
        (&made["record"]["type"], &made["record"]["name"]),
        (&json!("TXT"), &json!("_rolecall-challenge.acme.com"))
    );
    let value = text(&made["record"]["value"]);
    assert!(value.starts_with("rolecall-verify=") && value.len() == 16 + 32, "{value}");

    app.records(3, &[]);
    verify(&app, &acme, "acme.com").problem(409, "domain_unverified");
    app.records(0, &[json!({"type": 16, "data": "\"v=spf1 -all\""}), json!({"type": 5, "data": value})]);
    verify(&app, &acme, "acme.com").problem(409, "domain_unverified");
    app.records(
        0,
        &[json!({"type": 16, "data": format!("\"not {value}\"")}), json!({"type": 16, "data": format!("{value}0")})],
    );
    verify(&app, &acme, "acme.com").problem(409, "domain_unverified");
    let (one, two) = value.split_at(20);
    app.records(
        0,
        &[json!({"type": 16, "data": "\"other\""}), json!({"type": 16, "data": format!("\"{one}\" \"{two}\"")})],
    );
    let verified = verify(&app, &acme, "acme.com").ok(200);
    assert_eq!(verified["verified"], true);
    assert_eq!(app.get(&acme.path(&format!("domains/{}", text(&made["id"]))), &acme.token).ok(200), verified);
    let asked = app.machine.web.asked.borrow();
    assert_eq!(asked[0].url(), "https://resolver.example/dns-query?name=_rolecall-challenge.acme.com&type=TXT");
    assert_eq!(asked[0].headers, [("accept", "application/dns-json".to_owned())]);
}

#[test]
fn verifying_again_changes_nothing() {
    let (app, acme) = app();
    app.domain(&acme, "acme.com", &json!({}));
    let again = app.unchanged(|| verify(&app, &acme, "acme.com"));
    assert_eq!(again.ok(200)["verified"], true);
}

#[test]
fn a_resolver_that_does_not_answer_is_told_from_a_record_that_is_not_there() {
    let (app, acme) = app();
    add(&app, &acme, "acme.com");
    let broken: [fn() -> Result<Fetched, FetchError>; 5] = [
        || Err(FetchError::Unreachable),
        || Err(FetchError::TooSlow),
        || Ok(Fetched { status: 500, body: b"{\"Status\": 0}".to_vec() }),
        || Ok(Fetched { status: 200, body: b"<html>".to_vec() }),
        || Ok(Fetched { status: 200, body: b"{\"Status\": 2}".to_vec() }),
    ];
    for answer in broken {
        app.machine.web.serve(move |_| answer());
        app.machine.log.borrow_mut().clear();
        let refused = verify_raw(&app, &acme);
        assert_eq!((refused.0, refused.1.as_str()), (503, "unavailable"));
    }
}

/// A failure of a server is written to the log, which is nothing here.
fn verify_raw(app: &App, acme: &Tenant) -> (u16, String) {
    let request = http::Request::builder()
        .method("POST")
        .uri(acme.path("domains/acme.com/verify"))
        .header("authorization", format!("Bearer {}", acme.token))
        .body(Vec::new())
        .unwrap();
    let answer = app.open(request);
    let status = answer.status().as_u16();
    let mut body = answer.into_body();
    let body: Value = serde_json::from_slice(&app.next(&mut body).unwrap().unwrap()).unwrap();
    (status, text(&body["code"]))
}

#[test]
fn a_name_that_is_everybodys_is_nobodys() {
    let (app, acme) = app();
    for (name, code) in [
        ("gmail.com", "shared_domain"),
        ("co.uk", "shared_domain"),
        ("github.io", "shared_domain"),
        ("acme", "invalid_domain"),
        ("ann@acme.com", "invalid_domain"),
        ("acme.com/x?name=y", "invalid_domain"),
        ("10.0.0.1", "invalid_domain"),
    ] {
        let body = json!({"domain": name});
        app.unchanged(|| app.post(&acme.path("domains"), &acme.token, &body)).invalid(code, "/domain");
    }
}

#[test]
fn one_workspace_has_a_domain() {
    let (app, acme) = app();
    let globex = app.tenant("globex");
    add(&app, &globex, "acme.com");
    app.domain(&acme, "acme.com", &json!({}));
    let body = json!({"domain": "acme.com"});
    app.post(&acme.path("domains"), &acme.token, &body).problem(409, "domain_taken");
    app.unchanged(|| verify(&app, &globex, "acme.com")).problem(409, "domain_taken");
    let third = app.tenant("third");
    app.post(&third.path("domains"), &third.token, &body).problem(409, "domain_taken");
    app.delete(&acme.path("domains/acme.com"), &acme.token).ok(204);
    let theirs = app.get(&globex.path("domains/acme.com"), &globex.token).ok(200);
    app.records(0, &[json!({"type": 16, "data": theirs["record"]["value"]})]);
    assert_eq!(verify(&app, &globex, "acme.com").ok(200)["verified"], true);
}

#[test]
fn of_two_that_prove_it_at_once_one_has_it() {
    let (app, acme) = app();
    let globex = app.tenant("globex");
    add(&app, &globex, "acme.com");
    let made = add(&app, &acme, "acme.com");
    app.records(0, &[json!({"type": 16, "data": made["record"]["value"]})]);
    let theirs = format!("UPDATE domains SET verified_at = 1 WHERE workspace_id = '{}'", globex.id);
    app.meanwhile(&theirs, || verify(&app, &acme, "acme.com")).problem(409, "domain_taken");
}

#[test]
fn what_a_domain_gives_is_given_by_whoever_says_so() {
    let (app, acme) = app();
    app.domain(&acme, "acme.com", &json!({"auto_join": "join", "grants": ["workspace_member", "source_admin"]}));
    let path = acme.path("domains/acme.com");
    let patch = |body: Value| app.unchanged(|| app.patch(&path, &acme.token, &body));
    patch(json!({"auto_join": "always"})).invalid("invalid_auto_join", "/auto_join");
    patch(json!({"grants": ["nobody"]})).invalid("unknown_role", "/grants/0");
    patch(json!({"grants": ["workspace_member", "source_admin@source/none"]})).invalid("unknown_resource", "/grants/1");
    patch(json!({"grants": ["source_admin"]})).problem(422, "workspace_role_required");
    let narrow = app.token(&acme, &json!({"name": "x", "actions": ["sso:manage"]}));
    let more = json!({"grants": ["workspace_member", "source_admin", "function_admin"]});
    app.unchanged(|| app.patch(&path, &narrow, &more)).problem(403, "delegation_exceeded");
    let fewer = app.patch(&path, &narrow, &json!({"grants": ["workspace_member"]})).ok(200);
    assert_eq!((fewer["grants"].as_array().unwrap().len(), &fewer["auto_join"]), (1, &json!("join")));
    let none = app.patch(&path, &acme.token, &json!({"grants": []})).ok(200);
    assert_eq!(none["grants"], json!([]));
}

#[test]
fn what_a_domain_gives_ends_with_the_resource_and_is_in_nobodys_snapshot() {
    let (app, acme) = app();
    app.resource(&acme, "source/abc", &json!({}));
    app.domain(&acme, "acme.com", &json!({"grants": ["workspace_member", "source_admin@source/abc"]}));
    assert!(!app.get(&acme.path("snapshot"), &acme.token).ok(200).to_string().contains("dom_"));
    app.delete(&acme.path("resources/source/abc"), &acme.token).ok(204);
    let left = app.get(&acme.path("domains/acme.com"), &acme.token).ok(200);
    assert_eq!(left["grants"].as_array().unwrap().len(), 1);
}

#[test]
fn each_change_of_a_domain_is_told() {
    let (app, acme) = app();
    app.domain(&acme, "acme.com", &json!({"auto_join": "request"}));
    app.delete(&acme.path("domains/acme.com"), &acme.token).ok(204);
    app.get(&acme.path("domains/acme.com"), &acme.token).problem(404, "not_found");
    let told = app.get(&acme.path("audit-events?limit=4"), &acme.token).column("type");
    assert_eq!(told, ["domain.deleted", "domain.updated", "domain.verified", "domain.added"]);
    assert_eq!(app.count("SELECT count(*) FROM grants WHERE holder LIKE 'dom%'"), 0);
}

#[test]
fn where_people_sign_in_is_found_by_their_domain() {
    let (app, acme) = app();
    let ask = |email: &str| app.get(&format!("/v1/sso/discover?email={email}"), "");
    assert_eq!(ask("ann@acme.com").ok(200), json!({"connection": null}));
    app.domain(&acme, "acme.com", &json!({}));
    assert_eq!(ask("ann@acme.com").ok(200), json!({"connection": null}));
    let connection = app.connection(&acme, &json!({}));
    let found = ask("Nobody@ACME.com").ok(200);
    let (id, url) = (&connection["id"], &connection["login_url"]);
    assert_eq!(found, json!({"connection": {"id": id, "name": "Okta", "protocol": "oidc", "login_url": url}}));
    assert_eq!(ask("ann@eng.acme.com").ok(200), json!({"connection": null}), "a part of it is another domain");
    ask("acme.com").problem(400, "invalid_parameter");
    app.get("/v1/sso/discover", "").problem(400, "invalid_parameter");
    let path = acme.path(&format!("sso/connections/{}", text(id)));
    app.patch(&path, &acme.token, &json!({"active": false})).ok(200);
    assert_eq!(ask("ann@acme.com").ok(200), json!({"connection": null}));
    app.patch(&path, &acme.token, &json!({"active": true})).ok(200);
    app.bill(&acme, &json!({"plan": "team"}));
    assert_eq!(ask("ann@acme.com").ok(200), json!({"connection": null}));
}
