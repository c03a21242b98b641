//! Invites accepted: who joins, with what, and what refuses it.

use serde_json::{Value, json};

use crate::support::{App, Tenant, secret, text};

const MEMBER: &[&str] = &["workspace_member"];

#[test]
fn the_main_job_works_end_to_end() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    let (_, secret) = app.invite(&acme, "Ann@Example.com", &["workspace_member", "source_read_only@source/abc"]);
    let (member, cookie) = app.accept(&secret);
    assert_eq!((member["email"].as_str(), member["name"].as_str()), (Some("ann@example.com"), Some("ann")));

    let check = |action: &str| {
        let body = json!({"member": "ann@example.com", "action": action, "resource": "source/abc"});
        app.post(&acme.path("check"), &acme.token, &body).ok(200)
    };
    let view = check("source:view");
    assert_eq!(view["allowed"], true);
    assert_eq!(view["because"][0]["grant"], "source_read_only@source/abc");
    assert_eq!(view["because"][0]["via"], "direct");
    let edit = check("source:edit");
    assert_eq!((edit["allowed"].as_bool(), &edit["missing"][0]), (Some(false), &json!(["source_admin@source/abc"])));

    let me = app.as_person("GET", "/v1/me", &cookie, &Value::Null).ok(200);
    assert_eq!(me["account"]["email"], "ann@example.com");
    assert_eq!(me["workspaces"][0]["actions"], json!(["workspace:view"]));

    let path = acme.path(&format!("members/{}", member["id"].as_str().unwrap()));
    app.call("DELETE", &path, &acme.token, &Value::Null).ok(204);
    assert_eq!(check("source:view")["reason"], "unknown_member");
    assert_eq!(app.as_person("GET", "/v1/me", &cookie, &Value::Null).ok(200)["workspaces"], json!([]));
    let owner = acme.path(&format!("members/{}", acme.owner));
    app.call("DELETE", &owner, &acme.token, &Value::Null).problem(409, "last_owner");
}

#[test]
fn the_invitee_sees_who_invites_to_what_until_when() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({"labels": {"team": "a"}}));
    let grants = ["workspace_member", "source_admin@source/abc", "source_read_only@{team:a}"];
    let (invite, secret) = app.invite(&acme, "ann@example.com", &grants);
    let path = format!("/v1/invites/{secret}");
    let seen = app.unchanged(|| app.get(&path, "")).ok(200);
    assert_eq!((&seen["workspace"], &seen["inviter"]), (&json!("acme"), &json!("Olga Owner")));
    assert_eq!((&seen["email"], &seen["expires_at"]), (&json!("ann@example.com"), &invite["expires_at"]));
    let mut roles: Vec<String> =
        seen["roles"].as_array().unwrap().iter().map(|role| format!("{} {}", role["role"], role["scope"])).collect();
    roles.sort();
    assert_eq!(roles.len(), 3);
    for (role, words) in roles.iter().zip(["Source Admin", "Source Read-only", "Workspace Member"]) {
        assert!(role.contains(words) && !role.contains('@'), "{role}");
    }
    app.accept(&secret);
    assert_eq!(app.get(&path, "").ok(200)["status"], "accepted");
    app.get("/v1/invites/rcl_inv_unknown", "").problem(404, "not_found");
    app.get(&format!("/v1/invites/{}", acme.token), "").problem(404, "not_found");
}

#[test]
fn accepting_answers_the_member_as_they_are_then() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    let body = json!({"name": "Web", "grants": ["source_admin@source/abc"]});
    let group = app.post(&acme.path("groups"), &acme.token, &body).ok(201);
    let body = json!({"invites": [{"email": "ann@example.com", "grants": MEMBER, "groups": [group["id"]]}], "deliver": "link"});
    let made = app.post(&acme.path("invites"), &acme.token, &body).ok(201);
    let before = app.count("SELECT version FROM workspaces");
    let accepted = app.try_accept(&secret(&made["data"][0]));
    assert_eq!(accepted.header("x-rolecall-version"), (before + 1).to_string());
    let member = accepted.ok(201);
    assert_eq!(app.get(&acme.member("ann@example.com"), &acme.token).ok(200), member);
    assert_eq!((&member["groups"][0]["name"], member["grants"].as_array().unwrap().len()), (&json!("Web"), 2));
    for event in ["invite.accepted", "member.joined"] {
        assert_eq!(app.count(&format!("SELECT count(*) FROM audit_events WHERE type = '{event}'")), 1, "{event}");
    }
}

#[test]
fn a_name_comes_from_the_invitee_the_invite_the_account_or_the_address() {
    let app = App::new();
    let (acme, other) = (app.tenant("acme"), app.tenant("other"));
    let join = |tenant: &Tenant, email: &str, offered: Value, given: Value| {
        let body = json!({"invites": [{"email": email, "name": offered, "grants": MEMBER}], "deliver": "link"});
        let made = app.post(&tenant.path("invites"), &tenant.token, &body).ok(201);
        let path = format!("/v1/invites/{}/accept", secret(&made["data"][0]));
        text(&app.post(&path, "", &given).ok(201)["name"])
    };
    assert_eq!(join(&acme, "a@example.com", json!("Offered"), json!({"name": "Given"})), "Given");
    assert_eq!(join(&acme, "b@example.com", json!("Offered"), json!({})), "Offered");
    assert_eq!(join(&other, "a@example.com", Value::Null, Value::Null), "Given");
    assert_eq!(join(&other, "b@example.com", json!("Other"), Value::Null), "Other");
    assert_eq!(join(&acme, "c.d@example.com", Value::Null, Value::Null), "c.d");
}

#[test]
fn a_bad_answer_to_an_invite_leaves_it_pending() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, secret) = app.invite(&acme, "ann@example.com", MEMBER);
    let path = format!("/v1/invites/{secret}/accept");
    for (body, code, place) in [
        (json!({"name": ""}), "invalid_name", "/name"),
        (json!({"name": 1}), "invalid_type", "/name"),
        (json!({"email": "eve@example.com"}), "unknown_field", "/email"),
    ] {
        app.unchanged(|| app.post(&path, "", &body)).invalid(code, place);
    }
    app.accept(&secret);
}

#[test]
fn a_closed_invite_says_how_it_was_closed() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, used) = app.invite(&acme, "a@example.com", MEMBER);
    let (canceled, taken_back) = app.invite(&acme, "b@example.com", MEMBER);
    let (_, late) = app.invite(&acme, "c@example.com", MEMBER);
    let (gone, _) = app.accept(&used);
    app.delete(&acme.invite(&canceled), &acme.token).ok(204);
    app.pass(168);
    let expect = |secret: &str, code: &str, status: &str| {
        app.unchanged(|| app.try_accept(secret)).problem(410, code);
        assert_eq!(app.get(&format!("/v1/invites/{secret}"), "").ok(200)["status"], status);
    };
    expect(&used, "invite_used", "accepted");
    expect(&taken_back, "invite_canceled", "canceled");
    expect(&late, "invite_expired", "expired");
    app.delete(&acme.member(&text(&gone["id"])), &acme.token).ok(204);
    expect(&used, "invite_used", "accepted");
    app.delete(&acme.root(), &acme.token).ok(204);
    app.try_accept(&late).problem(404, "not_found");
}

#[test]
fn an_invite_is_open_until_its_hour_and_not_a_moment_longer() {
    for (hours, accepted) in [(23, true), (24, false)] {
        let app = App::new();
        let acme = app.tenant("acme");
        app.patch(&acme.root(), &acme.token, &json!({"settings": {"invite_ttl_hours": 24}})).ok(200);
        let (invite, secret) = app.invite(&acme, "ann@example.com", MEMBER);
        assert_eq!(text(&invite["expires_at"])[..13], *"2026-01-02T00");
        app.pass(hours);
        assert_eq!(app.try_accept(&secret).status == 201, accepted);
    }
}

#[test]
fn only_the_invited_or_nobody_may_be_signed_in() {
    let app = App::new();
    let (acme, other) = (app.tenant("acme"), app.tenant("other"));
    let (_, ann) = app.member(&acme, "ann@example.com", MEMBER);
    let (_, ben) = app.member(&acme, "ben@example.com", MEMBER);
    let (_, secret) = app.invite(&other, "ann@example.com", MEMBER);
    let path = format!("/v1/invites/{secret}/accept");
    let refused = app.unchanged(|| app.as_person("POST", &path, &ben, &Value::Null)).problem(409, "wrong_account");
    assert!(text(&refused["detail"]).contains("ben@example.com"));
    app.as_person("POST", &path, &ann, &Value::Null).ok(201);
    let me = app.as_person("GET", "/v1/me", &ann, &Value::Null).ok(200);
    assert_eq!(me["workspaces"].as_array().unwrap().len(), 2);

    app.pass(7 * 24);
    let (_, late) = app.invite(&other, "cat@example.com", MEMBER);
    app.as_person("POST", &format!("/v1/invites/{late}/accept"), &ben, &Value::Null).ok(201);
}

/// An owner besides the first, and an invite that they sent with a link.
fn by_another_owner(app: &App, acme: &Tenant, grants: &[&str]) -> (String, Value) {
    let (ben, cookie) = app.member(acme, "ben@example.com", &["workspace_owner", "workspace_member"]);
    let body = json!({"invites": [{"email": "ann@example.com", "grants": grants}], "deliver": "link"});
    let made = app.as_person("POST", &acme.path("invites"), &cookie, &body).ok(201);
    (ben, made["data"][0].clone())
}

#[test]
fn an_inviter_who_lost_the_right_gives_nothing() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ben, invite) = by_another_owner(&app, &acme, MEMBER);
    let grants = format!("{}/grants", acme.member(&ben));
    app.put(&grants, &acme.token, &json!({"grants": MEMBER})).ok(200);
    let refused = app.unchanged(|| app.try_accept(&secret(&invite))).problem(409, "delegation_exceeded");
    assert_eq!(refused["status"], 409);
    assert_eq!(app.get(&acme.invite(&invite), &acme.token).ok(200)["status"], "pending");
    app.put(&grants, &acme.token, &json!({"grants": ["workspace_owner"]})).ok(200);
    app.accept(&secret(&invite));
}

#[test]
fn another_who_sends_it_again_vouches_for_it() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ben, invite) = by_another_owner(&app, &acme, &["workspace_member", "source_admin"]);
    app.delete(&acme.member(&ben), &acme.token).ok(204);
    app.unchanged(|| app.try_accept(&secret(&invite))).problem(409, "delegation_exceeded");
    let resend = format!("{}/resend", acme.invite(&invite));
    let sent = app.post(&resend, &acme.token, &json!({"deliver": "link"})).ok(200);
    assert_eq!(sent["invited_by"], json!(acme.owner));
    app.try_accept(&secret(&invite)).problem(404, "not_found");
    assert_eq!(app.accept(&secret(&sent)).0["grants"].as_array().unwrap().len(), 2);
}

#[test]
fn what_somebody_added_who_lost_the_right_is_not_given() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (invite, secret) = app.invite(&acme, "ann@example.com", MEMBER);
    let (ben, cookie) = app.member(&acme, "ben@example.com", &["workspace_owner", "workspace_member"]);
    let more = json!({"grants": ["workspace_member", "source_admin"]});
    app.as_person("PATCH", &acme.invite(&invite), &cookie, &more).ok(200);
    app.delete(&acme.member(&ben), &acme.token).ok(204);
    let refused = app.unchanged(|| app.try_accept(&secret)).problem(409, "delegation_exceeded");
    assert!(refused["exceeds"].as_array().unwrap().contains(&json!("source_admin")), "{refused}");
}

#[test]
fn an_inviting_token_that_is_deleted_gives_nothing() {
    let app = App::new();
    let acme = app.tenant("acme");
    let body = json!({"name": "hr", "actions": ["member:invite", "workspace:view"]});
    let token = app.post(&acme.path("tokens"), &acme.token, &body).ok(201);
    let body = json!({"invites": [{"email": "ann@example.com", "grants": MEMBER}], "deliver": "link"});
    let made = app.post(&acme.path("invites"), &text(&token["secret"]), &body).ok(201);
    let link = secret(&made["data"][0]);
    assert_eq!(app.get(&format!("/v1/invites/{link}"), "").ok(200)["inviter"], "hr");
    app.delete(&acme.path(&format!("tokens/{}", text(&token["id"]))), &acme.token).ok(204);
    app.unchanged(|| app.try_accept(&link)).problem(409, "delegation_exceeded");
}

#[test]
fn a_plan_that_no_longer_includes_the_offer_leaves_it_pending() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.post(&acme.path("labels"), &acme.token, &json!({"key": "team", "value": "a"})).ok(201);
    for (grant, less) in [
        ("tracking_plan_admin", json!({"add_ons": ["engage"]})),
        ("engage_user", json!({"add_ons": ["protocols"]})),
        ("source_admin@{team:a}", json!({"plan": "team"})),
        ("warehouse_admin", json!({"plan": "free"})),
    ] {
        app.bill(&acme, &json!({"plan": "business", "add_ons": ["protocols", "engage"]}));
        let email = format!("{}@example.com", grant.split('@').next().unwrap());
        let (invite, secret) = app.invite(&acme, &email, &["workspace_member", grant]);
        app.bill(&acme, &less);
        let refused = app.unchanged(|| app.try_accept(&secret)).problem(409, "plan_required");
        assert!(text(&refused["detail"]).contains(grant), "{refused}");
        let resend = format!("{}/resend", acme.invite(&invite));
        app.unchanged(|| app.post(&resend, &acme.token, &json!({}))).problem(402, "plan_required");
        app.bill(&acme, &json!({"plan": "business", "add_ons": ["protocols", "engage"]}));
        app.accept(&secret);
    }
}

#[test]
fn a_resource_that_is_gone_is_no_longer_offered() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    let (_, secret) = app.invite(&acme, "ann@example.com", &["workspace_member", "source_admin@source/abc"]);
    app.delete(&acme.path("resources/source/abc"), &acme.token).ok(204);
    app.resource(&acme, "source/abc", &json!({}));
    assert_eq!(app.accept(&secret).0["grants"].as_array().unwrap().len(), 1);
}
