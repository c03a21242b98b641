//! Sign-in by SAML through the whole API: what people get, and what is refused with which code and told.

use rolecall::model::{Secret, SecretKind};
use serde_json::{Value, json};

use crate::support::idp::{Provider, cookie as cookie_of};
use crate::support::saml::{Begun, ENTITY, Says, metadata};
use crate::support::{Answer, App, Tenant, text};

struct Fixture {
    app: App,
    acme: Tenant,
    connection: Value,
}

fn fixture(more: &Value) -> Fixture {
    let app = App::new();
    let acme = app.tenant("acme");
    let mut body = json!({"role_mappings": [{"group": "Eng", "grants": ["source_admin"]}]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let connection = app.saml(&acme, &body);
    Fixture { app, acme, connection }
}

impl Fixture {
    fn id(&self) -> String {
        text(&self.connection["id"])
    }

    fn begin(&self) -> Begun {
        self.app.begin_saml(&self.connection, "?return_to=/acme")
    }

    /// What the provider says to a login.
    fn says(&self, begun: &Begun) -> Says {
        Says { in_response_to: Some(begun.request.clone()), ..Says::ann(&self.id()) }
    }

    fn answer(&self, says: &Says, begun: &Begun) -> Answer {
        self.app.consume(&says.response(), &begun.state, &begun.cookie, &[])
    }

    /// Answers a new login and expects this refusal, which is told.
    #[track_caller]
    fn refused(&self, change: impl FnOnce(Says) -> Says, code: &str) {
        let begun = self.begin();
        let answer = self.answer(&change(self.says(&begun)), &begun);
        answer.problem(403, code);
        assert_eq!(self.told(), code);
    }

    /// The code of the last refusal that was told.
    fn told(&self) -> String {
        let path = self.acme.path("audit-events?type=sso.refused&limit=1");
        text(&self.app.get(&path, &self.acme.token).ok(200)["data"][0]["after"]["code"])
    }
}

#[test]
fn a_login_begins_with_a_request_and_ends_with_a_session() {
    let it = fixture(&json!({}));
    let begun = it.begin();
    assert!(begun.set_cookie.starts_with("__Host-rolecall-saml=") && begun.set_cookie.contains("; SameSite=None; "));
    assert!(begun.set_cookie.contains("; Secure; HttpOnly; "));
    assert!(begun.xml.contains("AssertionConsumerServiceURL=\"https://app.example/v1/sso/saml/acs\""));
    assert!(begun.xml.contains("Destination=\"https://idp.acme.example/sso?a=b\""));
    assert!(begun.xml.contains(&format!(">{}</saml:Issuer>", text(&it.connection["metadata_url"]))));
    let answer = it.answer(&it.says(&begun), &begun);
    assert_eq!((answer.status, answer.header("location")), (303, "/acme"), "{}", answer.body);
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let me = it.app.as_person("GET", "/v1/me", &cookie, &Value::Null).ok(200);
    assert_eq!((&me["account"]["email"], &me["account"]["name"]), (&json!("ann@example.com"), &json!("Ann Lee")));
    let member = it.app.get(&it.acme.member("ann@example.com"), &it.acme.token).ok(200);
    assert_eq!(
        (&member["provisioned_by"], &member["grants"][0]["expression"]),
        (&json!("jit"), &json!("source_admin"))
    );
    assert_eq!(member["grants"][0]["via"]["group"]["name"], "Eng (ADFS)");
}

#[test]
fn a_login_costs_four_round_trips_at_most() {
    let it = fixture(&json!({}));
    let begun = it.begin();
    let says = it.says(&begun);
    let before = it.app.machine.batches();
    it.answer(&says, &begun).ok(303);
    assert!(it.app.machine.batches() - before <= 4, "{}", it.app.machine.batches() - before);
    let before = it.app.machine.batches();
    let begun = it.begin();
    assert!(it.app.machine.batches() - before <= 2);
    // One with an invite, which takes the most.
    it.app.invite(&it.acme, "ben@example.com", &["workspace_member"]);
    let says = Says { id: "_ben".to_owned(), name: "ben@example.com".to_owned(), ..it.says(&begun) };
    let before = it.app.machine.batches();
    it.answer(&says, &begun).ok(303);
    assert_eq!(it.app.machine.batches() - before, 4);
}

#[test]
fn a_session_ends_when_the_provider_says_or_when_ours_would() {
    let week = 7 * 24 * 3600;
    for (until, seconds) in [
        (None, week),
        (Some("2026-01-01T08:00:00Z"), 8 * 3600),
        (Some("2026-01-07T23:59:59Z"), week - 1),
        (Some("2026-02-01T00:00:00Z"), week),
    ] {
        let it = fixture(&json!({}));
        let begun = it.begin();
        let answer = it.answer(&Says { session_until: until, ..it.says(&begun) }, &begun);
        assert_eq!(answer.status, 303, "{}", answer.body);
        let cookie = answer.header("set-cookie").to_owned();
        let age: i64 = cookie.rsplit('=').next().unwrap().parse().unwrap();
        assert!((seconds - 1..=seconds).contains(&age), "{until:?}: {cookie}");
        let cookie = cookie.split(';').next().unwrap();
        let me = || it.app.as_person("GET", "/v1/me", cookie, &Value::Null);
        it.app.pass_minutes(seconds / 60 - 1);
        me().ok(200);
        it.app.pass_minutes(2);
        me().problem(401, "unauthenticated");
    }
    // Over to the second: a session of no time is none, and nobody is sent in a circle.
    let it = fixture(&json!({}));
    it.refused(|says| Says { session_until: Some("2026-01-01T00:00:00Z"), ..says }, "saml_expired");
}

#[test]
fn what_is_not_genuine_is_refused_and_told() {
    let it = fixture(&json!({}));
    let elsewhere = it.app.saml(&it.app.tenant("elsewhere"), &json!({}));
    let other = text(&elsewhere["id"]);
    it.refused(|says| Says { issuer: "https://evil.example".to_owned(), ..says }, "saml_issuer");
    it.refused(|says| Says { audience: Says::ann(&other).audience, ..says }, "saml_audience");
    it.refused(|says| Says { audience: "https://app.example".to_owned(), ..says }, "saml_audience");
    it.refused(|says| Says { until: "2025-12-31T00:00:00Z".to_owned(), ..says }, "saml_expired");
    it.refused(|says| Says { from: Some("2026-01-01T00:02:00Z"), ..says }, "saml_not_yet_valid");
    it.refused(|says| Says { in_response_to: Some("_other".to_owned()), ..says }, "saml_in_response_to");
    it.refused(|says| Says { in_response_to: None, ..says }, "saml_in_response_to");
    it.refused(|says| Says { name: String::new(), ..says }, "saml_subject");
    it.refused(|says| Says { name: "nobody".to_owned(), attributes: Vec::new(), ..says }, "email_missing");
    assert_eq!(it.app.count("SELECT count(*) FROM members WHERE email = 'ann@example.com'"), 0);
}

/// What is done to an answer on its way, and the code that it is refused with.
type Bend = (fn(String) -> String, &'static str);

#[test]
fn what_was_bent_on_the_way_is_refused() {
    let it = fixture(&json!({}));
    let bends: [Bend; 10] = [
        (|xml| xml.replace("Ann@example.com", "olga@example.com"), "saml_digest_mismatch"),
        (|xml| xml.replace("Ann@example.com", "Ann@example.com<!---->.evil.example"), "saml_comment"),
        (|xml| xml.replace("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256"), "saml_weak_algorithm"),
        (|xml| xml.replace("xmldsig-more#rsa-sha256", "xmldsig#rsa-sha1"), "saml_weak_algorithm"),
        (|xml| format!("<!DOCTYPE x>{xml}"), "saml_doctype"),
        (|xml| format!("<!DOCTYPE r [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]>{xml}"), "saml_doctype"),
        (|xml| xml.replace("<ds:SignatureValue>", "<ds:SignatureValue>AAAA"), "saml_signature_mismatch"),
        (
            |xml| {
                xml.replace(
                    "</samlp:Status>",
                    "</samlp:Status><saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>",
                )
            },
            "saml_encrypted",
        ),
        (|xml| xml.replace(element(&xml, "ds:Signature"), ""), "saml_unsigned"),
        (|_| "hello".to_owned(), "saml_malformed"),
    ];
    for (bend, code) in bends {
        let begun = it.begin();
        let response = bend(it.says(&begun).response());
        it.app.consume(&response, &begun.state, &begun.cookie, &[]).problem(403, code);
        assert_eq!(it.told(), code);
    }
}

/// An element of this name with all that it holds.
fn element<'a>(xml: &'a str, name: &str) -> &'a str {
    let (start, end) = (xml.find(&format!("<{name}")).unwrap(), xml.find(&format!("</{name}>")).unwrap());
    &xml[start..end + name.len() + 3]
}

/// Text put in front of the end of an element.
fn inside(element: &str, text: &str) -> String {
    let end = element.rfind("</").unwrap();
    format!("{}{text}{}", &element[..end], &element[end..])
}

/// A login that was begun, and what the provider rightly answers.
fn genuine(it: &Fixture) -> (Begun, String) {
    let begun = it.begin();
    let response = it.says(&begun).response();
    (begun, response)
}

/// The assertion of an answer, its signature, and one without a signature that somebody forged of it.
fn parts(genuine: &str) -> (&str, &str, String) {
    let assertion = element(genuine, "saml:Assertion");
    let signature = element(assertion, "ds:Signature");
    let evil = assertion.replace(signature, "").replace("_one", "_evil").replace("Ann@example.com", "eve@example.com");
    (assertion, signature, evil)
}

#[test]
fn a_signature_that_was_moved_is_refused_in_eight_forms_and_told() {
    // Where the genuine assertion and its signature end up, and a forged one that stands where a careless reader looks.
    let forms: [fn(&str, &str, &str) -> String; 8] = [
        |evil, assertion, _| format!("{evil}{assertion}"),
        |evil, assertion, _| format!("{assertion}{evil}"),
        |evil, assertion, _| inside(evil, assertion),
        |evil, assertion, _| inside(assertion, evil),
        |evil, assertion, signature| format!("{}{}", inside(evil, signature), assertion.replace(signature, "")),
        |evil, assertion, signature| {
            inside(evil, &inside(signature, &format!("<ds:Object>{}</ds:Object>", assertion.replace(signature, ""))))
        },
        |evil, assertion, _| format!("<samlp:Extensions>{assertion}</samlp:Extensions>{evil}"),
        |evil, assertion, signature| inside(evil, &inside(signature, &format!("<ds:Object>{assertion}</ds:Object>"))),
    ];
    let it = fixture(&json!({}));
    for (form, wrap) in forms.iter().enumerate() {
        let (begun, genuine) = genuine(&it);
        let (assertion, signature, evil) = parts(&genuine);
        let wrapped = genuine.replace(assertion, &wrap(&evil, assertion, signature));
        let answer = it.app.consume(&wrapped, &begun.state, &begun.cookie, &[]);
        let code = answer.body["code"].clone();
        assert_eq!((answer.status, &code), (403, &json!("saml_several_assertions")), "form {}", form + 1);
        assert_eq!((it.told(), it.app.count("SELECT count(*) FROM sessions")), (text(&code), 0));
    }
    // Disguised, so that but one is to be counted.
    for tag in ["x", "saml:Advice"] {
        let (begun, genuine) = genuine(&it);
        let (assertion, signature, evil) = parts(&genuine);
        let hidden = assertion.replace(signature, "").replace("saml:Assertion", tag);
        let wrapped = genuine.replace(assertion, &format!("{}{hidden}", inside(&evil, signature)));
        it.app.consume(&wrapped, &begun.state, &begun.cookie, &[]).problem(403, "saml_signature_misplaced");
        assert_eq!(it.told(), "saml_signature_misplaced");
    }
}

#[test]
fn an_answer_is_taken_once_in_the_browser_that_began() {
    let it = fixture(&json!({}));
    let begun = it.begin();
    let says = it.says(&begun);
    // Login CSRF: an attacker has the victim's browser post the attacker's answer.
    let victim = it.begin();
    for cookie in ["", "__Host-rolecall-saml=x", &victim.cookie, &victim.cookie.replace("-saml", "-login")] {
        let answer = it.app.consume(&says.response(), &begun.state, cookie, &[]);
        answer.problem(403, "sso_other_browser");
    }
    assert_eq!(it.told(), "sso_other_browser");
    it.answer(&says, &begun).ok(303);
    it.answer(&says, &begun).problem(410, "sso_state_used");
    assert_eq!(it.told(), "sso_state_used");
    // The same answer to another login.
    it.answer(&says, &it.begin()).problem(403, "saml_in_response_to");
    assert_eq!(it.told(), "saml_in_response_to");
    let state = Secret::new(SecretKind::State, [7; 20]).reveal().to_owned();
    it.answer(&says, &Begun { state, ..begun }).problem(400, "sso_state_unknown");
    let late = it.begin();
    it.app.pass_minutes(11);
    it.answer(&it.says(&late), &late).problem(410, "sso_state_expired");
    assert_eq!(it.told(), "sso_state_expired");
}

#[test]
fn the_provider_begins_only_where_it_may() {
    let it = fixture(&json!({}));
    let says = Says::ann(&it.id());
    let post = |says: &Says, relay: &str| it.app.consume(&says.response(), relay, "", &[]);
    post(&says, "/acme").problem(403, "saml_unsolicited");
    assert_eq!(it.told(), "saml_unsolicited");
    let path = it.acme.path(&format!("sso/connections/{}", it.id()));
    it.app.patch(&path, &it.acme.token, &json!({"idp_initiated": true})).ok(200);
    let answer = post(&says, "/acme");
    assert_eq!((answer.status, answer.header("location")), (303, "/acme"), "{}", answer.body);
    assert!(answer.header("set-cookie").starts_with("__Host-rolecall="));
    post(&says, "/acme").problem(403, "saml_replayed");
    assert_eq!(it.told(), "saml_replayed");
    for (index, relay) in
        ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nset-cookie: b=c", ""].iter().enumerate()
    {
        let says = Says { id: format!("_again{index}"), ..says.clone() };
        assert_eq!(post(&says, relay).header("location"), "/", "{relay}");
    }
    // An answer to a request is none that nobody asked for.
    let answered = Says { id: "_answered".to_owned(), in_response_to: Some(it.begin().request), ..says.clone() };
    post(&answered, "/").problem(403, "saml_in_response_to");
    let stranger = Says { audience: "https://elsewhere.example".to_owned(), ..says.clone() };
    post(&stranger, "/").problem(400, "sso_state_unknown");
    it.app.patch(&path, &it.acme.token, &json!({"active": false})).ok(200);
    post(&Says { id: "_off".to_owned(), ..says }, "/").problem(403, "connection_inactive");
}

#[test]
fn an_assertion_is_remembered_as_long_as_it_would_be_taken() {
    let it = fixture(&json!({"idp_initiated": true}));
    it.app.consume(&Says::ann(&it.id()).response(), "/", "", &[]).ok(303);
    let kept = || it.app.count("SELECT count(*) FROM saml_assertions");
    it.app.sweep();
    assert_eq!(kept(), 1);
    it.app.pass(366 * 24);
    it.app.sweep();
    assert_eq!(kept(), 0);
}

#[test]
fn groups_that_are_not_sent_are_none() {
    let it = fixture(&json!({}));
    let sign_in = |groups: Vec<(&'static str, Vec<&'static str>)>| {
        let begun = it.begin();
        let says = Says { id: begun.request.replace('_', "_a"), attributes: groups, ..it.says(&begun) };
        it.answer(&says, &begun).ok(303);
        let member = it.app.get(&it.acme.member("ann@example.com"), &it.acme.token).ok(200);
        member["groups"].as_array().unwrap().len()
    };
    assert_eq!(sign_in(vec![("groups", vec!["Eng", "Other"])]), 1);
    assert_eq!(sign_in(vec![("displayName", vec!["Ann"])]), 0);
    assert_eq!(sign_in(vec![("groups", vec!["Eng"])]), 1);
    assert_eq!(sign_in(vec![("groups", Vec::new())]), 0);
}

#[test]
fn the_address_comes_from_the_name_or_from_an_attribute() {
    let it = fixture(&json!({}));
    const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
    const ENTRA: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
    let sign_in = |format: &'static str, name: &str, attributes: Vec<(&'static str, Vec<&'static str>)>| {
        let begun = it.begin();
        let (id, name) = (begun.request.replace('_', "_a"), name.to_owned());
        it.answer(&Says { id, name_format: format, name, attributes, ..it.says(&begun) }, &begun).ok(303);
    };
    sign_in(PERSISTENT, "a1b2", vec![("mail", vec!["ben@example.com"])]);
    sign_in(PERSISTENT, "a1b2", vec![("email", vec!["benjamin@example.com"])]);
    sign_in(TRANSIENT, "t1", vec![(ENTRA, vec!["cai@example.com"])]);
    sign_in(TRANSIENT, "t2", vec![(ENTRA, vec!["cai@example.com"])]);
    let people = it.app.texts("SELECT email AS text FROM members ORDER BY email");
    assert_eq!(people, ["ben@example.com", "cai@example.com", "owner@acme.example"]);
}

#[test]
fn metadata_make_a_connection_and_ours_are_for_the_provider() {
    let it = fixture(&json!({}));
    let facts = (&it.connection["entity_id"], &it.connection["sso_url"], &it.connection["idp_initiated"]);
    assert_eq!(facts, (&json!(ENTITY), &json!("https://idp.acme.example/sso?a=b"), &json!(false)));
    assert_eq!(it.connection["redirect_uri"], "https://app.example/v1/sso/saml/acs");
    let url = text(&it.connection["metadata_url"]);
    let shown = it.app.get(url.strip_prefix("https://app.example").unwrap(), "");
    assert_eq!(shown.header("content-type"), "application/samlmetadata+xml");
    let xml = text(&shown.ok(200));
    assert!(
        xml.contains(&format!("entityID=\"{url}\""))
            && xml.contains("Location=\"https://app.example/v1/sso/saml/acs\"")
    );
    let oidc = it.app.connection(&it.acme, &json!({}));
    it.app.get(&format!("/v1/sso/saml/metadata/{}", text(&oidc["id"])), "").problem(404, "not_found");
    for (xml, code) in [
        ("<x/>".to_owned(), "saml_metadata"),
        (format!("<!DOCTYPE x>{}", metadata(ENTITY)), "saml_doctype"),
        (metadata(ENTITY).replace("HTTP-Redirect", "HTTP-POST"), "saml_metadata"),
    ] {
        let body = json!({"protocol": "saml", "name": "Other", "metadata_xml": xml});
        it.app
            .unchanged(|| it.app.post(&it.acme.path("sso/connections"), &it.acme.token, &body))
            .invalid(code, "/metadata_xml");
    }
}

#[test]
fn another_provider_knows_nobody() {
    let it = fixture(&json!({}));
    let begun = it.begin();
    it.answer(&it.says(&begun), &begun).ok(303);
    assert_eq!(it.app.count("SELECT count(*) FROM identities"), 1);
    let path = it.acme.path(&format!("sso/connections/{}", it.id()));
    it.app.patch(&path, &it.acme.token, &json!({"metadata_xml": metadata("https://other.example")})).ok(200);
    assert_eq!(it.app.count("SELECT count(*) FROM identities"), 0);
}

#[test]
fn a_trial_login_shows_what_it_would_give() {
    let it = fixture(&json!({}));
    let path = it.acme.path(&format!("sso/connections/{}/tests", it.id()));
    let trial = it.app.post(&path, &it.acme.token, &Value::Null).ok(201);
    let begun = it.app.begin_saml(&it.connection, &format!("?test={}", text(&trial["id"])));
    let show = || it.app.get(&format!("{path}/{}", text(&trial["id"])), &it.acme.token).ok(200);
    // Another browser has no result to give.
    it.app.consume(&it.says(&begun).response(), &begun.state, "", &[]).problem(403, "sso_other_browser");
    assert_eq!(show()["outcome"], Value::Null);
    it.answer(&it.says(&begun), &begun).ok(303);
    let shown = show();
    assert!(shown.to_string().contains("Eng"), "{shown}");
    assert_eq!(it.app.count("SELECT count(*) FROM members WHERE email = 'ann@example.com'"), 0);
}

#[test]
fn a_login_of_one_protocol_is_not_answered_by_the_other() {
    let it = fixture(&json!({}));
    let begun = it.begin();
    let cookie = begun.cookie.replace("-saml", "-login");
    let path = format!("/v1/sso/oidc/callback?state={}&code=x", begun.state);
    let answer = it.app.call_with("GET", &path, "", &[("cookie", &cookie)], &Value::Null);
    answer.problem(400, "sso_state_unknown");
    let _provider = Provider::serving(&it.app, "ES256");
    let oidc = it.app.connection(&it.acme, &json!({}));
    let begun = it.app.browse(&text(&oidc["login_url"]), &[]);
    let state = begun.header("location").split("state=").nth(1).unwrap().split('&').next().unwrap();
    let cookie = cookie_of(&begun).replace("-login", "-saml");
    let response = Says::ann(&text(&oidc["id"])).response();
    it.app.consume(&response, state, &cookie, &[]).problem(400, "sso_state_unknown");
}

#[test]
fn people_see_a_page_and_programs_a_document() {
    let it = fixture(&json!({}));
    let begun = it.begin();
    let says = Says { issuer: "https://evil.example".to_owned(), ..it.says(&begun) };
    let answer = it.app.consume(&says.response(), &begun.state, &begun.cookie, &[crate::support::idp::HTML]);
    assert_eq!((answer.status, answer.header("location")), (303, "/sign-in?error=saml_issuer&return_to=%2Facme"));
    let json = it.app.post("/v1/sso/saml/acs", "", &json!({}));
    json.problem(415, "unsupported_media_type");
}

#[test]
fn a_deployment_without_saml_says_so() {
    let it = fixture(&json!({}));
    let begun = it.begin();
    it.app.machine.saml.is_there.set(false);
    let body = json!({"protocol": "saml", "name": "Other", "metadata_xml": "<x/>"});
    let refused = it.app.unchanged(|| it.app.post(&it.acme.path("sso/connections"), &it.acme.token, &body));
    refused.problem(501, "saml_unavailable");
    it.answer(&it.says(&begun), &begun).problem(501, "saml_unavailable");
    it.app.get(&format!("/v1/sso/{}/login", it.id()), "").problem(501, "saml_unavailable");
}
