//! Workspaces: made and billed by the operator, named and set by their owners.

use http::StatusCode;

use crate::host::Host;
use crate::model::ActionSet;
use crate::model::audit::{Actor, Channel, EventType};
use crate::model::{
    AccountId, Action, Grant, GrantExpr, GrantId, Holder, Member, Name, Provision, Role, SecretKind, Settings, Token,
    TokenId, Via, Workspace, WorkspaceId,
};
use crate::policy;
use crate::store::account::{self, Account};
use crate::store::{grant, guard, member, token, workspace};
use crate::wire::member::MemberView;
use crate::wire::secret::SecretView;
use crate::wire::token::TokenSecret;
use crate::wire::workspace::{Created, CreatedView, NewWorkspace, WorkspacePatch, WorkspaceView};

use super::caller::{self, Credential};
use super::commit::{Change, Happened};
use super::context::Context;
use super::grant::{check_adding, check_plan, unique};
use super::inside::Inside;
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{body, enforcement, idempotency, inside};

/// Makes a workspace with its first owner and the owner's personal token. The operator's alone.
pub(super) async fn create<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    if !matches!(caller::credential(cx)?, Credential::Operator) {
        return Err(Problem::new(Code::Forbidden, "workspaces are made with the bootstrap token of the deployment"));
    }
    idempotency::claim(cx, &Actor::operator().id).await?;
    let wanted = body::json::<NewWorkspace>(cx.request)?.parse()?;
    if workspace::find(cx.db(), wanted.slug.as_str()).await?.is_some() {
        return Err(Problem::new(
            Code::SlugTaken,
            format!("another workspace has the slug `{}`; choose another", wanted.slug),
        ));
    }

    let known = account::find_by_email(cx.db(), &wanted.owner_email).await?;
    let new = new_workspace(cx, &wanted);
    let owner = owner(cx, &wanted, known.as_ref());
    let grants = [Role::WorkspaceOwner, Role::WorkspaceMember].map(|role| first_grant(cx, role, &owner));
    let personal = personal_token(cx, &owner)?;
    let secret = cx.secret(SecretKind::Token);

    let mut change = Change::new(&new.id, Actor::operator(), Channel::Api);
    change.write([workspace::insert(&new)]);
    if known.is_none() {
        let account = Account { id: owner.id.clone(), email: owner.email.clone(), name: owner.name.clone() };
        change.write([account::insert(&account, cx.now)]);
    }
    change.write([member::insert(&new.id, &owner, None), token::insert(&new.id, &personal, &secret.hash())]);
    change.write(grant::insert(&new.id, &Holder::Member(owner.id.clone()), &grants));
    let mut made = new;
    let view = WorkspaceView::from(&made);
    let subject = ("workspace", made.id.as_str());
    change.record(cx, Happened { event_type: EventType::WorkspaceCreated, subject, before: None, after: Some(&view) });
    // The commit raises it.
    made.version += 1;
    let grants: Vec<_> = grants.into_iter().map(|grant| (grant, Via::Direct)).collect();
    let view = CreatedView {
        owner: MemberView::new(&owner, &grants, &[], &made),
        workspace: (&made).into(),
        token: TokenSecret {
            id: personal.id.to_string(),
            secret: SecretView::Shown(secret.reveal().to_owned()),
            secret_shown: false,
        },
    };
    let reply = Reply::secretive(StatusCode::CREATED, view)?;
    change.answer(cx, reply.header("location", format!("/v1/workspaces/{}", made.id))).await
}

fn new_workspace<H: Host>(cx: &Context<'_, H>, wanted: &Created) -> Workspace {
    let new = workspace::new(cx.id(WorkspaceId::new), wanted.slug.clone(), wanted.name.clone(), cx.now);
    let Created { plan, add_ons, seat_limit, .. } = *wanted;
    Workspace { plan, add_ons, seat_limit, settings: Settings::default(), ..new }
}

fn owner<H: Host>(cx: &Context<'_, H>, wanted: &Created, known: Option<&Account>) -> Member {
    Member {
        id: known.map_or_else(|| cx.id(AccountId::new), |account| account.id.clone()),
        email: wanted.owner_email.clone(),
        name: wanted.owner_name.clone(),
        provisioned_by: Provision::Bootstrap,
        joined_at: cx.now,
        last_active_at: None,
        is_sso_exempt: false,
    }
}

fn first_grant<H: Host>(cx: &Context<'_, H>, role: Role, owner: &Member) -> Grant {
    let expr = GrantExpr::workspace(role);
    Grant { id: cx.id(GrantId::new), expr, created_at: cx.now, created_by: owner.id.to_string() }
}

fn personal_token<H: Host>(cx: &Context<'_, H>, owner: &Member) -> Result<Token, Problem> {
    let name: Name = "First owner".parse().map_err(|_| Problem::internal("the token's own name"))?;
    Ok(Token {
        id: cx.id(TokenId::new),
        name,
        account: Some(owner.id.clone()),
        actions: ActionSet::EMPTY,
        created_by: owner.id.to_string(),
        created_at: cx.now,
        expires_at: None,
        last_used_at: None,
    })
}

/// Shows a workspace.
pub(super) async fn show<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let mut inside = inside::enter_any(cx).await?;
    if !inside.is_operator() {
        inside.require(Action::WorkspaceView)?;
    }
    Ok(Reply::ok(&WorkspaceView::from(&inside.workspace))?.tagged())
}

/// Changes a workspace. Plan, add-ons and seat limit are the operator's, the rest the owners'.
pub(super) async fn update<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let patch: WorkspacePatch = body::json(cx.request)?;
    let mut inside = inside::enter_any(cx).await?;
    if patch.is_billing() && !inside.is_operator() {
        return Err(Problem::forbidden(
            "plan, add-ons and seat limit change only with the bootstrap token of the deployment",
            &[],
        ));
    }
    if !inside.is_operator() {
        inside.require(Action::WorkspaceEdit)?;
    }
    let before = WorkspaceView::from(&inside.workspace);
    let mut change = Change::by(&inside).matching(cx, &before)?;
    let mut changed = patch.apply(&inside.workspace)?;
    check_provisioned(cx, &inside, &changed).await?;
    if changed.settings.require_sso && !inside.workspace.settings.require_sso {
        enforcement::check_switch(cx, &inside, &changed).await?;
    }
    changed.settings.provisioned_grants = unique(&changed.settings.provisioned_grants);
    if changed == inside.workspace {
        return Ok(Reply::ok(&before)?.tagged().version(changed.version));
    }

    // Each column is written: an owner's change may not undo the operator's of the same moment.
    change.means([policy::Change::SetPlan { plan: changed.plan, add_ons: changed.add_ons }]);
    change.write([guard::version(&changed.id, changed.version), workspace::update(&changed)]);
    let after = WorkspaceView::from(&changed);
    let subject = ("workspace", changed.id.as_str());
    change.record(
        cx,
        Happened { event_type: EventType::WorkspaceUpdated, subject, before: Some(&before), after: Some(&after) },
    );
    changed.version = change.commit(cx).await?;
    Ok(Reply::ok(&WorkspaceView::from(&changed))?.tagged().version(changed.version))
}

/// What people get who come by SSO, SCIM or domain is given like any other grant.
async fn check_provisioned<H: Host>(cx: &Context<'_, H>, inside: &Inside, changed: &Workspace) -> Result<(), Problem> {
    let (had, wanted) = (&inside.workspace.settings.provisioned_grants, &changed.settings.provisioned_grants);
    if had == wanted {
        return Ok(());
    }
    if inside.is_operator() {
        return check_plan(changed, wanted);
    }
    check_adding(cx, inside, wanted, had, "/settings/provisioned_grants").await
}

/// Closes a workspace for everyone in it.
pub(super) async fn delete<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let mut inside = inside::enter_any(cx).await?;
    if !inside.is_operator() {
        inside.require(Action::WorkspaceDelete)?;
    }
    let before = WorkspaceView::from(&inside.workspace);
    let mut change = Change::by(&inside).matching(cx, &before)?;
    change.write(workspace::delete(&inside.workspace.id, cx.now));
    let subject = ("workspace", inside.workspace.id.as_str());
    change
        .record(cx, Happened { event_type: EventType::WorkspaceDeleted, subject, before: Some(&before), after: None });
    let version = change.commit(cx).await?;
    Ok(Reply::no_content().version(version))
}
