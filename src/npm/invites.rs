//! The dry run of a CSV file of invites, offline: the same report as `POST …/invites/bulk?dry_run=true`.

use std::collections::BTreeSet;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::model::{
    AddOn, AddOns, GroupId, Name, Plan, Scope, Settings, Slug, Timestamp, Workspace as Facts, WorkspaceId,
};
use crate::policy::bulk::{Row, Taken, check};
use crate::policy::{GroupAccess, Snapshot};
use crate::wire::bulk::{BulkView, Line, Read, from_csv};

use super::error::{Failure, to_js};
use super::input;
use super::state::State;

/// Reads a file of invites (columns `email,name,grants,groups`) and says of each row what would become of it. Without a
/// `snapshot` only what the file itself tells is checked: all that it names is taken to exist.
///
/// # Errors
/// Throws when the file isn't CSV, its header is wrong, or the snapshot can't be read.
#[wasm_bindgen(js_name = parseInvites)]
pub fn parse_invites(csv: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let file = input::bytes(csv).ok_or_else(|| Failure::new("invalid_type", "the file is a text or its bytes"))?;
    let lines = from_csv(&file).map_err(Failure::from)?;
    let read: Vec<Read> = lines.iter().map(Line::read).collect();
    let rows: Vec<Row> = read.iter().map(|one| one.row.clone()).collect();
    let snapshot = match option(options, "snapshot") {
        Some(snapshot) => State::load(&snapshot)?.all().map_err(Failure::from)?,
        None => assumed(&rows).ok_or_else(|| Failure::new("internal", "no workspace could be assumed"))?,
    };
    let checked = check(&snapshot, None, &Taken::of(&snapshot), &rows);
    to_js(&BulkView::new(lines, &read, &checked))
}

fn option(options: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(options, &name.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// A workspace with room for everybody and everything that the rows name.
fn assumed(rows: &[Row]) -> Option<Snapshot> {
    let at = Timestamp::from_ms(0);
    let mut snapshot = Snapshot::new(Facts {
        id: WorkspaceId::new(at, [0; 10]),
        slug: "assumed".parse::<Slug>().ok()?,
        name: "Assumed".parse::<Name>().ok()?,
        plan: Plan::Business,
        add_ons: AddOns::of([AddOn::Protocols, AddOn::Engage]),
        seat_limit: None,
        settings: Settings::default(),
        version: 0,
        created_at: at,
    });
    for grant in rows.iter().flat_map(|row| &row.grants) {
        match grant.scope() {
            Scope::Workspace => {}
            Scope::Resource(resource) => drop(snapshot.resources.entry(resource.clone()).or_default()),
            Scope::Labels(labels) => snapshot.labels.extend(labels.pairs()),
        }
    }
    let keys: BTreeSet<&String> = rows.iter().flat_map(|row| &row.groups).collect();
    for (index, key) in keys.into_iter().enumerate() {
        let made = || GroupId::new(Timestamp::from_ms(i64::try_from(index).unwrap_or_default()), [0; 10]);
        let Ok(name) = key.parse::<Name>() else { continue };
        let id = key.parse::<GroupId>().unwrap_or_else(|_| made());
        snapshot.groups.insert(id, GroupAccess { name, grants: Vec::new() });
    }
    Some(snapshot)
}
