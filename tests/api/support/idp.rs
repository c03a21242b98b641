//! An identity provider behind the seam: it answers as a real one does, signs with keys of its own, and lies as it is told.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use http::Request;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaKeyPair,
};
use rolecall::host::{FetchError, Fetched, Outgoing};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Answer, App, Tenant, text};

/// The issuer of the provider.
pub(crate) const ISSUER: &str = "https://idp.example";
/// Who we are there.
pub(crate) const CLIENT: &str = "rolecall";
/// What browsers accept.
pub(crate) const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml");

fn base64(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// A key that signs by one algorithm.
pub(crate) enum Key {
    Rs256(RsaKeyPair),
    Ps256(RsaKeyPair),
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

pub(super) fn rsa() -> RsaKeyPair {
    let text: String = include_str!("rsa.txt").split_whitespace().collect();
    RsaKeyPair::from_pkcs8(&Base64::decode_vec(&text).unwrap()).unwrap()
}

impl Key {
    /// A key for an algorithm: new, but for RSA.
    pub(crate) fn new(algorithm: &str) -> Self {
        let random = SystemRandom::new();
        match algorithm {
            "RS256" => Self::Rs256(rsa()),
            "PS256" => Self::Ps256(rsa()),
            "ES256" => {
                let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref(), &random);
                Self::Es256(pair.unwrap())
            }
            "EdDSA" => {
                let der = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
                Self::EdDsa(Ed25519KeyPair::from_pkcs8(der.as_ref()).unwrap())
            }
            other => panic!("{other}"),
        }
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rs256(_) => "RS256",
            Self::Ps256(_) => "PS256",
            Self::Es256(_) => "ES256",
            Self::EdDsa(_) => "EdDSA",
        }
    }

    /// The public key as a provider shows it.
    pub(crate) fn public(&self, kid: &str) -> Value {
        let key = match self {
            Self::Rs256(pair) | Self::Ps256(pair) => {
                let ring::rsa::PublicKeyComponents { n, e } = pair.public().into();
                let (n, e): (Vec<u8>, Vec<u8>) = (n, e);
                json!({"kty": "RSA", "n": base64(&n), "e": base64(&e)})
            }
            Self::Es256(pair) => {
                let point = pair.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "x": base64(&point[1..33]), "y": base64(&point[33..])})
            }
            Self::EdDsa(pair) => json!({"kty": "OKP", "crv": "Ed25519", "x": base64(pair.public_key().as_ref())}),
        };
        merged(key, &json!({"kid": kid, "use": "sig", "alg": self.algorithm()}))
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        let by_rsa = |pair: &RsaKeyPair, padding| {
            let mut signature = vec![0; pair.public().modulus_len()];
            pair.sign(padding, &random, message, &mut signature).unwrap();
            signature
        };
        match self {
            Self::Rs256(pair) => by_rsa(pair, &RSA_PKCS1_SHA256),
            Self::Ps256(pair) => by_rsa(pair, &RSA_PSS_SHA256),
            Self::Es256(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::EdDsa(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }
}

/// An object with the members of another; `null` takes a member out.
pub(crate) fn merged(mut value: Value, more: &Value) -> Value {
    let members = value.as_object_mut().unwrap();
    for (name, value) in more.as_object().unwrap() {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    value
}

/// Claims in which `{"now": n}` is the time n seconds from now.
fn timed(mut claims: Value, now: i64) -> Value {
    for value in claims.as_object_mut().unwrap().values_mut() {
        if let Some(seconds) = value.get("now").and_then(Value::as_i64) {
            *value = (now + seconds).into();
        }
    }
    claims
}

/// What the provider gave a code for.
#[derive(Debug, Clone)]
struct Grant {
    challenge: String,
    nonce: String,
    claims: Value,
}

/// How a signature is bent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Signature {
    #[default]
    Right,
    None,
    /// HMAC by the text of the public key.
    Shared,
    /// Of another key of the same kind.
    Foreign,
    /// With one bit changed.
    Changed,
}

/// The ways in which the provider lies.
#[derive(Debug, Default)]
pub(crate) struct Lies {
    pub(crate) claims: Option<Value>,
    pub(crate) header: Option<Value>,
    pub(crate) payload: Option<fn(String) -> String>,
    pub(crate) token: Option<fn(String) -> String>,
    pub(crate) keys: Option<fn(&mut Vec<Value>)>,
    pub(crate) discovery: Option<Value>,
    pub(crate) answer: Option<(u16, Value)>,
    pub(crate) signature: Signature,
}

/// The provider.
pub(crate) struct Provider {
    /// The keys that it shows; the last one signs.
    pub(crate) keys: RefCell<Vec<(String, Key)>>,
    pub(crate) lies: RefCell<Lies>,
    pub(crate) is_down: Cell<bool>,
    codes: RefCell<HashMap<String, Grant>>,
    seconds: Cell<i64>,
}

fn json_answer(status: u16, body: &Value) -> Fetched {
    Fetched { status, body: body.to_string().into_bytes() }
}

impl Provider {
    /// A provider that answers all that the app asks, and signs by this algorithm.
    pub(crate) fn serving(app: &App, algorithm: &str) -> Rc<Self> {
        let provider = Rc::new(Self {
            keys: RefCell::new(vec![("one".to_owned(), Key::new(algorithm))]),
            lies: RefCell::default(),
            is_down: Cell::default(),
            codes: RefCell::default(),
            seconds: Cell::default(),
        });
        let server = Rc::clone(&provider);
        app.machine.web.serve(move |request| server.answer(request));
        provider
    }

    fn answer(&self, request: &Outgoing) -> Result<Fetched, FetchError> {
        if self.is_down.get() {
            return Err(FetchError::Unreachable);
        }
        match request.url().strip_prefix(ISSUER) {
            Some("/.well-known/openid-configuration") => Ok(json_answer(200, &self.configuration())),
            Some("/keys") => {
                let mut keys = self.keys.borrow().iter().map(|(kid, key)| key.public(kid)).collect();
                if let Some(bend) = self.lies.borrow().keys {
                    bend(&mut keys);
                }
                Ok(json_answer(200, &json!({ "keys": keys })))
            }
            Some("/token") => Ok(self.redeem(request)),
            _ => Ok(json_answer(404, &Value::Null)),
        }
    }

    fn configuration(&self) -> Value {
        let configuration = json!({
            "issuer": ISSUER, "jwks_uri": format!("{ISSUER}/keys"), "token_endpoint": format!("{ISSUER}/token"),
            "authorization_endpoint": format!("{ISSUER}/authorize"), "authorization_response_iss_parameter_supported": true,
        });
        merged(configuration, self.lies.borrow().discovery.as_ref().unwrap_or(&json!({})))
    }

    /// As the token endpoint of RFC 6749 with PKCE.
    fn redeem(&self, request: &Outgoing) -> Fetched {
        if let Some((status, body)) = &self.lies.borrow().answer {
            return json_answer(*status, body);
        }
        let form: HashMap<String, String> =
            form_urlencoded::parse(request.body.as_ref().unwrap().as_bytes()).into_owned().collect();
        let basic = format!("Basic {}", Base64::encode_string(format!("{CLIENT}:hush").as_bytes()));
        if !request.headers.contains(&("authorization", basic)) {
            return json_answer(401, &json!({"error": "invalid_client"}));
        }
        let is_ours = form["redirect_uri"] == "https://app.example/v1/sso/oidc/callback";
        let challenge = base64(&Sha256::digest(form["code_verifier"].as_bytes()));
        let grant = self.codes.borrow_mut().remove(&form["code"]);
        match grant.filter(|grant| is_ours && grant.challenge == challenge) {
            Some(grant) => json_answer(200, &json!({"token_type": "Bearer", "id_token": self.id_token(&grant)})),
            None => json_answer(400, &json!({"error": "invalid_grant"})),
        }
    }

    fn id_token(&self, grant: &Grant) -> String {
        let (lies, keys, now) = (self.lies.borrow(), self.keys.borrow(), self.seconds.get());
        let claims = json!({"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": grant.nonce});
        let claims = merged(merged(claims, &grant.claims), lies.claims.as_ref().unwrap_or(&json!({})));
        let claims = timed(claims, now);
        let payload = lies.payload.map_or(claims.to_string(), |bend| bend(claims.to_string()));
        let (kid, key) = keys.last().unwrap();
        let header = merged(
            json!({"alg": key.algorithm(), "kid": kid, "typ": "JWT"}),
            lies.header.as_ref().unwrap_or(&json!({})),
        );
        let signed = format!("{}.{}", base64(header.to_string().as_bytes()), base64(payload.as_bytes()));
        let signature = match lies.signature {
            Signature::Right => key.sign(signed.as_bytes()),
            Signature::None => Vec::new(),
            Signature::Shared => {
                let secret = key.public(kid).to_string();
                let secret = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
                ring::hmac::sign(&secret, signed.as_bytes()).as_ref().to_vec()
            }
            Signature::Foreign => Key::new(key.algorithm()).sign(signed.as_bytes()),
            Signature::Changed => {
                let mut signature = key.sign(signed.as_bytes());
                signature[7] ^= 1;
                signature
            }
        };
        let token = format!("{signed}.{}", base64(&signature));
        lies.token.map_or(token.clone(), |bend| bend(token))
    }

    /// What the provider answers in the browser to an authorization request, for somebody with these claims.
    pub(crate) fn authorize(&self, app: &App, place: &str, claims: &Value) -> Vec<(String, String)> {
        let query = place.strip_prefix(&format!("{ISSUER}/authorize?")).unwrap_or_else(|| panic!("{place}"));
        let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let fixed = ["response_type", "client_id", "code_challenge_method"].map(|name| asked[name].as_str());
        assert_eq!(fixed, ["code", CLIENT, "S256"]);
        self.seconds.set(app.machine.cache.now.get() / 1_000);
        let code = format!("code-{}", self.codes.borrow().len() + app.machine.web.asked.borrow().len());
        let (challenge, nonce) = (asked["code_challenge"].clone(), asked["nonce"].clone());
        self.codes.borrow_mut().insert(code.clone(), Grant { challenge, nonce, claims: claims.clone() });
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        vec![pair("code", &code), pair("state", &asked["state"]), pair("iss", ISSUER)]
    }
}

/// Somebody whom the provider knows well.
pub(crate) fn ann() -> Value {
    json!({"sub": "ann-1", "email": "Ann@Example.com", "email_verified": true, "name": "Ann", "groups": ["Eng"]})
}

/// The cookie that an answer sets.
pub(crate) fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

impl App {
    /// A connection to the provider, with these members of its body beside what it needs.
    pub(crate) fn connection(&self, tenant: &Tenant, more: &Value) -> Value {
        let body =
            json!({"protocol": "oidc", "name": "Okta", "issuer": ISSUER, "client_id": CLIENT, "client_secret": "hush"});
        self.post(&tenant.path("sso/connections"), &tenant.token, &merged(body, more)).ok(201)
    }

    /// Opens an address of ours in a browser with these headers.
    pub(crate) fn browse(&self, url: &str, headers: &[(&str, &str)]) -> Answer {
        let path = url.strip_prefix("https://app.example").unwrap_or(url);
        let builder = Request::builder().method("GET").uri(path);
        let builder = headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, *value));
        self.send(builder.body(Vec::new()).unwrap())
    }

    /// Opens the callback with this answer of the provider.
    pub(crate) fn come_back(&self, answer: &[(String, String)], headers: &[(&str, &str)]) -> Answer {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(answer).finish();
        self.browse(&format!("/v1/sso/oidc/callback?{query}"), headers)
    }

    /// Signs somebody in by a connection, as a browser does.
    pub(crate) fn sign_in(&self, provider: &Provider, connection: &Value, claims: &Value) -> Answer {
        let begun = self.browse(&text(&connection["login_url"]), &[HTML]);
        let login = cookie(&begun);
        let answer = provider.authorize(self, begun.header("location"), claims);
        self.come_back(&answer, &[("cookie", &login)])
    }

    /// The same, that succeeds: the session's cookie.
    #[track_caller]
    pub(crate) fn signed_in(&self, provider: &Provider, connection: &Value, claims: &Value) -> String {
        let answer = self.sign_in(provider, connection, claims);
        assert_eq!((answer.status, answer.header("location")), (303, "/"), "{}", answer.body);
        cookie(&answer)
    }
}
