//! Bodies: JSON in, with the place of what is wrong.

use http::Request;
use serde::de::DeserializeOwned;

use crate::wire::issue::{Issue, Issues};
use crate::wire::object::Object;

use super::problem::{Code, Problem};

const MOST: usize = 1024 * 1024;

/// Reads a JSON body.
///
/// # Errors
/// When it has another media type, is larger than 1 MiB, isn't JSON, or isn't of the shape.
pub(super) fn json<T: DeserializeOwned>(request: &Request<Vec<u8>>) -> Result<T, Problem> {
    json_up_to(request, MOST, "application/json")
}

/// As [`json`], up to so many bytes, on a route that takes these media types.
///
/// # Errors
/// As [`json`].
pub(super) fn json_up_to<T: DeserializeOwned>(
    request: &Request<Vec<u8>>,
    most: usize,
    takes: &str,
) -> Result<T, Problem> {
    check_size(request, most)?;
    if media_type(request) != "application/json" {
        let detail = format!("send this body as `Content-Type: {takes}`");
        return Err(Problem::new(Code::UnsupportedMediaType, detail));
    }
    let body = request.body();
    // First the syntax alone, so that a body that isn't JSON is never called a wrong one.
    let refuse =
        |error: &dyn std::fmt::Display| Problem::new(Code::InvalidJson, format!("the body is not JSON: {error}"));
    let text = std::str::from_utf8(body).map_err(|error| refuse(&error))?;
    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|error| refuse(&error))?;
    let deserializer = &mut serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(deserializer).map(|Object(value)| value).map_err(|error| shape_problem(&error))
}

/// Reads a JSON body that may be left out.
///
/// # Errors
/// As [`json`], for a body that is there.
pub(super) fn json_or_default<T: DeserializeOwned + Default>(request: &Request<Vec<u8>>) -> Result<T, Problem> {
    if request.body().is_empty() { Ok(T::default()) } else { json(request) }
}

/// The media type of the body, in small letters and without its parameters; empty where none is said.
pub(super) fn media_type(request: &Request<Vec<u8>>) -> String {
    let header = request.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Checks that a body isn't too long.
///
/// # Errors
/// 413 when it is.
pub(super) fn check_size(request: &Request<Vec<u8>>, most: usize) -> Result<(), Problem> {
    if request.body().len() <= most {
        return Ok(());
    }
    let detail = format!("the body of this request has at most {} MiB", most / (1024 * 1024));
    Err(Problem::new(Code::PayloadTooLarge, detail))
}

fn shape_problem(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let message = error.inner().to_string();
    let detail = message.split(" at line ").next().unwrap_or(&message).to_owned();
    let mut path = pointer(error.path());
    let code = if message.starts_with("unknown field") {
        // The path ends at the object or at the member itself, depending on where serde noticed.
        let name = detail.split('`').nth(1).unwrap_or_default();
        let step = format!("/{}", escape(name));
        if !path.ends_with(&step) {
            path.push_str(&step);
        }
        "unknown_field"
    } else if message.starts_with("missing field") {
        let name = detail.split('`').nth(1).unwrap_or_default();
        path.push_str(&format!("/{}", escape(name)));
        "required"
    } else {
        "invalid_type"
    };
    let mut issues = Issues::default();
    issues.add(path, code, detail);
    issues.into()
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
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

/// A problem about one place of a body.
pub(super) fn issue(path: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Problem {
    let detail: String = detail.into();
    let issue = Issue { path: path.into(), code, detail: detail.clone() };
    Problem { issues: vec![issue], ..Problem::new(Code::ValidationFailed, detail) }
}
