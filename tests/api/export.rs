//! Files of the record: read page by page while they go out, whole or broken off.

use http::Request;
use rolecall::api::Body;

use crate::support::{App, Tenant};

const PAGE: usize = 2_500;

/// Adds events that never happened, each a little newer than the last, with so many bytes to say of what was before.
fn add(app: &App, acme: &Tenant, from: usize, count: usize, bytes: usize) {
    app.sql(&format!(
        "INSERT INTO audit_events (workspace_id, id, type, at, actor_kind, actor_id, via, subject_type, subject_id, before, request_id) \
         WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {from} + {count} - 1) \
         SELECT '{}', printf('evt_1%024d0', i), 'label.created', i, 'system', 'x', 'system', 'label', 'a:b', \
           json_quote(printf('%.*c', {bytes}, 'x')), 'r' FROM n",
        acme.id
    ))
    .unwrap();
}

/// Asks for a file of the events that were added.
fn open(app: &App, acme: &Tenant, accept: &str) -> Body {
    let path = acme.path("audit-events?actor=x");
    let request = Request::get(path).header("authorization", format!("Bearer {}", acme.token)).header("accept", accept);
    let answer = app.open(request.body(Vec::new()).unwrap());
    assert_eq!(answer.status(), 200);
    answer.into_body()
}

fn page(app: &App, body: &mut Body) -> String {
    String::from_utf8(app.next(body).unwrap().unwrap_or_default()).unwrap()
}

/// The numbers of the events on a page of CSV.
fn numbers(page: &str) -> Vec<usize> {
    let rows = page.lines().filter(|line| line.starts_with("evt_"));
    rows.map(|line| line[5..29].parse().unwrap()).collect()
}

#[test]
fn a_file_is_read_a_page_at_a_time_in_one_query_each_and_has_every_event_once_in_order() {
    let app = App::new();
    let acme = app.tenant("acme");
    add(&app, &acme, 1, 20_000, 100);
    let before = app.machine.statements();
    let mut body = open(&app, &acme, "text/csv");
    let asked = app.machine.statements() - before;
    let (mut seen, mut pages, mut largest) = (Vec::new(), 0, 0);
    loop {
        let had = app.machine.statements();
        let page = page(&app, &mut body);
        if page.is_empty() {
            break;
        }
        pages += 1;
        largest = largest.max(page.len());
        seen.extend(numbers(&page));
        assert_eq!(seen.len(), pages * PAGE, "a page at a time");
        // The first page was read to be answered; whoever doesn't read on has nothing read for them.
        assert_eq!(app.machine.statements() - had, usize::from(pages > 1));
    }
    assert!(seen.into_iter().eq((1..=20_000).rev()));
    assert!(asked + 100_000 / PAGE <= 50, "{asked} queries before the second page");
    assert!(largest < 1_000_000, "{largest} bytes");
}

#[test]
fn a_page_is_bounded_in_bytes_whatever_the_events_hold() {
    let app = App::new();
    let acme = app.tenant("acme");
    add(&app, &acme, 1, 1_000, 10);
    add(&app, &acme, 1_001, 6, 1_500_000);
    add(&app, &acme, 1_007, 1_000, 10);
    for accept in ["text/csv", "application/x-ndjson"] {
        let mut body = open(&app, &acme, accept);
        let mut lengths = Vec::new();
        while let Some(page) = app.next(&mut body).unwrap() {
            lengths.push((page.len(), page.iter().filter(|byte| **byte == b'\n').count()));
        }
        let events: usize = lengths.iter().map(|(_, lines)| lines).sum();
        assert_eq!(events, 2_006 + usize::from(accept == "text/csv"));
        assert!(lengths.iter().all(|(bytes, _)| *bytes < 6_100_000), "{lengths:?}");
    }
}

#[test]
fn what_happens_while_a_file_goes_out_is_not_in_it_and_moves_nothing() {
    let app = App::new();
    let acme = app.tenant("acme");
    add(&app, &acme, 1, 6_000, 10);
    let mut body = open(&app, &acme, "text/csv");
    let mut seen = numbers(&page(&app, &mut body));
    for more in 0..3 {
        add(&app, &acme, 6_001 + more * 4_000, 4_000, 10);
        seen.extend(numbers(&page(&app, &mut body)));
    }
    assert!(seen.into_iter().eq((1..=6_000).rev()));
    assert!(app.next(&mut body).unwrap().is_none());
}

#[test]
fn a_file_whose_end_falls_on_that_of_a_page_ends_there() {
    for (count, pages) in [(0, 1), (1, 1), (PAGE, 1), (PAGE + 1, 2), (2 * PAGE, 2)] {
        let app = App::new();
        let acme = app.tenant("acme");
        if count > 0 {
            add(&app, &acme, 1, count, 10);
        }
        let mut body = open(&app, &acme, "text/csv");
        let (mut read, mut rows) = (0, 0);
        while let Some(page) = app.next(&mut body).unwrap() {
            read += 1;
            rows += String::from_utf8(page).unwrap().lines().count();
        }
        assert_eq!((read, rows), (pages, count + 1), "{count} events");
    }
}

#[test]
fn a_failure_in_the_middle_breaks_the_file_off_and_is_logged() {
    let app = App::new();
    let acme = app.tenant("acme");
    add(&app, &acme, 1, 6_000, 10);
    for accept in ["text/csv", "application/x-ndjson"] {
        let mut body = open(&app, &acme, accept);
        page(&app, &mut body);
        app.sql("ALTER TABLE audit_events RENAME TO elsewhere").unwrap();
        app.next(&mut body).unwrap_err();
        let logged = app.machine.log.take();
        assert!(logged.len() == 1 && logged[0].contains("in the middle of a file"), "{logged:?}");
        assert!(logged[0].starts_with("req_") && logged[0].contains("no such table"), "{logged:?}");
        app.sql("ALTER TABLE elsewhere RENAME TO audit_events").unwrap();
    }
}

#[test]
fn what_fails_from_the_start_is_a_problem() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.sql("ALTER TABLE audit_events RENAME TO elsewhere").unwrap();
    let path = acme.path("audit-events");
    let request =
        Request::get(path).header("authorization", format!("Bearer {}", acme.token)).header("accept", "text/csv");
    let answer = app.open(request.body(Vec::new()).unwrap());
    assert_eq!(answer.status(), 500);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    app.machine.log.take();
}

#[test]
fn no_page_is_read_for_a_head() {
    let app = App::new();
    let acme = app.tenant("acme");
    add(&app, &acme, 1, 6_000, 10);
    let answer = app.call_with(
        "HEAD",
        &acme.path("audit-events"),
        &acme.token,
        &[("accept", "text/csv")],
        &serde_json::Value::Null,
    );
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert!(answer.body.is_null());
}

#[test]
fn a_file_without_a_row_says_what_it_is() {
    let app = App::new();
    let acme = app.tenant("acme");
    let path = acme.path("audit-events?until=2000-01-01T00:00:00Z");
    let answer =
        app.call_with("GET", &path, &acme.token, &[("accept", "application/x-ndjson")], &serde_json::Value::Null);
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-ndjson"));
}
