//! Bulk: several changes in one request, each of them one of its own, with its own batch and its own entry in the journal.

use std::collections::BTreeMap;

use http::Method;

use crate::host::Host;
use crate::scim::{BulkAnswer, BulkMethod, BulkOperation, BulkRequest};

use super::super::context::Context;
use super::call::{Answered, Call};
use super::provider::Provider;
use super::refusal::Refusal;

/// Does what is asked, in an order in which each comes after those that it names.
pub(super) async fn run<H: Host>(cx: &Context<'_, H>, provider: &Provider, call: &Call) -> Result<Answered, Refusal> {
    if call.method != Method::POST {
        return Err(super::not_allowed("POST"));
    }
    let request = BulkRequest::parse(&call.body)?;
    let mut made: BTreeMap<String, String> = BTreeMap::new();
    let mut answers: Vec<(BulkOperation, BulkAnswer)> = Vec::new();
    let mut failures: u64 = 0;
    for operation in request.operations {
        let answer = one(cx, provider, &operation, &mut made).await;
        failures += u64::from(answer.error.is_some());
        answers.push((operation, answer));
        if request.fail_on_errors.is_some_and(|most| failures >= most.max(1)) {
            break;
        }
    }
    Ok(Answered::ok(BulkAnswer::json(&answers)))
}

async fn one<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    operation: &BulkOperation,
    made: &mut BTreeMap<String, String>,
) -> BulkAnswer {
    let path = operation.path.clone();
    match perform(cx, provider, operation, made).await {
        Ok(answered) => {
            if let (Some(name), Some(id)) = (&operation.bulk_id, &answered.id) {
                made.insert(name.clone(), id.clone());
            }
            let location = answered.location.or_else(|| Some(format!("{}{path}", super::base(cx))));
            BulkAnswer { status: answered.status, location, version: answered.version, error: None }
        }
        Err(refusal) => {
            let is_made = operation.method == BulkMethod::Post;
            let location = (!is_made).then(|| format!("{}{path}", super::base(cx)));
            BulkAnswer { status: refusal.error.status, location, version: None, error: Some(refusal.error) }
        }
    }
}

async fn perform<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    operation: &BulkOperation,
    made: &BTreeMap<String, String>,
) -> Result<Answered, Refusal> {
    let resolved = operation.resolved(made)?;
    let method = match resolved.method {
        BulkMethod::Post => Method::POST,
        BulkMethod::Put => Method::PUT,
        BulkMethod::Patch => Method::PATCH,
        BulkMethod::Delete => Method::DELETE,
    };
    let call = Call { if_match: resolved.version, ..Call::new(method, &resolved.path, resolved.data)? };
    super::decide(cx, provider, &call).await
}
