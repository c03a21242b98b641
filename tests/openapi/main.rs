//! `openapi.json`: made of the code, compared with the file at the top of the repository, the routes and the contract.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

mod code;
mod contract;
mod document;
mod domains;
mod format;
mod operation;
mod operations;
mod parameter;
mod problem;
mod shape;
mod sso;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use rolecall::api::problem::{Code, Problem};
use rolecall::api::route::ROUTES;
use rolecall::wire::issue::Issue;
use serde_json::Value;

use contract::{BEYOND, CONTRACT, NOT_YET};
use format::FREE;

const FILE: &str = "openapi.json";
const RENEW: &str = "ROLECALL_WRITE=1 cargo test --features openapi --test openapi";

/// The document as the repository has it.
fn committed() -> Value {
    serde_json::from_str(&fs::read_to_string(FILE).unwrap()).unwrap()
}

#[test]
fn the_file_is_what_the_code_says() {
    let made = format!("{}\n", serde_json::to_string_pretty(&document::document()).unwrap());
    if std::env::var_os("ROLECALL_WRITE").is_some() {
        fs::write(FILE, made).unwrap();
        return;
    }
    let kept = fs::read_to_string(FILE).unwrap();
    let differs = kept.lines().zip(made.lines()).enumerate().find(|(_, (old, new))| old != new);
    assert!(kept == made, "{FILE} isn't what the code says, first at {differs:?}; renew it: {RENEW}");
}

/// Method and path of each operation of the document.
fn operations_of(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    let of = |(path, item): (&String, &Value)| {
        let methods: Vec<String> = item.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
        methods.into_iter().map(|method| (method, path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

#[test]
fn the_document_has_each_route_and_no_other() {
    let routes = ROUTES.iter().map(|(method, path, _)| (method.to_string(), document::templated(path)));
    assert_eq!(operations_of(&committed()), routes.collect());
    let rows = operations::operations();
    assert_eq!(rows.len(), ROUTES.len(), "a route has two rows");
    let out_of_order = rows.iter().map(operation::Operation::row).zip(ROUTES).find(|(row, route)| row.1 != route.1);
    assert!(out_of_order.is_none(), "{out_of_order:?}");
}

#[test]
fn the_document_has_each_route_of_the_contract_that_is_built() {
    let pair = |(method, path): &(&str, &str)| ((*method).to_owned(), (*path).to_owned());
    let promised: BTreeSet<(String, String)> = CONTRACT.iter().map(pair).collect();
    let is_built = |path: &str| !NOT_YET.iter().any(|start| path.starts_with(start));
    let built: BTreeSet<_> = promised.iter().filter(|(_, path)| is_built(path)).cloned().collect();
    let documented = operations_of(&committed());
    let missing: Vec<_> = built.difference(&documented).collect();
    assert!(missing.is_empty(), "promised, and neither built nor in the list of what isn't: {missing:?}");
    let beyond: BTreeSet<_> = documented.difference(&built).cloned().collect();
    assert_eq!(beyond, BEYOND.iter().map(pair).collect(), "built, and not in the contract");
    for start in NOT_YET {
        assert!(promised.iter().any(|(_, path)| path.starts_with(start)), "{start} is no route of the contract");
    }
}

#[test]
fn each_code_is_in_the_document() {
    let listed = &committed()["components"]["schemas"]["ProblemCode"]["enum"];
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(*listed, serde_json::json!(codes));
}

#[test]
fn a_problem_has_the_members_that_the_document_says() {
    let issue = Issue { path: "/name".into(), code: "required", detail: "`name` is missing".into() };
    let mut full = Problem::new(Code::ValidationFailed, "`name` is missing");
    full.issues = vec![issue];
    full.missing = vec![vec!["workspace_owner".into()]];
    full.exceeds = vec!["workspace_owner".into()];
    full.sign_in = Some("/".into());
    full.report = Some(Box::default());
    let members = |problem: &Problem| -> BTreeSet<String> {
        let document: BTreeMap<String, Value> = serde_json::from_slice(&problem.document("req_1")).unwrap();
        document.into_keys().collect()
    };
    let schema = &committed()["components"]["schemas"]["Problem"];
    let properties: BTreeSet<String> = schema["properties"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(members(&full), properties);
    let required: BTreeSet<String> = serde_json::from_value(schema["required"].clone()).unwrap();
    assert_eq!(members(&Problem::not_found()), required);
}

/// The properties of a schema that are texts and nothing else, with those of the parts of it.
fn bare_texts(name: &str, key: &str, schema: &Value, found: &mut BTreeSet<(String, String)>) {
    let is_text = schema["type"] == "string" || schema["type"].as_array().is_some_and(|all| all[0] == "string");
    if is_text && ["enum", "const", "pattern", "format"].iter().all(|word| schema.get(word).is_none()) {
        found.insert((name.to_owned(), key.to_owned()));
    }
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        bare_texts(name, key, property, found);
    }
    for part in ["items", "additionalProperties"].iter().filter_map(|word| schema.get(*word)) {
        bare_texts(name, key, part, found);
    }
    for part in ["oneOf", "anyOf", "allOf"].iter().flat_map(|word| schema[*word].as_array().into_iter().flatten()) {
        bare_texts(name, key, part, found);
    }
}

#[test]
fn each_text_says_what_it_is_or_is_free() {
    let mut found = BTreeSet::new();
    for (name, schema) in committed()["components"]["schemas"].as_object().unwrap() {
        bare_texts(name, "", schema, &mut found);
    }
    assert_eq!(found, FREE.iter().map(|(schema, key)| ((*schema).to_owned(), (*key).to_owned())).collect());
}

#[test]
fn each_reference_leads_somewhere_and_each_component_is_used() {
    let document = committed();
    let text = document.to_string();
    let used: BTreeSet<&str> =
        text.split("\"$ref\":\"#/components/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let mut there = BTreeSet::new();
    for kind in ["schemas", "parameters", "headers", "responses"] {
        there.extend(document["components"][kind].as_object().unwrap().keys().map(|name| format!("{kind}/{name}")));
    }
    assert_eq!(used, there.iter().map(String::as_str).collect());
}
