//! JSON written for whoever reads it back at once: what `serde_json` does, without what only numbers with a fraction, keys that
//! are no texts and its errors take. In the package those would be more code than all shapes.

use std::fmt::{self, Display};

use serde::Serialize;
use serde::ser::{self, Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer};

use crate::model::digits;

/// A value that these shapes don't have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unwritten;

impl Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value has no JSON here")
    }
}

impl std::error::Error for Unwritten {}

impl ser::Error for Unwritten {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// The JSON of a value of objects with texts for names, lists, texts, whole numbers, truth values and nothing.
///
/// # Errors
/// When the value holds anything else.
pub fn json<T: Serialize>(value: &T) -> Result<String, Unwritten> {
    let mut writer = Writer(String::new());
    value.serialize(&mut writer)?;
    Ok(writer.0)
}

struct Writer(String);

impl Writer {
    /// Writes what stands between two parts of a list or an object.
    fn next(&mut self) {
        if !self.0.ends_with(['[', '{']) {
            self.0.push(',');
        }
    }

    fn opened(&mut self, bracket: char) -> &mut Self {
        self.0.push(bracket);
        self
    }

    fn text(&mut self, text: &str) {
        self.0.push('"');
        let mut from = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte >= b' ' && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.0.push_str(text.get(from..at).unwrap_or_default());
            self.0.push_str("\\u00");
            self.0.extend([byte >> 4, byte & 15].into_iter().filter_map(|half| char::from_digit(half.into(), 16)));
            from = at + 1;
        }
        self.0.push_str(text.get(from..).unwrap_or_default());
        self.0.push('"');
    }
}

type Written = Result<(), Unwritten>;

/// The kinds of values that these shapes don't have, and those that are written like another one.
macro_rules! kinds {
    (no: $($refused:ident $of:ty),*; like $wide:ident: $($method:ident $number:ty),*) => {
        $(fn $refused(self, _: $of) -> Written {
            Err(Unwritten)
        })*
        $(fn $method(self, number: $number) -> Written {
            self.$wide(number.into())
        })*
    };
}

impl Serializer for &mut Writer {
    type Ok = ();
    type Error = Unwritten;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Impossible<(), Unwritten>;
    type SerializeTupleVariant = Impossible<(), Unwritten>;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<(), Unwritten>;

    kinds! {
        no: serialize_f32 f32, serialize_f64 f64, serialize_char char, serialize_bytes &[u8];
        like serialize_i64: serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_u8 u8, serialize_u16 u16, serialize_u32 u32
    }

    fn serialize_bool(self, is_true: bool) -> Written {
        self.0.push_str(if is_true { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i64(self, number: i64) -> Written {
        if number < 0 {
            self.0.push('-');
        }
        self.0.push_str(&digits(number.unsigned_abs()));
        Ok(())
    }

    fn serialize_u64(self, number: u64) -> Written {
        self.serialize_i64(number.try_into().map_err(|_| Unwritten)?)
    }

    fn serialize_str(self, text: &str) -> Written {
        self.text(text);
        Ok(())
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.0.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Written {
        Err(Unwritten)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Unwritten> {
        Ok(self.opened('['))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Unwritten> {
        Ok(self.opened('['))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Unwritten> {
        Err(Unwritten)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritten> {
        Err(Unwritten)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Unwritten> {
        Ok(self.opened('{'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Unwritten> {
        Ok(self.opened('{'))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritten> {
        Err(Unwritten)
    }
}

impl SerializeSeq for &mut Writer {
    type Ok = ();
    type Error = Unwritten;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.next();
        value.serialize(&mut **self)
    }

    fn end(self) -> Written {
        self.0.push(']');
        Ok(())
    }
}

impl SerializeTuple for &mut Writer {
    type Ok = ();
    type Error = Unwritten;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Written {
        SerializeSeq::end(self)
    }
}

impl SerializeMap for &mut Writer {
    type Ok = ();
    type Error = Unwritten;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        self.next();
        let at = self.0.len();
        key.serialize(&mut **self)?;
        if self.0.as_bytes().get(at) == Some(&b'"') { Ok(()) } else { Err(Unwritten) }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.0.push(':');
        value.serialize(&mut **self)
    }

    fn end(self) -> Written {
        self.0.push('}');
        Ok(())
    }
}

impl SerializeStruct for &mut Writer {
    type Ok = ();
    type Error = Unwritten;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Written {
        SerializeMap::serialize_key(self, name)?;
        SerializeMap::serialize_value(self, value)
    }

    fn end(self) -> Written {
        SerializeMap::end(self)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;

    #[derive(Serialize)]
    struct Wrapped(&'static str);

    #[derive(Serialize)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    enum Tagged {
        Plain,
        Named { texts: BTreeMap<&'static str, String> },
    }

    #[derive(Serialize)]
    struct Everything {
        flags: (bool, bool),
        numbers: Vec<i64>,
        count: usize,
        nothing: Option<u8>,
        something: Option<Wrapped>,
        unit: (),
        lists: [Vec<u8>; 3],
        tagged: [Tagged; 2],
        #[serde(skip_serializing_if = "Option::is_none")]
        skipped: Option<u8>,
    }

    fn everything() -> Everything {
        let texts = ["", "plain é😀", "say \"x\" \\ /", "\u{0}\u{1f}\u{7f}\u{2028}\t\r\n"];
        Everything {
            flags: (true, false),
            numbers: vec![0, -1, i64::MIN, i64::MAX],
            count: 7,
            nothing: None,
            something: Some(Wrapped("inner")),
            unit: (),
            lists: [vec![], vec![1], vec![1, 2]],
            tagged: [Tagged::Plain, Tagged::Named { texts: texts.map(|text| (text, text.to_owned())).into() }],
            skipped: None,
        }
    }

    #[test]
    fn a_value_reads_back_as_what_serde_json_makes_of_it() {
        let read: Value = serde_json::from_str(&json(&everything()).unwrap()).unwrap();
        assert_eq!(read, serde_json::to_value(everything()).unwrap());
    }

    #[test]
    fn what_no_shape_has_is_refused() {
        assert_eq!(json(&1.5), Err(Unwritten));
        assert_eq!(json(&'c'), Err(Unwritten));
        assert_eq!(json(&[u64::MAX]), Err(Unwritten));
        assert_eq!(json(&BTreeMap::from([(1, 2)])), Err(Unwritten));
        assert_eq!(json(&Ok::<u8, u8>(1)), Err(Unwritten));
    }
}
