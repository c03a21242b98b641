//! What every path that gives grants checks first: the resources and labels exist, the plan includes them, the giver
//! holds as much.

use std::collections::BTreeSet;

use crate::host::{Db as _, Host};
use crate::model::{Grant, GrantExpr, GrantId, ResourceRef, Scope, Workspace};
use crate::policy::{Held, Refusal, ResourceFacts, Snapshot, exceeding};
use crate::store::{access, resource};

use super::context::Context;
use super::inside::Inside;
use super::problem::Problem;
use crate::wire::issue::Issues;

/// The slice of a workspace that these resources touch: they and their parents, as far as they exist.
pub(super) async fn slice<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    references: &[ResourceRef],
) -> Result<Snapshot, Problem> {
    let mut snapshot = Snapshot::new(workspace.clone());
    if !references.is_empty() {
        let rows = cx.db().query(&access::resources(&workspace.id, references)).await?;
        add_resources(&mut snapshot, access::resources_from_rows(&rows)?);
    }
    Ok(snapshot)
}

/// Puts registered resources into a snapshot.
pub(super) fn add_resources(snapshot: &mut Snapshot, rows: Vec<access::ResourceRow>) {
    let facts = rows.into_iter().map(|row| (row.reference, ResourceFacts { labels: row.labels, parent: row.parent }));
    snapshot.resources.extend(facts);
}

/// These grants, each once, in their order.
pub(super) fn unique<'a>(grants: impl IntoIterator<Item = &'a GrantExpr>) -> Vec<GrantExpr> {
    let mut seen = BTreeSet::new();
    grants.into_iter().filter(|grant| seen.insert(*grant)).cloned().collect()
}

/// The resources that grants name.
pub(super) fn named<'a>(grants: impl IntoIterator<Item = &'a GrantExpr>) -> Vec<ResourceRef> {
    let scopes = grants.into_iter().filter_map(|grant| match grant.scope() {
        Scope::Resource(resource) => Some(resource.clone()),
        Scope::Workspace | Scope::Labels(_) => None,
    });
    scopes.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Checks that these grants, which stand at `path` of the body, may be given.
///
/// # Errors
/// 422 for a resource or label that isn't there, 402 for what the plan lacks, 403 for more than the giver holds.
pub(super) async fn check_giving<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    grants: &[GrantExpr],
    path: &str,
) -> Result<(), Problem> {
    check_adding(cx, inside, grants, &[], path).await
}

/// As [`check_giving`], for a holder who has some of these grants already: those stay, whoever could give them now.
///
/// # Errors
/// As [`check_giving`].
pub(super) async fn check_adding<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    listed: &[GrantExpr],
    had: &[GrantExpr],
    path: &str,
) -> Result<(), Problem> {
    let places = listed.iter().enumerate().filter(|(_, grant)| !had.contains(grant));
    let places: Vec<(String, &GrantExpr)> = places.map(|(index, grant)| (format!("{path}/{index}"), grant)).collect();
    check_places(cx, inside, &places).await
}

/// As [`check_giving`], of grants that stand each at a place of its own.
///
/// # Errors
/// As [`check_giving`].
pub(super) async fn check_places<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    places: &[(String, &GrantExpr)],
) -> Result<(), Problem> {
    let grants = unique(places.iter().map(|(_, grant)| *grant));
    let snapshot = slice(cx, &inside.workspace, &named(&grants)).await?;
    let mut issues = Issues::default();
    check_resources(&mut issues, &snapshot, places);
    check_labels(cx, &mut issues, inside, places).await?;
    issues.check()?;
    check_plan(&inside.workspace, &grants)?;
    check_ceiling(&snapshot, &inside.held, &grants)
}

/// Notes at a place of the body what a preview would call a problem of the change.
fn note(issues: &mut Issues, place: &str, refusal: &Refusal) {
    issues.add(place, refusal.code(), refusal.to_string());
}

fn check_resources(issues: &mut Issues, snapshot: &Snapshot, places: &[(String, &GrantExpr)]) {
    for (place, grant) in places {
        if let Scope::Resource(resource) = grant.scope()
            && !snapshot.resources.contains_key(resource)
        {
            note(issues, place, &Refusal::UnknownResource { resource: resource.clone() });
        }
    }
}

async fn check_labels<H: Host>(
    cx: &Context<'_, H>,
    issues: &mut Issues,
    inside: &Inside,
    places: &[(String, &GrantExpr)],
) -> Result<(), Problem> {
    let texts = |grant: &GrantExpr| match grant.scope() {
        Scope::Labels(labels) => labels.iter().map(|(key, value)| format!("{key}:{value}")).collect::<Vec<_>>(),
        Scope::Workspace | Scope::Resource(_) => Vec::new(),
    };
    let wanted: Vec<String> = places.iter().flat_map(|(_, grant)| texts(grant)).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let known =
        resource::labels_from_rows(&cx.db().query(&resource::known_labels(&inside.workspace.id, &wanted)).await?)?;
    for (place, grant) in places {
        for label in texts(grant).iter().filter(|label| !known.contains(label)) {
            note(issues, place, &Refusal::UnknownLabel { label: label.clone() });
        }
    }
    Ok(())
}

/// Checks that the plan includes each grant.
///
/// # Errors
/// 402 for the first that it doesn't.
pub(super) fn check_plan(workspace: &Workspace, grants: &[GrantExpr]) -> Result<(), Problem> {
    match grants.iter().find_map(|grant| grant.unmet_need(workspace).map(|need| (grant, need))) {
        Some((grant, need)) => Err(Problem::plan_required(grant, need)),
        None => Ok(()),
    }
}

/// Checks that the giver holds at least as much on each scope.
///
/// # Errors
/// 403 with what exceeds.
pub(super) fn check_ceiling(snapshot: &Snapshot, giver: &Held, grants: &[GrantExpr]) -> Result<(), Problem> {
    let exceeds = exceeding(snapshot, giver, grants);
    if exceeds.is_empty() { Ok(()) } else { Err(Problem::exceeded(&exceeds)) }
}

/// Grants to be held, of these expressions, each once, given by the caller now. Their ids rise, so that they are read back in the
/// order in which they were given.
pub(super) fn make<'a, H: Host>(
    cx: &Context<'_, H>,
    giver: &str,
    exprs: impl IntoIterator<Item = &'a GrantExpr>,
) -> Vec<Grant> {
    let exprs = unique(exprs);
    let mut ids: Vec<GrantId> = exprs.iter().map(|_| cx.id(GrantId::new)).collect();
    ids.sort();
    let make = |(id, expr): (GrantId, GrantExpr)| Grant { id, expr, created_at: cx.now, created_by: giver.to_owned() };
    ids.into_iter().zip(exprs).map(make).collect()
}
