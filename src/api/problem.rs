//! Problem documents (RFC 9457): the one place that chooses a status.

use http::StatusCode;
use serde::Serialize;

use crate::host::DbError;
use crate::model::{AcceptError, GrantExpr, MemberError, Need};
use crate::oidc::Fault;
use crate::policy::Refusal;
use crate::store::StoreError;
use crate::wire::bulk::{BulkView, RowView, SummaryView};
use crate::wire::issue::{Issue, Issues};
use crate::wire::preview::PreviewView;

use super::reply::Reply;

pub use super::code::Code;

/// A request that isn't answered as asked: why, and what to do.
#[derive(Debug)]
pub struct Problem {
    /// The code.
    pub code: Code,
    /// What happened and what to do, for a person. Empty when it is our fault.
    pub detail: String,
    /// The places in the body.
    pub issues: Vec<Issue>,
    /// Grants that would allow it: alternatives, each a list needed together.
    pub missing: Vec<Vec<String>>,
    /// Grants that exceed what the caller holds.
    pub exceeds: Vec<String>,
    /// Where to sign in instead: a path of this site.
    pub sign_in: Option<String>,
    /// What to write to the log: the cause of a fault of ours.
    pub cause: Option<String>,
    /// True when the decision rested on something that changed meanwhile: deciding again gives the right answer.
    pub is_stale: bool,
    /// The methods of the path, for a 405.
    pub allow: Option<String>,
    /// What a dry run would have done: it stops at its commit, like a request that is refused.
    pub would: Option<Box<PreviewView>>,
    /// What is wrong with each row of a list that was refused as a whole.
    pub report: Option<Box<BulkView>>,
    /// The answer that was given to this request before, which stops like one that is refused.
    pub(super) replay: Option<Box<Reply>>,
    /// Another status than the code's own: a rule that an acceptance meets is a conflict.
    pub status: Option<StatusCode>,
}

/// The document.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    code: &'static str,
    detail: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [Issue],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    missing: &'a [Vec<String>],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    exceeds: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_in: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a SummaryView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<&'a [RowView]>,
    request_id: &'a str,
}

impl Problem {
    /// A problem of this code.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        let (issues, missing, exceeds) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            code,
            detail: detail.into(),
            issues,
            missing,
            exceeds,
            sign_in: None,
            cause: None,
            is_stale: false,
            allow: None,
            would: None,
            report: None,
            replay: None,
            status: None,
        }
    }

    /// The same problem under another code.
    #[must_use]
    pub fn with(self, code: Code) -> Self {
        Self { code, ..self }
    }

    /// The same problem with another status.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status: Some(status), ..self }
    }

    /// The status that the answer has.
    pub fn status(&self) -> StatusCode {
        self.status.unwrap_or_else(|| self.code.status())
    }

    /// Not there, or not to be seen: the same words for both.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "there is nothing here, or nothing that you may see")
    }

    /// Not allowed, with what would allow it.
    pub fn forbidden(detail: impl Into<String>, missing: &[Vec<GrantExpr>]) -> Self {
        let missing = missing.iter().map(|grants| grants.iter().map(ToString::to_string).collect()).collect();
        Self { missing, ..Self::new(Code::Forbidden, detail) }
    }

    /// More than the caller holds.
    pub fn exceeded(grants: &[GrantExpr]) -> Self {
        let exceeds = grants.iter().map(ToString::to_string).collect();
        let detail = Refusal::DelegationExceeded { exceeds: grants.to_vec() }.to_string();
        Self { exceeds, ..Self::new(Code::DelegationExceeded, detail) }
    }

    /// A grant that the plan doesn't include.
    pub fn plan_required(grant: &GrantExpr, need: Need) -> Self {
        Self::new(Code::PlanRequired, Refusal::PlanRequired { grant: grant.clone(), need }.to_string())
    }

    /// The end of a dry run: no problem, but what the commit would have done.
    pub(super) fn would(view: PreviewView) -> Self {
        Self { would: Some(Box::new(view)), ..Self::new(Code::Conflict, "a dry run stops here") }
    }

    /// The end of a request that was answered before.
    pub(super) fn replay(reply: Reply) -> Self {
        Self { replay: Some(Box::new(reply)), ..Self::new(Code::Conflict, "this was answered before") }
    }

    /// Our fault, with the cause for the log.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into()), ..Self::new(Code::Internal, "") }
    }

    /// Something that the decision rested on changed meanwhile.
    fn stale() -> Self {
        let detail = "others changed the same thing at the same moment; read it again and retry";
        Self { is_stale: true, ..Self::new(Code::Conflict, detail) }
    }

    /// The document as JSON.
    pub fn document(&self, request_id: &str) -> Vec<u8> {
        let (code, _, title) = self.code.row();
        let document = Document {
            kind: format!("https://rolecall.dev/problems/{code}"),
            title,
            status: self.status().as_u16(),
            code,
            detail: &self.detail,
            errors: &self.issues,
            missing: &self.missing,
            exceeds: &self.exceeds,
            sign_in: self.sign_in.as_deref(),
            summary: self.report.as_ref().map(|report| &report.summary),
            rows: self.report.as_ref().map(|report| report.rows.as_slice()),
            request_id,
        };
        serde_json::to_vec(&document).unwrap_or_default()
    }
}

/// One issue that has a code of its own lends it to the whole; else the body has errors.
impl From<Issues> for Problem {
    fn from(issues: Issues) -> Self {
        let issues = issues.into_vec();
        let named = [Code::UnknownField, Code::WorkspaceRoleRequired, Code::ActionResourceMismatch];
        let shared = named.into_iter().find(|code| issues.iter().all(|issue| issue.code == code.as_str()));
        let detail = issues.first().map_or_else(String::new, |issue| issue.detail.clone());
        Self { issues, ..Self::new(shared.unwrap_or(Code::ValidationFailed), detail) }
    }
}

impl From<MemberError> for Problem {
    fn from(error: MemberError) -> Self {
        let code = match error {
            MemberError::LastOwner => Code::LastOwner,
            MemberError::WorkspaceRoleRequired => Code::WorkspaceRoleRequired,
        };
        Self::new(code, error.to_string())
    }
}

impl From<AcceptError> for Problem {
    fn from(error: AcceptError) -> Self {
        let code = match error {
            AcceptError::Expired { .. } => Code::InviteExpired,
            AcceptError::Canceled => Code::InviteCanceled,
            AcceptError::Used => Code::InviteUsed,
        };
        Self::new(code, error.to_string())
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::new(Code::named(fault.code()), fault.to_string())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Db(error) => error.into(),
            StoreError::Corrupt(column) => Self::internal(format!("corrupt column {column}")),
        }
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Conflict(name) if name == "last_owner" => MemberError::LastOwner.into(),
            DbError::Conflict(name) if name == "seat_limit_reached" => {
                Self::new(Code::SeatLimitReached, Refusal::SeatLimitReached.to_string())
            }
            DbError::Conflict(name) if name == "deprovisioned" => Self::new(
                Code::Deprovisioned,
                "the workspace's identity provider has deactivated this person; they come back when it activates them, or by an invite",
            ),
            // Guards, unique keys and foreign keys: each says that something changed since it was read.
            DbError::Conflict(name) if name == "append_only" => Self::internal(name),
            DbError::Conflict(name) => Self { cause: Some(name), ..Self::stale() },
            DbError::Busy(cause) => {
                Self { cause: Some(cause), ..Self::new(Code::Unavailable, "the database is busy; retry in a moment") }
            }
            DbError::Failed(cause) => Self::internal(cause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::saml::SamlRefusal;

    #[test]
    fn each_code_is_one_word_with_one_status() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{code:?}");
            assert!(code.status().as_u16() >= 400);
            assert!(code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        }
    }

    #[test]
    fn each_fault_of_a_provider_has_a_code() {
        for fault in Fault::ALL {
            assert_eq!(Problem::from(*fault).code.as_str(), fault.code());
        }
    }

    #[test]
    fn each_refusal_of_saml_has_a_code() {
        // What is wrong with metadata is told of their place in a body.
        for refusal in SamlRefusal::ALL.iter().filter(|refusal| **refusal != SamlRefusal::Metadata) {
            assert_eq!(Code::named(refusal.as_str()).as_str(), refusal.as_str());
        }
    }

    #[test]
    fn our_fault_tells_the_log_and_not_the_caller() {
        let problem: Problem = DbError::Failed("no such table: x".to_owned()).into();
        assert_eq!(problem.cause.as_deref(), Some("no such table: x"));
        assert!(!String::from_utf8(problem.document("req_1")).unwrap().contains("table"));
    }
}
