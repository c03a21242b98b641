//! Labels: `key:value` pairs on sources and spaces, one value per key.

use std::fmt;

use thiserror::Error;

use super::Table;

const MAX_PART: usize = 128;

/// What is wrong with a label.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LabelError {
    /// A key or value outside the alphabet or the length.
    #[error("{}", self.in_words())]
    Part(String),
    /// The same key twice: no resource can have two values of it.
    #[error("{}", self.in_words())]
    RepeatedKey(String),
}

impl LabelError {
    /// The error as its `Display` has it, joined by hand.
    pub fn in_words(&self) -> String {
        let (before, what, after) = match self {
            Self::Part(part) => ("`", part, "` has to be 1 to 128 of `A-Z a-z 0-9 . _ -`"),
            Self::RepeatedKey(key) => ("the key `", key, "` appears twice, and a resource has one value per key"),
        };
        [before, what, after].concat()
    }
}

/// True for 1 to 128 of `A-Z a-z 0-9 . _ -`: the alphabet of resource ids and of both halves of a label.
pub(super) fn is_part(text: &str) -> bool {
    (1..=MAX_PART).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// A set of labels in key order. As a scope it is a logical AND.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Labels(Table<String, String>);

impl Labels {
    /// The labels of these pairs.
    ///
    /// # Errors
    /// When a part is outside the alphabet, or a key is there twice.
    pub fn new<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Result<Self, LabelError> {
        let pairs: Vec<(String, String)> = pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        if let Some(bad) = pairs.iter().flat_map(|(key, value)| [key, value]).find(|part| !is_part(part)) {
            return Err(LabelError::Part(bad.chars().take(80).collect()));
        }
        Table::unique(pairs).map(Self).map_err(LabelError::RepeatedKey)
    }

    /// The pairs in key order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The pairs as owned texts.
    pub fn pairs(&self) -> impl Iterator<Item = (String, String)> {
        self.iter().map(|(key, value)| (key.to_owned(), value.to_owned()))
    }

    /// The pairs as they are written in a grant: `key:value,key:value`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (key, value) in self.iter() {
            text.extend([if text.is_empty() { "" } else { "," }, key, ":", value]);
        }
        text
    }

    /// True without any label.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when each of these labels is also in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|(key, value)| other.0.get(key).is_some_and(|have| have == value))
    }
}

impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_set_is_an_and() {
        let of = |pairs: &[(&str, &str)]| Labels::new(pairs.iter().copied()).unwrap();
        let both = of(&[("environment", "prod"), ("product", "car")]);
        assert!(of(&[("environment", "prod")]).is_subset(&both));
        assert!(!both.is_subset(&of(&[("environment", "prod")])));
        assert!(!of(&[("environment", "dev")]).is_subset(&both));
        assert_eq!(both.to_string(), "environment:prod,product:car");
        assert!(Labels::new([("a", "b"), ("a", "c")]).is_err());
        assert!(Labels::new([("a b", "c")]).is_err());
    }
}
