//! Previews and dry runs: who may ask, what is refused, and what the removal of a member leaves behind.

use serde_json::{Value, json};

use crate::support::{App, BOOTSTRAP, Tenant, text};

fn preview(app: &App, acme: &Tenant, token: &str, change: &Value) -> Value {
    app.unchanged(|| app.post(&acme.path("preview"), token, &json!({"changes": [change]}))).ok(200)
}

fn codes(answer: &Value) -> Vec<String> {
    answer["problems"].as_array().unwrap().iter().map(|problem| text(&problem["code"])).collect()
}

#[test]
fn a_grant_is_told_with_its_actions_and_nothing_is_written() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    let (ann, _) = app.member(&acme, "ann@example.com", &["workspace_member"]);
    let told = preview(&app, &acme, &acme.token, &json!({"grant": "source_admin@source/abc", "to": ann}));
    let actions = json!(["source:view", "source:edit", "source:delete"]);
    assert_eq!(told["changes"]["gained"], json!([{"member": ann, "actions": actions, "resource": "source/abc"}]));
    assert_eq!(
        (&told["changes"]["lost"], &told["problems"], &told["complete"]),
        (&json!([]), &json!([]), &json!(true))
    );
    let version = app.get(&acme.root(), &acme.token).ok(200)["version"].clone();
    assert_eq!(told["version"], version);
}

#[test]
fn changes_apply_in_order_and_a_refused_one_is_left_out() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, _) = app.member(&acme, "ann@example.com", &["workspace_member"]);
    let changes = json!({"changes": [
        {"set_grants": ["workspace_member"], "member": acme.owner},
        {"grant": "workspace_owner", "to": ann},
        {"set_grants": ["workspace_member"], "member": acme.owner},
        {"invite": "ben@example.com", "grants": ["workspace_member", "source_read_only"]},
    ]});
    let told = app.unchanged(|| app.post(&acme.path("preview"), &acme.token, &changes)).ok(200);
    assert_eq!(codes(&told), ["last_owner"]);
    assert_eq!(told["problems"][0]["change"], 0);
    let gained = told["changes"]["gained"].as_array().unwrap();
    let view = json!({"member": "ben@example.com", "actions": ["source:view"], "resource": "source/*"});
    assert!(gained.contains(&view), "{gained:?}");
    assert!(told["changes"]["lost"].as_array().unwrap().iter().all(|row| row["member"] == *acme.owner));
}

#[test]
fn a_change_that_cannot_be_read_is_named_at_its_place() {
    let app = App::new();
    let acme = app.tenant("acme");
    let ask = |change: Value| app.post(&acme.path("preview"), &acme.token, &json!({"changes": [change]}));
    ask(json!({})).invalid("invalid_change", "/changes/0");
    ask(json!({"grant": "source_admin", "to": "x", "revoke": "y"})).invalid("invalid_change", "/changes/0");
    ask(json!({"grant": "source_admin"})).invalid("required", "/changes/0/to");
    ask(json!({"grant": "sauce_admin", "to": acme.owner})).invalid("unknown_role", "/changes/0/grant");
    ask(json!({"grant": "source_admin", "to": "nobody"})).invalid("invalid_id", "/changes/0/to");
    ask(json!({"set_plan": "gold"})).invalid("invalid_plan", "/changes/0/set_plan");
    ask(json!({"set_plan": "free", "add_ons": ["x"]})).invalid("invalid_add_on", "/changes/0/add_ons");
    ask(json!({"set_labels": {"a b": "c"}, "resource": "source/a"})).invalid("invalid_label", "/changes/0/set_labels");
    ask(json!({"remove_member": acme.owner, "group": "g"})).invalid("unknown_field", "/changes/0/group");
    ask(json!({"invite": "no address", "grants": []})).invalid("invalid_email", "/changes/0/invite");
    ask(json!({"remove": acme.owner})).problem(422, "unknown_field");
    let many: Vec<Value> = (0..101).map(|_| json!({"remove_member": acme.owner})).collect();
    app.post(&acme.path("preview"), &acme.token, &json!({"changes": many})).invalid("out_of_range", "/changes");
}

#[test]
fn who_may_not_make_a_change_may_not_preview_it() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    let (ann, cookie) = app.member(&acme, "ann@example.com", &["workspace_member"]);
    let group = app.post(&acme.path("groups"), &acme.token, &json!({"name": "Web"})).ok(201);
    for change in [
        json!({"grant": "source_admin", "to": ann}),
        json!({"revoke": "source_admin", "from": group["id"]}),
        json!({"set_grants": ["workspace_member"], "member": ann}),
        json!({"remove_member": ann}),
        json!({"invite": "x@example.com", "grants": ["workspace_member"]}),
        json!({"add_to_group": group["id"], "member": ann}),
        json!({"remove_from_group": group["id"], "member": ann}),
        json!({"set_group_grants": [], "group": group["id"]}),
        json!({"set_plan": "free"}),
        json!({"set_labels": {}, "resource": "source/abc"}),
    ] {
        let body = json!({"changes": [change]});
        let refusal = app.as_person("POST", &acme.path("preview"), &cookie, &body).problem(403, "forbidden");
        assert_eq!(refusal["missing"][0].as_array().unwrap().len(), 1, "{change}: {refusal}");
        app.post(&acme.path("preview"), &acme.token, &body).ok(200);
    }
    let plan = json!({"changes": [{"set_plan": "free"}]});
    app.post(&acme.path("preview"), BOOTSTRAP, &plan).ok(200);
    let other = app.tenant("other");
    let hidden = app.post(&acme.path("preview"), &other.token, &plan);
    let random = app.post("/v1/workspaces/ws_00000000000000000000000000/preview", &other.token, &plan);
    assert_eq!(hidden.status, 404);
    assert_eq!(hidden.anonymous(), random.anonymous());
}

#[test]
fn the_ceiling_of_the_caller_holds_in_a_preview() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, _) = app.member(&acme, "ann@example.com", &["workspace_member"]);
    let clerk = app.token(&acme, &json!({"name": "clerk", "actions": ["member:edit"], "grants": ["source_read_only"]}));
    let told = preview(&app, &acme, &clerk, &json!({"grant": "source_admin", "to": ann}));
    assert_eq!(codes(&told), ["delegation_exceeded"]);
    assert!(text(&told["problems"][0]["detail"]).contains("source_admin"), "{told}");
    assert_eq!(codes(&preview(&app, &acme, &clerk, &json!({"grant": "source_read_only", "to": ann}))), [""; 0]);
}

#[test]
fn the_removal_of_a_member_tells_its_impact() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, cookie) = app.member(&acme, "ann@example.com", &["workspace_member", "source_admin"]);
    app.as_person("PUT", &acme.path("resources/source/hers"), &cookie, &json!({"name": "Hers"})).ok(201);
    app.post(
        &acme.path("members").replace("members", &format!("members/{ann}/grants")),
        &acme.token,
        &json!({"grants": ["workspace_owner"]}),
    )
    .ok(200);
    let token = json!({"name": "ci", "actions": ["member:view"]});
    let token = app.as_person("POST", &acme.path("tokens"), &cookie, &token).ok(201);

    let path = format!("{}?dry_run=true", acme.member(&ann));
    let told = app.unchanged(|| app.delete(&path, &acme.token)).ok(200);
    assert_eq!(told["problems"], json!([]));
    let impact = &told["impact"];
    assert_eq!(impact["stays"]["resources"], json!(["source/hers"]));
    assert_eq!(impact["stays"]["tokens"], json!([{"id": token["id"], "name": "ci"}]));
    assert_eq!((&impact["returns_by"], &impact["last_owner"]), (&Value::Null, &json!(false)));
    assert_eq!(impact["lost"], told["changes"]["lost"]);
    assert!(impact["lost"].as_array().unwrap().iter().any(|row| row["resource"] == "workspace"));

    app.delete(&acme.member(&ann), &acme.token).ok(204);
    app.get(&acme.path("resources/source/hers"), &acme.token).ok(200);
    app.get(&acme.path("members"), token["secret"].as_str().unwrap()).ok(200);

    app.sql("UPDATE scim_users SET document = '{}'").unwrap();
    app.sql("INSERT INTO scim_tokens (workspace_id, id, name, secret_hash, created_by, created_at) SELECT id, 'sct_1', 'x', 'x', 'x', 0 FROM workspaces").unwrap();
    let path = format!("{}?dry_run=true", acme.member(&acme.owner));
    let told = app.unchanged(|| app.delete(&path, &acme.token)).ok(200);
    assert_eq!(codes(&told), ["last_owner"]);
    assert_eq!((&told["impact"]["last_owner"], &told["impact"]["returns_by"]), (&json!(true), &json!("scim")));
    assert!(!told["impact"]["lost"].as_array().unwrap().is_empty(), "what would be lost is told all the same");
    assert_eq!(told["changes"]["lost"], json!([]));
}

#[test]
fn a_group_that_carries_the_only_owner_is_told_to_stay() {
    let app = App::new();
    let acme = app.tenant("acme");
    let group =
        app.post(&acme.path("groups"), &acme.token, &json!({"name": "Owners", "grants": ["workspace_owner"]})).ok(201);
    let path = acme.path(&format!("groups/{}", text(&group["id"])));
    app.post(&format!("{path}/members"), &acme.token, &json!({"members": [acme.owner]})).ok(200);
    app.put(&format!("{}/grants", acme.member(&acme.owner)), &acme.token, &json!({"grants": ["workspace_member"]}))
        .ok(200);
    for (method, path, body) in [
        ("DELETE", path.clone(), Value::Null),
        ("PUT", format!("{path}/grants"), json!({"grants": []})),
        ("DELETE", format!("{path}/members/{}", acme.owner), Value::Null),
        ("DELETE", acme.member(&acme.owner), Value::Null),
    ] {
        let told = app.unchanged(|| app.call(method, &format!("{path}?dry_run=true"), &acme.token, &body)).ok(200);
        assert_eq!(codes(&told), ["last_owner"], "{method} {path}");
        app.unchanged(|| app.call(method, &path, &acme.token, &body)).problem(409, "last_owner");
    }
}

#[test]
fn a_dry_run_tells_of_seats_names_and_addresses_that_are_taken() {
    let app = App::new();
    let acme = app.tenant_with("acme", &json!({"plan": "business", "seat_limit": 2}));
    let invite = |emails: &[&str]| {
        let invites: Vec<Value> =
            emails.iter().map(|email| json!({"email": email, "grants": ["workspace_member"]})).collect();
        let path = format!("{}?dry_run=true", acme.path("invites"));
        app.unchanged(|| app.post(&path, &acme.token, &json!({"invites": invites}))).ok(200)
    };
    assert_eq!(codes(&invite(&["a@example.com"])), [""; 0]);
    assert_eq!(codes(&invite(&["a@example.com", "b@example.com"])), ["seat_limit_reached"]);
    assert_eq!(
        codes(&invite(&["owner@acme.example", "a@example.com", "a@example.com"])),
        ["already_member", "already_invited"]
    );
    app.invite(&acme, "a@example.com", &["workspace_member"]);
    assert_eq!(codes(&invite(&["b@example.com"])), ["seat_limit_reached"]);
    app.pass(200);
    assert_eq!(codes(&invite(&["b@example.com"])), [""; 0], "an overdue invite frees its seat");

    app.post(&acme.path("groups"), &acme.token, &json!({"name": "Web"})).ok(201);
    let path = format!("{}?dry_run=true", acme.path("groups"));
    let told = app.unchanged(|| app.post(&path, &acme.token, &json!({"name": "Web"}))).ok(200);
    assert_eq!(codes(&told), ["name_taken"]);
}

#[test]
fn every_write_takes_a_dry_run_or_refuses_to_be_asked() {
    let app = App::new();
    let acme = app.tenant("acme");
    let nothing = json!({"gained": [], "lost": []});
    for (method, path, body) in [
        ("PATCH", acme.member(&acme.owner), json!({"name": "New"})),
        ("POST", acme.path("groups"), json!({"name": "New"})),
        ("POST", acme.path("labels"), json!({"key": "a", "value": "b"})),
        ("POST", acme.path("tokens"), json!({"name": "ci", "actions": ["member:view"]})),
        ("PATCH", acme.root(), json!({"name": "New"})),
        ("PUT", acme.path("resources/source/new"), json!({"name": "New"})),
        ("PUT", format!("{}/grants", acme.member(&acme.owner)), json!({"grants": ["workspace_owner"]})),
    ] {
        let told = app.unchanged(|| app.call(method, &format!("{path}?dry_run=true"), &acme.token, &body)).ok(200);
        assert_eq!((&told["changes"], &told["problems"]), (&nothing, &json!([])), "{method} {path}");
    }
    for (method, path, body) in [
        ("DELETE", acme.root(), Value::Null),
        ("POST", "/v1/workspaces".to_owned(), json!({})),
        ("POST", acme.path("check"), json!({"member": "me", "action": "source:view"})),
    ] {
        let ask = || app.call(method, &format!("{path}?dry_run=true"), &acme.token, &body);
        app.unchanged(ask).problem(400, "invalid_parameter");
    }
    let odd = format!("{}?dry_run=yes", acme.member(&acme.owner));
    app.unchanged(|| app.delete(&odd, &acme.token)).problem(400, "invalid_parameter");
    app.get(&format!("{}?dry_run=true", acme.root()), &acme.token).ok(200);
}

#[test]
fn a_dry_run_of_what_is_not_allowed_or_not_there_is_what_the_request_would_be() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, cookie) = app.member(&acme, "ann@example.com", &["workspace_member"]);
    let path = format!("{}?dry_run=true", acme.member(&ann));
    app.as_person("DELETE", &path, &cookie, &Value::Null).problem(403, "forbidden");
    let path = format!("{}?dry_run=true", acme.member("acc_00000000000000000000000000"));
    app.delete(&path, &acme.token).problem(404, "not_found");
    let path = format!("{}/grants?dry_run=true", acme.member(&ann));
    app.post(&path, &acme.token, &json!({"grants": ["sauce_admin"]})).invalid("unknown_role", "/grants/0");
}

#[test]
fn a_label_that_goes_takes_what_it_gave() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/web", &json!({"labels": {"env": "prod"}}));
    app.resource(&acme, "destination/ads", &json!({"parent": "source/web"}));
    let (ann, _) = app.member(&acme, "ann@example.com", &["workspace_member", "source_read_only@{env:prod}"]);
    let told = preview(&app, &acme, &acme.token, &json!({"set_labels": {}, "resource": "source/web"}));
    let lost: Vec<String> =
        told["changes"]["lost"].as_array().unwrap().iter().map(|row| text(&row["resource"])).collect();
    assert_eq!(lost, ["source/web", "destination/ads"]);
    assert!(told["changes"]["lost"].as_array().unwrap().iter().all(|row| row["member"] == *ann));
    let path = format!("{}?dry_run=true", acme.path("resources/source/web"));
    let dry = app.unchanged(|| app.put(&path, &acme.token, &json!({"name": "Web", "labels": {}}))).ok(200);
    assert_eq!(dry["changes"], told["changes"]);
    let gone = app.unchanged(|| app.delete(&path, &acme.token)).ok(200);
    assert_eq!(gone["changes"], told["changes"]);
}
