//! JSON read where it stands: a value is a piece of its text and is looked into when it is asked. Nothing is built of what
//! nobody asks for, and what is wrong has its place.

use std::borrow::Cow;
use std::fmt::Display;

use super::issue::Issue;

/// What a reader makes of a value, or what is wrong with it.
pub type Read<T> = Result<T, Issue>;

/// How deep lists and objects may lie in each other.
const DEEPEST: u8 = 100;

/// What is wrong with the value at hand; [`below`] tells where that lies.
pub fn wrong(code: &'static str, detail: impl Display) -> Issue {
    Issue { path: String::new(), code, detail: detail.to_string() }
}

/// Puts the place of what is wrong below a member or an item.
pub fn below<T>(step: impl Display, result: Read<T>) -> Read<T> {
    result.map_err(|issue| Issue { path: format!("/{step}{}", issue.path), ..issue })
}

/// A JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// The value that a text is.
    ///
    /// # Errors
    /// With `invalid_json` when it isn't JSON in UTF-8.
    pub fn of(text: &'a [u8]) -> Read<Self> {
        let text = std::str::from_utf8(text).map_err(|_| wrong("invalid_json", "this is not JSON: it isn't UTF-8"))?;
        let mut scan = Scan { text, at: 0 };
        let value = scan.value(DEEPEST).filter(|_| scan.at == text.len());
        value.ok_or_else(|| wrong("invalid_json", format!("this is not JSON: see the byte at {}", scan.at)))
    }

    fn is_not(self, wanted: &str) -> Issue {
        wrong("invalid_type", format!("this is no {wanted}"))
    }

    /// Its text.
    ///
    /// # Errors
    /// When it is none.
    pub fn text(self) -> Read<Cow<'a, str>> {
        let inner =
            self.0.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or_else(|| self.is_not("text"))?;
        let mut scan = Scan { text: inner, at: 0 };
        let mut text = Cow::Borrowed("");
        while let Some(plain) = scan.rest().find('\\') {
            text.to_mut().push_str(scan.take(plain));
            scan.take(1);
            text.to_mut().extend(scan.escape());
        }
        if text.is_empty() {
            return Ok(Cow::Borrowed(scan.rest()));
        }
        text.to_mut().push_str(scan.rest());
        Ok(text)
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
        self.0.parse().map_err(|_| self.is_not("whole number"))
    }

    /// Whether it is true.
    ///
    /// # Errors
    /// When it is neither true nor false.
    pub fn flag(self) -> Read<bool> {
        match self.0 {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.is_not("truth value")),
        }
    }

    /// Each of its items, read.
    ///
    /// # Errors
    /// When it is no list, or an item can't be read.
    pub fn each<T, C: FromIterator<T>>(self, read: impl Fn(Self) -> Read<T>) -> Read<C> {
        let items = self.parts('[').ok_or_else(|| self.is_not("list"))?;
        items.into_iter().enumerate().map(|(index, (_, item))| below(index, read(item))).collect()
    }

    /// Its members.
    ///
    /// # Errors
    /// When it is no object.
    pub fn members(self) -> Read<Members<'a>> {
        self.parts('{').map(Members).ok_or_else(|| self.is_not("object"))
    }

    /// Its members, all of which are texts.
    ///
    /// # Errors
    /// When it is no object, or a member is no text.
    pub fn texts<C: FromIterator<(String, String)>>(self) -> Read<C> {
        let text = |(name, value): (Cow<'a, str>, Self)| Ok((name.to_string(), below(name, value.string())?));
        self.members()?.iter().map(text).collect()
    }

    /// The value, unless it is `null`.
    pub fn present(self) -> Option<Self> {
        (self.0 != "null").then_some(self)
    }

    /// What stands in a list or an object, with the name or an empty one.
    fn parts(self, open: char) -> Option<Vec<(Json<'a>, Self)>> {
        let mut parts = Vec::new();
        let mut scan = Scan { text: self.0.strip_prefix(open).map(|_| self.0)?, at: 0 };
        scan.parts(DEEPEST, &mut |name, value| parts.push((name, value)))?;
        Some(parts)
    }
}

/// The members of an object. Of several with one name the last counts, as in JavaScript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members<'a>(Vec<(Json<'a>, Json<'a>)>);

impl<'a> Members<'a> {
    /// Each name with its value, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'a, str>, Json<'a>)> {
        self.0.iter().map(|(name, value)| (name.text().unwrap_or_default(), *value))
    }

    /// A member, read.
    ///
    /// # Errors
    /// With `required` when it isn't there, or what is wrong with it.
    pub fn read<T>(&self, name: &str, read: impl FnOnce(Json<'a>) -> Read<T>) -> Read<T> {
        let found = self.find(name).ok_or_else(|| wrong("required", format!("`{name}` is missing")));
        below(name, found.and_then(read))
    }

    /// A member, read; `None` when it isn't there or `null`.
    ///
    /// # Errors
    /// With what is wrong with it.
    pub fn maybe<T>(&self, name: &str, read: impl FnOnce(Json<'a>) -> Read<T>) -> Read<Option<T>> {
        self.find(name).and_then(Json::present).map(|value| below(name, read(value))).transpose()
    }

    fn find(&self, name: &str) -> Option<Json<'a>> {
        self.0.iter().rfind(|(other, _)| other.text().is_ok_and(|other| other == name)).map(|(_, value)| *value)
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

    fn take(&mut self, bytes: usize) -> &'a str {
        let taken = self.rest().get(..bytes).unwrap_or_default();
        self.at += taken.len();
        taken
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
        let value = self.text.get(start..self.at)?;
        self.blanks();
        Some(Json(value))
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
            let mut name = Json("");
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
            let byte = self.peek().filter(|byte| *byte >= b' ')?;
            self.at += 1;
            match byte {
                b'"' => return Some(()),
                b'\\' => drop(self.escape()?),
                _ => {}
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
        Json::of(json.as_bytes()).unwrap().text().unwrap().into_owned()
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
        let json =
            Json::of(br#" {"a": [1, -2, 9007199254740993], "b": null, "a\u0062": true, "c": 1.5, "b": "x"} "#).unwrap();
        let members = json.members().unwrap();
        assert_eq!(members.read("a", |list| list.each(Json::number)), Ok(vec![1, -2, 9_007_199_254_740_993]));
        assert_eq!(members.read("ab", Json::flag), Ok(true));
        assert_eq!(members.read("b", Json::text).as_deref(), Ok("x"));
        assert_eq!(members.maybe("d", Json::flag), Ok(None));
        let fault = |issue: Issue| (issue.path, issue.code);
        assert_eq!(members.read("c", Json::number).map_err(fault), Err(("/c".to_owned(), "invalid_type")));
        assert_eq!(members.read("d", Json::number).map_err(fault), Err(("/d".to_owned(), "required")));
        let wrong = members.read("a", |list| list.each::<_, Vec<_>>(Json::flag));
        assert_eq!(wrong.map_err(fault), Err(("/a/0".to_owned(), "invalid_type")));
        assert_eq!(json.text().map_err(fault), Err((String::new(), "invalid_type")));
    }
}
