//! Retention: an event can't be changed or deleted, but for the one run that deletes what is old enough and says so.

use rolecall::model::Timestamp;
use rolecall::store::retention;

use crate::support::{App, START, Tenant};

const DAY: i64 = 86_400_000;

/// Adds events of these moments.
fn add(app: &App, acme: &Tenant, moments: impl Iterator<Item = i64>) {
    let rows = moments.map(|at| {
        format!("('{}', 'evt_old{at}', 'label.created', {at}, 'system', 'x', 'system', 'label', 'a:b', 'r')", acme.id)
    });
    let rows: Vec<String> = rows.collect();
    app.sql(&format!(
        "INSERT INTO audit_events (workspace_id, id, type, at, actor_kind, actor_id, via, subject_type, subject_id, request_id) \
         VALUES {}",
        rows.join(", ")
    ))
    .unwrap();
}

fn notes(app: &App) -> Vec<String> {
    app.machine.notes.take()
}

#[test]
fn an_event_is_neither_changed_nor_deleted_nor_replaced() {
    let app = App::new();
    let acme = app.tenant("acme");
    add(&app, &acme, [1].into_iter());
    let columns = "workspace_id, id, type, at, actor_kind, actor_id, via, subject_type, subject_id, request_id";
    let copy = format!("INTO audit_events ({columns}) SELECT {} FROM audit_events", columns.replace("actor_id", "'y'"));
    for sql in [
        "UPDATE audit_events SET at = 0",
        "UPDATE audit_events SET before = '1' WHERE id = 'evt_old1'",
        "DELETE FROM audit_events",
        "DELETE FROM audit_events WHERE id = 'evt_old1'",
        "DELETE FROM audit_events WHERE at < 2",
        &format!("REPLACE {copy}"),
        &format!("INSERT OR REPLACE {copy}"),
        &format!("INSERT OR IGNORE {copy}"),
        &format!("INSERT {copy} WHERE true ON CONFLICT DO UPDATE SET actor_id = 'y'"),
    ] {
        let refused = app.sql(sql).unwrap_err();
        assert!(refused.contains("rule:append_only"), "{sql}: {refused}");
    }
    app.sql("DELETE FROM audit_retention").unwrap();
    assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE id = 'evt_old1' AND at = 1 AND actor_id = 'x'"), 1);
}

#[test]
fn while_retention_runs_what_is_newer_stays_all_the_same() {
    let app = App::new();
    let acme = app.tenant("acme");
    add(&app, &acme, [1_000, 1_999, 2_000, 2_001].into_iter());
    let within = |sql: &str| app.sql(&format!("BEGIN; INSERT INTO audit_retention VALUES (2000); {sql}; COMMIT"));
    for sql in [
        "DELETE FROM audit_events",
        "DELETE FROM audit_events WHERE at = 2000",
        "DELETE FROM audit_events WHERE id = 'evt_old2001'",
        "UPDATE audit_events SET actor_id = 'y' WHERE at < 2000",
    ] {
        let refused = within(sql).unwrap_err();
        assert!(refused.contains("rule:append_only"), "{sql}: {refused}");
        app.sql("ROLLBACK").unwrap();
    }
    assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE id LIKE 'evt_old%'"), 4);
    within("DELETE FROM audit_events WHERE at < 2000; DELETE FROM audit_retention").unwrap();
    assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE id LIKE 'evt_old%'"), 2);
}

#[test]
fn what_is_older_than_the_deployment_keeps_it_goes_and_the_log_says_so_once() {
    let app = App::new().keeping(30);
    let acme = app.tenant("acme");
    let now = START + 1;
    let horizon = now - 30 * DAY;
    add(&app, &acme, [1, horizon - 1, horizon, horizon + 1, now - DAY].into_iter());
    let own = app.count("SELECT count(*) FROM audit_events WHERE id NOT LIKE 'evt_old%'");
    app.sweep();
    let left = "SELECT count(*) * 1000 + sum(at >= ";
    let left = format!("{left}{horizon}) FROM audit_events WHERE id LIKE 'evt_old%'");
    assert_eq!(app.count(&left), 3_003);
    assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE id NOT LIKE 'evt_old%'"), own);
    assert_eq!(notes(&app), ["audit retention: removed 2 events older than 2025-12-02T00:00:00.001Z"]);
    assert_eq!(app.count("SELECT count(*) FROM audit_retention"), 0);
    app.sweep();
    assert!(notes(&app).is_empty(), "nothing to remove, nothing to say");
}

#[test]
fn without_a_retention_everything_is_kept() {
    for days in [0, -1] {
        let app = App::new().keeping(days);
        let acme = app.tenant("acme");
        add(&app, &acme, 1..100);
        app.pass(24 * 365 * 50);
        app.sweep();
        assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE id LIKE 'evt_old%'"), 99);
        assert!(notes(&app).is_empty());
    }
}

#[test]
fn a_run_removes_a_bounded_number_the_oldest_first_and_the_next_goes_on() {
    let app = App::new().keeping(1);
    let (acme, other) = (app.tenant("acme"), app.tenant("other"));
    add(&app, &acme, (1..=3_000).map(|at| at * 2));
    add(&app, &other, (1..=3_000).map(|at| at * 2 + 1));
    app.sweep();
    assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE id LIKE 'evt_old%'"), 1_000);
    assert_eq!(app.count("SELECT min(at) FROM audit_events"), 5_002);
    app.sweep();
    assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE id LIKE 'evt_old%'"), 0);
    let removed: Vec<String> = notes(&app).iter().map(|note| note.split(' ').nth(3).unwrap().to_owned()).collect();
    assert_eq!(removed, ["5000", "1000"]);
}

#[test]
fn a_workspace_is_deleted_and_its_record_stays_until_its_time_is_over() {
    let app = App::new().keeping(30);
    let acme = app.tenant("acme");
    app.delete(&acme.root(), &acme.token).ok(204);
    app.sweep();
    assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE type = 'workspace.deleted'"), 1);
    app.pass(31 * 24);
    app.sweep();
    assert_eq!(app.count("SELECT count(*) FROM audit_events"), 0);
}

#[test]
fn what_is_old_is_found_by_an_index_and_deleted_by_its_key() {
    let app = App::new();
    let plan = app.machine.plan(&retention::delete(Timestamp::from_ms(START))[1]);
    assert!(plan.contains("audit_events_by_age (at<?)") && plan.contains("(workspace_id=? AND id=?)"), "{plan}");
    assert!(!plan.contains("SCAN") && !plan.contains("ORDER BY"), "{plan}");
}
