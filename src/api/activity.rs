//! Who was seen when: noted at most once an hour, so that a read stays a read; and when an offer was first looked at.

use crate::host::{Db as _, Host};
use crate::model::{AccountId, Invite, InviteStatus, Member, Timestamp, WorkspaceId};
use crate::store::activity;

use super::caller::Caller;
use super::context::Context;

/// Notes that a caller was here: their token, where they present one, and the member that they are. A failure is
/// nobody's problem: the next request notes it.
pub(super) async fn note<H: Host>(
    cx: &Context<'_, H>,
    workspace: &WorkspaceId,
    caller: &Caller,
    member: Option<&Member>,
) {
    let due = cx.now.plus_hours(-1);
    let is_due = |last: Option<Timestamp>| last.is_none_or(|last| last <= due);
    let mut statements = Vec::new();
    if let Caller::Token(presented) = caller
        && is_due(presented.token.last_used_at)
    {
        statements.push(activity::touch_token(workspace, &presented.token.id, cx.now, due));
    }
    if let Some(member) = member.filter(|member| is_due(member.last_active_at)) {
        statements.push(activity::touch_member(workspace, &member.id, cx.now, due));
    }
    if !statements.is_empty() {
        let _ = cx.db().batch(&statements).await;
    }
}

/// Notes that the offer of a pending invite was looked at, the first time that it is. A failure is nobody's problem.
pub(super) async fn note_opened<H: Host>(cx: &Context<'_, H>, workspace: &WorkspaceId, invite: &Invite) {
    let is_first = invite.opened_at.is_none() && invite.status(cx.now) == InviteStatus::Pending;
    if is_first && cx.request.method() == http::Method::GET {
        let _ = cx.db().query(&activity::open_invite(workspace, &invite.id, cx.now)).await;
    }
}

/// Notes that a person has signed in, as a member of each workspace that the session opens. A failure is nobody's problem.
pub(super) async fn note_sign_in<H: Host>(cx: &Context<'_, H>, account: &AccountId) {
    let _ = cx.db().query(&activity::touch_memberships(account, cx.now, cx.now.plus_hours(-1))).await;
}
