//! The caller.

use crate::host::Host;
use crate::model::{Action, ActionSet, DomainName, Target, Workspace};
use crate::policy::{Held, Snapshot, evaluate};
use crate::store::account::Account;
use crate::store::token::Presented;
use crate::store::{access, domain, member, workspace};
use crate::wire::me::{AccountView, Joinable, MeView, TokenName, WorkspaceAccess};

use super::activity;
use super::caller::{self, Caller};
use super::context::Context;
use super::enforcement;
use super::inside;
use super::problem::{Code, Problem};
use super::reply::Reply;

/// Who calls, and what they may do in the whole of each workspace that they are in.
pub(super) async fn show<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let me = match caller::find(cx).await? {
        Caller::Operator => {
            return Err(Problem::new(Code::Forbidden, "the bootstrap token makes workspaces and is nobody in them"));
        }
        Caller::Session(session) => {
            let account = AccountView {
                id: session.account.id.to_string(),
                email: session.account.email.to_string(),
                name: session.account.name.to_string(),
            };
            let mut found = workspace::list_of_account(cx.db(), session.account.id.as_str()).await?;
            found.retain(|workspace| session.workspace.as_ref().is_none_or(|only| *only == workspace.id));
            MeView {
                account: Some(account),
                token: None,
                workspaces: accesses(cx, found, session.account.id.as_str(), ActionSet::EMPTY).await?,
                joinable: if session.workspace.is_none() { joinable(cx, &session.account).await? } else { Vec::new() },
            }
        }
        Caller::Token(presented) => by_token(cx, presented).await?,
    };
    Reply::ok(&me)
}

async fn by_token<H: Host>(cx: &Context<'_, H>, presented: Presented) -> Result<MeView, Problem> {
    let token = presented.token.clone();
    let found = workspace::find(cx.db(), presented.workspace.as_str()).await?.ok_or_else(Problem::not_found)?;
    let member = match &token.account {
        Some(account) => {
            Some(member::find(cx.db(), &found.id, account.as_str()).await?.ok_or_else(Problem::not_found)?)
        }
        None => None,
    };
    activity::note(cx, &found.id, &Caller::Token(presented), member.as_ref()).await;
    let holder = token.account.as_ref().map_or_else(|| token.id.as_str(), |account| account.as_str());
    Ok(MeView {
        workspaces: accesses(cx, vec![found], holder, token.actions).await?,
        account: member.map(|member| AccountView {
            id: member.id.to_string(),
            email: member.email.to_string(),
            name: member.name.to_string(),
        }),
        joinable: Vec::new(),
        token: Some(TokenName { id: token.id.to_string(), name: token.name.to_string() }),
    })
}

/// The workspace that has proved the domain of an address, where it is open and the person isn't in it.
async fn joinable<H: Host>(cx: &Context<'_, H>, account: &Account) -> Result<Vec<Joinable>, Problem> {
    let found = domain::joinable(cx.db(), DomainName::of(&account.email), &account.id).await?;
    let view = |(workspace, how): (Workspace, String)| Joinable {
        id: workspace.id.to_string(),
        name: workspace.name.to_string(),
        slug: workspace.slug.to_string(),
        how,
    };
    Ok(found.into_iter().filter(|(workspace, _)| !enforcement::is_required(workspace)).map(view).collect())
}

async fn accesses<H: Host>(
    cx: &Context<'_, H>,
    workspaces: Vec<Workspace>,
    holder: &str,
    actions: ActionSet,
) -> Result<Vec<WorkspaceAccess>, Problem> {
    use crate::host::Db as _;
    let reads: Vec<_> = workspaces.iter().map(|workspace| access::held_by(&workspace.id, &[holder])).collect();
    let answers = if reads.is_empty() { Vec::new() } else { cx.db().batch(&reads).await? };
    let mut accesses = Vec::new();
    for (workspace, rows) in workspaces.into_iter().zip(answers) {
        let held = Held { grants: inside::held(&rows)?, actions };
        let snapshot = Snapshot::new(workspace);
        let may = |action: &&Action| evaluate(&snapshot, &held, **action, &Target::Workspace).allowed;
        let actions = Action::ALL.iter().filter(may).map(|action| action.as_str()).collect();
        accesses.push(WorkspaceAccess { workspace: (&snapshot.workspace).into(), actions });
    }
    Ok(accesses)
}
