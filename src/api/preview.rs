//! Previews: what changes would do, computed by the core on the slice of the workspace that they touch.

use crate::host::{Db as _, Host};
use crate::model::{AccountId, Action, GroupId, Member, Provision, Target, Verb, WorkspaceId};
use crate::policy::{self, Access, Change, Held, Party, Person, Snapshot, holdings};
use crate::store::preview as store;
use crate::wire::change::PreviewBody;
use crate::wire::preview::{AccessView, ImpactView, PreviewView, ProblemView, StaysView, TokenName};

use super::context::Context;
use super::inside::{self, Inside};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::slice::{self, Slice};
use super::{body, grant as giving};

const MOST: usize = 100;

/// What a list of changes would do. Nothing is written.
pub(super) async fn show<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let body: PreviewBody = body::json(cx.request)?;
    if body.changes.len() > MOST {
        return Err(body::issue("/changes", "out_of_range", format!("one request holds at most {MOST} changes")));
    }
    let changes = body.parse()?;
    let mut inside = inside::enter_any(cx).await?;
    for change in &changes {
        require(cx, &mut inside, change).await?;
    }
    let giver = (!inside.is_operator()).then_some(&inside.held);
    let managed = managed(cx, &inside, &changes).await?;
    let is_open = |change: &Change| membership(change).is_none_or(|group| !managed.contains(&group.to_string()));
    let (open, closed): (Vec<_>, Vec<_>) = changes.into_iter().enumerate().partition(|(_, change)| is_open(change));
    let (places, open): (Vec<usize>, Vec<Change>) = open.into_iter().unzip();
    let mut view = of(cx, &inside.workspace.id, giver, &open).await?;
    for problem in &mut view.problems {
        problem.change = places.get(problem.change).copied().unwrap_or_default();
    }
    let refusal = super::group::managed();
    view.problems.extend(closed.into_iter().map(|(change, _)| ProblemView {
        change,
        code: refusal.code.as_str(),
        detail: refusal.detail.clone(),
    }));
    view.problems.sort_by_key(|problem| problem.change);
    Reply::ok(&view)
}

/// The group of which a change says who is in it.
const fn membership(change: &Change) -> Option<&GroupId> {
    match change {
        Change::AddToGroup { group, .. } | Change::RemoveFromGroup { group, .. } => Some(group),
        _ => None,
    }
}

/// Of the groups of which changes say who is in them those of which an identity provider says it.
async fn managed<H: Host>(cx: &Context<'_, H>, inside: &Inside, changes: &[Change]) -> Result<Vec<String>, Problem> {
    let groups: Vec<&str> = changes.iter().filter_map(membership).map(GroupId::as_str).collect();
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let rows = cx.db().query(&store::managed(&inside.workspace.id, &groups)).await?;
    Ok(store::holders_from_rows(&rows)?)
}

/// A preview takes the right to make the change. What a plan would do is for whoever manages the billing, too.
async fn require<H: Host>(cx: &Context<'_, H>, inside: &mut Inside, change: &Change) -> Result<(), Problem> {
    let of_party = |party: &Party| match party {
        Party::Member(_) => Action::MemberEdit,
        Party::Group(_) => Action::GroupManage,
    };
    let action = match change {
        Change::Grant { to: party, .. } | Change::Revoke { from: party, .. } => of_party(party),
        Change::SetGrants { .. } => Action::MemberEdit,
        Change::RemoveMember { .. } => Action::MemberRemove,
        Change::Invite { .. } | Change::SetOffer { .. } | Change::CancelInvite { .. } => Action::MemberInvite,
        Change::AddToGroup { .. }
        | Change::RemoveFromGroup { .. }
        | Change::SetGroupGrants { .. }
        | Change::DeleteGroup { .. } => Action::GroupManage,
        Change::SetPlan { .. } if inside.is_operator() => return Ok(()),
        Change::SetPlan { .. } => Action::BillingManage,
        Change::SetLabels { resource, .. } | Change::PutResource { resource, .. } => {
            let snapshot = giving::slice(cx, &inside.workspace, std::slice::from_ref(resource)).await?;
            if snapshot.resources.contains_key(resource) {
                let edit = Action::of(resource.kind(), Verb::Edit);
                inside.require_on(&snapshot, edit, &Target::One(resource.clone()))?;
            }
            Action::LabelManage
        }
        Change::DeleteResources { .. } => return Err(Problem::internal("a body can't ask for it")),
    };
    inside.require(action)
}

/// What changes would do to whom.
pub(super) async fn of<H: Host>(
    cx: &Context<'_, H>,
    workspace: &WorkspaceId,
    giver: Option<&Held>,
    changes: &[Change],
) -> Result<PreviewView, Problem> {
    let Slice { snapshot, is_complete } = slice::load(cx, workspace, changes).await?;
    let preview = policy::preview(&snapshot, giver, changes);
    Ok(PreviewView::new(&preview, is_complete, snapshot.workspace.version))
}

/// What the removal of a member would do: the preview, and the offboarding impact.
pub(super) async fn removal<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    member: &Member,
) -> Result<PreviewView, Problem> {
    let changes = [Change::RemoveMember { member: member.id.clone() }];
    let Slice { snapshot, is_complete } = slice::load(cx, &inside.workspace.id, &changes).await?;
    let preview = policy::preview(&snapshot, None, &changes);
    let last_owner = preview.problems.iter().any(|(_, refusal)| *refusal == policy::Refusal::LastOwner);
    let (stays, returns_by) = stays(cx, inside, member).await?;
    let mut view = PreviewView::new(&preview, is_complete, snapshot.workspace.version);
    view.impact = Some(ImpactView {
        lost: lost(&snapshot, &member.id).iter().map(AccessView::from).collect(),
        stays,
        returns_by,
        last_owner,
    });
    Ok(view)
}

fn lost(snapshot: &Snapshot, member: &AccountId) -> Vec<Access> {
    let held = snapshot.held(member).unwrap_or_default();
    holdings(snapshot, &Person::Member(member.clone()), &held)
}

/// What stays of a member who leaves, and the way by which an identity provider would bring them back.
async fn stays<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    member: &Member,
) -> Result<(StaysView, Option<&'static str>), Problem> {
    let (workspace, id) = (&inside.workspace.id, member.id.as_str());
    let answers = cx.db().batch(&[store::made_by(workspace, id), store::returns_by(workspace, id, cx.now)]).await?;
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    let (resources, tokens) = store::made_from_rows(rows(0))?;
    let tokens = tokens.into_iter().map(|(id, name)| TokenName { id, name }).collect();
    let way = store::way_from_rows(rows(1))?.map(Provision::as_str);
    Ok((StaysView { resources, tokens }, way))
}

/// What a dry run of a refused request answers: the rule that refuses it, as a preview does. Anything but a rule, like
/// a missing right or a body with errors, stays what it is.
pub(super) async fn refused<H: Host>(cx: &Context<'_, H>, problem: Problem) -> Result<Reply, Problem> {
    let is_rule = matches!(
        problem.code,
        Code::PlanRequired
            | Code::DelegationExceeded
            | Code::WorkspaceRoleRequired
            | Code::LastOwner
            | Code::SeatLimitReached
            | Code::NameTaken
            | Code::LabelInUse
            | Code::AlreadyMember
            | Code::AlreadyInvited
            | Code::InviteCanceled
            | Code::InviteUsed
            | Code::ManagedByIdp
    );
    if !is_rule {
        return Err(problem);
    }
    let mut view = nothing(cx).await?;
    view.problems.push(ProblemView { change: 0, code: problem.code.as_str(), detail: problem.detail });
    Reply::ok(&view)
}

/// What a dry run answers when nothing would change.
pub(super) async fn nothing<H: Host>(cx: &Context<'_, H>) -> Result<PreviewView, Problem> {
    let inside = inside::enter_any(cx).await?;
    Ok(PreviewView::new(&policy::Preview::default(), true, inside.workspace.version))
}
