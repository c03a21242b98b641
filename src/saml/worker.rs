//! The Worker around the functions: a question as JSON comes in by the service binding, its answer goes out. It holds nothing
//! and knows no secret, and nobody but the main Worker can reach it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use worker::{Context, Env, Request, Response, event};

use crate::wire::saml::{ReadBody, RefusedView};

use super::Refused;

#[event(fetch)]
async fn fetch(mut request: Request, _env: Env, _context: Context) -> worker::Result<Response> {
    let body = request.text().await?;
    match request.path().as_str() {
        "/verify" => answer(&body, |question| super::verify(&question)),
        "/hint" => answer(&body, |question: ReadBody| super::hint(&question.document)),
        "/metadata" => answer(&body, |question: ReadBody| super::metadata(&question.document)),
        _ => Response::error("no such question", 404),
    }
}

/// 200 with the answer, or 422 with the refusal.
fn answer<Q: DeserializeOwned, A: Serialize>(
    body: &str,
    ask: impl FnOnce(Q) -> Result<A, Refused>,
) -> worker::Result<Response> {
    let Ok(question) = serde_json::from_str(body) else {
        return Response::error("no question", 400);
    };
    match ask(question).map_err(Refused::view) {
        Ok(answer) => Response::from_json(&answer),
        Err(refused) => refuse(&refused),
    }
}

fn refuse(refused: &RefusedView) -> worker::Result<Response> {
    Ok(Response::from_json(refused)?.with_status(422))
}
