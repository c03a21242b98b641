//! JSON read where it stands: a value is a piece of its text and is looked into when it is asked. Nothing is built of what
//! nobody asks for, and what is wrong has its place.

use std::borrow::Cow;
use std::str::Utf8Error;

use crate::model::digits;

use super::issue::Issue;
use super::scan::{Scan, Span, Tape};

/// What is wrong with a value, by the byte that the value starts at: a text has one path to each, which is looked for once
/// something is wrong. Boxed, since it is passed up through each reader and rarely there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(Box<Wrong>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Wrong {
    at: usize,
    /// The member that the value lacks.
    lacks: Option<&'static str>,
    code: &'static str,
    detail: String,
}

/// What a reader makes of a value.
pub type Read<T> = Result<T, Fault>;

/// A JSON value: a piece of a text.
#[derive(Debug, Clone, Copy)]
pub struct Json<'a> {
    tape: &'a Tape<'a>,
    index: usize,
}

impl<'a> Json<'a> {
    /// What a reader makes of the value that a text is.
    ///
    /// # Errors
    /// With `invalid_json` when it isn't JSON in UTF-8, or what the reader finds wrong.
    pub fn read<T>(text: &[u8], reader: impl FnOnce(Json<'_>) -> Read<T>) -> Result<T, Issue> {
        let text = std::str::from_utf8(text).map_err(|error| not_json(&not_utf_8(error)))?;
        let tape = Tape::of(text).map_err(|at| not_json(&["see the byte at ", &digits(at as u64)].concat()))?;
        let json = Json { tape: &tape, index: 0 };
        reader(json).map_err(|fault| json.issue(fault))
    }

    fn span(self) -> Span {
        self.tape.spans.get(self.index).copied().unwrap_or_default()
    }

    /// A fault with its place: the way down to the value.
    fn issue(self, Fault(fault): Fault) -> Issue {
        let mut path = String::new();
        let mut value = self;
        while value.span().at < fault.at {
            let parts = value.parts();
            let Some(index) = parts.iter().position(|(_, part)| fault.at < part.span().end) else { break };
            let Some((name, part)) = parts.get(index) else { break };
            path.push('/');
            match name {
                Some(name) => path.push_str(&name.plain().replace('~', "~0").replace('/', "~1")),
                None => path.push_str(&digits(index as u64)),
            }
            value = *part;
        }
        if let Some(name) = fault.lacks {
            path.extend(["/", name]);
        }
        Issue { path, code: fault.code, detail: fault.detail }
    }

    /// That something is wrong with it.
    pub fn wrong(self, code: &'static str, detail: &str) -> Fault {
        Fault(Box::new(Wrong { at: self.span().at, lacks: None, code, detail: detail.to_owned() }))
    }

    fn is_not(self, wanted: &str) -> Fault {
        self.wrong("invalid_type", &["this is no ", wanted].concat())
    }

    fn raw(self) -> &'a str {
        let Span { at, end, .. } = self.span();
        self.tape.text.get(at..end).unwrap_or_default()
    }

    /// Its text.
    ///
    /// # Errors
    /// When it is none.
    pub fn text(self) -> Read<Cow<'a, str>> {
        let inner = self.raw().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        inner.map(Scan::unescape).ok_or_else(|| self.is_not("text"))
    }

    /// The text of a name.
    fn plain(self) -> Cow<'a, str> {
        self.text().unwrap_or_default()
    }

    /// Its text as a string.
    ///
    /// # Errors
    /// When it is none.
    pub fn string(self) -> Read<String> {
        self.text().map(Cow::into_owned)
    }

    /// Its whole number.
    ///
    /// # Errors
    /// When it is none.
    pub fn number(self) -> Read<i64> {
        self.raw().parse().map_err(|_| self.is_not("whole number"))
    }

    /// Whether it is true.
    ///
    /// # Errors
    /// When it is neither true nor false.
    pub fn flag(self) -> Read<bool> {
        match self.raw() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.is_not("truth value")),
        }
    }

    /// The value, unless it is `null`.
    pub fn present(self) -> Option<Self> {
        (self.raw() != "null").then_some(self)
    }

    /// Each of its items, read.
    ///
    /// # Errors
    /// When it is no list, or an item can't be read.
    pub fn each<T>(self, read: impl Fn(Self) -> Read<T>) -> Read<Vec<T>> {
        if !self.raw().starts_with('[') {
            return Err(self.is_not("list"));
        }
        let mut list = Vec::new();
        for (_, item) in self.parts() {
            list.push(read(item)?);
        }
        Ok(list)
    }

    /// Its members.
    ///
    /// # Errors
    /// When it is no object.
    pub fn members(self) -> Read<Members<'a>> {
        if !self.raw().starts_with('{') {
            return Err(self.is_not("object"));
        }
        Ok(Members { of: self, parts: self.parts() })
    }

    /// Its members, all of which are texts.
    ///
    /// # Errors
    /// When it is no object, or a member is no text.
    pub fn texts(self) -> Read<Vec<(String, String)>> {
        let members = self.members()?;
        members.iter().map(|(name, value)| Ok((name.into_owned(), value.string()?))).collect()
    }

    /// What stands in a list or an object, each with its name in an object.
    fn parts(self) -> Vec<(Option<Self>, Self)> {
        let (is_object, end) = (self.raw().starts_with('{'), self.span().next);
        let (mut parts, mut index) = (Vec::new(), self.index + 1);
        while index < end {
            let name = is_object.then_some(Self { index, ..self });
            let value = Self { index: index + usize::from(is_object), ..self };
            index = value.span().next;
            parts.push((name, value));
        }
        parts
    }
}

fn not_json(why: &str) -> Issue {
    Issue { path: String::new(), code: "invalid_json", detail: ["this is not JSON: ", why].concat() }
}

/// The error as its `Display` has it, joined by hand.
fn not_utf_8(error: Utf8Error) -> String {
    let (what, of) = match error.error_len() {
        Some(length) => ("invalid utf-8 sequence of ", [&digits(length as u64), " bytes"].concat()),
        None => ("incomplete utf-8 byte sequence", String::new()),
    };
    [what, &of, " from index ", &digits(error.valid_up_to() as u64)].concat()
}

/// The members of an object. Of several with one name the last counts, as in JavaScript.
#[derive(Debug, Clone)]
pub struct Members<'a> {
    of: Json<'a>,
    parts: Vec<(Option<Json<'a>>, Json<'a>)>,
}

impl<'a> Members<'a> {
    /// Each name with its value, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'a, str>, Json<'a>)> {
        self.parts.iter().filter_map(|(name, value)| Some(((*name)?.plain(), *value)))
    }

    /// A member.
    ///
    /// # Errors
    /// With `required` when it isn't there.
    pub fn get(&self, name: &'static str) -> Read<Json<'a>> {
        self.find(name).ok_or_else(|| {
            let mut fault = self.of.wrong("required", &["`", name, "` is missing"].concat());
            fault.0.lacks = Some(name);
            fault
        })
    }

    /// A member; `None` when it isn't there or `null`.
    pub fn maybe(&self, name: &str) -> Option<Json<'a>> {
        self.find(name).and_then(Json::present)
    }

    fn find(&self, name: &str) -> Option<Json<'a>> {
        let is_named = |other: Option<Json<'_>>| other.is_some_and(|other| other.plain() == name);
        self.parts.iter().rfind(|(other, _)| is_named(*other)).map(|(_, value)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> String {
        Json::read(json.as_bytes(), |json| json.string()).unwrap()
    }

    #[test]
    fn what_is_not_utf_8_is_not_json() {
        for text in [&b"\"\xff\""[..], b"\"abc\xe2\x82", b"\"\xf0\x9f\x98 \""] {
            let issue = Json::read(text, |json| json.string()).unwrap_err();
            let why = std::str::from_utf8(text).unwrap_err();
            assert_eq!((issue.code, issue.detail), ("invalid_json", format!("this is not JSON: {why}")));
        }
    }

    #[test]
    fn texts_are_those_that_serde_reads() {
        for json in
            [r#""""#, r#""plain é""#, r#""\\\"\/\b\f\n\r\t""#, r#""a\u00e9\ud83d\ude00z\\""#, r#""\\""#, r#""\u0000""#]
        {
            assert_eq!(text(json), serde_json::from_str::<String>(json).unwrap(), "{json}");
        }
    }

    #[test]
    fn a_value_is_what_it_is_and_nothing_else() {
        let text = br#" {"a": [1, -2, 9007199254740993], "b": null, "a\u0062": true, "b": "x", "d": null} "#;
        let tape = Tape::of(std::str::from_utf8(text).unwrap()).unwrap();
        let json = Json { tape: &tape, index: 0 };
        let members = json.members().unwrap();
        assert_eq!(members.get("a").unwrap().each(Json::number), Ok(vec![1, -2, 9_007_199_254_740_993]));
        assert_eq!(members.get("ab").unwrap().flag(), Ok(true));
        assert_eq!(members.get("b").unwrap().string(), Ok("x".to_owned()));
        assert!(members.maybe("c").is_none() && members.maybe("d").is_none());
        assert_eq!(json.texts().unwrap_err().0.code, "invalid_type");
    }

    fn item(json: Json<'_>, index: usize) -> Read<Json<'_>> {
        json.members()?.get("a").map(|list| list.parts().remove(index).1)
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        let text = br#"{"a": [{"b/~c": 1.5}, [[], "x"], {"d": []}]}"#;
        let at = |reader: fn(Json<'_>) -> Read<i64>| {
            let issue = Json::read(text, reader).unwrap_err();
            (issue.path, issue.code)
        };
        assert_eq!(at(|json| json.number()), (String::new(), "invalid_type"));
        assert_eq!(at(|json| json.members()?.get("b")?.number()), ("/b".to_owned(), "required"));
        assert_eq!(at(|json| json.members()?.get("a")?.number()), ("/a".to_owned(), "invalid_type"));
        assert_eq!(
            at(|json| item(json, 0)?.members()?.get("b/~c")?.number()),
            ("/a/0/b~1~0c".to_owned(), "invalid_type")
        );
        assert_eq!(at(|json| item(json, 1)?.each(Json::number).map(|_| 0)), ("/a/1/0".to_owned(), "invalid_type"));
        assert_eq!(at(|json| item(json, 1)?.parts().remove(1).1.number()), ("/a/1/1".to_owned(), "invalid_type"));
        assert_eq!(at(|json| item(json, 2)?.members()?.get("e")?.number()), ("/a/2/e".to_owned(), "required"));
    }
}
