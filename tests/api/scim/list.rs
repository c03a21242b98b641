//! Lists: filters, pages, order, and what an answer has.

use serde_json::{Value, json};

use super::{Fixture, refused};
use crate::support::text;

/// Twelve people beside the owner.
fn twelve() -> Fixture {
    let fixture = Fixture::new();
    for index in 0..12 {
        fixture.user(&format!("u{index:02}@example.com"));
    }
    fixture
}

fn names(page: &Value) -> Vec<String> {
    page["Resources"].as_array().unwrap().iter().map(|user| text(&user["userName"])).collect()
}

#[test]
fn pages_by_number_count_from_one() {
    let fixture = twelve();
    let first = fixture.get("/Users?startIndex=1&count=5").ok(200);
    assert_eq!(
        (&first["totalResults"], &first["itemsPerPage"], &first["startIndex"]),
        (&json!(13), &json!(5), &json!(1))
    );
    let last = fixture.get("/Users?startIndex=11&count=5").ok(200);
    assert_eq!(names(&last).len(), 3);
    assert_eq!(fixture.get("/Users?startIndex=-3&count=-1").ok(200)["totalResults"], json!(13));
}

#[test]
fn pages_by_cursor_tell_each_once() {
    let fixture = twelve();
    for query in ["", "&filter=active%20eq%20true", "&sortBy=userName&sortOrder=descending"] {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = fixture.get(&format!("/Users?cursor={cursor}&count=5{query}")).ok(200);
            seen.extend(names(&page));
            match page["nextCursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(seen.len(), 13, "{query}");
        if query.contains("descending") {
            assert!(seen.is_sorted_by(|one, other| one >= other), "{seen:?}");
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 13, "{query}");
    }
    refused(fixture.get("/Users?cursor=nonsense&count=5"), 400, Some("invalidCursor"));
}

#[test]
fn filters_find_what_they_say() {
    let fixture = twelve();
    for (filter, count) in [
        (r#"userName eq "u03@example.com""#, 1),
        (r#"userName eq "nobody""#, 0),
        (r#"userName sw "u0""#, 10),
        (r#"userName eq "u03@example.com" or userName eq "u04@example.com""#, 2),
        (r#"userName sw "u" and not (userName ew "1@example.com")"#, 10),
        (r#"emails.value eq "U03@example.com""#, 1),
        (r#"emails[type eq "work"].value eq "u03@example.com""#, 1),
        (r#"userName sw "U03@""#, 1),
        (r#"userName sw """#, 13),
        (r#"userName eq "u03@example.com" or externalId eq "nobody""#, 1),
        (r#"active eq true and userName eq "u03@example.com""#, 1),
        (r#"active eq true or userName eq "u03@example.com" and not (active eq true)"#, 13),
        ("active eq true", 13),
        ("active eq false", 0),
        (r#"meta.lastModified ge "2020-01-01T00:00:00Z" and userName ew "owner@acme.example""#, 1),
        (r#"meta.lastModified gt "2099-01-01T00:00:00Z""#, 0),
        (r#"meta.lastModified lt "2099-01-01T00:00:00Z""#, 13),
        (r#"meta.created gt "2020-01-01T00:00:00Z""#, 13),
    ] {
        assert_eq!(fixture.filter("Users", filter).len(), count, "{filter}");
    }
}

#[test]
fn hostile_filters_are_refused() {
    let fixture = Fixture::new();
    let deep = format!("{}userName pr{}", "(".repeat(500), ")".repeat(500));
    let long = format!(r#"userName eq "{}""#, "a".repeat(10_000));
    for filter in [
        deep.as_str(),
        &long,
        "userName eq",
        "'; DROP TABLE members; --",
        "userName eq \"\u{0}",
        "nothing eq \"x\"",
        "active gt true",
        "🤷",
    ] {
        let encoded: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        refused(fixture.get(&format!("/Users?filter={encoded}")), 400, Some("invalidFilter"));
    }
}

#[test]
fn an_answer_has_what_is_asked_for() {
    let fixture = Fixture::new();
    let ann = fixture.user("ann@example.com");
    let shown = fixture.get(&format!("/Users/{ann}?attributes=userName")).ok(200);
    assert_eq!(
        (&shown["userName"], &shown["id"], &shown["active"]),
        (&json!("ann@example.com"), &json!(ann), &Value::Null)
    );
    let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "userName sw \"ann\"", "excludedAttributes": ["emails"]});
    let found = fixture.call("POST", "/Users/.search", &body).ok(200);
    assert_eq!((&found["totalResults"], &found["Resources"][0]["emails"]), (&json!(1), &Value::Null));
    assert_eq!(fixture.call("POST", "/.search", &json!({"schemas": body["schemas"]})).ok(200)["totalResults"], 2);
}

#[test]
fn an_answer_to_a_write_has_what_is_asked_for() {
    let fixture = Fixture::new();
    let user = |title: &str| json!({"userName": "ann@example.com", "title": title});
    let made = fixture.call("POST", "/Users?attributes=title", &user("Dr")).ok(201);
    let path = format!("/Users/{}", text(&made["id"]));
    let patch = json!({"Operations": [{"op": "replace", "path": "title", "value": "Prof"}]});
    let put = fixture.call("PUT", &format!("{path}?attributes=title"), &user("Prof")).ok(200);
    let unchanged = fixture.call("PATCH", &format!("{path}?attributes=title"), &patch).ok(200);
    let without = fixture.call("PATCH", &format!("{path}?excludedAttributes=userName"), &patch).ok(200);
    for (answer, title) in [(made, "Dr"), (put, "Prof"), (unchanged, "Prof"), (without, "Prof")] {
        assert_eq!((&answer["title"], &answer["userName"]), (&json!(title), &Value::Null));
    }
    let wrong = format!("{path}?attributes=title&excludedAttributes=userName");
    let after = fixture.get(&path).header("etag").to_owned();
    refused(
        fixture.call("PATCH", &wrong, &json!({"Operations": [{"op": "remove", "path": "title"}]})),
        400,
        Some("invalidValue"),
    );
    assert_eq!(fixture.get(&path).header("etag"), after, "what can't be answered isn't done");
}

#[test]
fn what_the_service_says_of_itself_is_read_only() {
    let fixture = Fixture::new();
    for path in
        ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User"]
    {
        fixture.get(path).ok(200);
        refused(fixture.call("POST", path, &json!({})), 405, None);
        refused(fixture.call("DELETE", path, &Value::Null), 405, None);
    }
    refused(fixture.get("/Schemas?filter=id%20pr"), 403, None);
    refused(fixture.get("/Nothing"), 404, None);
}

#[test]
fn who_is_active_is_paged_as_it_is_kept() {
    let fixture = twelve();
    for name in ["u03", "u07"] {
        let id = text(&fixture.filter("Users", &format!(r#"userName sw "{name}""#))[0]["id"]);
        fixture.patch(&format!("/Users/{id}"), &json!([{"op": "replace", "path": "active", "value": false}])).ok(200);
    }
    for (flag, total, pages) in [("true", 11, 3), ("false", 2, 1)] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        let mut number = 0;
        loop {
            number += 1;
            let page = fixture.get(&format!("/Users?filter=active%20eq%20{flag}&count=5&cursor={cursor}")).ok(200);
            assert_eq!(page["totalResults"], total);
            seen.extend(names(&page));
            assert!(
                page["Resources"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|user| user["active"].as_bool() == Some(flag == "true"))
            );
            match page["nextCursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        seen.sort();
        seen.dedup();
        assert_eq!((seen.len(), number), (total, pages));
        let last = fixture.get(&format!("/Users?filter=active%20eq%20{flag}&startIndex={total}&count=5")).ok(200);
        assert_eq!((names(&last).len(), &last["totalResults"]), (1, &json!(total)));
    }
}

#[test]
fn a_cursor_belongs_to_its_list() {
    let fixture = twelve();
    let next = text(&fixture.get("/Users?count=5&cursor=").ok(200)["nextCursor"]);
    fixture.get(&format!("/Users?count=2&cursor={next}")).ok(200);
    for query in ["/Users?filter=active%20eq%20true&", "/Users?sortBy=userName&", "/Groups?"] {
        refused(fixture.get(&format!("{query}count=5&cursor={next}")), 400, Some("invalidCursor"));
    }
}

/// Adds inactive people, from a number to a number, behind the API's back.
fn crowd(fixture: &Fixture, from: usize, to: usize) {
    let ws = &fixture.acme.id;
    let numbers = format!("WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to})");
    let (account, mail) = ("'acc_' || printf('%025d0', i)", "'p' || i || '@example.com'");
    let sql = format!(
        "{numbers} INSERT INTO accounts (id, email, name, created_at) SELECT {account}, {mail}, 'P', 0 FROM n; \
         {numbers} INSERT INTO scim_users (workspace_id, id, user_key, active, document, created_at, updated_at) \
           SELECT '{ws}', {account}, {mail}, 0, json_object('userName', {mail}), 0, 0 FROM n"
    );
    fixture.app.sql(&sql).unwrap();
}

#[test]
fn what_would_take_a_look_at_too_many_is_refused_and_says_what_to_do() {
    let fixture = Fixture::new();
    let [contains, starts] = ["co", "sw"].map(|operator| format!("filter=userName%20{operator}%20%22p%22"));
    let count = |query: &str| fixture.get(&format!("/Users?count=1&{query}")).ok(200)["totalResults"].clone();
    // With the owner.
    crowd(&fixture, 1, 19_999);
    assert_eq!(
        (count(&contains), count(&starts), count("sortBy=userName")),
        (json!(20_000), json!(19_999), json!(20_000))
    );
    crowd(&fixture, 20_000, 20_001);
    for query in [&contains, &starts, "sortBy=userName"] {
        let told = refused(fixture.get(&format!("/Users?count=1&{query}")), 400, Some("tooMany"));
        assert!(text(&told["detail"]).contains("`userName`"), "{told}");
    }
    for (filter, found) in
        [(r#"userName eq "p7@example.com""#, 1), ("active eq true", 1), (r#"userName sw "p777""#, 11)]
    {
        assert_eq!(fixture.filter("Users", filter).len(), found, "{filter}");
    }
    assert_eq!(count(""), json!(20_002));
}
