//! Logins that are not what they seem: each is refused by a code of its own, opens nothing, makes nobody, and is told.

use std::rc::Rc;

use serde_json::{Value, json};

use crate::support::idp::{HTML, ISSUER, Key, Lies, Provider, Signature, ann, cookie, merged};
use crate::support::{Answer, App, Tenant, text};

struct Fixture {
    app: App,
    acme: Tenant,
    provider: Rc<Provider>,
    connection: Value,
}

/// A login that was begun, and what the provider answers.
struct Begun {
    login: String,
    answer: Vec<(String, String)>,
}

impl Fixture {
    fn new(algorithm: &str) -> Self {
        let app = App::new();
        let acme = app.tenant("acme");
        let provider = Provider::serving(&app, algorithm);
        let connection = app.connection(&acme, &json!({}));
        Self { app, acme, provider, connection }
    }

    fn begin(&self) -> Begun {
        let begun = self.app.browse(&text(&self.connection["login_url"]), &[]);
        let login = cookie(&begun);
        Begun { answer: self.provider.authorize(&self.app, begun.header("location"), &ann()), login }
    }

    fn finish(&self, begun: &Begun) -> Answer {
        self.app.come_back(&begun.answer, &[("cookie", &begun.login)])
    }

    /// What was made by a login.
    fn made(&self) -> [i64; 3] {
        ["sessions", "identities", "accounts"].map(|table| self.app.count(&format!("SELECT count(*) FROM {table}")))
    }

    /// The codes of the refusals that were told, the last first.
    fn told(&self) -> Vec<String> {
        let events = self.app.get(&self.acme.path("audit-events?type=sso.refused"), &self.acme.token).ok(200);
        events["data"].as_array().unwrap().iter().map(|event| text(&event["after"]["code"])).collect()
    }

    /// What is wrong with an answer that should be a refusal which made nothing and was told; nothing, where it is one.
    fn fault(&self, answer: &Answer, code: &str) -> Option<String> {
        let events = self.app.get(&self.acme.path("audit-events?type=sso.refused"), &self.acme.token).ok(200);
        let told = events["data"].as_array().unwrap();
        let told: Vec<(&Value, &Value)> =
            told.iter().map(|event| (&event["after"]["code"], &event["subject"]["id"])).collect();
        let is_told = told == [(&json!(code), &self.connection["id"])];
        let is_right = answer.body["code"] == code && answer.header("set-cookie").is_empty();
        let made = self.made();
        let is_right = is_right && made == [0, 0, 1] && is_told;
        (!is_right).then(|| format!("{code}: {} {}, made {made:?}, told {told:?}", answer.status, answer.body["code"]))
    }

    /// Asserts that an answer is a refusal that made nothing and was told.
    #[track_caller]
    fn assert_refused(&self, what: &str, answer: &Answer, code: &str) {
        assert_eq!(self.fault(answer, code), None, "{what}");
    }
}

/// The code, what is wrong, and how.
type Forgery = (&'static str, &'static str, Lies);

fn claims(claims: Value) -> Lies {
    Lies { claims: Some(claims), ..Lies::default() }
}

fn header(header: Value) -> Lies {
    Lies { header: Some(header), ..Lies::default() }
}

fn keys(keys: fn(&mut Vec<Value>)) -> Lies {
    Lies { keys: Some(keys), ..Lies::default() }
}

fn payload(payload: fn(String) -> String) -> Lies {
    Lies { payload: Some(payload), ..Lies::default() }
}

fn token(token: fn(String) -> String) -> Lies {
    Lies { token: Some(token), ..Lies::default() }
}

fn signed(header: Value, signature: Signature) -> Lies {
    Lies { header: Some(header), signature, ..Lies::default() }
}

fn signatures() -> Vec<Forgery> {
    vec![
        ("id_token_unsigned", "alg none", signed(json!({"alg": "none"}), Signature::None)),
        ("id_token_unsigned", "alg NoNe", signed(json!({"alg": "NoNe"}), Signature::Right)),
        ("id_token_symmetric", "HS256 with the public key", signed(json!({"alg": "HS256"}), Signature::Shared)),
        ("id_token_algorithm", "RS384", header(json!({"alg": "RS384"}))),
        ("id_token_algorithm", "alg in small letters", header(json!({"alg": "rs256"}))),
        ("id_token_malformed", "no alg", header(json!({"alg": null}))),
        ("id_token_algorithm_mismatch", "another alg of the same key", header(json!({"alg": "PS256"}))),
        ("id_token_algorithm_mismatch", "an alg of another kind of key", header(json!({"alg": "ES256"}))),
        ("id_token_critical", "crit", header(json!({"crit": ["b64"], "b64": false}))),
        ("id_token_type", "an access token", header(json!({"typ": "at+jwt"}))),
        ("id_token_signature", "another key", signed(json!({}), Signature::Foreign)),
        ("id_token_signature", "a changed bit", signed(json!({}), Signature::Changed)),
        ("id_token_signature", "an empty signature", signed(json!({}), Signature::None)),
        ("id_token_key_unknown", "kid of nothing", header(json!({"kid": "two"}))),
        ("id_token_key_unknown", "kid as a path", header(json!({"kid": "../../../../dev/null"}))),
        ("id_token_key_unknown", "kid as an address", header(json!({"kid": "https://evil.example/keys"}))),
        ("id_token_key_unknown", "kid as SQL", header(json!({"kid": "one' UNION SELECT 'x"}))),
        ("id_token_malformed", "kid as a list", header(json!({"kid": ["one"]}))),
        (
            "id_token_signature",
            "a key that the token brings along",
            signed(json!({"jwk": own_key()}), Signature::Foreign),
        ),
        (
            "id_token_signature",
            "a key set that the token names",
            signed(json!({"jku": "https://evil.example"}), Signature::Foreign),
        ),
    ]
}

fn own_key() -> Value {
    Key::new("ES256").public("one")
}

fn set(name: &'static str, value: Value) -> impl Fn(&mut Vec<Value>) {
    move |keys| keys[0][name] = value.clone()
}

fn published() -> Vec<Forgery> {
    vec![
        ("id_token_key_unusable", "a key for encryption", keys(|keys| set("use", json!("enc"))(keys))),
        ("id_token_key_unusable", "a key that may not verify", keys(|keys| set("key_ops", json!(["encrypt"]))(keys))),
        ("id_token_key_unusable", "a private key", keys(|keys| set("d", json!("AQAB"))(keys))),
        ("id_token_key_unusable", "two keys of one name", keys(|keys| keys.push(keys[0].clone()))),
        ("id_token_key_unusable", "a modulus that is no number", keys(|keys| set("n", json!("**"))(keys))),
        ("id_token_algorithm_mismatch", "a key for another alg", keys(|keys| set("alg", json!("RS512"))(keys))),
        (
            "id_token_key_weak",
            "RSA of 1024 bits",
            keys(|keys| {
                let modulus = keys[0]["n"].as_str().unwrap()[..168].to_owned();
                set("n", json!(modulus))(keys);
            }),
        ),
        (
            "id_token_key_weak",
            "RSA of 1024 bits behind zeros",
            keys(|keys| {
                let modulus = format!("{}{}", "A".repeat(300), &keys[0]["n"].as_str().unwrap()[..172]);
                set("n", json!(modulus))(keys);
            }),
        ),
        ("id_token_key_weak", "an exponent of 1", keys(|keys| set("e", json!("AQ"))(keys))),
        ("sso_keys_invalid", "keys that are none", keys(|keys| *keys = vec![json!("one")])),
        ("sso_keys_invalid", "keys without end", keys(|keys| *keys = vec![keys[0].clone(); 101])),
    ]
}

fn contents() -> Vec<Forgery> {
    vec![
        ("id_token_issuer", "another issuer", claims(json!({"iss": "https://evil.example"}))),
        ("id_token_issuer", "an issuer that is longer", claims(json!({"iss": "https://idp.example/"}))),
        ("id_token_issuer", "no issuer", claims(json!({"iss": null}))),
        ("id_token_audience", "another client", claims(json!({"aud": "other"}))),
        ("id_token_audience", "no client", claims(json!({"aud": []}))),
        ("id_token_audience", "clients that don't hold us", claims(json!({"aud": ["a", "rolecall2"]}))),
        ("id_token_authorized_party", "several clients", claims(json!({"aud": ["rolecall", "other"]}))),
        ("id_token_authorized_party", "given to another", claims(json!({"azp": "other"}))),
        ("id_token_nonce", "another nonce", claims(json!({"nonce": "x"}))),
        ("id_token_nonce", "no nonce", claims(json!({"nonce": null}))),
        ("id_token_expired", "expired", claims(json!({"exp": {"now": -61}}))),
        ("id_token_malformed", "never expires", claims(json!({"exp": null}))),
        ("id_token_malformed", "expires in a text", claims(json!({"exp": "9999999999"}))),
        ("id_token_not_yet_valid", "not valid yet", claims(json!({"nbf": {"now": 120}}))),
        ("id_token_issued_in_future", "from the future", claims(json!({"iat": {"now": 120}}))),
        ("id_token_malformed", "of no time", claims(json!({"iat": null}))),
        ("id_token_subject", "no subject", claims(json!({"sub": null}))),
        ("id_token_subject", "an empty subject", claims(json!({"sub": ""}))),
        ("id_token_subject", "a subject that is a number", claims(json!({"sub": 7}))),
        ("id_token_subject", "a long subject", claims(json!({"sub": "x".repeat(256)}))),
        ("id_token_duplicate_member", "two subjects", payload(|json| json.replacen('{', r#"{"sub":"victim","#, 1))),
        (
            "id_token_duplicate_member",
            "two addresses, one of them escaped",
            payload(|json| json.replacen('{', r#"{"\u0065mail":"victim@example.com","#, 1)),
        ),
        ("id_token_too_large", "too long", claims(json!({"groups": ["x".repeat(16 * 1024)]}))),
        ("id_token_malformed", "no claims", payload(|_| "[]".to_owned())),
        ("id_token_malformed", "claims without end", payload(|json| json[..json.len() - 1].to_owned())),
        ("id_token_malformed", "an encrypted token", token(|token| format!("{token}.e30.e30"))),
        ("id_token_malformed", "padding", token(|token| format!("{token}=="))),
        ("id_token_malformed", "no token", token(|_| "x".to_owned())),
        ("email_missing", "no address", claims(json!({"email": null}))),
        (
            "email_invalid",
            "a header in the address",
            claims(json!({"email": "ann@example.com\r\nbcc: eve@evil.example"})),
        ),
        ("email_invalid", "two addresses in one", claims(json!({"email": "ann@example.com,eve@evil.example"}))),
        ("email_unverified", "an address that nobody verified", claims(json!({"email_verified": false}))),
    ]
}

fn answers() -> Vec<Forgery> {
    let answer = |status: u16, body: Value| Lies { answer: Some((status, body)), ..Lies::default() };
    let discovery = |members: Value| Lies { discovery: Some(members), ..Lies::default() };
    vec![
        ("id_token_missing", "no token at all", answer(200, json!({"access_token": "x"}))),
        ("sso_code_refused", "a used code", answer(400, json!({"error": "invalid_grant"}))),
        ("sso_client_refused", "a wrong secret", answer(401, json!({"error": "invalid_client"}))),
        ("sso_provider_error", "an error of theirs", answer(500, json!({"error": "<script>alert(1)</script>"}))),
        ("sso_provider_error", "a redirect", answer(302, Value::Null)),
        ("sso_provider_unreachable", "an answer without end", answer(200, json!({"id_token": "x".repeat(300 * 1024)}))),
        ("sso_discovery_issuer", "a configuration of another", discovery(json!({"issuer": "https://evil.example"}))),
        (
            "sso_discovery_invalid",
            "a token endpoint without TLS",
            discovery(json!({"token_endpoint": "http://evil.example/token"})),
        ),
        ("sso_discovery_invalid", "no keys", discovery(json!({"jwks_uri": null}))),
    ]
}

#[test]
fn what_a_provider_forges_is_refused_by_a_code_of_its_own_and_told() {
    let all: Vec<Forgery> = [signatures(), published(), contents(), answers()].into_iter().flatten().collect();
    let codes: std::collections::BTreeSet<&str> = all.iter().map(|(code, ..)| *code).collect();
    assert!(all.len() >= 60 && codes.len() >= 28, "{} cases, {} codes", all.len(), codes.len());
    let mut wrong = Vec::new();
    for (code, what, lies) in all {
        // There is one RSA key in these tests: another one is of another kind.
        let fixture = Fixture::new(if lies.signature == Signature::Foreign { "ES256" } else { "RS256" });
        let begun = fixture.begin();
        // What the provider said when the login began is forgotten: it lies from now on.
        fixture.app.machine.cache.forget();
        *fixture.provider.lies.borrow_mut() = lies;
        wrong.extend(fixture.fault(&fixture.finish(&begun), code).map(|fault| format!("{what}: {fault}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_login_without_a_forgery_succeeds() {
    for algorithm in ["RS256", "PS256", "ES256", "EdDSA"] {
        let fixture = Fixture::new(algorithm);
        for lies in [
            Lies::default(),
            // Within the clock's skew, and with what some providers add.
            claims(json!({"exp": {"now": -58}, "iat": {"now": 58}, "nbf": {"now": 58}})),
            claims(json!({"aud": ["rolecall"], "azp": "rolecall"})),
            claims(json!({"aud": ["rolecall", "other"], "azp": "rolecall"})),
            header(json!({"typ": null})),
            header(json!({"kid": null})),
            keys(|keys| keys.push(merged(own_key(), &json!({"kid": "enc", "use": "enc"})))),
        ] {
            let begun = fixture.begin();
            fixture.app.machine.cache.forget();
            *fixture.provider.lies.borrow_mut() = lies;
            let answer = fixture.finish(&begun);
            assert_eq!(answer.status, 303, "{algorithm}: {} {:?}", answer.body, fixture.provider.lies.borrow());
        }
    }
}

/// The code, what is wrong, and how the answer in the browser is bent.
type Bent = (&'static str, &'static str, fn(&mut Vec<(String, String)>));

fn put(answer: &mut Vec<(String, String)>, name: &str, value: &str) {
    answer.retain(|(other, _)| other != name);
    if !value.is_empty() {
        answer.push((name.to_owned(), value.to_owned()));
    }
}

const BENT: &[Bent] = &[
    ("sso_issuer_mismatch", "mix-up", |answer| put(answer, "iss", "https://evil.example")),
    ("sso_issuer_missing", "mix-up without a name", |answer| put(answer, "iss", "")),
    ("sso_code_refused", "a made-up code", |answer| put(answer, "code", "made-up")),
    ("sso_code_missing", "no code", |answer| put(answer, "code", "")),
    ("sso_denied", "a person who said no", |answer| put(answer, "error", "access_denied")),
    ("sso_provider_error", "an error", |answer| put(answer, "error", "server_error")),
    ("sso_provider_error", "an error with a header", |answer| put(answer, "error", "x\r\nset-cookie: a=b")),
];

#[test]
fn an_answer_that_was_bent_on_its_way_is_refused_by_a_code_of_its_own_and_told() {
    for (code, what, bend) in BENT {
        let fixture = Fixture::new("ES256");
        let mut begun = fixture.begin();
        bend(&mut begun.answer);
        let answer = fixture.finish(&begun);
        fixture.assert_refused(what, &answer, code);
        assert!(!answer.body.to_string().contains("set-cookie"), "{what}");
    }
}

#[test]
fn a_code_of_another_login_is_of_no_use() {
    // The attacker's own login, with the victim's code: the verifier and the nonce are those of the attacker's browser.
    let fixture = Fixture::new("ES256");
    let (victim, mut attacker) = (fixture.begin(), fixture.begin());
    put(&mut attacker.answer, "code", &victim.answer[0].1);
    fixture.assert_refused("code injection", &fixture.finish(&attacker), "sso_code_refused");
}

#[test]
fn an_answer_counts_in_the_browser_that_began() {
    for other in [true, false] {
        let fixture = Fixture::new("ES256");
        let begun = fixture.begin();
        let theirs = fixture.begin().login;
        let headers: &[(&str, &str)] = if other { &[("cookie", &theirs)] } else { &[] };
        let answer = fixture.app.come_back(&begun.answer, headers);
        fixture.assert_refused("login CSRF", &answer, "sso_other_browser");
        // Whoever it is meant for isn't kept from signing in by that.
        assert_eq!(fixture.finish(&begun).status, 303);
    }
}

#[test]
fn an_answer_counts_once_and_in_time() {
    let fixture = Fixture::new("ES256");
    let begun = fixture.begin();
    fixture.app.pass_minutes(10);
    fixture.assert_refused("late", &fixture.finish(&begun), "sso_state_expired");

    let fixture = Fixture::new("ES256");
    let mut begun = fixture.begin();
    put(&mut begun.answer, "code", "made-up");
    fixture.finish(&begun).problem(403, "sso_code_refused");
    // Even one that was refused.
    fixture.finish(&begun).problem(410, "sso_state_used");
    assert_eq!(fixture.told(), ["sso_state_used", "sso_code_refused"]);
    let begun = fixture.begin();
    assert_eq!(fixture.finish(&begun).status, 303);
    fixture.finish(&begun).problem(410, "sso_state_used");
    assert_eq!(fixture.told().len(), 3);
}

#[test]
fn an_answer_to_no_login_is_told_to_nobody() {
    let fixture = Fixture::new("ES256");
    let begun = fixture.begin();
    let unknown = "rcl_sso_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    for state in ["", "x", unknown, "' OR 1=1 --", &begun.login] {
        let mut answer = begun.answer.clone();
        put(&mut answer, "state", state);
        let headers = [("cookie", begun.login.as_str())];
        let answer = fixture.app.unchanged(|| fixture.app.come_back(&answer, &headers));
        answer.problem(400, "sso_state_unknown");
    }
    // Nor is one whose connection is gone.
    let path = fixture.acme.path(&format!("sso/connections/{}", text(&fixture.connection["id"])));
    fixture.app.delete(&path, &fixture.acme.token).ok(204);
    fixture.app.unchanged(|| fixture.finish(&begun)).problem(400, "sso_state_unknown");
}

#[test]
fn a_connection_that_is_switched_off_signs_nobody_in_not_even_who_is_on_the_way() {
    let fixture = Fixture::new("ES256");
    let begun = fixture.begin();
    let path = fixture.acme.path(&format!("sso/connections/{}", text(&fixture.connection["id"])));
    fixture.app.patch(&path, &fixture.acme.token, &json!({"active": false})).ok(200);
    fixture.assert_refused("switched off", &fixture.finish(&begun), "connection_inactive");
    fixture.app.browse(&text(&fixture.connection["login_url"]), &[]).problem(403, "connection_inactive");
    assert_eq!(fixture.told(), ["connection_inactive", "connection_inactive"]);
    let fixture = Fixture::new("ES256");
    let begun = fixture.begin();
    fixture.app.bill(&fixture.acme, &json!({"plan": "team"}));
    fixture.assert_refused("not paid for", &fixture.finish(&begun), "plan_required");
    fixture.app.browse(&text(&fixture.connection["login_url"]), &[]).problem(402, "plan_required");
}

#[test]
fn nobody_is_sent_to_another_site_afterwards() {
    let fixture = Fixture::new("ES256");
    let login = text(&fixture.connection["login_url"]);
    for path in
        ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nset-cookie: a=b", "", "/\t/evil.example"]
    {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("return_to", path).finish();
        let fixture = Fixture::new("ES256");
        let answer = fixture.app.browse(&format!("{login}?{query}"), &[]);
        fixture.assert_refused(path, &answer, "invalid_return_to");
        assert_eq!((answer.status, fixture.app.count("SELECT count(*) FROM sso_logins")), (400, 0));
    }
    let begun = fixture.app.browse(&format!("{login}?return_to=/acme/members?q=a%26b"), &[]);
    let answer = fixture.provider.authorize(&fixture.app, begun.header("location"), &ann());
    let answer = fixture.app.come_back(&answer, &[("cookie", &cookie(&begun))]);
    assert_eq!(answer.header("location"), "/acme/members?q=a&b");
}

#[test]
fn a_person_is_sent_to_a_page_that_says_why() {
    let fixture = Fixture::new("ES256");
    let mut begun = fixture.begin();
    put(&mut begun.answer, "error", "access_denied");
    let answer = fixture.app.come_back(&begun.answer, &[("cookie", &begun.login), HTML]);
    assert_eq!((answer.status, answer.header("location")), (303, "/sign-in?error=sso_denied"));
    let nowhere = format!("/v1/sso/idp_{}/login", "0".repeat(26));
    assert_eq!(fixture.app.browse(&nowhere, &[HTML]).header("location"), "/sign-in?error=not_found");
    fixture.app.browse(&nowhere, &[]).problem(404, "not_found");
}

#[test]
fn keys_are_changed_while_people_sign_in() {
    let fixture = Fixture::new("RS256");
    let keys_asked = || {
        fixture.app.machine.web.asked.borrow().iter().filter(|asked| asked.url() == format!("{ISSUER}/keys")).count()
    };
    assert_eq!(fixture.finish(&fixture.begin()).status, 303);
    assert_eq!(fixture.finish(&fixture.begin()).status, 303);
    assert_eq!(keys_asked(), 1, "kept");
    fixture.app.pass_minutes(2);
    fixture.provider.keys.borrow_mut().push(("two".to_owned(), Key::new("ES256")));
    assert_eq!(fixture.finish(&fixture.begin()).status, 303);
    assert_eq!(keys_asked(), 2, "asked once more for an unknown key");
    // Whoever makes names up doesn't have us ask without end.
    *fixture.provider.lies.borrow_mut() = header(json!({"kid": "made-up"}));
    for _ in 0..5 {
        fixture.finish(&fixture.begin()).problem(403, "id_token_key_unknown");
    }
    assert_eq!(keys_asked(), 2, "not within the minute");
    fixture.app.pass_minutes(2);
    fixture.finish(&fixture.begin()).problem(403, "id_token_key_unknown");
    fixture.finish(&fixture.begin()).problem(403, "id_token_key_unknown");
    assert_eq!(keys_asked(), 3, "once a minute");
    // What is kept is older than an hour at no time.
    fixture.app.pass_minutes(61);
    *fixture.provider.lies.borrow_mut() = Lies::default();
    assert_eq!(fixture.finish(&fixture.begin()).status, 303);
    assert_eq!(keys_asked(), 4);
}

#[test]
fn a_provider_that_is_down_is_told_apart_from_one_that_refuses() {
    let fixture = Fixture::new("ES256");
    let begun = fixture.begin();
    fixture.provider.is_down.set(true);
    fixture.assert_refused("down", &fixture.finish(&begun), "sso_provider_unreachable");
    fixture.app.machine.cache.forget();
    fixture.app.browse(&text(&fixture.connection["login_url"]), &[]).problem(502, "sso_provider_unreachable");
}

#[test]
fn the_database_knows_nothing_by_which_a_login_could_be_finished() {
    let fixture = Fixture::new("ES256");
    let begun = fixture.begin();
    let contents = fixture.app.contents();
    for secret in begun.answer.iter().map(|(_, value)| value).filter(|value| *value != ISSUER).chain([&begun.login]) {
        assert!(!contents.contains(secret.rsplit('=').next().unwrap()), "{secret}");
    }
    fixture.app.pass(2);
    fixture.app.sweep();
    assert_eq!(fixture.app.count("SELECT count(*) FROM sso_logins"), 0);
}
