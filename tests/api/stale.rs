//! Stale access: who isn't seen, what isn't used and what nobody looked at, each once, with the reason; nothing else.

use rolecall::model::{StaleKind, Timestamp};
use rolecall::store::stale::{self, Position};
use serde_json::{Value, json};

use crate::support::{Answer, App, START, Tenant, text};

const MEMBER: &[&str] = &["workspace_member"];

fn report(app: &App, acme: &Tenant, query: &str) -> Vec<Value> {
    app.get(&acme.path(&format!("access/stale{query}")), &acme.token).ok(200)["data"].as_array().unwrap().clone()
}

/// Rows as `kind name-or-address reason`.
fn told(rows: &[Value]) -> Vec<String> {
    let who = |row: &Value| text(if row["name"].is_null() { &row["email"] } else { &row["name"] });
    rows.iter().map(|row| format!("{} {} {}", text(&row["kind"]), who(row), text(&row["reason"]))).collect()
}

fn file(app: &App, acme: &Tenant, query: &str, accept: &str) -> Answer {
    let path = acme.path(&format!("access/stale{query}"));
    app.call_with("GET", &path, &acme.token, &[("accept", accept)], &Value::Null)
}

/// A workspace where the owner is active, and stale by its settings are: ann, who was seen; ben, who never was; a token that was
/// used and one that never was. Of its two invites of today one was looked at.
fn filled() -> (App, Tenant) {
    let app = App::new();
    let acme = app.tenant("acme");
    app.tenant("other");
    let (ben, _) = app.member(&acme, "ben@example.com", &["workspace_member", "source_read_only"]);
    app.sql(&format!("UPDATE members SET last_active_at = NULL WHERE account_id = '{ben}'")).unwrap();
    let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
    app.pass(1);
    let group = text(
        &app.post(&acme.path("groups"), &acme.token, &json!({"name": "Web", "grants": ["source_admin"]})).ok(201)["id"],
    );
    app.post(&acme.path(&format!("groups/{group}/members")), &acme.token, &json!({"members": [ann]})).ok(200);
    let used = app.token(&acme, &json!({"name": "used", "actions": ["member:view"]}));
    app.pass(1);
    app.get(&acme.path("seats"), &used).ok(200);
    app.token(&acme, &json!({"name": "never", "grants": ["source_admin"], "actions": ["member:view", "audit:view"]}));
    app.pass(24 * 90);
    app.get(&acme.root(), &acme.token).ok(200);
    app.member(&acme, "cat@example.com", MEMBER);
    app.token(&acme, &json!({"name": "new", "actions": ["member:view"]}));
    let (_, opened) = app.invite(&acme, "opened@example.com", MEMBER);
    app.get(&format!("/v1/invites/{opened}"), "").ok(200);
    app.invite(&acme, "unopened@example.com", &["workspace_member", "source_read_only"]);
    (app, acme)
}

const ALL: [&str; 5] = [
    "member ben never_active",
    "member ann inactive",
    "token used unused",
    "token never never_used",
    "invite unopened@example.com never_opened",
];

#[test]
fn the_report_names_what_is_stale_by_the_settings_and_why() {
    let (app, acme) = filled();
    let rows = report(&app, &acme, "");
    assert_eq!(told(&rows), ALL);
    let seats = app.get(&acme.path("seats"), &acme.token).ok(200);
    assert_eq!(seats["inactive"], 2, "the seats agree");
    let listed = app.get(&acme.path("members?inactive_since=2026-04-01T00:00:00Z"), &acme.token).ok(200);
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    let (ben, ann, used, invite) = (&rows[0], &rows[1], &rows[2], &rows[4]);
    let keys: Vec<&String> = ben.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["actions", "email", "grants", "id", "kind", "last_active_at", "name", "reason", "since"]);
    assert_eq!((&ben["last_active_at"], &ben["email"]), (&Value::Null, &json!("ben@example.com")));
    assert!(text(&ben["since"]).starts_with("2026-01-01T00:00:00"), "from joining: {ben}");
    assert_eq!(ann["last_active_at"], ann["since"]);
    let expressions = |row: &Value| {
        row["grants"].as_array().unwrap().iter().map(|grant| text(&grant["expression"])).collect::<Vec<_>>()
    };
    assert_eq!(expressions(ben), ["workspace_member", "source_read_only"]);
    assert_eq!(expressions(ann), ["workspace_member", "source_admin"]);
    assert_eq!(ann["grants"][1]["via"]["group"]["name"], "Web");
    assert!(text(&used["last_active_at"]).starts_with("2026-01-01T02:00:00"), "{used}");
    assert_eq!((&used["actions"], &used["email"]), (&json!(["member:view"]), &Value::Null));
    assert_eq!(expressions(invite), ["workspace_member", "source_read_only"]);
    assert!(text(&invite["id"]).starts_with("inv_") && invite["last_active_at"].is_null());
    app.patch(&acme.root(), &acme.token, &json!({"settings": {"stale_after_days": 91}})).ok(200);
    assert_eq!(told(&report(&app, &acme, "")), ALL[4..]);
    assert_eq!(app.get(&acme.path("seats"), &acme.token).ok(200)["inactive"], 0);
}

#[test]
fn a_kind_and_a_moment_narrow_it() {
    let (app, acme) = filled();
    for (query, expected) in [
        ("?kind=member", vec![ALL[0], ALL[1]]),
        ("?kind=token", vec![ALL[2], ALL[3]]),
        ("?kind=invite", vec![ALL[4]]),
        ("?kind=invite,member,invite", vec![ALL[0], ALL[1], ALL[4]]),
        ("?inactive_since=2026-01-01T00:30:00Z", vec![ALL[0], ALL[1]]),
        ("?inactive_since=2026-01-01T02:00:00Z&kind=token", vec![]),
        ("?inactive_since=2025-12-31T00:00:00Z", vec![]),
    ] {
        assert_eq!(told(&report(&app, &acme, query)), expected, "{query}");
    }
    let soon = told(&report(&app, &acme, "?inactive_since=2027-01-01T00:00:00Z"));
    assert_eq!(soon.len(), 9, "everything that isn't of the future, opened invites aside: {soon:?}");
    for query in ["?kind=", "?kind=group", "?kind=member,", "?inactive_since=yesterday", "?inactive_since=", "?limit=0"]
    {
        app.get(&acme.path(&format!("access/stale{query}")), &acme.token).problem(400, "invalid_parameter");
    }
    let first = app.get(&acme.path("access/stale?limit=1"), &acme.token).ok(200);
    let other = format!("access/stale?kind=member&limit=1&cursor={}", text(&first["next_cursor"]));
    app.get(&acme.path(&other), &acme.token).problem(400, "invalid_cursor");
}

#[test]
fn what_was_used_at_that_moment_is_not_stale() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
    app.token(&acme, &json!({"name": "ci", "actions": ["member:view"]}));
    let at = START + 3_600_000;
    app.sql(&format!("UPDATE members SET last_active_at = {at} WHERE account_id = '{ann}'; UPDATE tokens SET last_used_at = {at} WHERE name = 'ci'")).unwrap();
    let ids = |time: &str| {
        let rows = report(&app, &acme, &format!("?inactive_since={time}"));
        told(&rows).into_iter().filter(|row| row.contains("ann") || row.contains(" ci ")).count()
    };
    assert_eq!((ids("2026-01-01T01:00:00Z"), ids("2026-01-01T01:00:00.001Z")), (0, 2));
}

#[test]
fn what_gives_no_access_is_not_in_it() {
    let app = App::new();
    let acme = app.tenant("acme");
    let made = |name: &str, ends: Value| {
        app.post(
            &acme.path("tokens"),
            &acme.token,
            &json!({"name": name, "actions": ["member:view"], "expires_at": ends}),
        )
        .ok(201)
    };
    made("over", json!("2026-01-02T00:00:00Z"));
    made("lasting", json!("2027-01-02T00:00:00Z"));
    let gone = made("gone", Value::Null);
    app.delete(&acme.path(&format!("tokens/{}", text(&gone["id"]))), &acme.token).ok(204);
    let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
    app.delete(&acme.member(&ann), &acme.token).ok(204);
    app.invite(&acme, "overdue@example.com", MEMBER);
    app.pass(24 * 100);
    let (canceled, _) = app.invite(&acme, "canceled@example.com", MEMBER);
    app.delete(&acme.invite(&canceled), &acme.token).ok(204);
    app.member(&acme, "accepted@example.com", MEMBER);
    for _ in 0..2 {
        assert_eq!(told(&report(&app, &acme, "?kind=token,invite")), ["token lasting never_used"]);
        app.sweep();
    }
}

#[test]
fn a_resent_invite_that_was_looked_at_before_stays_out() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (made, secret) = app.invite(&acme, "ann@example.com", MEMBER);
    assert_eq!(told(&report(&app, &acme, "?kind=invite")), ["invite ann@example.com never_opened"]);
    app.get(&format!("/v1/invites/{secret}"), "").ok(200);
    app.post(&format!("{}/resend", acme.invite(&made)), &acme.token, &json!({"deliver": "link"})).ok(200);
    assert!(report(&app, &acme, "?kind=invite").is_empty());
}

/// All rows, by pages of this size.
fn walk(app: &App, acme: &Tenant, kinds: &str, limit: usize) -> Vec<Value> {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    for _ in 0..20 {
        let page =
            app.get(&acme.path(&format!("access/stale?kind={kinds}&limit={limit}{cursor}")), &acme.token).ok(200);
        seen.extend(page["data"].as_array().unwrap().clone());
        let Some(next) = page["next_cursor"].as_str() else { return seen };
        cursor = format!("&cursor={next}");
    }
    panic!("the pages have no end: {}", seen.len());
}

#[test]
fn pages_of_any_size_hold_each_row_once_in_order() {
    let (app, acme) = filled();
    app.sql("UPDATE tokens SET expires_at = 1 WHERE name = 'used'").unwrap();
    let whole = told(&report(&app, &acme, ""));
    assert_eq!(whole.len(), 4);
    for limit in 1..=5 {
        assert_eq!(told(&walk(&app, &acme, "member,token,invite", limit)), whole, "by {limit}");
    }
}

#[test]
fn whoever_came_at_one_moment_comes_in_pages_too() {
    let app = App::new();
    let acme = app.tenant("acme");
    for index in 0..9 {
        app.member(&acme, &format!("p{index}@example.com"), MEMBER);
    }
    let same =
        "UPDATE members SET last_active_at = NULL, joined_at = 5; UPDATE members SET joined_at = 6 WHERE email > 'p5'";
    app.sql(same).unwrap();
    for limit in [1, 2, 3, 4, 9] {
        let rows = walk(&app, &acme, "member", limit);
        let seen: std::collections::BTreeSet<String> = rows.iter().map(|row| text(&row["email"])).collect();
        // The owner was seen by asking.
        assert_eq!((seen.len(), rows.len()), (9, 9), "by {limit}");
    }
}

#[test]
fn who_may_not_see_a_kind_is_told_so_and_can_ask_for_the_others() {
    let (app, acme) = filled();
    let viewer = app.token(&acme, &json!({"name": "viewer", "actions": ["member:view"]}));
    let refused = app.get(&acme.path("access/stale"), &viewer).problem(403, "forbidden");
    assert!(text(&refused["detail"]).contains("kind=member,invite"), "{refused}");
    assert!(!refused["missing"].as_array().unwrap().is_empty());
    app.get(&acme.path("access/stale?kind=token"), &viewer).problem(403, "forbidden");
    app.get(&acme.path("access/stale?kind=member,invite"), &viewer).ok(200);
    let manager = app.token(&acme, &json!({"name": "manager", "actions": ["token:manage"]}));
    app.get(&acme.path("access/stale?kind=token"), &manager).ok(200);
    app.get(&acme.path("access/stale?kind=invite"), &manager).problem(403, "forbidden");
    app.get("/v1/workspaces/other/access/stale", &acme.token).problem(404, "not_found");
}

#[test]
fn as_a_file_it_is_whole_and_safe_to_open() {
    let (app, acme) = filled();
    app.sql(
        "UPDATE members SET name = '=HYPERLINK(\"x\")', email = '+a,b@example.com' WHERE email = 'ann@example.com'",
    )
    .unwrap();
    let answer = file(&app, &acme, "?limit=1", "text/csv");
    assert_eq!((answer.header("content-type"), answer.header("vary")), ("text/csv; charset=utf-8", "accept"));
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"acme-stale-access.csv\"");
    assert_eq!(
        answer.header("x-rolecall-version"),
        app.count("SELECT version FROM workspaces WHERE slug = 'acme'").to_string()
    );
    let body = text(&answer.ok(200));
    let lines: Vec<&str> = body.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 6, "{body}");
    assert_eq!(lines[0], "kind,id,email,name,last_active_at,since,grants,actions,reason");
    assert!(
        lines[1].starts_with("member,acc_") && lines[1].contains(",ben@example.com,ben,,2026-01-01T00:00:00"),
        "{}",
        lines[1]
    );
    assert!(lines[1].ends_with(",workspace_member;source_read_only,,never_active"), "{}", lines[1]);
    assert!(lines[2].contains(",\"'+a,b@example.com\",\"'=HYPERLINK(\"\"x\"\")\",2026-"), "{}", lines[2]);
    assert!(lines[4].ends_with(",source_admin,member:view;audit:view,never_used"), "{}", lines[4]);
    let paged = report(&app, &acme, "");
    let body = text(&file(&app, &acme, "", "application/x-ndjson").ok(200));
    let rows: Vec<Value> = body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows, paged);
}

#[test]
fn a_long_file_is_read_page_by_page_and_has_each_row_once() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.sql(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) \
         INSERT INTO accounts (id, email, name, created_at) SELECT printf('acc_%025d0', i), 'p' || i || '@example.com', 'P', 1 FROM n; \
         INSERT INTO members (workspace_id, account_id, email, name, name_key, provisioned_by, joined_at) \
         SELECT '{}', id, email, name, 'p', 'scim', 1 FROM accounts WHERE name = 'P'",
        acme.id
    ))
    .unwrap();
    let path = acme.path("access/stale?kind=member");
    let request =
        http::Request::get(path).header("authorization", format!("Bearer {}", acme.token)).header("accept", "text/csv");
    let mut body = app.open(request.body(Vec::new()).unwrap()).into_body();
    let mut pages = Vec::new();
    loop {
        let had = app.machine.statements();
        let Some(page) = app.next(&mut body).unwrap() else { break };
        pages.push(String::from_utf8(page).unwrap());
        assert!(app.machine.statements() - had <= 2, "a page at a time");
    }
    let lengths: Vec<usize> = pages.iter().map(|page| page.lines().count()).collect();
    assert_eq!(lengths, [201, 200, 100]);
    let ids: std::collections::BTreeSet<&str> =
        pages.iter().flat_map(|page| page.lines()).filter_map(|line| line.split(',').nth(1)).collect();
    assert_eq!(ids.len(), 501);
}

#[test]
fn each_kind_is_read_by_an_index_of_its_own_in_its_order() {
    let app = App::new();
    let acme = app.tenant("acme");
    for (kind, index, since) in [
        (StaleKind::Member, "members_by_seen", "<expr>"),
        (StaleKind::Token, "tokens_by_use", "<expr>"),
        (StaleKind::Invite, "invites_unopened", "sent_at"),
    ] {
        let id = acme.id.parse().unwrap();
        let plan = app.machine.plan(&stale::after(&id, &Position::start(kind), Timestamp::from_ms(START), 10));
        assert!(plan.contains("MERGE (UNION ALL)"), "{plan}");
        assert!(plan.contains(&format!("{index} (workspace_id=? AND {since}>? AND {since}<?)")), "{plan}");
        let tie = format!("{index} (workspace_id=? AND {since}=? AND ");
        assert!(plan.contains(&tie) && plan.matches("TEMP B-TREE").count() == 1, "at most a page is sorted: {plan}");
    }
    let moment = Timestamp::from_ms(START);
    let plan = app.machine.plan(&rolecall::store::seat::count(&acme.id.parse().unwrap(), moment, moment));
    assert!(plan.contains("members_by_seen (workspace_id=? AND <expr><?)"), "{plan}");
}

#[test]
fn a_personal_token_is_told_with_what_its_member_holds() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.pass(24 * 91);
    let reader = app.token(&acme, &json!({"name": "reader", "actions": ["token:manage"]}));
    app.sql("UPDATE tokens SET last_used_at = 1 WHERE account_id IS NOT NULL").unwrap();
    let path = acme.path("access/stale?kind=token");
    let rows = app.get(&path, &reader).ok(200)["data"].as_array().unwrap().clone();
    let roles: Vec<String> = rows[0]["grants"].as_array().unwrap().iter().map(|grant| text(&grant["role"])).collect();
    assert_eq!((rows.len(), roles.contains(&"workspace_owner".to_owned())), (1, true), "{roles:?}");
}
