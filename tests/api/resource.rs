//! The registry: rights by kind, labels, parents, and what a deletion takes along.

use serde_json::{Value, json};

use crate::support::App;

#[test]
fn deleting_a_source_takes_its_destinations_and_ends_the_grants_on_them() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    app.resource(&acme, "destination/ads", &json!({"parent": "source/abc"}));
    let grants = ["workspace_member", "source_admin@source/abc", "source_read_only@destination/ads"];
    let (ann, _) = app.member(&acme, "ann@example.com", &grants);
    app.call("DELETE", &acme.path("resources/source/abc"), &acme.token, &Value::Null).ok(204);
    app.get(&acme.path("resources/destination/ads"), &acme.token).problem(404, "not_found");
    let member = app.get(&acme.path(&format!("members/{ann}")), &acme.token).ok(200);
    assert_eq!(member["grants"].as_array().unwrap().len(), 1);
    assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE type = 'resource.deleted' AND before LIKE '%source_admin@source/abc%'"), 1);
}

#[test]
fn who_edits_a_source_may_not_relabel_it_and_who_may_not_see_it_finds_nothing() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({"labels": {"environment": "prod"}}));
    app.resource(&acme, "source/dev", &json!({"labels": {"environment": "dev"}}));
    let (_, cookie) = app.member(&acme, "ann@example.com", &["workspace_member", "source_admin@{environment:prod}"]);
    let put =
        |name: &str, body: Value| app.as_person("PUT", &acme.path(&format!("resources/source/{name}")), &cookie, &body);
    put("abc", json!({"name": "New"})).ok(200);
    put("abc", json!({"name": "New", "labels": {"environment": "dev"}})).problem(403, "forbidden");
    put("dev", json!({"name": "New"})).problem(404, "not_found");
    put("new", json!({"name": "New"})).problem(403, "forbidden");
    let seen = app.as_person("GET", &acme.path("resources"), &cookie, &Value::Null).ok(200);
    assert_eq!(seen["data"].as_array().unwrap().len(), 1);
}

#[test]
fn a_destination_has_a_parent_that_is_there_and_nothing_else_has_one() {
    let app = App::new();
    let acme = app.tenant("acme");
    let put = |path: &str, body: Value| app.call("PUT", &acme.path(&format!("resources/{path}")), &acme.token, &body);
    put("destination/ads", json!({"name": "Ads"})).problem(422, "validation_failed");
    put("destination/ads", json!({"name": "Ads", "parent": "source/none"})).problem(422, "validation_failed");
    put("source/abc", json!({"name": "x", "parent": "source/none"})).problem(422, "validation_failed");
    put("function/f", json!({"name": "x", "labels": {"a": "b"}})).problem(422, "validation_failed");
    put("sauce/abc", json!({"name": "x"})).problem(404, "not_found");
}
