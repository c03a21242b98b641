//! Members: who may change them, what always stays.

use serde_json::{Value, json};

use crate::support::App;

const OWNER: &[&str] = &["workspace_owner", "workspace_member"];
const MEMBER: &[&str] = &["workspace_member"];

#[test]
fn the_last_owner_can_be_neither_removed_nor_demoted() {
    let app = App::new();
    let acme = app.tenant("acme");
    let own = acme.path(&format!("members/{}", acme.owner));
    app.call("DELETE", &own, &acme.token, &Value::Null).problem(409, "last_owner");
    app.call("PUT", &format!("{own}/grants"), &acme.token, &json!({"grants": MEMBER})).problem(409, "last_owner");
    let grants = app.get(&own, &acme.token).ok(200)["grants"].clone();
    let owned = grants.as_array().unwrap().iter().find(|grant| grant["role"] == "workspace_owner").unwrap();
    let grant = format!("{own}/grants/{}", owned["id"].as_str().unwrap());
    app.call("DELETE", &grant, &acme.token, &Value::Null).problem(409, "last_owner");
    assert_eq!(app.count("SELECT count(*) FROM owners"), 1);
}

#[test]
fn a_pending_invite_and_a_token_are_no_owners() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.invite(&acme, "next@example.com", OWNER);
    app.token(&acme, &json!({"name": "ci", "grants": ["workspace_owner"]}));
    app.call("DELETE", &acme.path(&format!("members/{}", acme.owner)), &acme.token, &Value::Null)
        .problem(409, "last_owner");
}

#[test]
fn with_a_second_owner_the_first_may_go_and_takes_their_token_along() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, cookie) = app.member(&acme, "second@example.com", OWNER);
    let service = app.token(&acme, &json!({"name": "ci", "actions": ["member:view"]}));
    app.as_person("DELETE", &acme.path(&format!("members/{}", acme.owner)), &cookie, &Value::Null).ok(204);
    app.get("/v1/me", &acme.token).problem(401, "unauthenticated");
    app.get(&acme.path("members"), &service).ok(200);
    let tokens = app.as_person("GET", &acme.path("tokens"), &cookie, &Value::Null).ok(200);
    assert_eq!(tokens["data"][0]["orphaned"], true);
}

#[test]
fn a_member_without_rights_sees_themselves_and_is_told_what_is_missing() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, cookie) = app.member(&acme, "ann@example.com", MEMBER);
    let me = app.as_person("GET", &acme.path("members/me"), &cookie, &Value::Null).ok(200);
    assert_eq!((me["is_owner"].as_bool(), me["provisioned_by"].as_str()), (Some(false), Some("invite")));
    let refused = app.as_person("GET", &acme.path("members"), &cookie, &Value::Null).problem(403, "forbidden");
    assert_eq!(refused["missing"], json!([["workspace_owner"]]));
    let own = json!({"member": "me", "action": "workspace:view"});
    assert_eq!(app.as_person("POST", &acme.path("check"), &cookie, &own).ok(200)["allowed"], true);
    let other = json!({"member": acme.owner, "action": "workspace:view"});
    app.as_person("POST", &acme.path("check"), &cookie, &other).problem(403, "forbidden");
}

#[test]
fn strangers_get_the_answer_of_nothing() {
    let app = App::new();
    let (acme, other) = (app.tenant("acme"), app.tenant("other"));
    let strip = |mut body: Value| {
        body.as_object_mut().unwrap().remove("request_id");
        body
    };
    let theirs = strip(app.get(&acme.path(&format!("members/{}", other.owner)), &acme.token).problem(404, "not_found"));
    let nobody =
        strip(app.get(&acme.path("members/acc_00000000000000000000000000"), &acme.token).problem(404, "not_found"));
    let foreign = strip(app.get(&other.path("members"), &acme.token).problem(404, "not_found"));
    assert_eq!((&theirs, &foreign), (&nobody, &nobody));
}

#[test]
fn a_change_of_grants_is_one_version_and_one_event_with_before_and_after() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
    let path = acme.path(&format!("members/{ann}/grants"));
    let before = app.count("SELECT version FROM workspaces");
    let answer =
        app.call("PUT", &path, &acme.token, &json!({"grants": ["workspace_member", "source_admin@source/abc"]}));
    assert_eq!(answer.header("x-rolecall-version"), (before + 1).to_string());
    assert_eq!(answer.ok(200)["grants"].as_array().unwrap().len(), 2);
    let events = "SELECT count(*) FROM audit_events WHERE type = 'member.grants_changed' AND before = '[\"workspace_member\"]' \
        AND after LIKE '%source_admin@source/abc%'";
    assert_eq!(app.count(events), 1);
    app.call("PUT", &path, &acme.token, &json!({"grants": []})).problem(422, "workspace_role_required");
}

#[test]
fn pages_are_complete_and_cursors_belong_to_their_list() {
    let app = App::new();
    let acme = app.tenant("acme");
    for index in 0..5 {
        app.member(&acme, &format!("m{index}@example.com"), MEMBER);
    }
    let (mut seen, mut path) = (Vec::new(), acme.path("members?limit=2"));
    loop {
        let page = app.get(&path, &acme.token).ok(200);
        seen.extend(page["data"].as_array().unwrap().iter().map(|member| member["email"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        app.get(&acme.path(&format!("invites?cursor={cursor}")), &acme.token).problem(400, "invalid_cursor");
        app.get(&acme.path(&format!("members?limit=2&cursor=x{cursor}")), &acme.token).problem(400, "invalid_cursor");
        path = acme.path(&format!("members?limit=2&cursor={cursor}"));
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((seen.len(), &seen), (6, &sorted));
    app.get(&acme.path("members?limit=0"), &acme.token).problem(400, "invalid_parameter");
    assert_eq!(app.get(&acme.path("members?q=M3"), &acme.token).ok(200)["data"].as_array().unwrap().len(), 1);
    assert_eq!(
        app.get(&acme.path("members?role=workspace_owner"), &acme.token).ok(200)["data"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn the_database_itself_keeps_the_owner_and_the_audit_trail() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.member(&acme, "ann@example.com", MEMBER);
    let refused = |sql: &str| app.sql(sql).unwrap_err();
    assert!(refused("DELETE FROM grants WHERE role = 'workspace_owner'").contains("rule:last_owner"));
    assert!(
        refused("UPDATE grants SET role = 'workspace_member', scope = 'x' WHERE role = 'workspace_owner'")
            .contains("rule:last_owner")
    );
    assert!(refused("UPDATE audit_events SET at = 0").contains("rule:append_only"));
    assert!(refused("DELETE FROM audit_events").contains("rule:append_only"));
}
