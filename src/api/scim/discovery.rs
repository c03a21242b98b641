//! What the service says of itself.

use http::Method;
use serde_json::Value;

use crate::host::Host;
use crate::scim::{List, Resource, ScimError, resource_types, schemas, service_provider_config};

use super::super::context::Context;
use super::base;
use super::call::{Answered, Call};
use super::refusal::Refusal;

/// Answers about itself; writes are 405, and there is nothing to filter.
pub(super) fn show<H: Host>(cx: &Context<'_, H>, call: &Call) -> Result<Answered, Refusal> {
    if call.method != Method::GET {
        return Err(ScimError::new(405, "this is read only").into());
    }
    if call.pairs.iter().any(|(name, _)| name.eq_ignore_ascii_case("filter")) {
        return Err(ScimError::new(403, "there is no filter on what the service says of itself").into());
    }
    let base = base(cx);
    let parts: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["ServiceProviderConfig"] => Ok(Answered::ok(service_provider_config(&base))),
        ["ResourceTypes"] => Ok(list(resource_types(&base))),
        ["ResourceTypes", id] => one(resource_types(&base), id),
        ["Schemas"] => Ok(list(announced(&base))),
        ["Schemas", id] => one(announced(&base), id),
        _ => Err(Refusal::not_found("path", &call.path)),
    }
}

/// The schemas. Each user has an address, so a client that knows nothing else has to send one; a userName that is one does as well,
/// which a schema has no words for. And each is active or not: it can't be taken away.
fn announced(base: &str) -> Vec<Value> {
    let mut schemas = schemas(base);
    let users = schemas.iter_mut().filter(|schema| schema["id"] == Resource::User.schema());
    for attribute in users.filter_map(|schema| schema["attributes"].as_array_mut()).flatten() {
        if attribute["name"] == "emails" || attribute["name"] == "active" {
            attribute["required"] = true.into();
            for sub in attribute["subAttributes"].as_array_mut().into_iter().flatten() {
                if sub["name"] == "value" {
                    sub["required"] = true.into();
                }
            }
        }
    }
    schemas
}

fn list(resources: Vec<Value>) -> Answered {
    let total = u64::try_from(resources.len()).unwrap_or(u64::MAX);
    Answered::ok(List { total, resources, start: Some(1), next_cursor: None }.json())
}

fn one(resources: Vec<Value>, id: &str) -> Result<Answered, Refusal> {
    let found = resources.into_iter().find(|resource| resource["id"] == id);
    found.map(Answered::ok).ok_or_else(|| Refusal::not_found("schema or resource type", id))
}
