//! The JSON shapes of `rolecall::wire` as schemas: derived by schemars, then told what each text in them is.

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::format::{FORMATS, LIMITS};

/// A shape: the function that describes it and all that it is made of.
pub(crate) type Shape = fn(&mut SchemaGenerator) -> Schema;

/// Where schemas stand in the document.
pub(crate) const SCHEMAS: &str = "#/components/schemas/";

/// A reference to a schema by its name.
pub(crate) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{SCHEMAS}{name}") })
}

/// What was described so far: a shape that is read may leave out what a shape that is written has.
#[derive(Debug)]
pub(crate) struct Shapes {
    requests: SchemaGenerator,
    answers: SchemaGenerator,
}

impl Shapes {
    pub(crate) fn new() -> Self {
        let mut settings = SchemaSettings::draft2020_12();
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
        let requests = settings.clone().for_deserialize().into_generator();
        Self { requests, answers: settings.for_serialize().into_generator() }
    }

    /// The schema of what is read.
    pub(crate) fn request(&mut self, shape: Shape) -> Value {
        shape(&mut self.requests).to_value()
    }

    /// The schema of what is written.
    pub(crate) fn answer(&mut self, shape: Shape) -> Value {
        shape(&mut self.answers).to_value()
    }

    /// All that was described, by name.
    pub(crate) fn finish(mut self) -> Map<String, Value> {
        let mut all = refined(self.requests.take_definitions(true), false);
        for (name, schema) in refined(self.answers.take_definitions(true), true) {
            let other = all.insert(name.clone(), schema.clone());
            assert!(other.is_none_or(|other| other == schema), "two shapes go by the name {name}");
        }
        all
    }
}

fn refined(definitions: Map<String, Value>, is_answer: bool) -> Map<String, Value> {
    let refine = |(name, mut schema): (String, Value)| {
        refine(&mut schema, &name, is_answer);
        (name, schema)
    };
    definitions.into_iter().map(refine).collect()
}

/// Goes through a schema to each of its properties.
fn refine(schema: &mut Value, name: &str, is_answer: bool) {
    if name == "Via" && schema["type"] == "string" {
        *schema = json!({ "const": "direct", "description": "By a grant of its own." });
    }
    let required = schema.get("required").cloned().unwrap_or_default();
    let is_required = |key: &str| required.as_array().is_some_and(|all| all.iter().any(|one| one == key));
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for (key, property) in properties {
            refine_property(property, (name, key), is_answer && !is_required(key));
        }
    }
    for word in ["oneOf", "anyOf", "allOf"] {
        for part in schema.get_mut(word).and_then(Value::as_array_mut).into_iter().flatten() {
            refine(part, name, is_answer);
        }
    }
}

/// Says what a property is: `null` only where it can be, its format, its limits.
fn refine_property(property: &mut Value, place: (&str, &str), is_never_null: bool) {
    let Some(members) = property.as_object_mut() else { return };
    if members.get("default") == Some(&Value::Null) {
        members.remove("default");
    }
    // `uint` and its kin are words of schemars that no registry of formats knows.
    if members.get("format").is_some_and(|format| format.as_str().is_some_and(|text| text.starts_with("uint"))) {
        members.remove("format");
    }
    // A secret is `null` in an answer that is given again.
    if is_never_null && !matches!(place.1, "accept_url" | "secret") {
        drop_null(members);
    }
    if let Some(name) = find(FORMATS, place, holds_text(property)) {
        put(property, name);
    }
    if let Some((_, _, limits)) = LIMITS.iter().find(|(schema, key, _)| (*schema, *key) == place) {
        let limits: Map<String, Value> = serde_json::from_str(limits).unwrap();
        property.as_object_mut().unwrap().extend(limits);
    }
}

/// The format of a property: that of its own schema, or of the texts of that name in every schema.
fn find(formats: &[(&str, &str, &'static str)], (schema, key): (&str, &str), is_text: bool) -> Option<&'static str> {
    let of = |wanted: &str| {
        formats.iter().find(|(schema, other, _)| *schema == wanted && *other == key).map(|(_, _, name)| *name)
    };
    of(schema).or_else(|| of("*").filter(|_| is_text)).filter(|name| !name.is_empty())
}

/// True for a text, and for lists and maps of texts.
fn holds_text(schema: &Value) -> bool {
    let is = |kind: &str| schema["type"] == kind || schema["type"][0] == kind;
    is("string")
        || (is("array") && holds_text(&schema["items"]))
        || (is("object") && schema["additionalProperties"]["type"] == "string")
}

/// An answer leaves a member out instead of giving `null`.
fn drop_null(members: &mut Map<String, Value>) {
    if let Some([kind, Value::String(null)]) = members.get("type").and_then(Value::as_array).map(Vec::as_slice)
        && null == "null"
    {
        let kind = kind.clone();
        members.insert("type".into(), kind);
    }
    let either = members.get("anyOf").and_then(Value::as_array).cloned().unwrap_or_default();
    if let [Value::Object(shape), null] = either.as_slice()
        && *null == json!({ "type": "null" })
    {
        members.remove("anyOf");
        members.extend(shape.clone());
    }
}

/// Makes the text in a schema, or in the lists of a schema, be of a named format.
fn put(schema: &mut Value, name: &str) {
    let members = schema.as_object_mut().unwrap();
    let kind = members.get("type").cloned().unwrap_or_default();
    let is = |wanted: &str| kind == wanted || kind.as_array().is_some_and(|kinds| kinds.contains(&json!(wanted)));
    if is("array") {
        return put(members.get_mut("items").unwrap(), name);
    }
    assert!(is("string") || members.contains_key("additionalProperties"), "{name} in {members:?}");
    members.remove("type");
    members.remove("additionalProperties");
    if kind.is_array() {
        members.insert("anyOf".into(), json!([reference(name), { "type": "null" }]));
    } else {
        members.insert("$ref".into(), json!(format!("{SCHEMAS}{name}")));
    }
}
