//! Credentials and conventions: one at a time, from this site, with a clear refusal.

use http::Request;
use serde_json::{Value, json};

use crate::support::App;

#[test]
fn two_credentials_are_ambiguous_and_a_cookie_writes_from_this_site_alone() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, cookie) = app.member(&acme, "ann@example.com", &["workspace_owner"]);
    let request = |headers: &[(&str, &str)], method: &str| {
        let mut builder =
            Request::builder().method(method).uri(acme.path("labels")).header("content-type", "application/json");
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        builder.body(json!({"key": "a", "value": "b"}).to_string().into_bytes()).unwrap()
    };
    let bearer = format!("Bearer {}", acme.token);
    app.send(request(&[("authorization", &bearer), ("cookie", &cookie)], "GET")).problem(400, "ambiguous_credentials");
    app.send(request(&[("cookie", &cookie)], "POST")).problem(403, "cross_site");
    app.send(request(&[("cookie", &cookie), ("origin", "https://evil.example")], "POST")).problem(403, "cross_site");
    app.send(request(&[("cookie", &cookie), ("origin", "https://app.example")], "POST")).ok(201);
    app.send(request(&[("authorization", "Basic eDp5")], "GET")).problem(401, "unauthenticated");
}

#[test]
fn bodies_are_json_of_the_right_shape_and_type() {
    let app = App::new();
    let acme = app.tenant("acme");
    let send = |content_type: &str, body: &str| {
        let builder = Request::builder().method("POST").uri(acme.path("labels")).header("content-type", content_type);
        app.send(
            builder.header("authorization", format!("Bearer {}", acme.token)).body(body.as_bytes().to_vec()).unwrap(),
        )
    };
    send("application/json", "{").problem(400, "invalid_json");
    for other in ["null", "true", "1", "\"x\"", "[]", " [\"a\", \"b\", null]"] {
        send("application/json", other).problem(422, "validation_failed");
    }
    send("text/plain", "{}").problem(415, "unsupported_media_type");
    send("application/json", &"x".repeat(1024 * 1024 + 1)).problem(413, "payload_too_large");
    let unknown = send("application/json; charset=utf-8", r#"{"key": "a", "value": "b", "colour": 1}"#)
        .problem(422, "unknown_field");
    assert_eq!(unknown["errors"][0]["path"], "/colour");
}

#[test]
fn paths_methods_and_tags_follow_the_conventions() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.get("/v1/nothing", "").problem(404, "not_found");
    let refused = app.call("DELETE", "/v1/roles", "", &Value::Null);
    assert_eq!(refused.header("allow"), "GET");
    assert_eq!(refused.problem(405, "method_not_allowed")["status"], 405);
    let shown = app.get(&acme.path("members/me"), &acme.token);
    let tag = shown.header("etag").to_owned();
    assert!(shown.header("x-request-id").starts_with("req_"));
    let builder =
        Request::builder().uri(acme.path("members/me")).header("authorization", format!("Bearer {}", acme.token));
    assert_eq!(app.send(builder.header("if-none-match", tag).body(Vec::new()).unwrap()).status, 304);
    assert_eq!(app.get("/v1/roles", "").ok(200)["data"].as_array().unwrap().len(), 19);
}
