//! The operations of a PATCH, read: what each is done to, whichever way a client writes it.

use serde_json::Value;

use super::document::{check_schemas, member};
use super::error::{ScimError, ScimType};
use super::filter::{Filter, fold};
use super::path::{Named, Path};
use super::schema::{Attribute, Resource};

const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// How many operations a PATCH may have.
const MOST: usize = 5_000;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Add,
    Replace,
    Remove,
}

/// What it is done to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Target {
    /// The enterprise extension, as a whole.
    Extension,
    /// An attribute.
    Attribute(Path),
    /// Of the values of a list those that a filter chooses, or an attribute of these.
    Chosen(Path, Filter, Option<&'static Attribute>),
}

/// One attribute's worth of a PATCH.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Operation {
    pub(super) verb: Verb,
    pub(super) target: Target,
    /// `None` for null and where there is none.
    pub(super) value: Option<Value>,
}

/// The operations of a body. Those on a whole resource or extension are taken apart, one for each attribute that they name.
pub(super) fn read_operations(resource: Resource, body: &Value) -> Result<Vec<Operation>, ScimError> {
    check_schemas(body, PATCH_OP)?;
    let operations = member(body, "Operations").and_then(Value::as_array).filter(|list| !list.is_empty());
    let operations = operations.ok_or_else(|| ScimError::syntax("`Operations` lists what is to be done"))?;
    if operations.len() > MOST {
        return Err(ScimError::new(413, format!("a PATCH has at most {MOST} operations")));
    }
    let mut read = Vec::new();
    for operation in operations {
        read_operation(resource, operation, &mut read)?;
    }
    Ok(read)
}

fn read_operation(resource: Resource, operation: &Value, read: &mut Vec<Operation>) -> Result<(), ScimError> {
    let verb = member(operation, "op").and_then(Value::as_str).and_then(verb);
    let verb = verb.ok_or_else(|| ScimError::syntax("an `op` is `add`, `replace` or `remove`"))?;
    let path = match member(operation, "path") {
        None | Some(Value::Null) => None,
        Some(path) => Some(path.as_str().ok_or_else(|| no_path(&path.to_string()))?),
    };
    let value = member(operation, "value");
    if verb != Verb::Remove && value.is_none() {
        return Err(ScimError::value("`add` and `replace` take a `value`"));
    }
    let value = value.unwrap_or(&Value::Null);
    match path {
        None if verb == Verb::Remove => Err(ScimError::of(ScimType::NoTarget, "`remove` takes a `path`")),
        None => expand(resource, false, verb, value, read),
        Some(path) => at_path(resource, path, verb, value, read),
    }
}

fn verb(text: &str) -> Option<Verb> {
    match fold(text).as_str() {
        "add" => Some(Verb::Add),
        "replace" => Some(Verb::Replace),
        "remove" => Some(Verb::Remove),
        _ => None,
    }
}

fn at_path(
    resource: Resource,
    path: &str,
    verb: Verb,
    value: &Value,
    read: &mut Vec<Operation>,
) -> Result<(), ScimError> {
    let value_or_none = Some(value.clone()).filter(|value| !value.is_null());
    let target = match Named::find(resource, path) {
        _ if is_passed_over(resource, path) => return Ok(()),
        Some(Named::Core) if verb == Verb::Remove => return Err(no_path(path)),
        Some(Named::Core) => return expand(resource, false, verb, value, read),
        Some(Named::Extension) if verb != Verb::Remove && !value.is_null() => {
            return expand(resource, true, verb, value, read);
        }
        Some(Named::Extension) => Target::Extension,
        Some(Named::Attribute(path)) => Target::Attribute(path),
        None => chosen(resource, path)?,
    };
    if target.is_read_only() {
        return Err(ScimError::of(ScimType::Mutability, format!("`{path}` is written by the server alone")));
    }
    // Nothing that is added changes nothing.
    if verb != Verb::Add || value_or_none.is_some() {
        read.push(Operation { verb, target, value: value_or_none });
    }
    Ok(())
}

/// The attributes that an object names, each as it would be with a path. A client that sends all that it knows means what can be
/// written and is known here; the rest is passed over.
fn expand(
    resource: Resource,
    is_extension: bool,
    verb: Verb,
    value: &Value,
    read: &mut Vec<Operation>,
) -> Result<(), ScimError> {
    let members = value.as_object().ok_or_else(|| ScimError::value("`value` without a `path` is an object"))?;
    for (name, value) in members {
        let named = match is_extension {
            true => Path::in_extension(resource, name).map(Named::Attribute),
            false => Named::find(resource, name),
        };
        let target = match named {
            Some(Named::Extension) if value.is_object() => {
                expand(resource, true, verb, value, read)?;
                continue;
            }
            Some(Named::Extension) if value.is_null() => Target::Extension,
            Some(Named::Attribute(path)) => Target::Attribute(path),
            None if name.contains('[') => chosen(resource, name)?,
            _ => continue,
        };
        let is_nothing = verb == Verb::Add && value.is_null();
        if !is_nothing && !target.is_read_only() && !is_passed_over(resource, name) {
            read.push(Operation { verb, target, value: Some(value.clone()).filter(|value| !value.is_null()) });
        }
    }
    Ok(())
}

/// What is accepted and has no effect: a password is never stored, and which schemas a resource is of follows from what it has.
fn is_passed_over(resource: Resource, name: &str) -> bool {
    let name = fold(name);
    let last = name.strip_prefix(&fold(resource.schema())).map_or(name.as_str(), |rest| rest.trim_start_matches(':'));
    last == "schemas" || (last == "password" && resource == Resource::User)
}

/// `emails[type eq "work"].value`.
fn chosen(resource: Resource, path: &str) -> Result<Target, ScimError> {
    let parts = path.split_once('[').and_then(|(list, rest)| Some((list, rest.rsplit_once(']')?)));
    let (list, (filter, sub)) = parts.ok_or_else(|| no_path(path))?;
    let list = match Named::find(resource, list) {
        Some(Named::Attribute(list)) if list.sub.is_none() && list.attribute.is_multi => list,
        _ => return Err(no_path(path)),
    };
    let sub = match sub.strip_prefix('.') {
        Some(sub) => Some(list.attribute.sub(sub).ok_or_else(|| no_path(path))?),
        None if sub.is_empty() => None,
        None => return Err(no_path(path)),
    };
    Ok(Target::Chosen(list, Filter::parse_within(filter, list)?, sub))
}

fn no_path(path: &str) -> ScimError {
    let path: String = path.chars().take(80).collect();
    ScimError::of(ScimType::InvalidPath, format!("`{path}` is no attribute that the schema has"))
}

impl Target {
    fn is_read_only(&self) -> bool {
        match self {
            Self::Extension => false,
            Self::Attribute(path) => path.is_read_only(),
            Self::Chosen(list, _, sub) => Path { sub: *sub, ..*list }.is_read_only(),
        }
    }
}
