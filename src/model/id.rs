//! Typed ids: a prefix that names the noun and 26 lower-case characters that sort by creation time.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::Timestamp;
use super::base32::{SORTED, decode, encode};

const BODY: usize = 26;
const LAST: &[u8] = b"048cgkos";

/// A text that isn't an id of the wanted noun.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.in_words())]
pub struct IdError {
    prefix: &'static str,
}

impl IdError {
    /// The error as its `Display` has it, joined by hand.
    pub fn in_words(&self) -> String {
        ["an id here starts with `", self.prefix, "` and has 26 characters after it"].concat()
    }
}

/// The 26 characters: 48 bits of time, 80 random bits, in an alphabet whose order is that of the bits.
fn body(now: Timestamp, random: [u8; 10]) -> String {
    let ms = now.as_ms().to_be_bytes();
    encode(SORTED, ms.into_iter().skip(2).chain(random))
}

/// The bits of a body that was checked.
fn bits(body: &str) -> [u8; 16] {
    decode(SORTED, body).try_into().unwrap_or_default()
}

fn is_body(text: &str) -> bool {
    // 26 times 5 bits are two more than there are; these are zero.
    let ends_right = text.bytes().last().is_some_and(|byte| LAST.contains(&byte));
    text.len() == BODY && ends_right && text.bytes().all(|byte| SORTED.contains(&byte))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// What every id of this noun starts with.
            pub const PREFIX: &'static str = $prefix;

            /// A new id, made of the time and 80 random bits.
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                Self([$prefix, &body(now, random)].concat())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The 48 bits of time and 80 random bits; their order is that of the ids.
            pub fn to_bytes(&self) -> [u8; 16] {
                bits(self.0.get($prefix.len()..).unwrap_or_default())
            }

            /// The id of these bits.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self([$prefix, &encode(SORTED, bytes)].concat())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                match text.strip_prefix($prefix) {
                    Some(rest) if is_body(rest) => Ok(Self(text.to_owned())),
                    _ => Err(IdError { prefix: $prefix }),
                }
            }
        }
    };
}

id!(/// A workspace: the tenant.
    WorkspaceId, "ws_");
id!(/// An account: a person, by verified address.
    AccountId, "acc_");
id!(/// A group of members and invitees.
    GroupId, "grp_");
id!(/// An invite.
    InviteId, "inv_");
id!(/// A grant: a role with a scope in somebody's hand.
    GrantId, "gnt_");
id!(/// An API token.
    TokenId, "tok_");
id!(/// An audit event.
    EventId, "evt_");
id!(/// A signed-in session.
    SessionId, "ses_");
id!(/// A link that signs a person in.
    LinkId, "lnk_");
id!(/// A connection to an identity provider.
    ConnectionId, "idp_");
id!(/// A login that tries a connection.
    TestId, "tst_");
id!(/// An e-mail domain of a workspace.
    DomainId, "dom_");
id!(/// A request to join a workspace.
    JoinRequestId, "jrq_");
id!(/// A mail in the outbox.
    MailId, "mail_");

/// Who or what holds a grant. The prefix tells which, so that one column serves them all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// A member, by account.
    Member(AccountId),
    /// A group.
    Group(GroupId),
    /// An invite: what its acceptance will give.
    Invite(InviteId),
    /// An API token.
    Token(TokenId),
}

impl Holder {
    /// The holder's id as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Member(id) => id.as_str(),
            Self::Group(id) => id.as_str(),
            Self::Invite(id) => id.as_str(),
            Self::Token(id) => id.as_str(),
        }
    }
}

impl FromStr for Holder {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let member = || text.parse().map(Self::Member);
        let group = || text.parse().map(Self::Group);
        let invite = || text.parse().map(Self::Invite);
        member().or_else(|_: IdError| group()).or_else(|_| invite()).or_else(|_| text.parse().map(Self::Token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip_sort_by_time_and_refuse_strangers() {
        let early = GroupId::new(Timestamp::from_ms(1), [255; 10]);
        let late = GroupId::new(Timestamp::from_ms(2), [0; 10]);
        assert!(early < late);
        assert_eq!(early.as_str().parse(), Ok(early.clone()));
        assert!(early.to_bytes() < late.to_bytes());
        assert_eq!(GroupId::from_bytes(early.to_bytes()), early);
        assert!(early.as_str().parse::<AccountId>().is_err());
        for bad in
            ["grp_", "grp_1", "acc_' OR 1=1 --", "grp_0000000000000000000000000é", "grp_zzzzzzzzzzzzzzzzzzzzzzzzzz"]
        {
            assert!(bad.parse::<GroupId>().is_err(), "{bad}");
        }
        assert_eq!(early.as_str().parse::<Holder>(), Ok(Holder::Group(early)));
    }
}
