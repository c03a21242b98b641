//! JSON in which no object names a member twice: readers differ in which of the two they believe.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Why a text isn't such JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JsonError {
    /// A member is there twice.
    Duplicate,
    /// It isn't JSON, or no object.
    Malformed,
}

const TWICE: &str = "a member is there twice";

/// Reads an object.
pub(super) fn object(bytes: &[u8]) -> Result<Map<String, Value>, JsonError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let read = Strict.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    match read {
        Ok(Value::Object(members)) => Ok(members),
        Err(error) if error.to_string().starts_with(TWICE) => Err(JsonError::Duplicate),
        Ok(_) | Err(_) => Err(JsonError::Malformed),
    }
}

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut read = Vec::new();
        while let Some(item) = items.next_element_seed(Self)? {
            read.push(item);
        }
        Ok(Value::Array(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut read = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(Self)?;
            if read.insert(name, value).is_some() {
                return Err(A::Error::custom(TWICE));
            }
        }
        Ok(Value::Object(read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_there_once() {
        assert_eq!(object(br#"{"a":{"b":[1,null,true,"x",1.5]}}"#).unwrap().len(), 1);
        for (text, error) in [
            (r#"{"a":1,"a":1}"#, JsonError::Duplicate),
            (r#"{"x":[{"a":1,"\u0061":2}]}"#, JsonError::Duplicate),
            ("{\"a\":1}{", JsonError::Malformed),
            ("[]", JsonError::Malformed),
            ("", JsonError::Malformed),
            ("{\"a\":\u{0}}", JsonError::Malformed),
        ] {
            assert_eq!(object(text.as_bytes()), Err(error), "{text}");
        }
        assert_eq!(object("{\"a\":[".repeat(200).as_bytes()), Err(JsonError::Malformed));
    }
}
