//! Bulk invites: a file in, a report of each row out, one batch for all of it.

use http::Request;
use serde_json::{Value, json};

use crate::support::{Answer, App, Tenant, secret, text};

const MEMBER: &[&str] = &["workspace_member"];

fn send(app: &App, tenant: &Tenant, query: &str, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
    send_as(app, &tenant.path(&format!("invites/bulk{query}")), &tenant.token, kind, body.into())
}

fn send_as(app: &App, path: &str, token: &str, kind: &str, body: Vec<u8>) -> Answer {
    let builder = Request::builder().method("POST").uri(path).header("authorization", format!("Bearer {token}"));
    app.send(builder.header("content-type", kind).body(body).unwrap())
}

fn csv(app: &App, tenant: &Tenant, query: &str, rows: &str) -> Answer {
    send(app, tenant, query, "text/csv", format!("email,name,grants,groups\n{rows}"))
}

/// Each row as `line outcome column:code …`.
fn told(report: &Value) -> Vec<String> {
    let row = |row: &Value| {
        let errors = row["errors"].as_array().unwrap().iter();
        let errors =
            errors.map(|error| format!(" {}:{}", error["column"].as_str().unwrap_or("-"), text(&error["code"])));
        format!("{} {}{}", row["line"], text(&row["outcome"]), errors.collect::<String>())
    };
    report["rows"].as_array().unwrap().iter().map(row).collect()
}

/// A workspace with a member, an invitee, a group that gives something, and a resource.
fn fixture() -> (App, Tenant) {
    let app = App::new();
    let acme = app.tenant("acme");
    app.member(&acme, "ann@example.com", MEMBER);
    app.invite(&acme, "ben@example.com", MEMBER);
    app.post(&acme.path("groups"), &acme.token, &json!({"name": "Web, EU", "grants": ["source_admin"]})).ok(201);
    app.resource(&acme, "source/abc", &json!({}));
    (app, acme)
}

const MIXED: &str = "\
new@example.com,\"Lee, Nan\",workspace_member;source_admin@source/abc,\"Web, EU\"
ann@example.com,,workspace_member,
BEN@example.com,,workspace_member,
new@example.com,,workspace_member,
nobody,,workspace_member,
a@example.com,,source_admin,
b@example.com,,workspace_member;source_admin@source/none,
c@example.com,,workspace_member,Sales
d@example.com,,workspace_member
other@example.com,,minimal_workspace_access,
";

const MIXED_TOLD: [&str; 10] = [
    "2 invited",
    "3 already_member",
    "4 already_invited",
    "5 duplicate",
    "6 invalid email:invalid_email",
    "7 invalid grants:workspace_role_required",
    "8 invalid grants:unknown_resource",
    "9 invalid groups:unknown_group",
    "10 invalid -:ragged_row",
    "11 invited",
];

#[test]
fn good_rows_are_invited_and_each_other_row_is_told_what_is_wrong() {
    let (app, acme) = fixture();
    let before = app.count("SELECT count(*) FROM audit_events WHERE type = 'invite.sent'");
    let answer = csv(&app, &acme, "", MIXED);
    assert_eq!(answer.header("x-rolecall-version"), app.count("SELECT version FROM workspaces").to_string());
    let report = answer.ok(200);
    assert_eq!(told(&report), MIXED_TOLD);
    let summary =
        json!({"invited": 2, "already_member": 1, "already_invited": 1, "duplicate": 1, "invalid": 5, "total": 10});
    assert_eq!(report["summary"], summary);

    let events = app.count("SELECT count(*) FROM audit_events WHERE type = 'invite.sent'");
    assert_eq!(events - before, 2, "one event an invite");
    let mails: Vec<_> = app.mails().into_iter().map(|mail| mail.to).collect();
    assert!(mails.contains(&"new@example.com".to_owned()) && mails.contains(&"other@example.com".to_owned()));
    assert!(!app.contents().contains("rcl_inv_"), "a secret is in the database");
    let invites = app.get(&acme.path("invites?status=pending"), &acme.token).ok(200);
    let made =
        invites["data"].as_array().unwrap().iter().find(|one| one["email"] == "new@example.com").unwrap().clone();
    assert_eq!((made["name"].as_str(), made["groups"][0]["name"].as_str()), (Some("Lee, Nan"), Some("Web, EU")));
    let expressions: Vec<String> =
        made["grants"].as_array().unwrap().iter().map(|one| text(&one["expression"])).collect();
    assert_eq!(expressions, ["workspace_member", "source_admin@source/abc"]);
}

#[test]
fn the_same_request_again_changes_nothing() {
    let (app, acme) = fixture();
    csv(&app, &acme, "", MIXED).ok(200);
    let again = app.unchanged(|| csv(&app, &acme, "", MIXED)).ok(200);
    assert_eq!(told(&again)[0], "2 already_invited");
    assert_eq!((&again["summary"]["invited"], &again["summary"]["already_invited"]), (&json!(0), &json!(3)));
}

#[test]
fn a_dry_run_tells_what_the_request_would_and_writes_nothing() {
    let (app, acme) = fixture();
    let dry = app.unchanged(|| csv(&app, &acme, "?dry_run=true", MIXED)).ok(200);
    assert_eq!(dry, csv(&app, &acme, "", MIXED).ok(200));
}

#[test]
fn one_bad_row_refuses_all_where_that_is_asked() {
    let (app, acme) = fixture();
    for query in ["?on_error=abort", "?on_error=abort&dry_run=true"] {
        let refused = app.unchanged(|| csv(&app, &acme, query, MIXED)).problem(422, "validation_failed");
        assert_eq!(told(&refused), MIXED_TOLD);
        assert_eq!(refused["summary"]["invalid"], 5);
        let errors = refused["errors"].as_array().unwrap();
        let places: Vec<String> = errors.iter().map(|error| text(&error["path"])).collect();
        assert_eq!(places, ["/rows/4/email", "/rows/5/grants", "/rows/6/grants", "/rows/7/groups", "/rows/8"]);
    }
    let good = "new@example.com,,workspace_member,\nann@example.com,,workspace_member,\n";
    let report = csv(&app, &acme, "?on_error=abort", good).ok(200);
    assert_eq!(told(&report), ["2 invited", "3 already_member"]);
}

#[test]
fn a_json_list_means_what_the_file_means() {
    let rows = json!([
        {"email": "new@example.com", "name": "Lee, Nan", "grants": ["workspace_member", "source_admin@source/abc"], "groups": ["Web, EU"]},
        {"email": "ann@example.com", "grants": MEMBER},
        {"email": "nobody", "grants": MEMBER},
        {"email": "c@example.com", "grants": MEMBER, "groups": ["Sales"]},
    ]);
    let (app, acme) = fixture();
    let body = json!({"invites": rows}).to_string();
    let report = send(&app, &acme, "", "application/json", body.clone()).ok(200);
    let expected = ["1 invited", "2 already_member", "3 invalid email:invalid_email", "4 invalid groups:unknown_group"];
    assert_eq!(told(&report), expected);
    let refused = send(&app, &acme, "?on_error=abort", "application/json", body);
    refused.invalid("invalid_email", "/invites/2/email");
    assert_eq!(app.count("SELECT count(*) FROM group_members gm JOIN invites i ON i.id = gm.holder"), 1);
}

#[test]
fn a_link_is_answered_once_instead_of_mailed() {
    let (app, acme) = fixture();
    let mails = app.mails().len();
    let list = json!([{"email": "nobody", "grants": MEMBER}, {"email": "json@example.com", "grants": MEMBER}]);
    let list = json!({"invites": list, "deliver": "link"}).to_string();
    let file = "email,grants\nnobody,workspace_member\ncsv@example.com,workspace_member".to_owned();
    for (query, kind, body) in [("?deliver=link", "text/csv", file), ("", "application/json", list)] {
        let rows = send(&app, &acme, query, kind, body).ok(200)["rows"].clone();
        assert_eq!(rows[0].get("accept_url"), None, "no link for a row without an invite");
        let (member, _) = app.accept(&secret(&rows[1]));
        assert_eq!(member["email"], rows[1]["email"]);
    }
    assert_eq!(app.mails().len(), mails);
    assert_eq!(csv(&app, &acme, "", "x@example.com,,workspace_member,\n").ok(200)["rows"][0].get("accept_url"), None);
}

#[test]
fn a_request_that_is_no_list_of_invites_is_refused_as_a_whole() {
    let (app, acme) = fixture();
    let many = format!("email,grants\n{}", "a@example.com,workspace_member\n".repeat(10_001));
    let many_json = json!({"invites": vec![json!({"email": "a@example.com", "grants": MEMBER}); 10_001]}).to_string();
    let large = vec![b'a'; 10 * 1024 * 1024 + 1];
    let good = "email,grants\na@example.com,workspace_member\n".to_owned();
    #[rustfmt::skip]
    let cases: Vec<(&str, &str, Vec<u8>, u16, &str)> = vec![
        ("", "text/csv", b"email,grants\nJos\xE9@example.com,workspace_member".to_vec(), 400, "invalid_csv"),
        ("", "text/csv", b"email,grants\n\"a@example.com,workspace_member".to_vec(), 400, "invalid_csv"),
        ("", "text/csv", b"\xFF\xFEe\0m\0".to_vec(), 400, "invalid_csv"),
        ("", "text/csv", b"email;grants\na@example.com;workspace_member".to_vec(), 422, "validation_failed"),
        ("", "text/csv", b"email,name\na@example.com,Ann".to_vec(), 422, "validation_failed"),
        ("", "text/csv", b"email,grants\n".to_vec(), 422, "validation_failed"),
        ("", "text/csv", Vec::new(), 422, "validation_failed"),
        ("", "text/csv; charset=utf-8", many.into(), 413, "payload_too_large"),
        ("", "text/csv", large.clone(), 413, "payload_too_large"),
        ("", "application/json", many_json.into(), 413, "payload_too_large"),
        ("", "application/json", large, 413, "payload_too_large"),
        ("", "application/json", b"email,grants".to_vec(), 400, "invalid_json"),
        ("", "application/json", br#"{"invites": []}"#.to_vec(), 422, "validation_failed"),
        ("", "application/json", br#"{"invites": [{"email": "a@example.com"}]}"#.to_vec(), 422, "validation_failed"),
        ("", "application/json", br#"{"invites": [], "dry_run": true}"#.to_vec(), 422, "unknown_field"),
        ("", "application/vnd.ms-excel", good.clone().into(), 415, "unsupported_media_type"),
        ("?on_error=stop", "text/csv", good.clone().into(), 400, "invalid_parameter"),
        ("?deliver=fax", "text/csv", good.clone().into(), 400, "invalid_parameter"),
        ("?dry_run=yes", "text/csv", good.into(), 400, "invalid_parameter"),
    ];
    for (query, kind, body, status, code) in cases {
        app.unchanged(|| send(&app, &acme, query, kind, body)).problem(status, code);
    }
}

/// A row of a bad grant or group, and the body of the single invite that says the same.
const BAD: &[(&str, &str)] = &[
    ("nobody", "workspace_member|"),
    ("a@example.com", "source_admin|"),
    ("a@example.com", "workspace_member;sauce_admin|"),
    ("a@example.com", "workspace_member;source_admin@|"),
    ("a@example.com", "workspace_member;source_admin@warehouse/x|"),
    ("a@example.com", "workspace_member;source_admin@source/none|"),
    ("a@example.com", "workspace_member;source_admin@{env:none}|"),
    ("a@example.com", "workspace_member;tracking_plan_admin|"),
    ("a@example.com", "workspace_member|grp_none"),
    ("a@example.com", "|"),
];

#[test]
fn a_row_is_refused_for_what_refuses_the_single_invite() {
    let app = App::new();
    let acme = app.tenant_with("acme", &json!({"plan": "team"}));
    for (email, rest) in BAD {
        let (grants, group) = rest.split_once('|').unwrap();
        let list = |text: &str| text.split(';').filter(|one| !one.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let one = json!({"email": email, "grants": list(grants), "groups": list(group)});
        let single = app.post(&acme.path("invites"), &acme.token, &json!({"invites": [one]}));
        let code =
            single.body["errors"][0]["code"].as_str().or_else(|| single.body["code"].as_str()).unwrap().to_owned();
        assert!((400..500).contains(&single.status), "{}", single.body);
        let report = csv(&app, &acme, "", &format!("{email},,{grants},{group}\n")).ok(200);
        assert_eq!(report["rows"][0]["errors"][0]["code"], code, "{email} {rest}: {report}");
    }
}

#[test]
fn nobody_gives_more_than_they_hold_by_a_file() {
    let (app, acme) = fixture();
    let token = app.token(&acme, &json!({"name": "hr", "actions": ["member:invite"], "grants": ["workspace_member"]}));
    let file = "email,grants,groups\na@example.com,workspace_member,\nb@example.com,workspace_owner,\nc@example.com,workspace_member,\"Web, EU\"\n";
    let report = send_as(&app, &acme.path("invites/bulk"), &token, "text/csv", file.into()).ok(200);
    let expected = ["2 invited", "3 invalid grants:delegation_exceeded", "4 invalid groups:delegation_exceeded"];
    assert_eq!(told(&report), expected);
}

#[test]
fn rows_are_decided_anew_on_what_changed_before_the_commit() {
    let rows = "x@example.com,,workspace_member,\ny@example.com,,workspace_member,Web\n";
    let cases = [
        (
            "UPDATE workspaces SET seat_limit = member_count + pending_count + 1",
            ["2 invited", "3 invalid email:seat_limit_reached"],
        ),
        (
            "UPDATE invites SET email = 'x@example.com' WHERE email = 'ben@example.com'",
            ["2 already_invited", "3 invited"],
        ),
        ("DELETE FROM groups WHERE name = 'Web'", ["2 invited", "3 invalid groups:unknown_group"]),
    ];
    for (sql, expected) in cases {
        let (app, acme) = fixture();
        app.post(&acme.path("groups"), &acme.token, &json!({"name": "Web"})).ok(201);
        let report = app.meanwhile(sql, || csv(&app, &acme, "", rows)).ok(200);
        assert_eq!(told(&report), expected, "{sql}");
        assert_eq!(
            app.count("SELECT pending_count - (SELECT count(*) FROM invites WHERE status = 'pending') FROM workspaces"),
            0
        );
    }
}

#[test]
fn ten_thousand_rows_take_one_statement_for_each_five_hundred_rows_of_a_table() {
    let (app, acme) = fixture();
    let row = |index: usize| {
        format!("person{index}@example.com,\"Lee, Ann\",workspace_member;source_admin@source/abc,\"Web, EU\"\n")
    };
    let report = csv(&app, &acme, "", &(0..10_000).map(row).collect::<String>()).ok(200);
    assert_eq!(report["summary"]["invited"], 10_000);
    let batch = app.machine.last_commit();
    for (table, rows) in [
        ("invites", 10_000),
        ("grants", 20_000),
        ("group_members", 10_000),
        ("outbox", 10_000),
        ("audit_events", 10_000),
    ] {
        let statements = batch.iter().filter(|sql| sql.starts_with(&format!("INSERT INTO {table} "))).count();
        assert!((1..=rows / 500).contains(&statements), "{table}: {statements} statements for {rows} rows");
    }
    assert_eq!(app.count("SELECT pending_count FROM workspaces"), 10_001);
}

#[test]
fn a_request_under_a_key_is_answered_the_same_and_its_links_are_shown_once() {
    let (app, acme) = fixture();
    let host = format!("{0}.{0}.example", "x".repeat(60));
    let rows: String = (0..10_000).map(|index| format!("person{index}@{host},workspace_member\n")).collect();
    let ask = || {
        let builder = Request::builder().method("POST").uri(acme.path("invites/bulk?deliver=link"));
        let builder =
            builder.header("authorization", format!("Bearer {}", acme.token)).header("idempotency-key", "one");
        app.send(builder.header("content-type", "text/csv").body(format!("email,grants\n{rows}").into_bytes()).unwrap())
    };
    let (first, again) = (ask(), ask());
    assert_eq!((first.status, again.status, again.header("idempotency-replayed")), (200, 200, "true"));
    assert_eq!(first.header("x-rolecall-version"), again.header("x-rolecall-version"));
    assert_eq!(
        (&again.body["summary"], again.body["rows"].as_array().unwrap().len()),
        (&first.body["summary"], 10_000)
    );
    let row = json!({"line": 2, "email": format!("person0@{host}"), "outcome": "invited", "errors": [], "accept_url": null, "secret_shown": true});
    assert_eq!(again.body["rows"][0], row);
    assert_eq!(app.count("SELECT count(*) FROM invites"), 10_002);
    // More than one value of the database holds.
    assert!(again.body.to_string().len() > 2_000_000);
    assert!(app.count("SELECT max(length(CAST(body AS BLOB))) FROM idempotency_keys") <= 1_000_000);
}

#[test]
fn a_list_of_grants_has_a_limit_and_a_group_named_twice_is_offered_once() {
    let (app, acme) = fixture();
    let many = vec!["workspace_member"; 1_001];
    let one = json!({"email": "a@example.com", "grants": many});
    let groups = ["Web, EU", "Web, EU"];
    let two = json!({"email": "b@example.com", "grants": &many[..100], "groups": groups});
    let body = json!({"invites": [one, two]});
    let report = send(&app, &acme, "", "application/json", body.to_string()).ok(200);
    assert_eq!(told(&report), ["1 invalid grants:out_of_range", "2 invited"]);
    let event = app.get(&acme.path("audit-events?type=invite.sent&limit=1"), &acme.token).ok(200);
    assert_eq!(event["data"][0]["after"]["groups"].as_array().unwrap().len(), 1);
    app.post(&acme.path("invites"), &acme.token, &json!({"invites": [one]}))
        .invalid("out_of_range", "/invites/0/grants");
    let grants = json!({"grants": many});
    app.put(&format!("{}/grants", acme.member(&acme.owner)), &acme.token, &grants).invalid("out_of_range", "/grants");
}

#[test]
fn what_no_row_can_mean_is_told_without_reading_all_of_it() {
    let (app, acme) = fixture();
    let grants: Vec<String> = (0..8).map(|index| format!("source_admin@source/s{index}")).collect();
    (0..8).for_each(|index| app.resource(&acme, &format!("source/s{index}"), &json!({})));
    app.post(&acme.path("groups"), &acme.token, &json!({"name": "Big", "grants": grants})).ok(201);
    let token = app.token(&acme, &json!({"name": "hr", "actions": ["member:invite"], "grants": ["workspace_member"]}));
    let long = format!("{}x", " ".repeat(2_100_000));
    let many = vec!["Big"; 101];
    let wrong = vec!["nope"; 100];
    let row =
        |email: &str, grants: &[&str], groups: &[&str]| json!({"email": email, "grants": grants, "groups": groups});
    let rows = [
        row("a@example.com", MEMBER, &["Big"]),
        row("b@example.com", MEMBER, &[&long]),
        row("c@example.com", MEMBER, &many),
        row("d@example.com", &wrong, &[]),
    ];
    let body = json!({"invites": rows}).to_string();
    let report = send_as(&app, &acme.path("invites/bulk"), &token, "application/json", body.into()).ok(200);
    let detail = text(&report["rows"][0]["errors"][0]["detail"]);
    assert!(detail.contains("and 3 more"), "{detail}");
    assert_eq!(told(&report)[1..3], ["2 invalid groups:unknown_group", "3 invalid groups:out_of_range"]);
    assert_eq!(report["rows"][3]["errors"].as_array().unwrap().len(), 20);
    let commas = format!("email,grants\na@example.com,workspace_member{}\n", ",".repeat(5_000));
    assert_eq!(told(&send(&app, &acme, "", "text/csv", commas).ok(200)), ["2 invalid -:ragged_row"]);
    let header = send(&app, &acme, "", "text/csv", "x,".repeat(5_000)).problem(422, "validation_failed");
    assert!(header["errors"].as_array().unwrap().len() < 10);
}
