//! Where SSO is required: who may come in otherwise, and who may switch it on.
//!
//! A personal token is a session that lasts: it opens the workspace as far as its owner could do so without SSO. A token of
//! the workspace is no person and goes on.

use crate::host::{Db as _, Host, Row};
use crate::model::audit::{Actor, Channel, EventType};
use crate::model::{Member, Plan, Workspace, is_owner};
use crate::policy::Held;
use crate::store::enforcement::{self, Standing};
use crate::store::session::Session;
use crate::wire::connection::BypassView;

use super::caller::Caller;
use super::commit::{Change, Happened};
use super::connection::check_plan;
use super::context::Context;
use super::inside::Inside;
use super::problem::{Code, Problem};

/// True where sessions have to come by SSO. Without the plan that includes SSO nobody could sign in: nothing is required then.
pub(super) fn is_required(workspace: &Workspace) -> bool {
    workspace.settings.require_sso && workspace.plan >= Plan::Business
}

/// Checks that a member may come in as they come: by SSO, as an exempt member, or as an owner, whom nothing may lock out and
/// of whom it is told. `rows` answer [`enforcement::standing`].
///
/// # Errors
/// 403 for anybody else, with where to sign in.
pub(super) async fn check<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    (member, held): (&Member, &Held),
    session: Option<&Session>,
    rows: &[Row],
) -> Result<(), Problem> {
    let standing = enforcement::from_rows(rows)?;
    if standing.is_by_sso || member.is_sso_exempt {
        return Ok(());
    }
    if !is_owner(held.grants.iter().map(|held| &held.grant.expr)) {
        return Err(required(workspace, &standing));
    }
    match session.filter(|_| !standing.is_told) {
        Some(session) => tell(cx, workspace, member, session).await,
        None => Ok(()),
    }
}

fn required(workspace: &Workspace, standing: &Standing) -> Problem {
    let place = standing.connection.as_ref().map(|connection| format!("/v1/sso/{connection}/login"));
    let detail = format!("{} requires to sign in by SSO", workspace.name);
    Problem { sign_in: place, ..Problem::new(Code::SsoSessionRequired, detail) }
}

/// Tells, once a session, that an owner came in without SSO. What isn't told doesn't happen.
async fn tell<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    member: &Member,
    session: &Session,
) -> Result<(), Problem> {
    let actor = Actor { kind: "member", id: member.id.to_string(), email: Some(member.email.to_string()) };
    let mut change = Change::new(&workspace.id, actor, Channel::Console);
    change.write([enforcement::insert(&workspace.id, &session.id)]);
    let view = BypassView { session: session.id.to_string() };
    let subject = ("member", member.id.as_str());
    change.record(cx, Happened { event_type: EventType::SsoBypassed, subject, before: None, after: Some(&view) });
    match change.note(cx).await {
        // Another request of the session was faster.
        Err(problem) if problem.is_stale => Ok(()),
        other => other,
    }
}

/// Checks that SSO may be required from now on: only from a session that shows that it works.
///
/// # Errors
/// 402 where the plan doesn't include SSO, 409 for any other session.
pub(super) async fn check_switch<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    changed: &Workspace,
) -> Result<(), Problem> {
    check_plan(changed)?;
    if let Caller::Session(session) = &inside.caller {
        let rows = cx.db().query(&enforcement::standing(&inside.workspace.id, Some(session))).await?;
        if enforcement::from_rows(&rows)?.is_by_sso {
            return Ok(());
        }
    }
    let detail = "sign in by an active SSO connection of this workspace first, and switch `require_sso` on from that session: \
        it shows that people can sign in";
    Err(Problem::new(Code::SsoUntested, detail))
}
