//! Pages: complete, without repeats while rows come and go, with cursors that belong to one list.

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{App, Tenant, text};

const MEMBER: &[&str] = &["workspace_member"];

/// A workspace with several of everything that is listed.
fn filled() -> (App, Tenant) {
    let app = App::new();
    let acme = app.tenant("acme");
    for name in ["d", "b", "g", "a", "f", "c", "e"] {
        app.member(&acme, &format!("{name}@example.com"), MEMBER);
        app.invite(&acme, &format!("{name}@invited.example"), MEMBER);
        app.resource(&acme, &format!("source/{name}"), &json!({}));
        app.token(&acme, &json!({"name": name, "actions": ["member:view"]}));
        app.post(&acme.path("groups"), &acme.token, &json!({"name": name})).ok(201);
        app.post(&acme.path("labels"), &acme.token, &json!({"key": "k", "value": name})).ok(201);
    }
    (app, acme)
}

/// The lists, each with the member that tells its rows apart.
const LISTS: &[(&str, &str)] = &[
    ("members?sort=email", "id"),
    ("members?sort=joined_at", "id"),
    ("members?sort=-last_active_at", "id"),
    ("members?q=", "id"),
    ("invites?status=pending", "id"),
    ("invites?", "id"),
    ("resources?", "resource"),
    ("resources?type=source", "resource"),
    ("tokens?", "id"),
    ("groups?", "id"),
    ("labels?", "value"),
];

/// All rows of a list, page by page; `between` happens after the first page.
fn walk(app: &App, acme: &Tenant, list: (&str, &str), limit: usize, between: impl Fn()) -> Vec<String> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.get(&acme.path(&format!("{}&limit={limit}{cursor}", list.0)), &acme.token).ok(200);
        let data = page["data"].as_array().unwrap();
        assert!(data.len() <= limit, "{list:?}: {}", data.len());
        rows.extend(data.iter().map(|row| text(&row[list.1])));
        let Some(next) = page["next_cursor"].as_str() else { return rows };
        if cursor.is_empty() {
            between();
        }
        cursor = format!("&cursor={next}");
    }
}

#[test]
fn a_list_is_the_same_whatever_the_size_of_its_pages() {
    let (app, acme) = filled();
    for list in LISTS {
        let whole = walk(&app, &acme, *list, 200, || ());
        assert!(whole.len() >= 7, "{list:?}: {whole:?}");
        for limit in [1, 2, 3, whole.len() - 1, whole.len()] {
            assert_eq!(walk(&app, &acme, *list, limit, || ()), whole, "{list:?} by {limit}");
        }
    }
}

#[test]
fn nothing_that_was_there_throughout_is_repeated_or_skipped() {
    for list in LISTS {
        let (app, acme) = filled();
        let before: BTreeSet<String> = walk(&app, &acme, *list, 200, || ()).into_iter().collect();
        let come_and_go = || {
            app.delete(&acme.path("members/c@example.com"), &acme.token).ok(204);
            app.delete(&acme.path("resources/source/b"), &acme.token).ok(204);
            app.delete(&acme.path("labels/k/b"), &acme.token).ok(204);
            for name in ["aa", "zz", "cc"] {
                app.member(&acme, &format!("{name}@example.com"), MEMBER);
                app.invite(&acme, &format!("{name}@invited.example"), MEMBER);
                app.resource(&acme, &format!("source/{name}"), &json!({}));
                app.token(&acme, &json!({"name": name, "actions": ["member:view"]}));
                app.post(&acme.path("groups"), &acme.token, &json!({"name": name})).ok(201);
                app.post(&acme.path("labels"), &acme.token, &json!({"key": "k", "value": name})).ok(201);
            }
        };
        let seen = walk(&app, &acme, *list, 2, come_and_go);
        let after: BTreeSet<String> = walk(&app, &acme, *list, 200, || ()).into_iter().collect();
        let distinct: BTreeSet<String> = seen.iter().cloned().collect();
        assert_eq!(distinct.len(), seen.len(), "{list:?}: {seen:?}");
        assert!(before.intersection(&after).all(|row| distinct.contains(row)), "{list:?}: {seen:?}");
    }
}

#[test]
fn a_cursor_of_another_list_is_invalid() {
    let (app, acme) = filled();
    let other = app.tenant("other");
    app.member(&other, "x@example.com", MEMBER);
    let first = app.get(&acme.path("members?limit=2&sort=email"), &acme.token).ok(200);
    let cursor = text(&first["next_cursor"]);
    for list in ["members?sort=joined_at", "members?sort=email&q=a", "members?", "invites?", "tokens?", "resources?"] {
        app.get(&acme.path(&format!("{list}&cursor={cursor}")), &acme.token).problem(400, "invalid_cursor");
    }
    app.get(&other.path(&format!("members?sort=email&cursor={cursor}")), &other.token).problem(400, "invalid_cursor");
    let more = app.get(&acme.path(&format!("members?limit=1&sort=email&cursor={cursor}")), &acme.token);
    assert_eq!(more.column("email"), ["c@example.com"]);
}

#[test]
fn a_cursor_with_a_character_changed_is_invalid() {
    let (app, acme) = filled();
    for (list, _) in LISTS {
        let first = app.get(&acme.path(&format!("{list}&limit=2")), &acme.token).ok(200);
        let cursor = text(&first["next_cursor"]);
        let last = cursor.len() - 1;
        let tampered = (0..cursor.len()).map(|at| {
            let other = if &cursor[at..=at] == "Q" { "g" } else { "Q" };
            format!("{}{other}{}", &cursor[..at], &cursor[at + 1..])
        });
        let cut = [cursor[..last].to_owned(), cursor[..8].to_owned(), format!("{cursor}AA"), "x".into(), "%00".into()];
        for bad in tampered.chain(cut).chain([String::new()]) {
            let path = acme.path(&format!("{list}&limit=2&cursor={bad}"));
            app.get(&path, &acme.token).problem(400, "invalid_cursor");
        }
    }
}

#[test]
fn a_limit_is_1_to_200_and_50_by_default() {
    let app = App::new();
    let acme = app.tenant("acme");
    for index in 0..60 {
        app.resource(&acme, &format!("source/s{index}"), &json!({}));
    }
    assert_eq!(app.get(&acme.path("resources"), &acme.token).column("id").len(), 50);
    for (limit, rows) in [("1", 1), ("59", 59), ("200", 60)] {
        assert_eq!(app.get(&acme.path(&format!("resources?limit={limit}")), &acme.token).column("id").len(), rows);
    }
    for list in ["members", "invites", "resources", "tokens", "groups", "labels"] {
        for limit in ["0", "201", "-1", "1.5", "many", "", "99999999999999999999"] {
            let path = acme.path(&format!("{list}?limit={limit}"));
            app.get(&path, &acme.token).problem(400, "invalid_parameter");
        }
    }
}

#[test]
fn each_page_names_the_version_that_it_was_read_at() {
    let (app, acme) = filled();
    let version = app.count("SELECT version FROM workspaces").to_string();
    for (list, _) in LISTS {
        assert_eq!(app.get(&acme.path(list), &acme.token).header("x-rolecall-version"), version, "{list}");
    }
}
