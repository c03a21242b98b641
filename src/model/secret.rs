//! Secrets that are shown once: a recognisable prefix, 160 random bits and a checksum; stored as a hash.

use std::fmt;

use sha2::{Digest, Sha256};

use super::base32;

const RANDOM: usize = 20;

/// What a secret opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// An invite.
    Invite,
    /// The API.
    Token,
    /// SCIM.
    Scim,
    /// A signed-in session (the cookie).
    Session,
    /// A session that is yet to be opened (the mail).
    Link,
    /// A login under way, at an identity provider.
    State,
    /// The browser that a login began in (the other cookie).
    Browser,
}

impl SecretKind {
    /// What each secret of this kind starts with, so that scanners and people recognise it.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Invite => "rcl_inv_",
            Self::Token => "rcl_tok_",
            Self::Scim => "rcl_scim_",
            Self::Session => "rcl_ses_",
            Self::Link => "rcl_lnk_",
            Self::State => "rcl_sso_",
            Self::Browser => "rcl_web_",
        }
    }
}

/// A secret in clear: never stored, never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// The SHA-256 of a secret in hex. 160 random bits need no salt and no slow hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretHash(String);

impl SecretHash {
    /// The hash in hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Secret {
    /// A new secret of these random bits.
    pub fn new(kind: SecretKind, random: [u8; RANDOM]) -> Self {
        let body = encode(&random);
        let checksum = checksum(&body);
        Self(format!("{}{body}{checksum}", kind.prefix()))
    }

    /// Reads a secret that somebody presents; `None` when its prefix, length or checksum is wrong.
    pub fn parse(kind: SecretKind, text: &str) -> Option<Self> {
        let rest = text.strip_prefix(kind.prefix())?;
        let (body, sum) = rest.split_at_checked(rest.len().checked_sub(7)?)?;
        (body.len() == 32 && checksum(body) == sum).then(|| Self(text.to_owned()))
    }

    /// What is stored of it.
    pub fn hash(&self) -> SecretHash {
        SecretHash(base16ct::lower::encode_string(&Sha256::digest(self.0.as_bytes())))
    }

    /// The secret in clear, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn encode(bytes: &[u8]) -> String {
    base32::encode(base32::READABLE, bytes.iter().copied())
}

fn checksum(body: &str) -> String {
    encode(&crc32fast::hash(body.as_bytes()).to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_recognised_and_a_typo_is_not() {
        let secret = Secret::new(SecretKind::Token, [7; RANDOM]);
        let text = secret.reveal().to_owned();
        assert!(text.starts_with("rcl_tok_"));
        assert_eq!(Secret::parse(SecretKind::Token, &text), Some(secret.clone()));
        assert_eq!(Secret::parse(SecretKind::Invite, &text), None);
        let typo = text.replacen("rcl_tok_a", "rcl_tok_b", 1);
        assert_ne!(typo, text);
        assert_eq!(Secret::parse(SecretKind::Token, &typo), None);
        assert_eq!(Secret::parse(SecretKind::Token, "rcl_tok_é"), None);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(secret.hash().as_str().len(), 64);
    }
}
