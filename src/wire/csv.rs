//! CSV (RFC 4180), in and out: strict where leniency would shift columns, with the line of what is wrong.

use std::borrow::Cow;

use thiserror::Error;

use crate::model::digits;

/// Why a file isn't CSV in UTF-8. Nothing of it is used then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CsvError {
    /// Two bytes a character.
    #[error("{}", self.in_words())]
    Utf16,
    /// Another encoding, or a broken file.
    #[error("{}", self.in_words())]
    Encoding {
        /// The first byte that isn't UTF-8.
        byte: u8,
        /// Where it stands, from 0.
        offset: usize,
        /// The line that it stands on, from 1.
        line: usize,
    },
    /// The end of the file inside quotes.
    #[error("{}", self.in_words())]
    Unterminated {
        /// The line that the quote opens on, from 1.
        line: usize,
    },
    /// Text after a closing quote.
    #[error("{}", self.in_words())]
    AfterQuote {
        /// The line, from 1.
        line: usize,
    },
}

impl CsvError {
    /// The error as its `Display` has it, joined by hand.
    pub fn in_words(&self) -> String {
        let (before, place, after) = match self {
            Self::Utf16 => ("the file is UTF-16; save it as CSV in UTF-8", String::new(), ""),
            Self::Encoding { byte, offset, line } => {
                let halves = [byte >> 4, byte & 15].into_iter().filter_map(|half| char::from_digit(half.into(), 16));
                let byte: String = halves.map(|digit| digit.to_ascii_uppercase()).collect();
                let place =
                    [&byte, " at offset ", &digits(*offset as u64), ", on line ", &digits(*line as u64)].concat();
                ("the file is not UTF-8: byte 0x", place, "; save it as CSV in UTF-8")
            }
            Self::Unterminated { line } => (
                "the quote that opens on line ",
                digits(*line as u64),
                " never closes; write a quote inside a cell twice",
            ),
            Self::AfterQuote { line } => (
                "on line ",
                digits(*line as u64),
                " something follows a closing quote; write a quote inside a cell twice",
            ),
        };
        [before, &place, after].concat()
    }
}

/// How many cells of a record are kept: a file of commas is no table of as many columns.
const MOST_CELLS: usize = 100;

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'a> {
    /// The line of the file that it starts on, from 1.
    pub line: usize,
    /// Its cells, the first hundred of them.
    pub cells: Vec<Cow<'a, str>>,
}

impl Record<'_> {
    /// True for an empty line, or one of empty cells.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// The text of a file, without its byte order mark.
///
/// # Errors
/// When it isn't UTF-8: with the first byte that can't be.
pub fn decode(file: &[u8]) -> Result<&str, CsvError> {
    let is_utf16 = matches!(file, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, _, ..] | [_, 0, ..]);
    if is_utf16 {
        return Err(CsvError::Utf16);
    }
    let text = std::str::from_utf8(file).map_err(|error| {
        let offset = error.valid_up_to();
        let before = file.get(..offset).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        CsvError::Encoding { byte: file.get(offset).copied().unwrap_or_default(), offset, line }
    })?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

/// Reads records one by one. Lines end with LF, CRLF or CR.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Reader<'a> {
    /// Of a text.
    pub const fn new(text: &'a str) -> Self {
        Self { rest: text, line: 1 }
    }

    /// Takes so many bytes, which end at a character.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn cell(&mut self) -> Result<Cow<'a, str>, CsvError> {
        if let Some(rest) = self.rest.strip_prefix('"') {
            self.rest = rest;
            return self.quoted();
        }
        let is_end = |byte: u8| matches!(byte, b',' | b'\r' | b'\n');
        let length = self.rest.bytes().position(is_end).unwrap_or(self.rest.len());
        Ok(Cow::Borrowed(self.take(length)))
    }

    /// A cell after its opening quote. A quote inside is written twice.
    fn quoted(&mut self) -> Result<Cow<'a, str>, CsvError> {
        let opened = self.line;
        let mut cell = Cow::Borrowed("");
        loop {
            let length = self.rest.find('"').ok_or(CsvError::Unterminated { line: opened })?;
            let part = self.take(length);
            self.take(1);
            self.line += breaks(part);
            if cell.is_empty() {
                cell = Cow::Borrowed(part)
            } else {
                cell.to_mut().push_str(part)
            }
            match self.rest.as_bytes().first() {
                Some(b'"') => {
                    self.take(1);
                    cell.to_mut().push('"');
                }
                None | Some(b',' | b'\r' | b'\n') => return Ok(cell),
                Some(_) => return Err(CsvError::AfterQuote { line: self.line }),
            }
        }
    }

    fn record(&mut self) -> Result<Record<'a>, CsvError> {
        let mut record = Record { line: self.line, cells: Vec::new() };
        loop {
            let cell = self.cell()?;
            if record.cells.len() < MOST_CELLS {
                record.cells.push(cell);
            }
            let ending = match self.rest.as_bytes() {
                [b',', ..] => {
                    self.take(1);
                    continue;
                }
                [b'\r', b'\n', ..] => 2,
                [] => 0,
                _ => 1,
            };
            self.take(ending);
            self.line += 1;
            return Ok(record);
        }
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Result<Record<'a>, CsvError>;
    fn next(&mut self) -> Option<Self::Item> {
        (!self.rest.is_empty()).then(|| self.record())
    }
}

/// How many lines end in a text.
fn breaks(text: &str) -> usize {
    let bytes = text.as_bytes();
    let of = |byte: u8| bytes.iter().filter(|other| **other == byte).count();
    of(b'\n') + of(b'\r') - bytes.windows(2).filter(|pair| *pair == b"\r\n").count()
}

/// One line of a file with these cells.
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    format!("{}\r\n", cells.join(","))
}

/// One cell. What a spreadsheet would run as a formula starts with an apostrophe.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str) -> Vec<(usize, Vec<String>)> {
        let read = |record: Record<'_>| (record.line, record.cells.iter().map(ToString::to_string).collect());
        Reader::new(text).map(|record| read(record.unwrap())).collect()
    }

    fn of(line: usize, cells: &[&str]) -> (usize, Vec<String>) {
        (line, cells.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn cells_are_read_as_rfc_4180_writes_them() {
        assert_eq!(records("a,b\r\nc,d\r\n"), [of(1, &["a", "b"]), of(2, &["c", "d"])]);
        assert_eq!(records("a,b\nc,d"), [of(1, &["a", "b"]), of(2, &["c", "d"])]);
        assert_eq!(records("a\rb"), [of(1, &["a"]), of(2, &["b"])]);
        assert_eq!(records("\"a,b\",\"say \"\"x\"\"\"\n"), [of(1, &["a,b", "say \"x\""])]);
        assert_eq!(records("\"\"\"\",\"\",,"), [of(1, &["\"", "", "", ""])]);
        assert_eq!(records("Ann \"A\" Lee,é"), [of(1, &["Ann \"A\" Lee", "é"])]);
        assert_eq!(records(""), []);
        assert_eq!(records("a\n\nb"), [of(1, &["a"]), of(2, &[""]), of(3, &["b"])]);
    }

    #[test]
    fn a_line_is_that_of_the_file_though_cells_span_several() {
        let text = "h\n\"two\nlines\"\n\"three\r\nlines\rhere\"\nlast";
        let lines: Vec<usize> = records(text).iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 2, 4, 7]);
    }

    #[test]
    fn quotes_that_do_not_close_are_named_by_their_line() {
        let error = |text| Reader::new(text).find_map(Result::err);
        assert_eq!(error("a\n\"b,c\nd"), Some(CsvError::Unterminated { line: 2 }));
        assert_eq!(error("a\n\"b\" c\n"), Some(CsvError::AfterQuote { line: 2 }));
        assert_eq!(error("\"b\nc\"d"), Some(CsvError::AfterQuote { line: 2 }));
        assert_eq!(error("\""), Some(CsvError::Unterminated { line: 1 }));
    }

    #[test]
    fn another_encoding_is_named() {
        assert_eq!(decode("\u{FEFF}é".as_bytes()), Ok("é"));
        assert_eq!(decode(b""), Ok(""));
        for utf16 in [&b"\xFF\xFEa\0"[..], b"\xFE\xFF\0a", b"a\0b\0", b"\0a\0b"] {
            assert_eq!(decode(utf16), Err(CsvError::Utf16));
        }
        let error = decode(b"email\nJos\xE9@x").unwrap_err();
        assert_eq!(error, CsvError::Encoding { byte: 0xE9, offset: 9, line: 2 });
        assert!(error.to_string().contains("0xE9 at offset 9, on line 2"), "{error}");
    }

    #[test]
    fn a_cell_is_quoted_and_never_a_formula() {
        assert_eq!(cell("plain"), "plain");
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("say \"x\""), "\"say \"\"x\"\"\"");
        for start in ["=", "+", "-", "@", "\t"] {
            assert_eq!(cell(&format!("{start}1")), format!("'{start}1"));
        }
        assert_eq!(cell("\r1"), "\"'\r1\"");
        assert_eq!(cell("=a,b"), "\"'=a,b\"");
        assert_eq!(line(["a", "", "b,c"]), "a,,\"b,c\"\r\n");
    }
}
