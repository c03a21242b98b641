//! Many invites at once: what becomes of each row, by the same rules as of a single invite.

use std::rc::Rc;

use crate::model::{Email, GrantExpr, GroupId, Set, Table, check_workspace_role};

use super::{Held, Refusal, Snapshot, rules};

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// An invite is made.
    Invited,
    /// The address is a member's.
    AlreadyMember,
    /// The address has a pending invite.
    AlreadyInvited,
    /// An earlier row has the address.
    Duplicate,
    /// Something is wrong with it, or a rule refuses it.
    Invalid,
}

impl Outcome {
    /// The outcome as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::AlreadyMember => "already_member",
            Self::AlreadyInvited => "already_invited",
            Self::Duplicate => "duplicate",
            Self::Invalid => "invalid",
        }
    }
}

/// The part of a row that a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The address.
    Email,
    /// The name.
    Name,
    /// The grants.
    Grants,
    /// The groups.
    Groups,
}

impl Column {
    /// The column as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Name => "name",
            Self::Grants => "grants",
            Self::Groups => "groups",
        }
    }
}

/// A row, as far as it can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// The address.
    pub email: Option<Email>,
    /// The grants that can be read.
    pub grants: Vec<GrantExpr>,
    /// True when a grant can't be read: then nothing is said of what is missing among them.
    pub has_unread_grants: bool,
    /// The groups, by id or exact name.
    pub groups: Vec<String>,
    /// True when something can't be read: the row is invalid, whatever the rules say.
    pub is_broken: bool,
}

/// What the rules say of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What becomes of it.
    pub outcome: Outcome,
    /// The rules that refuse it, each with the column that it is about.
    pub refusals: Vec<(Column, Rc<Refusal>)>,
    /// The groups that it names.
    pub groups: Vec<GroupId>,
}

/// The addresses that need no invite.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// Those of members.
    pub members: Set<Email>,
    /// Those with a pending invite.
    pub invited: Set<Email>,
}

impl Taken {
    /// Of a whole workspace.
    pub fn of(snapshot: &Snapshot) -> Self {
        let members = snapshot.members.values().map(|member| member.email.clone()).collect();
        Self { members, invited: snapshot.invites.keys().cloned().collect() }
    }
}

/// What becomes of rows, in their order: the first of an address counts, and the first get the seats. The snapshot holds
/// the resources, labels, groups and seats that they touch. Without a giver the delegation ceiling isn't asked.
pub fn check(snapshot: &Snapshot, giver: Option<&Held>, taken: &Taken, rows: &[Row]) -> Vec<Checked> {
    let grants = rows.iter().flat_map(|row| &row.grants);
    let mut grants: Table<&GrantExpr, _> = grants.map(|expr| (expr, Vec::new())).collect();
    grants.iter_mut().for_each(|(expr, refusals)| *refusals = shared(rules::giving(snapshot, giver, expr)));
    let keys = rows.iter().flat_map(|row| &row.groups);
    let mut groups: Table<&str, Named> = keys.map(|key| (key.as_str(), Err(Vec::new()))).collect();
    groups.iter_mut().for_each(|(key, named)| *named = group(snapshot, giver, key));
    let seats = snapshot.workspace.seat_limit.map(|limit| limit - snapshot.seats.active - snapshot.seats.pending);
    let seen = rows.iter().filter_map(|row| row.email.as_ref()).map(|email| (email, false)).collect();
    let mut desk = Desk { grants, groups, taken, seen, seats };
    rows.iter().map(|row| desk.check(row)).collect()
}

/// A group by id or exact name, or what refuses it.
type Named = Result<GroupId, Vec<Rc<Refusal>>>;

/// Refusals that many rows meet.
fn shared(refusals: Vec<Refusal>) -> Vec<Rc<Refusal>> {
    refusals.into_iter().map(Rc::new).collect()
}

fn group(snapshot: &Snapshot, giver: Option<&Held>, key: &str) -> Named {
    let by_id = snapshot.groups.keys().find(|id| id.as_str() == key);
    let by_name = || snapshot.groups.iter().find(|(_, group)| group.name.as_str() == key).map(|(id, _)| id);
    let Some(id) = by_id.or_else(by_name) else {
        return Err(shared(vec![Refusal::UnknownGroup { group: key.to_owned() }]));
    };
    let refusals = rules::letting_in(snapshot, giver, id);
    if refusals.is_empty() { Ok(id.clone()) } else { Err(shared(refusals)) }
}

/// What is known while rows pass by: each grant and group is judged once, however many rows name it.
struct Desk<'a> {
    grants: Table<&'a GrantExpr, Vec<Rc<Refusal>>>,
    groups: Table<&'a str, Named>,
    taken: &'a Taken,
    /// Each address, and whether a row before had it.
    seen: Table<&'a Email, bool>,
    /// Seats that are free; `None` for no limit.
    seats: Option<i64>,
}

impl Desk<'_> {
    fn check(&mut self, row: &Row) -> Checked {
        let mut refusals: Vec<(Column, Rc<Refusal>)> = Vec::new();
        if !row.has_unread_grants && check_workspace_role(&row.grants).is_err() {
            refusals.push((Column::Grants, Rc::new(Refusal::WorkspaceRoleRequired)));
        }
        let of_grants = row.grants.iter().filter_map(|expr| self.grants.get(expr)).flatten();
        refusals.extend(of_grants.map(|refusal| (Column::Grants, Rc::clone(refusal))));
        let mut groups = Vec::new();
        for named in row.groups.iter().filter_map(|key| self.groups.get(key.as_str())) {
            match named {
                Ok(id) if groups.contains(id) => {}
                Ok(id) => groups.push(id.clone()),
                Err(of_group) => refusals.extend(of_group.iter().map(|refusal| (Column::Groups, Rc::clone(refusal)))),
            }
        }
        let outcome = match &row.email {
            Some(email) if refusals.is_empty() && !row.is_broken => self.place(email, &mut refusals),
            _ => Outcome::Invalid,
        };
        Checked { outcome, refusals, groups }
    }

    /// What becomes of a row with which nothing is wrong.
    fn place(&mut self, email: &Email, refusals: &mut Vec<(Column, Rc<Refusal>)>) -> Outcome {
        if self.seen.get_mut(email).is_some_and(|seen| std::mem::replace(seen, true)) {
            return Outcome::Duplicate;
        }
        if self.taken.members.contains(email) {
            return Outcome::AlreadyMember;
        }
        if self.taken.invited.contains(email) {
            return Outcome::AlreadyInvited;
        }
        match &mut self.seats {
            Some(free) if *free <= 0 => {
                refusals.push((Column::Email, Rc::new(Refusal::SeatLimitReached)));
                Outcome::Invalid
            }
            Some(free) => {
                *free -= 1;
                Outcome::Invited
            }
            None => Outcome::Invited,
        }
    }
}
