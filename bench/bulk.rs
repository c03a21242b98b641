//! How long it takes to read and check a CSV file of 10,000 invites, a twentieth of them bad in ten ways.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a measurement reads the clock and may fail loudly")]

use std::time::Instant;

use rolecall::model::{AddOns, Plan, Settings, Timestamp, Workspace, WorkspaceId};
use rolecall::policy::bulk::{Taken, check};
use rolecall::policy::{Held, Snapshot};
use rolecall::wire::bulk::{BulkView, Line, from_csv};

const ROWS: usize = 10_000;
const RUNS: usize = 20;

const BAD: [&str; 10] = [
    "not-an-address,Ann,workspace_member,",
    "dup@example.com,Ann,workspace_member,",
    "a{i}@example.com,Ann,sauce_admin,",
    "a{i}@example.com,Ann,workspace_member;source_admin@,",
    "a{i}@example.com,Ann,workspace_member;source_admin@warehouse/x,",
    "a{i}@example.com,Ann,workspace_member;source_admin@source/none,",
    "a{i}@example.com,Ann,source_admin,",
    "a{i}@example.com,Ann,workspace_member;tracking_plan_admin,",
    "a{i}@example.com,Ann,workspace_member,No such group",
    "a{i}@example.com,Ann,workspace_member",
];

fn file() -> String {
    let mut text = "email,name,grants,groups\r\ndup@example.com,,workspace_member,\r\n".to_owned();
    for index in 1..ROWS {
        let row = match BAD.get((index / 20) % BAD.len()) {
            Some(bad) if index % 20 == 0 => bad.replace("{i}", &index.to_string()),
            _ => format!("person{index}@example.com,\"Lee, Ann\",workspace_member;source_read_only,"),
        };
        text.push_str(&row);
        text.push_str("\r\n");
    }
    text
}

fn workspace() -> Workspace {
    let created_at = Timestamp::from_ms(0);
    Workspace {
        id: WorkspaceId::new(created_at, [0; 10]),
        slug: "acme".parse().unwrap(),
        name: "Acme".parse().unwrap(),
        plan: Plan::Team,
        add_ons: AddOns::default(),
        seat_limit: None,
        settings: Settings::default(),
        version: 1,
        created_at,
    }
}

fn main() {
    let (file, snapshot) = (file(), Snapshot::new(workspace()));
    let mut times = Vec::new();
    let mut summary = None;
    for _ in 0..RUNS {
        let from = Instant::now();
        let lines = from_csv(file.as_bytes()).unwrap();
        let read: Vec<_> = lines.iter().map(Line::read).collect();
        let rows: Vec<_> = read.iter().map(|read| read.row.clone()).collect();
        let checked = check(&snapshot, None::<&Held>, &Taken::of(&snapshot), &rows);
        let view = BulkView::new(lines, &read, &checked);
        times.push(from.elapsed());
        summary = Some(view.summary);
    }
    times.sort();
    println!("{ROWS} rows, {} KB: {summary:?}", file.len() / 1000);
    println!("median {:.1?}, slowest {:.1?} of {RUNS} runs", times.get(RUNS / 2).unwrap(), times.last().unwrap());
}
