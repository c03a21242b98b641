//! The walk over a JSON text, once: what is JSON, and where each value stands.

use std::borrow::Cow;

/// How deep lists and objects may lie in each other.
const DEEPEST: u8 = 100;

/// Where a value stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    /// Its first byte, and the one after its last.
    pub(super) at: usize,
    pub(super) end: usize,
    /// The index of the span after it and all that lies in it.
    pub(super) next: usize,
}

/// A text and each value in it, in the order of the text: a list or an object stands before what lies in it, a name before its
/// value.
#[derive(Debug)]
pub(super) struct Tape<'a> {
    pub(super) text: &'a str,
    pub(super) spans: Vec<Span>,
}

impl<'a> Tape<'a> {
    /// The values of a text; where it stops being JSON.
    pub(super) fn of(text: &'a str) -> Result<Self, usize> {
        let mut scan = Scan { text, at: 0, spans: Vec::with_capacity(text.len() / 16) };
        match scan.value(DEEPEST) {
            Some(()) if scan.at == text.len() => Ok(Self { text, spans: scan.spans }),
            _ => Err(scan.at),
        }
    }
}

/// Walks over a text. What returns `None` stopped at what isn't JSON.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    text: &'a str,
    at: usize,
    spans: Vec<Span>,
}

impl<'a> Scan<'a> {
    /// The text between the quotes of one, with what its escapes stand for.
    pub(super) fn unescape(inner: &'a str) -> Cow<'a, str> {
        let mut scan = Self { text: inner, at: 0, spans: Vec::new() };
        let mut text = String::new();
        while let Some((plain, _)) = scan.rest().split_once('\\') {
            text.push_str(plain);
            scan.at += plain.len() + 1;
            text.extend(scan.escape());
        }
        if text.is_empty() {
            return Cow::Borrowed(scan.rest());
        }
        text.push_str(scan.rest());
        Cow::Owned(text)
    }

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
    fn value(&mut self, depth: u8) -> Option<()> {
        self.blanks();
        let (at, index) = (self.at, self.spans.len());
        self.spans.push(Span::default());
        match self.peek()? {
            b'[' | b'{' => self.parts(depth.checked_sub(1)?)?,
            b'"' => self.string()?,
            b't' | b'f' | b'n' => {
                let word = ["true", "false", "null"].into_iter().find(|word| self.rest().starts_with(word))?;
                self.at += word.len();
            }
            _ => self.number()?,
        }
        let span = Span { at, end: self.at, next: self.spans.len() };
        *self.spans.get_mut(index)? = span;
        self.blanks();
        Some(())
    }

    /// A list or an object.
    fn parts(&mut self, depth: u8) -> Option<()> {
        let is_object = self.eat(b"[{")? == b'{';
        let close: &[u8] = if is_object { b"}" } else { b"]" };
        self.blanks();
        if self.eat(close).is_some() {
            return Some(());
        }
        loop {
            if is_object {
                self.blanks();
                self.peek().filter(|byte| *byte == b'"').and_then(|_| self.value(depth))?;
                self.eat(b":")?;
            }
            self.value(depth)?;
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
            assert_eq!(Tape::of(text).is_ok(), is_json, "{text}");
        }
    }
}
