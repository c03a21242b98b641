//! Other people's servers, by the platform's `fetch`: with a limit of time and of size, and no redirect followed.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{Either, select};
use wasm_bindgen::JsValue;
use worker::{AbortController, AbortSignal, Delay, Headers, Method, Request, RequestInit, RequestRedirect};

use crate::host::{Fetch, FetchError, Fetched, Outgoing};

/// How long a server may take for its whole answer.
const TIMEOUT: Duration = Duration::from_secs(8);

/// The platform's way out.
pub(super) struct Web;

impl Fetch for Web {
    async fn fetch(&self, request: &Outgoing, most: usize) -> Result<Fetched, FetchError> {
        let request = prepare(request).map_err(|_| FetchError::Unreachable)?;
        let controller = AbortController::default();
        let signal = controller.signal();
        let outcome = select(Box::pin(ask(request, &signal, most)), Delay::from(TIMEOUT)).await;
        let answer = match outcome {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(FetchError::TooSlow),
        };
        if answer.is_err() {
            controller.abort();
        }
        answer
    }
}

fn prepare(outgoing: &Outgoing) -> worker::Result<Request> {
    let headers = Headers::new();
    headers.set("accept", "application/json")?;
    headers.set("user-agent", "rolecall")?;
    for (name, value) in &outgoing.headers {
        headers.set(name, value)?;
    }
    let mut init = RequestInit::new();
    init.with_headers(headers).with_redirect(RequestRedirect::Manual);
    if let Some(body) = &outgoing.body {
        init.with_method(Method::Post).with_body(Some(JsValue::from_str(body)));
    }
    Request::new_with_init(outgoing.url(), &init)
}

async fn ask(request: Request, signal: &AbortSignal, most: usize) -> Result<Fetched, FetchError> {
    let broken = |_| FetchError::Unreachable;
    let mut response = worker::Fetch::Request(request).send_with_signal(signal).await.map_err(broken)?;
    let status = response.status_code();
    let mut body = Vec::new();
    let mut chunks = response.stream().map_err(broken)?;
    while let Some(chunk) = chunks.next().await {
        body.extend(chunk.map_err(broken)?);
        if body.len() > most {
            return Err(FetchError::TooLarge);
        }
    }
    Ok(Fetched { status, body })
}
