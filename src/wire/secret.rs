//! Secrets as JSON: in clear in the answer that made one, `null` when that answer is given again.

use std::fmt;

use serde::{Serialize, Serializer};

/// A secret in an answer.
#[derive(Clone, PartialEq, Eq)]
pub enum SecretView {
    /// In clear, this once.
    Shown(String),
    /// It was shown before.
    Withheld,
}

impl SecretView {
    /// Takes the secret out; true when one was there, which the answer tells beside it.
    pub fn withhold(secret: &mut Option<Self>) -> bool {
        secret.as_mut().map(|secret| *secret = Self::Withheld).is_some()
    }
}

impl fmt::Debug for SecretView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretView(…)")
    }
}

impl Serialize for SecretView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Shown(text) => serializer.serialize_str(text),
            Self::Withheld => serializer.serialize_none(),
        }
    }
}

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for SecretView {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "null"] })
    }
}

/// An answer that shows secrets once.
pub trait Secretive {
    /// Takes them out, and says beside each that it was shown.
    fn withhold(&mut self);
}
