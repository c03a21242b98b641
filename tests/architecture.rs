//! The shape of the code: which layer may name which, and the rules of style that can be counted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Which of our own layers each layer may name; ARCHITECTURE.md prints the same table.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("policy", &["model"]),
    ("packed", &["model", "policy"]),
    ("wire", &["model", "policy"]),
    ("host", &[]),
    ("oidc", &["model", "host"]),
    ("scim", &["model"]),
    ("store", &["model", "host", "scim"]),
    ("api", &["model", "policy", "packed", "wire", "host", "oidc", "scim", "store"]),
    ("edge", &["model", "host", "api"]),
    ("npm", &["model", "policy", "packed", "wire"]),
    ("saml", &["model", "wire"]),
];

/// Every file in a folder but those that were installed into it.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            found.push(path);
        } else if !path.ends_with("node_modules") {
            files(&path, found);
        }
    }
}

/// Each source file with its layer and text.
fn sources() -> Vec<(PathBuf, String, String)> {
    let mut found = Vec::new();
    files(Path::new("src"), &mut found);
    let read = |path: PathBuf| {
        let layer = path.components().nth(1).unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&path).unwrap();
        (path, layer, text)
    };
    found.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")).map(read).collect()
}

/// The part of a file before its unit tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap()
}

/// How many modules deep a file is: `src/host.rs` and `src/api/mod.rs` are 1, `src/api/sso/login.rs` is 3.
fn depth(path: &Path) -> usize {
    let parts = path.components().count() - 1;
    if path.ends_with("mod.rs") { parts - 1 } else { parts }
}

/// The name that a text opens with.
fn opening(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

/// The top modules that a line names: after `crate::`, or after a chain of `super::` that reaches the crate.
fn named(line: &str, depth: usize) -> Vec<String> {
    let chain = "super::".repeat(depth);
    let after = |start: &str| line.split(start).skip(1).map(opening).collect::<Vec<_>>();
    [after("crate::"), after(&chain)].concat()
}

#[test]
fn imports_point_up_the_list() {
    let mut broken = Vec::new();
    for (path, layer, text) in sources().iter().filter(|(_, layer, _)| layer != "lib") {
        let allowed = MAY_USE.iter().find(|(name, _)| name == layer).unwrap_or_else(|| panic!("{layer} is no layer")).1;
        for (number, line) in code(text).lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for name in named(line, depth(path)) {
                if name != *layer && !allowed.contains(&name.as_str()) {
                    broken.push(format!("{}:{}: {layer} may not use `{name}`", path.display(), number + 1));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_chain_of_super_is_followed_to_the_crate() {
    assert_eq!(named("use super::super::store::row;", depth(Path::new("src/api/member.rs"))), ["store"]);
    assert_eq!(named("use super::row;", depth(Path::new("src/api/member.rs"))), [""; 0]);
    assert_eq!(named("use super::store::row;", depth(Path::new("src/api/mod.rs"))), ["store"]);
    assert_eq!(named("let x: super::api::X = crate::wire::y();", depth(Path::new("src/host.rs"))), ["wire", "api"]);
}

#[test]
fn the_document_prints_the_same_table() {
    let page = fs::read_to_string("ARCHITECTURE.md").unwrap();
    let table = page.split("<!-- layers -->").nth(1).unwrap().split("<!-- /layers -->").next().unwrap();
    let printed: BTreeMap<String, String> = (table.lines().filter(|line| line.starts_with("| ")).skip(1))
        .map(|line| line.trim_matches('|').split_once('|').unwrap())
        .map(|(layer, uses)| (layer.trim().to_owned(), uses.trim().trim_matches('–').to_owned()))
        .collect();
    let meant = MAY_USE.iter().map(|(layer, uses)| ((*layer).to_owned(), uses.join(", "))).collect();
    assert_eq!(printed, meant);
}

#[test]
fn each_file_opens_with_a_sentence_and_stays_under_500_lines() {
    let mut tests = Vec::new();
    files(Path::new("tests"), &mut tests);
    let tests = tests.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let paths = sources().into_iter().map(|(path, ..)| path).chain(tests);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{}:1: opens without a sentence", path.display());
        assert!(text.lines().count() <= 500, "{}: {} lines", path.display(), text.lines().count());
    }
}

/// The functions of a file by the indentation of their first and last line: `path:line: head` and length.
fn functions(path: &Path, text: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, usize, String)> = None;
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let is_start = line.trim_start().split('(').next().is_some_and(|head| head.split(' ').any(|word| word == "fn"));
        if open.is_none() && is_start && !line.trim_start().starts_with("//") && !line.trim_end().ends_with(';') {
            open = Some((number, indent, format!("{}:{}: {}", path.display(), number + 1, line.trim())));
        }
        if let Some((start, at, name)) = &open
            && line.trim_end().ends_with('}')
            && indent == *at
        {
            found.push((name.clone(), number - start + 1));
            open = None;
        }
    }
    found
}

#[test]
fn functions_are_small() {
    let all: Vec<(String, usize)> = sources().iter().flat_map(|(path, _, text)| functions(path, code(text))).collect();
    let mut tests = Vec::new();
    files(Path::new("tests"), &mut tests);
    let tests = tests.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let in_tests: Vec<(String, usize)> =
        tests.flat_map(|path| functions(&path, &fs::read_to_string(&path).unwrap())).collect();
    assert!(in_tests.len() > 100, "only {} functions found in the tests", in_tests.len());
    let long: Vec<_> = all.iter().chain(&in_tests).filter(|(_, lines)| *lines > 70).collect();
    assert!(long.is_empty(), "{long:?}");
    let small = all.iter().filter(|(_, lines)| *lines <= 25).count();
    assert!(all.len() > 100, "only {} functions found", all.len());
    assert!(small * 10 >= all.len() * 9, "{small} of {} functions have at most 25 lines", all.len());
}

/// The lines of code that `is_hit` in the files where `is_banned`, as `path:line: text`.
fn hits(is_hit: impl Fn(&str) -> bool, is_banned: impl Fn(&Path, &str) -> bool) -> Vec<String> {
    let mut hits = Vec::new();
    for (path, layer, text) in sources().iter().filter(|(path, layer, _)| is_banned(path, layer)) {
        let lines = code(text).lines().map(str::trim).enumerate();
        let hit = lines.filter(|(_, line)| !line.starts_with("//") && is_hit(line));
        hits.extend(hit.map(|(number, line)| format!("{}:{}: {layer}: {line}", path.display(), number + 1)));
    }
    hits
}

#[test]
fn sql_stands_in_the_store_alone() {
    let is_sql =
        |line: &str| ["SELECT ", "INSERT INTO", "DELETE FROM", "UPDATE "].iter().any(|word| line.contains(word));
    assert_eq!(hits(is_sql, |_, layer| layer != "store"), [""; 0]);
}

#[test]
fn the_core_is_not_serialisable() {
    assert_eq!(hits(|line| line.contains("serde"), |_, layer| matches!(layer, "model" | "policy" | "host")), [""; 0]);
}

/// `edge/` reads what D1 gives it, which is no shape of ours.
#[test]
fn shapes_are_derived_in_wire_and_rows_in_the_store_row() {
    let homes = ["src/store/row.rs", "src/api/body.rs", "src/api/problem.rs"].map(Path::new);
    let derives = |line: &str| line.contains("derive(") && (line.contains("Serialize") || line.contains("Deserialize"));
    let elsewhere = |path: &Path, layer: &str| !matches!(layer, "wire" | "npm" | "edge") && !homes.contains(&path);
    assert_eq!(hits(derives, elsewhere), [""; 0]);
}

#[test]
fn platforms_stay_in_their_folders() {
    assert_eq!(
        hits(|line| line.contains("worker::"), |path, layer| layer != "edge" && !path.ends_with("saml/worker.rs")),
        [""; 0]
    );
    assert_eq!(hits(|line| line.contains("wasm_bindgen"), |_, layer| layer != "npm" && layer != "edge"), [""; 0]);
}

/// What stands between quotes after `start`.
fn quoted_after<'a>(text: &'a str, start: &str) -> &'a str {
    text.split(start).nth(1).unwrap().split('"').nth(1).unwrap()
}

#[test]
fn the_npm_package_has_the_version_of_the_crate() {
    let Ok(package) = fs::read_to_string("pkg/package.json") else { return };
    assert_eq!(quoted_after(&package, "\"version\":"), env!("CARGO_PKG_VERSION"), "pkg/package.json");
}

#[test]
fn migrations_are_numbered_without_gaps() {
    let mut found = Vec::new();
    files(Path::new("migrations"), &mut found);
    let names = found.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned());
    let mut numbers: Vec<usize> =
        names.filter(|name| name.ends_with(".sql")).map(|name| name[..4].parse().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
}

#[test]
fn no_test_is_ignored() {
    let mut found = Vec::new();
    files(Path::new("tests"), &mut found);
    for path in found.iter().filter(|path| !path.ends_with("architecture.rs")) {
        // Pictures of failures lie there too.
        let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
        for banned in ["#[ignore", ".skip(", ".only(", ".todo(", "todo!("] {
            let is_iterator = banned == ".skip(" && path.extension().is_some_and(|extension| extension == "rs");
            assert!(is_iterator || !text.contains(banned), "{}: {banned}", path.display());
        }
    }
}
