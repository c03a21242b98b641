//! Connections to identity providers: made, shown, changed and deleted, each with the groups that it maps.

use http::StatusCode;

use crate::host::{Db as _, Host, is_fetchable};
use crate::model::audit::EventType;
use crate::model::{Action, Connection, ConnectionId, Plan, Protocol, Sync, Workspace};
use crate::store::connection;
use crate::store::scim::token as scim;
use crate::wire::Page;
use crate::wire::connection::{ConnectionPatch, ConnectionView, NewConnection, Wanted};

use super::commit::{Change, Happened};
use super::context::Context;
use super::inside::{self, Inside};
use super::mapping::{self, Mapped};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{body, saml, seal};

/// A connection with what it maps.
pub(super) struct Loaded {
    pub(super) connection: Connection,
    pub(super) mapped: Vec<Mapped>,
}

impl Loaded {
    fn view<H: Host>(&self, cx: &Context<'_, H>, inside: &Inside) -> ConnectionView {
        let mappings = self.mapped.iter().map(|mapped| mapped.view(&inside.workspace)).collect();
        ConnectionView::new(&self.connection, mappings, &cx.config.origin)
    }
}

/// Checks that the plan includes single sign-on.
///
/// # Errors
/// 402 where it doesn't.
pub(super) fn check_plan(workspace: &Workspace) -> Result<(), Problem> {
    if workspace.plan >= Plan::Business {
        return Ok(());
    }
    Err(Problem::new(Code::PlanRequired, "single sign-on takes the Business plan"))
}

async fn all<H: Host>(cx: &Context<'_, H>, inside: &Inside) -> Result<Vec<Loaded>, Problem> {
    let found = connection::list(cx.db(), &inside.workspace.id).await?;
    let ids: Vec<&str> = found.iter().map(|connection| connection.id.as_str()).collect();
    let mut mapped = mapping::load(cx, &inside.workspace.id, &ids).await?;
    let loaded = found.into_iter().map(|connection| {
        let own = mapped.extract_if(.., |mapped| mapped.connection == connection.id).collect();
        Loaded { connection, mapped: own }
    });
    Ok(loaded.collect())
}

/// The connection that the path names.
///
/// # Errors
/// 404 where there is none.
pub(super) async fn find<H: Host>(cx: &Context<'_, H>, inside: &Inside) -> Result<Loaded, Problem> {
    let id: ConnectionId = cx.parsed("idp")?;
    let found = connection::from_rows(&cx.db().query(&connection::by_id(&id)).await?)?.pop();
    let is_own = |connection: &Connection| connection.workspace == inside.workspace.id;
    let connection = found.filter(is_own).ok_or_else(Problem::not_found)?;
    Ok(Loaded { mapped: mapping::load(cx, &inside.workspace.id, &[id.as_str()]).await?, connection })
}

/// The workspace's connections: few enough for one page.
pub(super) async fn list<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::SsoManage).await?;
    let data = all(cx, &inside).await?.iter().map(|loaded| loaded.view(cx, &inside)).collect();
    Ok(Reply::ok(&Page { data, next_cursor: None })?.version(inside.workspace.version))
}

/// Shows a connection, never its secret.
pub(super) async fn show<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::SsoManage).await?;
    Ok(Reply::ok(&find(cx, &inside).await?.view(cx, &inside))?.tagged())
}

/// Makes a connection and the groups that it maps.
pub(super) async fn create<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::SsoManage).await?;
    let (protocol, wanted) = body::json::<NewConnection>(cx.request)?.parse(is_fetchable)?;
    let mut change = Change::by(&inside).making(cx)?;
    check_plan(&inside.workspace)?;
    let connection = apply(cx, new(cx, &inside, protocol, &wanted)?, &wanted).await?;
    check_name(cx, &inside, &connection).await?;

    let workspace = &inside.workspace.id;
    change.write([connection::insert(&connection)]);
    let wanted = wanted.mappings.unwrap_or_default();
    let mapped = mapping::set(cx, &inside, &mut change, &connection, Vec::new(), &wanted).await?;
    let made = Loaded { connection, mapped };
    let view = made.view(cx, &inside);
    let subject = ("connection", made.connection.id.as_str());
    change.record(cx, Happened { event_type: EventType::ConnectionCreated, subject, before: None, after: Some(&view) });
    let place = format!("/v1/workspaces/{workspace}/sso/connections/{}", view.id);
    change.answer(cx, Reply::json(StatusCode::CREATED, &view)?.tagged().header("location", place)).await
}

fn new<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    protocol: Protocol,
    wanted: &Wanted,
) -> Result<Connection, Problem> {
    Ok(Connection {
        id: cx.id(ConnectionId::new),
        workspace: inside.workspace.id.clone(),
        protocol,
        name: wanted.name.clone().ok_or_else(|| Problem::internal("a connection without a name"))?,
        is_active: true,
        issuer: None,
        client_id: None,
        sealed_secret: None,
        entity_id: None,
        sso_url: None,
        certificates: Vec::new(),
        may_provider_begin: false,
        group_claim: "groups".to_owned(),
        sync: Sync::EachLogin,
        revision: 1,
        created_at: cx.now,
        last_login_at: None,
    })
}

/// The connection as a body wants it.
async fn apply<H: Host>(
    cx: &Context<'_, H>,
    mut connection: Connection,
    wanted: &Wanted,
) -> Result<Connection, Problem> {
    if let Some(metadata) = &wanted.metadata_xml {
        saml::read_metadata(cx, &mut connection, metadata).await?;
    }
    if let Some(secret) = &wanted.client_secret {
        let seal = |secret: &String| seal::seal(cx, connection.id.as_str(), secret.as_bytes());
        connection.sealed_secret = secret.as_ref().map(seal).transpose()?;
    }
    let Wanted { name, issuer, client_id, active, idp_initiated, group_claim, sync, .. } = wanted.clone();
    connection.name = name.unwrap_or(connection.name);
    connection.issuer = issuer.or(connection.issuer);
    connection.client_id = client_id.or(connection.client_id);
    connection.is_active = active.unwrap_or(connection.is_active);
    connection.may_provider_begin = idp_initiated.unwrap_or(connection.may_provider_begin);
    connection.group_claim = group_claim.unwrap_or(connection.group_claim);
    connection.sync = sync.unwrap_or(connection.sync);
    Ok(connection)
}

/// Names are unique, so that people can tell connections and the groups of each apart.
async fn check_name<H: Host>(cx: &Context<'_, H>, inside: &Inside, connection: &Connection) -> Result<(), Problem> {
    let found = connection::list(cx.db(), &inside.workspace.id).await?;
    match found.into_iter().find(|other| other.name == connection.name && other.id != connection.id) {
        Some(other) => {
            let detail = format!("the connection {} has the name `{}`; choose another", other.id, other.name);
            Err(Problem::new(Code::NameTaken, detail))
        }
        None => Ok(()),
    }
}

/// Changes a connection. Its people stay who they are, unless it names another provider or client from now on.
pub(super) async fn update<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::SsoManage).await?;
    let found = find(cx, &inside).await?;
    let before = found.view(cx, &inside);
    let wanted = body::json::<ConnectionPatch>(cx.request)?.parse(found.connection.protocol, is_fetchable)?;
    let mut change = Change::by(&inside).matching(cx, &before)?;
    let old = found.connection;
    let mut connection = apply(cx, old.clone(), &wanted).await?;
    if connection.is_active && !old.is_active {
        check_plan(&inside.workspace)?;
    }
    if old.is_active && !connection.is_active {
        check_leaving(cx, &inside, &old).await?;
    }
    check_name(cx, &inside, &connection).await?;

    let workspace = &inside.workspace.id;
    change.write([connection::guard(&old), connection::update(&connection)]);
    connection.revision += 1;
    let who = |connection: &Connection| {
        (connection.issuer.clone(), connection.client_id.clone(), connection.entity_id.clone())
    };
    if who(&old) != who(&connection) {
        change.write([connection::forget_identities(workspace, &connection.id)]);
    }
    let mapped = match wanted.mappings {
        Some(wanted) => mapping::set(cx, &inside, &mut change, &connection, found.mapped, &wanted).await?,
        None => found.mapped,
    };
    let mapped = if old.name == connection.name {
        mapped
    } else {
        mapping::rename(cx, &inside, &mut change, &connection, mapped).await?
    };
    change.write([connection::guard_one_remains(workspace), scim::guard_connection_remains(workspace, cx.now)]);
    let after = Loaded { connection, mapped }.view(cx, &inside);
    let (subject, event_type) = (("connection", after.id.as_str()), EventType::ConnectionUpdated);
    change.record(cx, Happened { event_type, subject, before: Some(&before), after: Some(&after) });
    let version = change.commit(cx).await?;
    Ok(Reply::ok(&after)?.tagged().version(version))
}

/// Checks that the workspace can do without an active connection.
///
/// # Errors
/// 409 where it is the last by which people can sign in, and they have to, or an identity provider brings them.
async fn check_leaving<H: Host>(cx: &Context<'_, H>, inside: &Inside, leaving: &Connection) -> Result<(), Problem> {
    let is_required = super::enforcement::is_required(&inside.workspace);
    if !is_required && !scim::is_on(cx.db(), &inside.workspace.id, cx.now).await? {
        return Ok(());
    }
    let found = connection::list(cx.db(), &inside.workspace.id).await?;
    if found.iter().any(|other| other.is_active && other.id != leaving.id) {
        return Ok(());
    }
    let detail = if is_required {
        "it is the last active connection of a workspace that requires SSO: nobody but its owners could sign in; \
            switch `require_sso` off first, or activate another connection"
    } else {
        "it is the last active connection of a workspace that an identity provider provisions by SCIM, which takes one; delete \
            the SCIM tokens first, or activate another connection"
    };
    Err(Problem::new(Code::LastConnection, detail))
}

/// Deletes a connection, the groups that it manages, and the sessions that it opened. Its people stay members, with what they
/// hold otherwise.
pub(super) async fn delete<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::SsoManage).await?;
    let found = find(cx, &inside).await?;
    let before = found.view(cx, &inside);
    let mut change = Change::by(&inside).matching(cx, &before)?;
    if found.connection.is_active {
        check_leaving(cx, &inside, &found.connection).await?;
    }
    let workspace = &inside.workspace.id;
    change.write([connection::guard(&found.connection)]);
    mapping::set(cx, &inside, &mut change, &found.connection, found.mapped, &[]).await?;
    change.write(connection::delete(workspace, &found.connection.id));
    change.write([connection::guard_one_remains(workspace), scim::guard_connection_remains(workspace, cx.now)]);
    let subject = ("connection", before.id.as_str());
    let event_type = EventType::ConnectionDeleted;
    change.record(cx, Happened { event_type, subject, before: Some(&before), after: None });
    let version = change.commit(cx).await?;
    Ok(Reply::no_content().version(version))
}
