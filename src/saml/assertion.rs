//! What an assertion says, and whether it says it to us, about this request, and now (SAML 2.0 Profiles, 4.1.4).

use crate::model::Timestamp;
use crate::wire::saml::{AttributeView, ClaimsView, SamlRefusal, VerifyBody};

use super::Refused;
use super::document::{ASSERTION, Node, PROTOCOL, Text as _, children, only};

/// How far apart two clocks may be.
const SKEW: i64 = 60_000;

/// The one way to confirm a subject that a browser can.
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// Whether the provider reports success.
pub(super) fn check_status(response: Node<'_>) -> Result<(), Refused> {
    let status = only(response, PROTOCOL, "Status")?;
    let code = status.map(|status| only(status, PROTOCOL, "StatusCode")).transpose()?.flatten();
    let value = |code: Node<'_>| code.attribute("Value").unwrap_or_default().to_owned();
    let Some(code) = code else {
        return Err(Refused::new(SamlRefusal::Malformed, "the response has no status"));
    };
    if value(code) == "urn:oasis:names:tc:SAML:2.0:status:Success" {
        return Ok(());
    }
    let last = |urn: String| urn.rsplit(':').next().unwrap_or_default().to_owned();
    let inner = only(code, PROTOCOL, "StatusCode")?.map(value).map(last);
    let detail = format!("the identity provider answered `{}`", inner.unwrap_or_else(|| last(value(code))));
    Err(Refused::new(SamlRefusal::Status, detail))
}

/// Reads a verified assertion.
pub(super) fn read(response: Node<'_>, assertion: Node<'_>, asked: &VerifyBody) -> Result<ClaimsView, Refused> {
    check_issuer(response, assertion, asked)?;
    check_response(response, asked)?;
    let until = check_conditions(assertion, asked)?;
    let subject = only(assertion, ASSERTION, "Subject")?.ok_or_else(|| subject("the assertion names nobody"))?;
    let until = until.max(check_confirmation(subject, asked)?);
    let (name_id, name_format) = name(subject)?;
    Ok(ClaimsView {
        assertion: assertion.attribute("ID").unwrap_or_default().to_owned(),
        name_id,
        name_format,
        attributes: attributes(assertion),
        session_until: check_session(assertion, asked.now)?,
        until: until + SKEW,
    })
}

fn subject(detail: &str) -> Refused {
    Refused::new(SamlRefusal::Subject, detail)
}

fn check_issuer(response: Node<'_>, assertion: Node<'_>, asked: &VerifyBody) -> Result<(), Refused> {
    let named = |node| Ok::<_, Refused>(only(node, ASSERTION, "Issuer")?.map(|issuer| issuer.whole_text()));
    let of_assertion = named(assertion)?.unwrap_or_default();
    let of_response = named(response)?.unwrap_or_else(|| of_assertion.clone());
    match [of_assertion, of_response].into_iter().find(|issuer| *issuer != asked.issuer) {
        None => Ok(()),
        Some(other) => {
            let detail = format!("issued by `{other}`; the connection is with `{}`", asked.issuer);
            Err(Refused::new(SamlRefusal::Issuer, detail))
        }
    }
}

/// Where the response was sent, and what it answers.
fn check_response(response: Node<'_>, asked: &VerifyBody) -> Result<(), Refused> {
    if let Some(other) = response.attribute("Destination").filter(|destination| *destination != asked.recipient) {
        let detail = format!("sent to `{other}`; answers are taken at `{}`", asked.recipient);
        return Err(Refused::new(SamlRefusal::Destination, detail));
    }
    check_answered(response.attribute("InResponseTo"), asked)
}

fn check_answered(in_response_to: Option<&str>, asked: &VerifyBody) -> Result<(), Refused> {
    match in_response_to == asked.in_response_to.as_deref() {
        true => Ok(()),
        false => {
            let detail = "it answers another request than the one that this sign-in made, or none; start over";
            Err(Refused::new(SamlRefusal::InResponseTo, detail))
        }
    }
}

/// An instant in an attribute.
fn instant(node: Node<'_>, name: &'static str) -> Result<Option<i64>, Refused> {
    let read = |text: &str| {
        let time = Timestamp::parse(text).map(Timestamp::as_ms);
        time.ok_or_else(|| Refused::new(SamlRefusal::Malformed, format!("`{name}` is no instant with a time zone")))
    };
    node.attribute(name).map(read).transpose()
}

/// Whether now is between two instants; answers the second.
fn check_window(node: Node<'_>, now: i64) -> Result<Option<i64>, Refused> {
    let (from, until) = (instant(node, "NotBefore")?, instant(node, "NotOnOrAfter")?);
    if from.is_some_and(|from| now + SKEW < from) {
        let detail = "its time has not come; the clocks of the two sides are more than a minute apart";
        return Err(Refused::new(SamlRefusal::NotYetValid, detail));
    }
    if until.is_some_and(|until| now >= until + SKEW) {
        return Err(Refused::new(SamlRefusal::Expired, "its time is over; sign in again"));
    }
    Ok(until)
}

/// What the assertion is valid for; answers until when.
fn check_conditions(assertion: Node<'_>, asked: &VerifyBody) -> Result<i64, Refused> {
    let audience = |found: String| {
        let detail = format!("it is for `{found}`; our entity id is `{}`", asked.audience);
        Refused::new(SamlRefusal::Audience, detail)
    };
    let conditions = only(assertion, ASSERTION, "Conditions")?.ok_or_else(|| audience("anybody".to_owned()))?;
    let until = check_window(conditions, asked.now)?;
    let mut is_for_us = false;
    for condition in conditions.children().filter(Node::is_element) {
        match (condition.tag_name().namespace(), condition.tag_name().name()) {
            (Some(ASSERTION), "AudienceRestriction") => {
                // Of several restrictions each has to name us (Core, 2.5.1.4).
                let named: Vec<String> =
                    children(condition, ASSERTION, "Audience").map(|node| node.whole_text()).collect();
                is_for_us = named.contains(&asked.audience);
                if !is_for_us {
                    return Err(audience(named.join("`, `")));
                }
            }
            (Some(ASSERTION), "OneTimeUse" | "ProxyRestriction") => {}
            (_, name) => {
                let detail = format!("the condition `{name}` is not understood");
                return Err(Refused::new(SamlRefusal::Condition, detail));
            }
        }
    }
    if is_for_us { Ok(until.unwrap_or(i64::MIN)) } else { Err(audience("anybody".to_owned())) }
}

/// Whether one of the confirmations is ours: whoever bears it, here, for this request, now. Answers until when.
fn check_confirmation(subject: Node<'_>, asked: &VerifyBody) -> Result<i64, Refused> {
    let mut refused = self::subject("the assertion has no confirmation for its bearer");
    for confirmation in children(subject, ASSERTION, "SubjectConfirmation") {
        if confirmation.attribute("Method") != Some(BEARER) {
            continue;
        }
        match only(confirmation, ASSERTION, "SubjectConfirmationData")?.map(|data| confirm(data, asked)) {
            Some(Ok(until)) => return Ok(until),
            Some(Err(other)) => refused = other,
            None => {}
        }
    }
    Err(refused)
}

fn confirm(data: Node<'_>, asked: &VerifyBody) -> Result<i64, Refused> {
    if data.attribute("Recipient") != Some(&asked.recipient) {
        let found = data.attribute("Recipient").unwrap_or_default();
        let detail = format!("it is for the consumer `{found}`; ours is `{}`", asked.recipient);
        return Err(Refused::new(SamlRefusal::Recipient, detail));
    }
    check_answered(data.attribute("InResponseTo"), asked)?;
    check_window(data, asked.now)?.ok_or_else(|| Refused::new(SamlRefusal::Expired, "it doesn't say when it ends"))
}

fn name(subject: Node<'_>) -> Result<(String, Option<String>), Refused> {
    let node = only(subject, ASSERTION, "NameID")?;
    let node = node.filter(|node| !node.children().any(|child| child.is_element()));
    let text = node.map(|node| node.whole_text()).filter(|text| !text.is_empty());
    let format = node.and_then(|node| node.attribute("Format")).map(str::to_owned);
    Ok((text.ok_or_else(|| self::subject("the assertion has no `NameID`"))?, format))
}

/// Whether anybody signed in, and until when that is good for. Ours would end then too: one that is over opens none, whatever
/// the clocks.
fn check_session(assertion: Node<'_>, now: i64) -> Result<Option<i64>, Refused> {
    let mut statements = children(assertion, ASSERTION, "AuthnStatement").peekable();
    if statements.peek().is_none() {
        let detail = "the assertion doesn't say that anybody signed in (`AuthnStatement`)";
        return Err(Refused::new(SamlRefusal::NoAuthentication, detail));
    }
    let mut soonest: Option<i64> = None;
    for statement in statements {
        let until = instant(statement, "SessionNotOnOrAfter")?;
        soonest = [soonest, until].into_iter().flatten().min();
    }
    if soonest.is_some_and(|until| now >= until) {
        return Err(Refused::new(SamlRefusal::Expired, "the session at the identity provider is over; sign in again"));
    }
    Ok(soonest)
}

/// The attributes, those of one name together.
fn attributes(assertion: Node<'_>) -> Vec<AttributeView> {
    let mut found: Vec<AttributeView> = Vec::new();
    let all =
        children(assertion, ASSERTION, "AttributeStatement").flat_map(|node| children(node, ASSERTION, "Attribute"));
    for node in all {
        let name = node.attribute("Name").unwrap_or_default().to_owned();
        let values: Vec<String> = children(node, ASSERTION, "AttributeValue").map(|value| value.whole_text()).collect();
        match found.iter_mut().find(|attribute| attribute.name == name) {
            Some(attribute) => attribute.values.extend(values),
            None => {
                let friendly_name = node.attribute("FriendlyName").map(str::to_owned);
                found.push(AttributeView { name, friendly_name, values });
            }
        }
    }
    found
}
