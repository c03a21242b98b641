//! Invites: single-use, expiring, bound to an address, checked again at acceptance.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{App, BOOTSTRAP, Tenant, secret, text};

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
fn people_see_pending_expired_accepted_canceled_and_superseded_apart() {
    let app = App::new();
    let acme = app.tenant("acme");
    let made = |name: &str| app.invite(&acme, &format!("{name}@example.com"), MEMBER);
    let (superseded, accepted, canceled, expired) =
        (made("superseded"), made("accepted"), made("canceled"), made("expired"));
    app.accept(&accepted.1);
    app.delete(&acme.invite(&canceled.0), &acme.token).ok(204);
    app.sql(&format!("UPDATE invites SET status = 'superseded' WHERE id = '{}'", text(&superseded.0["id"]))).unwrap();
    app.pass(168);
    made("pending");
    for is_marked in [false, true] {
        if is_marked {
            app.sweep();
        }
        for status in ["pending", "expired", "accepted", "canceled", "superseded"] {
            let listed = app.get(&acme.path(&format!("invites?status={status}")), &acme.token).ok(200);
            let found: Vec<(String, String)> = listed["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|invite| (text(&invite["email"]), text(&invite["status"])))
                .collect();
            assert_eq!(found, [(format!("{status}@example.com"), status.to_owned())], "marked: {is_marked}");
        }
        assert_eq!(app.get(&acme.path("invites"), &acme.token).column("status").len(), 5);
    }
    assert_eq!(app.get(&acme.invite(&expired.0), &acme.token).ok(200)["status"], "expired");
    app.get(&acme.path("invites?status=gone"), &acme.token).problem(400, "invalid_parameter");
}

#[test]
fn expired_invites_come_in_one_order_whether_they_are_marked_or_not() {
    let app = App::new();
    let acme = app.tenant("acme");
    let made: Vec<String> =
        (0..6).map(|index| text(&app.invite(&acme, &format!("p{index}@example.com"), MEMBER).0["id"])).collect();
    for id in [&made[1], &made[4]] {
        app.sql(&format!("UPDATE invites SET status = 'expired', expires_at = 1 WHERE id = '{id}'")).unwrap();
    }
    app.pass(168);
    for limit in 1..=7 {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page =
                app.get(&acme.path(&format!("invites?status=expired&limit={limit}{cursor}")), &acme.token).ok(200);
            seen.extend(page["data"].as_array().unwrap().iter().map(|invite| text(&invite["id"])));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, made, "by {limit}");
    }
}

#[test]
fn the_first_look_at_an_offer_is_noted_once_and_changes_nothing_else() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (made, secret) = app.invite(&acme, "ann@example.com", MEMBER);
    let (path, seen) = (format!("/v1/invites/{secret}"), || app.get(&acme.invite(&made), &acme.token));
    let tag = seen().header("etag").to_owned();
    app.call("HEAD", &path, "", &Value::Null).ok(200);
    assert_eq!(seen().ok(200)["opened_at"], Value::Null, "nobody looked yet");
    app.unchanged(|| app.get(&path, "")).ok(200);
    let first = seen().ok(200)["opened_at"].clone();
    assert!(text(&first).starts_with("2026-01-01T00:00:00"), "{first}");
    app.pass(5);
    app.get(&path, "").ok(200);
    assert_eq!(seen().ok(200)["opened_at"], first);
    let body = json!({"grants": ["minimal_workspace_access"]});
    app.call_with("PATCH", &acme.invite(&made), &acme.token, &[("if-match", &tag)], &body).ok(200);
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

/// The statuses of a workspace's invites by address, as one filter lists them.
fn listed(app: &App, acme: &Tenant, query: &str) -> Vec<String> {
    let body = app.get(&acme.path(&format!("invites{query}")), &acme.token).ok(200);
    let row = |invite: &Value| format!("{} {}", text(&invite["email"]), text(&invite["status"]));
    let mut rows: Vec<String> = body["data"].as_array().unwrap().iter().map(row).collect();
    rows.sort();
    rows
}

#[test]
fn each_filter_lists_its_status_and_none_lists_all() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.invite(&acme, "late@x.example", MEMBER);
    app.pass(100);
    app.member(&acme, "used@x.example", MEMBER);
    let (canceled, _) = app.invite(&acme, "gone@x.example", MEMBER);
    app.delete(&acme.invite(&canceled), &acme.token).ok(204);
    app.pass(67);
    app.invite(&acme, "live@x.example", MEMBER);
    assert_eq!(listed(&app, &acme, "?status=pending"), ["late@x.example pending", "live@x.example pending"]);
    assert_eq!(listed(&app, &acme, "?status=expired"), [""; 0]);
    app.pass(1);
    // Told apart by the clock, and by what the next write notes down alike.
    for write in [false, true] {
        if write {
            app.invite(&acme, "more@y.example", MEMBER);
        }
        assert_eq!(listed(&app, &acme, "?status=expired"), ["late@x.example expired"]);
        assert_eq!(listed(&app, &acme, "?status=accepted"), ["used@x.example accepted"]);
        assert_eq!(listed(&app, &acme, "?status=canceled"), ["gone@x.example canceled"]);
        assert_eq!(listed(&app, &acme, "?status=superseded"), [""; 0]);
        assert_eq!(listed(&app, &acme, "?status=pending").len(), if write { 2 } else { 1 });
        assert_eq!(listed(&app, &acme, "").len(), if write { 5 } else { 4 });
    }
    for bad in ["open", "", "Pending"] {
        app.get(&acme.path(&format!("invites?status={bad}")), &acme.token).problem(400, "invalid_parameter");
    }
}

#[test]
fn an_invite_shows_who_sent_it_when_and_how_often() {
    let app = App::new();
    let acme = app.tenant("acme");
    let body = json!({"invites": [{"email": "Ann@X.Example", "name": "Ann", "grants": MEMBER}]});
    let made = app.post(&acme.path("invites"), &acme.token, &body).ok(201)["data"][0].clone();
    assert_eq!(app.get(&acme.invite(&made), &acme.token).ok(200), made);
    assert_eq!(
        (&made["email"], &made["name"], &made["invited_by"]),
        (&json!("ann@x.example"), &json!("Ann"), &json!(acme.owner))
    );
    assert_eq!((&made["sent_count"], &made["sent_at"]), (&json!(1), &made["created_at"]));
    app.pass(1);
    let sent = app.post(&format!("{}/resend", acme.invite(&made)), &acme.token, &json!({})).ok(200);
    assert_eq!((&sent["sent_count"], &sent["created_at"]), (&json!(2), &made["created_at"]));
    assert!(text(&sent["sent_at"]) > text(&made["sent_at"]) && text(&sent["expires_at"]) > text(&made["expires_at"]));
}

#[test]
fn an_address_has_one_live_invite() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (first, _) = app.invite(&acme, "ann@x.example", MEMBER);
    let body = json!({"invites": [{"email": "ANN@x.example", "grants": MEMBER}]});
    let again = app.unchanged(|| app.post(&acme.path("invites"), &acme.token, &body)).ok(201);
    assert_eq!(again, json!({"data": [], "skipped": [{"email": "ann@x.example", "reason": "already_invited"}]}));
    app.pass(168);
    let (_, second) = app.invite(&acme, "ann@x.example", MEMBER);
    let resend = format!("{}/resend", acme.invite(&first));
    app.unchanged(|| app.post(&resend, &acme.token, &json!({}))).problem(409, "already_invited");
    app.accept(&second);
    app.unchanged(|| app.post(&resend, &acme.token, &json!({}))).problem(409, "already_member");
    let columns = "workspace_id, email, status, invited_by, created_at, sent_at, expires_at";
    let live = format!(
        "INSERT INTO invites ({columns}, id, secret_hash) SELECT {columns}, id || 'x', 'x' FROM invites WHERE status = 'pending'"
    );
    app.invite(&acme, "ben@x.example", MEMBER);
    assert!(app.sql(&live).unwrap_err().contains("UNIQUE"));
}

#[test]
fn up_to_a_hundred_addresses_go_in_one_request() {
    let app = App::new();
    let acme = app.tenant("acme");
    let body = |count: usize| {
        let one = |index| json!({"email": format!("a{index}@x.example"), "grants": MEMBER});
        json!({"invites": (0..count).map(one).collect::<Vec<Value>>(), "deliver": "link"})
    };
    app.unchanged(|| app.post(&acme.path("invites"), &acme.token, &body(101))).invalid("out_of_range", "/invites");
    let made = app.post(&acme.path("invites"), &acme.token, &body(100)).ok(201);
    let links: BTreeSet<String> = made["data"].as_array().unwrap().iter().map(secret).collect();
    assert_eq!(links.len(), 100);
    assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE type = 'invite.sent'"), 100);
}

#[test]
fn an_offer_has_a_role_of_workspace_level_when_made_and_when_changed() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (invite, _) = app.invite(&acme, "ann@x.example", MEMBER);
    for grants in [json!([]), json!(["source_admin"]), json!(["pii_access", "function_admin"])] {
        let body = json!({"invites": [{"email": "ben@x.example", "grants": grants}]});
        let refused = app.unchanged(|| app.post(&acme.path("invites"), &acme.token, &body));
        assert_eq!(refused.problem(422, "workspace_role_required")["errors"][0]["path"], "/invites/0/grants");
        let patch = || app.patch(&acme.invite(&invite), &acme.token, &json!({"grants": grants}));
        assert_eq!(app.unchanged(patch).problem(422, "workspace_role_required")["errors"][0]["path"], "/grants");
    }
    app.patch(&acme.invite(&invite), &acme.token, &json!({"grants": ["minimal_workspace_access"]})).ok(200);
}

#[test]
fn one_bad_row_refuses_the_whole_request() {
    let app = App::new();
    let acme = app.tenant("acme");
    let good = json!({"email": "ann@x.example", "grants": MEMBER});
    for (bad, code, place) in [
        (json!({"email": "ben@x", "grants": MEMBER}), "invalid_email", "/invites/1/email"),
        (json!({"email": "Ben <ben@x.example>", "grants": MEMBER}), "invalid_email", "/invites/1/email"),
        (
            json!({"email": "ben@x.example\r\nBcc: eve@x.example", "grants": MEMBER}),
            "invalid_email",
            "/invites/1/email",
        ),
        (json!({"email": "ben@x.example", "name": "\u{1b}", "grants": MEMBER}), "invalid_name", "/invites/1/name"),
        (json!({"email": "ben@x.example"}), "required", "/invites/1/grants"),
        (
            json!({"email": "ben@x.example", "grants": MEMBER, "groups": ["Web"]}),
            "unknown_group",
            "/invites/1/groups/0",
        ),
        (
            json!({"email": "ben@x.example", "grants": ["workspace_member", "source_admin", "source_admin@source/x"]}),
            "unknown_resource",
            "/invites/1/grants/2",
        ),
    ] {
        let body = json!({"invites": [good, bad]});
        app.unchanged(|| app.post(&acme.path("invites"), &acme.token, &body)).invalid(code, place);
    }
}

#[test]
fn a_change_of_an_offer_is_what_is_given() {
    let app = App::new();
    let acme = app.tenant("acme");
    let body = json!({"name": "Web", "grants": ["function_admin"]});
    let group = app.post(&acme.path("groups"), &acme.token, &body).ok(201);
    let (invite, link) = app.invite(&acme, "ann@x.example", &["workspace_member", "source_admin"]);
    let path = acme.invite(&invite);
    assert_eq!(
        app.patch(&path, &acme.token, &json!({"groups": [group["id"]]})).ok(200)["grants"].as_array().unwrap().len(),
        2
    );
    let changed = app.patch(&path, &acme.token, &json!({"grants": ["workspace_member", "source_read_only"]})).ok(200);
    assert_eq!(changed["groups"][0]["id"], group["id"]);
    for (patch, code, place) in [
        (json!({"grants": ["boss"]}), "unknown_role", "/grants/0"),
        (json!({"groups": ["grp_00000000000000000000000000"]}), "unknown_group", "/groups/0"),
        (json!({"email": "eve@x.example"}), "unknown_field", "/email"),
    ] {
        app.unchanged(|| app.patch(&path, &acme.token, &patch)).invalid(code, place);
    }
    let (ann, _) = app.accept(&link);
    let may = |action: &str| {
        let check = json!({"member": ann["id"], "action": action});
        app.post(&acme.path("check"), &acme.token, &check).ok(200)["allowed"] == true
    };
    assert!(may("source:view") && may("function:edit") && !may("source:edit"));
    assert_eq!(app.get(&path, &acme.token).ok(200)["accepted_by"], ann["id"]);
}

#[test]
fn a_closed_invite_can_be_neither_changed_nor_sent_nor_canceled() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (used, link) = app.invite(&acme, "ann@x.example", MEMBER);
    app.accept(&link);
    let (canceled, _) = app.invite(&acme, "ben@x.example", MEMBER);
    app.delete(&acme.invite(&canceled), &acme.token).ok(204);
    for (invite, code) in [(&used, "invite_used"), (&canceled, "invite_canceled")] {
        let path = acme.invite(invite);
        app.unchanged(|| app.patch(&path, &acme.token, &json!({"grants": MEMBER}))).problem(410, code);
        app.unchanged(|| app.post(&format!("{path}/resend"), &acme.token, &json!({}))).problem(410, code);
        app.unchanged(|| app.delete(&path, &acme.token)).problem(410, code);
        assert_eq!(app.get(&path, &acme.token).ok(200)["grants"].as_array().unwrap().len(), 1);
    }
    assert_eq!(app.count("SELECT count(*) FROM grants WHERE holder LIKE 'inv%'"), 0);
}
