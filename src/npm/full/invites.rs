//! The dry run of a CSV file of invites, offline: the same report as `POST …/invites/bulk?dry_run=true`.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::model::{
    AddOn, AddOns, GrantExpr, GroupId, Name, Plan, Scope, Set, Settings, Slug, Timestamp, Workspace as Facts,
    WorkspaceId,
};
use crate::policy::bulk::{Row, Taken, check};
use crate::policy::{GroupAccess, ResourceFacts, Snapshot};
use crate::wire::bulk::{BulkView, Line, Read, from_csv};

use super::super::state::State;
use super::error::{Failure, to_js};
use super::input;

/// Reads a file of invites (columns `email,name,grants,groups`) and says of each row what would become of it. Without a
/// `snapshot` only what the file itself tells is checked: all that it names is taken to exist.
///
/// # Errors
/// Throws when the file isn't CSV, its header is wrong, or the snapshot can't be read.
#[wasm_bindgen(js_name = parseInvites)]
pub fn parse_invites(csv: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let file =
        input::bytes(csv).ok_or_else(|| Failure::new("invalid_type", "the file is a text or its bytes".to_owned()))?;
    let lines = from_csv(&file).map_err(Failure::from)?;
    let read: Vec<Read> = lines.iter().map(Line::read).collect();
    let rows: Vec<Row> = read.iter().map(|one| one.row.clone()).collect();
    let snapshot = match option(options, "snapshot") {
        Some(snapshot) => State::open(&snapshot)?.all().map_err(Failure::from)?,
        None => assumed(&rows).ok_or_else(|| Failure::new("internal", "no workspace could be assumed".to_owned()))?,
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
    let scopes = || rows.iter().flat_map(|row| &row.grants).map(GrantExpr::scope);
    let resource = |scope: &Scope| match scope {
        Scope::Resource(resource) => Some((resource.clone(), ResourceFacts::default())),
        Scope::Workspace | Scope::Labels(_) => None,
    };
    snapshot.resources = scopes().filter_map(resource).collect();
    let labels = scopes().filter_map(|scope| match scope {
        Scope::Labels(labels) => Some(labels.pairs()),
        Scope::Workspace | Scope::Resource(_) => None,
    });
    snapshot.labels = labels.flatten().collect();
    let keys: Set<&String> = rows.iter().flat_map(|row| &row.groups).collect();
    snapshot.groups = keys.iter().zip(0..).filter_map(|(key, index)| group(key, index)).collect();
    Some(snapshot)
}

/// The group that a row names, by its id or by its name.
fn group(key: &str, index: i64) -> Option<(GroupId, GroupAccess)> {
    let id = key.parse().unwrap_or_else(|_| GroupId::new(Timestamp::from_ms(index), [0; 10]));
    Some((id, GroupAccess { name: key.parse().ok()?, grants: Vec::new() }))
}
