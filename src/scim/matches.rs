//! Whether a resource is what a filter says, by the table of attributes.

use serde_json::{Map, Value};

use crate::model::Timestamp;

use super::filter::{Compare, Filter, Operand, Operator, fold};
use super::path::Path;
use super::schema::ENTERPRISE;

impl Filter {
    /// Whether a resource is what the filter says. Its names are spelled as the schema spells them.
    pub fn matches(&self, resource: &Map<String, Value>) -> bool {
        self.holds(&|path| path.values(resource))
    }

    /// Whether one value of a list is what a filter in brackets says.
    pub(super) fn matches_value(&self, value: &Value) -> bool {
        self.holds(&|path| path.sub.and_then(|sub| value.get(sub.name)).into_iter().collect())
    }

    fn holds<'a>(&self, values: &dyn Fn(&Path) -> Vec<&'a Value>) -> bool {
        match self {
            Self::All(terms) => terms.iter().all(|term| term.holds(values)),
            Self::Any(terms) => terms.iter().any(|term| term.holds(values)),
            Self::Not(term) => !term.holds(values),
            Self::Present(path) => values(path).into_iter().any(is_present),
            Self::Compare(compare) => values(&compare.path).into_iter().any(|value| compare.holds(value)),
            Self::Within(list, filter) => values(list).into_iter().any(|value| filter.matches_value(value)),
            Self::Never => false,
        }
    }
}

impl Path {
    /// Its values in a resource: each one, where it has several.
    pub fn values<'a>(&self, resource: &'a Map<String, Value>) -> Vec<&'a Value> {
        let host = if self.is_extension { resource.get(ENTERPRISE).and_then(Value::as_object) } else { Some(resource) };
        let value = host.and_then(|host| host.get(self.attribute.name));
        let all = match value {
            Some(Value::Array(values)) => values.iter().collect(),
            value => Vec::from_iter(value),
        };
        match self.sub {
            Some(sub) => all.into_iter().filter_map(|value| value.get(sub.name)).collect(),
            None => all,
        }
    }
}

impl Compare {
    fn holds(&self, value: &Value) -> bool {
        match &self.operand {
            Operand::Flag(flag) => value.as_bool() == Some(*flag),
            Operand::Time(time) => {
                value.as_str().and_then(Timestamp::parse).is_some_and(|value| ordered(self.operator, &value, time))
            }
            Operand::Text(text) => value.as_str().is_some_and(|value| match self.path.target().is_exact {
                true => compares(self.operator, value, text),
                false => compares(self.operator, &fold(value), &fold(text)),
            }),
        }
    }
}

fn compares(operator: Operator, value: &str, text: &str) -> bool {
    match operator {
        Operator::Co => value.contains(text),
        Operator::Sw => value.starts_with(text),
        Operator::Ew => value.ends_with(text),
        operator => ordered(operator, &value, &text),
    }
}

fn ordered<T: Ord>(operator: Operator, value: &T, operand: &T) -> bool {
    let order = value.cmp(operand);
    match operator {
        Operator::Gt => order.is_gt(),
        Operator::Ge => order.is_ge(),
        Operator::Lt => order.is_lt(),
        Operator::Le => order.is_le(),
        Operator::Eq | Operator::Co | Operator::Sw | Operator::Ew => order.is_eq(),
    }
}

/// Whether a value is more than null, an empty text, an empty list or an object of such.
pub(super) fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => values.iter().any(is_present),
        Value::Object(members) => members.values().any(is_present),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::schema::Resource;
    use super::*;

    fn check(resource: Resource, whole: &Value, filters: &[(&str, bool)]) {
        for (text, wanted) in filters {
            let filter = Filter::parse(text, resource).expect(text);
            assert_eq!(filter.matches(whole.as_object().unwrap()), *wanted, "{text}");
        }
    }

    fn ann() -> Value {
        json!({
            "id": "Acc1", "externalId": "Ext1", "userName": "Ann@Example.com", "active": false, "title": "",
            "name": {"givenName": "Zoë"},
            "meta": {"created": "2026-01-01T00:00:00.000Z"},
            "emails": [
                {"value": "ann@work.example", "type": "work", "primary": true},
                {"value": "ann@home.example", "type": "home"},
            ],
            "groups": [{"value": "Grp1"}],
            ENTERPRISE: {"department": "Sales", "manager": {"value": "Acc2"}},
        })
    }

    #[test]
    fn names_compare_without_case_and_ids_with_it() {
        check(
            Resource::User,
            &ann(),
            &[
                ("userName eq \"ANN@example.COM\"", true),
                ("userName sw \"ANN\" and userName ew \".com\" and userName co \"@EX\"", true),
                ("name.givenName eq \"ZOË\"", true),
                ("id eq \"Acc1\"", true),
                ("id eq \"acc1\"", false),
                ("externalId eq \"EXT1\"", false),
                ("groups eq \"grp1\"", false),
                ("userName gt \"ANM\" and userName lt \"anO\"", true),
                ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"sales\"", true),
                ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq \"acc2\"", false),
            ],
        );
    }

    #[test]
    fn instants_compare_whatever_their_offset() {
        check(
            Resource::User,
            &ann(),
            &[
                ("meta.created eq \"2026-01-01T01:00:00+01:00\"", true),
                ("meta.created gt \"2025-12-31T23:59:59.999Z\"", true),
                ("meta.created lt \"2026-01-01T00:00:00Z\"", false),
                ("meta.created le \"2026-01-01T00:00:00Z\"", true),
                ("meta.lastModified le \"2026-01-01T00:00:00Z\"", false),
            ],
        );
        let elsewhere = json!({"meta": {"created": "2025-12-31T19:00:00-05:00"}});
        check(Resource::User, &elsewhere, &[("meta.created ge \"2026-01-01T00:00:00Z\"", true)]);
    }

    #[test]
    fn of_several_values_any_counts_and_brackets_are_about_one() {
        check(
            Resource::User,
            &ann(),
            &[
                ("emails.type eq \"work\" and emails.value eq \"ann@home.example\"", true),
                ("emails[type eq \"work\" and value eq \"ann@home.example\"]", false),
                ("emails[type eq \"work\"].value eq \"ann@home.example\"", false),
                ("emails[type eq \"WORK\"].value eq \"ANN@work.example\"", true),
                ("emails[not (type eq \"work\")]", true),
                ("not (emails[type eq \"work\"])", false),
                ("emails[primary eq false]", false),
                ("emails.value ne \"ann@home.example\"", false),
                ("emails.value ne \"x\"", true),
            ],
        );
    }

    #[test]
    fn what_is_empty_is_not_there() {
        check(
            Resource::User,
            &ann(),
            &[
                ("title pr", false),
                ("active pr", true),
                ("nickName pr", false),
                ("nickName eq null", true),
                ("nickName ne \"x\"", true),
                ("nickName lt \"x\"", false),
                ("not (nickName eq \"x\")", true),
                ("emails.display pr", false),
                ("name pr", true),
                ("name.familyName pr", false),
            ],
        );
        check(Resource::Group, &json!({"displayName": "A", "members": []}), &[("members pr", false)]);
    }
}
