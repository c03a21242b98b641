//! The identity provider that calls: its token, and whether the workspace takes SCIM at this moment.

use crate::host::{Db as _, Host};
use crate::model::audit::{Actor, Channel};
use crate::model::{Plan, Secret, SecretKind, Workspace};
use crate::scim::ScimError;
use crate::store::scim::token::{self, ScimToken};

use super::super::commit::Change;
use super::super::context::Context;
use super::super::problem::Code;
use super::refusal::Refusal;

/// Who calls, and for which workspace.
#[derive(Debug)]
pub(super) struct Provider {
    /// The workspace.
    pub(super) workspace: Workspace,
    /// The token.
    pub(super) token: ScimToken,
    has_connection: bool,
}

/// The provider that a request is of.
///
/// # Errors
/// 401 without a token that works.
pub(super) async fn enter<H: Host>(cx: &Context<'_, H>) -> Result<Provider, Refusal> {
    let refuse = |detail: &str| Refusal { code: Some(Code::Unauthenticated), ..ScimError::new(401, detail).into() };
    let header = cx.header("authorization").and_then(|header| header.split_once(' '));
    let bearer = header.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, text)| text.trim());
    let text = bearer.ok_or_else(|| refuse("send `Authorization: Bearer` with a SCIM token (`rcl_scim_…`)"))?;
    let secret = Secret::parse(SecretKind::Scim, text).ok_or_else(|| refuse("this is no SCIM token of ours"))?;
    let found = token::find_by_secret(cx.db(), &secret.hash()).await?;
    let found = found.ok_or_else(|| refuse("the SCIM token opens nothing; it may have been deleted"))?;
    if found.token.expires_at.is_some_and(|at| at <= cx.now) {
        return Err(refuse("the SCIM token has expired; make a new one"));
    }
    let due = cx.now.plus_hours(-1);
    if found.token.last_used_at.is_none_or(|last| last <= due) {
        // A failure is nobody's problem: the next request notes it.
        let _ = cx.db().query(&token::touch(&found.workspace.id, &found.token.id, cx.now, due)).await;
    }
    Ok(Provider { workspace: found.workspace, token: found.token, has_connection: found.has_connection })
}

impl Provider {
    /// Checks that the workspace takes SCIM.
    ///
    /// # Errors
    /// 403 where it doesn't.
    pub(super) fn check_gates(&self) -> Result<(), Refusal> {
        if self.workspace.plan < Plan::Business {
            let detail = "SCIM takes the Business plan, which this workspace no longer has; its owner can upgrade it";
            return Err(Refusal { code: Some(Code::PlanRequired), ..ScimError::new(403, detail).into() });
        }
        if !self.has_connection {
            let detail = "SCIM takes an active SSO connection, and this workspace has none; activate one there";
            return Err(Refusal { code: Some(Code::SsoRequired), ..ScimError::new(403, detail).into() });
        }
        Ok(())
    }

    /// A change by the provider, guarded by its token and by what SCIM takes.
    pub(super) fn change<H: Host>(&self, cx: &Context<'_, H>) -> Change {
        let actor = Actor { kind: "token", id: self.token.id.to_string(), email: None };
        let mut change = Change::new(&self.workspace.id, actor, Channel::Scim);
        change.write([token::guard(&self.workspace.id, &self.token.id, cx.now)]);
        change
    }
}
