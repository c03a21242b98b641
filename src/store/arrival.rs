//! All that the arrival of a person by an identity provider rests on, in one batch: who they are, whether they are a member,
//! what their groups give, and what they were invited to.

use crate::host::{Row, Statement};
use crate::model::{AccountId, Connection, Email, GroupId, Invite, Member, Name, ResourceRef, Timestamp};

use super::access::{self, HolderGrant, ResourceRow};
use super::account::Account;
use super::row::{self, Read, StoreError};
use super::{invite, member};

/// A group that the connection manages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// Its id.
    pub id: GroupId,
    /// Its name here.
    pub name: Name,
    /// What the provider calls it.
    pub claim: String,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Whom the provider meant by this subject before.
    pub known: Option<Account>,
    /// Whose address it is.
    pub by_email: Option<Account>,
    /// True when the provider means the account of that address by another subject.
    pub is_other_subject: bool,
    /// The member that either account is here.
    pub members: Vec<Member>,
    /// True when the address is of a domain that the workspace has verified.
    pub is_domain_verified: bool,
    /// The groups that the connection manages.
    pub mapped: Vec<Mapped>,
    /// What they give: each is the holder of its grants.
    pub mapped_grants: Vec<HolderGrant>,
    /// Which of them either account is in, as pairs of an account and a group.
    pub joined: Vec<(AccountId, GroupId)>,
    /// The open invite to the address.
    pub invite: Option<Invite>,
    /// What it offers, by itself and by groups.
    pub offered: Vec<HolderGrant>,
    /// The resources that the workspace's provisioned grants name, as far as they are there.
    pub resources: Vec<ResourceRow>,
}

/// The accounts that the subject or the address may mean.
const ACCOUNTS: &str = "(SELECT account_id FROM identities WHERE connection_id = ?2 AND subject = ?3 \
    UNION SELECT id FROM accounts WHERE email = ?4)";

/// Reads it. `email` is empty where there is none.
pub fn read(
    connection: &Connection,
    subject: &str,
    email: &str,
    resources: &[ResourceRef],
    now: Timestamp,
) -> Vec<Statement> {
    let (workspace, id) = (&connection.workspace, &connection.id);
    let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
    let both = |sql: String| {
        let values = [workspace.as_str().into(), id.as_str().into(), subject.into(), email.into()];
        Statement::new(sql, values)
    };
    let of = |sql: &'static str, values: [&str; 2]| Statement::new(sql, values.map(Into::into));
    vec![
        of(
            "SELECT a.id, a.email, a.name FROM identities i JOIN accounts a ON a.id = i.account_id \
              WHERE i.connection_id = ?1 AND i.subject = ?2",
            [id.as_str(), subject],
        ),
        of(
            "SELECT a.id, a.email, a.name, i.subject IS NOT NULL AS is_known FROM accounts a \
               LEFT JOIN identities i ON i.connection_id = ?1 AND i.account_id = a.id WHERE a.email = ?2",
            [id.as_str(), email],
        ),
        both(format!(
            "SELECT {} FROM members m WHERE m.workspace_id = ?1 AND m.account_id IN {ACCOUNTS}",
            member::COLUMNS
        )),
        of(
            "SELECT id FROM domains WHERE domain = ?2 AND workspace_id = ?1 AND verified_at IS NOT NULL",
            [workspace.as_str(), domain],
        ),
        of(
            "SELECT id, name, claim FROM groups INDEXED BY groups_by_claim WHERE workspace_id = ?1 AND managed_by = ?2",
            [workspace.as_str(), id.as_str()],
        ),
        access::held_by_mapped(workspace, id),
        both(format!(
            "SELECT gm.holder, gm.group_id FROM groups g INDEXED BY groups_by_claim CROSS JOIN group_members gm \
                ON gm.workspace_id = ?1 AND gm.group_id = g.id AND gm.holder IN {ACCOUNTS} \
              WHERE g.workspace_id = ?1 AND g.managed_by = ?2"
        )),
        invite::open_of(workspace, email, now),
        access::held_by_invitee(workspace, email, now),
        access::resources(workspace, resources),
    ]
}

fn account(row: &Row) -> Read<Account> {
    Ok(Account { id: row::parsed(row, "id")?, email: row::parsed(row, "email")?, name: row::parsed(row, "name")? })
}

/// What is in the answers to [`read`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn from_rows(answers: &[Vec<Row>]) -> Result<Found, StoreError> {
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    let mapped = |row: &Row| {
        let (id, name) = (row::parsed(row, "id")?, row::parsed(row, "name")?);
        Ok(Mapped { id, name, claim: row::text(row, "claim")?.to_owned() })
    };
    let joined = |row: &Row| Ok((row::parsed(row, "holder")?, row::parsed(row, "group_id")?));
    let is_known = |row: &Row| Ok::<_, StoreError>(row::int(row, "is_known")? == 1);
    Ok(Found {
        known: rows(0).first().map(account).transpose()?,
        by_email: rows(1).first().map(account).transpose()?,
        is_other_subject: rows(1).first().map(is_known).transpose()?.unwrap_or(false) && rows(0).is_empty(),
        members: member::from_rows(rows(2))?,
        is_domain_verified: !rows(3).is_empty(),
        mapped: rows(4).iter().map(mapped).collect::<Read<_>>()?,
        mapped_grants: access::held_from_rows(rows(5))?,
        joined: rows(6).iter().map(joined).collect::<Read<_>>()?,
        invite: invite::from_rows(rows(7))?.pop(),
        offered: access::held_from_rows(rows(8))?,
        resources: access::resources_from_rows(rows(9))?,
    })
}

/// Notes whom the provider means by a subject.
pub fn insert_identity(connection: &Connection, subject: &str, account: &AccountId, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO identities (connection_id, subject, workspace_id, account_id, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        [
            connection.id.as_str().into(),
            subject.into(),
            connection.workspace.as_str().into(),
            account.as_str().into(),
            now.as_ms().into(),
        ],
    )
}

/// The address as the provider wrote it, in the form that addresses are compared in; empty where it is none.
pub fn address(email: Option<&Email>) -> &str {
    email.map_or("", Email::as_str)
}
