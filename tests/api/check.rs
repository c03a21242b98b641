//! Checks: who may ask, what is answered, and what can't be asked.

use serde_json::{Value, json};

use crate::support::{App, Tenant, text};

const MEMBER: &[&str] = &["workspace_member"];

/// A workspace with a source, its destination, a space, and ann, who may see the source.
fn filled() -> (App, Tenant, String, String) {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({"labels": {"team": "a"}}));
    app.resource(&acme, "destination/ads", &json!({"parent": "source/abc"}));
    app.resource(&acme, "space/one", &json!({}));
    let (ann, cookie) = app.member(&acme, "ann@example.com", &["workspace_member", "source_read_only@source/abc"]);
    (app, acme, ann, cookie)
}

fn ask(app: &App, acme: &Tenant, member: &str, action: &str, resource: &str) -> Value {
    let mut body = json!({"member": member, "action": action});
    if !resource.is_empty() {
        body["resource"] = json!(resource);
    }
    app.unchanged(|| app.post(&acme.path("check"), &acme.token, &body)).ok(200)
}

#[test]
fn an_allowed_check_names_each_grant_that_allows() {
    let (app, acme, ann, _) = filled();
    let body = json!({"name": "Web", "grants": ["source_admin@{team:a}"]});
    let group = app.post(&acme.path("groups"), &acme.token, &body).ok(201);
    let join = acme.path(&format!("groups/{}/members", text(&group["id"])));
    app.post(&join, &acme.token, &json!({"members": [ann]})).ok(200);
    let answer = ask(&app, &acme, &ann, "destination:view", "destination/ads");
    assert_eq!((&answer["allowed"], &answer["missing"], &answer["dormant"]), (&json!(true), &json!([]), &json!([])));
    assert_eq!(answer["because"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&answer["because"][0]["grant"], &answer["because"][0]["via"]),
        (&json!("source_read_only@source/abc"), &json!("direct"))
    );
    assert_eq!(answer["because"][1]["via"]["group"], json!({"id": group["id"], "name": "Web"}));
    assert_eq!(answer["version"], app.count("SELECT version FROM workspaces"));
}

#[test]
fn a_denied_check_names_what_is_missing_the_narrowest_first() {
    let (app, acme, ann, _) = filled();
    let answer = ask(&app, &acme, &ann, "source:edit", "source/abc");
    assert_eq!((&answer["allowed"], &answer["because"]), (&json!(false), &json!([])));
    let missing = [["source_admin@source/abc"], ["source_admin@{team:a}"], ["source_admin"], ["workspace_owner"]];
    assert_eq!(answer["missing"], json!(missing));
    let first = text(&answer["missing"][0][0]);
    app.post(&format!("{}/grants", acme.member(&ann)), &acme.token, &json!({"grants": [first]})).ok(200);
    assert_eq!(ask(&app, &acme, &ann, "source:edit", "source/abc")["allowed"], true);
}

#[test]
fn pii_takes_two_grants_together() {
    let (app, acme, ann, _) = filled();
    let (ben, _) = app.member(&acme, "ben@example.com", MEMBER);
    let pii = |member: &str| ask(&app, &acme, member, "pii:view", "source/abc");
    assert_eq!(pii(&ann)["missing"][0], json!(["pii_access@source/abc"]));
    assert_eq!(pii(&ben)["missing"][0], json!(["pii_access@source/abc", "source_read_only@source/abc"]));
    for (member, allowed) in [(&ann, true), (&ben, false)] {
        let grants = json!({"grants": ["pii_access@source/abc"]});
        app.post(&format!("{}/grants", acme.member(member)), &acme.token, &grants).ok(200);
        assert_eq!(pii(member)["allowed"], allowed);
    }
}

#[test]
fn a_question_without_a_resource_is_about_the_whole() {
    let (app, acme, ann, _) = filled();
    assert_eq!(ask(&app, &acme, &ann, "source:view", "")["allowed"], false);
    assert_eq!(ask(&app, &acme, &ann, "source:view", "source/*")["allowed"], false);
    assert_eq!(ask(&app, &acme, &ann, "workspace:view", "")["allowed"], true);
    let (ben, _) = app.member(&acme, "ben@example.com", &["workspace_member", "source_read_only"]);
    for resource in ["", "source/*", "source/abc"] {
        assert_eq!(ask(&app, &acme, &ben, "source:view", resource)["allowed"], true, "{resource}");
    }
    assert_eq!(ask(&app, &acme, &ben, "source:create", "")["allowed"], false);
    assert_eq!(ask(&app, &acme, &acme.owner, "source:create", "")["allowed"], true);
}

#[test]
fn a_member_goes_by_id_or_by_address_in_any_case() {
    let (app, acme, ann, _) = filled();
    for member in [ann.as_str(), "ann@example.com", "ANN@Example.COM"] {
        assert_eq!(ask(&app, &acme, member, "source:view", "source/abc")["allowed"], true, "{member}");
    }
}

#[test]
fn what_is_not_there_is_simply_not_allowed() {
    let (app, acme, ann, _) = filled();
    let other = app.tenant("other");
    app.resource(&other, "source/theirs", &json!({}));
    app.invite(&acme, "invited@example.com", &["workspace_owner"]);
    for member in ["nobody@example.com", "acc_00000000000000000000000000", &other.owner, "invited@example.com", ""] {
        let answer = ask(&app, &acme, member, "source:view", "source/abc");
        assert_eq!((&answer["allowed"], &answer["reason"]), (&json!(false), &json!("unknown_member")), "{member}");
    }
    for member in [&ann, &acme.owner] {
        for resource in ["source/none", "source/theirs"] {
            let answer = ask(&app, &acme, member, "source:view", resource);
            assert_eq!((&answer["allowed"], &answer["reason"]), (&json!(false), &json!("unknown_resource")));
        }
    }
    assert_eq!(ask(&app, &acme, &ann, "source:view", "source/abc").get("reason"), None);
}

#[test]
fn what_can_not_be_asked_is_refused_with_its_place() {
    let (app, acme, ann, _) = filled();
    for (action, resource, code, path) in [
        ("source:fly", "source/abc", "unknown_action", "/action"),
        ("", "source/abc", "unknown_action", "/action"),
        ("source:view", "sauce/abc", "invalid_resource", "/resource"),
        ("source:view", "source", "invalid_resource", "/resource"),
        ("source:view", "source/a b", "invalid_resource", "/resource"),
        ("source:view", "space/one", "action_resource_mismatch", "/resource"),
        ("audience:edit", "source/abc", "action_resource_mismatch", "/resource"),
        ("member:view", "source/abc", "action_resource_mismatch", "/resource"),
        ("source:create", "source/abc", "action_resource_mismatch", "/resource"),
        ("space:create", "space/one", "action_resource_mismatch", "/resource"),
    ] {
        let body = json!({"member": ann, "action": action, "resource": resource});
        let answer = app.unchanged(|| app.post(&acme.path("check"), &acme.token, &body));
        let shared = if code == "action_resource_mismatch" { code } else { "validation_failed" };
        assert_eq!(answer.clone().problem(422, shared)["errors"].as_array().unwrap().len(), 1);
        answer.invalid(code, path);
        let batch = json!({"checks": [{"member": "me", "action": "source:view"}, body]});
        let answer = app.unchanged(|| app.post(&acme.path("check/batch"), &acme.token, &batch));
        answer.invalid(code, &format!("/checks/1{path}"));
    }
}

#[test]
fn inside_a_space_its_admin_creates() {
    let (app, acme, _, _) = filled();
    let (eve, _) = app.member(&acme, "eve@example.com", &["workspace_member", "engage_admin@space/one"]);
    assert_eq!(ask(&app, &acme, &eve, "audience:create", "space/one")["allowed"], true);
    assert_eq!(ask(&app, &acme, &eve, "audience:edit", "space/one")["allowed"], true);
    assert_eq!(ask(&app, &acme, &eve, "space:create", "")["allowed"], false);
    assert_eq!(ask(&app, &acme, &eve, "audience:create", "")["allowed"], false);
}

#[test]
fn everyone_asks_about_themselves_and_only_some_about_others() {
    let (app, acme, ann, cookie) = filled();
    let (ben, _) = app.member(&acme, "ben@example.com", MEMBER);
    let as_ann = |member: &str| {
        let body = json!({"member": member, "action": "source:view", "resource": "source/abc"});
        let batch = json!({"checks": [{"member": "me", "action": "workspace:view"}, body]});
        let batch = app.as_person("POST", &acme.path("check/batch"), &cookie, &batch);
        let one = app.as_person("POST", &acme.path("check"), &cookie, &body);
        assert_eq!(one.status, batch.status, "{member}");
        one
    };
    for own in ["me", ann.as_str(), "ann@example.com", "Ann@Example.com"] {
        assert_eq!(as_ann(own).ok(200)["allowed"], true, "{own}");
    }
    for other in [ben.as_str(), "ben@example.com", "nobody@example.com", "acc_00000000000000000000000000"] {
        assert_eq!(as_ann(other).problem(403, "forbidden")["missing"], json!([["workspace_owner"]]));
    }
}

#[test]
fn a_token_asks_about_itself_as_me() {
    let (app, acme, _, _) = filled();
    let token =
        app.token(&acme, &json!({"name": "ci", "grants": ["source_admin@source/abc"], "actions": ["audit:view"]}));
    for (action, resource, allowed) in [
        ("source:edit", json!("source/abc"), true),
        ("source:create", Value::Null, false),
        ("audit:view", Value::Null, true),
        ("member:view", Value::Null, false),
    ] {
        let body = json!({"member": "me", "action": action, "resource": resource});
        assert_eq!(app.post(&acme.path("check"), &token, &body).ok(200)["allowed"], allowed, "{action}");
    }
    let other = json!({"member": acme.owner, "action": "source:view"});
    app.post(&acme.path("check"), &token, &other).problem(403, "forbidden");
}

#[test]
fn a_batch_answers_in_the_order_of_its_questions_at_one_version() {
    let (app, acme, ann, _) = filled();
    let one =
        |member: &str, action: &str, resource: &str| json!({"member": member, "action": action, "resource": resource});
    let checks = json!([
        one(&ann, "source:view", "source/abc"),
        one(&ann, "source:edit", "source/abc"),
        one("nobody@example.com", "source:view", "source/abc"),
        one("me", "source:edit", "source/*"),
        one("ann@example.com", "destination:view", "destination/ads"),
        one(&ann, "source:view", "source/none"),
    ]);
    let batch = |explain: bool| {
        app.post(&acme.path("check/batch"), &acme.token, &json!({"checks": checks, "explain": explain})).ok(200)
    };
    let short = batch(false);
    let allowed = [true, false, false, true, true, false].map(|allowed| json!({"allowed": allowed}));
    assert_eq!(
        (&short["results"], &short["version"]),
        (&json!(allowed), &json!(app.count("SELECT version FROM workspaces")))
    );
    let long = batch(true);
    for (index, check) in checks.as_array().unwrap().iter().enumerate() {
        let mut single = app.post(&acme.path("check"), &acme.token, check).ok(200);
        single.as_object_mut().unwrap().remove("version");
        assert_eq!(long["results"][index], single);
    }
}

#[test]
fn a_batch_holds_at_most_a_thousand() {
    let (app, acme, ann, _) = filled();
    let batch = |size: usize| {
        let checks = vec![json!({"member": ann, "action": "source:view", "resource": "source/abc"}); size];
        app.post(&acme.path("check/batch"), &acme.token, &json!({"checks": checks}))
    };
    assert_eq!(batch(1_000).ok(200)["results"].as_array().unwrap().len(), 1_000);
    batch(1_001).invalid("out_of_range", "/checks");
    assert_eq!(batch(0).ok(200)["results"], json!([]));
}

#[test]
fn a_check_sees_a_change_in_the_next_request() {
    let (app, acme, ann, _) = filled();
    let view = || ask(&app, &acme, &ann, "source:view", "source/abc")["allowed"].clone();
    app.put(&format!("{}/grants", acme.member(&ann)), &acme.token, &json!({"grants": MEMBER})).ok(200);
    assert_eq!(view(), false);
    app.post(&format!("{}/grants", acme.member(&ann)), &acme.token, &json!({"grants": ["source_admin"]})).ok(200);
    assert_eq!(view(), true);
    app.delete(&acme.path("resources/source/abc"), &acme.token).ok(204);
    assert_eq!(view(), false);
}
