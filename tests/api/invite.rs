//! Invites: single-use, expiring, bound to an address, checked again at acceptance.

use serde_json::{Value, json};

use crate::support::{App, BOOTSTRAP};

const MEMBER: &[&str] = &["workspace_member"];

fn accept(app: &App, secret: &str) -> crate::support::Answer {
    app.post(&format!("/v1/invites/{secret}/accept"), "", &Value::Null)
}

#[test]
fn an_invite_is_single_use_and_its_secret_is_nowhere_in_clear() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, secret) = app.invite(&acme, "ann@example.com", MEMBER);
    assert!(!app.contents().contains(&secret) && !app.contents().contains(&acme.token));
    app.accept(&secret);
    accept(&app, &secret).problem(410, "invite_used");
    accept(&app, "rcl_inv_unknown").problem(404, "not_found");
}

#[test]
fn an_invite_expires_at_its_hour_frees_its_seat_and_can_be_sent_again() {
    let app = App::new();
    let acme = app.tenant_with("acme", &json!({"seat_limit": 2}));
    let (invite, secret) = app.invite(&acme, "ann@example.com", MEMBER);
    let more = json!({"invites": [{"email": "bob@example.com", "grants": MEMBER}], "deliver": "link"});
    app.post(&acme.path("invites"), &acme.token, &more).problem(409, "seat_limit_reached");
    app.pass(168);
    accept(&app, &secret).problem(410, "invite_expired");
    let expired = app.get(&acme.path("invites?status=expired"), &acme.token).ok(200);
    assert_eq!(expired["data"][0]["id"], invite["id"]);
    assert_eq!(app.get(&acme.path("invites?status=pending"), &acme.token).ok(200)["data"], json!([]));
    let resend = acme.path(&format!("invites/{}/resend", invite["id"].as_str().unwrap()));
    let sent = app.post(&resend, &acme.token, &json!({"deliver": "link"})).ok(200);
    assert_eq!((sent["status"].as_str(), sent["sent_count"].as_i64()), (Some("pending"), Some(2)));
    accept(&app, &secret).problem(404, "not_found");
    app.accept(sent["accept_url"].as_str().unwrap().rsplit('/').next().unwrap());
}

#[test]
fn a_canceled_invite_stays_canceled_and_frees_its_address() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (invite, secret) = app.invite(&acme, "ann@example.com", MEMBER);
    let path = acme.path(&format!("invites/{}", invite["id"].as_str().unwrap()));
    app.call("DELETE", &path, &acme.token, &Value::Null).ok(204);
    accept(&app, &secret).problem(410, "invite_canceled");
    app.call("DELETE", &path, &acme.token, &Value::Null).problem(410, "invite_canceled");
    assert_eq!(app.get(&path, &acme.token).ok(200)["grants"][0]["role"], "workspace_member");
    app.invite(&acme, "ann@example.com", MEMBER);
}

#[test]
fn members_and_invited_addresses_are_skipped_and_named() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.invite(&acme, "ann@example.com", MEMBER);
    let one = |email: &str| json!({"email": email, "grants": MEMBER});
    let body = json!({"invites": [one("OWNER@acme.example"), one("Ann@example.com"), one("new@example.com"), one("new@example.com")]});
    let made = app.post(&acme.path("invites"), &acme.token, &body).ok(201);
    let reasons: Vec<_> =
        made["skipped"].as_array().unwrap().iter().map(|skip| skip["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["already_member", "already_invited", "already_invited"]);
    assert_eq!(made["data"].as_array().unwrap().len(), 1);
    assert_eq!((&made["data"][0]["accept_url"], app.count("SELECT count(*) FROM outbox")), (&Value::Null, 1));
}

#[test]
fn an_invite_is_checked_again_at_acceptance_and_stays_pending() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, cookie) = app.member(&acme, "second@example.com", &["workspace_owner", "workspace_member"]);
    let by_second = json!({"invites": [{"email": "ann@example.com", "grants": MEMBER}], "deliver": "link"});
    let made = app.as_person("POST", &acme.path("invites"), &cookie, &by_second).ok(201);
    let secret = made["data"][0]["accept_url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    app.call("DELETE", &acme.path("members/second@example.com"), &acme.token, &Value::Null).ok(204);
    accept(&app, &secret).problem(409, "delegation_exceeded");

    let (_, planned) = app.invite(&acme, "bob@example.com", &["workspace_member", "tracking_plan_admin"]);
    app.call("PATCH", "/v1/workspaces/acme", BOOTSTRAP, &json!({"add_ons": []})).ok(200);
    accept(&app, &planned).problem(409, "plan_required");
    assert_eq!(app.get(&acme.path("invites?status=pending"), &acme.token).ok(200)["data"].as_array().unwrap().len(), 2);
}

#[test]
fn what_an_invite_offers_can_change_until_it_is_accepted() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    let (invite, secret) = app.invite(&acme, "ann@example.com", MEMBER);
    let path = acme.path(&format!("invites/{}", invite["id"].as_str().unwrap()));
    let grants = json!({"grants": ["workspace_member", "source_read_only@source/abc"]});
    app.call("PATCH", &path, &acme.token, &grants).ok(200);
    let (member, _) = app.accept(&secret);
    assert_eq!(member["grants"].as_array().unwrap().len(), 2);
    app.call("PATCH", &path, &acme.token, &grants).problem(410, "invite_used");
}

#[test]
fn signed_in_as_somebody_else_nobody_accepts() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, cookie) = app.member(&acme, "ann@example.com", MEMBER);
    let (_, secret) = app.invite(&acme, "bob@example.com", MEMBER);
    app.as_person("POST", &format!("/v1/invites/{secret}/accept"), &cookie, &Value::Null).problem(409, "wrong_account");
}

#[test]
fn bad_input_names_the_place_and_writes_nothing() {
    let app = App::new();
    let acme = app.tenant("acme");
    let before = app.contents();
    let with = |grants: Value| json!({"invites": [{"email": "ann@example.com", "grants": grants}]});
    for (body, code, path) in [
        (json!({"invites": [{"email": "ann", "grants": MEMBER}]}), "invalid_email", "/invites/0/email"),
        (with(json!(["workspace_member", "source_admin@sauce/x"])), "invalid_grant", "/invites/0/grants/1"),
        (with(json!(["boss"])), "unknown_role", "/invites/0/grants/0"),
        (with(json!(["workspace_owner@source/x"])), "scope_not_allowed", "/invites/0/grants/0"),
        (with(json!(["workspace_member", "source_admin@source/x"])), "unknown_resource", "/invites/0/grants/1"),
        (with(json!(["workspace_member", "source_admin@{a:b}"])), "unknown_label", "/invites/0/grants/1"),
        (json!({"invites": []}), "out_of_range", "/invites"),
        (json!({"deliver": "link"}), "required", "/invites"),
    ] {
        let problem = app.post(&acme.path("invites"), &acme.token, &body).problem(422, "validation_failed");
        assert_eq!(
            (problem["errors"][0]["code"].as_str(), problem["errors"][0]["path"].as_str()),
            (Some(code), Some(path))
        );
    }
    assert_eq!(app.contents(), before);
}

#[test]
fn a_list_in_the_place_of_an_object_is_refused_wherever_it_stands() {
    let app = App::new();
    let acme = app.tenant("acme");
    let before = app.contents();
    let invites = json!({"invites": [["bo@example.com", null, MEMBER, []]]});
    let refused = app.post(&acme.path("invites"), &acme.token, &invites).problem(422, "validation_failed");
    assert_eq!(
        (&refused["errors"][0]["path"], &refused["errors"][0]["code"]),
        (&json!("/invites/0"), &json!("invalid_type"))
    );
    let owner = json!({"name": "New", "slug": "new", "plan": "free", "owner": ["o@example.com", "O"]});
    let refused = app.post("/v1/workspaces", BOOTSTRAP, &owner).problem(422, "validation_failed");
    assert_eq!(refused["errors"][0]["path"], "/owner");
    let checks = json!({"checks": [[acme.owner, "workspace:view", null]]});
    app.post(&acme.path("check/batch"), &acme.token, &checks).problem(422, "validation_failed");
    assert_eq!(app.contents(), before);
}
