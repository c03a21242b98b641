//! Reminders: who was mailed an invite hears of it once more before it expires, where the workspace wants that.
//!
//! The link of the first mail is known by its hash alone, and keeping the mail, even sealed, would keep a key that works. So a
//! reminder has a secret of its own, which opens the same invite: both links work until one of them was used or the invite is sent anew.

use crate::host::{Db as _, Host};
use crate::model::{EventId, SecretKind};
use crate::store::reminder::{self, Due, Reminder};

use super::context::Context;
use super::mail::{self, InviteMail};
use super::problem::Problem;

/// Owes reminders of a bounded number of invites; the next run goes on.
///
/// # Errors
/// When the database fails.
pub(super) async fn remind<H: Host>(cx: &Context<'_, H>) -> Result<(), Problem> {
    if !cx.config.origin.starts_with("http") {
        // Only a request tells it where nothing is set: a link without it leads nowhere, and a reminder is sent once.
        return Ok(());
    }
    let due = reminder::list_due(cx.db(), cx.now).await?;
    if due.is_empty() {
        return Ok(());
    }
    let reminded: Vec<_> = due.into_iter().map(|due| made(cx, due)).collect::<Result<_, _>>()?;
    cx.db().batch(&reminder::remind(&reminded, cx.now, cx.request_id)).await?;
    Ok(())
}

fn made<H: Host>(cx: &Context<'_, H>, due: Due) -> Result<(Due, Option<Reminder>), Problem> {
    if !due.was_mailed {
        return Ok((due, None));
    }
    let secret = cx.secret(SecretKind::Invite);
    let mail = InviteMail {
        invite_id: due.invite.id.as_str(),
        to: &due.invite.email,
        workspace: due.workspace.as_str(),
        url: &mail::accept_url(cx, &secret),
        expires_at: due.invite.expires_at,
    };
    let mail = mail::reminder(cx, &mail)?;
    Ok((due, Some(Reminder { hash: secret.hash(), mail, event: cx.id(EventId::new) })))
}
