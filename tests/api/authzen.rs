//! AuthZEN: the standard's own examples, and the same decisions as a check's.

use http::Request;
use serde_json::{Value, json};

use crate::support::{Answer, App, BOOTSTRAP, Tenant, text};

/// Requests and responses as the standard prints them.
const EXAMPLES: &str = include_str!("authzen.json");

/// A workspace in which the examples come out as printed, once their names are translated: bob reads 123 and 456.
pub(crate) fn filled() -> (App, Tenant, [String; 2]) {
    let app = App::new();
    let acme = app.tenant("acme");
    for id in ["1", "2", "3", "123", "456", "boxcarring.md", "subject-search.md", "resource-search.md"] {
        app.resource(&acme, &format!("source/{id}"), &json!({}));
    }
    app.resource(&acme, "destination/ads", &json!({"parent": "source/123"}));
    let reads =
        |ids: &[&str]| -> Vec<String> { ids.iter().map(|id| format!("source_read_only@source/{id}")).collect() };
    let member = |email: &str, ids: &[&str]| {
        let grants = [vec!["workspace_member".to_owned()], reads(ids)].concat();
        app.member(&acme, email, &grants.iter().map(String::as_str).collect::<Vec<_>>()).0
    };
    let alice = member("alice@acmecorp.com", &["1", "3", "123", "boxcarring.md"]);
    let bob = member("bob@acmecorp.com", &["123", "456"]);
    (app, acme, [alice, bob])
}

pub(crate) fn ask(app: &App, token: &str, path: &str, body: &Value) -> Answer {
    app.unchanged(|| app.post(&format!("/access/v1/{path}"), token, body))
}

fn examples() -> Vec<(String, String, Value, Value)> {
    let list: Vec<Value> = serde_json::from_str(EXAMPLES).unwrap();
    let example = |it: &Value| (text(&it["name"]), text(&it["path"]), it["request"].clone(), it["response"].clone());
    list.iter().map(example).collect()
}

/// The examples speak of documents and accounts; here they are sources.
fn translated(value: &Value) -> Value {
    let words = [("can_read", "source:view"), ("can_edit", "source:edit"), ("read", "source:view")];
    let text = words.iter().fold(value.to_string(), |text, (theirs, ours)| {
        text.replace(&format!("\"name\":\"{theirs}\""), &format!("\"name\":\"{ours}\""))
    });
    let text = text.replace("\"account\"", "\"source\"").replace("\"document\"", "\"source\"");
    serde_json::from_str(&text).unwrap()
}

/// Asserts that an answer has each member that the standard prints, of the same type.
fn assert_shape(printed: &Value, ours: &Value, name: &str) {
    match (printed, ours) {
        (Value::Object(printed), Value::Object(ours)) => {
            for (key, value) in printed {
                assert_shape(value, ours.get(key).unwrap_or(&Value::Null), &format!("{name}: {key}"));
            }
        }
        (Value::Array(printed), Value::Array(ours)) => {
            ours.iter().for_each(|ours| assert_shape(&printed[0], ours, name));
        }
        _ => assert_eq!(std::mem::discriminant(printed), std::mem::discriminant(ours), "{name}: {ours}"),
    }
}

#[test]
fn the_examples_of_the_standard_are_answered_in_its_shape() {
    let (app, acme, _) = filled();
    for (name, path, request, response) in examples() {
        let answer = ask(&app, &acme.token, &path, &request);
        assert_eq!(answer.headers["content-type"], "application/json");
        assert_shape(&response, &answer.ok(200), &name);
    }
}

#[test]
fn the_examples_come_out_as_printed_once_their_names_are_ours() {
    let (app, acme, [alice, bob]) = filled();
    for (name, path, request, response) in examples() {
        let ours = ask(&app, &acme.token, &path, &translated(&request)).ok(200);
        let bare = |decision: &Value| json!({"decision": decision["decision"]});
        match path.as_str() {
            "evaluation" => assert_eq!(bare(&ours), response, "{name}"),
            "evaluations" => {
                let decisions: Vec<Value> = ours["evaluations"].as_array().unwrap().iter().map(bare).collect();
                assert_eq!(json!(decisions), response["evaluations"], "{name}");
            }
            "search/subject" => {
                let mut ids = [acme.owner.clone(), alice.clone(), bob.clone()];
                ids.sort();
                let users: Vec<Value> = ids.iter().map(|id| json!({"type": "user", "id": id})).collect();
                assert_eq!(ours["results"], json!(users), "{name}");
            }
            _ => assert_eq!(ours["results"], translated(&response)["results"], "{name}"),
        }
    }
}

#[test]
fn a_decision_carries_the_reasons_of_a_check() {
    let (app, acme, [alice, _]) = filled();
    app.member(&acme, "carl@example.com", &["workspace_member", "warehouse_admin"]);
    app.bill(&acme, &json!({"plan": "team"}));
    for (member, action, kind, id) in [
        (alice.as_str(), "source:view", "source", "123"),
        (&alice, "destination:view", "destination", "ads"),
        (&alice, "source:edit", "source", "123"),
        (&alice, "source:view", "source", "none"),
        ("alice@acmecorp.com", "source:view", "source", "*"),
        ("nobody@example.com", "source:view", "source", "123"),
        ("carl@example.com", "warehouse:view", "warehouse", "*"),
        (&acme.owner, "source:delete", "source", "1"),
    ] {
        let body = json!({"member": member, "action": action, "resource": format!("{kind}/{id}")});
        let check = app.post(&acme.path("check"), &acme.token, &body).ok(200);
        let body = json!({"subject": {"type": "user", "id": member}, "action": {"name": action}, "resource": {"type": kind, "id": id}});
        let ours = ask(&app, &acme.token, "evaluation", &body).ok(200);
        let reason = &ours["context"]["reason"];
        assert_eq!(ours["decision"], check["allowed"], "{body}");
        assert_eq!((&reason["because"], &reason["missing"]), (&check["because"], &check["missing"]), "{body}");
        assert_eq!(reason.get("unknown"), check.get("reason"), "{body}");
        let sleeping = check["dormant"].as_array().filter(|list| !list.is_empty());
        assert_eq!(reason.get("dormant").and_then(Value::as_array), sleeping, "{body}");
    }
}

#[test]
fn the_workspace_is_a_resource_by_its_id_or_slug() {
    let (app, acme, [alice, _]) = filled();
    let other = app.tenant("other");
    let may = |id: &str, action: &str| {
        let body = json!({"subject": {"type": "user", "id": alice}, "action": {"name": action}, "resource": {"type": "workspace", "id": id}});
        ask(&app, &acme.token, "evaluation", &body).ok(200)
    };
    for own in [acme.id.as_str(), "acme"] {
        assert_eq!(may(own, "workspace:view")["decision"], true);
        assert_eq!(may(own, "member:invite")["context"]["reason"]["missing"], json!([["workspace_owner"]]));
    }
    for foreign in [other.id.as_str(), "other", "", "*"] {
        let answer = may(foreign, "workspace:view");
        assert_eq!(
            (&answer["decision"], &answer["context"]["reason"]["unknown"]),
            (&json!(false), &json!("unknown_resource"))
        );
    }
    let body = json!({"subject": {"type": "user", "id": alice}, "action": {"name": "workspace:view"}, "resource": {"type": "workspace"}});
    let found = ask(&app, &acme.token, "search/resource", &body).ok(200);
    assert_eq!(found["results"], json!([{"type": "workspace", "id": acme.id}]));
}

#[test]
fn what_means_nothing_here_is_denied_and_found_nowhere() {
    let (app, acme, [alice, _]) = filled();
    let body = |kind: &str, action: &str, resource: (&str, &str)| json!({"subject": {"type": kind, "id": alice}, "action": {"name": action}, "resource": {"type": resource.0, "id": resource.1}});
    for (body, unknown) in [
        (body("user", "read", ("source", "123")), "unknown_action"),
        (body("user", "source:view", ("record", "123")), "unknown_resource"),
        (body("user", "source:view", ("source", "a b")), "unknown_resource"),
        (body("user", "source:view", ("space", "123")), "action_resource_mismatch"),
        (body("robot", "source:view", ("source", "123")), "unknown_member"),
    ] {
        let answer = ask(&app, &acme.token, "evaluation", &body).ok(200);
        assert_eq!(
            (&answer["decision"], &answer["context"]["reason"]["unknown"]),
            (&json!(false), &json!(unknown)),
            "{body}"
        );
        let searches =
            if unknown == "unknown_member" { &["subject", "resource", "action"][..] } else { &["subject"][..] };
        for search in searches {
            let found = ask(&app, &acme.token, &format!("search/{search}"), &body).ok(200);
            assert_eq!((&found["results"], &found["page"]["next_token"]), (&json!([]), &json!("")), "{search}: {body}");
        }
    }
}

#[test]
fn a_malformed_request_is_a_400() {
    let (app, acme, _) = filled();
    let whole = json!({"subject": {"type": "user", "id": "me"}, "action": {"name": "source:view"}, "resource": {"type": "source", "id": "1"}});
    let without = |pointer: &str| {
        let mut body = whole.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
        body
    };
    let needed = [
        (
            "evaluation",
            &[
                "/subject",
                "/subject/type",
                "/subject/id",
                "/action",
                "/action/name",
                "/resource",
                "/resource/type",
                "/resource/id",
            ][..],
        ),
        ("evaluations", &["/subject", "/action/name", "/resource/id"]),
        (
            "search/subject",
            &["/subject", "/subject/type", "/action", "/action/name", "/resource", "/resource/type", "/resource/id"],
        ),
        (
            "search/resource",
            &["/subject", "/subject/type", "/subject/id", "/action", "/action/name", "/resource", "/resource/type"],
        ),
        ("search/action", &["/subject", "/subject/type", "/subject/id", "/resource", "/resource/type", "/resource/id"]),
    ];
    for (path, pointers) in needed {
        ask(&app, &acme.token, path, &whole).ok(200);
        for pointer in pointers {
            let refused = ask(&app, &acme.token, path, &without(pointer)).problem(400, "validation_failed");
            assert_eq!(refused["errors"][0]["path"], *pointer, "{path}");
        }
        for (member, wrong) in [("subject", json!("alice")), ("subject", json!(["user", "me"])), ("context", json!(1))]
        {
            let mut body = whole.clone();
            body[member] = wrong;
            ask(&app, &acme.token, path, &body).problem(400, "validation_failed");
        }
        let raw = |kind: &str, body: &str| {
            let builder = Request::builder().method("POST").uri(format!("/access/v1/{path}"));
            let builder =
                builder.header("authorization", format!("Bearer {}", acme.token)).header("content-type", kind);
            app.send(builder.body(body.as_bytes().to_vec()).unwrap())
        };
        raw("application/json", "{").problem(400, "invalid_json");
        raw("application/json", "").problem(400, "invalid_json");
        raw("text/plain", &whole.to_string()).problem(400, "unsupported_media_type");
    }
    let mut body = whole.clone();
    body["options"] = json!({"evaluations_semantic": "sometimes"});
    ask(&app, &acme.token, "evaluations", &body).problem(400, "validation_failed");
    body["options"] = Value::Null;
    body["evaluations"] = json!(vec![json!({}); 1_001]);
    ask(&app, &acme.token, "evaluations", &body).problem(400, "validation_failed");
}

#[test]
fn members_that_the_standard_may_add_are_ignored() {
    let (app, acme, [alice, _]) = filled();
    let properties = json!({"a": {"b": [1]}});
    let body = json!({
        "subject": {"type": "user", "id": alice, "properties": properties, "more": 1},
        "action": {"name": "source:view", "properties": properties, "more": 1},
        "resource": {"type": "source", "id": "123", "properties": properties, "more": 1},
        "context": properties, "futureField": {"nested": true},
    });
    assert_eq!(ask(&app, &acme.token, "evaluation", &body).ok(200)["decision"], true);
}

#[test]
fn one_of_several_that_is_incomplete_is_denied_alone() {
    let (app, acme, [alice, _]) = filled();
    let body = json!({
        "subject": {"type": "user", "id": alice}, "action": {"name": "source:view"}, "resource": {"type": "source"},
        "evaluations": [{"resource": {"id": "123"}}, {}, {"subject": {"id": "bob@acmecorp.com"}, "resource": {"type": "source", "id": "456"}}],
    });
    let answer = ask(&app, &acme.token, "evaluations", &body).ok(200);
    let decisions: Vec<&Value> = answer["evaluations"].as_array().unwrap().iter().map(|it| &it["decision"]).collect();
    assert_eq!(decisions, [true, false, true]);
    let error = json!({"status": 400, "message": "`resource.id` is missing"});
    assert_eq!(answer["evaluations"][1]["context"]["error"], error);
    let mut alone = body.clone();
    alone["resource"]["id"] = json!("123");
    alone["evaluations"] = json!([]);
    assert_eq!(ask(&app, &acme.token, "evaluations", &alone).ok(200)["decision"], true);
}

#[test]
fn the_token_names_the_workspace_and_has_the_rights_of_a_check() {
    let (app, acme, [alice, _]) = filled();
    let other = app.tenant("other");
    let question = |who: &str| json!({"subject": {"type": "user", "id": who}, "action": {"name": "source:view"}, "resource": {"type": "source", "id": "123"}});
    let theirs = ask(&app, &other.token, "evaluation", &question(&alice)).ok(200);
    let unknown = &theirs["context"]["reason"]["unknown"];
    assert_eq!((&theirs["decision"], unknown), (&json!(false), &json!("unknown_member")));
    let blind = app.token(&acme, &json!({"name": "ci", "grants": ["source_read_only@source/123"]}));
    let seeing = app.token(&acme, &json!({"name": "pep", "actions": ["member:view"]}));
    let (_, cookie) = app.member(&acme, "carl@example.com", &["workspace_owner"]);
    for path in ["evaluation", "evaluations", "search/subject", "search/resource", "search/action"] {
        ask(&app, &seeing, path, &question(&alice)).ok(200);
        ask(&app, &blind, path, &question(&alice)).problem(403, "forbidden");
        ask(&app, "", path, &question(&alice)).problem(401, "unauthenticated");
        ask(&app, BOOTSTRAP, path, &question(&alice)).problem(401, "unauthenticated");
        let path = format!("/access/v1/{path}");
        app.as_person("POST", &path, &cookie, &question(&alice)).problem(401, "unauthenticated");
    }
    assert_eq!(ask(&app, &blind, "evaluation", &question("me")).ok(200)["decision"], true);
}

#[test]
fn the_id_of_a_request_comes_back() {
    let (app, acme, [alice, _]) = filled();
    let send = |path: &str, token: &str, id: &str| {
        let body = json!({"subject": {"type": "user", "id": alice}, "action": {"name": "source:view"}, "resource": {"type": "source", "id": "123"}, "member": "me"});
        let builder = Request::builder().method("POST").uri(path).header("content-type", "application/json");
        let builder = builder.header("authorization", format!("Bearer {token}")).header("x-request-id", id);
        app.send(builder.body(body.to_string().into_bytes()).unwrap())
    };
    let id = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716";
    for path in ["evaluation", "evaluations", "search/subject", "search/resource", "search/action"] {
        let path = format!("/access/v1/{path}");
        assert_eq!(send(&path, &acme.token, id).header("x-request-id"), id);
        let refused = send(&path, "x", id);
        assert_eq!(refused.header("x-request-id"), id);
        assert_eq!(refused.problem(401, "unauthenticated")["request_id"], id);
        assert!(send(&path, &acme.token, "").header("x-request-id").starts_with("req_"));
    }
    // Elsewhere an id stands in the audit log: nobody chooses theirs.
    assert!(send(&acme.path("check"), &acme.token, id).header("x-request-id").starts_with("req_"));
}

#[test]
fn the_configuration_says_where_everything_is() {
    let app = App::new();
    let answer = app.get("/.well-known/authzen-configuration", "");
    assert_eq!(answer.header("cache-control"), "public, max-age=3600");
    let at = |path: &str| format!("https://app.example/access/v1/{path}");
    let meant = json!({
        "policy_decision_point": "https://app.example",
        "access_evaluation_endpoint": at("evaluation"),
        "access_evaluations_endpoint": at("evaluations"),
        "search_subject_endpoint": at("search/subject"),
        "search_resource_endpoint": at("search/resource"),
        "search_action_endpoint": at("search/action"),
    });
    assert_eq!(answer.ok(200), meant);
}
