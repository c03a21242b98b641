//! JSON text as a value of a shape, or the one place where it has another.

use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use super::issue::Issue;
use super::object::Object;

/// Reads a JSON object.
///
/// # Errors
/// With `invalid_json` for what isn't JSON, else `required`, `unknown_field` or `invalid_type` and the place.
pub fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Issue> {
    let deserializer = &mut serde_json::Deserializer::from_slice(json);
    let Object(value) = serde_path_to_error::deserialize(&mut *deserializer)
        .map_err(|error| refuse(&pointer(error.path()), error.inner()))?;
    deserializer.end().map_err(|error| refuse("", &error))?;
    Ok(value)
}

fn refuse(path: &str, error: &serde_json::Error) -> Issue {
    let message = error.to_string();
    if error.classify() != Category::Data {
        return Issue { path: String::new(), code: "invalid_json", detail: format!("this is not JSON: {message}") };
    }
    let detail = message.split(" at line ").next().unwrap_or(&message).to_owned();
    let code = match () {
        () if message.starts_with("unknown field") => "unknown_field",
        () if message.starts_with("missing field") => "required",
        () => "invalid_type",
    };
    let named = detail.split('`').nth(1).filter(|_| code != "invalid_type");
    let step = named.map(|name| format!("/{}", escape(name))).filter(|step| !path.ends_with(step.as_str()));
    Issue { path: format!("{path}{}", step.unwrap_or_default()), code, detail }
}

fn pointer(path: &Path) -> String {
    let steps = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{}", escape(key))),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    steps.collect()
}

fn escape(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}
