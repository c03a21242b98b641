//! The values of attributes: what a client sent, made what the table says. Lenient where identity providers are.

use serde_json::{Map, Value};

use super::error::ScimError;
use super::filter::fold;
use super::matches::is_present;
use super::schema::{Attribute, Kind};

/// How many values an attribute may have. Each that is added is compared with each that is there.
const MOST_VALUES: usize = 200;

/// That an attribute has too many values.
pub(super) fn too_many(attribute: &Attribute, values: &[Value]) -> Result<(), ScimError> {
    if values.len() <= MOST_VALUES {
        return Ok(());
    }
    Err(ScimError::value(format!("`{}` has at most {MOST_VALUES} values", attribute.name)))
}

/// The value of an attribute as it is stored; nothing for null and for what is empty.
pub(super) fn read(attribute: &Attribute, value: &Value) -> Result<Option<Value>, ScimError> {
    if !attribute.is_multi {
        return read_one(attribute, value);
    }
    let values = match value {
        Value::Array(values) => values.as_slice(),
        value => std::slice::from_ref(value),
    };
    too_many(attribute, values)?;
    let read: Result<Vec<_>, _> = values.iter().map(|value| read_one(attribute, value)).collect();
    let mut read: Vec<Value> = read?.into_iter().flatten().collect();
    keep_one_primary(&[], &mut read);
    Ok(Some(read).filter(|read| !read.is_empty()).map(Value::Array))
}

/// One value of it.
pub(super) fn read_one(attribute: &Attribute, value: &Value) -> Result<Option<Value>, ScimError> {
    let wrong = || ScimError::value(format!("`{}` can't have this value", attribute.name));
    Ok(Some(match (attribute.kind, value) {
        (_, Value::Null) => return Ok(None),
        (Kind::Complex, Value::Object(members)) => return complex(attribute, members),
        // Entra ID sends a manager as the id alone, and nothing as an empty text.
        (Kind::Complex, Value::String(text)) if text.is_empty() => return Ok(None),
        (Kind::Complex, Value::String(_)) if attribute.sub("value").is_some() => {
            return complex(attribute, &Map::from_iter([("value".to_owned(), value.clone())]));
        }
        // And booleans as texts.
        (Kind::Boolean, Value::String(text)) => fold(text).parse::<bool>().map_err(|_| wrong())?.into(),
        (Kind::Boolean, Value::Bool(_)) => value.clone(),
        (Kind::Complex | Kind::Boolean, _) => return Err(wrong()),
        (_, Value::String(text)) if !text.contains('\0') => value.clone(),
        (Kind::Text, Value::Number(number)) => number.to_string().into(),
        _ => return Err(wrong()),
    }))
}

fn complex(attribute: &Attribute, members: &Map<String, Value>) -> Result<Option<Value>, ScimError> {
    let mut read = Map::new();
    for (name, value) in members {
        if let Some(sub) = attribute.sub(name).filter(|sub| !sub.is_read_only()) {
            put(&mut read, sub, self::read(sub, value)?);
        }
    }
    let read = Value::Object(read);
    Ok(is_present(&read).then_some(read))
}

/// Gives an object the value of an attribute, or takes it away.
pub(super) fn put(object: &mut Map<String, Value>, attribute: &Attribute, value: Option<Value>) {
    match value {
        Some(value) => object.insert(attribute.name.to_owned(), value),
        None => object.remove(attribute.name),
    };
}

/// Whether two values of an attribute are the same one, texts compared as a filter compares them.
pub(super) fn is_same(attribute: &Attribute, one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) if !attribute.is_exact => fold(one) == fold(other),
        (Value::Object(one), Value::Object(other)) => attribute.subs.iter().all(|sub| {
            let (one, other) = (one.get(sub.name), other.get(sub.name));
            one == other || one.zip(other).is_some_and(|(one, other)| is_same(sub, one, other))
        }),
        _ => one == other,
    }
}

/// Of several values at most one is primary: one that wasn't before, else the first.
pub(super) fn keep_one_primary(before: &[Value], after: &mut [Value]) {
    let is_primary = |value: &Value| value.get("primary").and_then(Value::as_bool) == Some(true);
    let is_new = |value: &&mut Value| is_primary(value) && !before.contains(value);
    let kept = after.iter_mut().position(|value| is_new(&value));
    let kept = kept.or_else(|| after.iter().position(is_primary));
    for (at, value) in after.iter_mut().enumerate() {
        if let Some(primary) = value.get_mut("primary").filter(|_| Some(at) != kept)
            && primary.as_bool() == Some(true)
        {
            *primary = false.into();
        }
    }
}
