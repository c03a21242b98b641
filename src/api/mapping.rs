//! What a connection maps: each group of the provider is a group here that the connection manages, and what it gives are
//! grants of that group. So nothing that a provider gives is mistaken for what somebody granted by hand.

use crate::host::{Db as _, Host, Statement};
use crate::model::{
    Connection, ConnectionId, Grant, GrantExpr, Group, GroupId, Holder, Name, Via, Workspace, WorkspaceId,
};
use crate::policy;
use crate::store::{access, connection, grant as grants_store, group};
use crate::wire::connection::{Mapping, MappingView};
use crate::wire::grant::GrantView;

use super::commit::Change;
use super::context::Context;
use super::grant::{check_places, make, unique};
use super::inside::Inside;
use super::problem::Problem;

/// A group of a connection with what it gives.
#[derive(Debug, Clone)]
pub(super) struct Mapped {
    /// The connection.
    pub(super) connection: ConnectionId,
    /// The group.
    pub(super) id: GroupId,
    /// Its name here.
    pub(super) name: Name,
    /// What the provider calls it.
    pub(super) claim: String,
    /// What it gives.
    pub(super) grants: Vec<Grant>,
}

impl Mapped {
    /// As it is shown.
    pub(super) fn view(&self, workspace: &Workspace) -> MappingView {
        MappingView {
            group: self.claim.clone(),
            group_id: self.id.to_string(),
            group_name: self.name.to_string(),
            grants: self.grants.iter().map(|grant| GrantView::new(grant, &Via::Direct, workspace)).collect(),
        }
    }

    fn exprs(&self) -> Vec<GrantExpr> {
        self.grants.iter().map(|grant| grant.expr.clone()).collect()
    }
}

/// The groups of connections.
pub(super) async fn load<H: Host>(
    cx: &Context<'_, H>,
    workspace: &WorkspaceId,
    connections: &[&str],
) -> Result<Vec<Mapped>, Problem> {
    let groups = connection::mapped_from_rows(&cx.db().query(&connection::mapped(workspace, connections)).await?)?;
    let ids: Vec<&str> = groups.iter().map(|group| group.id.as_str()).collect();
    let held = access::held_from_rows(&cx.db().query(&access::held_by(workspace, &ids)).await?)?;
    let own = |id: &GroupId| -> Vec<Grant> {
        held.iter().filter(|held| held.holder == id.as_str()).map(|held| held.grant.clone()).collect()
    };
    let with_grants = groups.into_iter().map(|connection::Mapped { connection, id, name, claim }| Mapped {
        grants: own(&id),
        connection,
        id,
        name,
        claim,
    });
    Ok(with_grants.collect())
}

/// Makes a connection's groups be these, touching only what differs. Whoever maps gives: as much as they hold, and of what is
/// there.
///
/// # Errors
/// As for any grant.
pub(super) async fn set<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    change: &mut Change,
    connection: &Connection,
    had: Vec<Mapped>,
    wanted: &[Mapping],
) -> Result<Vec<Mapped>, Problem> {
    check(cx, inside, &had, wanted).await?;
    let (stay, gone): (Vec<Mapped>, Vec<Mapped>) =
        had.into_iter().partition(|mapped| wanted.iter().any(|mapping| mapping.claim == mapped.claim));
    let is_new = |mapping: &&Mapping| !stay.iter().any(|mapped| mapped.claim == mapping.claim);
    let new: Vec<&Mapping> = wanted.iter().filter(is_new).collect();
    let mut mapped = add(cx, inside, change, connection, &new).await?;
    // What adds comes before what removes.
    let mut removals = Vec::new();
    for group in stay {
        let (group, gone) = regrant(cx, inside, change, group, wanted);
        mapped.push(group);
        removals.extend(gone);
    }
    change.write(removals);
    for group in &gone {
        change.means([policy::Change::DeleteGroup { group: group.id.clone() }]);
        change.write(group::delete(&inside.workspace.id, &group.id));
    }
    mapped.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(mapped)
}

/// Each new grant is checked at its place in the body.
async fn check<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    had: &[Mapped],
    wanted: &[Mapping],
) -> Result<(), Problem> {
    let mut places = Vec::new();
    for (index, mapping) in wanted.iter().enumerate() {
        let old = had.iter().find(|mapped| mapped.claim == mapping.claim).map(Mapped::exprs).unwrap_or_default();
        let new = mapping.grants.iter().enumerate().filter(|(_, grant)| !old.contains(grant));
        places.extend(new.map(|(nth, grant)| (format!("/role_mappings/{index}/grants/{nth}"), grant)));
    }
    check_places(cx, inside, &places).await
}

/// Adds groups for what wasn't mapped before.
async fn add<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    change: &mut Change,
    connection: &Connection,
    new: &[&Mapping],
) -> Result<Vec<Mapped>, Problem> {
    let claims: Vec<&str> = new.iter().map(|mapping| mapping.claim.as_str()).collect();
    let names = names(cx, inside, connection, &claims, &[]).await?;
    let (workspace, giver) = (&inside.workspace.id, inside.actor().id);
    let mut made = Vec::new();
    for (mapping, name) in new.iter().zip(names) {
        let group = Group { id: cx.id(GroupId::new), name, is_managed: true, created_at: cx.now };
        let grants = make(cx, &giver, &mapping.grants);
        change.write(connection::insert_groups(workspace, &connection.id, [(&group, mapping.claim.as_str())]));
        change.write(grants_store::insert(workspace, &Holder::Group(group.id.clone()), &grants));
        let Group { id, name, .. } = group;
        made.push(Mapped { connection: connection.id.clone(), id, name, claim: mapping.claim.clone(), grants });
    }
    Ok(made)
}

/// Gives a group that stays what its mapping wants; answers it with the statement that takes away what it doesn't.
fn regrant<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    change: &mut Change,
    mut group: Mapped,
    wanted: &[Mapping],
) -> (Mapped, Option<Statement>) {
    let wanted = wanted.iter().find(|mapping| mapping.claim == group.claim).map(|mapping| unique(&mapping.grants));
    let wanted = wanted.unwrap_or_default();
    let had = group.exprs();
    let made = make(cx, &inside.actor().id, wanted.iter().filter(|expr| !had.contains(expr)));
    let (stay, gone): (Vec<Grant>, Vec<Grant>) =
        group.grants.into_iter().partition(|grant| wanted.contains(&grant.expr));
    let (workspace, holder) = (&inside.workspace.id, Holder::Group(group.id.clone()));
    if !made.is_empty() || !gone.is_empty() {
        change.means([policy::Change::SetGroupGrants { grants: wanted, group: group.id.clone() }]);
        change.write(grants_store::insert(workspace, &holder, &made));
    }
    let removal =
        (!gone.is_empty()).then(|| grants_store::delete(workspace, &holder, gone.iter().map(|grant| &grant.id)));
    group.grants = [stay, made].concat();
    (group, removal)
}

/// Names groups after their connection's new name.
///
/// # Errors
/// When the database fails.
pub(super) async fn rename<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    change: &mut Change,
    connection: &Connection,
    mut mapped: Vec<Mapped>,
) -> Result<Vec<Mapped>, Problem> {
    let claims: Vec<&str> = mapped.iter().map(|group| group.claim.as_str()).collect();
    let own: Vec<&GroupId> = mapped.iter().map(|group| &group.id).collect();
    let names = names(cx, inside, connection, &claims, &own).await?;
    for (group, name) in mapped.iter_mut().zip(names) {
        change.write([group::rename(&inside.workspace.id, &group.id, &name)]);
        group.name = name;
    }
    mapped.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(mapped)
}

/// How often a name is tried with another number behind it.
const TRIES: usize = 20;

/// A name for each claim that no other group has; `own` are the groups that are about to lose theirs.
async fn names<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    connection: &Connection,
    claims: &[&str],
    own: &[&GroupId],
) -> Result<Vec<Name>, Problem> {
    let candidates = claims.iter().flat_map(|claim| (1..=TRIES).map(|nth| connection.group_name(claim, nth)));
    let found = cx.db().query(&group::by_names(&inside.workspace.id, candidates)).await?;
    let mut taken: Vec<String> = group::names_from_rows(&found)?
        .into_iter()
        .filter(|(id, _)| !own.contains(&id))
        .map(|(_, name)| name.to_string())
        .collect();
    let mut names = Vec::new();
    for claim in claims {
        let free = (1..=TRIES).map(|nth| connection.group_name(claim, nth)).find(|name| !taken.contains(name));
        let name = free.and_then(|name| name.parse::<Name>().ok()).ok_or_else(|| {
            let detail = format!("too many groups are called like `{}`; rename some", connection.group_name(claim, 1));
            Problem::new(super::problem::Code::NameTaken, detail)
        })?;
        taken.push(name.to_string());
        names.push(name);
    }
    Ok(names)
}
