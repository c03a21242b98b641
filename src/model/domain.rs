//! E-mail domains that a workspace proves to be its own, and what follows for people who have an address there.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::{AccountId, DomainId, Email, JoinRequestId, Name, Timestamp, WorkspaceId};

/// What is wrong with the name of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DomainError {
    /// No name of a domain.
    #[error("a domain is a name like `example.com`; write others than ASCII as `xn--…`")]
    Syntax,
    /// Anybody can have an address or a name there.
    #[error("`{0}` is open to everybody: nobody's alone")]
    Shared(String),
}

/// The name of a domain, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainName(String);

/// Providers of mail where everybody can have an address.
const FREEMAIL: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "duck.com",
    "fastmail.com",
    "free.fr",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.fr",
    "hushmail.com",
    "icloud.com",
    "inbox.com",
    "laposte.net",
    "libero.it",
    "live.co.uk",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "mailinator.com",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "outlook.fr",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rambler.ru",
    "rediffmail.com",
    "rocketmail.com",
    "seznam.cz",
    "t-online.de",
    "tuta.com",
    "tuta.io",
    "tutanota.com",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "yahoo.co.in",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yahoo.es",
    "yahoo.fr",
    "yahoo.it",
    "yandex.com",
    "yandex.ru",
    "ymail.com",
    "zoho.com",
];

/// Names under which everybody can have a name, beside those of countries.
const SHARED: &[&str] = &[
    "appspot.com",
    "azurewebsites.net",
    "blogspot.com",
    "cloudfront.net",
    "eu.org",
    "firebaseapp.com",
    "github.io",
    "gitlab.io",
    "herokuapp.com",
    "netlify.app",
    "pages.dev",
    "uk.com",
    "us.com",
    "vercel.app",
    "web.app",
    "workers.dev",
];

/// What countries put between their own name and everybody's.
const SECOND_LEVEL: &[&str] =
    &["ac", "co", "com", "edu", "go", "gob", "gov", "gv", "ltd", "mil", "ne", "net", "nom", "or", "org", "plc", "sch"];

impl DomainName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name as it was stored, which was one of its own then.
    pub fn stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The name that an address is at, as it compares with those of domains.
    pub fn of(email: &Email) -> &str {
        email.as_str().rsplit('@').next().unwrap_or_default()
    }
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// True for a name under which everybody can have one, as far as a short list knows. Whoever proves such a name by a record is
/// its registry, so that nothing hangs on the list being whole.
fn is_shared(name: &str) -> bool {
    let by_country = match name.split_once('.') {
        Some((second, country)) => country.len() == 2 && SECOND_LEVEL.contains(&second),
        None => false,
    };
    by_country || FREEMAIL.contains(&name) || SHARED.contains(&name)
}

impl FromStr for DomainName {
    type Err = DomainError;
    fn from_str(text: &str) -> Result<Self, DomainError> {
        let lower = text.trim().to_ascii_lowercase();
        let name = lower.strip_suffix('.').unwrap_or(&lower);
        let labels: Vec<&str> = name.split('.').collect();
        let top = labels.last().copied().unwrap_or_default();
        let is_name = labels.len() >= 2 && name.len() <= 200 && labels.iter().all(|label| is_label(label));
        if !is_name || top.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(DomainError::Syntax);
        }
        if is_shared(name) { Err(DomainError::Shared(name.to_owned())) } else { Ok(Self(name.to_owned())) }
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What somebody may do who has an address at a verified domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutoJoin {
    /// Nothing.
    Off,
    /// Ask to join.
    Request,
    /// Join.
    Join,
}

impl AutoJoin {
    /// The choice as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Request => "request",
            Self::Join => "join",
        }
    }
}

impl FromStr for AutoJoin {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Off, Self::Request, Self::Join].into_iter().find(|one| one.as_str() == text).ok_or(())
    }
}

/// A domain in a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// Its id, which holds the grants that it gives.
    pub id: DomainId,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The name.
    pub name: DomainName,
    /// What the record that proves it holds.
    pub token: String,
    /// When it was proved.
    pub verified_at: Option<Timestamp>,
    /// What follows.
    pub auto_join: AutoJoin,
    /// Counts the changes.
    pub revision: i64,
    /// When it was added.
    pub created_at: Timestamp,
}

impl Domain {
    /// The name of the record that proves it: none that anybody uses for something else.
    pub fn record_name(&self) -> String {
        format!("_rolecall-challenge.{}", self.name)
    }

    /// What the record says.
    pub fn record_value(&self) -> String {
        format!("rolecall-verify={}", self.token)
    }
}

/// Somebody who asks to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinRequest {
    /// Its id.
    pub id: JoinRequestId,
    /// Who asks.
    pub account: AccountId,
    /// Their address.
    pub email: Email,
    /// Their name.
    pub name: Name,
    /// By which domain.
    pub domain: DomainId,
    /// `pending`, `approved` or `denied`.
    pub status: String,
    /// When they asked.
    pub created_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Who decided.
    pub decided_by: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_a_name_of_ones_own() {
        for (text, name) in [
            ("Acme.com", "acme.com"),
            (" acme.com. ", "acme.com"),
            ("eng.acme.co.uk", "eng.acme.co.uk"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("co.com", "co.com"),
        ] {
            assert_eq!(text.parse::<DomainName>().unwrap().as_str(), name);
        }
        for text in [
            "",
            "com",
            ".com",
            "a..com",
            "-a.com",
            "a-.com",
            "a_b.com",
            "bücher.example",
            "1.2.3.4",
            "a b.com",
            "@acme.com",
        ] {
            assert_eq!(text.parse::<DomainName>(), Err(DomainError::Syntax), "{text}");
        }
        assert_eq!(format!("{}.com", "a".repeat(64)).parse::<DomainName>(), Err(DomainError::Syntax));
        for text in ["gmail.com", "GMAIL.com.", "co.uk", "com.au", "or.jp", "github.io", "workers.dev", "yahoo.co.uk"] {
            assert!(matches!(text.parse::<DomainName>(), Err(DomainError::Shared(_))), "{text}");
        }
    }

    #[test]
    fn an_address_is_at_the_name_behind_its_last_at() {
        assert_eq!(DomainName::of(&"Ann@Acme.com".parse().unwrap()), "acme.com");
    }
}
