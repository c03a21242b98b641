//! The Cloudflare Worker: implements the host seam and calls [`crate::api::handle`]. Nothing is decided here.

mod clock;
mod config;
mod crypto;
mod d1;
mod entropy;
mod fetch;
mod kv;
mod limit;
mod mail;
mod saml;

use std::cell::Cell;
use std::rc::Rc;

use futures_util::{StreamExt, stream};
use worker::{
    Context, Env, Request, Response, ResponseBody, ScheduleContext, ScheduledEvent, console_error, console_log, event,
};

use crate::api::Body;
use crate::host::{Config, Host};

/// Of a body at most this much is read; the API refuses what is longer than a route allows, which is never more.
const MOST: usize = 10 * 1024 * 1024 + 1;

/// Cloudflare as the machine.
struct Cloudflare {
    db: d1::D1,
    entropy: entropy::Random,
    mailer: Option<mail::Provider>,
    web: fetch::Web,
    cache: kv::Kv,
    verifier: crypto::Subtle,
    saml: Option<saml::Verifier>,
    limiter: limit::Brake,
    owes_mail: Cell<bool>,
}

impl Cloudflare {
    fn new(env: &Env) -> worker::Result<Self> {
        let mailer = config::mailer(env);
        Ok(Self {
            db: d1::D1::new(env.d1("DB")?),
            entropy: entropy::Random,
            mailer,
            web: fetch::Web,
            cache: kv::Kv::new(env),
            verifier: crypto::Subtle,
            saml: saml::Verifier::new(env),
            limiter: limit::Brake::new(env),
            owes_mail: Cell::default(),
        })
    }
}

impl Host for Cloudflare {
    type Db = d1::D1;
    type Entropy = entropy::Random;
    type Mailer = mail::Provider;
    type Fetch = fetch::Web;
    type Cache = kv::Kv;
    type Verifier = crypto::Subtle;
    type Saml = saml::Verifier;
    type Limiter = limit::Brake;

    fn db(&self) -> &d1::D1 {
        &self.db
    }

    fn entropy(&self) -> &entropy::Random {
        &self.entropy
    }

    fn mailer(&self) -> Option<&mail::Provider> {
        self.mailer.as_ref()
    }

    fn web(&self) -> &fetch::Web {
        &self.web
    }

    fn cache(&self) -> &kv::Kv {
        &self.cache
    }

    fn verifier(&self) -> &crypto::Subtle {
        &self.verifier
    }

    fn saml(&self) -> Option<&saml::Verifier> {
        self.saml.as_ref()
    }

    fn limiter(&self) -> &limit::Brake {
        &self.limiter
    }

    fn wake(&self) {
        self.owes_mail.set(true);
    }

    fn log(&self, line: &str) {
        console_error!("{line}");
    }

    fn note(&self, line: &str) {
        console_log!("{line}");
    }
}

#[event(fetch)]
async fn fetch(mut request: Request, env: Env, context: Context) -> worker::Result<Response> {
    let now = clock::now();
    let url = address(&request)?;
    let config = config::read(&env, &url)?;
    let host = Rc::new(Cloudflare::new(&env)?);
    let incoming = read(&mut request, &url).await?;
    let answer = crate::api::handle(&*host, &config, now, incoming).await;
    let timing = timing(clock::now().as_ms() - now.as_ms(), host.db.spent());
    if host.owes_mail.get() && host.mailer.is_some() {
        let host = Rc::clone(&host);
        context.wait_until(async move { deliver(&host, &config).await });
    }
    write(host, answer, &timing)
}

async fn deliver(host: &Cloudflare, config: &Config) {
    if let Err(problem) = crate::api::deliver(host, config, clock::now).await {
        console_error!("deliver: {}", problem.cause.unwrap_or_default());
    }
}

#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    let Ok(host) = Cloudflare::new(&env) else { return console_error!("the binding DB is missing") };
    let config = match config::read(&env, &http::Uri::default()) {
        Ok(config) => config,
        Err(error) => return console_error!("cron: {error}"),
    };
    if let Err(problem) = crate::api::sweep(&host, &config, clock::now()).await {
        console_error!("sweep: {}", problem.cause.unwrap_or_default());
    }
    if let Err(problem) = crate::api::deliver_for_a_minute(&host, &config, clock::now).await {
        console_error!("deliver: {}", problem.cause.unwrap_or_default());
    }
}

/// The platform has already brought the address into its canonical, ASCII form.
fn address(request: &Request) -> worker::Result<http::Uri> {
    request.inner().url().parse().map_err(|error: http::uri::InvalidUri| worker::Error::RustError(error.to_string()))
}

/// The request with its body in memory.
async fn read(request: &mut Request, url: &http::Uri) -> worker::Result<http::Request<Vec<u8>>> {
    let path = url.path_and_query().map_or("/", |path| path.as_str());
    // `Request::method` takes each method that it doesn't know for a GET.
    let method = request.inner().method();
    let mut builder = http::Request::builder().method(method.as_str()).uri(path);
    for (name, value) in request.headers() {
        builder = builder.header(name, value);
    }
    let body = if request.inner().body().is_some() { read_body(request).await? } else { Vec::new() };
    builder.body(body).map_err(|error| worker::Error::RustError(error.to_string()))
}

async fn read_body(request: &mut Request) -> worker::Result<Vec<u8>> {
    let mut body = Vec::new();
    let mut chunks = request.stream()?;
    while let Some(chunk) = chunks.next().await {
        body.extend(chunk?);
        if body.len() >= MOST {
            break;
        }
    }
    Ok(body)
}

/// `Server-Timing`: the milliseconds of our own work and of the database, and what was asked of it.
fn timing(total: i64, db: d1::Spent) -> String {
    let d1::Spent { duration, queries, rows_read, rows_written } = db;
    let app = total - duration;
    format!(
        "app;dur={app}, db;dur={duration};desc=\"queries={queries} rows_read={rows_read} rows_written={rows_written}\""
    )
}

fn write(host: Rc<Cloudflare>, response: http::Response<Body>, timing: &str) -> worker::Result<Response> {
    let (parts, body) = response.into_parts();
    let answer = match body.whole() {
        Ok(bytes) if bytes.is_empty() => Response::from_body(ResponseBody::Empty)?,
        Ok(bytes) => Response::from_body(ResponseBody::Body(bytes))?,
        Err(body) => stream(host, body)?,
    };
    let headers = worker::Headers::new();
    for (name, value) in &parts.headers {
        headers.append(name.as_str(), value.to_str().unwrap_or_default())?;
    }
    headers.set("server-timing", timing)?;
    Ok(answer.with_status(parts.status.as_u16()).with_headers(headers))
}

/// A body that is read while it goes out, a page each time that the client has taken the last. An error breaks the connection
/// off: a chunked answer without its end is no answer.
fn stream(host: Rc<Cloudflare>, body: Body) -> worker::Result<Response> {
    Response::from_stream(stream::try_unfold((host, body), |(host, mut body)| async move {
        let broken = |problem: crate::api::problem::Problem| worker::Error::RustError(problem.code.as_str().to_owned());
        let page = body.next(&*host).await.map_err(broken)?;
        Ok::<_, worker::Error>(page.map(|page| (page, (host, body))))
    }))
}
