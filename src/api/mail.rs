//! Mail: what it says, sealed for the outbox and opened again when it goes out.

use crate::host::{Config, Host, Message};
use crate::model::{Email, LINK_MINUTES, Link, MailId, Secret, Timestamp, Workspace};
use crate::store::outbox::Owed;

use super::context::Context;
use super::problem::Problem;
use super::seal;

/// The link that accepts an invite.
pub(super) fn accept_url<H: Host>(cx: &Context<'_, H>, secret: &Secret) -> String {
    format!("{}/invites/{}", cx.config.origin, secret.reveal())
}

/// What an invite's mail says.
#[derive(Debug)]
pub(super) struct InviteMail<'a> {
    /// The invite's id.
    pub(super) invite_id: &'a str,
    /// The invitee.
    pub(super) to: &'a Email,
    /// The workspace's name.
    pub(super) workspace: &'a str,
    /// The link.
    pub(super) url: &'a str,
    /// When the link stops working.
    pub(super) expires_at: Timestamp,
}

/// The mail of an invite, sealed.
///
/// # Errors
/// When it can't be sealed, which is our fault.
pub(super) fn invite<H: Host>(cx: &Context<'_, H>, mail: &InviteMail<'_>) -> Result<Owed, Problem> {
    let InviteMail { workspace, url, expires_at, .. } = mail;
    let subject = format!("You are invited to {workspace}");
    let text = format!(
        "You are invited to the workspace {workspace}.\n\nOpen this link to see what you will be able to do, and to accept:\n{url}\n\n\
         The link works once, for {to}, until {expires_at}. If you don't expect this invitation, ignore it.\n",
        to = mail.to
    );
    let html = format!(
        "<p>You are invited to the workspace <strong>{}</strong>.</p><p><a href=\"{url}\">See the invitation and accept it</a></p>\
         <p>The link works once, for {}, until {expires_at}. If you don't expect this invitation, ignore it.</p>",
        escape(workspace),
        escape(mail.to.as_str())
    );
    owed(cx, mail.invite_id, mail.to, subject, &text, &html)
}

/// The mail that reminds of an invite, sealed.
///
/// # Errors
/// When it can't be sealed, which is our fault.
pub(super) fn reminder<H: Host>(cx: &Context<'_, H>, mail: &InviteMail<'_>) -> Result<Owed, Problem> {
    let InviteMail { workspace, url, expires_at, to, .. } = mail;
    let subject = format!("Your invitation to {workspace} is about to expire");
    let until = format!(
        "The invitation is for {to}, until {expires_at}, and works once, by this link or the one of the first mail."
    );
    let ignore = "If you don't want to join, ignore this mail: there is no other reminder.";
    let text = format!(
        "You are invited to the workspace {workspace} and haven't accepted yet.\n\n\
         Open this link to see what you will be able to do, and to accept:\n{url}\n\n{until} {ignore}\n"
    );
    let html = format!(
        "<p>You are invited to the workspace <strong>{}</strong> and haven't accepted yet.</p>\
         <p><a href=\"{url}\">See the invitation and accept it</a></p><p>{} {ignore}</p>",
        escape(workspace),
        escape(&until)
    );
    owed(cx, mail.invite_id, to, subject, &text, &html)
}

/// What became of a request to join.
#[derive(Debug)]
pub(super) struct DecisionMail<'a> {
    /// The request's id.
    pub(super) request_id: &'a str,
    /// Who asked.
    pub(super) to: &'a Email,
    /// The workspace.
    pub(super) workspace: &'a Workspace,
    /// Whether they are a member now.
    pub(super) is_approved: bool,
}

/// The mail that tells what became of a request to join, sealed.
///
/// # Errors
/// When it can't be sealed, which is our fault.
pub(super) fn decision<H: Host>(cx: &Context<'_, H>, mail: &DecisionMail<'_>) -> Result<Owed, Problem> {
    let name = mail.workspace.name.as_str();
    let (subject, told, link) = if mail.is_approved {
        let url = format!("{}/w/{}", cx.config.origin, mail.workspace.slug);
        (format!("You are a member of {name} now"), "was approved: you are a member now.", Some(url))
    } else {
        let told = "was not approved. Ask an administrator of the workspace to invite you, if you need to get in.";
        (format!("Your request to join {name}"), told, None)
    };
    let go = link.as_ref().map(|url| format!("\n\nOpen the workspace, and sign in as {}:\n{url}", mail.to));
    let text = format!("Your request to join the workspace {name} {told}{}\n", go.unwrap_or_default());
    let go = link.map(|url| {
        format!("<p><a href=\"{url}\">Open the workspace</a>, and sign in as {}.</p>", escape(mail.to.as_str()))
    });
    let html = format!(
        "<p>Your request to join the workspace <strong>{}</strong> {told}</p>{}",
        escape(name),
        go.unwrap_or_default()
    );
    owed(cx, mail.request_id, mail.to, subject, &text, &html)
}

/// The mail of a sign-in link, sealed.
///
/// # Errors
/// When it can't be sealed, which is our fault.
pub(super) fn sign_in<H: Host>(cx: &Context<'_, H>, link: &Link, secret: &Secret) -> Result<Owed, Problem> {
    let url = format!("{}/sign-in/{}", cx.config.origin, secret.reveal());
    let until = format!("The link works once, for {LINK_MINUTES} minutes");
    let ignore = "If you didn't ask for it, ignore this mail: nobody gets in without it.";
    let text = format!("Open this link to sign in:\n{url}\n\n{until}, until {}. {ignore}\n", link.expires_at);
    let html = format!("<p><a href=\"{url}\">Sign in</a></p><p>{until}, until {}. {ignore}</p>", link.expires_at);
    owed(cx, link.id.as_str(), &link.email, "Your link to sign in".to_owned(), &text, &html)
}

/// A mail about an invite, a request or a link, sealed.
fn owed<H: Host>(
    cx: &Context<'_, H>,
    subject_id: &str,
    to: &Email,
    subject: String,
    text: &str,
    html: &str,
) -> Result<Owed, Problem> {
    if !cx.is_dry_run {
        cx.host.wake();
    }
    let id = cx.id(MailId::new);
    let plain = serde_json::json!({ "to": to.as_str(), "subject": subject, "text": text, "html": html });
    let sealed = seal::seal(cx, id.as_str(), plain.to_string().as_bytes())?;
    Ok(Owed { id, subject_id: subject_id.to_owned(), to: to.clone(), subject, sealed })
}

/// Text as XML and HTML have it, also in an attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The mail that was sealed under this id; `None` when it was by another key.
pub(super) fn unseal(config: &Config, id: &MailId, sealed: &str) -> Option<Message> {
    let plain = seal::open(config, id.as_str(), sealed)?;
    let value: serde_json::Value = serde_json::from_slice(&plain).ok()?;
    let part = |name: &str| value.get(name)?.as_str().map(str::to_owned);
    let (to, subject, text, html) = (part("to")?, part("subject")?, part("text")?, part("html")?);
    Some(Message { key: id.to_string(), to, subject, text, html })
}
