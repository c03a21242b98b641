//! Logins by SAML: a browser is sent to the provider with a request, and comes back with a form that the provider signed.
//!
//! What verifies the form is another Worker. The form comes from another site, which `SameSite=Lax` cookies don't: the browser
//! is known by a cookie of its own that does, holds nothing but that, and is looked at here alone.

use form_urlencoded::Serializer;

use base64ct::{Base64, Encoding as _};

use crate::host::{Db as _, Host, Saml as _};
use crate::model::{Connection, ConnectionId, Email, Protocol, Secret, SecretKind, Timestamp};
use crate::store::login::{self as logins, Login, Taken};
use crate::store::{connection, workspace};
use crate::wire::saml::{ClaimsView, HintView, ProviderView, RefusedView, VerifyBody};

use super::arrival::{self, Once, Person};
use super::context::Context;
use super::login::{self, bound, check_path, refuse, refused};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{body, caller, limit, mail, trial as trials};

/// The cookie of the browser that logins by SAML begin in. Other sites' forms bring it along.
pub(super) const COOKIE: &str = "__Host-rolecall-saml";

/// A form with an answer of 256 KiB.
const MOST: usize = 1024 * 1024;

/// Our entity id for a connection: where its metadata are.
fn entity<H: Host>(cx: &Context<'_, H>, id: &ConnectionId) -> String {
    format!("{}/v1/sso/saml/metadata/{id}", cx.config.origin)
}

/// Where answers are taken.
fn consumer<H: Host>(cx: &Context<'_, H>) -> String {
    format!("{}/v1/sso/saml/acs", cx.config.origin)
}

/// Our metadata for a connection.
pub(super) async fn metadata<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let id: ConnectionId = cx.parsed("connection")?;
    let found = connection::from_rows(&cx.db().query(&connection::by_id(&id)).await?)?.pop();
    let found = found.filter(|found| found.protocol == Protocol::Saml).ok_or_else(Problem::not_found)?;
    let (entity, consumer) = (mail::escape(&entity(cx, &found.id)), mail::escape(&consumer(cx)));
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         entityID=\"{entity}\"><md:SPSSODescriptor AuthnRequestsSigned=\"false\" WantAssertionsSigned=\"true\" \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>\
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"{consumer}\" \
         index=\"0\" isDefault=\"true\"/></md:SPSSODescriptor></md:EntityDescriptor>\n"
    );
    Ok(Reply::bytes("application/samlmetadata+xml", xml.into_bytes()))
}

/// The id of the request that a login makes: only the browser that has both halves can say which answer it awaits.
fn request_id(state: &Secret, browser: &Secret) -> String {
    format!("_{}", bound("request", state, browser))
}

/// The address at the provider that a login begins at.
///
/// # Errors
/// When the connection lacks it, which is our fault.
pub(super) fn request<H: Host>(
    cx: &Context<'_, H>,
    connection: &Connection,
    state: &Secret,
    browser: &Secret,
) -> Result<String, Problem> {
    cx.host.saml().ok_or_else(unavailable)?;
    let place = connection.sso_url.as_deref().ok_or_else(|| Problem::internal("a SAML connection without address"))?;
    let xml = format!(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"{id}\" Version=\"2.0\" \
         IssueInstant=\"{now}\" Destination=\"{place}\" AssertionConsumerServiceURL=\"{consumer}\" \
         ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\">\
         <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{entity}</saml:Issuer>\
         <samlp:NameIDPolicy AllowCreate=\"true\"/></samlp:AuthnRequest>",
        id = request_id(state, browser),
        now = cx.now,
        place = mail::escape(place),
        consumer = mail::escape(&consumer(cx)),
        entity = mail::escape(&entity(cx, &connection.id)),
    );
    let mut query = Serializer::new(String::new());
    query.append_pair("SAMLRequest", &Base64::encode_string(&deflated(xml.as_bytes())));
    query.append_pair("RelayState", state.reveal());
    Ok(format!("{place}{}{}", if place.contains('?') { '&' } else { '?' }, query.finish()))
}

/// DEFLATE (RFC 1951) of what is short, in one block that is stored: what the redirect binding wants is the form.
fn deflated(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    let head = [&[1][..], &length.to_le_bytes(), &(!length).to_le_bytes()].concat();
    [&head, bytes].concat()
}

/// What a provider has a browser post.
struct Form {
    response: String,
    relay_state: String,
}

fn form<H: Host>(cx: &Context<'_, H>) -> Result<Form, Problem> {
    body::check_size(cx.request, MOST)?;
    if body::media_type(cx.request) != "application/x-www-form-urlencoded" {
        let detail = "the identity provider sends this as a form: `application/x-www-form-urlencoded`";
        return Err(Problem::new(Code::UnsupportedMediaType, detail));
    }
    let field = |name: &str| {
        let mut fields = form_urlencoded::parse(cx.request.body());
        fields.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    Ok(Form { response: field("SAMLResponse"), relay_state: field("RelayState") })
}

/// Takes the answer of a provider.
pub(super) async fn consume<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let (form, taken) = match opened(cx).await {
        Ok(opened) => opened,
        Err(problem) => return Ok(refuse(cx, &problem, None)),
    };
    match signed_in(cx, &form, &taken).await {
        Ok(reply) => Ok(reply),
        Err(problem) => refused(cx, &taken, problem).await,
    }
}

/// The form, and the login that it answers: the one that its state names, or one that the provider began.
async fn opened<H: Host>(cx: &Context<'_, H>) -> Result<(Form, Taken), Problem> {
    limit::check(cx).await?;
    let form = form(cx)?;
    let taken = match Secret::parse(SecretKind::State, &form.relay_state) {
        Some(state) => login::take(cx, &state, COOKIE).await?,
        None => unsolicited(cx, &form).await?,
    };
    Ok((form, taken))
}

/// A login that the provider began. What the answer says of itself tells whose it is; whether that is so is verified after.
async fn unsolicited<H: Host>(cx: &Context<'_, H>, form: &Form) -> Result<Taken, Problem> {
    let hint: HintView = ask(cx, "hint", &serde_json::json!({ "document": form.response })).await?.map_err(refusal)?;
    let ours = format!("{}/v1/sso/saml/metadata/", cx.config.origin);
    let named = |audience: &String| audience.strip_prefix(&ours).and_then(|id| id.parse::<ConnectionId>().ok());
    let id = hint.audiences.iter().find_map(named).ok_or_else(login::unknown)?;
    let answers = cx.db().batch(&[connection::by_id(&id), workspace::of_connection(&id)]).await?;
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    let connection = connection::from_rows(rows(0))?.pop().ok_or_else(login::unknown)?;
    let workspace = workspace::from_rows(rows(1))?.ok_or_else(login::unknown)?;
    let return_to = Some(form.relay_state.clone()).filter(|path| check_path(path).is_ok());
    let login = Login {
        workspace: workspace.id.clone(),
        connection: id,
        test: None,
        return_to: return_to.unwrap_or_else(|| "/".to_owned()),
        expires_at: cx.now.plus_minutes(1),
    };
    let (connection, workspace) = (Some(connection), Some(workspace));
    Ok(Taken { login, is_same_browser: true, was_used: false, connection, workspace })
}

async fn signed_in<H: Host>(cx: &Context<'_, H>, form: &Form, taken: &Taken) -> Result<Reply, Problem> {
    let (workspace, connection) = login::check(cx, taken)?;
    if connection.protocol != Protocol::Saml {
        return Err(login::unknown());
    }
    let claims = claims(cx, form, connection).await?;
    let once = once(connection, &claims);
    let person = person(connection, &claims);
    if let Some(test) = &taken.login.test {
        trials::passed(cx, workspace, connection, (test, &person), Some(once)).await?;
        return Ok(Reply::redirect(taken.login.return_to.clone()));
    }
    let cookie = arrival::admit(cx, workspace, connection, &person, Some(once)).await?;
    Ok(Reply::redirect(taken.login.return_to.clone()).header("set-cookie", cookie))
}

/// What the provider says of the person, verified.
async fn claims<H: Host>(cx: &Context<'_, H>, form: &Form, connection: &Connection) -> Result<ClaimsView, Problem> {
    let in_response_to = match Secret::parse(SecretKind::State, &form.relay_state) {
        Some(state) => {
            let browser = caller::cookie_of(cx, COOKIE).and_then(|text| Secret::parse(SecretKind::Browser, text));
            Some(request_id(&state, &browser.ok_or_else(login::unknown)?))
        }
        None if connection.may_provider_begin => None,
        None => {
            let detail = "nobody asked for this login: begin here, or have an administrator let the identity provider begin \
                (`idp_initiated` of the connection)";
            return Err(Problem::new(Code::SamlUnsolicited, detail));
        }
    };
    let question = VerifyBody {
        response: form.response.clone(),
        certificates: connection.certificates.clone(),
        issuer: connection.entity_id.clone().unwrap_or_default(),
        audience: entity(cx, &connection.id),
        recipient: consumer(cx),
        in_response_to,
        now: cx.now.as_ms(),
    };
    let question = serde_json::to_value(&question).map_err(|error| Problem::internal(error.to_string()))?;
    ask(cx, "verify", &question).await?.map_err(refusal)
}

/// Takes an assertion for the first time. One that nobody asked for has nothing else that tells the second time from it.
fn once(connection: &Connection, claims: &ClaimsView) -> Once {
    let statement = logins::take_assertion(&connection.id, &claims.assertion, Timestamp::from_ms(claims.until));
    Once { statement, refusal: Problem::new(Code::SamlReplayed, "this assertion was taken before; sign in again") }
}

/// Names of the attribute that holds the address: as people write it, and as Entra and the directories do.
const EMAILS: &[&str] = &[
    "email",
    "mail",
    "emailAddress",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
];

/// Names of the attribute that holds the name.
const NAMES: &[&str] = &[
    "name",
    "displayName",
    "http://schemas.microsoft.com/identity/claims/displayname",
    "urn:oid:2.16.840.1.113730.3.1.241",
];

/// The values of the first attribute that has one of these names.
fn values<'a>(claims: &'a ClaimsView, names: &[&str]) -> Option<&'a [String]> {
    let find = |name: &&str| {
        let is_it = |other: &str| other.eq_ignore_ascii_case(name);
        let mut all = claims.attributes.iter();
        all.find(|attribute| is_it(&attribute.name) || attribute.friendly_name.as_deref().is_some_and(is_it))
    };
    names.iter().find_map(find).map(|attribute| attribute.values.as_slice())
}

/// The person whom an assertion is about. SAML has no word for a verified address: what the provider signs it vouches for. An
/// attribute without values isn't sent at all, so that no groups is what it means to send none.
fn person(connection: &Connection, claims: &ClaimsView) -> Person {
    let is_address = |text: &&str| text.parse::<Email>().is_ok();
    let named = Some(claims.name_id.as_str()).filter(is_address);
    let told = values(claims, EMAILS).and_then(|values| values.first()).map(String::as_str);
    let is_format = |end: &str| claims.name_format.as_deref().is_some_and(|format| format.ends_with(end));
    let email = if is_format(":emailAddress") { named.or(told) } else { told.or(named) };
    // A transient name is another one each time.
    let subject = email.filter(|_| is_format(":transient")).unwrap_or(&claims.name_id);
    Person {
        subject: subject.to_owned(),
        email: email.map(str::to_owned),
        is_email_verified: true,
        name: values(claims, NAMES).and_then(|values| values.first()).cloned(),
        groups: Some(values(claims, &[&connection.group_claim]).unwrap_or_default().to_vec()),
        session_until: claims.session_until.map(Timestamp::from_ms),
    }
}

/// Reads the metadata of a provider into its connection.
///
/// # Errors
/// 422 with what is wrong with them, 501 without SAML.
pub(super) async fn read_metadata<H: Host>(
    cx: &Context<'_, H>,
    connection: &mut Connection,
    xml: &str,
) -> Result<(), Problem> {
    let question = serde_json::json!({ "document": xml });
    let found: ProviderView = match ask(cx, "metadata", &question).await? {
        Ok(found) => found,
        Err(RefusedView { code, detail }) => {
            return Err(match code.as_str() {
                "saml_malformed" => body::issue("/metadata_xml", "saml_malformed", detail),
                "saml_doctype" => body::issue("/metadata_xml", "saml_doctype", detail),
                "saml_certificate" => body::issue("/metadata_xml", "saml_certificate", detail),
                _ => body::issue("/metadata_xml", "saml_metadata", detail),
            });
        }
    };
    if !found.is_redirect {
        let detail =
            "the identity provider takes requests by form alone; have it take them by redirect (`HTTP-Redirect`)";
        return Err(body::issue("/metadata_xml", "saml_metadata", detail));
    }
    connection.entity_id = Some(found.issuer);
    connection.sso_url = Some(found.sign_on_url);
    connection.certificates = found.certificates;
    Ok(())
}

fn unavailable() -> Problem {
    Problem::new(Code::SamlUnavailable, "this deployment has no SAML; connect by OIDC, or have it added")
}

/// What the Worker that knows XML signatures refuses, as a problem.
fn refusal(refused: RefusedView) -> Problem {
    Problem::new(Code::named(&refused.code), refused.detail)
}

/// Asks the Worker that knows XML signatures.
async fn ask<H: Host, T: serde::de::DeserializeOwned>(
    cx: &Context<'_, H>,
    question: &'static str,
    body: &serde_json::Value,
) -> Result<Result<T, RefusedView>, Problem> {
    let saml = cx.host.saml().ok_or_else(unavailable)?;
    let silent = |cause: String| Problem {
        cause: Some(cause),
        ..Problem::new(Code::Unavailable, "the verification of SAML does not answer; try again in a moment")
    };
    let (status, answer) = saml.ask(question, body.to_string()).await.map_err(silent)?;
    let broken = |error: serde_json::Error| silent(error.to_string());
    match status {
        200 => serde_json::from_slice(&answer).map(Ok).map_err(broken),
        422 => serde_json::from_slice(&answer).map(Err).map_err(broken),
        other => Err(silent(format!("SAML answered {other}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_deflated() {
        assert_eq!(deflated(b"abc"), [1, 3, 0, 252, 255, b'a', b'b', b'c']);
    }
}
