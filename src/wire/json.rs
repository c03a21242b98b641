//! JSON read where it stands: a value is a piece of its text and is looked into when it is asked. Nothing is built of what
//! nobody asks for, and what is wrong has its place.

use std::borrow::Cow;
use std::fmt::Display;

use super::issue::Issue;

/// How deep lists and objects may lie in each other.
const DEEPEST: u8 = 100;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json<'a> {
    text: &'a str,
    at: usize,
    end: usize,
}

impl<'a> Json<'a> {
    /// What a reader makes of the value that a text is.
    ///
    /// # Errors
    /// With `invalid_json` when it isn't JSON in UTF-8, or what the reader finds wrong.
    pub fn read<T>(text: &'a [u8], reader: impl FnOnce(Self) -> Read<T>) -> Result<T, Issue> {
        let json = Self::of(text)?;
        reader(json).map_err(|fault| json.issue(fault))
    }

    fn of(text: &'a [u8]) -> Result<Self, Issue> {
        let not_json = |why: &dyn Display| Issue {
            path: String::new(),
            code: "invalid_json",
            detail: format!("this is not JSON: {why}"),
        };
        let text = std::str::from_utf8(text).map_err(|error| not_json(&error))?;
        let mut scan = Scan { text, at: 0 };
        let value = scan.value(DEEPEST).filter(|_| scan.at == text.len());
        value.ok_or_else(|| not_json(&format_args!("see the byte at {}", scan.at)))
    }

    /// A fault with its place: the way down to the value.
    fn issue(self, Fault(fault): Fault) -> Issue {
        let mut path = String::new();
        let mut value = self;
        while value.at < fault.at {
            let parts = value.parts();
            let Some(index) = parts.iter().position(|(_, part)| fault.at < part.end) else { break };
            let Some((name, part)) = parts.get(index) else { break };
            path.push('/');
            match name.text() {
                Ok(name) => path.push_str(&name.replace('~', "~0").replace('/', "~1")),
                Err(_) => path.push_str(&index.to_string()),
            }
            value = *part;
        }
        let lacks = fault.lacks.map(|name| format!("/{name}")).unwrap_or_default();
        Issue { path: path + &lacks, code: fault.code, detail: fault.detail }
    }

    /// That something is wrong with it.
    pub fn wrong(self, code: &'static str, detail: &dyn Display) -> Fault {
        Fault(Box::new(Wrong { at: self.at, lacks: None, code, detail: detail.to_string() }))
    }

    fn is_not(self, wanted: &str) -> Fault {
        self.wrong("invalid_type", &format_args!("this is no {wanted}"))
    }

    fn raw(self) -> &'a str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    /// Its text.
    ///
    /// # Errors
    /// When it is none.
    pub fn text(self) -> Read<Cow<'a, str>> {
        let inner = self.raw().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let mut scan = Scan { text: inner.ok_or_else(|| self.is_not("text"))?, at: 0 };
        let mut text = String::new();
        while let Some((plain, _)) = scan.rest().split_once('\\') {
            text.push_str(plain);
            scan.at += plain.len() + 1;
            text.extend(scan.escape());
        }
        if text.is_empty() {
            return Ok(Cow::Borrowed(scan.rest()));
        }
        text.push_str(scan.rest());
        Ok(Cow::Owned(text))
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
        let mut texts = Vec::new();
        for (name, value) in self.members()?.parts {
            texts.push((name.string()?, value.string()?));
        }
        Ok(texts)
    }

    /// What stands in a list or an object, each with its name in an object.
    fn parts(self) -> Vec<(Self, Self)> {
        let mut parts = Vec::new();
        // It was walked over when it was found: there is nothing to stop at.
        let _ = Scan { text: self.text, at: self.at }.parts(DEEPEST, &mut |name, value| parts.push((name, value)));
        parts
    }
}

/// The members of an object. Of several with one name the last counts, as in JavaScript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members<'a> {
    of: Json<'a>,
    parts: Vec<(Json<'a>, Json<'a>)>,
}

impl<'a> Members<'a> {
    /// Each name with its value, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'a, str>, Json<'a>)> {
        self.parts.iter().map(|(name, value)| (name.text().unwrap_or_default(), *value))
    }

    /// A member.
    ///
    /// # Errors
    /// With `required` when it isn't there.
    pub fn get(&self, name: &'static str) -> Read<Json<'a>> {
        self.find(name).ok_or_else(|| {
            let mut fault = self.of.wrong("required", &format_args!("`{name}` is missing"));
            fault.0.lacks = Some(name);
            fault
        })
    }

    /// A member; `None` when it isn't there or `null`.
    pub fn maybe(&self, name: &str) -> Option<Json<'a>> {
        self.find(name).and_then(Json::present)
    }

    fn find(&self, name: &str) -> Option<Json<'a>> {
        self.parts.iter().rfind(|(other, _)| other.text().is_ok_and(|other| other == name)).map(|(_, value)| *value)
    }
}

/// Walks over a text. What returns `None` stopped at what isn't JSON.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over a byte when it is one of these.
    fn eat(&mut self, bytes: &[u8]) -> Option<u8> {
        let byte = self.peek().filter(|byte| bytes.contains(byte))?;
        self.at += 1;
        Some(byte)
    }

    fn blanks(&mut self) {
        while self.eat(b" \t\r\n").is_some() {}
    }

    /// A value and the blanks around it.
    fn value(&mut self, depth: u8) -> Option<Json<'a>> {
        self.blanks();
        let start = self.at;
        match self.peek()? {
            b'[' | b'{' => self.parts(depth.checked_sub(1)?, &mut |_, _| {})?,
            b'"' => self.string()?,
            b't' | b'f' | b'n' => {
                let word = ["true", "false", "null"].into_iter().find(|word| self.rest().starts_with(word))?;
                self.at += word.len();
            }
            _ => self.number()?,
        }
        let value = Json { text: self.text, at: start, end: self.at };
        self.blanks();
        Some(value)
    }

    /// A list or an object, each part of which is `found`.
    fn parts(&mut self, depth: u8, found: &mut dyn FnMut(Json<'a>, Json<'a>)) -> Option<()> {
        let is_object = self.eat(b"[{")? == b'{';
        let close: &[u8] = if is_object { b"}" } else { b"]" };
        self.blanks();
        if self.eat(close).is_some() {
            return Some(());
        }
        loop {
            let mut name = Json { text: "", at: 0, end: 0 };
            if is_object {
                self.blanks();
                name = self.peek().filter(|byte| *byte == b'"').and_then(|_| self.value(depth))?;
                self.eat(b":")?;
            }
            found(name, self.value(depth)?);
            if self.eat(close).is_some() {
                return Some(());
            }
            self.eat(b",")?;
        }
    }

    fn number(&mut self) -> Option<()> {
        self.eat(b"-");
        if self.eat(b"0").is_none() {
            self.digits()?;
        }
        if self.eat(b".").is_some() {
            self.digits()?;
        }
        if self.eat(b"eE").is_some() {
            self.eat(b"+-");
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += digits;
        (digits > 0).then_some(())
    }

    fn string(&mut self) -> Option<()> {
        self.eat(b"\"")?;
        loop {
            let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | ..b' ');
            self.at += self.text.as_bytes().get(self.at..)?.iter().position(ends)?;
            match self.eat(b"\"\\")? {
                b'"' => return Some(()),
                _ => drop(self.escape()?),
            }
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Option<char> {
        let escape = self.eat(b"\"\\/bfnrtu")?;
        Some(match escape {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            other => char::from(other),
        })
    }

    /// One character of one or two UTF-16 units in hex.
    fn unicode(&mut self) -> Option<char> {
        let first = self.unit()?;
        let Some(high) = first.checked_sub(0xD800).filter(|high| *high < 0x400) else { return char::from_u32(first) };
        self.eat(b"\\")?;
        self.eat(b"u")?;
        let low = self.unit()?.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
        char::from_u32(0x1_0000 + (high << 10) + low)
    }

    fn unit(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| {
            let digit = char::from(self.peek()?).to_digit(16)?;
            self.at += 1;
            Some((unit << 4) + digit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> String {
        Json::read(json.as_bytes(), Json::string).unwrap()
    }

    #[test]
    fn what_is_json_and_what_is_not_is_as_serde_says() {
        let deep = |depth| "[".repeat(depth) + &"]".repeat(depth);
        let texts = [
            "",
            " ",
            "1",
            " 1 ",
            "-0",
            "01",
            "1.",
            ".5",
            "1.5e-3",
            "1e",
            "+1",
            "-",
            "true",
            "tru",
            "nul",
            "null",
            "truex",
            "[]",
            "[ ]",
            "[1,]",
            "[,]",
            "[1 2]",
            "[1, [2]]",
            "{}",
            "{\"a\":1}",
            "{\"a\" : 1 , \"b\":[]}",
            "{a:1}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{1:1}",
            "[}",
            "{]",
            "\"",
            "\"\\",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u00e9\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\ude00\"",
            "\"\\ud83dx\"",
            "\"\u{1}\"",
            "\"\u{7f}é😀\"",
            "1 1",
            "\u{feff}1",
            &deep(90),
            &deep(1_000),
        ];
        for text in texts {
            let is_json = serde_json::from_str::<serde_json::Value>(text).is_ok();
            assert_eq!(Json::of(text.as_bytes()).is_ok(), is_json, "{text}");
        }
        assert!(Json::of(b"\"\xff\"").is_err());
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
        let json = Json::of(text).unwrap();
        let members = json.members().unwrap();
        assert_eq!(members.get("a").unwrap().each(Json::number), Ok(vec![1, -2, 9_007_199_254_740_993]));
        assert_eq!(members.get("ab").unwrap().flag(), Ok(true));
        assert_eq!(members.get("b").unwrap().string(), Ok("x".to_owned()));
        assert_eq!((members.maybe("c"), members.maybe("d")), (None, None));
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
