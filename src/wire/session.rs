//! Sessions as JSON.

use serde::Deserialize;

use crate::model::Email;

use super::issue::Issues;

/// `{email}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The address of who wants to sign in.
    pub email: String,
}

impl SignIn {
    /// The address.
    ///
    /// # Errors
    /// When it isn't one.
    pub fn parse(&self) -> Result<Email, Issues> {
        let mut issues = Issues::default();
        let email = issues.take("/email", self.email.parse());
        issues.finish(email)
    }
}
