//! A caller inside a workspace: loading and permission are one call, so that a handler that forgets the check has no
//! workspace to work on.

use crate::host::{Db as _, Host, Statement};
use crate::model::audit::{Actor, Channel};
use crate::model::{AccountId, Action, ActionSet, Holder, Member, Target, Workspace};
use crate::policy::{Because, Decision, Held, HeldGrant, Snapshot, evaluate};
use crate::store::session::Session;
use crate::store::{self, access, guard, member, workspace};

use super::activity;
use super::caller::{self, Caller};
use super::context::Context;
use super::enforcement;
use super::idempotency;
use super::problem::{Code, Problem};

/// A workspace and the caller's place in it.
#[derive(Debug)]
pub(super) struct Inside {
    /// The workspace.
    pub(super) workspace: Workspace,
    /// Who calls.
    pub(super) caller: Caller,
    /// The caller as holder of grants; `None` for the operator.
    pub(super) holder: Option<Holder>,
    /// What the caller holds.
    pub(super) held: Held,
    /// The grant that allowed this request: the commit requires that it is still there.
    authority: Option<Because>,
}

/// Enters a workspace to take an action on the whole of it. A request with an `Idempotency-Key` that was answered before
/// stops here: no sooner, so that whoever has lost the right gets no answer, and before its body is read, since that may say
/// what was right then.
///
/// # Errors
/// 401 without a valid credential, 404 for strangers, 403 with what is missing for members.
pub(super) async fn enter<H: Host>(cx: &Context<'_, H>, action: Action) -> Result<Inside, Problem> {
    let mut inside = enter_any(cx).await?;
    inside.require(action)?;
    idempotency::claim(cx, &format!("{} {}", inside.actor().id, inside.workspace.id)).await?;
    Ok(inside)
}

/// Enters a workspace as any member or token of it.
///
/// # Errors
/// 401 without a valid credential, 404 for strangers.
pub(super) async fn enter_any<H: Host>(cx: &Context<'_, H>) -> Result<Inside, Problem> {
    let (caller, workspace) = find(cx).await?;
    place(cx, caller, workspace).await
}

/// Enters the workspace that the caller's token is of.
///
/// # Errors
/// 401 for whoever presents no token of a workspace.
pub(super) async fn enter_by_token<H: Host>(cx: &Context<'_, H>) -> Result<Inside, Problem> {
    let caller = match caller::find(cx).await? {
        Caller::Token(presented) => presented,
        Caller::Operator | Caller::Session(_) => {
            return Err(Problem::new(Code::Unauthenticated, "this API takes a token of a workspace, which it acts in"));
        }
    };
    let found = workspace::find(cx.db(), caller.workspace.as_str()).await?.ok_or_else(Problem::not_found)?;
    place(cx, Caller::Token(caller), found).await
}

/// The caller's place in a workspace.
async fn place<H: Host>(cx: &Context<'_, H>, caller: Caller, workspace: Workspace) -> Result<Inside, Problem> {
    let (holder, held, member) = match &caller {
        Caller::Operator => (None, Held::default(), None),
        Caller::Session(session) if session.workspace.as_ref().is_some_and(|only| *only != workspace.id) => {
            return Err(Problem::not_found());
        }
        Caller::Session(session) => member_holdings(cx, &workspace, &session.account.id, Some(session)).await?,
        Caller::Token(presented) if presented.workspace != workspace.id => return Err(Problem::not_found()),
        Caller::Token(presented) => match &presented.token.account {
            Some(account) => member_holdings(cx, &workspace, account, None).await?,
            None => token_holdings(cx, &workspace, presented).await?,
        },
    };
    activity::note(cx, &workspace.id, &caller, member.as_ref()).await;
    Ok(Inside { workspace, caller, holder, held, authority: None })
}

/// The caller and the workspace that the path names, in one round trip.
async fn find<H: Host>(cx: &Context<'_, H>) -> Result<(Caller, Workspace), Problem> {
    let credential = caller::credential(cx)?;
    let mut statements = vec![workspace::by_reference(cx.segment("ws"))];
    statements.extend(credential.lookup());
    let answers = cx.db().batch(&statements).await?;
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    let caller = credential.resolve(cx, rows(1))?;
    let found = workspace::from_rows(rows(0))?.ok_or_else(Problem::not_found)?;
    Ok((caller, found))
}

/// The caller as holder, what they hold, and the member that they are.
type Holdings = (Option<Holder>, Held, Option<Member>);

async fn member_holdings<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    account: &AccountId,
    session: Option<&Session>,
) -> Result<Holdings, Problem> {
    let requires_sso = enforcement::is_required(workspace);
    let mut statements =
        vec![member::by_keys(&workspace.id, &[account.as_str()]), access::held_by(&workspace.id, &[account.as_str()])];
    statements.extend(requires_sso.then(|| store::enforcement::standing(&workspace.id, session)));
    let answers = cx.db().batch(&statements).await?;
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    let member = member::from_rows(rows(0))?.pop().ok_or_else(Problem::not_found)?;
    let held = Held { grants: held(rows(1))?, actions: ActionSet::EMPTY };
    if requires_sso {
        enforcement::check(cx, workspace, (&member, &held), session, rows(2)).await?;
    }
    Ok((Some(Holder::Member(account.clone())), held, Some(member)))
}

async fn token_holdings<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    presented: &crate::store::token::Presented,
) -> Result<Holdings, Problem> {
    let id = &presented.token.id;
    let rows = cx.db().query(&access::held_by(&workspace.id, &[id.as_str()])).await?;
    let held = Held { grants: held(&rows)?, actions: presented.token.actions };
    Ok((Some(Holder::Token(id.clone())), held, None))
}

/// The grants in the answer about one holder.
pub(super) fn held(rows: &[crate::host::Row]) -> Result<Vec<HeldGrant>, Problem> {
    let grants = access::held_from_rows(rows)?;
    Ok(grants.into_iter().map(|held| HeldGrant { grant: held.grant, via: held.via }).collect())
}

impl Inside {
    /// Requires an action on the workspace as a whole.
    ///
    /// # Errors
    /// 403 with what is missing.
    pub(super) fn require(&mut self, action: Action) -> Result<(), Problem> {
        let snapshot = Snapshot::new(self.workspace.clone());
        self.require_on(&snapshot, action, &Target::Workspace)
    }

    /// Requires an action on a target that the snapshot holds.
    ///
    /// # Errors
    /// 403 with what is missing.
    pub(super) fn require_on(&mut self, snapshot: &Snapshot, action: Action, target: &Target) -> Result<(), Problem> {
        let decision = self.decide(snapshot, action, target);
        if decision.allowed {
            self.authority = decision.because.into_iter().next();
            return Ok(());
        }
        Err(Problem::forbidden(format!("this takes `{action}` on {target}"), &decision.missing))
    }

    /// Whether the caller may take an action on a target that the snapshot holds.
    pub(super) fn decide(&self, snapshot: &Snapshot, action: Action, target: &Target) -> Decision {
        evaluate(snapshot, &self.held, action, target)
    }

    /// True when the caller may take the action on the workspace as a whole.
    pub(super) fn may(&self, action: Action) -> bool {
        self.decide(&Snapshot::new(self.workspace.clone()), action, &Target::Workspace).allowed
    }

    /// True for the operator of the deployment.
    pub(super) const fn is_operator(&self) -> bool {
        matches!(self.caller, Caller::Operator)
    }

    /// The caller's own account, for a person or a personal token.
    pub(super) const fn account(&self) -> Option<&AccountId> {
        match &self.holder {
            Some(Holder::Member(id)) => Some(id),
            _ => None,
        }
    }

    /// True when a member's key, an account id, an address or `me`, names the person who calls.
    pub(super) fn is_self(&self, key: &str) -> bool {
        let email = match &self.caller {
            Caller::Operator => None,
            Caller::Session(session) => Some(&session.account.email),
            Caller::Token(presented) => presented.email.as_ref(),
        };
        self.account().is_some_and(|own| key == "me" || key == own.as_str())
            || email.is_some_and(|own| key.to_lowercase() == own.as_str())
    }

    /// The caller's id as a holder of grants.
    pub(super) fn holder_id(&self) -> Option<&str> {
        self.holder.as_ref().map(Holder::as_str)
    }

    /// Who acts, for the record.
    pub(super) fn actor(&self) -> Actor {
        match &self.caller {
            Caller::Operator => Actor::operator(),
            Caller::Session(session) => Actor {
                kind: "member",
                id: session.account.id.to_string(),
                email: Some(session.account.email.to_string()),
            },
            Caller::Token(presented) => match &presented.token.account {
                Some(account) => Actor {
                    kind: "member",
                    id: account.to_string(),
                    email: presented.email.as_ref().map(ToString::to_string),
                },
                None => Actor { kind: "token", id: presented.token.id.to_string(), email: None },
            },
        }
    }

    /// By which way the caller acts.
    pub(super) const fn channel(&self) -> Channel {
        match self.caller {
            Caller::Session(_) => Channel::Console,
            Caller::Operator | Caller::Token(_) => Channel::Api,
        }
    }

    /// The statements that abort a commit when the caller's authority is gone by then.
    pub(super) fn guards(&self) -> Vec<Statement> {
        let mut guards = Vec::new();
        if let Caller::Token(presented) = &self.caller {
            guards.push(guard::token(&self.workspace.id, presented.token.id.as_str()));
        }
        if let Some(account) = self.account() {
            guards.push(guard::member(&self.workspace.id, account.as_str()));
        }
        if let (Some(because), Some(holder)) = (&self.authority, &self.holder) {
            guards.push(guard::authority(&self.workspace.id, holder, &because.grant, &because.via));
        }
        guards
    }
}
