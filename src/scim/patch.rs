//! PATCH of a user: RFC 7644 section 3.5.2, with what Entra ID, Okta and OneLogin send instead. All of it or nothing.

use serde_json::Value;

use super::document::{Document, User, host, object};
use super::error::{ScimError, ScimType};
use super::filter::{Compare, Filter, Operand, Operator};
use super::matches::is_present;
use super::operation::{Operation, Target, Verb, read_operations};
use super::path::Path;
use super::schema::{Attribute, ENTERPRISE, Kind, Resource};
use super::value::{is_same, keep_one_primary, put, read, read_one};

/// What becomes of a user.
///
/// # Errors
/// When an operation can't be done; then none is.
pub fn patch_user(user: &User, body: &Value) -> Result<User, ScimError> {
    let mut patched = user.clone();
    for operation in read_operations(Resource::User, body)? {
        apply(&mut patched.document, operation)?;
    }
    if patched.user_name().trim().is_empty() {
        return Err(ScimError::value("`userName` is required"));
    }
    Ok(patched)
}

fn apply(document: &mut Document, operation: Operation) -> Result<(), ScimError> {
    let Operation { verb, target, value } = operation;
    let value = value.as_ref();
    match target {
        Target::Extension => {
            document.remove(ENTERPRISE);
            return Ok(());
        }
        Target::Attribute(path) => {
            let Some(host) = host(document, path.is_extension) else { return Ok(()) };
            if path.attribute.is_multi {
                let mut values = taken(host, path.attribute);
                let before = values.clone();
                match path.sub {
                    Some(sub) => of_each(&mut values, sub, verb, value)?,
                    None => of_list(&mut values, path.attribute, verb, value)?,
                }
                settle(host, path.attribute, &before, values);
            } else {
                of_one(host, path, verb, value)?;
            }
        }
        Target::Chosen(list, filter, sub) => {
            let Some(host) = host(document, list.is_extension) else { return Ok(()) };
            let mut values = taken(host, list.attribute);
            let before = values.clone();
            of_chosen(&mut values, &Chosen { list: list.attribute, filter: &filter, sub }, verb, value)?;
            settle(host, list.attribute, &before, values);
        }
    }
    document.retain(|name, extension| name != ENTERPRISE || is_present(extension));
    Ok(())
}

/// The values of a list, which it has no more.
fn taken(host: &mut Document, list: &Attribute) -> Vec<Value> {
    match host.remove(list.name) {
        Some(Value::Array(values)) => values,
        _ => Vec::new(),
    }
}

/// Gives a list its values: none that is empty, and one primary.
fn settle(host: &mut Document, list: &Attribute, before: &[Value], mut values: Vec<Value>) {
    values.retain(is_present);
    keep_one_primary(before, &mut values);
    put(host, list, Some(values).filter(|values| !values.is_empty()).map(Value::Array));
}

/// An attribute with one value, or an attribute of that.
fn of_one(host: &mut Document, path: Path, verb: Verb, value: Option<&Value>) -> Result<(), ScimError> {
    let attribute = path.attribute;
    let value = value.filter(|_| verb != Verb::Remove);
    match (path.sub, value) {
        (Some(sub), value) => {
            let value = value.map(|value| read(sub, value)).transpose()?.flatten();
            if let Some(object) = object(host, attribute.name) {
                put(object, sub, value);
            }
        }
        // What an object doesn't name stays as it is.
        (None, Some(Value::Object(members))) if attribute.kind == Kind::Complex => {
            if let Some(object) = object(host, attribute.name) {
                merge(object, attribute, members)?;
            }
        }
        (None, value) => {
            let value = value.map(|value| read(attribute, value)).transpose()?.flatten();
            if attribute.is_required && value.is_none() {
                return Err(required(attribute));
            }
            put(host, attribute, value);
        }
    }
    if host.get(attribute.name).is_some_and(|value| value.is_object() && !is_present(value)) {
        host.remove(attribute.name);
    }
    Ok(())
}

fn merge(object: &mut Document, attribute: &Attribute, members: &Document) -> Result<(), ScimError> {
    for (name, value) in members {
        if let Some(sub) = attribute.sub(name).filter(|sub| !sub.is_read_only()) {
            put(object, sub, read(sub, value)?);
        }
    }
    Ok(())
}

fn of_list(values: &mut Vec<Value>, list: &Attribute, verb: Verb, value: Option<&Value>) -> Result<(), ScimError> {
    match (verb, value) {
        (Verb::Add, Some(value)) => {
            let Some(Value::Array(more)) = read(list, value)? else { return Ok(()) };
            for value in more {
                if !values.iter().any(|there| is_same(list, there, &value)) {
                    values.push(value);
                }
            }
        }
        (Verb::Replace, Some(value)) => {
            *values = match read(list, value)? {
                Some(Value::Array(values)) => values,
                _ => Vec::new(),
            };
        }
        // Entra ID names in the value which ones: these and no others.
        (Verb::Remove, Some(value)) => {
            let Some(Value::Array(named)) = read(list, value)? else { return Ok(()) };
            values.retain(|there| !named.iter().any(|named| is_meant(list, named, there)));
        }
        (_, None) => values.clear(),
    }
    Ok(())
}

/// Whether a value is all that another says of it.
fn is_meant(list: &Attribute, named: &Value, there: &Value) -> bool {
    let members = named.as_object().into_iter().flatten();
    members.into_iter().all(|(name, named)| {
        let there = there.get(name);
        list.sub(name).zip(there).is_some_and(|(sub, there)| is_same(sub, there, named))
    })
}

/// An attribute of each value of a list.
fn of_each(values: &mut Vec<Value>, sub: &Attribute, verb: Verb, value: Option<&Value>) -> Result<(), ScimError> {
    let value = value.filter(|_| verb != Verb::Remove).map(|value| read(sub, value)).transpose()?.flatten();
    if values.is_empty() && value.is_some() {
        values.push(Document::new().into());
    }
    for object in values.iter_mut().filter_map(Value::as_object_mut) {
        put(object, sub, value.clone());
    }
    Ok(())
}

/// What a path in brackets chooses.
struct Chosen<'a> {
    list: &'static Attribute,
    filter: &'a Filter,
    sub: Option<&'static Attribute>,
}

fn of_chosen(values: &mut Vec<Value>, chosen: &Chosen<'_>, verb: Verb, value: Option<&Value>) -> Result<(), ScimError> {
    let is_chosen = |value: &Value| chosen.filter.matches_value(value);
    let value = value.filter(|_| verb != Verb::Remove);
    if value.is_none() && chosen.sub.is_none() {
        values.retain(|value| !is_chosen(value));
        return Ok(());
    }
    let mut found = false;
    for there in values.iter_mut().filter(|there| is_chosen(there)) {
        chosen.write(there, value)?;
        found = true;
    }
    match described(chosen.filter) {
        _ if found || verb == Verb::Remove => Ok(()),
        Some(mut made) if verb == Verb::Add => {
            chosen.write(&mut made, value)?;
            let is_fine = is_chosen(&made);
            values.push(made);
            if is_fine { Ok(()) } else { Err(ScimError::value("the value is not what its path says")) }
        }
        _ => {
            Err(ScimError::of(ScimType::NoTarget, format!("no value of `{}` is what the path says", chosen.list.name)))
        }
    }
}

impl Chosen<'_> {
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

fn required(attribute: &Attribute) -> ScimError {
    ScimError::of(ScimType::Mutability, format!("`{}` is required", attribute.name))
}
