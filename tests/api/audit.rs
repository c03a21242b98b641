//! The record: each write is one step of the version and at least one event that says who, by which way, before and after.

use serde_json::{Value, json};

use crate::support::{App, BOOTSTRAP, Tenant, secret, text};

const MEMBER: &[&str] = &["workspace_member"];

/// A write: method, path, body, the type of its event, and whether that has a before and an after.
type Write = (&'static str, String, Value, &'static str, bool, bool);

fn writes(app: &App, acme: &Tenant) -> Vec<Write> {
    app.resource(acme, "source/abc", &json!({}));
    let (ann, _) = app.member(acme, "ann@example.com", &["workspace_member", "source_admin"]);
    let (ben, _) = app.invite(acme, "ben@example.com", MEMBER);
    let admin = app.get(&acme.member(&ann), &acme.token).ok(200);
    let admin =
        admin["grants"].as_array().unwrap().iter().find(|grant| grant["role"] == "source_admin").unwrap().clone();
    let group = app.post(&acme.path("groups"), &acme.token, &json!({"name": "Web"})).ok(201);
    let group = acme.path(&format!("groups/{}", text(&group["id"])));
    let token = app.post(&acme.path("tokens"), &acme.token, &json!({"name": "x", "actions": ["member:view"]})).ok(201);
    let (member, invite) = (acme.member(&ann), acme.invite(&ben));
    let none = || Value::Null;
    vec![
        ("PATCH", acme.root(), json!({"name": "New"}), "workspace.updated", true, true),
        ("PATCH", member.clone(), json!({"name": "New"}), "member.updated", true, true),
        (
            "POST",
            format!("{member}/grants"),
            json!({"grants": ["function_admin"]}),
            "member.grants_changed",
            true,
            true,
        ),
        ("DELETE", format!("{member}/grants/{}", text(&admin["id"])), none(), "member.grants_changed", true, true),
        ("PUT", format!("{member}/grants"), json!({"grants": MEMBER}), "member.grants_changed", true, true),
        ("PUT", acme.path("resources/source/new"), json!({"name": "New"}), "resource.created", false, true),
        ("PUT", acme.path("resources/source/abc"), json!({"name": "New"}), "resource.updated", true, true),
        ("DELETE", acme.path("resources/source/abc"), none(), "resource.deleted", true, false),
        ("POST", acme.path("labels"), json!({"key": "a", "value": "b"}), "label.created", false, true),
        ("DELETE", acme.path("labels/a/b"), none(), "label.deleted", true, false),
        ("POST", acme.path("groups"), json!({"name": "Other"}), "group.created", false, true),
        ("PATCH", group.clone(), json!({"name": "New"}), "group.updated", true, true),
        ("PUT", format!("{group}/grants"), json!({"grants": ["source_admin"]}), "group.grants_changed", true, true),
        ("POST", format!("{group}/members"), json!({"members": [ann]}), "group.members_changed", false, true),
        ("DELETE", format!("{group}/members/{ann}"), none(), "group.members_changed", true, false),
        ("DELETE", group, none(), "group.deleted", true, false),
        (
            "POST",
            acme.path("invites"),
            json!({"invites": [{"email": "cat@example.com", "grants": MEMBER}]}),
            "invite.sent",
            false,
            true,
        ),
        (
            "PATCH",
            invite.clone(),
            json!({"grants": ["workspace_member", "source_admin"]}),
            "invite.updated",
            true,
            true,
        ),
        ("POST", format!("{invite}/resend"), json!({}), "invite.resent", true, true),
        ("DELETE", invite, none(), "invite.canceled", true, false),
        ("POST", acme.path("tokens"), json!({"name": "y", "actions": ["member:view"]}), "token.created", false, true),
        ("DELETE", acme.path(&format!("tokens/{}", text(&token["id"]))), none(), "token.deleted", true, false),
        ("DELETE", member, none(), "member.removed", true, false),
        ("DELETE", acme.root(), none(), "workspace.deleted", true, false),
    ]
}

#[test]
fn each_write_is_one_step_of_the_version_and_one_event() {
    let app = App::new();
    let acme = app.tenant("acme");
    let version = || app.count("SELECT version FROM workspaces");
    let events = || app.count("SELECT count(*) FROM audit_events");
    for (method, path, body, kind, before, after) in writes(&app, &acme) {
        let (had, told) = (version(), events());
        let answer = app.call(method, &path, &acme.token, &body);
        assert!(answer.status < 300, "{method} {path}: {}", answer.body);
        assert_eq!(
            (version(), answer.header("x-rolecall-version")),
            (had + 1, (had + 1).to_string().as_str()),
            "{method} {path}"
        );
        assert_eq!(events(), told + 1, "{method} {path}");
        let request = answer.header("x-request-id").to_owned();
        let fits = format!(
            "SELECT count(*) FROM audit_events WHERE request_id = '{request}' AND type = '{kind}' AND actor_id = '{}' \
             AND actor_email = 'owner@acme.example' AND (before IS NOT NULL) = {before} AND (after IS NOT NULL) = {after} \
             AND (before IS NULL OR json_valid(before)) AND (after IS NULL OR json_valid(after)) AND before IS NOT after",
            acme.owner
        );
        assert_eq!(app.count(&fits), 1, "{method} {path}: {kind}");
    }
}

#[test]
fn a_request_that_changes_nothing_leaves_no_trace() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
    let path = format!("{}/grants", acme.member(&ann));
    let version = app.count("SELECT version FROM workspaces").to_string();
    for method in ["PUT", "POST"] {
        let answer = app.unchanged(|| app.call(method, &path, &acme.token, &json!({"grants": MEMBER})));
        assert_eq!(answer.header("x-rolecall-version"), version);
    }
}

#[test]
fn an_event_names_who_did_it_and_by_which_way() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, cookie) = app.member(&acme, "ann@example.com", &["workspace_owner"]);
    let made =
        app.post(&acme.path("tokens"), &acme.token, &json!({"name": "x", "grants": ["workspace_owner"]})).ok(201);
    app.as_person("POST", &acme.path("labels"), &cookie, &json!({"key": "by", "value": "person"})).ok(201);
    app.post(&acme.path("labels"), &acme.token, &json!({"key": "by", "value": "personal"})).ok(201);
    app.post(&acme.path("labels"), &text(&made["secret"]), &json!({"key": "by", "value": "token"})).ok(201);
    app.patch(&acme.root(), BOOTSTRAP, &json!({"plan": "free"})).ok(200);
    for (subject, kind, actor, via) in [
        ("by:person", "member", ann.as_str(), "console"),
        ("by:personal", "member", &acme.owner, "api"),
        ("by:token", "token", made["id"].as_str().unwrap(), "api"),
        (&acme.id, "operator", "bootstrap", "api"),
    ] {
        let told = format!(
            "SELECT count(*) FROM audit_events WHERE subject_id = '{subject}' AND actor_kind = '{kind}' AND actor_id = '{actor}' \
             AND via = '{via}' AND type IN ('label.created', 'workspace.updated')"
        );
        assert_eq!(app.count(&told), 1, "{subject}");
    }
}

#[test]
fn several_invites_are_one_step_and_an_event_each() {
    let app = App::new();
    let acme = app.tenant("acme");
    let one = |name: &str| json!({"email": format!("{name}@example.com"), "grants": MEMBER});
    let had = app.count("SELECT version FROM workspaces");
    let body = json!({"invites": [one("a"), one("b"), one("c")], "deliver": "link"});
    let made = app.post(&acme.path("invites"), &acme.token, &body);
    assert_eq!(made.header("x-rolecall-version"), (had + 1).to_string());
    assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE type = 'invite.sent'"), 3);
    app.accept(&secret(&made.ok(201)["data"][0]));
    assert_eq!(app.count("SELECT version FROM workspaces"), had + 2);
}
