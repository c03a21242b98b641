//! OpenID Connect, as far as it is arithmetic on bytes: what a provider says of itself, its keys, its ID tokens and what must
//! be true of them. Whatever isn't as it should be is a [`Fault`]; nothing here asks a network, a clock or a database.
//!
//! The parsing is our own and strict: the algorithms are a closed list, a key is used for nothing but what it says, and a JSON
//! object that names a member twice is no object.

mod claims;
mod discovery;
mod json;
mod key;
mod token;

pub use claims::{Claims, Expected};
pub use discovery::{ClientAuth, Discovery};
pub use key::Keys;
pub use token::Token;

use thiserror::Error;

macro_rules! faults {
    ($($name:ident = $code:literal, $text:literal;)*) => {
        /// What is wrong with what a provider says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
        #[expect(missing_docs, reason = "each variant says itself: the text beside it")]
        pub enum Fault { $(#[error($text)] $name),* }

        impl Fault {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }
        }
    };
}

faults! {
    TooLarge = "id_token_too_large", "the ID token is longer than 16 KiB";
    Malformed = "id_token_malformed", "the ID token is no signed JWT";
    Kind = "id_token_type", "the token is of another type than an ID token";
    Duplicate = "id_token_duplicate_member", "the ID token names a member twice";
    Unsigned = "id_token_unsigned", "the ID token is not signed (`alg` is `none`)";
    Symmetric = "id_token_symmetric", "the ID token is signed with a shared secret; a provider signs with a key of its own";
    Algorithm = "id_token_algorithm", "the ID token is signed in another way than RS256, PS256, ES256 or EdDSA";
    Critical = "id_token_critical", "the ID token has critical headers, which mean nothing here";
    KeyUnknown = "id_token_key_unknown", "the provider has no key of the name that the ID token gives";
    KeyUnusable = "id_token_key_unusable", "the provider's key is not for checking signatures";
    KeyWeak = "id_token_key_weak", "the provider's key is too weak: RSA takes 2048 bits and the exponent 65537";
    Mismatch = "id_token_algorithm_mismatch", "the provider's key is for another algorithm than the ID token names";
    Signature = "id_token_signature", "the signature of the ID token is wrong";
    Issuer = "id_token_issuer", "the ID token is of another issuer";
    Audience = "id_token_audience", "the ID token is for another client";
    AuthorizedParty = "id_token_authorized_party", "the ID token was given to another client";
    Nonce = "id_token_nonce", "the ID token answers another login";
    Expired = "id_token_expired", "the ID token has expired";
    NotYetValid = "id_token_not_yet_valid", "the ID token isn't valid yet";
    IssuedInFuture = "id_token_issued_in_future", "the ID token is from the future; check the provider's clock";
    Subject = "id_token_subject", "the ID token doesn't say of whom it is";
    Discovery = "sso_discovery_invalid", "the provider's configuration lacks what a login takes, or names addresses that are not `https`";
    DiscoveryIssuer = "sso_discovery_issuer", "the provider's configuration names another issuer than the connection";
    Keys = "sso_keys_invalid", "the provider's keys can't be read";
}
