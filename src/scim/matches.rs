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
