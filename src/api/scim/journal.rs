//! What is written down of each request that is to change something: what it changed of people's access, or why it was refused.

use serde_json::Value;

use crate::host::{Db as _, Host, Statement};
use crate::model::EventId;
use crate::model::audit::EventType;
use crate::store::scim::journal::{self, Entry};
use crate::wire::scim::{EffectView, RefusedView};

use super::super::commit::{Change, Happened};
use super::super::context::Context;
use super::super::problem::{Code, Problem};
use super::call::Call;
use super::provider::Provider;
use super::refusal::Refusal;

/// How long the request is that an entry holds; of a longer one it holds the beginning.
const MOST_CHARS: usize = 16_384;

/// The effects of one request.
pub(super) type Effects = Vec<EffectView>;

fn entry<H: Host>(cx: &Context<'_, H>, provider: &Provider, call: &Call, resource: Option<&str>) -> Entry {
    Entry {
        id: cx.id(EventId::new).to_string().replacen("evt_", "prv_", 1),
        at: cx.now,
        token: provider.token.id.to_string(),
        request_id: cx.request_id.to_owned(),
        method: call.method.to_string(),
        path: call.path.clone(),
        resource: resource.map(str::to_owned),
        outcome: "applied".to_owned(),
        status: 200,
        error: None,
        detail: None,
        request: asked(&call.body),
        changes: "[]".to_owned(),
    }
}

/// The body without a password, which is nobody's to keep.
fn asked(body: &Value) -> Option<String> {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                // Names of attributes have no case, and a path may begin with the schema's URN (RFC 7644, 3.10).
                let is_password =
                    |path: &str| path.rsplit(':').next().is_some_and(|name| name.eq_ignore_ascii_case("password"));
                members.retain(|name, _| !is_password(name));
                let mut paths = members.iter().filter(|(name, _)| name.eq_ignore_ascii_case("path"));
                if paths.any(|(_, path)| path.as_str().is_some_and(is_password)) {
                    members.retain(|name, _| !name.eq_ignore_ascii_case("value"));
                }
                members.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    if body.is_null() {
        return None;
    }
    let mut body = body.clone();
    strip(&mut body);
    Some(body.to_string().chars().take(MOST_CHARS).collect())
}

/// The entry of a request that happens with its batch.
pub(super) fn applied<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
    (resource, status): (&str, u16),
    effects: &Effects,
) -> Statement {
    let changes = serde_json::to_string(effects).unwrap_or_else(|_| "[]".to_owned());
    let entry = Entry { status: status.into(), changes, ..entry(cx, provider, call, Some(resource)) };
    journal::insert(&provider.workspace.id, &entry)
}

/// Notes a request that found everything as it asks for.
///
/// # Errors
/// When the database fails.
pub(super) async fn unchanged<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
    (resource, status): (&str, u16),
) -> Result<(), Refusal> {
    let outcome = "unchanged".to_owned();
    let entry = Entry { status: status.into(), outcome, ..entry(cx, provider, call, Some(resource)) };
    cx.db().query(&journal::insert(&provider.workspace.id, &entry)).await?;
    Ok(())
}

/// Notes a change that was refused; an audit event tells of it where it would have left the workspace without an owner. A failure
/// is nobody's problem: the provider hears of the refusal anyway.
pub(super) async fn refused<H: Host>(cx: &Context<'_, H>, provider: &Provider, call: &Call, refusal: &Refusal) {
    if !call.is_write() {
        return;
    }
    let resource = call.segments.get(1).map(String::as_str);
    let word = refusal.error.scim_type.map(|word| word.as_str().to_owned());
    let entry = Entry {
        status: refusal.error.status.into(),
        outcome: "refused".to_owned(),
        error: word.or_else(|| refusal.code.map(|code| code.as_str().to_owned())),
        detail: Some(refusal.error.detail.clone()),
        ..entry(cx, provider, call, resource)
    };
    let statement = journal::insert(&provider.workspace.id, &entry);
    let _ = write_refused(cx, provider, call, refusal, statement).await;
}

async fn write_refused<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
    refusal: &Refusal,
    statement: Statement,
) -> Result<(), Problem> {
    if refusal.code != Some(Code::LastOwner) {
        cx.db().query(&statement).await?;
        return Ok(());
    }
    let mut change: Change = provider.change(cx);
    change.write([statement]);
    let view = RefusedView { code: Code::LastOwner.as_str(), request: format!("{} {}", call.method, call.path) };
    let is_group = call.segments.first().is_some_and(|first| first == "Groups");
    let id = call.segments.get(1).map_or("", String::as_str);
    let subject = (if is_group { "group" } else { "member" }, id);
    change.record(cx, Happened { event_type: EventType::ScimRefused, subject, before: None, after: Some(&view) });
    change.note(cx).await
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_password_is_kept_in_no_form() {
        let urn = "urn:ietf:params:scim:schemas:core:2.0:User:password";
        for body in [
            json!({"userName": "a@b.example", "password": "s3cret"}),
            json!({"Operations": [{"op": "replace", "value": {"PassWord": "s3cret"}}]}),
            json!({"Operations": [{"op": "replace", "value": {urn: "s3cret"}}]}),
            json!({"Operations": [{"op": "replace", "path": "password", "value": "s3cret"}]}),
            json!({"Operations": [{"Op": "Replace", "Path": "Password", "Value": "s3cret"}]}),
            json!({"Operations": [{"op": "replace", "path": urn, "value": "s3cret"}]}),
            json!({"Operations": [{"method": "POST", "path": "/Users", "data": {"password": "s3cret"}}]}),
        ] {
            let kept = asked(&body).unwrap();
            assert!(!kept.contains("s3cret"), "{kept}");
        }
        let kept = asked(&json!({"Operations": [{"op": "replace", "path": "displayName", "value": "Ann"}]})).unwrap();
        assert!(kept.contains("Ann"), "{kept}");
    }
}
