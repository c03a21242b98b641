//! People arrive by an identity provider: who they are here, and what they hold from then on.

use serde_json::{Value, json};

use crate::support::idp::{Provider, ann, merged};
use crate::support::{App, Tenant, text};

use std::rc::Rc;

const MAPPED: &str = r#"[{"group": "Eng", "grants": ["source_admin@{environment:prod}"]}, {"group": "Ops", "grants": ["function_admin"]}]"#;

struct Fixture {
    app: App,
    acme: Tenant,
    provider: Rc<Provider>,
    connection: Value,
}

impl Fixture {
    fn new() -> Self {
        Self::with(&json!({}))
    }

    fn with(more: &Value) -> Self {
        let app = App::new();
        let acme = app.tenant("acme");
        app.post(&acme.path("labels"), &acme.token, &json!({"key": "environment", "value": "prod"})).ok(201);
        let provider = Provider::serving(&app, "RS256");
        let mappings: Value = serde_json::from_str(MAPPED).unwrap();
        let connection = app.connection(&acme, &merged(json!({"role_mappings": mappings}), more));
        Self { app, acme, provider, connection }
    }

    #[track_caller]
    fn signed_in(&self, claims: &Value) -> String {
        self.app.signed_in(&self.provider, &self.connection, claims)
    }

    #[track_caller]
    fn refused(&self, claims: &Value, status: u16, code: &str) -> Value {
        self.app.sign_in(&self.provider, &self.connection, claims).problem(status, code)
    }

    fn member(&self, key: &str) -> Value {
        self.app.get(&self.acme.member(key), &self.acme.token).ok(200)
    }

    fn grants(&self, key: &str) -> Vec<String> {
        self.member(key)["grants"].as_array().unwrap().iter().map(|grant| text(&grant["expression"])).collect()
    }

    fn events(&self, kind: &str) -> Vec<Value> {
        let found = self.app.get(&self.acme.path(&format!("audit-events?type={kind}")), &self.acme.token).ok(200);
        found["data"].as_array().unwrap().clone()
    }
}

#[test]
fn the_first_login_makes_the_account_and_the_member() {
    let fixture = Fixture::new();
    let cookie = fixture.signed_in(&ann());
    let member = fixture.member("ann@example.com");
    assert_eq!((&member["provisioned_by"], &member["name"]), (&json!("jit"), &json!("Ann")));
    assert_eq!(fixture.grants("ann@example.com"), ["source_admin@{environment:prod}"]);
    assert_eq!(member["grants"][0]["via"]["group"]["name"], "Eng (Okta)");
    let me = fixture.app.as_person("GET", "/v1/me", &cookie, &Value::Null).ok(200);
    assert_eq!((&me["account"]["id"], &me["workspaces"][0]["id"]), (&member["id"], &json!(fixture.acme.id)));
    let joined = &fixture.events("member.joined")[0];
    assert_eq!((&joined["via"], &joined["actor"]["email"]), (&json!("jit"), &json!("ann@example.com")));
    assert_eq!(joined["after"]["grants"][0]["expression"], "source_admin@{environment:prod}");
    assert_eq!(fixture.events("sso.signed_in")[0]["after"]["connection"], fixture.connection["id"]);
}

#[test]
fn who_is_in_no_mapped_group_gets_what_everyone_gets() {
    for groups in [json!([]), json!(["Sales"]), json!("Sales"), json!({"Eng": true}), Value::Null] {
        let fixture = Fixture::new();
        fixture.signed_in(&merged(ann(), &json!({"groups": groups})));
        assert_eq!(fixture.grants("ann@example.com"), ["source_read_only"], "{groups}");
    }
    // One text is a list of one.
    let fixture = Fixture::new();
    fixture.signed_in(&merged(ann(), &json!({"groups": "Ops"})));
    assert_eq!(fixture.grants("ann@example.com"), ["function_admin"]);
    // What everyone gets may have lost its resource since.
    let fixture = Fixture::new();
    fixture.app.resource(&fixture.acme, "source/web", &json!({}));
    let settings = json!({"settings": {"provisioned_grants": ["source_admin@source/web", "source_read_only"]}});
    fixture.app.patch(&fixture.acme.root(), &fixture.acme.token, &settings).ok(200);
    fixture.app.delete(&fixture.acme.path("resources/source/web"), &fixture.acme.token).ok(204);
    fixture.signed_in(&merged(ann(), &json!({"groups": []})));
    assert_eq!(fixture.grants("ann@example.com"), ["source_read_only"]);
}

#[test]
fn each_algorithm_is_believed() {
    for algorithm in ["RS256", "PS256", "ES256", "EdDSA"] {
        let app = App::new();
        let acme = app.tenant("acme");
        let provider = Provider::serving(&app, algorithm);
        let connection = app.connection(&acme, &json!({}));
        app.signed_in(&provider, &connection, &ann());
    }
}

#[test]
fn an_account_of_the_same_address_is_linked_and_never_doubled() {
    let fixture = Fixture::new();
    let (acc, _) = fixture.app.member(&fixture.acme, "ann@example.com", &["workspace_member"]);
    let cookie = fixture.signed_in(&ann());
    let me = fixture.app.as_person("GET", "/v1/me", &cookie, &Value::Null).ok(200);
    assert_eq!(me["account"]["id"], json!(acc));
    // What was given by hand stays beside what the provider gives.
    assert_eq!(fixture.grants("ann@example.com"), ["workspace_member", "source_admin@{environment:prod}"]);
    // From then on the subject is the person, whatever the address.
    let renamed = merged(ann(), &json!({"email": "ann.new@example.com"}));
    for claims in [renamed, merged(ann(), &json!({"email": null})), merged(ann(), &json!({"email_verified": false}))] {
        let cookie = fixture.signed_in(&claims);
        let me = fixture.app.as_person("GET", "/v1/me", &cookie, &Value::Null).ok(200);
        assert_eq!(me["account"]["id"], json!(acc), "{claims}");
    }
    assert_eq!(fixture.app.count("SELECT count(*) FROM accounts"), 2);
}

#[test]
fn the_address_of_another_subject_is_explained() {
    let fixture = Fixture::new();
    fixture.signed_in(&ann());
    let refused =
        fixture.refused(&merged(ann(), &json!({"sub": "ann-2", "email": "ANN@example.com"})), 409, "identity_conflict");
    assert!(text(&refused["detail"]).contains("alias"), "{refused}");
    // Another provider names people as it likes.
    let other = fixture.app.connection(&fixture.acme, &json!({"name": "Entra"}));
    fixture.app.signed_in(&fixture.provider, &other, &merged(ann(), &json!({"sub": "ann-2"})));
    // So does this one, once the connection is to another client of it.
    let path = fixture.acme.path(&format!("sso/connections/{}", text(&fixture.connection["id"])));
    fixture.app.patch(&path, &fixture.acme.token, &json!({"issuer": "https://other.example"})).ok(200);
    fixture.app.patch(&path, &fixture.acme.token, &json!({"issuer": "https://idp.example"})).ok(200);
    fixture.signed_in(&merged(ann(), &json!({"sub": "ann-2"})));
}

#[test]
fn an_address_is_believed_if_the_provider_verified_it_or_the_workspace_its_domain() {
    let doubtful = merged(ann(), &json!({"email_verified": false}));
    let fixture = Fixture::new();
    fixture.refused(&merged(ann(), &json!({"email": null})), 403, "email_missing");
    fixture.refused(&merged(ann(), &json!({"email": "ann"})), 403, "email_invalid");
    fixture.refused(&doubtful, 403, "email_unverified");
    fixture.refused(&merged(ann(), &json!({"email_verified": null})), 403, "email_unverified");
    fixture.refused(&merged(ann(), &json!({"email_verified": "false"})), 403, "email_unverified");
    let other = fixture.app.tenant("other");
    let verify = |tenant: &Tenant, at: &str| {
        let row = format!(
            "INSERT INTO domains (workspace_id, id, domain, token, verified_at, created_at) \
            VALUES ('{}', 'dom_{at}', 'example.com', 't', {at}, 1)",
            tenant.id
        );
        fixture.app.sql(&row).unwrap();
    };
    verify(&other, "1");
    fixture.refused(&doubtful, 403, "email_unverified");
    fixture.app.sql("DELETE FROM domains").unwrap();
    verify(&fixture.acme, "NULL");
    fixture.refused(&doubtful, 403, "email_unverified");
    fixture.app.sql("DELETE FROM domains").unwrap();
    verify(&fixture.acme, "1");
    fixture.signed_in(&doubtful);
    let fixture = Fixture::new();
    fixture.signed_in(&merged(ann(), &json!({"email_verified": "true"})));
}

#[test]
fn groups_follow_the_provider_and_what_was_given_by_hand_stays() {
    let fixture = Fixture::new();
    fixture.signed_in(&ann());
    let path = fixture.acme.path("members/ann@example.com/grants");
    fixture.app.post(&path, &fixture.acme.token, &json!({"grants": ["workspace_member"]})).ok(200);
    let with = |groups: Value| merged(ann(), &json!({"groups": groups}));
    fixture.signed_in(&with(json!(["Eng", "Ops"])));
    assert_eq!(
        fixture.grants("ann@example.com"),
        ["workspace_member", "source_admin@{environment:prod}", "function_admin"]
    );
    let version = fixture.app.count("SELECT version FROM workspaces");
    fixture.signed_in(&with(json!(["Eng", "Ops"])));
    assert_eq!(fixture.app.count("SELECT version FROM workspaces"), version, "nobody's access changed");
    fixture.signed_in(&with(json!(["Ops"])));
    assert_eq!(fixture.grants("ann@example.com"), ["workspace_member", "function_admin"]);
    // A provider that says nothing of groups takes nobody out of one.
    fixture.signed_in(&with(Value::Null));
    assert_eq!(fixture.grants("ann@example.com"), ["workspace_member", "function_admin"]);
    fixture.signed_in(&with(json!([])));
    assert_eq!(fixture.grants("ann@example.com"), ["workspace_member"]);
    let told = fixture.events("group.members_changed");
    assert_eq!(told.len(), 3, "{told:?}");
}

#[test]
fn mappings_may_be_applied_at_the_first_login_alone() {
    let fixture = Fixture::with(&json!({"sync": "first_login"}));
    fixture.signed_in(&ann());
    fixture.signed_in(&merged(ann(), &json!({"groups": ["Ops"]})));
    assert_eq!(fixture.grants("ann@example.com"), ["source_admin@{environment:prod}"]);
}

#[test]
fn the_last_owner_gets_in_and_stays_one_whatever_the_provider_says() {
    let owners = json!([{"group": "Owners", "grants": ["workspace_owner"]}]);
    let fixture = Fixture::with(&json!({ "role_mappings": owners }));
    fixture.signed_in(&merged(ann(), &json!({"groups": ["Owners"]})));
    fixture.app.delete(&fixture.acme.member(&fixture.acme.owner), &fixture.acme.token).ok(204);
    let cookie = fixture.signed_in(&merged(ann(), &json!({"groups": []})));
    let member = fixture.app.as_person("GET", &fixture.acme.member("me"), &cookie, &Value::Null).ok(200);
    assert_eq!(member["is_owner"], json!(true));
}

#[test]
fn a_pending_invite_is_superseded_and_its_offer_kept() {
    let fixture = Fixture::new();
    fixture.app.bill(&fixture.acme, &json!({"seat_limit": 2}));
    let (invite, secret) = fixture.app.invite(&fixture.acme, "ann@example.com", &["workspace_member"]);
    fixture.signed_in(&merged(ann(), &json!({"groups": ["Ops"]})));
    assert_eq!(fixture.grants("ann@example.com"), ["workspace_member", "function_admin"]);
    let shown = fixture.app.get(&fixture.acme.invite(&invite), &fixture.acme.token).ok(200);
    assert_eq!(shown["status"], "superseded");
    assert_eq!(fixture.events("invite.superseded")[0]["after"]["kept"], json!(true));
    let seats = fixture.app.get(&fixture.acme.path("seats"), &fixture.acme.token).ok(200);
    assert_eq!((&seats["active"], &seats["pending"]), (&json!(2), &json!(0)));
    fixture.app.try_accept(&secret).problem(410, "invite_used");
}

#[test]
fn an_offer_that_its_giver_may_no_longer_give_is_not_kept() {
    let fixture = Fixture::new();
    let (ben, cookie) = fixture.app.member(&fixture.acme, "ben@example.com", &["workspace_owner", "workspace_member"]);
    let body = json!({"invites": [{"email": "ann@example.com", "grants": ["workspace_member", "source_admin"]}]});
    fixture.app.as_person("POST", &fixture.acme.path("invites"), &cookie, &body).ok(201);
    let grants = json!({"grants": ["workspace_member"]});
    fixture.app.put(&format!("{}/grants", fixture.acme.member(&ben)), &fixture.acme.token, &grants).ok(200);
    fixture.signed_in(&merged(ann(), &json!({"groups": []})));
    assert_eq!(fixture.grants("ann@example.com"), ["source_read_only"]);
    assert_eq!(fixture.events("invite.superseded")[0]["after"]["kept"], json!(false));
    assert_eq!(fixture.app.count("SELECT count(*) FROM grants WHERE holder LIKE 'inv_%'"), 0);
}

#[test]
fn who_finds_no_seat_is_told_so() {
    let fixture = Fixture::new();
    fixture.app.bill(&fixture.acme, &json!({"seat_limit": 1}));
    let refused = fixture.refused(&ann(), 409, "seat_limit_reached");
    assert!(text(&refused["detail"]).contains("ann@example.com"), "{refused}");
    assert_eq!(fixture.events("sso.refused")[0]["after"]["code"], "seat_limit_reached");
    assert_eq!(fixture.app.count("SELECT count(*) FROM accounts"), 1);
    assert_eq!(fixture.app.count("SELECT count(*) FROM identities"), 0);
}

#[test]
fn a_login_takes_four_round_trips_at_most() {
    let fixture = Fixture::new();
    let login = |claims: &Value| {
        let begun = fixture.app.browse(&text(&fixture.connection["login_url"]), &[]);
        let cookie = crate::support::idp::cookie(&begun);
        let answer = fixture.provider.authorize(&fixture.app, begun.header("location"), claims);
        let before = fixture.app.machine.batches();
        let status = fixture.app.come_back(&answer, &[("cookie", &cookie)]).status;
        (status, fixture.app.machine.batches() - before)
    };
    assert_eq!(login(&ann()), (303, 3), "a first login");
    assert_eq!(login(&ann()), (303, 3), "another login");
    fixture.app.invite(&fixture.acme, "ben@example.com", &["workspace_member"]);
    let ben = json!({"sub": "ben-1", "email": "ben@example.com", "email_verified": true, "groups": ["Ops"]});
    assert_eq!(login(&ben), (303, 4), "one with an invite");
    let (status, trips) = login(&merged(ann(), &json!({"sub": "x"})));
    assert_eq!((status, trips), (409, 3), "one that is refused");
}

#[test]
fn a_provider_speaks_for_people_in_its_own_workspace_alone() {
    // Whoever runs a provider can have it say anything of anybody: a session that it opens is none of another workspace.
    let fixture = Fixture::new();
    let victim = fixture.app.tenant("victim");
    let (_, mailed) = fixture.app.member(&victim, "ann@example.com", &["workspace_owner", "workspace_member"]);
    let cookie = fixture.signed_in(&ann());
    let ask = |cookie: &str, path: &str| fixture.app.as_person("GET", path, cookie, &Value::Null);
    ask(&cookie, &victim.path("members")).problem(404, "not_found");
    ask(&cookie, &fixture.acme.member("me")).ok(200);
    let me = ask(&cookie, "/v1/me").ok(200);
    assert_eq!(me["workspaces"].as_array().unwrap().len(), 1);
    fixture.app.as_person("DELETE", "/v1/sessions", &cookie, &Value::Null).ok(204);
    ask(&mailed, &victim.path("members")).ok(200);
    // A domain that the workspace has verified makes its provider as good as the mailbox.
    let row = "INSERT INTO domains (workspace_id, id, domain, token, verified_at, created_at) VALUES ('{ws}', 'dom_1', 'example.com', 't', 1, 1)";
    fixture.app.sql(&row.replace("{ws}", &fixture.acme.id)).unwrap();
    let cookie = fixture.signed_in(&ann());
    ask(&cookie, &victim.path("members")).ok(200);
}

#[test]
fn who_is_removed_returns_by_the_identity_that_there_is() {
    let fixture = Fixture::new();
    fixture.signed_in(&ann());
    fixture.app.member(&fixture.acme, "ben@example.com", &["workspace_member"]);
    let returns_by = |email: &str| {
        let path = format!("{}?dry_run=true", fixture.acme.member(email));
        fixture.app.delete(&path, &fixture.acme.token).ok(200)["impact"]["returns_by"].clone()
    };
    assert_eq!((returns_by("ann@example.com"), returns_by("ben@example.com")), (json!("jit"), Value::Null));
    // Somebody who was invited, and signs in by the provider since.
    let ben = json!({"sub": "ben-1", "email": "ben@example.com", "email_verified": true});
    fixture.signed_in(&ben);
    assert_eq!(returns_by("ben@example.com"), json!("jit"));
    let path = fixture.acme.path(&format!("sso/connections/{}", text(&fixture.connection["id"])));
    fixture.app.patch(&path, &fixture.acme.token, &json!({"active": false})).ok(200);
    assert_eq!((returns_by("ann@example.com"), returns_by("ben@example.com")), (Value::Null, Value::Null));
}
