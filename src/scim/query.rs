//! What a list is asked for, by the address or by the body of `.search`.

use serde_json::Value;

use super::attributes::Projection;
use super::document::{check_schemas, member};
use super::error::{ScimError, ScimType};
use super::filter::fold;
use super::list::Paging;
use super::path::{Named, Path};
use super::schema::{Kind, Resource};

const SEARCH: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// What a list is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What each resource in the answer has.
    pub projection: Projection,
    /// The filter as it was sent: `Filter::parse` reads it, for one kind or for each.
    pub filter: Option<String>,
    /// `sortBy` as it was sent: [`Query::sort`] reads it.
    pub sort_by: Option<String>,
    /// Whether the order is turned around.
    pub is_descending: bool,
    /// Which page.
    pub paging: Paging,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// By which attribute; of several values the primary one counts, else the first.
    pub path: Path,
    /// Whether the order is turned around.
    pub is_descending: bool,
}

impl Query {
    /// Of the parameters of an address, their names in any case; of one that is there twice the first counts.
    ///
    /// # Errors
    /// For a value that a parameter can't have.
    pub fn from_pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, ScimError> {
        let pairs: Vec<(&str, &str)> = pairs.collect();
        Self::of(&|name| {
            let pair = pairs.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            Ok(pair.map(|(_, value)| (*value).to_owned()))
        })
    }

    /// Of the body of `.search`.
    ///
    /// # Errors
    /// When it is none, and as [`Query::from_pairs`].
    pub fn from_body(body: &Value) -> Result<Self, ScimError> {
        if !body.is_object() {
            return Err(ScimError::syntax("the body is no JSON object"));
        }
        check_schemas(body, SEARCH)?;
        Self::of(&|name| match member(body, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(Value::Array(names)) => Ok(Some(names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","))),
            Some(_) => Err(ScimError::value(format!("`{name}` can't have this value"))),
        })
    }

    fn of(get: &dyn Fn(&str) -> Result<Option<String>, ScimError>) -> Result<Self, ScimError> {
        let filled = |name| Ok(get(name)?.filter(|text: &String| !text.trim().is_empty()));
        let is_descending = match get("sortOrder")?.map(|order| fold(&order)).as_deref() {
            None | Some("" | "ascending") => false,
            Some("descending") => true,
            Some(_) => return Err(ScimError::value("`sortOrder` is `ascending` or `descending`")),
        };
        Ok(Self {
            projection: Projection::parse(get("attributes")?.as_deref(), get("excludedAttributes")?.as_deref())?,
            filter: filled("filter")?,
            sort_by: filled("sortBy")?,
            is_descending,
            paging: Paging::parse(
                filled("startIndex")?.as_deref(),
                filled("count")?.as_deref(),
                get("cursor")?.as_deref(),
            )?,
        })
    }

    /// In which order, if any is asked for.
    ///
    /// # Errors
    /// With `invalidPath` for what can't be sorted by.
    pub fn sort(&self, resource: Resource) -> Result<Option<Sort>, ScimError> {
        let Some(name) = self.sort_by.as_deref() else { return Ok(None) };
        let path = match Named::find(resource, name.trim()) {
            Some(Named::Attribute(path)) => Some(path),
            _ => None,
        };
        // By its `value`, where it has attributes of its own.
        let path = path.map(|path| Path { sub: path.sub.or_else(|| path.attribute.sub("value")), ..path });
        let path = path.filter(|path| path.target().kind != Kind::Complex);
        let path = path.ok_or_else(|| ScimError::of(ScimType::InvalidPath, "`sortBy` names nothing to sort by"))?;
        Ok(Some(Sort { path, is_descending: self.is_descending }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_and_a_body_ask_for_the_same() {
        let pairs = [
            ("FILTER", "title pr"),
            ("sortBy", "emails"),
            ("sortOrder", "DESCENDING"),
            ("startIndex", "2"),
            ("count", "7"),
            ("attributes", "userName,id"),
            ("shoe", "9"),
        ];
        let asked = Query::from_pairs(pairs.into_iter()).unwrap();
        let body = json!({
            "schemas": [SEARCH], "filter": "title pr", "sortBy": "emails", "sortOrder": "descending", "startIndex": 2, "count": 7,
            "attributes": ["userName", "id"], "excludedAttributes": null,
        });
        assert_eq!(Query::from_body(&body), Ok(asked.clone()));
        assert_eq!(asked.paging, Paging::Index { start: 2, count: 7 });
        let sort = asked.sort(Resource::User).unwrap().unwrap();
        assert_eq!((sort.path.to_string().as_str(), sort.is_descending), ("emails.value", true));
        assert_eq!(Query::from_pairs([("filter", ""), ("count", "")].into_iter()), Query::from_body(&json!({})));
    }

    #[test]
    fn what_a_list_cannot_be_asked_for_is_refused() {
        for pair in [("sortOrder", "up"), ("count", "x"), ("startIndex", "1.5")] {
            assert!(Query::from_pairs([pair].into_iter()).is_err(), "{pair:?}");
        }
        for body in [json!([]), json!({"schemas": ["x"]}), json!({"filter": {}}), json!({"count": true})] {
            assert!(Query::from_body(&body).is_err(), "{body}");
        }
        for name in ["name", "shoeSize", "addresses", "urn:ietf:params:scim:schemas:core:2.0:User"] {
            let query = Query::from_pairs([("sortBy", name)].into_iter()).unwrap();
            assert_eq!(query.sort(Resource::User).unwrap_err().scim_type, Some(ScimType::InvalidPath), "{name}");
        }
    }
}
