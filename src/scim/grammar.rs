//! The grammar of filters, read from left to right without a step back.

use crate::model::Timestamp;

use super::error::ScimError;
use super::filter::{Compare, Filter, Operand, Operator, fold};
use super::path::{Named, Path};
use super::schema::{Kind, Resource};

/// How long a filter may be, in bytes.
pub(super) const LONGEST: usize = 4_096;
/// How many parentheses may stand in each other. The reader calls itself at each, and SQLite has a limit of its own.
pub(super) const DEEPEST: u8 = 20;
/// How many comparisons it may have: each is a value that a statement binds, and D1 takes a hundred.
pub(super) const MOST: u8 = 50;

/// Reads a filter; a comparison with what the resource lacks and `also` has is never true.
pub(super) fn read(text: &str, resource: Resource, also: Option<Resource>) -> Result<Filter, ScimError> {
    whole(Reader { rest: text, resource, also, list: None, is_folding: true, depth: 0, count: 0 })
}

/// Reads a filter on the values of one attribute.
pub(super) fn read_within(text: &str, list: Path) -> Result<Filter, ScimError> {
    whole(Reader {
        rest: text,
        resource: Resource::User,
        also: None,
        list: Some(list),
        is_folding: false,
        depth: 0,
        count: 0,
    })
}

fn whole(mut reader: Reader<'_>) -> Result<Filter, ScimError> {
    if reader.rest.len() > LONGEST {
        return Err(ScimError::filter("a filter has at most 4 KB"));
    }
    let filter = reader.any()?;
    reader.rest = reader.rest.trim_ascii_start();
    if reader.rest.is_empty() { Ok(filter) } else { Err(reader.wrong("the end, `and` or `or`")) }
}

/// What is left of a filter.
struct Reader<'a> {
    rest: &'a str,
    resource: Resource,
    also: Option<Resource>,
    /// The attribute in whose brackets it stands: names are of its values there.
    list: Option<Path>,
    /// Whether texts that compare without case are made lower case; what a PATCH makes of a text keeps its case.
    is_folding: bool,
    depth: u8,
    count: u8,
}

/// What a value is compared with, as it is written.
enum Literal {
    Text(String),
    Flag(bool),
    Null,
    Number,
}

impl<'a> Reader<'a> {
    /// That something else was to be here.
    fn wrong(&self, expected: &str) -> ScimError {
        let found: String = self.rest.chars().take(40).collect();
        ScimError::filter(format!("expected {expected}, found `{found}`"))
    }

    /// The characters up to a space, a parenthesis, a bracket or a quote.
    fn peek(&mut self) -> &'a str {
        self.rest = self.rest.trim_ascii_start();
        let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '"');
        self.rest.split(is_end).next().unwrap_or_default()
    }

    fn word(&mut self) -> &'a str {
        let word = self.peek();
        self.rest = self.rest.get(word.len()..).unwrap_or_default();
        word
    }

    fn takes_word(&mut self, word: &str) -> bool {
        self.peek().eq_ignore_ascii_case(word) && !self.word().is_empty()
    }

    fn takes(&mut self, mark: char) -> bool {
        let rest = self.rest.trim_ascii_start().strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// What stands between marks, the first of which was taken.
    fn until(&mut self, mark: char) -> Result<Filter, ScimError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(ScimError::filter("at most 20 parentheses stand in each other"));
        }
        let filter = self.any()?;
        self.depth -= 1;
        if self.takes(mark) { Ok(filter) } else { Err(self.wrong("a closing parenthesis or bracket")) }
    }

    /// `or` binds less than `and`.
    fn any(&mut self) -> Result<Filter, ScimError> {
        let first = self.all()?;
        let mut terms = vec![first];
        while self.takes_word("or") {
            terms.push(self.all()?);
        }
        Ok(single(terms, Filter::Any))
    }

    fn all(&mut self) -> Result<Filter, ScimError> {
        let first = self.one()?;
        let mut terms = vec![first];
        while self.takes_word("and") {
            terms.push(self.one()?);
        }
        Ok(single(terms, Filter::All))
    }

    fn one(&mut self) -> Result<Filter, ScimError> {
        if self.takes('(') {
            return self.until(')');
        }
        if !self.takes_word("not") {
            return self.test();
        }
        if self.takes('(') { Ok(Filter::Not(Box::new(self.until(')')?))) } else { Err(self.wrong("`(` after `not`")) }
    }

    /// A comparison, or one within the values of a list.
    fn test(&mut self) -> Result<Filter, ScimError> {
        let name = self.word();
        let (path, is_known) = self.find(name)?;
        let filter = match path {
            path if self.list.is_none() && self.takes('[') => self.within(path)?,
            path => self.comparison(path)?,
        };
        Ok(if is_known { filter } else { Filter::Never })
    }

    /// What a name stands for, and whether the resource has it.
    fn find(&self, name: &str) -> Result<(Path, bool), ScimError> {
        if let Some(list) = self.list {
            return Ok((sub(list, name)?, true));
        }
        let find = |resource| match Named::find(resource, name) {
            Some(Named::Attribute(path)) => Some(path),
            _ => None,
        };
        let own = find(self.resource).map(|path| (path, true));
        let other = || self.also.and_then(find).map(|path| (path, false));
        own.or_else(other).ok_or_else(|| unknown(name))
    }

    fn within(&mut self, list: Path) -> Result<Filter, ScimError> {
        if list.sub.is_some() || !list.attribute.is_multi || list.attribute.subs.is_empty() {
            return Err(ScimError::filter(format!("`{list}` has no values to choose from in brackets")));
        }
        self.list = Some(list);
        let mut filter = self.until(']')?;
        // Entra ID's `emails[type eq "work"].value eq "x"`, which the grammar lacks: one value is both.
        if let Some(rest) = self.rest.strip_prefix('.') {
            self.rest = rest;
            let name = self.word();
            let after = self.comparison(sub(list, name)?)?;
            filter = Filter::All(vec![filter, after]);
        }
        self.list = None;
        Ok(Filter::Within(list, Box::new(filter)))
    }

    fn comparison(&mut self, path: Path) -> Result<Filter, ScimError> {
        self.count += 1;
        if self.count > MOST {
            return Err(ScimError::filter("a filter has at most 50 comparisons"));
        }
        if self.takes_word("pr") {
            return Ok(Filter::Present(path));
        }
        let (operator, is_not) = match operator(self.peek()) {
            Some(found) => found,
            None => return Err(self.wrong("an operator")),
        };
        self.word();
        let filter = match self.literal()? {
            Literal::Null if operator != Operator::Eq => return Err(incomparable(path)),
            Literal::Null => return Ok(negated(Filter::Present(path), !is_not)),
            literal => compare(path, operator, literal, self.is_folding)?,
        };
        Ok(negated(Filter::Compare(filter), is_not))
    }

    fn literal(&mut self) -> Result<Literal, ScimError> {
        match self.peek() {
            "" => self.text().map(Literal::Text),
            word => {
                let literal = match fold(word).as_str() {
                    "true" => Literal::Flag(true),
                    "false" => Literal::Flag(false),
                    "null" => Literal::Null,
                    number if serde_json::from_str::<f64>(number).is_ok() => Literal::Number,
                    _ => return Err(self.wrong("a value: a text in quotes, a number, `true`, `false` or `null`")),
                };
                self.word();
                Ok(literal)
            }
        }
    }

    /// A text as JSON writes it.
    fn text(&mut self) -> Result<String, ScimError> {
        let mut is_escaped = false;
        let is_close = |(at, c): &(usize, char)| {
            let is_close = *c == '"' && *at > 0 && !is_escaped;
            is_escaped = *c == '\\' && !is_escaped;
            is_close
        };
        let end = self.rest.char_indices().find(is_close).map(|(at, _)| at + 1);
        let (text, rest) = end.and_then(|end| self.rest.split_at_checked(end)).unwrap_or_default();
        let read = serde_json::from_str::<String>(text).ok().filter(|text| !text.contains('\0'));
        let read = read.ok_or_else(|| self.wrong("a text in quotes, as JSON writes it"))?;
        self.rest = rest;
        Ok(read)
    }
}

fn single(mut terms: Vec<Filter>, join: fn(Vec<Filter>) -> Filter) -> Filter {
    match terms.pop() {
        Some(only) if terms.is_empty() => only,
        last => {
            terms.extend(last);
            join(terms)
        }
    }
}

fn negated(filter: Filter, is_not: bool) -> Filter {
    if is_not { Filter::Not(Box::new(filter)) } else { filter }
}

fn unknown(name: &str) -> ScimError {
    let name: String = name.chars().take(80).collect();
    ScimError::filter(format!("`{name}` is no attribute that the schema has"))
}

fn incomparable(path: Path) -> ScimError {
    ScimError::filter(format!("`{path}` can't be compared like this"))
}

/// An attribute of the values of a list.
fn sub(list: Path, name: &str) -> Result<Path, ScimError> {
    let sub = list.attribute.sub(name).ok_or_else(|| unknown(name))?;
    Ok(Path { sub: Some(sub), ..list })
}

/// An operator, and whether it is the opposite of it.
fn operator(word: &str) -> Option<(Operator, bool)> {
    let operator = match fold(word).as_str() {
        "ne" => return Some((Operator::Eq, true)),
        "eq" => Operator::Eq,
        "co" => Operator::Co,
        "sw" => Operator::Sw,
        "ew" => Operator::Ew,
        "gt" => Operator::Gt,
        "ge" => Operator::Ge,
        "lt" => Operator::Lt,
        "le" => Operator::Le,
        _ => return None,
    };
    Some((operator, false))
}

fn compare(path: Path, operator: Operator, literal: Literal, is_folding: bool) -> Result<Compare, ScimError> {
    // An attribute with attributes of its own is compared by its `value`.
    let value = path.target().sub("value").filter(|_| path.sub.is_none());
    let path = Path { sub: path.sub.or(value), ..path };
    let target = path.target();
    let is_part = matches!(operator, Operator::Co | Operator::Sw | Operator::Ew);
    let operand = match (target.kind, literal) {
        (Kind::Text | Kind::Reference, Literal::Text(text)) if is_folding && !target.is_exact => {
            Operand::Text(fold(&text))
        }
        (Kind::Text | Kind::Reference, Literal::Text(text)) => Operand::Text(text),
        (Kind::Binary, Literal::Text(text)) if operator == Operator::Eq => Operand::Text(text),
        (Kind::Boolean, Literal::Flag(flag)) if operator == Operator::Eq => Operand::Flag(flag),
        (Kind::Boolean, Literal::Text(text)) if operator == Operator::Eq => {
            Operand::Flag(fold(&text).parse().map_err(|_| incomparable(path))?)
        }
        (Kind::DateTime, Literal::Text(text)) if !is_part => {
            Operand::Time(Timestamp::parse(&text).ok_or_else(|| incomparable(path))?)
        }
        _ => return Err(incomparable(path)),
    };
    Ok(Compare { path, operator, operand })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A filter with each part in parentheses.
    fn shape(filter: &Filter) -> String {
        let all = |terms: &[Filter], word| format!("({})", terms.iter().map(shape).collect::<Vec<_>>().join(word));
        match filter {
            Filter::All(terms) => all(terms, " & "),
            Filter::Any(terms) => all(terms, " | "),
            Filter::Not(term) => format!("!{}", shape(term)),
            Filter::Present(path) => format!("{path}?"),
            Filter::Compare(Compare { path, operator, operand }) => match operand {
                Operand::Text(text) => format!("{path} {operator:?} {text:?}"),
                Operand::Flag(flag) => format!("{path} {operator:?} {flag}"),
                Operand::Time(time) => format!("{path} {operator:?} {time}"),
            },
            Filter::Within(list, filter) => format!("{list}[{}]", shape(filter)),
            Filter::Never => "never".to_owned(),
        }
    }

    fn user(text: &str) -> Result<String, ScimError> {
        Filter::parse(text, Resource::User).map(|filter| shape(&filter))
    }

    #[test]
    fn and_binds_more_than_or_and_parentheses_more_than_both() {
        for (text, wanted) in [
            ("title pr or locale pr and userType pr", "(title? | (locale? & userType?))"),
            ("(title pr or locale pr) and userType pr", "((title? | locale?) & userType?)"),
            ("title pr AND not (locale pr) Or id pr", "((title? & !locale?) | id?)"),
            ("not(not(title pr))", "!!title?"),
            ("title pr or locale pr or id pr", "(title? | locale? | id?)"),
            ("  title\tpr and(locale pr)and\nid pr ", "(title? & locale? & id?)"),
        ] {
            assert_eq!(user(text).as_deref(), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn names_and_operators_are_read_in_any_case_and_spelled_as_the_schema_does() {
        const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        for (text, wanted) in [
            ("USERNAME Eq \"Ann\"", "userName Eq \"ann\""),
            ("externalId eq \"Ann\"", "externalId Eq \"Ann\""),
            ("URN:IETF:params:scim:schemas:core:2.0:User:name.GIVENNAME sw \"A\"", "name.givenName Sw \"a\""),
            (&format!("{EXTENSION}:manager.value eq \"X\""), &format!("{EXTENSION}:manager.value Eq \"X\"")),
            ("emails co \"X\"", "emails.value Co \"x\""),
            ("active eq TRUE", "active Eq true"),
            ("active eq \"False\"", "active Eq false"),
            ("meta.created ge \"2026-01-01T01:00:00+01:00\"", "meta.created Ge 2026-01-01T00:00:00.000Z"),
            ("title eq \"\\u00e9\\\"\\\\\"", "title Eq \"é\\\"\\\\\""),
            ("title ne \"x\"", "!title Eq \"x\""),
            ("title eq null", "!title?"),
            ("title ne null", "title?"),
            (
                "emails[type eq \"work\" and primary eq true]",
                "emails[(emails.type Eq \"work\" & emails.primary Eq true)]",
            ),
            ("emails[type eq \"work\"].value eq \"X\"", "emails[(emails.type Eq \"work\" & emails.value Eq \"x\")]"),
            ("emails[not (type pr)].value pr and id pr", "(emails[(!emails.type? & emails.value?)] & id?)"),
        ] {
            assert_eq!(user(text).as_deref(), Ok(wanted), "{text}");
        }
        let group = Filter::parse("id eq \"G\" and members eq \"M\"", Resource::Group).unwrap();
        assert_eq!(shape(&group), "(id Eq \"G\" & members.value Eq \"M\")");
    }

    #[test]
    fn what_one_kind_of_resource_lacks_is_never_true_of_it() {
        let [(_, user), (_, group)] =
            Filter::parse_each("userName eq \"x\" or not (members pr) or displayName pr").unwrap();
        assert_eq!(shape(&user), "(userName Eq \"x\" | !never | displayName?)");
        assert_eq!(shape(&group), "(never | !members? | displayName?)");
        assert!(Filter::parse_each("shoeSize pr").is_err());
    }
}
