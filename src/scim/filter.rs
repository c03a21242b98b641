//! Filters: RFC 7644 section 3.4.2.2, read once into a tree that is small enough to be turned into SQL.

use crate::model::Timestamp;

use super::error::ScimError;
use super::grammar;
use super::path::Path;
use super::schema::Resource;

/// What a resource must be to be listed.
///
/// `ne` is `not eq`, `eq null` is `not pr` and `ne null` is `pr`: a comparison is true only of a value that is there. On an attribute
/// with several values it is true when it is true of any, so `ne` says that none is equal.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All of these.
    All(Vec<Self>),
    /// Any of these.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// The attribute has a value: no empty text, list or object.
    Present(Path),
    /// A value compares.
    Compare(Compare),
    /// One value of the attribute is all that the filter says; the paths in it are whole ones (`emails.type`).
    Within(Path, Box<Self>),
    /// Nothing: a comparison with what this kind of resource lacks and the other has.
    Never,
}

/// A comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Compare {
    /// Of which attribute. `emails eq` is about `emails.value`.
    pub path: Path,
    /// How.
    pub operator: Operator,
    /// With what.
    pub operand: Operand,
}

/// How values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the RFC")]
pub enum Operator {
    Eq,
    Co,
    Sw,
    Ew,
    Gt,
    Ge,
    Lt,
    Le,
}

/// What a value is compared with: of the kind that the attribute has.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A text; in lower case where the attribute compares without case.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// An instant.
    Time(Timestamp),
}

impl Filter {
    /// Reads a filter on one kind of resource.
    ///
    /// # Errors
    /// With `invalidFilter` for what is no filter, names an attribute that the resource lacks, compares what can't be compared, or
    /// is too long or too deep.
    pub fn parse(text: &str, resource: Resource) -> Result<Self, ScimError> {
        grammar::read(text, resource, None)
    }

    /// Reads a filter on everything: what it means for each kind. A comparison with what one kind lacks is true of none of it.
    ///
    /// # Errors
    /// As [`Filter::parse`], for an attribute that both lack.
    pub fn parse_each(text: &str) -> Result<[(Resource, Self); 2], ScimError> {
        let (user, group) = (Resource::User, Resource::Group);
        Ok([(user, grammar::read(text, user, Some(group))?), (group, grammar::read(text, group, Some(user))?)])
    }

    /// What the values of one attribute must be, as it stands in brackets (`type eq "work"`).
    pub(super) fn parse_within(text: &str, list: Path) -> Result<Self, ScimError> {
        grammar::read_within(text, list)
    }
}

/// A text as it compares where case doesn't count.
pub(super) fn fold(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::error::ScimType;
    use super::grammar::{DEEPEST, LONGEST, MOST};
    use super::*;

    fn user(text: &str) -> Result<Filter, ScimError> {
        Filter::parse(text, Resource::User)
    }

    #[test]
    fn what_is_no_filter_is_an_invalid_filter() {
        let texts = [
            "",
            " ",
            "title",
            "title pr pr",
            "title eq",
            "title eq x",
            "title eq 'x'",
            "title eq \"x",
            "title eq \"\\x\"",
            "title eq \"a\u{0}b\"",
            "title eq \"a\\u0000b\"",
            "title eq \"\u{1}\"",
            "title eq \"\\ud800\"",
            "title is \"x\"",
            "title pr and",
            "and title pr",
            "title pr or or id pr",
            "title pr id pr",
            "title pr)",
            "(title pr",
            "()",
            "not title pr",
            "not",
            "not ()",
            "emails[]",
            "emails[type eq \"work\"",
            "emails[type eq \"work\"]]",
            "emails[type eq \"work\"].",
            "emails[type eq \"work\"].shoe pr",
            "emails[type eq \"work\"] eq \"x\"",
            "emails[emails[type pr]]",
            "emails.type[value pr]",
            "name[givenName pr]",
            "schemas[value pr]",
            "emails[userName pr]",
            "shoeSize eq 5",
            "name.shoe pr",
            "title.x pr",
            "urn:x:y:title pr",
            "urn:ietf:params:scim:schemas:core:2.0:User pr",
            "members pr",
            "active gt true",
            "active co \"t\"",
            "active eq 1",
            "active eq \"yes\"",
            "active ge null",
            "x509Certificates.value gt \"x\"",
            "meta.created eq \"yesterday\"",
            "meta.created sw \"2026\"",
            "meta.created gt 5",
            "title eq 5",
            "title eq true",
            "title gt null",
            "name eq \"x\"",
            "meta eq \"x\"",
            "addresses eq \"x\"",
            "title eq \"x\";drop table",
            "title eq \"x\" -- ",
            "🦀 eq \"x\"",
            "title eq “x”",
            "ti\u{0}tle pr",
            "\u{feff}title pr",
        ];
        for text in texts {
            let error = user(text).expect_err(text);
            assert_eq!((error.status, error.scim_type), (400, Some(ScimType::InvalidFilter)), "{text}");
            assert!(error.detail.len() < 400, "{text}");
        }
    }

    #[test]
    fn a_filter_is_neither_too_long_nor_too_deep_nor_too_wide() {
        let deep = |levels| format!("{}title pr{}", "(".repeat(levels), ")".repeat(levels));
        let wide = |terms| vec!["title pr"; terms].join(" or ");
        let long = |bytes: usize| format!("title eq \"{}\"", "x".repeat(bytes - 11));
        for (fine, hostile) in [
            (deep(usize::from(DEEPEST)), deep(usize::from(DEEPEST) + 1)),
            (wide(usize::from(MOST)), wide(usize::from(MOST) + 1)),
            (long(LONGEST), long(LONGEST + 1)),
            (deep(1), deep(5_000)),
            (deep(2), "(".repeat(LONGEST)),
            (deep(3), "not(".repeat(2_500)),
            (deep(4), "emails[".repeat(1_000)),
            (deep(5), "\"".repeat(LONGEST)),
            (deep(6), "é".repeat(LONGEST / 2)),
        ] {
            assert!(user(&fine).is_ok());
            assert_eq!(user(&hostile).unwrap_err().scim_type, Some(ScimType::InvalidFilter));
        }
    }

    /// Pieces that filters are made of, in any order.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "userName",
            "emails",
            "[",
            "]",
            "(",
            ")",
            "not",
            "and",
            "or",
            "eq",
            "pr",
            "gt",
            "\"x\"",
            "\"",
            "\\",
            "null",
            "5",
            "true",
            ".",
            ".value",
            "type",
            " ",
            "  ",
            "\u{0}",
            "é",
            "urn:",
            ":",
            "active",
            "meta.created",
            "groups",
        ]);
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_text_is_a_filter_or_an_invalid_filter(text in prop_oneof![any::<String>(), pieces()]) {
            for resource in Resource::ALL {
                if let Err(error) = Filter::parse(&text, resource) {
                    prop_assert_eq!(error.scim_type, Some(ScimType::InvalidFilter));
                }
            }
        }

        #[test]
        fn a_text_in_quotes_is_compared_as_it_is(text in "[^\u{0}]{0,40}") {
            let filter = Filter::parse(&format!("externalId eq {}", serde_json::json!(text)), Resource::User).unwrap();
            let user = serde_json::json!({"externalId": text});
            prop_assert!(filter.matches(user.as_object().unwrap()));
        }
    }
}
