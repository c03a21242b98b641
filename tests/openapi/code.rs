//! The codes of single places and changes, compared with those that the code writes.

use std::collections::BTreeSet;
use std::fs;

use rolecall::api::problem::Code;

/// The codes of what is wrong with one place of a body, or with one change of a preview.
#[rustfmt::skip]
pub(crate) const ISSUES: &[&str] = &[
    "action_resource_mismatch", "already_invited", "already_member", "delegation_exceeded", "duplicate_column",
    "duplicate_mapping", "invalid_add_on", "invalid_auto_join", "invalid_change", "invalid_domain", "invalid_email", "invalid_grant", "invalid_id",
    "invalid_issuer", "invalid_label", "invalid_name", "invalid_plan", "invalid_protocol", "invalid_resource",
    "invalid_slug", "invalid_sync", "invalid_text", "invalid_time", "invalid_type", "labels_not_allowed", "last_owner",
    "missing_column", "not_of_protocol", "out_of_range", "parent_not_allowed", "parent_required", "plan_required",
    "ragged_row", "required", "saml_certificate", "saml_doctype", "saml_malformed", "saml_metadata", "scope_not_allowed", "shared_domain", "seat_limit_reached", "unknown_action", "unknown_column",
    "unknown_field", "unknown_grant", "unknown_group", "unknown_label", "unknown_member", "unknown_resource",
    "unknown_role", "workspace_role_required",
];

/// The texts between quotes that look like a code.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let is_code = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    text.split('"').skip(1).step_by(2).filter(is_code)
}

/// The codes that a file writes: in what `code` answers, in what notes an issue, and in what has a `code`.
fn written(text: &str) -> BTreeSet<String> {
    let text = text.split("#[cfg(test)]").next().unwrap();
    let after = |start: &str, end: &str| -> Vec<String> {
        let pieces = text.split(start).skip(1).map(|piece| piece.split(end).next().unwrap());
        pieces.flat_map(quoted).map(str::to_owned).collect()
    };
    let all = [
        after("fn code(&self)", "\n    }\n"),
        after("ssues.add(", ";"),
        after("issue(", ";"),
        after("let code = if", "};"),
        after(" code: ", ","),
    ];
    all.into_iter().flatten().collect()
}

#[test]
fn each_code_of_a_place_is_in_the_document() {
    let mut found = BTreeSet::new();
    for folder in ["src/wire", "src/policy", "src/api"] {
        // What `json.rs` says, the npm package alone says to JavaScript.
        let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
        // What `api/scim` says is in SCIM's own words.
        let entries = entries.filter(|entry| entry.file_name() != "json.rs" && entry.path().is_file());
        for entry in entries {
            found.extend(written(&fs::read_to_string(entry.path()).unwrap()));
        }
    }
    assert!(found.len() > 30, "only {} codes found", found.len());
    let known: BTreeSet<String> = ISSUES.iter().map(|code| (*code).to_owned()).collect();
    let missing: Vec<&String> = found.difference(&known).collect();
    assert!(missing.is_empty(), "not in the document: {missing:?}");
    let gone: Vec<&String> = known.difference(&found).collect();
    assert!(gone.is_empty(), "in the document, and nowhere in the code: {gone:?}");
}

#[test]
fn each_code_of_a_problem_is_one_of_some_route_or_of_no_route() {
    let rows = crate::operations::operations();
    let used: BTreeSet<&str> = rows.iter().flat_map(crate::problem::problems).flat_map(|(_, codes)| codes).collect();
    let unused: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).filter(|code| !used.contains(code)).collect();
    // It is what a path answers to a method that it has no route for.
    assert_eq!(unused, ["method_not_allowed"]);
}
