//! The document of the API, as the service shows it.

use http::Request;
use serde_json::Value;

use crate::support::App;

#[test]
fn the_document_is_the_file_of_the_repository_for_everyone() {
    let app = App::new();
    let answer = app.unchanged(|| app.get("/openapi.json", ""));
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.header("cache-control").starts_with("public"));
    let file: Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
    assert_eq!(answer.ok(200), file);
}

#[test]
fn whoever_has_the_document_gets_304() {
    let app = App::new();
    let tag = app.get("/openapi.json", "").header("etag").to_owned();
    for (known, status) in [(tag.as_str(), 304), ("\"x\"", 200)] {
        let request = Request::builder().uri("/openapi.json").header("if-none-match", known).body(Vec::new()).unwrap();
        let answer = app.send(request);
        assert_eq!((answer.status, answer.body.is_null()), (status, status == 304), "{known}");
    }
}
