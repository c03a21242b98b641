//! Members: who may change them, what always stays.

use serde_json::{Value, json};

use crate::support::{App, text};

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

#[test]
fn removal_ends_token_and_session_here_at_once_and_leaves_other_workspaces() {
    let app = App::new();
    let (acme, other) = (app.tenant("acme"), app.tenant("other"));
    let (ann, cookie) = app.member(&acme, "ann@example.com", OWNER);
    app.member(&other, "ann@example.com", MEMBER);
    app.delete(&acme.member(&ann), &acme.token).ok(204);
    app.as_person("GET", &acme.root(), &cookie, &Value::Null).problem(404, "not_found");
    app.as_person("GET", &other.root(), &cookie, &Value::Null).ok(200);
    let me = app.as_person("GET", "/v1/me", &cookie, &Value::Null).ok(200);
    assert_eq!((me["workspaces"].as_array().unwrap().len(), &me["workspaces"][0]["slug"]), (1, &json!("other")));
    app.delete(&acme.member(&ann), &acme.token).problem(404, "not_found");
}

#[test]
fn what_a_removed_member_created_stays() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, cookie) = app.member(&acme, "ann@example.com", OWNER);
    app.as_person("PUT", &acme.path("resources/source/abc"), &cookie, &json!({"name": "Web"})).ok(201);
    let body = json!({"name": "ci", "actions": ["member:view"]});
    let token = app.as_person("POST", &acme.path("tokens"), &cookie, &body).ok(201);
    app.delete(&acme.member(&ann), &acme.token).ok(204);
    assert_eq!(app.get(&acme.path("resources/source/abc"), &acme.token).ok(200)["created_by"], json!(ann));
    app.get(&acme.path("members"), token["secret"].as_str().unwrap()).ok(200);
    let shown = app.get(&acme.path(&format!("tokens/{}", token["id"].as_str().unwrap())), &acme.token).ok(200);
    assert_eq!((&shown["created_by"], &shown["orphaned"]), (&json!(ann), &json!(true)));
    assert_eq!(app.count(&format!("SELECT count(*) FROM grants WHERE holder = '{ann}'")), 0);
}

#[test]
fn a_removed_member_can_come_back_as_the_same_account_with_what_is_offered_now() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, _) = app.member(&acme, "ann@example.com", &["workspace_member", "source_admin"]);
    app.delete(&acme.member(&ann), &acme.token).ok(204);
    let (again, _) = app.member(&acme, "ANN@example.com", MEMBER);
    let grants = app.get(&acme.member(&again), &acme.token).ok(200)["grants"].clone();
    assert_eq!((again, grants.as_array().unwrap().len()), (ann, 1));
}

#[test]
fn a_member_goes_by_id_or_by_address_in_any_case() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
    let shown = app.get(&acme.member(&ann), &acme.token).ok(200);
    for key in ["ann@example.com", "Ann@EXAMPLE.com", "ann%40example.com"] {
        assert_eq!(app.get(&acme.member(key), &acme.token).ok(200), shown);
    }
    for key in ["nobody@example.com", "acc_", "ann", "*", "acc_00000000000000000000000000"] {
        app.get(&acme.member(key), &acme.token).problem(404, "not_found");
    }
}

#[test]
fn everyone_may_see_themselves_by_each_of_their_names() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, cookie) = app.member(&acme, "ann@example.com", MEMBER);
    for key in ["me", ann.as_str(), "ann@example.com", "Ann@Example.com"] {
        assert_eq!(app.as_person("GET", &acme.member(key), &cookie, &Value::Null).ok(200)["id"], json!(ann));
    }
    app.as_person("GET", &acme.member(&acme.owner), &cookie, &Value::Null).problem(403, "forbidden");
    app.as_person("GET", &acme.member("nobody@example.com"), &cookie, &Value::Null).problem(403, "forbidden");
}

#[test]
fn a_new_name_holds_in_this_workspace_alone() {
    let app = App::new();
    let (acme, other) = (app.tenant("acme"), app.tenant("other"));
    let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
    app.member(&other, "ann@example.com", MEMBER);
    let renamed = app.patch(&acme.member(&ann), &acme.token, &json!({"name": "  Ann Archer "})).ok(200);
    assert_eq!(renamed["name"], "Ann Archer");
    assert_eq!(app.get(&other.member(&ann), &other.token).ok(200)["name"], "ann");
    for name in ["", "   ", "a\u{7}b", &"x".repeat(201)] {
        let patch = || app.patch(&acme.member(&ann), &acme.token, &json!({"name": name}));
        app.unchanged(patch).invalid("invalid_name", "/name");
    }
    app.unchanged(|| app.patch(&acme.member(&ann), &acme.token, &json!({}))).invalid("required", "/name");
}

#[test]
fn grants_are_added_once_replaced_and_taken_away() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
    let path = format!("{}/grants", acme.member(&ann));
    let expressions = |member: &Value| -> Vec<String> {
        let grants = member["grants"].as_array().unwrap();
        let mut texts: Vec<String> = grants.iter().map(|grant| text(&grant["expression"])).collect();
        texts.sort();
        texts
    };
    let more = json!({"grants": ["source_admin@source/abc", "source_admin@source/abc", "workspace_member"]});
    let added = app.post(&path, &acme.token, &more).ok(200);
    assert_eq!(expressions(&added), ["source_admin@source/abc", "workspace_member"]);
    assert_eq!(app.unchanged(|| app.post(&path, &acme.token, &more)).ok(200), added);
    assert_eq!(app.unchanged(|| app.put(&path, &acme.token, &more)).ok(200), added);

    let fewer = json!({"grants": ["source_read_only", "workspace_member"]});
    let replaced = app.put(&path, &acme.token, &fewer).ok(200);
    assert_eq!(expressions(&replaced), ["source_read_only", "workspace_member"]);
    let id_of = |member: &Value, role: &str| {
        member["grants"].as_array().unwrap().iter().find(|grant| grant["role"] == role).unwrap()["id"].clone()
    };
    assert_eq!(id_of(&replaced, "workspace_member"), id_of(&added, "workspace_member"));
    let grant = text(&id_of(&replaced, "source_read_only"));
    let deleted = app.delete(&format!("{path}/{grant}"), &acme.token);
    assert_eq!(deleted.header("x-rolecall-version"), app.count("SELECT version FROM workspaces").to_string());
    deleted.ok(204);
    app.delete(&format!("{path}/{grant}"), &acme.token).problem(404, "not_found");
    assert_eq!(expressions(&app.get(&acme.member(&ann), &acme.token).ok(200)), ["workspace_member"]);
}

#[test]
fn a_grant_in_an_answer_says_all_about_itself() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({"labels": {"team": "a"}}));
    let all = ["workspace_member", "source_admin@source/abc", "source_read_only@{team:a}"];
    let (ann, _) = app.member(&acme, "ann@example.com", &all);
    let member = app.get(&acme.member(&ann), &acme.token).ok(200);
    let shown = |expression: &str| {
        let mut grant = member["grants"]
            .as_array()
            .unwrap()
            .iter()
            .find(|grant| grant["expression"] == expression)
            .unwrap()
            .clone();
        let grant = grant.as_object_mut().unwrap();
        assert!(text(&grant.remove("id").unwrap()).starts_with("gnt_"));
        assert!(text(&grant.remove("created_at").unwrap()).ends_with('Z'));
        Value::from(grant.clone())
    };
    let rest = |role: &str, scope: Value, expression: &str| json!({"role": role, "scope": scope, "expression": expression, "via": "direct", "dormant": false, "created_by": acme.owner});
    assert_eq!(shown(all[0]), rest("workspace_member", json!({"kind": "workspace"}), all[0]));
    let on = json!({"kind": "resource", "resource": "source/abc"});
    assert_eq!(shown(all[1]), rest("source_admin", on, all[1]));
    let labels = json!({"kind": "labels", "labels": {"team": "a"}});
    assert_eq!(shown(all[2]), rest("source_read_only", labels, all[2]));
}

#[test]
fn a_member_keeps_a_role_of_workspace_level() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, _) = app.member(&acme, "ann@example.com", &["workspace_member", "source_admin"]);
    let path = format!("{}/grants", acme.member(&ann));
    for grants in [json!([]), json!(["source_admin"]), json!(["pii_access"])] {
        let put = || app.put(&path, &acme.token, &json!({"grants": grants}));
        app.unchanged(put).problem(422, "workspace_role_required");
    }
    let base = text(&app.get(&acme.member(&ann), &acme.token).ok(200)["grants"][0]["id"]);
    app.unchanged(|| app.delete(&format!("{path}/{base}"), &acme.token)).problem(422, "workspace_role_required");
    app.put(&path, &acme.token, &json!({"grants": ["minimal_workspace_access"]})).ok(200);
}

#[test]
fn a_bad_grant_is_refused_by_name_place_and_position() {
    let app = App::new();
    let acme = app.tenant("acme");
    let path = format!("{}/grants", acme.member("me"));
    for (grant, code, detail) in [
        ("boss", "unknown_role", "position 0"),
        ("Source_Admin", "unknown_role", "position 0"),
        ("source_admin@", "invalid_grant", "position 13"),
        ("source_admin@source", "invalid_grant", "position 13"),
        ("source_admin@sauce/abc", "invalid_grant", "position 13"),
        ("source_admin@source/*", "invalid_grant", "position 13"),
        ("source_admin@source/", "invalid_grant", "position 20"),
        ("source_admin@source/a b", "invalid_grant", "position 20"),
        ("source_admin@{team:a,x}", "invalid_grant", "position 21"),
        ("source_admin@{team:a", "invalid_grant", "position 20"),
        ("workspace_owner@source/abc", "scope_not_allowed", "takes workspace"),
        ("source_admin@space/abc", "scope_not_allowed", "space"),
        ("source_admin@source/none", "unknown_resource", "source/none"),
        ("source_admin@{team:none}", "unknown_label", "team:none"),
    ] {
        for method in ["PUT", "POST"] {
            let body = json!({"grants": ["workspace_owner", grant]});
            let problem = app.unchanged(|| app.call(method, &path, &acme.token, &body)).invalid(code, "/grants/1");
            assert!(text(&problem["errors"][0]["detail"]).contains(detail), "{grant}: {problem}");
        }
    }
}
