//! Which attributes an answer has: `attributes` and `excludedAttributes`, on reads and on what a write answers.

use serde_json::{Map, Value};

use super::error::ScimError;
use super::matches::is_present;
use super::path::Named;
use super::schema::{Attribute, ENTERPRISE, Resource};

/// How many attributes may be named. Each is looked for in each resource of a page.
const MOST_NAMES: usize = 100;

/// What an answer has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Projection {
    /// All of it.
    #[default]
    Whole,
    /// What these name, and what is always there.
    Only(Vec<String>),
    /// All but what these name; what is always there stays.
    Without(Vec<String>),
}

impl Projection {
    /// Of the two parameters, each a list separated by commas.
    ///
    /// # Errors
    /// When both are given, since they exclude each other, and for more than 100 names.
    pub fn parse(attributes: Option<&str>, excluded: Option<&str>) -> Result<Self, ScimError> {
        let names = |list: Option<&str>| {
            let names = list.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
            names.map(str::to_owned).collect::<Vec<_>>()
        };
        let (attributes, excluded) = (names(attributes), names(excluded));
        if attributes.len().max(excluded.len()) > MOST_NAMES {
            return Err(ScimError::value("`attributes` and `excludedAttributes` name at most 100 attributes"));
        }
        match (attributes.is_empty(), excluded.is_empty()) {
            (true, true) => Ok(Self::Whole),
            (false, true) => Ok(Self::Only(attributes)),
            (true, false) => Ok(Self::Without(excluded)),
            (false, false) => Err(ScimError::value("`attributes` and `excludedAttributes` exclude each other")),
        }
    }

    /// Whether an answer has any of a core attribute (`members`, `groups`), so that it needs to be read.
    pub fn wants(&self, resource: Resource, attribute: &str) -> bool {
        match self {
            Self::Whole => true,
            Self::Only(names) => part(names, resource, false, attribute) != Part::Subs(Vec::new()),
            Self::Without(names) => part(names, resource, false, attribute) != Part::Whole,
        }
    }

    /// A resource as the answer has it. Names that no schema has are passed over.
    pub fn apply(&self, resource: Resource, whole: Value) -> Value {
        let mut whole = match (self, whole) {
            (Self::Only(_) | Self::Without(_), Value::Object(whole)) => whole,
            (_, whole) => return whole,
        };
        let extension = whole.remove(ENTERPRISE);
        let mut answer = self.chosen(resource, false, whole);
        if let Some(Value::Object(extension)) = extension {
            let extension = self.chosen(resource, true, extension);
            if !extension.is_empty() {
                answer.insert(ENTERPRISE.to_owned(), extension.into());
            }
        }
        answer.into()
    }

    fn chosen(&self, resource: Resource, is_extension: bool, whole: Map<String, Value>) -> Map<String, Value> {
        let chosen = whole.into_iter().filter_map(|(name, value)| {
            let is_always = !is_extension && resource.find(&name).is_some_and(Attribute::is_always);
            let value = match self {
                _ if is_always => Some(value),
                Self::Whole => Some(value),
                Self::Only(names) => match part(names, resource, is_extension, &name) {
                    Part::Whole => Some(value),
                    Part::Subs(subs) if subs.is_empty() => None,
                    Part::Subs(subs) => Some(picked(value, &|name| subs.contains(&name))).filter(is_present),
                },
                Self::Without(names) => match part(names, resource, is_extension, &name) {
                    Part::Whole => None,
                    Part::Subs(subs) => Some(picked(value, &|name| !subs.contains(&name))),
                },
            };
            value.map(|value| (name, value))
        });
        chosen.collect()
    }
}

/// What names mean of an attribute.
#[derive(Debug, PartialEq)]
enum Part {
    Whole,
    /// These attributes of it; none where nothing names it.
    Subs(Vec<&'static str>),
}

fn part(names: &[String], resource: Resource, is_extension: bool, attribute: &str) -> Part {
    let mut subs = Vec::new();
    for name in names {
        match Named::find(resource, name) {
            Some(Named::Core) if !is_extension => return Part::Whole,
            Some(Named::Extension) if is_extension => return Part::Whole,
            Some(Named::Attribute(path)) if path.is_extension == is_extension && path.attribute.name == attribute => {
                match path.sub {
                    Some(sub) => subs.push(sub.name),
                    None => return Part::Whole,
                }
            }
            _ => {}
        }
    }
    Part::Subs(subs)
}

/// What is left of a value, or of each of several.
fn picked(value: Value, is_picked: &dyn Fn(&str) -> bool) -> Value {
    match value {
        Value::Array(values) => values.into_iter().map(|value| picked(value, is_picked)).collect(),
        Value::Object(members) => members.into_iter().filter(|(name, _)| is_picked(name)).collect::<Map<_, _>>().into(),
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(attributes: &str, excluded: &str, wanted: &Value) {
        let whole = json!({
            "schemas": ["urn"], "id": "1", "userName": "ann", "name": {"givenName": "Ann", "familyName": "Lee"},
            "emails": [{"value": "a@b.c", "type": "work"}, {"value": "d@e.f"}],
            "meta": {"location": "x", "version": "y"},
            ENTERPRISE: {"department": "Sales", "manager": {"value": "2"}},
        });
        let projection = Projection::parse(Some(attributes), Some(excluded)).unwrap();
        assert_eq!(&projection.apply(Resource::User, whole), wanted, "{attributes} without {excluded}");
    }

    #[test]
    fn an_answer_has_what_is_asked_for_and_what_is_always_there() {
        let with = |more: Value| {
            let mut wanted = json!({"schemas": ["urn"], "id": "1"});
            wanted.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            wanted
        };
        check("USERNAME", "", &with(json!({"userName": "ann"})));
        check(
            "name.givenName, emails.VALUE",
            "",
            &with(json!({"name": {"givenName": "Ann"}, "emails": [{"value": "a@b.c"}, {"value": "d@e.f"}]})),
        );
        check(&format!("{ENTERPRISE}:department"), "", &with(json!({ENTERPRISE: {"department": "Sales"}})));
        check(ENTERPRISE, "", &with(json!({ENTERPRISE: {"department": "Sales", "manager": {"value": "2"}}})));
        check("urn:ietf:params:scim:schemas:core:2.0:User:userName", "", &with(json!({"userName": "ann"})));
        check("shoeSize", "", &with(json!({})));
        check("emails.primary", "", &with(json!({})));
    }

    #[test]
    fn an_answer_lacks_what_is_excluded_unless_it_is_always_there() {
        check(
            "",
            &format!("id,schemas,emails,meta,name.familyName,{ENTERPRISE}:manager"),
            &json!({"schemas": ["urn"], "id": "1", "userName": "ann", "name": {"givenName": "Ann"}, ENTERPRISE: {"department": "Sales"}}),
        );
        check(
            "",
            &format!("urn:ietf:params:scim:schemas:core:2.0:User,{ENTERPRISE}"),
            &json!({"schemas": ["urn"], "id": "1"}),
        );
    }

    #[test]
    fn members_are_read_where_an_answer_has_them() {
        let wants =
            |attributes, excluded| Projection::parse(attributes, excluded).unwrap().wants(Resource::Group, "members");
        assert!(wants(None, None) && wants(Some("members"), None) && wants(Some("members.value"), None));
        assert!(wants(None, Some("displayName")) && wants(None, Some("members.display")));
        assert!(!wants(Some("displayName"), None) && !wants(None, Some("MEMBERS")));
        assert!(Projection::parse(Some("id"), Some("members")).is_err());
        assert!(Projection::parse(Some(&"id,".repeat(100)), None).is_ok());
        assert!(Projection::parse(Some(&"id,".repeat(101)), None).is_err());
    }
}
