//! What an ID token claims, and what must be true of it (OpenID Connect Core 3.1.3.7).

use serde_json::{Map, Value};

use crate::model::Timestamp;

use super::Fault;

/// How far the provider's clock may be from ours, in seconds.
const SKEW: i64 = 60;
/// How long a subject may be.
const MOST_SUBJECT: usize = 255;

/// The claims.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims(Map<String, Value>);

/// What a token has to say to answer a login.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// Who we are there.
    pub client: &'a str,
    /// What the login was begun with.
    pub nonce: &'a str,
    /// The moment.
    pub now: Timestamp,
}

impl Claims {
    /// Claims of these members.
    pub const fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// A time in seconds, which some providers write with a fraction.
    fn time(&self, name: &str) -> Result<Option<i64>, Fault> {
        match self.0.get(name) {
            None => Ok(None),
            #[expect(clippy::cast_possible_truncation, reason = "what is no time is far in the past or the future")]
            Some(Value::Number(number)) => {
                Ok(number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds as i64)))
            }
            Some(_) => Err(Fault::Malformed),
        }
    }

    /// Checks that they answer a login.
    ///
    /// # Errors
    /// With the first thing that they don't say.
    pub fn check(&self, expected: &Expected<'_>) -> Result<(), Fault> {
        if self.text("iss") != Some(expected.issuer) {
            return Err(Fault::Issuer);
        }
        self.check_audience(expected.client)?;
        self.check_times(expected.now.as_ms() / 1_000)?;
        if self.text("nonce") != Some(expected.nonce) {
            return Err(Fault::Nonce);
        }
        self.subject().map(|_| ())
    }

    fn check_audience(&self, client: &str) -> Result<(), Fault> {
        let (is_for_us, is_alone) = match self.0.get("aud") {
            Some(Value::String(one)) => (one == client, true),
            Some(Value::Array(several)) => (several.iter().any(|one| one == client), several.len() == 1),
            _ => (false, true),
        };
        if !is_for_us {
            return Err(Fault::Audience);
        }
        match self.0.get("azp") {
            Some(party) if party != client => Err(Fault::AuthorizedParty),
            None if !is_alone => Err(Fault::AuthorizedParty),
            _ => Ok(()),
        }
    }

    fn check_times(&self, now: i64) -> Result<(), Fault> {
        let (Some(expires), Some(issued)) = (self.time("exp")?, self.time("iat")?) else {
            return Err(Fault::Malformed);
        };
        if expires <= now - SKEW {
            return Err(Fault::Expired);
        }
        if issued > now + SKEW {
            return Err(Fault::IssuedInFuture);
        }
        if self.time("nbf")?.is_some_and(|from| from > now + SKEW) {
            return Err(Fault::NotYetValid);
        }
        Ok(())
    }

    /// Of whom they are: the provider's own name for a person.
    ///
    /// # Errors
    /// When they don't say.
    pub fn subject(&self) -> Result<&str, Fault> {
        let is_subject = |text: &&str| (1..=MOST_SUBJECT).contains(&text.len()) && !text.chars().any(char::is_control);
        self.text("sub").filter(is_subject).ok_or(Fault::Subject)
    }

    /// The address, where there is one.
    pub fn email(&self) -> Option<&str> {
        self.text("email").filter(|email| !email.is_empty())
    }

    /// True when the provider says that the address was verified; some say so in a text.
    pub fn is_email_verified(&self) -> bool {
        self.0.get("email_verified").is_some_and(|value| *value == true || value == "true")
    }

    /// The person's name.
    pub fn name(&self) -> Option<&str> {
        self.text("name").or_else(|| self.text("preferred_username"))
    }

    /// The groups in a claim: a list of texts, or one text. `None` where there is no such claim.
    pub fn groups(&self, claim: &str) -> Option<Vec<String>> {
        match self.0.get(claim)? {
            Value::String(one) => Some(vec![one.clone()]),
            Value::Array(several) => Some(several.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
            _ => None,
        }
    }
}
