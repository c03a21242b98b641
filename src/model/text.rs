//! Texts that people type: addresses, names and slugs, parsed once.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::letters::{is_alphanumeric, lower};

const MAX_EMAIL: usize = 254;
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN_LABEL: usize = 63;
const MAX_NAME: usize = 200;
const MAX_SLUG: usize = 63;

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TextError {
    /// Not an e-mail address (RFC 5321 addr-spec, at most 254 octets, no display name, no domain literal).
    #[error("{}", self.in_words())]
    Email(String),
    /// A name with nothing visible in it, too long, or with control characters.
    #[error("{}", self.in_words())]
    Name,
    /// Not a slug.
    #[error("{}", self.in_words())]
    Slug,
}

impl TextError {
    /// The error as its `Display` has it, joined by hand.
    pub fn in_words(&self) -> String {
        let (before, what, after) = match self {
            Self::Email(text) => ("`", text.as_str(), "` is not an e-mail address"),
            Self::Name => ("", "", "a name has 1 to 200 characters and no control characters"),
            Self::Slug => (
                "",
                "",
                "a slug has 2 to 63 of `a-z 0-9 -`, starts and ends with a letter or digit and holds no id prefix",
            ),
        };
        [before, what, after].concat()
    }
}

/// A verified or invited e-mail address, in lower case: addresses compare without case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`, a fallback for a missing name.
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or(self.0.as_str(), |(local, _)| local)
    }
}

impl FromStr for Email {
    type Err = TextError;
    fn from_str(text: &str) -> Result<Self, TextError> {
        let trimmed = text.trim();
        let valid = trimmed.len() <= MAX_EMAIL
            && !trimmed.contains(|c: char| c.is_control() || c.is_whitespace() || matches!(c, '"' | ',' | ';'))
            && is_addr_spec(trimmed);
        if valid { Ok(Self(lower(trimmed))) } else { Err(TextError::Email(clip(trimmed))) }
    }
}

/// True for `local@domain` by RFC 5321 and 6531, of a text without quotes and blanks: a domain has two labels or more.
fn is_addr_spec(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_label = |label: &str| {
        label.len() <= MAX_DOMAIN_LABEL
            && is_atom(label)
            && label.starts_with(is_alphanumeric)
            && label.ends_with(is_alphanumeric)
    };
    local.len() <= MAX_LOCAL && local.split('.').all(is_atom) && domain.contains('.') && domain.split('.').all(is_label)
}

fn is_atom(text: &str) -> bool {
    let is_atext = |b: u8| !b.is_ascii() || b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    !text.is_empty() && text.bytes().all(is_atext)
}

/// The start of a text, enough to recognise it in an error.
fn clip(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// A count as it is written.
pub fn digits(number: u64) -> String {
    let mut digits = Vec::new();
    let mut rest = number;
    while rest > 0 || digits.is_empty() {
        digits.extend(char::from_digit((rest % 10) as u32, 10));
        rest /= 10;
    }
    digits.into_iter().rev().collect()
}

/// How many characters a text has. The library's way to count them is faster for long ones, and larger than all of this file.
pub(super) fn length(text: &str) -> usize {
    text.bytes().filter(|byte| byte & 0xC0 != 0x80).count()
}

/// A name that people gave to a person, workspace, group, resource or token.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// A name for who gave none.
    pub fn unknown() -> Self {
        Self("Unknown".to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = TextError;
    fn from_str(text: &str) -> Result<Self, TextError> {
        let trimmed = text.trim();
        let length = length(trimmed);
        if (1..=MAX_NAME).contains(&length) && !trimmed.chars().any(char::is_control) {
            Ok(Self(trimmed.to_owned()))
        } else {
            Err(TextError::Name)
        }
    }
}

/// A workspace's name in addresses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = TextError;
    fn from_str(text: &str) -> Result<Self, TextError> {
        let alphabet = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let ends = !text.starts_with('-') && !text.ends_with('-');
        if (2..=MAX_SLUG).contains(&text.len()) && alphabet && ends {
            Ok(Self(text.to_owned()))
        } else {
            Err(TextError::Slug)
        }
    }
}

macro_rules! display {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}
display!(Email, Name, Slug);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_and_lowered() {
        assert_eq!("Ann.B+x@Example.COM".parse::<Email>().unwrap().as_str(), "ann.b+x@example.com");
        let bad = [
            "",
            "ann",
            "ann@",
            "@x.com",
            "ann@x",
            "a b@x.com",
            "Ann <ann@x.com>",
            "ann@x.com\r\nBcc: e@x.com",
            "a@[1.2.3.4]",
            "a@b@c.com",
            "a,b@x.com",
        ];
        for text in bad {
            assert!(text.parse::<Email>().is_err(), "{text}");
        }
    }

    fn is_one_by_the_crate(text: &str) -> bool {
        let options =
            email_address::Options::default().with_required_tld().without_display_text().without_domain_literal();
        email_address::EmailAddress::parse_with_options(text, options).is_ok()
    }

    #[test]
    fn an_address_changed_anywhere_is_one_where_the_crate_says_so() {
        let long = |local: usize, label: usize| format!("{}@{}.com", "a".repeat(local), "b".repeat(label));
        let texts = [
            "ann.b+x@mail.example-1.com".to_owned(),
            "jos\u{e9}@caf\u{e9}.\u{4e2d}\u{56fd}".to_owned(),
            "!#$%&'*+-/=?^_`{|}~@a_b.c".to_owned(),
            long(64, 63),
            long(65, 63),
            long(64, 64),
        ];
        let others = ('!'..='~').filter(|c| !matches!(c, '"' | ',' | ';')).chain("é×١Ⅷ😀\u{301}".chars());
        let others: Vec<String> = others.map(String::from).chain([String::new()]).collect();
        for text in texts {
            assert_eq!(is_addr_spec(&text), is_one_by_the_crate(&text), "{text}");
            for (at, old) in text.char_indices().take(40) {
                for other in &others {
                    for end in [at, at + old.len_utf8()] {
                        let changed = [&text[..at], other, &text[end..]].concat();
                        assert_eq!(is_addr_spec(&changed), is_one_by_the_crate(&changed), "{changed}");
                    }
                }
            }
        }
    }

    #[test]
    fn names_hold_something_visible_and_slugs_fit_in_an_address() {
        assert_eq!(" Ann ".parse::<Name>().unwrap().as_str(), "Ann");
        assert!("  ".parse::<Name>().is_err());
        assert!("a\u{7}b".parse::<Name>().is_err());
        assert!("acme-1".parse::<Slug>().is_ok());
        for text in ["a", "-acme", "acme-", "Acme", "ac me", "ws_0000"] {
            assert!(text.parse::<Slug>().is_err(), "{text}");
        }
    }
}
