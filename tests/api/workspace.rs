//! Workspaces: made and billed by the operator, with what a downgrade leaves asleep.

use serde_json::{Value, json};

use crate::support::{App, BOOTSTRAP};

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
