//! Bulk: several requests in one, which may name each other's results (RFC 7644 section 3.7).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::announce::BULK_OPERATIONS;
use super::document::{check_schemas, member};
use super::error::ScimError;

const REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
/// What stands before the name of an operation where its id is meant.
const BULK_ID: &str = "bulkId:";

/// A bulk request.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkRequest {
    /// After how many refusals the rest isn't tried; `None` tries all.
    pub fail_on_errors: Option<u64>,
    /// What is asked, in an order in which each comes after those that it names.
    pub operations: Vec<BulkOperation>,
}

/// How one of them writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of HTTP")]
pub enum BulkMethod {
    Post,
    Put,
    Patch,
    Delete,
}

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkOperation {
    /// Where it stood: answers come in that order.
    pub index: usize,
    /// How.
    pub method: BulkMethod,
    /// Where, below the base: `/Users/1`. It may have a `bulkId:`.
    pub path: String,
    /// The name by which others mean what it makes.
    pub bulk_id: Option<String>,
    /// The version that it expects, as `If-Match`.
    pub version: Option<String>,
    /// The body. It may have texts `bulkId:⟨name⟩`.
    pub data: Value,
}

impl BulkMethod {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Post, Self::Put, Self::Patch, Self::Delete].into_iter().find(|it| it.as_str().eq_ignore_ascii_case(text))
    }
}

impl BulkRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// 413 for too many operations, 409 for operations that wait for each other, 400 for what is no bulk request.
    pub fn parse(body: &Value) -> Result<Self, ScimError> {
        check_schemas(body, REQUEST)?;
        let operations = member(body, "Operations").and_then(Value::as_array);
        let operations = operations.ok_or_else(|| ScimError::syntax("`Operations` lists what is to be done"))?;
        if operations.len() > BULK_OPERATIONS {
            return Err(ScimError::new(413, format!("a bulk request has at most {BULK_OPERATIONS} operations")));
        }
        let fail_on_errors = match member(body, "failOnErrors") {
            None | Some(Value::Null) => None,
            Some(limit) => {
                let limit = limit.as_u64().filter(|limit| *limit > 0);
                Some(limit.ok_or_else(|| ScimError::value("`failOnErrors` is a whole number from 1"))?)
            }
        };
        let read: Result<Vec<_>, _> =
            operations.iter().enumerate().map(|(at, one)| BulkOperation::read(at, one)).collect();
        Ok(Self { fail_on_errors, operations: ordered(read?)? })
    }
}

/// Each after those that it names, else as they stood. What names nothing of this request isn't waited for: it fails by itself.
fn ordered(operations: Vec<BulkOperation>) -> Result<Vec<BulkOperation>, ScimError> {
    let mut names = BTreeSet::new();
    for name in operations.iter().filter_map(|operation| operation.bulk_id.clone()) {
        if !names.insert(name) {
            return Err(ScimError::value("two operations have one `bulkId`"));
        }
    }
    let mut waiting: Vec<(BTreeSet<String>, BulkOperation)> = Vec::new();
    for operation in operations {
        let mut named = BTreeSet::new();
        operation.names(&mut named);
        waiting.push((named.intersection(&names).cloned().collect(), operation));
    }
    let mut sorted = Vec::new();
    while let Some(ready) = waiting.iter().position(|(named, _)| named.is_disjoint(&names)) {
        let (_, operation) = waiting.remove(ready);
        if let Some(name) = &operation.bulk_id {
            names.remove(name);
        }
        sorted.push(operation);
    }
    if waiting.is_empty() { Ok(sorted) } else { Err(ScimError::new(409, "operations wait for each other's results")) }
}

impl BulkOperation {
    fn read(index: usize, operation: &Value) -> Result<Self, ScimError> {
        let text = |name| member(operation, name).and_then(Value::as_str).map(str::to_owned);
        let method = text("method").and_then(|method| BulkMethod::parse(&method));
        let method = method.ok_or_else(|| ScimError::syntax("a `method` is POST, PUT, PATCH or DELETE"))?;
        let bulk_id = text("bulkId").filter(|id| !id.is_empty());
        if method == BulkMethod::Post && bulk_id.is_none() {
            return Err(ScimError::syntax("a POST has a `bulkId`"));
        }
        let data = member(operation, "data").filter(|data| data.is_object());
        if method != BulkMethod::Delete && data.is_none() {
            return Err(ScimError::syntax("`data` is the body of the request"));
        }
        let path = text("path").filter(|path| path.starts_with('/'));
        Ok(Self {
            index,
            method,
            path: path.ok_or_else(|| ScimError::syntax("a `path` begins with `/`"))?,
            bulk_id,
            version: text("version"),
            data: data.cloned().unwrap_or_default(),
        })
    }

    /// The operations that it names.
    fn names(&self, names: &mut BTreeSet<String>) {
        names.extend(self.path.split('/').filter_map(named).map(str::to_owned));
        visit(&self.data, &mut |text| names.extend(named(text).map(str::to_owned)));
    }

    /// The operation with each `bulkId:` as the id that was made for it.
    ///
    /// # Errors
    /// 409 for the name of nothing, or of what was refused.
    pub fn resolved(&self, ids: &BTreeMap<String, String>) -> Result<Self, ScimError> {
        let mut names = BTreeSet::new();
        self.names(&mut names);
        if let Some(name) = names.iter().find(|name| !ids.contains_key(*name)) {
            return Err(ScimError::new(409, format!("nothing was made for `{BULK_ID}{name}`")));
        }
        let id = |text: &str| named(text).and_then(|name| ids.get(name)).cloned();
        let parts = self.path.split('/').map(|part| id(part).unwrap_or_else(|| part.to_owned()));
        Ok(Self { path: parts.collect::<Vec<_>>().join("/"), data: mapped(&self.data, &id), ..self.clone() })
    }
}

/// The operation that a text names: the whole text is `bulkId:⟨name⟩`.
fn named(text: &str) -> Option<&str> {
    let (start, name) = text.split_at_checked(BULK_ID.len())?;
    start.eq_ignore_ascii_case(BULK_ID).then_some(name)
}

fn visit(value: &Value, seen: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => seen(text),
        Value::Array(values) => values.iter().for_each(|value| visit(value, seen)),
        Value::Object(members) => members.values().for_each(|value| visit(value, seen)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn mapped(value: &Value, id: &dyn Fn(&str) -> Option<String>) -> Value {
    match value {
        Value::String(text) => id(text).map_or_else(|| value.clone(), Value::String),
        Value::Array(values) => values.iter().map(|value| mapped(value, id)).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), mapped(value, id))).collect(),
        value => value.clone(),
    }
}

/// What one of them came to.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkAnswer {
    /// The status.
    pub status: u16,
    /// Where the thing is; for a POST that was refused, nothing.
    pub location: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Why it was refused.
    pub error: Option<ScimError>,
}

impl BulkAnswer {
    /// The body of the whole answer, as the request stood; an operation that wasn't tried has no answer.
    pub fn json(answers: &[(BulkOperation, Self)]) -> Value {
        let mut sorted: Vec<_> = answers.iter().collect();
        sorted.sort_by_key(|(operation, _)| operation.index);
        let answers: Vec<Value> = sorted.into_iter().map(|(operation, answer)| answer.one(operation)).collect();
        json!({"schemas": [RESPONSE], "Operations": answers})
    }

    fn one(&self, operation: &BulkOperation) -> Value {
        let texts = [
            ("method", Some(operation.method.as_str().to_owned())),
            ("bulkId", operation.bulk_id.clone()),
            ("location", self.location.clone()),
            ("version", self.version.clone()),
            ("status", Some(self.status.to_string())),
        ];
        let mut answer: serde_json::Map<String, Value> =
            texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into()))).collect();
        if let Some(error) = &self.error {
            answer.insert("response".to_owned(), error.json());
        }
        answer.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(name: &str, data: &Value) -> Value {
        json!({"method": "post", "path": "/Users", "bulkId": name, "data": data})
    }

    fn order(operations: &Value) -> Result<Vec<usize>, u16> {
        let request = BulkRequest::parse(&json!({"schemas": [REQUEST], "Operations": operations}));
        request.map(|it| it.operations.iter().map(|one| one.index).collect()).map_err(|error| error.status)
    }

    #[test]
    fn an_operation_comes_after_those_that_it_names() {
        let member = |name: &str| json!({"members": [{"value": format!("bulkId:{name}")}]});
        assert_eq!(order(&json!([post("a", &json!({})), post("b", &json!({}))])), Ok(vec![0, 1]));
        assert_eq!(
            order(&json!([post("g", &member("u")), post("u", &json!({})), post("x", &json!({}))])),
            Ok(vec![1, 0, 2])
        );
        assert_eq!(order(&json!([post("g", &member("nobody"))])), Ok(vec![0]));
        let delete = json!({"method": "DELETE", "path": "/Users/bulkId:u"});
        assert_eq!(order(&json!([delete, post("u", &json!({}))])), Ok(vec![1, 0]));
        assert_eq!(order(&json!([post("a", &member("b")), post("b", &member("a"))])), Err(409));
        assert_eq!(order(&json!([post("a", &member("a"))])), Err(409));
    }

    #[test]
    fn a_name_becomes_the_id_that_was_made_for_it() {
        let data = json!({"members": [{"value": "bulkId:u"}], "displayName": "about bulkId:u"});
        let request = BulkRequest::parse(&json!({"failOnErrors": 1, "Operations": [
            {"method": "PATCH", "path": "/Groups/bulkId:g", "data": data, "version": "W/\"1\""},
        ]}));
        let request = request.unwrap();
        assert_eq!(request.fail_on_errors, Some(1));
        let [operation] = request.operations.as_slice() else { panic!() };
        let ids = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), format!("id-{name}"))).collect();
        let resolved = operation.resolved(&ids(&["u", "g"])).unwrap();
        assert_eq!(resolved.path, "/Groups/id-g");
        assert_eq!(resolved.data, json!({"members": [{"value": "id-u"}], "displayName": "about bulkId:u"}));
        assert_eq!(operation.resolved(&ids(&["g"])).unwrap_err().status, 409);
    }

    #[test]
    fn what_is_no_bulk_request_is_refused() {
        for (operations, status) in [
            (json!({}), 400),
            (json!([post("a", &json!({})), post("a", &json!({}))]), 400),
            (json!([{"method": "GET", "path": "/Users/1"}]), 400),
            (json!([{"method": "POST", "path": "/Users", "data": {}}]), 400),
            (json!([{"method": "POST", "path": "Users", "bulkId": "a", "data": {}}]), 400),
            (json!([{"method": "PUT", "path": "/Users/1"}]), 400),
            (vec![post("a", &json!({})); BULK_OPERATIONS + 1].into(), 413),
        ] {
            assert_eq!(order(&operations), Err(status), "{operations}");
        }
        assert!(BulkRequest::parse(&json!({"failOnErrors": 0, "Operations": []})).is_err());
    }

    #[test]
    fn answers_come_as_the_request_stood_and_say_what_went_wrong() {
        let request = BulkRequest::parse(&json!({"Operations": [
            post("g", &json!({"x": "bulkId:u"})), post("u", &json!({})), {"method": "DELETE", "path": "/Users/1"},
        ]}));
        let answer = |status, error| BulkAnswer { status, location: None, version: None, error };
        let outcomes = [answer(201, None), answer(409, Some(ScimError::new(409, "taken")))];
        let answers: Vec<_> = request.unwrap().operations.into_iter().zip(outcomes).collect();
        assert_eq!(
            BulkAnswer::json(&answers),
            json!({"schemas": [RESPONSE], "Operations": [
                {"method": "POST", "bulkId": "g", "status": "409", "response": ScimError::new(409, "taken").json()},
                {"method": "POST", "bulkId": "u", "status": "201"},
            ]})
        );
    }
}
