//! Workspaces: made and billed by the operator, with what a downgrade leaves asleep.

use serde_json::{Value, json};

use crate::support::{App, BOOTSTRAP, text};

#[test]
fn only_the_operator_makes_and_bills() {
    let app = App::new();
    let acme = app.tenant("acme");
    let body = json!({"name": "x", "slug": "xx", "owner": {"email": "a@example.com", "name": "A"}});
    app.post("/v1/workspaces", &acme.token, &body).problem(403, "forbidden");
    app.post("/v1/workspaces", "", &body).problem(401, "unauthenticated");
    app.call("PATCH", "/v1/workspaces/acme", &acme.token, &json!({"plan": "free"})).problem(403, "forbidden");
    app.call("PATCH", "/v1/workspaces/acme", &acme.token, &json!({"name": "Acme 2"})).ok(200);
    let taken = json!({"name": "x", "slug": "acme", "owner": {"email": "a@example.com", "name": "A"}});
    app.post("/v1/workspaces", BOOTSTRAP, &taken).problem(409, "slug_taken");
}

#[test]
fn a_downgrade_leaves_grants_asleep_and_an_upgrade_wakes_them() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "tracking_plan/web", &json!({}));
    let (ann, _) = app.member(&acme, "ann@example.com", &["workspace_member", "tracking_plan_admin"]);
    let check = json!({"member": ann, "action": "tracking_plan:edit", "resource": "tracking_plan/web"});
    let plan =
        |add_ons: Value| app.call("PATCH", "/v1/workspaces/acme", BOOTSTRAP, &json!({"add_ons": add_ons})).ok(200);
    plan(json!([]));
    let asleep = app.post(&acme.path("check"), &acme.token, &check).ok(200);
    assert_eq!((asleep["allowed"].as_bool(), asleep["dormant"][0]["needs"].as_str()), (Some(false), Some("protocols")));
    let member = app.get(&acme.path(&format!("members/{ann}")), &acme.token).ok(200);
    assert!(member["grants"].as_array().unwrap().iter().any(|grant| grant["dormant"] == true));
    let more = json!({"grants": ["tracking_plan_read_only"]});
    app.post(&acme.path(&format!("members/{ann}/grants")), &acme.token, &more).problem(402, "plan_required");
    plan(json!(["protocols"]));
    assert_eq!(app.post(&acme.path("check"), &acme.token, &check).ok(200)["allowed"], true);
}

#[test]
fn a_closed_workspace_is_gone_for_everyone() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.call("DELETE", "/v1/workspaces/acme", &acme.token, &Value::Null).ok(204);
    app.get("/v1/workspaces/acme", &acme.token).problem(401, "unauthenticated");
    app.get("/v1/workspaces/acme", BOOTSTRAP).problem(404, "not_found");
    app.tenant("acme");
}

#[test]
fn a_new_workspace_has_what_was_asked_for_and_an_owner_with_a_token() {
    let app = App::new();
    let body = json!({"name": "Acme Inc.", "slug": "acme", "plan": "team", "add_ons": ["engage"], "seat_limit": 9,
        "owner": {"email": "Olga@Example.com", "name": "Olga"}});
    let answer = app.post("/v1/workspaces", BOOTSTRAP, &body);
    let version = answer.header("x-rolecall-version").to_owned();
    let made = answer.ok(201);
    let (workspace, owner) = (&made["workspace"], &made["owner"]);
    assert_eq!(
        (&workspace["name"], &workspace["slug"], &workspace["plan"]),
        (&json!("Acme Inc."), &json!("acme"), &json!("team"))
    );
    assert_eq!((&workspace["add_ons"], &workspace["seat_limit"]), (&json!(["engage"]), &json!(9)));
    assert_eq!(
        (&owner["email"], &owner["name"], &owner["is_owner"]),
        (&json!("olga@example.com"), &json!("Olga"), &json!(true))
    );
    assert_eq!(owner["provisioned_by"], "bootstrap");
    assert_eq!(workspace["version"].to_string(), version);
    let secret = text(&made["token"]["secret"]);
    assert_eq!(app.get("/v1/workspaces/acme", &secret).ok(200), *workspace);
    let me = app.get("/v1/workspaces/acme/members/me", &secret).ok(200);
    assert_eq!((&me["id"], me["grants"].as_array().unwrap().len()), (&owner["id"], 2));
    let settings = json!({"invite_ttl_hours": 168, "provisioned_grants": ["source_read_only"], "require_sso": false, "stale_after_days": 90, "invite_reminder_hours": null});
    assert_eq!(workspace["settings"], settings);
}

#[test]
fn a_bad_workspace_is_refused_with_its_place() {
    let app = App::new();
    app.tenant("taken");
    let with = |pointer: &str, value: Value| {
        let mut body = json!({"name": "x", "slug": "xx", "owner": {"email": "a@example.com", "name": "A"}});
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    for (member, value, code) in [
        ("/name", json!(""), "invalid_name"),
        ("/slug", json!("A"), "invalid_slug"),
        ("/slug", json!("-acme"), "invalid_slug"),
        ("/slug", json!("ws_acme"), "invalid_slug"),
        ("/owner/email", json!("olga"), "invalid_email"),
        ("/owner/name", json!(" "), "invalid_name"),
    ] {
        app.unchanged(|| app.post("/v1/workspaces", BOOTSTRAP, &with(member, value))).invalid(code, member);
    }
    let base = with("/name", json!("x"));
    for (member, value, code, place) in [
        ("plan", json!("gold"), "invalid_plan", "/plan"),
        ("add_ons", json!(["engage", "magic"]), "invalid_add_on", "/add_ons/1"),
        ("seat_limit", json!(0), "out_of_range", "/seat_limit"),
    ] {
        let mut body = base.clone();
        body[member] = value;
        app.unchanged(|| app.post("/v1/workspaces", BOOTSTRAP, &body)).invalid(code, place);
    }
    app.unchanged(|| app.post("/v1/workspaces", BOOTSTRAP, &with("/slug", json!("taken")))).problem(409, "slug_taken");
}

#[test]
fn one_person_may_own_several_workspaces() {
    let app = App::new();
    let make = |slug: &str| {
        let body = json!({"name": slug, "slug": slug, "owner": {"email": "olga@example.com", "name": "Olga"}});
        text(&app.post("/v1/workspaces", BOOTSTRAP, &body).ok(201)["owner"]["id"])
    };
    assert_eq!(make("one"), make("two"));
    assert_eq!(app.count("SELECT count(*) FROM accounts"), 1);
}

#[test]
fn what_is_billed_changes_with_the_bootstrap_token_alone() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, cookie) = app.member(&acme, "ann@example.com", &["workspace_owner"]);
    let token = app.token(&acme, &json!({"name": "x", "grants": ["workspace_owner"]}));
    for body in [
        json!({"plan": "free"}),
        json!({"plan": "business"}),
        json!({"add_ons": []}),
        json!({"seat_limit": 5}),
        json!({"seat_limit": null}),
        json!({"name": "New", "plan": "team"}),
    ] {
        app.unchanged(|| app.patch(&acme.root(), &acme.token, &body)).problem(403, "forbidden");
        app.unchanged(|| app.patch(&acme.root(), &token, &body)).problem(403, "forbidden");
        app.unchanged(|| app.as_person("PATCH", &acme.root(), &cookie, &body)).problem(403, "forbidden");
    }
    let billed = app.bill(&acme, &json!({"plan": "team", "add_ons": ["protocols"], "seat_limit": 5}));
    assert_eq!(
        (&billed["plan"], &billed["add_ons"], &billed["seat_limit"]),
        (&json!("team"), &json!(["protocols"]), &json!(5))
    );
    assert_eq!(app.bill(&acme, &json!({"name": "New"}))["plan"], "team");
}

#[test]
fn a_setting_changes_alone_and_within_its_bounds() {
    let app = App::new();
    let acme = app.tenant("acme");
    let patch = |settings: Value| app.patch(&acme.root(), &acme.token, &json!({"settings": settings}));
    for (setting, bad) in [
        ("invite_ttl_hours", [json!(0), json!(721), json!(-1)]),
        ("stale_after_days", [json!(0), json!(-1), json!(100_000)]),
        ("invite_reminder_hours", [json!(0), json!(721), json!(-1)]),
    ] {
        for value in bad {
            app.unchanged(|| patch(json!({setting: value}))).invalid("out_of_range", &format!("/settings/{setting}"));
        }
    }
    app.unchanged(|| patch(json!({"provisioned_grants": ["boss"]})))
        .invalid("unknown_role", "/settings/provisioned_grants/0");
    app.unchanged(|| patch(json!({"provisioned_grants": ["source_admin@source/none"]})))
        .invalid("unknown_resource", "/settings/provisioned_grants/0");
    patch(json!({"invite_ttl_hours": 720})).ok(200);
    let changed = patch(json!({"require_sso": false, "provisioned_grants": ["function_read_only"]})).ok(200);
    let expected = json!({"invite_ttl_hours": 720, "provisioned_grants": ["function_read_only"], "require_sso": false, "stale_after_days": 90, "invite_reminder_hours": null});
    assert_eq!(changed["settings"], expected);
}

#[test]
fn a_closed_workspace_takes_its_credentials_along_and_leaves_others_alone() {
    let app = App::new();
    let (acme, other) = (app.tenant("acme"), app.tenant("other"));
    let (_, cookie) = app.member(&acme, "ann@example.com", &["workspace_owner"]);
    app.member(&other, "ann@example.com", &["workspace_member"]);
    let token = app.token(&acme, &json!({"name": "x", "actions": ["member:view"]}));
    let (_, invited) = app.invite(&acme, "ben@example.com", &["workspace_member"]);
    let version = app.count("SELECT version FROM workspaces WHERE slug = 'acme'");
    let closed = app.as_person("DELETE", &acme.root(), &cookie, &Value::Null);
    assert_eq!(closed.header("x-rolecall-version"), (version + 1).to_string());
    closed.ok(204);
    app.get(&acme.path("members"), &token).problem(401, "unauthenticated");
    app.as_person("GET", &acme.root(), &cookie, &Value::Null).problem(404, "not_found");
    app.try_accept(&invited).problem(404, "not_found");
    app.patch(&acme.root(), BOOTSTRAP, &json!({"name": "x"})).problem(404, "not_found");
    let me = app.as_person("GET", "/v1/me", &cookie, &Value::Null).ok(200);
    assert_eq!((me["workspaces"].as_array().unwrap().len(), &me["workspaces"][0]["slug"]), (1, &json!("other")));
    app.get(&other.path("members"), &other.token).ok(200);
}
