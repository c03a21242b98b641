//! Loads the slice of a workspace that changes touch, as a snapshot on which the core computes what they do.

use std::collections::BTreeSet;

use crate::host::{Db as _, Host, Row};
use crate::model::{GrantExpr, GroupId, Labels, Need, ResourceRef, Role, Scope, Via, Workspace, WorkspaceId};
use crate::policy::{Change, GroupAccess, InviteAccess, Joiner, MemberAccess, Party, Seats, Snapshot};
use crate::store::preview as store;
use crate::store::{access, group, member, resource, workspace};

use super::context::Context;
use super::grant::add_resources;
use super::problem::Problem;

/// How many people are compared at most; an answer about more says that it isn't complete.
const MOST: i64 = 1_000;

/// A slice of a workspace.
pub(super) struct Slice {
    /// The people whom the changes concern, and all that bears on what they may do.
    pub(super) snapshot: Snapshot,
    /// False when there are more people than were read.
    pub(super) is_complete: bool,
}

/// What to look for, collected from the changes.
#[derive(Default)]
struct Wanted {
    /// Account ids and addresses.
    people: BTreeSet<String>,
    /// Groups that are named.
    groups: BTreeSet<String>,
    /// Groups of which everyone is concerned.
    whole_groups: BTreeSet<String>,
    /// Roles of which every holder is concerned.
    roles: Vec<&'static str>,
    /// Scopes, as they stand in a grant after the role, of which every holder is concerned.
    scopes: Vec<String>,
    /// True when every holder of a grant on labels is concerned.
    on_labels: bool,
    /// Grants that are to be given.
    exprs: Vec<GrantExpr>,
    /// Resources that are named.
    resources: BTreeSet<ResourceRef>,
    /// Labels that are to be put on a resource.
    labels: Vec<Labels>,
}

impl Wanted {
    fn of(changes: &[Change]) -> Self {
        let mut wanted = Self::default();
        changes.iter().for_each(|change| wanted.add(change));
        wanted
    }

    fn add(&mut self, change: &Change) {
        match change {
            Change::Grant { expr, to: party } | Change::Revoke { expr, from: party } => {
                self.exprs.push(expr.clone());
                self.party(party);
            }
            Change::SetGrants { grants, member } => {
                self.exprs.extend(grants.iter().cloned());
                self.people.insert(member.to_string());
            }
            Change::SetGroupGrants { grants, group } => {
                self.exprs.extend(grants.iter().cloned());
                self.whole_groups.insert(group.to_string());
            }
            Change::RemoveMember { member } => drop(self.people.insert(member.to_string())),
            Change::Invite { email, grants, groups } | Change::SetOffer { email, grants, groups } => {
                self.people.insert(email.to_string());
                self.exprs.extend(grants.iter().cloned());
                self.groups.extend(groups.iter().map(ToString::to_string));
            }
            Change::CancelInvite { email } => drop(self.people.insert(email.to_string())),
            Change::AddToGroup { group, who } | Change::RemoveFromGroup { group, who } => {
                self.groups.insert(group.to_string());
                self.people.insert(match who {
                    Joiner::Member(id) => id.to_string(),
                    Joiner::Address(email) => email.to_string(),
                });
            }
            Change::DeleteGroup { group } => drop(self.whole_groups.insert(group.to_string())),
            Change::SetPlan { .. } => {
                self.roles = Role::all().filter(|role| role.need() != Need::Nothing).map(Role::as_str).collect();
                self.on_labels = true;
            }
            Change::SetLabels { .. } | Change::PutResource { .. } | Change::DeleteResources { .. } => {
                self.registry(change);
            }
        }
    }

    fn registry(&mut self, change: &Change) {
        self.on_labels = true;
        match change {
            Change::SetLabels { labels, resource } => {
                self.labels.push(labels.clone());
                self.resources.insert(resource.clone());
            }
            Change::PutResource { resource, labels, parent } => {
                self.labels.push(labels.clone());
                self.resources.extend([resource].into_iter().chain(parent).cloned());
                self.scopes.extend(parent.iter().map(|parent| format!("@{parent}")));
            }
            Change::DeleteResources { resources } => {
                self.resources.extend(resources.iter().cloned());
                self.scopes.extend(resources.iter().map(|resource| format!("@{resource}")));
            }
            _ => {}
        }
    }

    fn party(&mut self, party: &Party) {
        match party {
            Party::Member(id) => drop(self.people.insert(id.to_string())),
            Party::Group(id) => drop(self.whole_groups.insert(id.to_string())),
        }
    }
}

/// Loads what these changes touch, in six round trips whatever the size of the workspace.
pub(super) async fn load<H: Host>(cx: &Context<'_, H>, id: &WorkspaceId, changes: &[Change]) -> Result<Slice, Problem> {
    let wanted = Wanted::of(changes);
    let (people, is_complete) = people(cx, id, &wanted).await?;
    let mut snapshot = load_people(cx, id, &people).await?;
    load_groups(cx, id, &mut snapshot, &wanted).await?;
    load_registry(cx, id, &mut snapshot, &wanted).await?;
    Ok(Slice { snapshot, is_complete })
}

/// The account and invite ids of those whom the changes concern.
async fn people<H: Host>(
    cx: &Context<'_, H>,
    id: &WorkspaceId,
    wanted: &Wanted,
) -> Result<(Vec<String>, bool), Problem> {
    let keys: Vec<String> = wanted.people.iter().cloned().collect();
    let holders = store::holders_of(id, &wanted.roles, &wanted.scopes, wanted.on_labels, MOST + 1);
    let answers = cx.db().batch(&[group::holders_by_keys(id, &keys, cx.now), holders]).await?;
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut groups = wanted.whole_groups.clone();
    let mut was_cut = false;
    for rows in &answers {
        let holders = store::holders_from_rows(rows)?;
        was_cut |= i64::try_from(holders.len()).unwrap_or(MOST) > MOST;
        let (in_groups, alone): (Vec<String>, Vec<String>) =
            holders.into_iter().partition(|holder| holder.starts_with(GroupId::PREFIX));
        groups.extend(in_groups);
        found.extend(alone);
    }
    let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    if !groups.is_empty() {
        let holders = store::holders_from_rows(&cx.db().query(&store::in_groups(id, &groups, MOST + 1)).await?)?;
        was_cut |= i64::try_from(holders.len()).unwrap_or(MOST) > MOST;
        found.extend(holders);
    }
    Ok((found.into_iter().collect(), !was_cut))
}

/// A snapshot of these people with their own grants and the ids of their groups.
async fn load_people<H: Host>(cx: &Context<'_, H>, id: &WorkspaceId, people: &[String]) -> Result<Snapshot, Problem> {
    let keys: Vec<&str> = people.iter().map(String::as_str).collect();
    let statements = [
        workspace::by_reference(id.as_str()),
        member::by_keys(id, &keys),
        store::pending(id, &keys, cx.now),
        access::held_by(id, &keys),
        access::groups_of(id, &keys),
        store::around(id, &keys, cx.now),
    ];
    let answers = cx.db().batch(&statements).await?;
    let rows = |index: usize| -> &[Row] { answers.get(index).map_or(&[], Vec::as_slice) };
    let found: Workspace = workspace::from_rows(rows(0))?.ok_or_else(Problem::not_found)?;
    let mut snapshot = Snapshot::new(found);
    let held = access::held_from_rows(rows(3))?;
    let groups = access::groups_from_rows(rows(4))?;
    let own = |holder: &str| {
        let own = held.iter().filter(|held| held.holder == holder && held.via == Via::Direct);
        let groups = groups.get(holder).into_iter().flatten().map(|(group, _)| group.clone());
        (own.map(|held| held.grant.clone()).collect(), groups.collect())
    };
    for member in member::from_rows(rows(1))? {
        let (grants, groups) = own(member.id.as_str());
        snapshot.members.insert(member.id, MemberAccess { email: member.email, name: member.name, grants, groups });
    }
    for (invite, email) in store::pending_from_rows(rows(2))? {
        let (grants, groups) = own(&invite);
        snapshot.invites.insert(email, InviteAccess { grants, groups });
    }
    let around = store::around_from_rows(rows(5))?;
    snapshot.seats = Seats { active: around.active, pending: around.pending };
    snapshot.has_other_owner = around.has_other_owner;
    Ok(snapshot)
}

/// Adds the groups that people are in or that changes name, with what they give.
async fn load_groups<H: Host>(
    cx: &Context<'_, H>,
    id: &WorkspaceId,
    snapshot: &mut Snapshot,
    wanted: &Wanted,
) -> Result<(), Problem> {
    let joined = snapshot.members.values().map(|member| &member.groups);
    let joined = joined.chain(snapshot.invites.values().map(|invite| &invite.groups)).flatten();
    let mut ids: BTreeSet<String> = joined.map(ToString::to_string).collect();
    ids.extend(wanted.groups.iter().chain(&wanted.whole_groups).cloned());
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let answers = cx.db().batch(&[group::by_ids(id, &ids), access::held_by(id, &ids)]).await?;
    let rows = |index: usize| -> &[Row] { answers.get(index).map_or(&[], Vec::as_slice) };
    let held = access::held_from_rows(rows(1))?;
    for (group, name) in group::names_from_rows(rows(0))? {
        let own = held.iter().filter(|held| held.holder == group.as_str());
        let grants = own.map(|held| held.grant.clone()).collect();
        snapshot.groups.insert(group, GroupAccess { name, grants });
    }
    Ok(())
}

/// Adds the resources that grants reach, before the changes or after, and the labels that they name.
async fn load_registry<H: Host>(
    cx: &Context<'_, H>,
    id: &WorkspaceId,
    snapshot: &mut Snapshot,
    wanted: &Wanted,
) -> Result<(), Problem> {
    let held = snapshot.members.values().map(|member| &member.grants);
    let held = held.chain(snapshot.invites.values().map(|invite| &invite.grants));
    let held = held.chain(snapshot.groups.values().map(|group| &group.grants)).flatten().map(|grant| &grant.expr);
    let mut named = wanted.resources.clone();
    let mut labels: BTreeSet<Labels> = BTreeSet::new();
    for expr in held.chain(&wanted.exprs) {
        match expr.scope() {
            Scope::Workspace => {}
            Scope::Resource(resource) => drop(named.insert(resource.clone())),
            Scope::Labels(set) => drop(labels.insert(set.clone())),
        }
    }
    let sets: Vec<Labels> = labels.into_iter().collect();
    let named: Vec<ResourceRef> = named.into_iter().collect();
    let pairs: BTreeSet<(String, String)> = sets.iter().chain(&wanted.labels).flat_map(Labels::pairs).collect();
    let texts: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}:{value}")).collect();

    let mut statements = store::reached(id, &named, &sets);
    statements.extend([access::resources(id, &named), resource::known_labels(id, &texts)]);
    let answers = cx.db().batch(&statements).await?;
    let rows = |index: usize| -> &[Row] { answers.get(index).map_or(&[], Vec::as_slice) };
    for index in 0..3 {
        add_resources(snapshot, access::resources_from_rows(rows(index))?);
    }
    let known = resource::labels_from_rows(rows(3))?;
    let known = known.iter().filter_map(|label| label.split_once(':'));
    snapshot.labels.extend(known.map(|(key, value)| (key.to_owned(), value.to_owned())));
    Ok(())
}
