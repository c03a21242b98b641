//! The registry of resources.

use http::StatusCode;

use crate::host::Host;
use crate::model::audit::EventType;
use crate::model::{Action, Labels, Resource, ResourceKind, ResourceRef, Target, Verb};
use crate::policy::{self, Snapshot};
use crate::store::{grant, resource};
use crate::wire::Page;
use crate::wire::resource::{ResourcePut, ResourceView, Wanted};

use super::commit::{Change, Happened};
use super::context::Context;
use super::inside::{self, Inside};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{body, grant as giving, page};

/// The resource that the path names.
fn reference<H: Host>(cx: &Context<'_, H>) -> Result<ResourceRef, Problem> {
    let kind: ResourceKind = cx.parsed("type")?;
    ResourceRef::new(kind, cx.segment("id")).map_err(|_| Problem::not_found())
}

/// A page of the resources that the caller may view.
pub(super) async fn list<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let kind: Option<ResourceKind> = match cx.parameter("type") {
        Some(text) => {
            Some(text.parse().map_err(|error| Problem::new(Code::InvalidParameter, format!("`type`: {error}")))?)
        }
        None => None,
    };
    let inside = inside::enter_any(cx).await?;
    let found = resource::list(cx.db(), &inside.workspace.id, kind, &page::read(cx)?).await?;
    let next = found.rows.last().filter(|_| found.has_more).map(|last| page::cursor(cx, &last.reference.to_string()));
    let references: Vec<ResourceRef> = found.rows.iter().map(|row| row.reference.clone()).collect();
    let snapshot = giving::slice(cx, &inside.workspace, &references).await?;
    let visible = found.rows.iter().filter(|row| may_view(&inside, &snapshot, &row.reference));
    let page = Page { data: visible.map(ResourceView::from).collect(), next_cursor: next };
    Ok(Reply::ok(&page)?.version(inside.workspace.version))
}

fn may_view(inside: &Inside, snapshot: &Snapshot, reference: &ResourceRef) -> bool {
    let action = Action::of(reference.kind(), Verb::View);
    inside.decide(snapshot, action, &Target::One(reference.clone())).allowed
}

/// A resource that is there, with the caller's right to take an action on it. Who may not even view it gets a 404.
async fn find<H: Host>(cx: &Context<'_, H>, inside: &mut Inside, verb: Verb) -> Result<(Resource, Snapshot), Problem> {
    let reference = reference(cx)?;
    let found = resource::find(cx.db(), &inside.workspace.id, &reference).await?.ok_or_else(Problem::not_found)?;
    let snapshot = giving::slice(cx, &inside.workspace, std::slice::from_ref(&reference)).await?;
    if !may_view(inside, &snapshot, &reference) {
        return Err(Problem::not_found());
    }
    inside.require_on(&snapshot, Action::of(reference.kind(), verb), &Target::One(reference))?;
    Ok((found, snapshot))
}

/// Shows a resource.
pub(super) async fn show<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let mut inside = inside::enter_any(cx).await?;
    let (found, _) = find(cx, &mut inside, Verb::View).await?;
    Ok(Reply::ok(&ResourceView::from(&found))?.tagged())
}

/// Registers a resource or changes it.
pub(super) async fn put<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let reference = reference(cx)?;
    let wanted = body::json::<ResourcePut>(cx.request)?.parse(reference.kind())?;
    let mut inside = inside::enter_any(cx).await?;
    let before = resource::find(cx.db(), &inside.workspace.id, &reference).await?;
    let create = Action::of(reference.kind(), Verb::Create);
    if before.is_none() {
        inside.require(create)?;
    } else if let Err(problem) = find(cx, &mut inside, Verb::Edit).await {
        // Who may not see it hears what they would hear if it weren't there.
        return Err(if problem.code == Code::NotFound {
            inside.require(create).err().unwrap_or(problem)
        } else {
            problem
        });
    }
    let change = match &before {
        Some(before) => Change::by(&inside).matching(cx, &ResourceView::from(before))?,
        None => Change::by(&inside).making(cx)?,
    };
    let after = changed(cx, &inside, before.as_ref(), reference, wanted);
    check_labels(&inside, before.as_ref(), &after)?;
    check_parent(cx, &inside, before.as_ref(), &after).await?;
    write(cx, &inside, change, before.as_ref(), &after).await
}

fn changed<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    before: Option<&Resource>,
    reference: ResourceRef,
    wanted: Wanted,
) -> Resource {
    Resource {
        reference,
        name: wanted.name,
        labels: wanted.labels.unwrap_or_else(|| before.map(|before| before.labels.clone()).unwrap_or_default()),
        parent: wanted.parent,
        created_by: before.map_or_else(|| inside.actor().id, |before| before.created_by.clone()),
        created_at: before.map_or(cx.now, |before| before.created_at),
    }
}

/// Labels decide who reaches a resource: who may edit one may not move it into or out of somebody's scope.
fn check_labels(inside: &Inside, before: Option<&Resource>, after: &Resource) -> Result<(), Problem> {
    let none = Labels::default();
    let had = before.map_or(&none, |before| &before.labels);
    if after.labels == *had || inside.may(Action::LabelManage) {
        return Ok(());
    }
    let decision = inside.decide(&Snapshot::new(inside.workspace.clone()), Action::LabelManage, &Target::Workspace);
    Err(Problem::forbidden("changing labels takes `label:manage`", &decision.missing))
}

/// A destination's parent is there. Moving it to another source takes the right to create a destination.
async fn check_parent<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    before: Option<&Resource>,
    after: &Resource,
) -> Result<(), Problem> {
    let Some(parent) = &after.parent else { return Ok(()) };
    let snapshot = giving::slice(cx, &inside.workspace, std::slice::from_ref(parent)).await?;
    if !snapshot.resources.contains_key(parent) {
        return Err(body::issue(
            "/parent",
            "unknown_resource",
            format!("`{parent}` is not registered; register the source first"),
        ));
    }
    let moves = before.is_some_and(|before| before.parent != after.parent);
    let decision = inside.decide(&snapshot, Action::DestinationCreate, &Target::Workspace);
    if moves && !decision.allowed {
        return Err(Problem::forbidden(
            "moving a destination to another source takes `destination:create`",
            &decision.missing,
        ));
    }
    Ok(())
}

async fn write<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    mut change: Change,
    before: Option<&Resource>,
    after: &Resource,
) -> Result<Reply, Problem> {
    if let Some(parent) = &after.parent {
        change.write([crate::store::guard::resource(&inside.workspace.id, parent)]);
    }
    let (labels, parent) = (after.labels.clone(), after.parent.clone());
    change.means([policy::Change::PutResource { resource: after.reference.clone(), labels, parent }]);
    change.write(resource::upsert(&inside.workspace.id, after, cx.now));
    let (old, new) = (before.map(ResourceView::from), ResourceView::from(after));
    let event_type = if before.is_some() { EventType::ResourceUpdated } else { EventType::ResourceCreated };
    let subject = ("resource", new.resource.as_str());
    change.record(cx, Happened { event_type, subject, before: old.as_ref(), after: Some(&new) });
    let version = change.commit(cx).await?;
    let status = if before.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    Ok(Reply::json(status, &new)?.tagged().version(version))
}

/// Deletes a resource, a source's destinations with it, and ends all grants on them.
pub(super) async fn delete<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let mut inside = inside::enter_any(cx).await?;
    let (found, _) = find(cx, &mut inside, Verb::Delete).await?;
    let mut change = Change::by(&inside).matching(cx, &ResourceView::from(&found))?;
    let mut gone = resource::children(cx.db(), &inside.workspace.id, &found.reference).await?;
    gone.push(found.reference.clone());

    let scopes: Vec<String> = gone.iter().map(|reference| format!("@{reference}")).collect();
    let ended = grant::list_on_scopes(cx.db(), &inside.workspace.id, &scopes).await?;
    change.means([policy::Change::DeleteResources { resources: gone.clone() }]);
    // What is registered or granted meanwhile would stay behind, or end without a word in the record.
    change.write([
        resource::guard_children(&inside.workspace.id, &found.reference, &gone),
        grant::guard_on_scopes(&inside.workspace.id, &scopes, &ended),
        grant::delete_on_scopes(&inside.workspace.id, &scopes),
    ]);
    change.write(resource::delete(&inside.workspace.id, &gone));
    let before = serde_json::json!({
        "resource": ResourceView::from(&found),
        "deleted": gone.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "grants_ended": ended,
    });
    let subject_id = found.reference.to_string();
    let subject = ("resource", subject_id.as_str());
    change.record(cx, Happened { event_type: EventType::ResourceDeleted, subject, before: Some(&before), after: None });
    let version = change.commit(cx).await?;
    Ok(Reply::no_content().version(version))
}
