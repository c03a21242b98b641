//! Races: what a request has read changes before it commits. It is decided again on what is true then.

use serde_json::{Value, json};

use crate::support::{App, BOOTSTRAP, Tenant, text};

const MEMBER: &[&str] = &["workspace_member"];
const OWNER: &[&str] = &["workspace_owner", "workspace_member"];

/// A workspace with ann, a plain member.
fn with_ann() -> (App, Tenant, String) {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
    (app, acme, ann)
}

fn grants_of(app: &App, holder: &str) -> i64 {
    app.count(&format!("SELECT count(*) FROM grants WHERE holder = '{holder}'"))
}

#[test]
fn a_caller_demoted_meanwhile_changes_nothing() {
    let (app, acme, ann) = with_ann();
    app.member(&acme, "ben@example.com", OWNER);
    let demoted = format!("DELETE FROM grants WHERE holder = '{}' AND role = 'workspace_owner'", acme.owner);
    let path = format!("{}/grants", acme.member(&ann));
    let body = json!({"grants": ["workspace_owner"]});
    app.meanwhile(&demoted, || app.post(&path, &acme.token, &body)).problem(403, "forbidden");
    assert_eq!(grants_of(&app, &ann), 1);
}

#[test]
fn a_caller_removed_meanwhile_changes_nothing() {
    let (app, acme, ann) = with_ann();
    let (ben, cookie) = app.member(&acme, "ben@example.com", OWNER);
    let removed = format!("DELETE FROM grants WHERE holder = '{ben}'; DELETE FROM members WHERE account_id = '{ben}'");
    let path = acme.member(&ann);
    app.meanwhile(&removed, || app.as_person("DELETE", &path, &cookie, &Value::Null)).problem(404, "not_found");
    app.get(&path, &acme.token).ok(200);
}

#[test]
fn a_token_deleted_meanwhile_changes_nothing() {
    let (app, acme, ann) = with_ann();
    let body = json!({"name": "hr", "actions": ["member:remove"]});
    let made = app.post(&acme.path("tokens"), &acme.token, &body).ok(201);
    let deleted = format!("DELETE FROM tokens WHERE id = '{}'", text(&made["id"]));
    let delete = || app.delete(&acme.member(&ann), &text(&made["secret"]));
    app.meanwhile(&deleted, delete).problem(401, "unauthenticated");
    app.get(&acme.member(&ann), &acme.token).ok(200);
}

#[test]
fn a_group_deleted_meanwhile_is_offered_to_nobody() {
    let (app, acme, _) = with_ann();
    let group = app.post(&acme.path("groups"), &acme.token, &json!({"name": "Web"})).ok(201);
    let deleted = format!("DELETE FROM groups WHERE id = '{}'", text(&group["id"]));
    let offer = json!({"email": "ben@example.com", "grants": MEMBER, "groups": [group["id"]]});
    let invite = || app.post(&acme.path("invites"), &acme.token, &json!({"invites": [offer]}));
    app.meanwhile(&deleted, invite).invalid("unknown_group", "/invites/0/groups/0");
    assert_eq!(app.count("SELECT count(*) FROM invites WHERE email = 'ben@example.com'"), 0);
}

#[test]
fn of_two_owners_who_go_at_the_same_moment_one_stays() {
    for way in ["remove", "replace"] {
        let app = App::new();
        let acme = app.tenant("acme");
        let (ben, _) = app.member(&acme, "ben@example.com", OWNER);
        let token = app.token(&acme, &json!({"name": "hr", "actions": ["member:edit", "member:remove"]}));
        let demoted = format!("DELETE FROM grants WHERE holder = '{ben}' AND role = 'workspace_owner'");
        let path = acme.member(&acme.owner);
        let ask = || match way {
            "remove" => app.delete(&path, &token),
            _ => app.put(&format!("{path}/grants"), &token, &json!({"grants": MEMBER})),
        };
        app.meanwhile(&demoted, ask).problem(409, "last_owner");
        assert_eq!(app.count("SELECT count(*) FROM owners"), 1);
    }
}

#[test]
fn an_invite_canceled_accepted_or_sent_again_meanwhile_is_not_accepted() {
    for (status, code) in [("canceled", "invite_canceled"), ("accepted", "invite_used")] {
        let app = App::new();
        let acme = app.tenant("acme");
        let (_, secret) = app.invite(&acme, "ann@example.com", MEMBER);
        let closed = format!("UPDATE invites SET status = '{status}', revision = revision + 1");
        app.meanwhile(&closed, || app.try_accept(&secret)).problem(410, code);
        assert_eq!(app.count("SELECT count(*) FROM members"), 1);
    }
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, secret) = app.invite(&acme, "ann@example.com", MEMBER);
    let sent = "UPDATE invites SET secret_hash = 'another', revision = revision + 1";
    app.meanwhile(sent, || app.try_accept(&secret)).problem(404, "not_found");
}

#[test]
fn an_offer_changed_meanwhile_is_what_is_given() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (_, secret) = app.invite(&acme, "ann@example.com", &["workspace_member", "source_admin"]);
    let changed = "UPDATE invites SET revision = revision + 1; DELETE FROM grants WHERE role = 'source_admin'";
    let member = app.meanwhile(changed, || app.try_accept(&secret)).ok(201);
    assert_eq!(member["grants"].as_array().unwrap().len(), 1);
    let told = "SELECT count(*) FROM audit_events WHERE type = 'member.joined' AND after LIKE '%source_admin%'";
    assert_eq!(app.count(told), 0);
}

#[test]
fn an_inviter_demoted_meanwhile_gives_nothing() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.member(&acme, "ben@example.com", OWNER);
    let (_, secret) = app.invite(&acme, "ann@example.com", MEMBER);
    let demoted = format!("DELETE FROM grants WHERE holder = '{}' AND role = 'workspace_owner'", acme.owner);
    app.meanwhile(&demoted, || app.try_accept(&secret)).problem(409, "delegation_exceeded");
}

#[test]
fn an_inviting_token_deleted_meanwhile_gives_nothing() {
    let app = App::new();
    let acme = app.tenant("acme");
    let body = json!({"name": "hr", "actions": ["member:invite", "workspace:view"]});
    let token = text(&app.post(&acme.path("tokens"), &acme.token, &body).ok(201)["secret"]);
    let body = json!({"invites": [{"email": "ann@example.com", "grants": MEMBER}], "deliver": "link"});
    let made = app.post(&acme.path("invites"), &token, &body).ok(201);
    let link = crate::support::secret(&made["data"][0]);
    let deleted = "DELETE FROM tokens WHERE name = 'hr'";
    app.meanwhile(deleted, || app.try_accept(&link)).problem(409, "delegation_exceeded");
}

#[test]
fn an_invite_accepted_meanwhile_is_neither_changed_nor_canceled_nor_sent() {
    for ask in ["PATCH", "DELETE", "POST"] {
        let app = App::new();
        let acme = app.tenant("acme");
        let (invite, _) = app.invite(&acme, "ann@example.com", MEMBER);
        let accepted = "UPDATE invites SET status = 'accepted', revision = revision + 1";
        let path = acme.invite(&invite);
        let call = || match ask {
            "POST" => app.post(&format!("{path}/resend"), &acme.token, &json!({})),
            "PATCH" => app.patch(&path, &acme.token, &json!({"grants": ["minimal_workspace_access"]})),
            _ => app.delete(&path, &acme.token),
        };
        app.meanwhile(accepted, call).problem(410, "invite_used");
    }
}

#[test]
fn an_address_invited_meanwhile_is_skipped() {
    let app = App::new();
    let acme = app.tenant("acme");
    let invited = format!(
        "INSERT INTO invites (workspace_id, id, email, status, secret_hash, invited_by, created_at, sent_at, expires_at) \
         VALUES ('{}', 'inv_00000000000000000000000000', 'ann@example.com', 'pending', 'x', '{}', 1, 1, 9999999999999)",
        acme.id, acme.owner
    );
    let body = json!({"invites": [{"email": "ann@example.com", "grants": MEMBER}]});
    let made = app.meanwhile(&invited, || app.post(&acme.path("invites"), &acme.token, &body)).ok(201);
    assert_eq!(made["skipped"][0]["reason"], "already_invited");
}

#[test]
fn the_last_seat_taken_meanwhile_is_not_sold_again() {
    let app = App::new();
    let acme = app.tenant("acme");
    let body = json!({"invites": [{"email": "ann@example.com", "grants": MEMBER}]});
    let full = "UPDATE workspaces SET seat_limit = 1";
    let invite = || app.post(&acme.path("invites"), &acme.token, &body);
    app.meanwhile(full, invite).problem(409, "seat_limit_reached");
}

#[test]
fn nobody_who_left_meanwhile_is_given_anything() {
    let (app, acme, ann) = with_ann();
    let left = format!("DELETE FROM grants WHERE holder = '{ann}'; DELETE FROM members WHERE account_id = '{ann}'");
    let path = format!("{}/grants", acme.member(&ann));
    let body = json!({"grants": ["workspace_member", "source_admin"]});
    app.meanwhile(&left, || app.put(&path, &acme.token, &body)).problem(404, "not_found");
    assert_eq!(grants_of(&app, &ann), 0);
}

#[test]
fn a_resource_deleted_meanwhile_is_neither_granted_nor_a_parent() {
    let (app, acme, ann) = with_ann();
    let gone = "DELETE FROM resources";
    let on = json!({"grants": ["workspace_member", "source_admin@source/abc"]});
    let invites = json!({"invites": [{"email": "new@example.com", "grants": on["grants"]}]});
    let token = json!({"name": "x", "grants": on["grants"]});
    let parent = json!({"name": "x", "parent": "source/abc"});
    for (method, path, body, place) in [
        ("PUT", format!("{}/grants", acme.member(&ann)), &on, "/grants/1"),
        ("POST", acme.path("invites"), &invites, "/invites/0/grants/1"),
        ("POST", acme.path("tokens"), &token, "/grants/1"),
        ("PUT", acme.path("resources/destination/ads"), &parent, "/parent"),
    ] {
        app.resource(&acme, "source/abc", &json!({}));
        let ask = || app.call(method, &path, &acme.token, body);
        app.meanwhile(gone, ask).invalid("unknown_resource", place);
    }
    assert_eq!(app.count("SELECT count(*) FROM grants WHERE scope <> ''"), 0);
}

#[test]
fn a_source_takes_along_what_was_registered_or_granted_meanwhile() {
    let (app, acme, ann) = with_ann();
    app.resource(&acme, "source/abc", &json!({}));
    app.resource(&acme, "destination/one", &json!({"parent": "source/abc"}));
    let registered = format!(
        "INSERT INTO resources (workspace_id, kind, id, name, parent, created_by, created_at, updated_at) \
         VALUES ('{0}', 'destination', 'two', 'Two', 'source/abc', 'x', 1, 1); \
         INSERT INTO grants (workspace_id, holder, id, role, scope, created_at, created_by) \
         VALUES ('{0}', '{ann}', 'gnt_00000000000000000000000000', 'source_admin', '@destination/two', 1, 'x')",
        acme.id
    );
    let path = acme.path("resources/source/abc");
    app.meanwhile(&registered, || app.delete(&path, &acme.token)).ok(204);
    assert_eq!(app.count("SELECT count(*) FROM resources"), 0);
    assert_eq!(app.count("SELECT count(*) FROM grants WHERE scope <> ''"), 0);
    let told = "SELECT count(*) FROM audit_events WHERE type = 'resource.deleted' AND before LIKE '%destination/two%' \
        AND before LIKE '%source_admin@destination/two%'";
    assert_eq!(app.count(told), 1, "the record names both");
}

#[test]
fn a_grant_given_meanwhile_ends_with_its_resource_and_is_told() {
    let (app, acme, ann) = with_ann();
    app.resource(&acme, "source/abc", &json!({}));
    let granted = format!(
        "INSERT INTO grants (workspace_id, holder, id, role, scope, created_at, created_by) \
         VALUES ('{}', '{ann}', 'gnt_00000000000000000000000000', 'source_admin', '@source/abc', 1, 'x')",
        acme.id
    );
    app.meanwhile(&granted, || app.delete(&acme.path("resources/source/abc"), &acme.token)).ok(204);
    assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE before LIKE '%source_admin@source/abc%'"), 1);
}

#[test]
fn a_grant_that_somebody_else_gave_meanwhile_is_told_as_it_is() {
    let (app, acme, ann) = with_ann();
    let group = text(&app.post(&acme.path("groups"), &acme.token, &json!({"name": "Web"})).ok(201)["id"]);
    for (method, holder, root) in
        [("POST", &ann, "members"), ("PUT", &ann, "members"), ("POST", &group, "groups"), ("PUT", &group, "groups")]
    {
        app.sql(&format!("DELETE FROM grants WHERE holder = '{holder}' AND role = 'source_admin'")).unwrap();
        let given = format!(
            "INSERT INTO grants (workspace_id, holder, id, role, scope, created_at, created_by) \
             VALUES ('{}', '{holder}', 'gnt_00000000000000000000000000', 'source_admin', '', 1, 'x')",
            acme.id
        );
        let path = acme.path(&format!("{root}/{holder}"));
        let ask = || {
            app.call(
                method,
                &format!("{path}/grants"),
                &acme.token,
                &json!({"grants": ["workspace_member", "source_admin"]}),
            )
        };
        let told = app.meanwhile(&given, ask);
        let read = app.get(&path, &acme.token);
        assert_eq!(told.header("etag"), read.header("etag"), "{method} {root}");
        assert_eq!(told.ok(200), read.ok(200), "{method} {root}");
    }
}

#[test]
fn what_the_operator_bills_meanwhile_stays_billed() {
    let app = App::new();
    let acme = app.tenant("acme");
    let billed = "UPDATE workspaces SET plan = 'free', engage = 0, seat_limit = 3, version = version + 1";
    let named = app.meanwhile(billed, || app.patch(&acme.root(), &acme.token, &json!({"name": "New"}))).ok(200);
    assert_eq!((&named["name"], &named["plan"], &named["seat_limit"]), (&json!("New"), &json!("free"), &json!(3)));
    assert_eq!(app.get(&acme.root(), &acme.token).ok(200), named);
}

#[test]
fn a_slug_or_an_account_taken_meanwhile_is_seen() {
    let app = App::new();
    app.tenant("other");
    let body = json!({"name": "x", "slug": "acme", "owner": {"email": "olga@example.com", "name": "Olga"}});
    let make = || app.post("/v1/workspaces", BOOTSTRAP, &body);
    app.meanwhile("UPDATE workspaces SET slug = 'acme'", make).problem(409, "slug_taken");
    app.sql("UPDATE workspaces SET slug = 'other'").unwrap();
    let account = "INSERT INTO accounts VALUES ('acc_00000000000000000000000000', 'olga@example.com', 'Olga', 1)";
    let made = app.meanwhile(account, make).ok(201);
    assert_eq!(made["owner"]["id"], "acc_00000000000000000000000000");
}
