//! Mail by a provider that speaks the JSON API of Resend over HTTP, or by Cloudflare's own binding.

use std::time::Duration;

use futures_util::future::{Either, select};
use wasm_bindgen::JsValue;
use worker::{AbortController, Delay, Fetch, Headers, Method, Request, RequestInit, RequestRedirect};
use worker::{SendEmail, SendEmailBuilder};

use crate::host::{Mailer, Message, Sending};

/// How long a provider may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Who sends mail for us.
pub(super) enum Provider {
    /// `POST {url}/emails` with a key.
    Http {
        /// Where.
        url: String,
        /// The key.
        key: String,
        /// The sender's address.
        from: String,
    },
    /// A `send_email` binding. It knows no idempotency key: a mail whose answer gets lost goes out again.
    Binding {
        /// The binding.
        binding: SendEmail,
        /// The sender's address.
        from: String,
    },
}

impl Mailer for Provider {
    async fn send(&self, message: &Message) -> Sending {
        match self {
            Self::Http { url, key, from } => match post(url, key, from, message) {
                Ok(request) => answer(request).await,
                Err(_) => Sending::Later("MAIL_URL, MAIL_KEY or MAIL_FROM is no such thing".to_owned()),
            },
            Self::Binding { binding, from } => {
                let builder = SendEmailBuilder::builder(from, &message.to, &message.subject);
                let mail = builder.text(&message.text).html(&message.html).build();
                match in_time(binding.send_with_builder(&mail)).await {
                    Some(Ok(_)) => Sending::Sent,
                    Some(Err(_)) => Sending::Later("the binding MAIL failed".to_owned()),
                    None => Sending::Later("the binding MAIL did not answer in time".to_owned()),
                }
            }
        }
    }
}

fn post(url: &str, key: &str, from: &str, message: &Message) -> worker::Result<Request> {
    let Message { key: id, to, subject, text, html } = message;
    let body = serde_json::json!({ "from": from, "to": [to], "subject": subject, "text": text, "html": html });
    let headers = Headers::new();
    headers.set("authorization", &format!("Bearer {key}"))?;
    headers.set("content-type", "application/json")?;
    headers.set("idempotency-key", id)?;
    headers.set("user-agent", "rolecall")?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers).with_body(Some(JsValue::from_str(&body.to_string())));
    // The key is for this address alone.
    init.with_redirect(RequestRedirect::Manual);
    Request::new_with_init(&format!("{url}/emails"), &init)
}

async fn answer(request: Request) -> Sending {
    let controller = AbortController::default();
    let signal = controller.signal();
    let ask = async {
        let mut response = Fetch::Request(request).send_with_signal(&signal).await?;
        let status = response.status_code();
        // An answer that isn't read to its end keeps its connection.
        response.bytes().await.map(|_| status)
    };
    match in_time(ask).await {
        Some(Ok(status)) => outcome(status),
        Some(Err(_)) => Sending::Later("the mail provider can't be reached".to_owned()),
        None => {
            controller.abort();
            Sending::Later("the mail provider did not answer in time".to_owned())
        }
    }
}

/// What a status means. A wrong key, a conflict of two tries at once and too many mails are nothing that is wrong with
/// this one.
fn outcome(status: u16) -> Sending {
    let why = format!("the mail provider answered {status}");
    match status {
        200..=299 => Sending::Sent,
        400 | 404 | 405 | 410 | 413 | 415 | 422 => Sending::Refused(why),
        _ => Sending::Later(why),
    }
}

/// What comes of it, unless the time is over first.
async fn in_time<T>(work: impl Future<Output = T>) -> Option<T> {
    match select(Box::pin(work), Delay::from(TIMEOUT)).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}
