//! Files: answers that are read page by page while they go out, so that a file of any length takes the memory of a page.
//!
//! What is still to be read is a value; the machine is lent for each page. A page that fails breaks the answer off, so that
//! nobody takes a part of a file for the whole.

use crate::host::Host;

use super::problem::Problem;
use super::{audit, stale};

/// What of a file is still to be read.
#[derive(Debug)]
pub(super) enum Rest {
    /// Of the record.
    Audit(audit::Rest),
    /// Of the report of stale access.
    Stale(Box<stale::Rest>),
}

impl Rest {
    /// The next page, and what follows it.
    pub(super) async fn next<H: Host>(self, host: &H) -> Result<(Vec<u8>, Option<Self>), Problem> {
        match self {
            Self::Audit(rest) => {
                let (page, rest) = rest.next(host).await?;
                Ok((page, rest.map(Self::Audit)))
            }
            Self::Stale(rest) => {
                let (page, rest) = rest.next(host).await?;
                Ok((page, rest.map(|rest| Self::Stale(Box::new(rest)))))
            }
        }
    }
}

/// The body of an answer: bytes, after which pages may follow.
#[derive(Debug, Default)]
pub struct Body {
    bytes: Vec<u8>,
    rest: Option<Rest>,
    /// The id of the answer, for the log.
    request_id: String,
}

impl Body {
    /// Of bytes, and what follows them in the answer of this id.
    pub(super) fn new(bytes: Vec<u8>, rest: Option<Rest>, request_id: &str) -> Self {
        Self { bytes, rest, request_id: request_id.to_owned() }
    }

    /// All of it, where no pages follow.
    ///
    /// # Errors
    /// With itself, where pages do.
    pub fn whole(self) -> Result<Vec<u8>, Self> {
        if self.rest.is_none() { Ok(self.bytes) } else { Err(self) }
    }

    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// When the database fails: the answer has to break off. The log has the cause.
    pub async fn next<H: Host>(&mut self, host: &H) -> Result<Option<Vec<u8>>, Problem> {
        if !self.bytes.is_empty() {
            return Ok(Some(std::mem::take(&mut self.bytes)));
        }
        let Some(rest) = self.rest.take() else { return Ok(None) };
        match rest.next(host).await {
            Ok((page, rest)) => {
                self.rest = rest;
                Ok(Some(page))
            }
            Err(problem) => {
                let cause = problem.cause.as_deref().unwrap_or_default();
                host.log(&format!("{} {}, in the middle of a file: {cause}", self.request_id, problem.code.as_str()));
                Err(problem)
            }
        }
    }
}
