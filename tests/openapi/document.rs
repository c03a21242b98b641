//! The document as a whole: OpenAPI 3.1, its paths from the table, its components from the code.

use http::Method;
use rolecall::api::route::Endpoint as E;
use rolecall::wire::issue::Issue;
use rolecall::wire::preview::PreviewView;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::operation::{Answer, Body, Operation};
use crate::operations::operations;
use crate::shape::Shapes;
use crate::{parameter, problem, vocabulary};

/// The service answers.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "described, never made")]
pub(crate) struct Health {
    /// `ok`.
    status: &'static str,
    /// The version of the service.
    version: &'static str,
}

/// A document in the language of OpenAPI 3.1.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "described, never made")]
pub(crate) struct Openapi {
    openapi: &'static str,
    info: Map<String, Value>,
    paths: Map<String, Value>,
    components: Map<String, Value>,
}

const DESCRIPTION: &str = "Who may do what in a workspace, who is invited, and what a change would do.\n\n\
    Errors are problem documents (RFC 9457) with a stable `code`. What a caller may not see answers 404. A path that is \
    there answers another method with 405 and `Allow`, and `HEAD` like `GET`.";

/// Name and description of each section.
const TAGS: &[(&str, &str)] = &[
    ("Service", "The service, the catalog of roles and the caller."),
    ("Sessions", "People sign in by a link that is mailed to them."),
    ("Workspaces", "Workspaces, their seats, their record, and all that decisions need."),
    ("Members", "Members and their own grants."),
    ("Groups", "Groups, what they give and who is in them."),
    ("Labels", "The labels that a workspace knows."),
    ("Resources", "What grants can name."),
    ("Decisions", "Who may do what, why, and what a change would do."),
    ("AuthZEN", "OpenID AuthZEN's Authorization API 1.0 over the same decisions. The token names the workspace."),
    ("Invites", "Invites, for those who send them and those who get them."),
    ("Tokens", "Tokens of a workspace."),
    ("Domains", "E-mail domains of a workspace, and joining it by one."),
    ("Single sign-on", "Connections to identity providers, and logins by them."),
    (
        "Provisioning",
        "The tokens that open SCIM 2.0 at `/scim/v2`, and the journal of what came by them. SCIM describes itself: see \
         `/scim/v2/ServiceProviderConfig`, `/scim/v2/ResourceTypes` and `/scim/v2/Schemas`.",
    ),
];

/// Makes the document.
pub(crate) fn document() -> Value {
    let rows = operations();
    let mut shapes = Shapes::new();
    let mut paths = Map::new();
    for row in &rows {
        let (method, path) = row.row();
        let item = paths.entry(templated(path)).or_insert_with(|| json!({}));
        item[method.as_str().to_lowercase()] = operation(row, &mut shapes);
    }
    // Problems, which `problem` describes, are made of it.
    shapes.answer(SchemaGenerator::subschema_for::<Issue>);
    let mut schemas = shapes.finish();
    for (name, schema) in vocabulary::schemas() {
        assert!(schemas.insert(name.clone(), schema).is_none(), "{name} is a shape and a word");
    }
    let tag = |(name, description): &(&str, &str)| json!({ "name": name, "description": description });
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Rolecall",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": "/", "description": "The deployment that answers this document." }],
        "security": [{ "bearer": [] }, { "session": [] }],
        "tags": TAGS.iter().map(tag).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": parameter::parameters(),
            "headers": parameter::header_components(),
            "responses": problem::responses(&rows),
            "securitySchemes": security_schemes(),
        },
    })
}

/// A path of the route table in the document's way of writing.
pub(crate) fn templated(path: &str) -> String {
    let step = |step: &str| step.strip_prefix(':').map_or_else(|| step.to_owned(), |name| format!("{{{name}}}"));
    path.split('/').map(step).collect::<Vec<_>>().join("/")
}

fn security_schemes() -> Value {
    json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token, personal or of a workspace.",
        },
        "bootstrap": { "type": "http", "scheme": "bearer", "description": "The bootstrap token of the deployment." },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-rolecall",
            "description": "A person's session. It writes from this site's own pages alone. Not together with a token.",
        },
    })
}

fn operation(row: &Operation, shapes: &mut Shapes) -> Value {
    let mut operation = json!({
        "operationId": row.id(),
        "summary": row.summary,
        "tags": [row.tag],
        "responses": responses(row, shapes),
    });
    let parameters = parameter::of(row);
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(body) = &row.body {
        operation["requestBody"] = request_body(body, shapes);
    }
    if let Some(security) = security(row) {
        operation["security"] = security;
    }
    operation
}

/// Which credentials a route takes, where it isn't either.
fn security(row: &Operation) -> Option<Value> {
    match row.endpoint {
        _ if row.endpoint.is_public() => Some(json!([])),
        E::CloseSession | E::CloseSessions => Some(json!([{ "session": [] }])),
        E::CreateWorkspace => Some(json!([{ "bootstrap": [] }])),
        E::ShowWorkspace | E::UpdateWorkspace | E::DeleteWorkspace => {
            Some(json!([{ "bootstrap": [] }, { "bearer": [] }, { "session": [] }]))
        }
        _ if row.is_authzen() => Some(json!([{ "bearer": [] }])),
        _ => None,
    }
}

fn request_body(body: &Body, shapes: &mut Shapes) -> Value {
    let mut schema = shapes.request(body.shape);
    if !body.needs.is_empty() {
        let names: Vec<&str> = body.needs.iter().map(|(name, _)| *name).collect();
        let needs = body.needs.iter().map(|(name, own)| ((*name).to_owned(), needed(own)));
        let needs = json!({ "required": names, "properties": needs.collect::<Map<_, _>>() });
        schema = json!({ "allOf": [schema, needs] });
    }
    let mut content = json!({ "schema": schema });
    if !body.example.is_empty() {
        content["example"] = serde_json::from_str(body.example).unwrap();
    }
    let mut content = match body.is_form {
        true => json!({ "application/x-www-form-urlencoded": content }),
        false => json!({ "application/json": content }),
    };
    for file in body.files {
        content[*file] = json!({ "schema": { "type": "string" } });
    }
    json!({ "required": !body.is_optional, "content": content })
}

/// An object with these texts.
fn needed(names: &[&str]) -> Value {
    let texts = names.iter().map(|name| ((*name).to_owned(), json!({ "type": "string" })));
    json!({ "type": "object", "required": names, "properties": texts.collect::<Map<_, _>>() })
}

fn responses(row: &Operation, shapes: &mut Shapes) -> Value {
    let mut responses = Map::new();
    for answer in &row.answers {
        responses.insert(answer.status.to_string(), response(row, answer, shapes));
    }
    if row.takes_dry_run() && !responses.contains_key("200") {
        responses.insert("200".into(), preview(shapes));
    }
    if row.takes_if_none_match() {
        let headers = parameter::headers(&["ETag"]);
        responses.insert("304".into(), json!({ "description": "As it was.", "headers": headers }));
    }
    for (status, codes) in problem::problems(row) {
        let reference = format!("#/components/responses/{}", problem::name(status, &codes));
        responses.insert(status.to_string(), json!({ "$ref": reference }));
    }
    responses.into()
}

fn response(row: &Operation, answer: &Answer, shapes: &mut Shapes) -> Value {
    let is_either = answer.status == 200 && row.takes_dry_run() && !row.endpoint.reports_dry_run();
    let replayed = ["Idempotency-Replayed"].iter().filter(|_| row.endpoint.takes_key());
    let headers: Vec<&str> = answer.headers.iter().chain(replayed).copied().collect();
    let headers = parameter::headers(&headers);
    let mut response = json!({ "description": description(row, answer), "headers": headers });
    if answer.shape.is_none() && !answer.files.is_empty() {
        let file = |file: &&str| ((*file).to_owned(), json!({ "schema": { "type": "string" } }));
        response["content"] = answer.files.iter().map(file).collect::<Map<_, _>>().into();
    }
    if let Some(shape) = answer.shape {
        let mut schema = shapes.answer(shape);
        if is_either {
            schema = json!({ "anyOf": [schema, shapes.answer(SchemaGenerator::subschema_for::<PreviewView>)] });
        }
        let mut content = json!({ "application/json": { "schema": schema } });
        for file in answer.files {
            content[*file] = json!({ "schema": { "type": "string" } });
        }
        response["content"] = content;
    }
    response
}

fn description(row: &Operation, answer: &Answer) -> &'static str {
    match (answer.status, row.row().0) {
        (200, _) if row.takes_dry_run() => "Done, or what a dry run would do.",
        (201, _) => "Made.",
        (202, _) if row.endpoint == E::Join => "Asked; somebody has to approve it.",
        (202, _) => "Taken up; whether the address is known isn't told.",
        (204, _) => "Done.",
        (_, &Method::GET) => "Found.",
        _ => "Answered.",
    }
}

/// What a dry run answers where the request itself has another status.
fn preview(shapes: &mut Shapes) -> Value {
    let schema = shapes.answer(SchemaGenerator::subschema_for::<PreviewView>);
    json!({
        "description": "What a dry run would do.",
        "headers": parameter::headers(&[]),
        "content": { "application/json": { "schema": schema } },
    })
}
