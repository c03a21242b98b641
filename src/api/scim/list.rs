//! Lists: what an index finds, or page by page all that there is, as far as the filter is true of it; in the order and the part that
//! is asked for.

use std::cmp::Ordering;

use serde_json::Value;

use crate::host::{Db as _, Host};
use crate::scim::{
    Document, ENTERPRISE, Filter, List, MAX_RESULTS, Paging, Projection, Query, Resource, ScimError, ScimType, Sort,
};
use crate::store::scim::group::{self, GroupMember, ScimGroup};
use crate::store::scim::{MOST, user};

use super::super::context::Context;
use super::super::page;
use super::call::Answered;
use super::narrow::{self, Mentioned};
use super::provider::Provider;
use super::refusal::Refusal;
use super::user::Loaded;
use super::{group as groups, user as users};

/// How many are read at once where no index answers.
const STEP: i64 = 500;

/// Something that is listed.
enum Item {
    User(Box<Loaded>),
    Group(Box<ScimGroup>),
}

impl Item {
    fn id(&self) -> &str {
        match self {
            Self::User(loaded) => loaded.user.id.as_str(),
            Self::Group(group) => group.id.as_str(),
        }
    }

    fn resource<H: Host>(&self, cx: &Context<'_, H>, members: &[GroupMember]) -> Document {
        match self {
            Self::User(loaded) => loaded.resource(cx),
            Self::Group(group) => groups::resource(cx, group, members),
        }
    }

    const fn kind(&self) -> Resource {
        match self {
            Self::User(_) => Resource::User,
            Self::Group(_) => Resource::Group,
        }
    }
}

/// One kind of resource, and which of it are meant.
type Wanted = (Resource, Option<Filter>);

/// Lists users or groups.
pub(super) async fn one<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    resource: Resource,
    query: &Query,
) -> Result<Answered, Refusal> {
    let filter = query.filter.as_deref().map(|text| Filter::parse(text, resource)).transpose()?;
    list(cx, provider, vec![(resource, filter)], query).await
}

/// Lists everything.
pub(super) async fn all<H: Host>(cx: &Context<'_, H>, provider: &Provider, query: &Query) -> Result<Answered, Refusal> {
    let wanted = match query.filter.as_deref() {
        Some(text) => Filter::parse_each(text)?.into_iter().map(|(kind, filter)| (kind, Some(filter))).collect(),
        None => Resource::ALL.map(|kind| (kind, None)).into(),
    };
    list(cx, provider, wanted, query).await
}

async fn list<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    wanted: Vec<Wanted>,
    query: &Query,
) -> Result<Answered, Refusal> {
    let identity = format!("scim {} {wanted:?} {:?} {}", provider.workspace.id, query.sort_by, query.is_descending);
    let after = match &query.paging {
        Paging::Cursor { cursor: Some(text), .. } => Some(page::open(cx, &identity, text)?),
        Paging::Cursor { cursor: None, .. } | Paging::Index { .. } => None,
    };
    let is_sorted = query.sort_by.is_some();
    let (items, total, has_more) = match wanted.as_slice() {
        [(resource, None)] if !is_sorted => quick(cx, provider, (*resource, None), query, after.as_deref()).await?,
        [(Resource::User, Some(filter))] if !is_sorted && narrow::active(filter).is_some() => {
            quick(cx, provider, (Resource::User, narrow::active(filter)), query, after.as_deref()).await?
        }
        _ => slow(cx, provider, &wanted, query, after.as_deref()).await?,
    };
    let next_cursor = match &query.paging {
        Paging::Cursor { .. } if has_more => items.last().map(|item| page::seal(cx, &identity, item.id())),
        Paging::Cursor { .. } | Paging::Index { .. } => None,
    };
    let start = match &query.paging {
        Paging::Index { start, .. } => Some(*start),
        Paging::Cursor { .. } => None,
    };
    let resources = render(cx, provider, &items, &query.projection).await?;
    Ok(Answered::ok(List { total, resources, start, next_cursor }.json()))
}

/// How many a page holds at most.
fn size(paging: &Paging) -> usize {
    let (Paging::Index { count, .. } | Paging::Cursor { count, .. }) = paging;
    usize::try_from((*count).min(MAX_RESULTS)).unwrap_or(0)
}

/// A page of all that there is, or of all who are active or aren't, in the order of the ids: read as it is.
async fn quick<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    (resource, is_active): (Resource, Option<bool>),
    query: &Query,
    after: Option<&str>,
) -> Result<(Vec<Item>, u64, bool), Refusal> {
    let workspace = &provider.workspace.id;
    let offset = match &query.paging {
        Paging::Index { start, .. } => i64::from(start.saturating_sub(1)),
        Paging::Cursor { .. } => 0,
    };
    let (count, after) = (size(&query.paging), after.unwrap_or_default());
    let limit = i64::try_from(count).unwrap_or(0) + 1;
    let reads = match resource {
        Resource::User => [user::count(workspace, is_active), user::page(workspace, is_active, after, offset, limit)],
        Resource::Group => [group::count(workspace), group::page(workspace, after, offset, limit)],
    };
    let answers = cx.db().batch(&reads).await?;
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    let total = u64::try_from(user::total_from_rows(rows(0))?).unwrap_or(0);
    let has_more = rows(1).len() > count;
    let page = rows(1).get(..count).unwrap_or(rows(1));
    Ok((items(cx, provider, resource, page).await?, total, has_more))
}

async fn items<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    resource: Resource,
    rows: &[crate::host::Row],
) -> Result<Vec<Item>, Refusal> {
    Ok(match resource {
        Resource::User => {
            let loaded = users::load(cx, provider, user::from_rows(rows)?).await?;
            loaded.into_iter().map(|loaded| Item::User(Box::new(loaded))).collect()
        }
        Resource::Group => group::from_rows(rows)?.into_iter().map(|group| Item::Group(Box::new(group))).collect(),
    })
}

/// The part that is asked for of all that a filter is true of, in any order.
async fn slow<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    wanted: &[Wanted],
    query: &Query,
    after: Option<&str>,
) -> Result<(Vec<Item>, u64, bool), Refusal> {
    let mut found: Vec<(Item, Option<String>)> = Vec::new();
    for (resource, filter) in wanted {
        let sort = query.sort(*resource)?;
        for (item, document) in matching(cx, provider, *resource, filter.as_ref()).await? {
            let key = sort.and_then(|sort| sorted_by(&sort, &document));
            found.push((item, key));
        }
    }
    if query.sort_by.is_some() {
        found.sort_by(|(one, by), (other, by_other)| {
            let order = compare(by.as_deref(), by_other.as_deref());
            let order = if query.is_descending { order.reverse() } else { order };
            order.then_with(|| one.id().cmp(other.id()))
        });
    }
    let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let skipped = match (&query.paging, after) {
        (Paging::Index { start, .. }, _) => usize::try_from(start.saturating_sub(1)).unwrap_or(usize::MAX),
        (Paging::Cursor { .. }, None) => 0,
        (Paging::Cursor { .. }, Some(last)) => {
            let place = found.iter().position(|(item, _)| item.id() == last);
            let gone = || {
                ScimError::of(
                    ScimType::ExpiredCursor,
                    "what the last page ended with is no longer in the list; begin anew",
                )
            };
            place.ok_or_else(gone)? + 1
        }
    };
    let count = size(&query.paging);
    let has_more = found.len() > skipped.saturating_add(count);
    let page = found.into_iter().skip(skipped).take(count).map(|(item, _)| item).collect();
    Ok((page, total, has_more))
}

/// Who lacks a value comes last.
fn compare(one: Option<&str>, other: Option<&str>) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => one.cmp(other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// The value that a list is sorted by: of several the primary one, else the first.
fn sorted_by(sort: &Sort, document: &Document) -> Option<String> {
    let path = &sort.path;
    let home = if path.is_extension { document.get(ENTERPRISE)?.as_object()? } else { document };
    let value = home.get(path.attribute.name)?;
    let value = match value {
        Value::Array(values) => values.iter().find(|value| value["primary"] == true).or_else(|| values.first())?,
        one => one,
    };
    let value = match (value, path.sub) {
        (Value::Object(members), sub) => members.get(sub.map_or("value", |sub| sub.name))?,
        (one, _) => one,
    };
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Some(if path.target().is_exact { text } else { text.to_lowercase() })
}

/// All of one kind that a filter is true of, in the order of their ids, each with its resource.
async fn matching<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    resource: Resource,
    filter: Option<&Filter>,
) -> Result<Vec<(Item, Document)>, Refusal> {
    let keyed = match (resource, filter) {
        (Resource::User, Some(filter)) => narrow::users(filter)
            .map(|keys| keys.iter().map(|key| user::by_key(&provider.workspace.id, key)).collect::<Vec<_>>()),
        (Resource::Group, Some(filter)) => narrow::groups(filter)
            .map(|keys| keys.iter().map(|key| group::by_key(&provider.workspace.id, key)).collect()),
        (_, None) => None,
    };
    let Some(statements) = keyed else { return scan(cx, provider, resource, filter).await };
    if statements.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<_> = cx.db().batch(&statements).await?.into_iter().flatten().collect();
    if rows.len() > MOST {
        return Err(too_many());
    }
    let mut found = items(cx, provider, resource, &rows).await?;
    found.sort_by(|one, other| one.id().cmp(other.id()));
    found.dedup_by(|one, other| one.id() == other.id());
    sift(cx, provider, found, filter).await
}

/// Looks at all of one kind.
async fn scan<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    resource: Resource,
    filter: Option<&Filter>,
) -> Result<Vec<(Item, Document)>, Refusal> {
    let workspace = &provider.workspace.id;
    let (mut found, mut after, mut seen) = (Vec::new(), String::new(), 0);
    loop {
        let statement = match resource {
            Resource::User => user::page(workspace, None, &after, 0, STEP),
            Resource::Group => group::page(workspace, &after, 0, STEP),
        };
        let page = items(cx, provider, resource, &cx.db().query(&statement).await?).await?;
        let (length, last) = (page.len(), page.last().map(|last| last.id().to_owned()));
        found.extend(sift(cx, provider, page, filter).await?);
        seen += length;
        if seen > MOST {
            return Err(too_many());
        }
        match last {
            Some(last) if i64::try_from(length).unwrap_or(0) == STEP => after = last,
            _ => return Ok(found),
        }
    }
}

/// What is looked for among too many is refused rather than answered in part.
fn too_many() -> Refusal {
    let detail = format!(
        "this list is looked for among more than {MOST}: filter by `userName`, `externalId`, `displayName`, `id`, `emails.value` or \
         `meta.lastModified`, or read all page by page without a filter and an order"
    );
    ScimError::of(ScimType::TooMany, detail).into()
}

/// Those of which a filter is true.
async fn sift<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    items: Vec<Item>,
    filter: Option<&Filter>,
) -> Result<Vec<(Item, Document)>, Refusal> {
    let members = match filter.map(narrow::members) {
        None => Vec::new(),
        Some(Mentioned::Some(users)) if users.is_empty() => Vec::new(),
        Some(Mentioned::Some(users)) => members_of(cx, provider, &items, Some(&users)).await?,
        Some(Mentioned::All) => members_of(cx, provider, &items, None).await?,
    };
    let documents = items.into_iter().map(|item| {
        let document = item.resource(cx, &members);
        (item, document)
    });
    Ok(documents.filter(|(_, document)| filter.is_none_or(|filter| filter.matches(document))).collect())
}

/// Who is in those of these that are groups.
async fn members_of<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    items: &[Item],
    users: Option<&[String]>,
) -> Result<Vec<GroupMember>, Refusal> {
    let ids: Vec<&str> = items.iter().filter(|item| item.kind() == Resource::Group).map(Item::id).collect();
    groups::members_of(cx, provider, &ids, users).await
}

/// A page as the answer has it.
async fn render<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    items: &[Item],
    projection: &Projection,
) -> Result<Vec<Value>, Refusal> {
    let needs_members = projection.wants(Resource::Group, "members");
    let members = if needs_members { members_of(cx, provider, items, None).await? } else { Vec::new() };
    let mut by_group = std::collections::BTreeMap::<&str, Vec<GroupMember>>::new();
    for member in &members {
        by_group.entry(&member.group).or_default().push(member.clone());
    }
    let one = |item: &Item| {
        let own = by_group.get(item.id()).map_or(&[][..], Vec::as_slice);
        projection.apply(item.kind(), Value::Object(item.resource(cx, own)))
    };
    Ok(items.iter().map(one).collect())
}
