//! Logins that try a connection: they show what the provider says of a person and what that would give, and give nothing.

use http::StatusCode;

use crate::host::{Db as _, Host, Statement};
use crate::model::{Action, Connection, ConnectionId, TestId, Workspace, WorkspaceId};
use crate::store::login::Login;
use crate::store::trial::{self, Trial};
use crate::wire::connection::RefusalView;
use crate::wire::grant::GrantView;
use crate::wire::trial::{ClaimsView, NewTrial, OutcomeView, TrialView};

use super::arrival::{self, Once, Person};
use super::connection::{check_plan, find};
use super::context::Context;
use super::login::check_path;
use super::problem::Problem;
use super::reply::Reply;
use super::{body, inside};

/// How long a trial can be begun, in minutes.
const MINUTES: i64 = 30;

fn view<H: Host>(cx: &Context<'_, H>, trial: &Trial) -> TrialView {
    let url = format!("{}/v1/sso/{}/login?test={}", cx.config.origin, trial.connection, trial.id);
    let is_open = trial.result.is_none() && trial.expires_at > cx.now;
    TrialView {
        id: trial.id.to_string(),
        connection: trial.connection.to_string(),
        url: is_open.then_some(url),
        outcome: trial.result.as_deref().and_then(|result| serde_json::from_str(result).ok()),
        expires_at: trial.expires_at.to_string(),
    }
}

/// Makes a trial: whoever opens its address signs in at the provider, and nowhere else.
pub(super) async fn create<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::SsoManage).await?;
    let wanted: NewTrial = body::json_or_default(cx.request)?;
    check_plan(&inside.workspace)?;
    let return_to = wanted.return_to.unwrap_or_else(|| "/".to_owned());
    check_path(&return_to)?;
    let found = find(cx, &inside).await?;
    let made = Trial {
        id: cx.id(TestId::new),
        workspace: inside.workspace.id.clone(),
        connection: found.connection.id,
        return_to,
        expires_at: cx.now.plus_minutes(MINUTES),
        result: None,
    };
    cx.db().query(&trial::insert(&made, cx.now)).await?;
    Reply::json(StatusCode::CREATED, &view(cx, &made))
}

/// Shows a trial and what came of it.
pub(super) async fn show<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::SsoManage).await?;
    let (connection, id): (ConnectionId, TestId) = (cx.parsed("idp")?, cx.parsed("tst")?);
    let found = trial::find(cx.db(), &inside.workspace.id, &id).await?;
    let found = found.filter(|trial| trial.connection == connection).ok_or_else(Problem::not_found)?;
    Reply::ok(&view(cx, &found))
}

/// The claims that an administrator needs to see: of the others a provider sends, none is kept.
fn claims(person: &Person) -> ClaimsView {
    ClaimsView {
        sub: person.subject.clone(),
        email: person.email.clone(),
        email_verified: person.is_email_verified,
        name: person.name.clone(),
        groups: person.groups.clone(),
    }
}

/// Notes what a login would have done.
pub(super) async fn passed<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    connection: &Connection,
    (test, person): (&TestId, &Person),
    once: Option<Once>,
) -> Result<(), Problem> {
    let found = arrival::look(cx, workspace, connection, person, once).await?;
    let outcome = match arrival::judge(cx, workspace, connection, person, &found) {
        Ok(verdict) => {
            let held = arrival::would_hold(cx, &found, &verdict);
            OutcomeView {
                status: "passed",
                refusal: None,
                claims: Some(claims(person)),
                is_member: verdict.member.is_some(),
                grants: held.iter().map(|(grant, via)| GrantView::new(grant, via, workspace)).collect(),
                groups: verdict.joins.iter().map(|group| group.name.to_string()).collect(),
            }
        }
        Err(problem) => {
            let refusal = RefusalView { code: problem.code.as_str(), detail: problem.detail };
            refusal_of(refusal, Some(claims(person)))
        }
    };
    cx.db().query(&settled(&workspace.id, test, &outcome)).await?;
    Ok(())
}

fn refusal_of(refusal: RefusalView, claims: Option<ClaimsView>) -> OutcomeView {
    let (status, refusal) = ("refused", Some(refusal));
    OutcomeView { status, refusal, claims, is_member: false, grants: Vec::new(), groups: Vec::new() }
}

fn settled(workspace: &WorkspaceId, test: &TestId, outcome: &OutcomeView) -> Statement {
    trial::settle(workspace, test, &serde_json::to_string(outcome).unwrap_or_default())
}

/// The statement that notes that a login was refused.
pub(super) fn failed(login: &Login, test: &TestId, refusal: &RefusalView) -> Statement {
    settled(&login.workspace, test, &refusal_of(refusal.clone(), None))
}
