//! `emails[type eq "work"].value`: a PATCH of those values of a list that a filter chooses.

use serde_json::Value;

use super::document::Document;
use super::error::{ScimError, ScimType};
use super::filter::{Compare, Filter, Operand, Operator};
use super::operation::Verb;
use super::schema::Attribute;
use super::value::{put, read, read_one};

/// What a path in brackets chooses.
pub(super) struct Chosen<'a> {
    pub(super) list: &'static Attribute,
    pub(super) filter: &'a Filter,
    pub(super) sub: Option<&'static Attribute>,
}

impl Chosen<'_> {
    /// Does to those values what an operation says.
    pub(super) fn apply(&self, values: &mut Vec<Value>, verb: Verb, value: Option<&Value>) -> Result<(), ScimError> {
        let is_chosen = |value: &Value| self.filter.matches_value(value);
        let value = value.filter(|_| verb != Verb::Remove);
        let found = values.iter().any(is_chosen);
        if value.is_none() && self.sub.is_none() {
            values.retain(|value| !is_chosen(value));
        } else {
            values.iter_mut().filter(|there| is_chosen(there)).try_for_each(|there| self.write(there, value))?;
        }
        match described(self.filter) {
            _ if found || verb == Verb::Remove => Ok(()),
            Some(mut made) if verb == Verb::Add => {
                self.write(&mut made, value)?;
                let is_fine = is_chosen(&made);
                values.push(made);
                if is_fine { Ok(()) } else { Err(ScimError::value("the value is not what its path says")) }
            }
            _ => Err(ScimError::of(
                ScimType::NoTarget,
                format!("no value of `{}` is what the path says", self.list.name),
            )),
        }
    }

    /// Writes to one of the values.
    fn write(&self, there: &mut Value, value: Option<&Value>) -> Result<(), ScimError> {
        let Some(object) = there.as_object_mut() else { return Ok(()) };
        match (self.sub, value) {
            (Some(sub), value) => put(object, sub, value.map(|value| read(sub, value)).transpose()?.flatten()),
            (None, Some(Value::Object(members))) => merge(object, self.list, members)?,
            (None, value) => {
                if let Some(Value::Object(members)) =
                    value.map(|value| read_one(self.list, value)).transpose()?.flatten()
                {
                    object.extend(members);
                }
            }
        }
        Ok(())
    }
}

/// The value that a filter of equalities describes.
fn described(filter: &Filter) -> Option<Value> {
    match filter {
        Filter::Compare(Compare { path, operator: Operator::Eq, operand }) => {
            let value = match operand {
                Operand::Text(text) => text.as_str().into(),
                Operand::Flag(flag) => (*flag).into(),
                Operand::Time(_) => return None,
            };
            Some(Value::Object(Document::from_iter([(path.sub?.name.to_owned(), value)])))
        }
        Filter::All(terms) => {
            let mut all = Document::new();
            for term in terms {
                all.extend(described(term)?.as_object()?.clone());
            }
            Some(all.into())
        }
        _ => None,
    }
}

/// Writes what an object names to another; what it doesn't name stays.
pub(super) fn merge(object: &mut Document, attribute: &Attribute, members: &Document) -> Result<(), ScimError> {
    for (name, value) in members {
        if let Some(sub) = attribute.sub(name).filter(|sub| !sub.is_read_only()) {
            put(object, sub, read(sub, value)?);
        }
    }
    Ok(())
}
