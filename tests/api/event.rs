//! Reading the record: by filter, in pages that go on under inserts, or whole as a file.

use std::collections::BTreeSet;

use rolecall::model::Timestamp;
use rolecall::model::audit::EventType;
use rolecall::store::audit::{self, Filter};
use rolecall::store::page::Page;
use serde_json::{Value, json};

use crate::support::{Answer, App, START, Tenant, text};

/// A workspace in which ann, an owner, and a token have done something; an hour apart.
fn filled() -> (App, Tenant, String) {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, cookie) = app.member(&acme, "ann@example.com", &["workspace_owner", "workspace_member"]);
    app.pass(1);
    let label = |value: &str| json!({"key": "by", "value": value});
    app.as_person("POST", &acme.path("labels"), &cookie, &label("ann")).ok(201);
    app.pass(1);
    let token = app.token(&acme, &json!({"name": "ci", "actions": ["label:manage", "audit:view"]}));
    app.post(&acme.path("labels"), &token, &label("token")).ok(201);
    app.pass(1);
    app.patch(&acme.member(&ann), &acme.token, &json!({"name": "Ann"})).ok(200);
    (app, acme, ann)
}

fn events(app: &App, acme: &Tenant, query: &str) -> Vec<Value> {
    app.get(&acme.path(&format!("audit-events?{query}")), &acme.token).ok(200)["data"].as_array().unwrap().clone()
}

fn kinds(app: &App, acme: &Tenant, query: &str) -> String {
    events(app, acme, query).iter().map(|event| text(&event["type"])).collect::<Vec<_>>().join(" ")
}

fn file(app: &App, acme: &Tenant, query: &str, accept: &str) -> Answer {
    let path = acme.path(&format!("audit-events?{query}"));
    app.call_with("GET", &path, &acme.token, &[("accept", accept)], &Value::Null)
}

#[test]
fn an_event_says_who_did_what_to_what_when_and_how() {
    let (app, acme, ann) = filled();
    let answer = app.get(&acme.path("audit-events"), &acme.token);
    assert_eq!(answer.header("x-rolecall-version"), app.count("SELECT version FROM workspaces").to_string());
    let all = answer.ok(200);
    let newest = &all["data"][0];
    let request = text(&newest["request_id"]);
    assert!(text(&newest["id"]).starts_with("evt_") && request.starts_with("req_"), "{newest}");
    let expected = json!({
        "id": newest["id"], "type": "member.updated", "at": newest["at"], "request_id": request, "via": "api",
        "actor": {"kind": "member", "id": acme.owner, "email": "owner@acme.example"},
        "subject": {"type": "member", "id": ann}, "before": "ann", "after": "Ann",
    });
    assert_eq!(*newest, expected);
    let by_token = all["data"].as_array().unwrap().iter().find(|event| event["subject"]["id"] == "by:token").unwrap();
    assert_eq!(by_token["actor"].as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "kind"]);
    assert_eq!((&by_token["before"], &by_token["after"]["value"]), (&Value::Null, &json!("token")));
    assert!(!all.to_string().contains("rcl_"), "no secret");
}

#[test]
fn the_newest_come_first_and_a_filter_keeps_those_that_it_names() {
    let (app, acme, ann) = filled();
    let all = "member.updated label.created token.created label.created member.joined invite.accepted invite.sent workspace.created";
    let sorted = |kinds: &str| kinds.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(sorted(&kinds(&app, &acme, "")), sorted(all));
    assert!(kinds(&app, &acme, "").starts_with("member.updated label.created token.created label.created"));
    for (query, expected) in [
        (format!("actor={ann}&type=label.created"), "label.created"),
        (format!("actor={}", acme.owner), "member.updated token.created invite.sent"),
        ("actor=owner%40acme.example".to_owned(), "member.updated token.created invite.sent"),
        ("actor=me".to_owned(), "member.updated token.created invite.sent"),
        ("actor=bootstrap".to_owned(), "workspace.created"),
        ("actor=nobody%40example.com".to_owned(), ""),
        ("type=label.created".to_owned(), "label.created label.created"),
        ("subject=by:token".to_owned(), "label.created"),
        (format!("subject={ann}"), "member.updated member.joined"),
        ("subject=ann%40example.com".to_owned(), "member.updated member.joined"),
        (format!("subject={ann}&type=member.joined"), "member.joined"),
        ("since=2026-01-01T02:00:00Z".to_owned(), "member.updated label.created token.created"),
        ("since=2026-01-01T01:00:00Z&until=2026-01-01T01:59:00Z".to_owned(), "label.created"),
        ("until=2025-12-31T23:00:00Z".to_owned(), ""),
        ("since=2027-01-01T00:00:00%2B01:00".to_owned(), ""),
        ("since=0001-01-01T00:00:00Z&type=token.created".to_owned(), "token.created"),
    ] {
        assert_eq!(kinds(&app, &acme, &query), expected, "{query}");
    }
    let at = text(&events(&app, &acme, "")[0]["at"]);
    assert_eq!(kinds(&app, &acme, &format!("since={at}&until={at}")), "member.updated", "both ends are in the range");
}

#[test]
fn a_filter_that_can_mean_nothing_is_refused() {
    let (app, acme, _) = filled();
    for query in ["type=", "type=member", "type=member.flown", "since=yesterday", "until=", "limit=0", "limit=201"] {
        app.get(&acme.path(&format!("audit-events?{query}")), &acme.token).problem(400, "invalid_parameter");
    }
    app.get(&acme.path("audit-events?cursor=x"), &acme.token).problem(400, "invalid_cursor");
    let first = app.get(&acme.path("audit-events?limit=1"), &acme.token).ok(200);
    let other = format!("audit-events?type=label.created&cursor={}", text(&first["next_cursor"]));
    app.get(&acme.path(&other), &acme.token).problem(400, "invalid_cursor");
}

#[test]
fn pages_go_on_where_they_were_while_events_are_added() {
    let (app, acme, _) = filled();
    let whole: Vec<String> = events(&app, &acme, "limit=200").iter().map(|event| text(&event["id"])).collect();
    for limit in 1..=whole.len() {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = app.get(&acme.path(&format!("audit-events?limit={limit}{cursor}")), &acme.token).ok(200);
            seen.extend(page["data"].as_array().unwrap().iter().map(|event| text(&event["id"])));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
            app.patch(&acme.member(&acme.owner), &acme.token, &json!({"name": format!("O{limit}")})).ok(200);
        }
        let old: Vec<&String> = seen.iter().filter(|id| whole.contains(id)).collect();
        assert_eq!(old, whole.iter().collect::<Vec<_>>(), "by {limit}");
    }
}

#[test]
fn a_range_as_csv_is_whole_and_safe_to_open() {
    let (app, acme, ann) = filled();
    app.patch(&acme.member(&ann), &acme.token, &json!({"name": "a, \"b\""})).ok(200);
    app.sql("DROP TRIGGER audit_events_stay_as_they_are; UPDATE audit_events SET actor_email = '=1+1' WHERE type = 'token.created'").unwrap();
    let answer = file(&app, &acme, "limit=1", "text/csv");
    assert_eq!((answer.header("content-type"), answer.header("vary")), ("text/csv; charset=utf-8", "accept"));
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"acme-audit-events.csv\"");
    let body = text(&answer.ok(200));
    let lines: Vec<&str> = body.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 10, "{body}");
    assert_eq!(
        lines[0],
        "id,type,at,actor_kind,actor_id,actor_email,via,subject_type,subject_id,before,after,request_id"
    );
    assert!(
        lines[1].contains(&format!(",api,member,{ann},\"\"\"Ann\"\"\",\"\"\"a, \\\"\"b\\\"\"\"\"\",req_")),
        "{}",
        lines[1]
    );
    assert!(body.contains(",'=1+1,") && !body.contains(",=1+1"), "{body}");
    let some = text(&file(&app, &acme, "type=label.created", "text/csv").ok(200));
    assert_eq!(some.lines().count(), 3);
    let none = text(&file(&app, &acme, "until=2020-01-01T00:00:00Z", "text/csv").ok(200));
    assert_eq!(none.lines().count(), 1);
}

#[test]
fn a_range_as_lines_of_json_is_what_the_pages_say() {
    let (app, acme, _) = filled();
    let paged = events(&app, &acme, "limit=200");
    let answer = file(&app, &acme, "", "application/x-ndjson");
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    let body = text(&answer.ok(200));
    let lines: Vec<Value> = body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, paged);
}

#[test]
fn each_filter_is_read_by_an_index() {
    let app = App::new();
    let acme = app.tenant("acme");
    let none = Filter::default;
    let name = || Some("x".to_owned());
    let moment = Some(Timestamp::from_ms(START));
    for (filter, index) in [
        (none(), "PRIMARY KEY (workspace_id=? AND id<?)"),
        (Filter { since: moment, ..none() }, "PRIMARY KEY (workspace_id=? AND id>? AND id<?)"),
        (Filter { until: moment, ..none() }, "PRIMARY KEY (workspace_id=? AND id<?)"),
        (Filter { actor: name(), ..none() }, "audit_events_by_actor (workspace_id=? AND actor_id=? AND id<?)"),
        (Filter { subject: name(), ..none() }, "audit_events_by_subject (workspace_id=? AND subject_id=? AND id<?)"),
        (
            Filter { event_type: Some(EventType::LabelCreated), ..none() },
            "audit_events_by_type (workspace_id=? AND type=? AND id<?)",
        ),
    ] {
        let page = Page { after: name(), limit: 50 };
        let plan = app.machine.plan(&audit::page(&acme.id.parse().unwrap(), &filter, &page));
        assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{filter:?}: {plan}");
        let plan = app.machine.plan(&audit::chunk(&acme.id.parse().unwrap(), &filter, Some("x")));
        assert!(plan.contains(index) && plan.contains("(workspace_id=? AND id=?)"), "{filter:?}: {plan}");
        assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN audit"), "{filter:?}: {plan}");
    }
}
