//! One thing that a provider asks: a request, or an operation of a bulk request; and what it is answered.

use http::{Method, Request};
use serde_json::Value;

use crate::scim::{Projection, Query, ScimError, ScimType};

use super::super::body;
use super::refusal::Refusal;

/// What the body of a request is at most.
const MOST_BYTES: usize = 1024 * 1024;

/// What is asked.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// The method.
    pub(super) method: Method,
    /// The path below the base, as it was sent: `/Users/1`.
    pub(super) path: String,
    /// The parts of the path, decoded.
    pub(super) segments: Vec<String>,
    /// The parameters.
    pub(super) pairs: Vec<(String, String)>,
    /// The body; null where there is none.
    pub(super) body: Value,
    /// The version that it expects.
    pub(super) if_match: Option<String>,
}

impl Call {
    /// Reads a request whose path below the base is this.
    ///
    /// # Errors
    /// 415 for another media type, 413 for a body that is too long, 400 for what is no JSON.
    pub(super) fn read(request: &Request<Vec<u8>>, path: &str) -> Result<Self, Refusal> {
        let query = request.uri().query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        // What the service says of itself takes no body, whatever is sent.
        let is_fixed =
            ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"].iter().any(|start| path.starts_with(start));
        let has_body = !is_fixed && matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
        let body = if has_body { read_body(request)? } else { Value::Null };
        let if_match = request.headers().get("if-match").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let method = if *request.method() == Method::HEAD { Method::GET } else { request.method().clone() };
        let call = Self::new(method, path, body)?;
        Ok(Self { pairs, if_match, ..call })
    }

    /// Of its parts.
    ///
    /// # Errors
    /// 404 for a path that is no text.
    pub(super) fn new(method: Method, path: &str, body: Value) -> Result<Self, Refusal> {
        let parts = path.split('/').filter(|part| !part.is_empty()).map(super::super::context::decode);
        let segments = parts.collect::<Option<Vec<_>>>().ok_or_else(|| Refusal::not_found("path", path))?;
        Ok(Self { method, path: path.to_owned(), segments, pairs: Vec::new(), body, if_match: None })
    }

    /// What a list is asked for by the parameters.
    pub(super) fn query(&self) -> Result<Query, ScimError> {
        Query::from_pairs(self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// What the answer is to have.
    pub(super) fn projection(&self) -> Result<Projection, ScimError> {
        Projection::parse(self.parameter("attributes"), self.parameter("excludedAttributes"))
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Checks that the thing is as the request expects it.
    ///
    /// # Errors
    /// 412 when it isn't.
    pub(super) fn check_version(&self, revision: i64) -> Result<(), ScimError> {
        let Some(expected) = &self.if_match else { return Ok(()) };
        let is_met = |one: &str| one == "*" || revision_in(one) == Some(revision);
        if expected.split(',').any(|one| is_met(one.trim())) {
            return Ok(());
        }
        Err(ScimError::new(412, "it has changed since the version that `If-Match` names; read it again"))
    }

    /// True for several changes in one.
    pub(super) fn is_bulk(&self) -> bool {
        self.segments.first().is_some_and(|first| first == "Bulk")
    }

    /// True for what changes something.
    pub(super) fn is_write(&self) -> bool {
        !matches!(self.method, Method::GET | Method::HEAD) && self.segments.last().is_none_or(|last| last != ".search")
    }
}

/// The revision in a version of ours.
fn revision_in(version: &str) -> Option<i64> {
    let inner = version.strip_prefix("W/").unwrap_or(version).trim_matches('"');
    inner.split('-').next()?.parse().ok()
}

fn read_body(request: &Request<Vec<u8>>) -> Result<Value, Refusal> {
    if request.body().len() > MOST_BYTES {
        return Err(ScimError::new(413, "a body has at most 1 MiB").into());
    }
    let kind = body::media_type(request);
    if !matches!(kind.as_str(), "application/scim+json" | "application/json" | "") {
        return Err(ScimError::new(415, "a body is `application/scim+json`").into());
    }
    let refuse = |error: serde_json::Error| {
        ScimError::of(ScimType::InvalidSyntax, format!("the body is not JSON: {error}")).into()
    };
    serde_json::from_slice(request.body()).map_err(refuse)
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Answered {
    /// The status.
    pub(super) status: u16,
    /// The body; null for none.
    pub(super) body: Value,
    /// Where the thing is.
    pub(super) location: Option<String>,
    /// Its version.
    pub(super) version: Option<String>,
    /// The id of what was made.
    pub(super) id: Option<String>,
}

impl Answered {
    /// With a body.
    pub(super) fn ok(body: Value) -> Self {
        Self { status: 200, body, ..Self::default() }
    }

    /// Without one.
    pub(super) fn no_content() -> Self {
        Self { status: 204, ..Self::default() }
    }
}
