//! An app in memory, and what tests say to it.

pub(crate) mod idp;
mod machine;
mod mail;
#[cfg(feature = "saml")]
pub(crate) mod saml;
mod sqlite;
mod web;

use std::cell::{Cell, RefCell};

use http::{Method, Request};
use rolecall::api::Body;
use rolecall::api::problem::Problem;
use rolecall::host::Config;
use rolecall::model::Timestamp;
use serde_json::{Value, json};
use sqlite::Sqlite;

pub(crate) use machine::{Counter, Machine};
pub(crate) use mail::{Mail, Mailbox};

/// The moment that every test starts at: 2026-01-01T00:00:00Z.
pub(crate) const START: i64 = 1_767_225_600_000;
pub(crate) const BOOTSTRAP: &str = "test-bootstrap";

/// The app, its clock and its settings.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) machine: Machine,
    config: Config,
    now: Cell<i64>,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) headers: http::HeaderMap,
}

impl Answer {
    /// Asserts a status and answers the body.
    #[track_caller]
    pub(crate) fn ok(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// Asserts a problem of this status and code and answers the document.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        self.body
    }

    /// Asserts a 422 whose first error is this code at this place and answers the document.
    #[track_caller]
    pub(crate) fn invalid(self, code: &str, path: &str) -> Value {
        let first = &self.body["errors"][0];
        let place = (self.status, first["code"].as_str(), first["path"].as_str());
        assert_eq!(place, (422, Some(code), Some(path)), "{}", self.body);
        self.body
    }

    /// What two refusals of the same kind share: all but the request's id.
    pub(crate) fn anonymous(mut self) -> Value {
        self.body.as_object_mut().unwrap().remove("request_id").unwrap();
        self.body
    }

    /// The rows of a list's member, as text.
    #[track_caller]
    pub(crate) fn column(self, name: &str) -> Vec<String> {
        let body = self.ok(200);
        body["data"].as_array().unwrap().iter().map(|row| text(&row[name])).collect()
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A workspace with its owner's token.
#[derive(Debug, Clone)]
pub(crate) struct Tenant {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) token: String,
}

/// A JSON string as text.
#[track_caller]
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// The secret in the link of an invite.
#[track_caller]
pub(crate) fn secret(invite: &Value) -> String {
    text(&invite["accept_url"]).rsplit('/').next().unwrap().to_owned()
}

impl App {
    pub(crate) fn new() -> Self {
        Self::with_bootstrap(BOOTSTRAP)
    }

    /// An app whose operator has this token.
    pub(crate) fn with_bootstrap(token: &str) -> Self {
        let origin = "https://app.example".into();
        let dns_resolver = "https://resolver.example/dns-query".to_owned();
        let (seal_key, bootstrap_token) = ([7; 32], token.into());
        let config =
            Config { bootstrap_token, seal_key, mails_a_minute: 60, audit_retention_days: 0, dns_resolver, origin };
        let machine = Machine {
            db: Sqlite::new(),
            entropy: Counter::default(),
            log: RefCell::default(),
            notes: RefCell::default(),
            mailbox: Mailbox::default(),
            wakes: Cell::default(),
            web: web::Web::default(),
            cache: web::Memory::default(),
            verifier: web::Ring,
            saml: web::Saml::default(),
            limiter: machine::Brake::default(),
        };
        Self { machine, config, now: Cell::new(START) }
    }

    /// The same app, as the cron sees it where nobody said where the deployment is.
    pub(crate) fn without_origin(mut self) -> Self {
        self.config.origin = "://".to_owned();
        self
    }

    /// The same app, in a deployment that keeps audit events for so many days.
    pub(crate) fn keeping(mut self, days: i64) -> Self {
        self.config.audit_retention_days = days;
        self
    }

    /// Lets hours pass.
    pub(crate) fn pass(&self, hours: i64) {
        self.now.set(self.now.get() + hours * 3_600_000);
    }

    /// Sends a request as it is.
    pub(crate) fn send(&self, request: Request<Vec<u8>>) -> Answer {
        let (parts, mut body) = self.open(request).into_parts();
        let mut whole = Vec::new();
        while let Some(bytes) = self.next(&mut body).unwrap() {
            whole.extend(bytes);
        }
        let body = whole;
        let is_json = parts.headers.get("content-type").is_some_and(|kind| kind.to_str().unwrap().ends_with("json"));
        let is_json = is_json && parts.headers["content-type"] != "application/x-ndjson";
        let body = match (body.is_empty(), is_json) {
            (true, _) => Value::Null,
            (false, true) => serde_json::from_slice(&body).unwrap(),
            (false, false) => Value::String(String::from_utf8(body).unwrap()),
        };
        assert!(self.machine.log.borrow().is_empty(), "{:?}", self.machine.log.borrow());
        Answer { status: parts.status.as_u16(), body, headers: parts.headers }
    }

    /// Sends a request and reads no further than it was read to be answered.
    pub(crate) fn open(&self, request: Request<Vec<u8>>) -> http::Response<Body> {
        self.now.set(self.now.get() + 1);
        self.machine.cache.now.set(self.now.get());
        let now = Timestamp::from_ms(self.now.get());
        pollster::block_on(rolecall::api::handle(&self.machine, &self.config, now, request))
    }

    /// The next bytes of an answer; an error where it breaks off.
    pub(crate) fn next(&self, body: &mut Body) -> Result<Option<Vec<u8>>, Problem> {
        pollster::block_on(body.next(&self.machine))
    }

    /// Calls with a token; a `null` body sends none.
    pub(crate) fn call(&self, method: &str, path: &str, token: &str, body: &Value) -> Answer {
        self.call_with(method, path, token, &[], body)
    }

    /// Calls with a token and more headers.
    pub(crate) fn call_with(
        &self,
        method: &str,
        path: &str,
        token: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut builder = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        if !token.is_empty() {
            builder = builder.header("authorization", format!("Bearer {token}"));
        }
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.send(builder.header("content-type", "application/json").body(bytes).unwrap())
    }

    pub(crate) fn get(&self, path: &str, token: &str) -> Answer {
        self.call("GET", path, token, &Value::Null)
    }

    pub(crate) fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.call("POST", path, token, body)
    }

    pub(crate) fn put(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.call("PUT", path, token, body)
    }

    pub(crate) fn patch(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.call("PATCH", path, token, body)
    }

    pub(crate) fn delete(&self, path: &str, token: &str) -> Answer {
        self.call("DELETE", path, token, &Value::Null)
    }

    /// Changes what the operator may: plan, add-ons, seats.
    pub(crate) fn bill(&self, tenant: &Tenant, body: &Value) -> Value {
        self.patch(&tenant.root(), BOOTSTRAP, body).ok(200)
    }

    /// Opens an invite with a secret, whatever comes of it.
    pub(crate) fn try_accept(&self, secret: &str) -> Answer {
        self.post(&format!("/v1/invites/{secret}/accept"), "", &Value::Null)
    }

    /// Asks, and asserts that nothing was written.
    #[track_caller]
    pub(crate) fn unchanged(&self, ask: impl FnOnce() -> Answer) -> Answer {
        let before = self.contents();
        let answer = ask();
        assert!(self.contents() == before, "something was written: {}", answer.body);
        answer
    }

    /// A workspace on the Business plan with both add-ons.
    pub(crate) fn tenant(&self, slug: &str) -> Tenant {
        self.tenant_with(slug, &json!({"plan": "business", "add_ons": ["protocols", "engage"]}))
    }

    /// A workspace on this plan.
    pub(crate) fn tenant_with(&self, slug: &str, plan: &Value) -> Tenant {
        let mut body = json!({"name": slug, "slug": slug, "owner": {"email": format!("owner@{slug}.example"), "name": "Olga Owner"}});
        body.as_object_mut().unwrap().extend(plan.as_object().unwrap().clone());
        let made = self.post("/v1/workspaces", BOOTSTRAP, &body).ok(201);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Tenant {
            id: text(&made["workspace"]["id"]),
            owner: text(&made["owner"]["id"]),
            token: text(&made["token"]["secret"]),
        }
    }

    /// Registers a resource.
    pub(crate) fn resource(&self, tenant: &Tenant, reference: &str, more: &Value) {
        let mut body = json!({"name": reference});
        body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        self.call("PUT", &tenant.path(&format!("resources/{reference}")), &tenant.token, &body).ok(201);
    }

    /// Invites by link; answers the invite and its secret.
    pub(crate) fn invite(&self, tenant: &Tenant, email: &str, grants: &[&str]) -> (Value, String) {
        let body = json!({"invites": [{"email": email, "grants": grants}], "deliver": "link"});
        let made = self.post(&tenant.path("invites"), &tenant.token, &body).ok(201)["data"][0].clone();
        let url = made["accept_url"].as_str().unwrap_or_else(|| panic!("no link: {made}"));
        (made.clone(), url.rsplit('/').next().unwrap().to_owned())
    }

    /// Accepts an invite; answers the member and the session cookie.
    pub(crate) fn accept(&self, secret: &str) -> (Value, String) {
        let answer = self.post(&format!("/v1/invites/{secret}/accept"), "", &Value::Null);
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        (answer.ok(201), cookie)
    }

    /// A member with these grants: their id and session cookie.
    pub(crate) fn member(&self, tenant: &Tenant, email: &str, grants: &[&str]) -> (String, String) {
        let (_, secret) = self.invite(tenant, email, grants);
        let (member, cookie) = self.accept(&secret);
        (member["id"].as_str().unwrap().to_owned(), cookie)
    }

    /// Calls with a session from the app's own pages.
    pub(crate) fn as_person(&self, method: &str, path: &str, cookie: &str, body: &Value) -> Answer {
        let builder = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path);
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let builder = builder.header("cookie", cookie).header("origin", "https://app.example");
        self.send(builder.header("content-type", "application/json").body(bytes).unwrap())
    }

    /// A token of the workspace.
    pub(crate) fn token(&self, tenant: &Tenant, body: &Value) -> String {
        self.post(&tenant.path("tokens"), &tenant.token, body).ok(201)["secret"].as_str().unwrap().to_owned()
    }

    /// One number from the database.
    pub(crate) fn count(&self, sql: &str) -> i64 {
        self.machine.db.number(sql)
    }

    /// The texts that a statement answers.
    pub(crate) fn texts(&self, sql: &'static str) -> Vec<String> {
        let text = |row: rolecall::host::Row| match row.get("text") {
            Some(rolecall::host::Value::Text(text)) => text.clone(),
            other => panic!("{other:?}"),
        };
        self.machine.db.rows(sql).into_iter().map(text).collect()
    }

    /// Changes the database behind the API's back.
    pub(crate) fn sql(&self, sql: &str) -> Result<(), String> {
        self.machine.db.execute(sql)
    }

    /// Asks, while this SQL happens between the request's reads and its commit.
    #[track_caller]
    pub(crate) fn meanwhile(&self, sql: &str, ask: impl FnOnce() -> Answer) -> Answer {
        self.machine.db.meanwhile(sql);
        let answer = ask();
        assert!(!self.machine.db.waits(), "the request never came to its commit: {}", answer.body);
        answer
    }

    /// The mail in the outbox, opened, oldest first.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        let rows = self.machine.db.rows("SELECT id, sealed FROM outbox WHERE sealed IS NOT NULL ORDER BY id");
        rows.iter().map(|row| mail::open(row, self.config.seal_key)).collect()
    }

    /// Lets minutes pass.
    pub(crate) fn pass_minutes(&self, minutes: i64) {
        self.now.set(self.now.get() + minutes * 60_000);
    }

    /// Sends what is due.
    pub(crate) fn deliver(&self) {
        let now = Timestamp::from_ms(self.now.get());
        pollster::block_on(rolecall::api::deliver(&self.machine, &self.config, || now)).unwrap();
    }

    /// Sends what is due as the cron does, where each look at the clock takes some milliseconds.
    pub(crate) fn deliver_for_a_minute(&self, ms: i64) {
        let clock = || {
            self.now.set(self.now.get() + ms);
            Timestamp::from_ms(self.now.get())
        };
        pollster::block_on(rolecall::api::deliver_for_a_minute(&self.machine, &self.config, clock)).unwrap();
    }

    /// What the cron does.
    pub(crate) fn sweep(&self) {
        pollster::block_on(rolecall::api::sweep(&self.machine, &self.config, Timestamp::from_ms(self.now.get())))
            .unwrap();
    }

    /// A picture of all rows, to show that nothing was written.
    pub(crate) fn contents(&self) -> String {
        self.machine.db.dump()
    }
}

impl Tenant {
    /// The path of the workspace itself.
    pub(crate) fn root(&self) -> String {
        format!("/v1/workspaces/{}", self.id)
    }

    /// The path of a member.
    pub(crate) fn member(&self, id: &str) -> String {
        self.path(&format!("members/{id}"))
    }

    /// The path of an invite.
    pub(crate) fn invite(&self, invite: &Value) -> String {
        self.path(&format!("invites/{}", text(&invite["id"])))
    }

    /// A path in the workspace.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/v1/workspaces/{}/{rest}", self.id)
    }
}
