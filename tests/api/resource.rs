//! The registry: rights by kind, labels, parents, and what a deletion takes along.

use serde_json::{Value, json};

use crate::support::{App, text};

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
    put("dev", json!({"name": "New"})).problem(403, "forbidden");
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

/// Who asks, by what they hold, and the status of creating `{kind}/new`, and of viewing, editing and deleting `{kind}/one`.
type Row = (&'static str, &'static str, [u16; 4]);

#[test]
fn each_role_creates_views_edits_and_deletes_what_it_says() {
    let rows: &[Row] = &[
        ("workspace_owner", "source", [201, 200, 200, 204]),
        ("source_admin", "source", [201, 200, 200, 204]),
        ("source_admin@source/one", "source", [403, 200, 200, 204]),
        ("source_admin@{team:a}", "source", [403, 200, 200, 204]),
        ("source_admin@source/other", "source", [403, 404, 403, 404]),
        ("source_read_only", "source", [403, 200, 403, 403]),
        ("source_read_only@source/one", "source", [403, 200, 403, 403]),
        ("minimal_workspace_access", "source", [403, 404, 403, 404]),
        ("function_admin", "source", [403, 404, 403, 404]),
        ("engage_admin", "space", [201, 200, 200, 204]),
        ("engage_admin@space/one", "space", [403, 200, 200, 204]),
        ("engage_user", "space", [403, 200, 403, 403]),
        ("engage_read_only", "space", [403, 200, 403, 403]),
        ("tracking_plan_admin", "tracking_plan", [201, 200, 200, 204]),
        ("tracking_plan_read_only", "tracking_plan", [403, 200, 403, 403]),
        ("warehouse_admin", "warehouse", [201, 200, 200, 204]),
        ("warehouse_admin@warehouse/one", "warehouse", [403, 200, 200, 204]),
        ("function_read_only", "function", [403, 200, 403, 403]),
    ];
    for (grant, kind, expected) in rows {
        let app = App::new();
        let acme = app.tenant("acme");
        app.resource(&acme, "source/other", &json!({}));
        let labels = if matches!(*kind, "source" | "space") { json!({"labels": {"team": "a"}}) } else { json!({}) };
        app.resource(&acme, &format!("{kind}/one"), &labels);
        let (_, cookie) = app.member(&acme, "ann@example.com", &["workspace_member", grant]);
        let ask = |method: &str, id: &str, body: Value| {
            let ask = || app.as_person(method, &acme.path(&format!("resources/{kind}/{id}")), &cookie, &body);
            let before = app.contents();
            let answer = ask();
            assert_eq!(app.contents() != before, answer.status < 300 && method != "GET", "{grant}: {method}");
            answer.status
        };
        let named = json!({"name": "New"});
        let create = ask("PUT", "new", named.clone());
        let got = [create, ask("GET", "one", Value::Null), ask("PUT", "one", named), ask("DELETE", "one", Value::Null)];
        assert_eq!(got, *expected, "{grant}");
    }
}

#[test]
fn what_one_may_not_see_answers_like_what_is_not_there() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    let (_, cookie) = app.member(&acme, "ann@example.com", &["workspace_member"]);
    for (method, body) in [("GET", Value::Null), ("DELETE", Value::Null), ("PUT", json!({"name": "New"}))] {
        let ask = |id: &str| app.as_person(method, &acme.path(&format!("resources/source/{id}")), &cookie, &body);
        assert_eq!(app.unchanged(|| ask("abc")).anonymous(), ask("none").anonymous(), "{method}");
    }
}

#[test]
fn a_list_holds_what_the_caller_may_see_of_the_kind_asked_for() {
    let app = App::new();
    let acme = app.tenant("acme");
    for name in ["source/a", "source/b", "space/c", "function/d"] {
        app.resource(&acme, name, &json!({}));
    }
    app.resource(&acme, "destination/e", &json!({"parent": "source/a"}));
    let (_, cookie) = app.member(&acme, "ann@example.com", &["workspace_member", "source_read_only@source/a"]);
    let seen = |query: &str| app.as_person("GET", &acme.path(&format!("resources{query}")), &cookie, &Value::Null);
    assert_eq!(seen("").column("resource"), ["destination/e", "source/a"]);
    assert_eq!(seen("?type=source").column("resource"), ["source/a"]);
    assert_eq!(seen("?type=space").column("resource"), [""; 0]);
    assert_eq!(app.get(&acme.path("resources"), &acme.token).column("resource").len(), 5);
    for bad in ["sauce", "", "source/a", "audience"] {
        app.get(&acme.path(&format!("resources?type={bad}")), &acme.token).problem(400, "invalid_parameter");
    }
}

#[test]
fn labels_change_with_label_manage_alone() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({"labels": {"team": "a"}}));
    let path = acme.path("resources/source/abc");
    let (_, cookie) = app.member(&acme, "ann@example.com", &["workspace_member", "source_admin"]);
    let put =
        |path: &str, labels: Value| app.as_person("PUT", path, &cookie, &json!({"name": "New", "labels": labels}));
    for labels in [json!({}), json!({"team": "b"}), json!({"team": "a", "env": "prod"}), json!({"env": "prod"})] {
        let refused = app.unchanged(|| put(&path, labels.clone())).problem(403, "forbidden");
        assert_eq!(refused["missing"], json!([["workspace_owner"]]));
    }
    app.unchanged(|| put(&acme.path("resources/source/new"), json!({"team": "a"}))).problem(403, "forbidden");
    assert_eq!(put(&path, json!({"team": "a"})).ok(200)["labels"], json!({"team": "a"}));
    put(&acme.path("resources/source/new"), json!({})).ok(201);

    let actions = ["source:view", "source:edit", "label:manage"];
    let token = app.token(&acme, &json!({"name": "tagger", "actions": actions}));
    let kept = app.put(&path, &token, &json!({"name": "Same labels"})).ok(200);
    assert_eq!(kept["labels"], json!({"team": "a"}));
    let changed = app.put(&path, &token, &json!({"name": "Other", "labels": {"team": "b"}})).ok(200);
    assert_eq!(changed["labels"], json!({"team": "b"}));
}

#[test]
fn a_label_lets_in_and_out_at_once() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({"labels": {"team": "a"}}));
    app.resource(&acme, "destination/ads", &json!({"parent": "source/abc"}));
    let (ann, _) = app.member(&acme, "ann@example.com", &["workspace_member", "source_admin@{team:a}"]);
    let may = || {
        let body = json!({"member": ann, "action": "destination:edit", "resource": "destination/ads"});
        app.post(&acme.path("check"), &acme.token, &body).ok(200)["allowed"] == true
    };
    assert!(may());
    let put = |labels: Value| {
        app.put(&acme.path("resources/source/abc"), &acme.token, &json!({"name": "x", "labels": labels}))
    };
    put(json!({"team": "b"})).ok(200);
    assert!(!may());
    put(json!({"team": "a", "env": "prod"})).ok(200);
    assert!(may());
}

#[test]
fn moving_a_destination_takes_the_right_to_create_one() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/a", &json!({}));
    app.resource(&acme, "source/b", &json!({}));
    app.resource(&acme, "destination/ads", &json!({"parent": "source/b"}));
    let path = acme.path("resources/destination/ads");
    let grants = ["workspace_member", "source_admin@source/a", "source_admin@destination/ads"];
    let (_, cookie) = app.member(&acme, "ann@example.com", &grants);
    let put = |parent: &str| app.as_person("PUT", &path, &cookie, &json!({"name": "New", "parent": parent}));
    let refused = app.unchanged(|| put("source/a")).problem(403, "forbidden");
    assert_eq!(refused["missing"][0], json!(["source_admin"]));
    put("source/b").ok(200);
    app.put(&path, &acme.token, &json!({"name": "New", "parent": "source/a"})).ok(200);
}

#[test]
fn a_bad_resource_is_refused_with_its_place() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    app.resource(&acme, "space/one", &json!({}));
    for (path, body, code, place) in [
        ("source/new", json!({}), "required", "/name"),
        ("source/new", json!({"name": ""}), "invalid_name", "/name"),
        ("source/new", json!({"name": "x", "labels": {"team": "a b"}}), "invalid_label", "/labels"),
        ("source/new", json!({"name": "x", "labels": {"": "a"}}), "invalid_label", "/labels"),
        ("source/new", json!({"name": "x", "labels": {"team": 1}}), "invalid_type", "/labels/team"),
        ("function/new", json!({"name": "x", "labels": {"team": "a"}}), "labels_not_allowed", "/labels"),
        ("source/new", json!({"name": "x", "parent": "source/abc"}), "parent_not_allowed", "/parent"),
        ("destination/new", json!({"name": "x"}), "parent_required", "/parent"),
        ("destination/new", json!({"name": "x", "parent": "space/one"}), "parent_not_allowed", "/parent"),
        ("destination/new", json!({"name": "x", "parent": "nonsense"}), "invalid_resource", "/parent"),
        ("destination/new", json!({"name": "x", "parent": "source/none"}), "unknown_resource", "/parent"),
    ] {
        let put = || app.put(&acme.path(&format!("resources/{path}")), &acme.token, &body);
        app.unchanged(put).invalid(code, place);
    }
    for path in ["source/a%20b", "source/%C3%A9", &format!("source/{}", "x".repeat(129)), "audience/a", "source/%2A"] {
        let put = || app.put(&acme.path(&format!("resources/{path}")), &acme.token, &json!({"name": "x"}));
        app.unchanged(put).problem(404, "not_found");
    }
    app.put(&acme.path(&format!("resources/source/{}", "x".repeat(128))), &acme.token, &json!({"name": "x"})).ok(201);
}

#[test]
fn a_change_keeps_who_made_it_and_when() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, cookie) = app.member(&acme, "ann@example.com", &["workspace_member", "source_admin"]);
    let path = acme.path("resources/source/abc");
    let made = app.as_person("PUT", &path, &cookie, &json!({"name": "Web"})).ok(201);
    app.pass(1);
    let changed = app.put(&path, &acme.token, &json!({"name": "Web 2"})).ok(200);
    assert_eq!((&made["created_by"], &changed["created_by"]), (&json!(ann), &json!(ann)));
    assert_eq!((&changed["created_at"], &changed["name"]), (&made["created_at"], &json!("Web 2")));
    let expected = ("source/abc", "source", "abc");
    let got = ["resource", "type", "id"].map(|member| text(&made[member]));
    assert_eq!((got[0].as_str(), got[1].as_str(), got[2].as_str()), expected);
}

#[test]
fn a_deletion_ends_the_grants_of_everyone_for_good() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    app.resource(&acme, "destination/ads", &json!({"parent": "source/abc"}));
    let on = "source_admin@source/abc";
    let (ann, _) = app.member(&acme, "ann@example.com", &["workspace_member", on, "source_admin"]);
    app.invite(&acme, "ben@example.com", &["workspace_member", "source_admin@destination/ads"]);
    app.token(&acme, &json!({"name": "ci", "grants": [on]}));
    app.post(&acme.path("groups"), &acme.token, &json!({"name": "Web", "grants": [on]})).ok(201);
    app.delete(&acme.path("resources/source/abc"), &acme.token).ok(204);
    assert_eq!(app.count("SELECT count(*) FROM grants WHERE scope <> ''"), 0);
    let told = "SELECT json_array_length(before, '$.grants_ended') FROM audit_events WHERE type = 'resource.deleted'";
    assert_eq!(app.count(told), 4);
    app.resource(&acme, "source/abc", &json!({}));
    assert_eq!(app.get(&acme.member(&ann), &acme.token).ok(200)["grants"].as_array().unwrap().len(), 2);
    app.get(&acme.path("resources/destination/ads"), &acme.token).problem(404, "not_found");
}
