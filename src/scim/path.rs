//! How a filter, a PATCH and a projection name an attribute: `userName`, `name.givenName`, a URN before either.

use std::fmt;

use super::schema::{Attribute, ENTERPRISE, Resource, find};

/// An attribute of a resource, found in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path {
    /// Whether it is of the enterprise extension: it lies in the object under that URN.
    pub is_extension: bool,
    /// The attribute.
    pub attribute: &'static Attribute,
    /// The attribute of its value, or of each of its values.
    pub sub: Option<&'static Attribute>,
}

/// What a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// The whole of the resource: its core URN alone.
    Core,
    /// The whole extension: its URN alone.
    Extension,
    /// An attribute.
    Attribute(Path),
}

impl Named {
    /// What a text names, whatever its case; `None` for what no schema has.
    pub(super) fn find(resource: Resource, text: &str) -> Option<Self> {
        let core = after(text, resource.schema());
        let extension = after(text, ENTERPRISE).filter(|_| resource == Resource::User);
        match (core, extension) {
            (Some(""), _) => Some(Self::Core),
            (_, Some("")) => Some(Self::Extension),
            (Some(rest), _) => attribute(false, rest, |name| resource.find(name)),
            (_, Some(rest)) => attribute(true, rest, |name| find(resource.extension(), name)),
            (None, None) => attribute(false, text, |name| resource.find(name)),
        }
    }
}

fn attribute(is_extension: bool, text: &str, find: impl Fn(&str) -> Option<&'static Attribute>) -> Option<Named> {
    let (name, sub) = text.split_once('.').map_or((text, None), |(name, sub)| (name, Some(sub)));
    let attribute = find(name)?;
    let sub = sub.map(|sub| attribute.sub(sub).ok_or(())).transpose().ok()?;
    Some(Named::Attribute(Path { is_extension, attribute, sub }))
}

/// What follows a URN: nothing, or what is behind the colon.
fn after<'a>(text: &'a str, urn: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(urn.len())?;
    let is_urn = start.eq_ignore_ascii_case(urn);
    if rest.is_empty() {
        is_urn.then_some("")
    } else {
        rest.strip_prefix(':').filter(|rest| is_urn && !rest.is_empty())
    }
}

impl Path {
    /// An attribute of the extension.
    pub(super) fn in_extension(resource: Resource, text: &str) -> Option<Self> {
        match attribute(true, text, |name| find(resource.extension(), name)) {
            Some(Named::Attribute(path)) => Some(path),
            _ => None,
        }
    }

    /// Whether the server alone writes it.
    pub(super) fn is_read_only(&self) -> bool {
        self.attribute.is_read_only() || self.target().is_read_only()
    }

    /// The attribute that is compared: the sub-attribute where one is named.
    pub fn target(&self) -> &'static Attribute {
        self.sub.unwrap_or(self.attribute)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_extension {
            write!(f, "{ENTERPRISE}:")?;
        }
        f.write_str(self.attribute.name)?;
        self.sub.map_or(Ok(()), |sub| write!(f, ".{}", sub.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_any_case_with_its_urn_or_without() {
        let named = |text: &str| match Named::find(Resource::User, text) {
            Some(Named::Attribute(path)) => path.to_string(),
            other => format!("{other:?}"),
        };
        let core = Resource::User.schema();
        for (text, wanted) in [
            ("USERNAME".to_owned(), "userName".to_owned()),
            ("name.FAMILYNAME".to_owned(), "name.familyName".to_owned()),
            (format!("{}:emails.type", core.to_uppercase()), "emails.type".to_owned()),
            (format!("{ENTERPRISE}:MANAGER.value"), format!("{ENTERPRISE}:manager.value")),
            (core.to_owned(), "Some(Core)".to_owned()),
            (ENTERPRISE.to_uppercase(), "Some(Extension)".to_owned()),
        ] {
            assert_eq!(named(&text), wanted);
        }
        let lacking =
            ["department", "name.", ".name", "userName.x", "name.familyName.x", "", "é", "members"].map(str::to_owned);
        for text in
            lacking.into_iter().chain([format!("{core}:"), format!("{core}x"), format!("{ENTERPRISE}:userName")])
        {
            assert_eq!(Named::find(Resource::User, &text), None, "{text}");
        }
        assert_eq!(Named::find(Resource::Group, ENTERPRISE), None);
    }
}
