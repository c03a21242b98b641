//! The Cloudflare Worker.
use worker::{Context, Env, HttpRequest, event};

#[event(fetch)]
async fn fetch(_request: HttpRequest, _env: Env, _context: Context) -> worker::Result<worker::Response> {
    worker::Response::ok("ok")
}
