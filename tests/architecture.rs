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
    ("wire", &["model", "policy"]),
    ("host", &[]),
    ("store", &["model", "host"]),
    ("api", &["model", "policy", "wire", "host", "store"]),
    ("edge", &["model", "host", "api"]),
    ("npm", &["model", "policy", "wire"]),
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
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

#[test]
fn imports_point_up_the_list() {
    let mut broken = Vec::new();
    for (path, layer, text) in sources().iter().filter(|(_, layer, _)| layer != "lib") {
        let allowed = MAY_USE.iter().find(|(name, _)| name == layer).unwrap_or_else(|| panic!("{layer} is no layer")).1;
        for (number, line) in code(text).lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for after in line.split("crate::").skip(1) {
                let named: String = after.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                if named != *layer && !allowed.contains(&named.as_str()) {
                    broken.push(format!("{}:{}: {layer} may not use {named}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
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
    for (path, _, text) in sources() {
        assert!(text.starts_with("//! "), "{}", path.display());
        assert!(text.lines().count() <= 500, "{}", path.display());
    }
}

/// The functions of a file by the indentation of their first and last line: name and length.
fn functions(text: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, usize, String)> = None;
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let is_start = line.trim_start().split('(').next().is_some_and(|head| head.split(' ').any(|word| word == "fn"));
        if open.is_none() && is_start && !line.trim_start().starts_with("//") && !line.trim_end().ends_with(';') {
            open = Some((number, indent, line.trim().to_owned()));
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
    let all: Vec<(String, usize)> = sources().iter().flat_map(|(_, _, text)| functions(code(text))).collect();
    let long: Vec<_> = all.iter().filter(|(_, lines)| *lines > 70).collect();
    assert!(long.is_empty(), "{long:?}");
    let small = all.iter().filter(|(_, lines)| *lines <= 25).count();
    assert!(small * 10 >= all.len() * 9, "{small} of {} functions have at most 25 lines", all.len());
}

#[test]
fn sql_stands_in_the_store_alone() {
    for (path, layer, text) in sources().iter().filter(|(_, layer, _)| layer != "store" && layer != "host") {
        for words in ["SELECT ", "INSERT INTO", "DELETE FROM", "UPDATE "] {
            assert!(!code(text).contains(words), "{}: {words} in {layer}", path.display());
        }
    }
}

#[test]
fn the_core_is_not_serialisable_and_platforms_stay_in_their_folders() {
    for (path, layer, text) in sources() {
        let names = |word: &str| code(&text).contains(word);
        assert!(!(matches!(layer.as_str(), "model" | "policy" | "host") && names("serde")), "{}", path.display());
        assert!(layer == "edge" || !names("worker::"), "{}", path.display());
        assert!(layer == "npm" || layer == "edge" || !names("wasm_bindgen"), "{}", path.display());
    }
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
        let text = fs::read_to_string(path).unwrap();
        for banned in ["#[ignore", ".skip(", ".only(", ".todo("] {
            let is_iterator = banned == ".skip(" && path.extension().is_some_and(|extension| extension == "rs");
            assert!(is_iterator || !text.contains(banned), "{}: {banned}", path.display());
        }
    }
}
