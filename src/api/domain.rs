//! E-mail domains of a workspace: added, proved by a record, and what they give to people who have an address there.

use http::StatusCode;

use crate::host::{Db as _, Entropy as _, Host};
use crate::model::audit::EventType;
use crate::model::{Action, AutoJoin, Domain, DomainId, Grant, Via, check_workspace_role};
use crate::store::{access, domain, grant as grants_store};
use crate::wire::Page;
use crate::wire::domain::{DomainPatch, DomainView, NewDomain, Wanted};
use crate::wire::grant::GrantView;

use super::commit::{Change, Happened};
use super::context::Context;
use super::grant::{check_adding, make};
use super::inside::{self, Inside};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{body, dns, page};

/// A domain with what it gives.
pub(super) struct Loaded {
    pub(super) domain: Domain,
    pub(super) grants: Vec<Grant>,
}

impl Loaded {
    fn view(&self, inside: &Inside) -> DomainView {
        let view = |grant| GrantView::new(grant, &Via::Direct, &inside.workspace);
        DomainView::new(&self.domain, self.grants.iter().map(view).collect())
    }
}

/// Puts to each domain what it gives.
pub(super) async fn load<H: Host>(cx: &Context<'_, H>, domains: Vec<Domain>) -> Result<Vec<Loaded>, Problem> {
    let Some(first) = domains.first() else { return Ok(Vec::new()) };
    let ids: Vec<&str> = domains.iter().map(|domain| domain.id.as_str()).collect();
    let held = access::held_from_rows(&cx.db().query(&access::held_by(&first.workspace, &ids)).await?)?;
    let own =
        |id: &DomainId| held.iter().filter(|held| held.holder == id.as_str()).map(|held| held.grant.clone()).collect();
    Ok(domains.into_iter().map(|domain| Loaded { grants: own(&domain.id), domain }).collect())
}

/// The domain that the path names, by its id or its name.
async fn find<H: Host>(cx: &Context<'_, H>, inside: &Inside) -> Result<Loaded, Problem> {
    let key = cx.segment("dom").to_ascii_lowercase();
    let found = domain::find(cx.db(), &inside.workspace.id, &key).await?.ok_or_else(Problem::not_found)?;
    load(cx, vec![found]).await?.pop().ok_or_else(Problem::not_found)
}

/// A page of domains.
pub(super) async fn list<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::SsoManage).await?;
    let found = domain::list(cx.db(), &inside.workspace.id, &page::read(cx)?).await?;
    let next_cursor = found.rows.last().filter(|_| found.has_more).map(|last| page::cursor(cx, last.id.as_str()));
    let data = load(cx, found.rows).await?.iter().map(|loaded| loaded.view(&inside)).collect();
    Ok(Reply::ok(&Page { data, next_cursor })?.version(inside.workspace.version))
}

/// Shows a domain and the record that proves it.
pub(super) async fn show<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::SsoManage).await?;
    Ok(Reply::ok(&find(cx, &inside).await?.view(&inside))?.tagged())
}

/// Adds a domain, which is nobody's until its record is found.
pub(super) async fn create<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::SsoManage).await?;
    let (name, wanted) = body::json::<NewDomain>(cx.request)?.parse()?;
    let mut change = Change::by(&inside).making(cx)?;
    let workspace = &inside.workspace.id;
    if domain::find(cx.db(), workspace, name.as_str()).await?.is_some() {
        return Err(Problem::new(Code::DomainTaken, format!("`{name}` is on this workspace's list already")));
    }
    check_free(cx, workspace.as_str(), name.as_str()).await?;
    let domain = Domain {
        id: cx.id(DomainId::new),
        workspace: workspace.clone(),
        name,
        token: token(cx),
        verified_at: None,
        auto_join: wanted.auto_join.unwrap_or(AutoJoin::Off),
        revision: 1,
        created_at: cx.now,
    };
    change.write([domain::insert(&domain)]);
    let grants = regrant(cx, &inside, &mut change, &domain, Vec::new(), &wanted).await?;
    let view = Loaded { domain, grants }.view(&inside);
    let subject = ("domain", view.id.as_str());
    change.record(cx, Happened { event_type: EventType::DomainAdded, subject, before: None, after: Some(&view) });
    let place = format!("/v1/workspaces/{workspace}/domains/{}", view.id);
    change.answer(cx, Reply::json(StatusCode::CREATED, &view)?.tagged().header("location", place)).await
}

/// What a record holds that nobody could have guessed.
fn token<H: Host>(cx: &Context<'_, H>) -> String {
    let mut random = [0; 16];
    cx.host.entropy().fill(&mut random);
    base16ct::lower::encode_string(&random)
}

/// Checks that no other workspace has proved the domain.
async fn check_free<H: Host>(cx: &Context<'_, H>, workspace: &str, name: &str) -> Result<(), Problem> {
    let found = domain::from_rows(&cx.db().query(&domain::by_verified_name(name)).await?)?;
    match found.filter(|found| found.workspace.as_str() != workspace) {
        Some(_) => {
            let detail = format!("another workspace has proved that `{name}` is its own; its owners can give it up");
            Err(Problem::new(Code::DomainTaken, detail))
        }
        None => Ok(()),
    }
}

/// Makes what a domain gives be what a body wants; whoever says so gives.
async fn regrant<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    change: &mut Change,
    domain: &Domain,
    had: Vec<Grant>,
    wanted: &Wanted,
) -> Result<Vec<Grant>, Problem> {
    let Some(exprs) = &wanted.grants else { return Ok(had) };
    let old: Vec<_> = had.iter().map(|grant| grant.expr.clone()).collect();
    check_adding(cx, inside, exprs, &old, "/grants").await?;
    if !exprs.is_empty() {
        check_workspace_role(exprs)?;
    }
    let made = make(cx, &inside.actor().id, exprs.iter().filter(|expr| !old.contains(expr)));
    let (stay, gone): (Vec<Grant>, Vec<Grant>) = had.into_iter().partition(|grant| exprs.contains(&grant.expr));
    let workspace = &inside.workspace.id;
    change.write(grants_store::insert_all(workspace, made.iter().map(|grant| (domain.id.as_str(), grant))));
    if !gone.is_empty() {
        change.write([grants_store::delete_of(workspace, domain.id.as_str(), gone.iter().map(|grant| &grant.id))]);
    }
    Ok([stay, made].concat())
}

/// Changes what follows from a domain.
pub(super) async fn update<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::SsoManage).await?;
    let found = find(cx, &inside).await?;
    let before = found.view(&inside);
    let wanted = body::json::<DomainPatch>(cx.request)?.parse()?;
    let mut change = Change::by(&inside).matching(cx, &before)?;
    let Loaded { mut domain, grants } = found;
    change.write([domain::guard(&domain)]);
    domain.auto_join = wanted.auto_join.unwrap_or(domain.auto_join);
    change.write([domain::update(&domain)]);
    let grants = regrant(cx, &inside, &mut change, &domain, grants, &wanted).await?;
    let after = Loaded { domain, grants }.view(&inside);
    let (subject, event_type) = (("domain", after.id.as_str()), EventType::DomainUpdated);
    change.record(cx, Happened { event_type, subject, before: Some(&before), after: Some(&after) });
    let version = change.commit(cx).await?;
    Ok(Reply::ok(&after)?.tagged().version(version))
}

/// Looks for the record, and takes the domain for the workspace's own once it is there.
pub(super) async fn verify<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::SsoManage).await?;
    let Loaded { mut domain, grants } = find(cx, &inside).await?;
    let before = DomainView::new(&domain, Vec::new());
    let mut change =
        Change::by(&inside).matching(cx, &Loaded { domain: domain.clone(), grants: grants.clone() }.view(&inside))?;
    check_free(cx, inside.workspace.id.as_str(), domain.name.as_str()).await?;
    check_record(cx, &domain).await?;
    if domain.verified_at.is_some() {
        return Ok(Reply::ok(&Loaded { domain, grants }.view(&inside))?.tagged().version(inside.workspace.version));
    }
    change.write([domain::guard(&domain)]);
    domain.verified_at = Some(cx.now);
    change.write([domain::update(&domain)]);
    let after = Loaded { domain, grants }.view(&inside);
    let (subject, event_type) = (("domain", after.id.as_str()), EventType::DomainVerified);
    change.record(cx, Happened { event_type, subject, before: Some(&before), after: Some(&after) });
    let version = change.commit(cx).await?;
    Ok(Reply::ok(&after)?.tagged().version(version))
}

async fn check_record<H: Host>(cx: &Context<'_, H>, domain: &Domain) -> Result<(), Problem> {
    let (name, value) = (domain.record_name(), domain.record_value());
    let texts = dns::texts(cx, &name).await?;
    if texts.iter().any(|text| text.trim() == value) {
        return Ok(());
    }
    let found = match texts.len() {
        0 => "has no TXT record".to_owned(),
        count => format!("has {count} TXT record(s), none of which is this one"),
    };
    let detail = format!("`{name}` {found}; set it to `{value}`, wait until it is out, and try again");
    Err(Problem::new(Code::DomainUnverified, detail))
}

/// Gives a domain up. Who joined by it stays.
pub(super) async fn delete<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::SsoManage).await?;
    let found = find(cx, &inside).await?;
    let before = found.view(&inside);
    let mut change = Change::by(&inside).matching(cx, &before)?;
    change.write([domain::guard(&found.domain)]);
    change.write([grants_store::delete_all(&inside.workspace.id, found.domain.id.as_str())]);
    change.write(domain::delete(&found.domain));
    let subject = ("domain", before.id.as_str());
    change.record(cx, Happened { event_type: EventType::DomainDeleted, subject, before: Some(&before), after: None });
    let version = change.commit(cx).await?;
    Ok(Reply::no_content().version(version))
}
