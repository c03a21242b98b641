//! What a body says: a document of a user, or a group, without what the server writes itself.

use serde_json::{Map, Value};

use super::error::ScimError;

/// A JSON object.
pub type Document = Map<String, Value>;

/// What an identity provider says of somebody: stored and given back as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// All of it, `userName`, `externalId` and `active` included.
    pub document: Document,
}

impl User {
    /// The name that the identity provider knows them by, as it was sent. It compares without case.
    pub fn user_name(&self) -> &str {
        ""
    }

    /// The identity provider's own id of them. It compares with case.
    pub fn external_id(&self) -> Option<&str> {
        None
    }

    /// Whether they are to be in the workspace.
    pub fn is_active(&self) -> bool {
        true
    }

    /// What people call them: `displayName`, else `name.formatted`, else given and family name, else nothing.
    pub fn name(&self) -> Option<String> {
        None
    }

    /// The primary address, else the one for work, else the first.
    pub fn email(&self) -> Option<&str> {
        None
    }
}

/// A group as a body says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub display_name: String,
    /// The identity provider's own id of it.
    pub external_id: Option<String>,
    /// Who is in it; `None` where the body doesn't say.
    pub members: Option<Vec<MemberRef>>,
}

/// Who is meant by a value of `members`: the id of a user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MemberRef(pub String);

/// Reads the body of a POST or PUT of a user.
///
/// # Errors
/// When it is no such body.
pub fn read_user(_body: &Value) -> Result<User, ScimError> {
    Err(ScimError::new(501, ""))
}

/// Reads the body of a POST or PUT of a group.
///
/// # Errors
/// When it is no such body.
pub fn read_group(_body: &Value) -> Result<Group, ScimError> {
    Err(ScimError::new(501, ""))
}
