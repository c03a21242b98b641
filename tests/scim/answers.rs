//! Answers questions about SCIM, a line of JSON each: what a filter matches, what a PATCH makes of a user or of a group. For
//! `tests/scim/differential.py`, which asks another implementation the same.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

use std::io::{BufRead, Write};

use rolecall::scim::{self, Filter, MemberChange, MemberRef, Resource, ScimError, User};
use serde_json::{Value, json};

fn main() {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let case: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let answer = match case["kind"].as_str().unwrap() {
            "filter" => filter(&case),
            "user" => user(&case),
            "group" => group(&case),
            other => panic!("{other} is no kind of question"),
        };
        let refused = |error: ScimError| json!({"error": error.scim_type.map_or("none", scim::ScimType::as_str)});
        writeln!(out, "{}", answer.unwrap_or_else(refused)).unwrap();
    }
}

/// Which of the documents a filter matches, by number.
fn filter(case: &Value) -> Result<Value, ScimError> {
    let resource = if case["resource"] == "Group" { Resource::Group } else { Resource::User };
    let filter = Filter::parse(case["filter"].as_str().unwrap(), resource)?;
    let documents = case["documents"].as_array().unwrap();
    let matching = documents.iter().enumerate().filter(|(_, document)| filter.matches(document.as_object().unwrap()));
    Ok(matching.map(|(at, _)| at).collect())
}

/// The document that a PATCH makes of another.
fn user(case: &Value) -> Result<Value, ScimError> {
    let user = User { document: case["document"].as_object().unwrap().clone() };
    Ok(scim::patch_user(&user, &case["body"])?.document.into())
}

/// The group that a PATCH makes of another, its members as a set.
fn group(case: &Value) -> Result<Value, ScimError> {
    let patch = scim::patch_group(&case["body"])?;
    let before = scim::read_group(&case["document"])?;
    let name = patch.display_name.unwrap_or(before.display_name);
    let external_id = patch.external_id.unwrap_or(before.external_id);
    let mut members = before.members.unwrap_or_default();
    for change in patch.members {
        match change {
            MemberChange::Add(more) => members.extend(more),
            MemberChange::Remove(less) => members.retain(|member| !less.contains(member)),
            MemberChange::Replace(all) => members = all,
            MemberChange::RemoveWhere(filter) => {
                let is_in = |MemberRef(id): &MemberRef| {
                    let group = json!({"members": [{"value": id}]});
                    filter.matches(group.as_object().unwrap())
                };
                members.retain(|member| !is_in(member));
            }
        }
    }
    members.sort();
    members.dedup();
    let members: Vec<String> = members.into_iter().map(|MemberRef(id)| id).collect();
    Ok(json!({"displayName": name, "externalId": external_id, "members": members}))
}
