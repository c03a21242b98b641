//! OIDC providers: what they say of themselves, kept for an hour, and what they give for a code.

use base64ct::{Base64, Encoding};
use form_urlencoded::Serializer;

use crate::host::{Cache as _, Fetch as _, FetchError, Fetched, Host, Outgoing, PublicKey, Verifier as _};
use crate::model::Connection;
use crate::oidc::{Claims, ClientAuth, Discovery, Expected, Fault, Keys, Token};

use super::context::Context;
use super::problem::{Code, Problem};
use super::seal;

/// How long a provider's documents are kept, in seconds.
const KEPT: u32 = 3_600;
/// How soon they are asked for again because of an unknown key, in milliseconds: whoever makes tokens up could else have us ask
/// without end.
const PAUSE: i64 = 60_000;
/// How long an answer of a provider may be.
const MOST: usize = 256 * 1024;

/// What is known of a provider.
pub(super) struct Provider {
    pub(super) discovery: Discovery,
    keys: Keys,
    /// When it was asked.
    at: i64,
    documents: [String; 2],
}

fn unreachable(error: FetchError) -> Problem {
    let why = match error {
        FetchError::Unreachable => "the identity provider can't be reached",
        FetchError::TooSlow => "the identity provider took too long to answer",
        FetchError::TooLarge => "the identity provider answered more than a login takes",
    };
    Problem::new(Code::SsoProviderUnreachable, why)
}

/// What our settings of an OIDC connection are there for; one without them can't be.
fn set(setting: Option<&String>) -> Result<&str, Problem> {
    setting.map(String::as_str).ok_or_else(|| Problem::internal("an OIDC connection lacks its settings"))
}

/// The issuer of an OIDC connection.
pub(super) fn issuer(connection: &Connection) -> Result<&str, Problem> {
    set(connection.issuer.as_ref())
}

/// Who we are at the provider of an OIDC connection.
pub(super) fn client(connection: &Connection) -> Result<&str, Problem> {
    set(connection.client_id.as_ref())
}

/// Under another revision a connection may be to another provider.
fn key(connection: &Connection) -> String {
    format!("oidc/{}/{}", connection.id, connection.revision)
}

async fn document<H: Host>(cx: &Context<'_, H>, url: &str) -> Result<String, Problem> {
    let request = Outgoing::get(url).ok_or(Fault::Discovery)?;
    let answer = cx.host.web().fetch(&request, MOST).await.map_err(unreachable)?;
    if answer.status != 200 {
        let detail =
            format!("the identity provider answered {} where its configuration or keys should be", answer.status);
        return Err(Problem::new(Code::SsoProviderUnreachable, detail));
    }
    String::from_utf8(answer.body).map_err(|_| Fault::Discovery.into())
}

fn read(connection: &Connection, at: i64, documents: [String; 2]) -> Result<Provider, Problem> {
    let [configuration, keys] = &documents;
    Ok(Provider {
        discovery: Discovery::parse(configuration.as_bytes(), issuer(connection)?)?,
        keys: Keys::parse(keys.as_bytes())?,
        at,
        documents,
    })
}

/// The provider of a connection, as it was within the hour.
///
/// # Errors
/// When it can't be asked, or says nothing that a login can be built on.
pub(super) async fn find<H: Host>(cx: &Context<'_, H>, connection: &Connection) -> Result<Provider, Problem> {
    let kept = cx.host.cache().get(&key(connection)).await;
    let kept = kept.and_then(|text| serde_json::from_str::<(i64, [String; 2])>(&text).ok());
    if let Some(provider) = kept.and_then(|(at, documents)| read(connection, at, documents).ok()) {
        return Ok(provider);
    }
    let configuration = document(cx, &Discovery::place(issuer(connection)?)).await?;
    let place = Discovery::parse(configuration.as_bytes(), issuer(connection)?)?.jwks_uri;
    let keys = document(cx, &place).await?;
    keep(cx, connection, [configuration, keys]).await
}

async fn keep<H: Host>(
    cx: &Context<'_, H>,
    connection: &Connection,
    documents: [String; 2],
) -> Result<Provider, Problem> {
    let provider = read(connection, cx.now.as_ms(), documents)?;
    let text = serde_json::json!([provider.at, provider.documents]).to_string();
    cx.host.cache().put(&key(connection), &text, KEPT).await;
    Ok(provider)
}

/// The key that a token says it is signed with. The provider is asked once more where it isn't known: keys are changed while
/// people sign in.
async fn key_of<H: Host>(
    cx: &Context<'_, H>,
    connection: &Connection,
    provider: Provider,
    token: &Token<'_>,
) -> Result<PublicKey, Problem> {
    match provider.keys.of(token) {
        Err(Fault::KeyUnknown) if cx.now.as_ms() - provider.at >= PAUSE => {
            let [configuration, _] = provider.documents;
            let keys = document(cx, &provider.discovery.jwks_uri).await?;
            Ok(keep(cx, connection, [configuration, keys]).await?.keys.of(token)?)
        }
        found => Ok(found?),
    }
}

/// What the provider claims of a person for this code.
///
/// # Errors
/// When it doesn't redeem the code, or its token isn't to be believed.
pub(super) async fn redeem<H: Host>(
    cx: &Context<'_, H>,
    connection: &Connection,
    provider: Provider,
    code: &str,
    (verifier, nonce): (&str, &str),
) -> Result<Claims, Problem> {
    let request = redemption(cx, connection, &provider.discovery, code, verifier)?;
    let answer = cx.host.web().fetch(&request, MOST).await.map_err(unreachable)?;
    let text = id_token(&answer)?;
    let token = Token::parse(&text)?;
    let key = key_of(cx, connection, provider, &token).await?;
    if !cx.host.verifier().verify(token.algorithm, &key, token.signed, &token.signature).await {
        return Err(Fault::Signature.into());
    }
    let claims = token.claims()?;
    claims.check(&Expected { issuer: issuer(connection)?, client: client(connection)?, nonce, now: cx.now })?;
    Ok(claims)
}

/// Where providers send people back to.
pub(super) fn callback<H: Host>(cx: &Context<'_, H>) -> String {
    format!("{}/v1/sso/oidc/callback", cx.config.origin)
}

fn redemption<H: Host>(
    cx: &Context<'_, H>,
    connection: &Connection,
    discovery: &Discovery,
    code: &str,
    verifier: &str,
) -> Result<Outgoing, Problem> {
    let client = client(connection)?;
    let mut form = Serializer::new(String::new());
    form.extend_pairs([("grant_type", "authorization_code"), ("code", code), ("code_verifier", verifier)]);
    form.append_pair("redirect_uri", &callback(cx));
    let secret = secret(cx, connection)?;
    let is_basic = secret.is_some() && discovery.client_auth() == ClientAuth::Basic;
    if !is_basic {
        form.append_pair("client_id", client);
        secret.iter().for_each(|secret| {
            form.append_pair("client_secret", secret);
        });
    }
    let request = Outgoing::post_form(&discovery.token_endpoint, form.finish()).ok_or(Fault::Discovery)?;
    Ok(match secret.filter(|_| is_basic) {
        // RFC 6749, 2.3.1: either is encoded like a form first.
        Some(secret) => {
            let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let pair = format!("{}:{}", encode(client), encode(&secret));
            request.header("authorization", format!("Basic {}", Base64::encode_string(pair.as_bytes())))
        }
        None => request,
    })
}

fn secret<H: Host>(cx: &Context<'_, H>, connection: &Connection) -> Result<Option<String>, Problem> {
    let Some(sealed) = &connection.sealed_secret else { return Ok(None) };
    let plain = seal::open(cx.config, connection.id.as_str(), sealed).and_then(|bytes| String::from_utf8(bytes).ok());
    plain.map(Some).ok_or_else(|| Problem::internal("the client's secret was sealed with another key"))
}

fn id_token(answer: &Fetched) -> Result<String, Problem> {
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(serde_json::Value::as_str);
    match (answer.status, text("error")) {
        (200, _) => {
            let detail =
                "the identity provider gave no ID token; is `openid` among the scopes that its client may ask for?";
            text("id_token").map(str::to_owned).ok_or_else(|| Problem::new(Code::IdTokenMissing, detail))
        }
        (_, Some("invalid_grant")) => {
            let detail = "the identity provider doesn't redeem this code: it is used, too old, or of another login";
            Err(Problem::new(Code::SsoCodeRefused, detail))
        }
        (401, _) | (_, Some("invalid_client" | "unauthorized_client")) => {
            let detail = "the identity provider refuses the connection's client id or secret; check both there";
            Err(Problem::new(Code::SsoClientRefused, detail))
        }
        (status, error) => Err(failed(status, error.unwrap_or_default())),
    }
}

fn failed(status: u16, error: &str) -> Problem {
    let detail = format!("the identity provider answered {status}{}", named(error));
    Problem::new(Code::SsoProviderError, detail)
}

/// An error that a provider names, as far as it is a name.
pub(super) fn named(error: &str) -> String {
    let is_name =
        (1..=64).contains(&error.len()) && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_name { format!(" (`{error}`)") } else { String::new() }
}
