//! One request's context: the machine, the moment, the request and its parameters.

use std::cell::OnceCell;

use http::Request;
use percent_encoding::percent_decode_str;

use crate::host::{Config, Entropy, Host};
use crate::model::{Secret, SecretKind, Timestamp};
use crate::store::idempotency::Claim;

use super::problem::Problem;

/// What a handler has at hand.
#[derive(Debug)]
pub(super) struct Context<'a, H> {
    /// The machine.
    pub(super) host: &'a H,
    /// The deployment's settings.
    pub(super) config: &'a Config,
    /// The moment that the request is answered at.
    pub(super) now: Timestamp,
    /// The request.
    pub(super) request: &'a Request<Vec<u8>>,
    /// The id that the answer and the audit events carry.
    pub(super) request_id: &'a str,
    /// The parameters of the path, decoded.
    pub(super) path: Vec<(String, String)>,
    /// True when the request asks what it would do: it stops at its commit.
    pub(super) is_dry_run: bool,
    /// The `Idempotency-Key`, where the route takes one.
    pub(super) key: Option<&'a str>,
    /// Whose key it is, and for which request, once the caller is known.
    pub(super) claim: OnceCell<Claim>,
}

impl<H: Host> Context<'_, H> {
    /// The database.
    pub(super) fn db(&self) -> &H::Db {
        self.host.db()
    }

    /// A new id.
    pub(super) fn id<T>(&self, make: impl Fn(Timestamp, [u8; 10]) -> T) -> T {
        let mut random = [0; 10];
        self.host.entropy().fill(&mut random);
        make(self.now, random)
    }

    /// A new secret.
    pub(super) fn secret(&self, kind: SecretKind) -> Secret {
        let mut random = [0; 20];
        self.host.entropy().fill(&mut random);
        Secret::new(kind, random)
    }

    /// A parameter of the path; the route table says which there are.
    pub(super) fn segment(&self, name: &str) -> &str {
        self.path.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// A parameter of the path that parses; what doesn't can't be there.
    ///
    /// # Errors
    /// With a 404, as for something that isn't there.
    pub(super) fn parsed<T: std::str::FromStr>(&self, name: &str) -> Result<T, Problem> {
        self.segment(name).parse().map_err(|_| Problem::not_found())
    }

    /// A header as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name).and_then(|value| value.to_str().ok())
    }

    /// A parameter of the query, decoded; the first of its name.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let query = self.request.uri().query()?;
        form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The path and the filters of a list: a cursor of one list is none of another.
    pub(super) fn list_identity(&self) -> String {
        let query = self.request.uri().query().unwrap_or_default();
        let mut filters: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .filter(|(key, _)| key != "cursor" && key != "limit")
            .map(|(key, value)| (key.into_owned(), value.into_owned()))
            .collect();
        filters.sort();
        format!("{}?{filters:?}", self.request.uri().path())
    }
}

/// Decodes one parameter of a path; `None` for what isn't UTF-8.
pub(super) fn decode(segment: &str) -> Option<String> {
    percent_decode_str(segment).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}
