//! Which problems a route may answer: what follows from its kind, and those of its row.

use std::collections::{BTreeMap, BTreeSet};

use rolecall::api::problem::Code as C;
use rolecall::api::route::Endpoint as E;
use serde_json::{Map, Value, json};

use crate::operation::Operation;
use crate::shape::reference;

/// The codes of a route by status.
pub(crate) fn problems(row: &Operation) -> BTreeMap<u16, BTreeSet<&'static str>> {
    let mut by_status: BTreeMap<u16, BTreeSet<&'static str>> = BTreeMap::new();
    for code in [shared(row), of_body(row), row.problems.to_vec()].concat() {
        by_status.entry(status(row, code)).or_default().insert(code.as_str());
    }
    by_status
}

/// A rule that an acceptance meets is a conflict; whatever is wrong with a body of AuthZEN is a 400 there.
fn status(row: &Operation, code: C) -> u16 {
    let is_wrong_body = matches!(code, C::UnsupportedMediaType | C::ValidationFailed);
    match code {
        C::PlanRequired | C::DelegationExceeded if matches!(row.endpoint, E::AcceptOffer | E::Join) => 409,
        C::PlanRequired if row.endpoint == E::ApproveJoin => 409,
        _ if row.is_authzen() && is_wrong_body => 400,
        _ => code.status().as_u16(),
    }
}

/// What follows from the method, the path and the table.
fn shared(row: &Operation) -> Vec<C> {
    let (_, path) = row.row();
    let asks_nobody = matches!(row.endpoint, E::Health | E::ListRoles | E::ShowOpenapi | E::ShowAuthzen);
    let mut codes = vec![C::Internal];
    let mut add = |condition: bool, more: &[C]| codes.extend(more.iter().filter(|_| condition));
    add(!asks_nobody, &[C::Unavailable]);
    add(!row.endpoint.is_public(), &[C::Unauthenticated, C::AmbiguousCredentials]);
    add(!row.is_read(), &[C::InvalidParameter]);
    add(!row.is_read() && !matches!(row.endpoint, E::AcceptOffer | E::SamlConsume), &[C::CrossSite]);
    add(path.contains(':') || row.is_authzen(), &[C::NotFound]);
    add(path.contains(":ws") || row.is_authzen(), &[C::Forbidden, C::SsoSessionRequired]);
    add(!row.query.is_empty(), &[C::InvalidParameter]);
    add(row.is_list(), &[C::InvalidCursor]);
    add(row.endpoint.takes_key(), &[C::InvalidIdempotencyKey, C::IdempotencyKeyReused]);
    add(row.takes_if_match(), &[C::VersionConflict, C::Conflict]);
    codes
}

fn of_body(row: &Operation) -> Vec<C> {
    if row.body.is_none() {
        return Vec::new();
    }
    if row.body.as_ref().is_some_and(|body| body.is_form) {
        return vec![C::PayloadTooLarge, C::UnsupportedMediaType];
    }
    let mut codes = vec![C::InvalidJson, C::PayloadTooLarge, C::UnsupportedMediaType, C::ValidationFailed];
    codes.extend(Some(C::UnknownField).filter(|_| !row.is_authzen()));
    codes
}

/// The name of the component that answers these codes.
pub(crate) fn name(status: u16, codes: &BTreeSet<&str>) -> String {
    format!("{status}.{}", codes.iter().copied().collect::<Vec<_>>().join("."))
}

/// The components that answer problems, by name.
pub(crate) fn responses(rows: &[Operation]) -> Map<String, Value> {
    let all = rows.iter().flat_map(problems);
    all.map(|(status, codes)| (name(status, &codes), response(status, &codes))).collect()
}

fn response(status: u16, codes: &BTreeSet<&str>) -> Value {
    let title = |text: &&str| C::ALL.iter().find(|code| code.as_str() == *text).unwrap().title();
    let titles: Vec<String> = codes.iter().map(|code| format!("{}.", title(code))).collect();
    let headers = crate::parameter::headers(match status {
        401 => &["WWW-Authenticate"],
        429 | 503 => &["Retry-After"],
        _ => &[],
    });
    json!({
        "description": titles.join(" "),
        "headers": headers,
        "content": { "application/problem+json": { "schema": {
            "allOf": [reference("Problem"), { "properties": { "code": { "enum": codes }, "status": { "const": status } } }],
        } } },
    })
}
