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
fn bulk_does_each_and_knows_what_it_made() {
    let fixture = Fixture::new();
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
            {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "Engineers", "members": [{"value": "bulkId:ann"}]}},
            {"method": "POST", "path": "/Users", "bulkId": "ann", "data": {"userName": "ann@example.com"}},
            {"method": "POST", "path": "/Users", "bulkId": "twice", "data": {"userName": "ann@example.com"}},
        ],
    });
    let answer = fixture.call("POST", "/Bulk", &body).ok(200);
    let statuses: Vec<String> =
        answer["Operations"].as_array().unwrap().iter().map(|one| text(&one["status"])).collect();
    assert_eq!(statuses, ["201", "201", "409"], "{answer}");
    let ann = text(&fixture.filter("Users", r#"userName eq "ann@example.com""#)[0]["id"]);
    let group = text(&fixture.filter("Groups", r#"displayName eq "engineers""#)[0]["id"]);
    assert_eq!(fixture.members(&group), [ann]);
}
