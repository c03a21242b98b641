//! Replies: a status, a JSON body and the headers that the conventions ask for.

use http::{Response, StatusCode};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::problem::Problem;

/// An answer on its way out.
#[derive(Debug)]
pub(super) struct Reply {
    status: StatusCode,
    body: Vec<u8>,
    content_type: &'static str,
    headers: Vec<(&'static str, String)>,
}

impl Reply {
    /// A JSON answer.
    ///
    /// # Errors
    /// When the value can't be written, which is our fault.
    pub(super) fn json<T: Serialize>(status: StatusCode, value: &T) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(|error| Problem::internal(error.to_string()))?;
        Ok(Self { status, body, content_type: "application/json", headers: Vec::new() })
    }

    /// A JSON answer with status 200.
    ///
    /// # Errors
    /// When the value can't be written, which is our fault.
    pub(super) fn ok<T: Serialize>(value: &T) -> Result<Self, Problem> {
        Self::json(StatusCode::OK, value)
    }

    /// A JSON answer that is written already.
    pub(super) fn written(body: &str) -> Self {
        let body = body.as_bytes().to_vec();
        Self { status: StatusCode::OK, body, content_type: "application/json", headers: Vec::new() }
    }

    /// An answer of another media type, to be kept as a file of this name.
    pub(super) fn file(content_type: &'static str, name: &str, body: String) -> Self {
        let reply = Self { status: StatusCode::OK, body: body.into_bytes(), content_type, headers: Vec::new() };
        reply.header("content-disposition", format!("attachment; filename=\"{name}\""))
    }

    /// An answer without a body.
    pub(super) const fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: Vec::new(), content_type: "", headers: Vec::new() }
    }

    /// An answer that promises work and tells nothing of it.
    pub(super) fn accepted() -> Self {
        Self { status: StatusCode::ACCEPTED, ..Self::no_content() }
    }

    /// The same answer with nothing to read but its version.
    #[must_use]
    pub(super) fn without_body(self) -> Self {
        let headers = self.headers.into_iter().filter(|(name, _)| *name != "etag").collect();
        Self { headers, ..Self::no_content() }
    }

    /// The document of a problem.
    pub(super) fn problem(problem: &Problem, request_id: &str) -> Self {
        let body = problem.document(request_id);
        let reply =
            Self { status: problem.status(), body, content_type: "application/problem+json", headers: Vec::new() };
        let reply = if problem.status() == StatusCode::UNAUTHORIZED {
            reply.header("www-authenticate", "Bearer")
        } else {
            reply
        };
        let reply =
            if problem.status() == StatusCode::SERVICE_UNAVAILABLE { reply.header("retry-after", "1") } else { reply };
        match &problem.allow {
            Some(allow) => reply.header("allow", allow.clone()),
            None => reply,
        }
    }

    /// The same answer with one more header.
    #[must_use]
    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same answer with the workspace version that a write made.
    #[must_use]
    pub(super) fn version(self, version: i64) -> Self {
        self.header("x-rolecall-version", version.to_string())
    }

    /// The same answer with an `ETag` of its body.
    #[must_use]
    pub(super) fn tagged(self) -> Self {
        let tag = etag(&self.body);
        self.header("etag", tag)
    }

    /// As an HTTP response. A `GET` whose `If-None-Match` names the tag gets a 304 without a body.
    pub(super) fn into_response(self, request_id: &str, if_none_match: Option<&str>) -> Response<Vec<u8>> {
        let tag = self.headers.iter().find(|(name, _)| *name == "etag").map(|(_, value)| value.as_str());
        let is_known = tag.is_some_and(|tag| is_known(if_none_match, tag));
        let (status, body) = if is_known { (StatusCode::NOT_MODIFIED, Vec::new()) } else { (self.status, self.body) };
        let mut builder = Response::builder().status(status).header("x-request-id", request_id);
        let has_own_caching = self.headers.iter().any(|(name, _)| *name == "cache-control");
        if !has_own_caching {
            builder = builder.header("cache-control", "no-store");
        }
        builder = builder.header("x-content-type-options", "nosniff").header("referrer-policy", "no-referrer");
        if !body.is_empty() {
            builder = builder.header("content-type", self.content_type);
        }
        for (name, value) in self.headers {
            builder = builder.header(name, value);
        }
        builder.body(body).unwrap_or_default()
    }
}

/// True when `If-None-Match` names this tag.
pub(super) fn is_known(if_none_match: Option<&str>, tag: &str) -> bool {
    let names = |one: &str| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag;
    if_none_match.is_some_and(|known| known.split(',').any(|one| names(one.trim())))
}

/// Members of a view that change by use or by delivery alone, without anybody's decision.
const ACTIVITY: [&str; 3] = ["last_active_at", "last_used_at", "delivery"];

/// A strong tag of a body, in two halves: the state that a write is decided on, and each byte, for caches.
pub(super) fn etag(body: &[u8]) -> String {
    let mut state: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    for name in ACTIVITY {
        state.as_object_mut().and_then(|members| members.remove(name));
    }
    let half = |bytes: &[u8], length| {
        let digest = base16ct::lower::encode_string(&Sha256::digest(bytes));
        digest.get(..length).unwrap_or_default().to_owned()
    };
    format!("\"{}.{}\"", half(state.to_string().as_bytes(), 32), half(body, 16))
}

/// True when both tags are of one state, whoever used the thing in between.
pub(super) fn is_same_state(one: &str, other: &str) -> bool {
    let state =
        |tag: &str| tag.strip_prefix('"').and_then(|tag| tag.split_once('.')).map(|(state, _)| state.to_owned());
    state(one).is_some_and(|one| state(other).is_some_and(|other| one == other))
}
