//! Replies: a status, a JSON body and the headers that the conventions ask for.

use http::{Response, StatusCode};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::store::idempotency::Kept;
use crate::wire::secret::Secretive;

use super::file::{Body, Rest};
use super::form::Form;
use super::problem::Problem;

/// An answer on its way out.
#[derive(Debug)]
pub(super) struct Reply {
    status: StatusCode,
    body: Vec<u8>,
    /// What follows the body, read while it goes out.
    rest: Option<Rest>,
    content_type: &'static str,
    headers: Vec<(&'static str, String)>,
    /// The body without the secrets that it shows, where it shows some.
    without_secrets: Option<Vec<u8>>,
}

fn written<T: Serialize>(value: &T) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(value).map_err(|error| Problem::internal(error.to_string()))
}

impl Reply {
    /// A JSON answer.
    ///
    /// # Errors
    /// When the value can't be written, which is our fault.
    pub(super) fn json<T: Serialize>(status: StatusCode, value: &T) -> Result<Self, Problem> {
        Ok(Self { status, body: written(value)?, content_type: "application/json", ..Self::no_content() })
    }

    /// A JSON answer that shows secrets this once.
    ///
    /// # Errors
    /// When the value can't be written, which is our fault.
    pub(super) fn secretive<T: Serialize + Secretive>(status: StatusCode, mut value: T) -> Result<Self, Problem> {
        let reply = Self::json(status, &value)?;
        value.withhold();
        Ok(Self { without_secrets: Some(written(&value)?), ..reply })
    }

    /// The answer that was kept of an earlier request.
    pub(super) fn replay(kept: Kept) -> Self {
        let status = StatusCode::from_u16(kept.status).unwrap_or_default();
        let body = kept.body.into_bytes();
        let reply = Self { status, body, content_type: "application/json", ..Self::no_content() };
        let version = kept.version.map(|version| version.to_string());
        let headers = [("x-rolecall-version", version), ("etag", kept.etag), ("location", kept.location)];
        let headers = headers.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)));
        headers.fold(reply, |reply, (name, value)| reply.header(name, value)).header("idempotency-replayed", "true")
    }

    /// What is kept of this answer: neither a secret nor a cookie.
    ///
    /// # Errors
    /// When it is no text, which is our fault.
    pub(super) fn kept(&self, request: String, version: Option<i64>) -> Result<Kept, Problem> {
        let body = self.without_secrets.as_ref().unwrap_or(&self.body).clone();
        let body = String::from_utf8(body).map_err(|error| Problem::internal(error.to_string()))?;
        let header = |name| self.headers.iter().find(|(other, _)| *other == name).map(|(_, value)| value.clone());
        Ok(Kept {
            request,
            status: self.status.as_u16(),
            version,
            etag: header("etag"),
            location: header("location"),
            body,
        })
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
        Self { status: StatusCode::OK, body, content_type: "application/json", ..Self::no_content() }
    }

    /// An answer in bytes of this media type.
    pub(super) fn bytes(content_type: &'static str, body: Vec<u8>) -> Self {
        Self { status: StatusCode::OK, body, content_type, ..Self::no_content() }
    }

    /// A file of this name: its first page, and what is still to be read of it.
    pub(super) fn file(form: Form, name: &str, body: Vec<u8>, rest: Option<Rest>) -> Self {
        let (content_type, ending) = form.file_type();
        let reply = Self { status: StatusCode::OK, body, rest, content_type, ..Self::no_content() };
        reply.header("content-disposition", format!("attachment; filename=\"{name}.{ending}\""))
    }

    /// An answer without a body.
    pub(super) const fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            body: Vec::new(),
            rest: None,
            content_type: "",
            headers: Vec::new(),
            without_secrets: None,
        }
    }

    /// An answer that promises work and tells nothing of it.
    pub(super) fn accepted() -> Self {
        Self { status: StatusCode::ACCEPTED, ..Self::no_content() }
    }

    /// Another place to go to.
    pub(super) fn redirect(place: impl Into<String>) -> Self {
        Self { status: StatusCode::SEE_OTHER, ..Self::no_content() }.header("location", place)
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
        let content_type = "application/problem+json";
        let reply = Self { status: problem.status(), body, content_type, ..Self::no_content() };
        let reply = if problem.status() == StatusCode::UNAUTHORIZED {
            reply.header("www-authenticate", "Bearer")
        } else {
            reply
        };
        let reply = match problem.status() {
            StatusCode::SERVICE_UNAVAILABLE => reply.header("retry-after", "1"),
            // The brake counts by the minute.
            StatusCode::TOO_MANY_REQUESTS => reply.header("retry-after", "60"),
            _ => reply,
        };
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

    /// The same answer under another media type.
    #[must_use]
    pub(super) fn typed(self, content_type: &'static str) -> Self {
        Self { content_type, ..self }
    }

    /// The same answer with another status.
    #[must_use]
    pub(super) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
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
    pub(super) fn into_response(self, request_id: &str, if_none_match: Option<&str>) -> Response<Body> {
        let tag = self.headers.iter().find(|(name, _)| *name == "etag").map(|(_, value)| value.as_str());
        let is_known = tag.is_some_and(|tag| is_known(if_none_match, tag));
        let (status, body) = if is_known { (StatusCode::NOT_MODIFIED, Vec::new()) } else { (self.status, self.body) };
        let mut builder = Response::builder().status(status).header("x-request-id", request_id);
        let has_own_caching = self.headers.iter().any(|(name, _)| *name == "cache-control");
        if !has_own_caching {
            builder = builder.header("cache-control", "no-store");
        }
        builder = builder.header("x-content-type-options", "nosniff").header("referrer-policy", "no-referrer");
        if !self.content_type.is_empty() && status != StatusCode::NOT_MODIFIED {
            builder = builder.header("content-type", self.content_type);
        }
        for (name, value) in self.headers {
            builder = builder.header(name, value);
        }
        builder.body(Body::new(body, self.rest, request_id)).unwrap_or_default()
    }
}

/// True when `If-None-Match` names this tag.
pub(super) fn is_known(if_none_match: Option<&str>, tag: &str) -> bool {
    let strong = |tag: &'_ str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    let names = |one: &str| one == "*" || strong(one) == strong(tag);
    if_none_match.is_some_and(|known| known.split(',').any(|one| names(one.trim())))
}

/// Members of a view that change by use or by delivery alone, without anybody's decision.
const ACTIVITY: [&str; 6] = ["last_active_at", "last_login_at", "last_used_at", "opened_at", "reminded_at", "delivery"];

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
