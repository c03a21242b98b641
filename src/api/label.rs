//! The labels that a workspace knows.

use http::StatusCode;

use crate::host::Host;
use crate::model::Action;
use crate::model::audit::EventType;
use crate::store::label::{self, Label};
use crate::wire::Page;
use crate::wire::label::{LabelView, NewLabel};

use super::commit::{Change, Happened};
use super::context::Context;
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{body, inside, page};

fn view(label: &Label) -> LabelView {
    LabelView {
        key: label.key.clone(),
        value: label.value.clone(),
        description: label.description.clone(),
        created_at: label.created_at.to_string(),
    }
}

/// A page of labels. Every member may read them: they are how access is spoken of.
pub(super) async fn list<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::WorkspaceView).await?;
    let found = label::list(cx.db(), &inside.workspace.id, &page::read(cx)?).await?;
    let last = found.rows.last().filter(|_| found.has_more);
    let next_cursor = last.map(|last| page::cursor(cx, &format!("{}:{}", last.key, last.value)));
    let page = Page { data: found.rows.iter().map(view).collect(), next_cursor };
    Ok(Reply::ok(&page)?.version(inside.workspace.version))
}

/// Adds a label; one that is there gets the new description.
pub(super) async fn create<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::LabelManage).await?;
    let body: NewLabel = body::json(cx.request)?;
    let description = body.parse()?.map(|text| text.to_string());
    let before = label::find(cx.db(), &inside.workspace.id, &body.key, &body.value).await?;
    let created_at = before.as_ref().map_or(cx.now, |before| before.created_at);
    let made = Label { key: body.key, value: body.value, description, created_at };

    let mut change = match &before {
        Some(before) => Change::by(&inside).matching(cx, &view(before))?,
        None => Change::by(&inside).making(cx)?,
    };
    change.write([label::upsert(&inside.workspace.id, &made)]);
    let (old, new) = (before.as_ref().map(view), view(&made));
    let name = format!("{}:{}", made.key, made.value);
    let event_type = EventType::LabelCreated;
    change.record(cx, Happened { event_type, subject: ("label", &name), before: old.as_ref(), after: Some(&new) });
    let status = if before.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    change.answer(cx, Reply::json(status, &new)?).await
}

/// Deletes a label that neither a resource nor a grant uses.
pub(super) async fn delete<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::LabelManage).await?;
    let (key, value) = (cx.segment("key"), cx.segment("value"));
    let id = &inside.workspace.id;
    let found = label::find(cx.db(), id, key, value).await?.ok_or_else(Problem::not_found)?;
    let mut change = Change::by(&inside).matching(cx, &view(&found))?;
    if let Some(user) = label::find_use(cx.db(), id, key, value).await? {
        let detail = format!("`{key}:{value}` is in use by {user}; take it off there first");
        return Err(Problem::new(Code::LabelInUse, detail));
    }
    change.write(label::delete(id, key, value));
    let (name, before) = (format!("{key}:{value}"), view(&found));
    let event_type = EventType::LabelDeleted;
    change.record(cx, Happened { event_type, subject: ("label", &name), before: Some(&before), after: None });
    let version = change.commit(cx).await?;
    Ok(Reply::no_content().version(version))
}
