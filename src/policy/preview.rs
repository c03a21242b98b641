//! What a list of changes would do, before it is done: what is refused, and what each person gains and loses.

use crate::model::{AccountId, Action, ActionSet, Email, ResourceKind, ResourceRef, Set, Target};

use super::change::{Change, Refusal};
use super::effective::Awake;
use super::rules::try_apply;
use super::{Held, Snapshot};

/// The outcome of changes that were made in order, each refused one left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// What is refused: the index of the change, and why.
    pub problems: Vec<(usize, Refusal)>,
    /// What people may do after that they may not do now.
    pub gained: Vec<Access>,
    /// What they may do now and not after.
    pub lost: Vec<Access>,
}

/// Whom a difference concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// A member.
    Member(AccountId),
    /// An invitee: what they will be able to do once they accept.
    Invitee(Email),
}

/// Actions on one target. Where the target is every resource of a kind, the difference is in each of them, present
/// and future, but for the exceptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Who.
    pub person: Person,
    /// What.
    pub actions: ActionSet,
    /// To what.
    pub target: Target,
    /// Present resources of the kind that another grant still reaches; only where a loss is of every resource.
    pub except: Vec<ResourceRef>,
}

/// Makes the changes in order on a copy of the workspace. Without a giver the delegation ceiling isn't asked.
pub fn preview(before: &Snapshot, giver: Option<&Held>, changes: &[Change]) -> Preview {
    let mut after = before.clone();
    let mut problems = Vec::new();
    for (index, change) in changes.iter().enumerate() {
        if let Err(refusals) = try_apply(&mut after, giver, change) {
            problems.extend(refusals.into_iter().map(|refusal| (index, refusal)));
        }
    }
    let (gained, lost) = compare(before, &after);
    Preview { problems, gained, lost }
}

/// What everyone gains and loses between two states of one workspace. Whoever holds an action on every resource of a
/// kind throughout neither gains nor loses by one that comes or goes.
pub fn compare(before: &Snapshot, after: &Snapshot) -> (Vec<Access>, Vec<Access>) {
    let is_same_ground = before.resources == after.resources
        && (before.workspace.plan, before.workspace.add_ons) == (after.workspace.plan, after.workspace.add_ons);
    let resources: Set<&ResourceRef> = before.resources.keys().chain(after.resources.keys()).collect();
    let mut difference = Difference { resources, gained: Vec::new(), lost: Vec::new() };
    let members: Set<&AccountId> = before.members.keys().chain(after.members.keys()).collect();
    for member in members.iter().copied() {
        let (had, has) = (before.held_grants(member), after.held_grants(member));
        if !is_same_ground || had != has {
            let person = Person::Member(member.clone());
            difference.add(&person, &Awake::new(before, &had), &Awake::new(after, &has));
        }
    }
    let invitees: Set<&Email> = before.invites.keys().chain(after.invites.keys()).collect();
    for email in invitees.iter().copied() {
        let (had, has) = (before.offered_grants(email), after.offered_grants(email));
        if !is_same_ground || had != has {
            let person = Person::Invitee(email.clone());
            difference.add(&person, &Awake::new(before, &had), &Awake::new(after, &has));
        }
    }
    (difference.gained, difference.lost)
}

/// All that a holder may do in a workspace, in the form of a gain from nothing.
pub fn holdings(snapshot: &Snapshot, person: &Person, held: &Held) -> Vec<Access> {
    let resources = snapshot.resources.keys().collect();
    let mut difference = Difference { resources, gained: Vec::new(), lost: Vec::new() };
    difference.add(person, &Awake::new(snapshot, &[]), &Awake::of(snapshot, held));
    difference.gained
}

struct Difference<'a> {
    resources: Set<&'a ResourceRef>,
    gained: Vec<Access>,
    lost: Vec<Access>,
}

impl<'a> Difference<'a> {
    fn add(&mut self, person: &Person, before: &Awake<'_>, after: &Awake<'_>) {
        let told = TOLD_OF_WORKSPACE;
        let (had, has) = (before.on_workspace().intersection(told), after.on_workspace().intersection(told));
        push(&mut self.gained, person, has.minus(had), Target::Workspace, Vec::new());
        push(&mut self.lost, person, had.minus(has), Target::Workspace, Vec::new());
        for kind in ResourceKind::ALL {
            self.add_kind(person, kind, before, after);
        }
    }

    fn add_kind(&mut self, person: &Person, kind: ResourceKind, before: &Awake<'_>, after: &Awake<'_>) {
        let told = told_of(kind);
        let (had, has) = (before.on_every(kind).intersection(told), after.on_every(kind).intersection(told));
        let (gained_all, lost_all, both) = (has.minus(had), had.minus(has), has.intersection(had));
        push(&mut self.gained, person, gained_all, Target::Every(kind), Vec::new());
        let mut kept: Vec<(&'a ResourceRef, ActionSet)> = Vec::new();
        for resource in self.resources.iter().copied().filter(|resource| resource.kind() == kind) {
            let (had, has) = (before.on(resource).intersection(told), after.on(resource).intersection(told));
            let (gained, lost) = (has.minus(had).minus(gained_all), had.minus(has).minus(lost_all));
            for (list, actions) in [(&mut self.gained, gained.minus(both)), (&mut self.lost, lost.minus(both))] {
                if !actions.is_empty() {
                    push(list, person, actions, Target::One(resource.clone()), Vec::new());
                }
            }
            kept.push((resource, has.intersection(lost_all)));
        }
        for (actions, except) in by_exceptions(lost_all, &kept) {
            push(&mut self.lost, person, actions, Target::Every(kind), except);
        }
    }
}

/// The actions that are told of each resource of a kind: each is told once, at the target it belongs to.
const fn told_of(kind: ResourceKind) -> ActionSet {
    ActionSet::on(kind).minus(ActionSet::TOP_LEVEL_CREATES).union(ActionSet::of(&[Action::PiiView]))
}

/// The others, which are told of the workspace. Un-masking is told of both.
const TOLD_OF_WORKSPACE: ActionSet = {
    let mut told = ActionSet::all();
    let mut rest: &[ResourceKind] = &ResourceKind::ALL;
    while let [kind, others @ ..] = rest {
        told = told.minus(told_of(*kind));
        rest = others;
    }
    told.union(ActionSet::of(&[Action::PiiView]))
};

/// The lost actions, those with the same exceptions together.
fn by_exceptions(lost: ActionSet, kept: &[(&ResourceRef, ActionSet)]) -> Vec<(ActionSet, Vec<ResourceRef>)> {
    let mut groups: Vec<(ActionSet, Vec<ResourceRef>)> = Vec::new();
    for action in lost.iter() {
        let still = kept.iter().filter(|(_, actions)| actions.contains(action));
        let except: Vec<ResourceRef> = still.map(|(resource, _)| (*resource).clone()).collect();
        let action = ActionSet::of(&[action]);
        match groups.iter_mut().find(|(_, other)| *other == except) {
            Some((actions, _)) => *actions = actions.union(action),
            None => groups.push((action, except)),
        }
    }
    groups
}

fn push(list: &mut Vec<Access>, person: &Person, actions: ActionSet, target: Target, except: Vec<ResourceRef>) {
    if !actions.is_empty() {
        list.push(Access { person: person.clone(), actions, target, except });
    }
}
