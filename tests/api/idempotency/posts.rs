//! Each POST that is done once under its key, and a workspace to send them to.

use rolecall::api::route::Endpoint;
use serde_json::{Value, json};

use crate::support::{Answer, App, BOOTSTRAP, Tenant, text};

pub(crate) const MEMBER: &[&str] = &["workspace_member"];
const OWNER: &[&str] = &["workspace_owner", "workspace_member"];

/// Path, body and another body that is right too. `{…}` stands for what the fixture made.
pub(crate) type Post = (&'static str, &'static str, &'static str);

/// Each POST that writes for somebody, also where it finds nothing to do.
#[rustfmt::skip]
pub(crate) const POSTS: &[Post] = &[
    ("/v1/workspaces", r#"{"name": "New", "slug": "new", "owner": {"email": "ann@example.com", "name": "Ann"}}"#,
        r#"{"name": "New", "slug": "other", "owner": {"email": "ann@example.com", "name": "Ann"}}"#),
    ("{ws}/members/{acc}/grants", r#"{"grants": ["source_admin", "workspace_member"]}"#, r#"{"grants": ["function_admin"]}"#),
    ("{ws}/members/{acc}/grants", r#"{"grants": ["workspace_member"]}"#, r#"{"grants": ["function_admin"]}"#),
    ("{ws}/groups", r#"{"name": "New", "grants": ["source_admin@{team:free}"]}"#, r#"{"name": "Other"}"#),
    ("{ws}/groups/{grp}/grants", r#"{"grants": ["source_admin"]}"#, r#"{"grants": ["function_admin"]}"#),
    ("{ws}/groups/{grp}/grants", r#"{"grants": []}"#, r#"{"grants": ["function_admin"]}"#),
    ("{ws}/groups/{grp}/members", r#"{"members": ["{acc}"]}"#, r#"{"members": ["ben@example.com"]}"#),
    ("{ws}/labels", r#"{"key": "a", "value": "b"}"#, r#"{"key": "a", "value": "c"}"#),
    ("{ws}/labels", r#"{"key": "team", "value": "free", "description": "New"}"#, r#"{"key": "team", "value": "free"}"#),
    ("{ws}/invites", r#"{"invites": [{"email": "new@example.com", "grants": ["workspace_member"]}], "deliver": "link"}"#,
        r#"{"invites": [{"email": "other@example.com", "grants": ["workspace_member"]}], "deliver": "link"}"#),
    ("{ws}/invites", r#"{"invites": [{"email": "new@example.com", "grants": ["workspace_member"]}]}"#,
        r#"{"invites": [{"email": "new@example.com", "grants": ["workspace_member"]}], "deliver": "link"}"#),
    ("{ws}/invites", r#"{"invites": [{"email": "ann@example.com", "grants": ["workspace_member"]}]}"#,
        r#"{"invites": [{"email": "other@example.com", "grants": ["workspace_member"]}]}"#),
    ("{ws}/invites/bulk", r#"{"invites": [{"email": "new@example.com", "grants": ["workspace_member"]}], "deliver": "link"}"#,
        r#"{"invites": [{"email": "other@example.com", "grants": ["workspace_member"]}], "deliver": "link"}"#),
    ("{ws}/invites/bulk", r#"{"invites": [{"email": "ann@example.com", "grants": ["workspace_member"]}]}"#,
        r#"{"invites": [{"email": "other@example.com", "grants": ["workspace_member"]}]}"#),
    ("{ws}/invites/{inv}/resend", r#"{"deliver": "link"}"#, r#"{"deliver": "email"}"#),
    ("{ws}/invites/{inv}/resend", "", r#"{"deliver": "link"}"#),
    ("{ws}/tokens", r#"{"name": "New", "actions": ["member:view"]}"#, r#"{"name": "Other", "actions": ["member:view"]}"#),
    ("{ws}/sso/connections", r#"{"protocol": "oidc", "name": "Okta", "issuer": "https://idp.example", "client_id": "rolecall",
        "client_secret": "hush", "role_mappings": [{"group": "Eng", "grants": ["source_admin"]}]}"#,
        r#"{"protocol": "oidc", "name": "Entra", "issuer": "https://idp.example", "client_id": "rolecall"}"#),
    ("{ws}/scim/tokens", r#"{"name": "New"}"#, r#"{"name": "Other"}"#),
    ("{ws}/scim/tokens/{sct}/rotate", "", r#"{"overlap_hours": 1}"#),
    ("{ws}/domains", r#"{"domain": "new.example", "grants": ["workspace_member"]}"#, r#"{"domain": "other.example"}"#),
    ("{ws}/join-requests/{jrq}/approve", "", r#"{"x": 1}"#),
    ("{ws}/join-requests/{jrq}/deny", "", r#"{"x": 1}"#),
    ("/v1/invites/{sec}/accept", r#"{"name": "Ben"}"#, r#"{"name": "Benjamin"}"#),
];

/// The POSTs that write nothing, and those that nobody makes yet.
pub(crate) const WITHOUT: &[Endpoint] = &[
    Endpoint::MailLink,
    Endpoint::OpenLink,
    // Looks for the record anew each time; and whoever joins is nobody there yet.
    Endpoint::VerifyDomain,
    Endpoint::Join,
    Endpoint::CreateTrial,
    // By a form of another site, with an assertion that is taken once.
    Endpoint::SamlConsume,
    Endpoint::Check,
    Endpoint::CheckBatch,
    Endpoint::Preview,
    Endpoint::Evaluate,
    Endpoint::EvaluateAll,
    Endpoint::SearchSubjects,
    Endpoint::SearchResources,
    Endpoint::SearchActions,
];

/// A workspace with a member, a group, a label and a pending invite; each one is the same as the others.
pub(crate) struct Fixture {
    pub(crate) app: App,
    pub(crate) acme: Tenant,
    ids: [(&'static str, String); 7],
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let app = App::new();
        let acme = app.tenant("acme");
        let (acc, _) = app.member(&acme, "ann@example.com", MEMBER);
        let (invite, sec) = app.invite(&acme, "ben@example.com", MEMBER);
        let group = app.post(&acme.path("groups"), &acme.token, &json!({"name": "Web"})).ok(201);
        app.post(&acme.path("labels"), &acme.token, &json!({"key": "team", "value": "free"})).ok(201);
        let (inv, grp) = (text(&invite["id"]), text(&group["id"]));
        let (_, jrq) = app.asking(&acme);
        app.connection(&acme, &json!({"name": "First"}));
        let sct = text(&app.post(&acme.path("scim/tokens"), &acme.token, &json!({"name": "Okta"})).ok(201)["id"]);
        let ids = [
            ("{sct}", sct),
            ("{jrq}", jrq),
            ("{ws}", acme.root()),
            ("{acc}", acc),
            ("{inv}", inv),
            ("{sec}", sec),
            ("{grp}", grp),
        ];
        Self { app, acme, ids }
    }

    pub(crate) fn fill(&self, template: &str) -> String {
        self.ids.iter().fold(template.to_owned(), |text, (name, id)| text.replace(name, id))
    }

    pub(crate) fn token(&self, path: &str) -> &str {
        match path {
            "/v1/workspaces" => BOOTSTRAP,
            path if path.starts_with("{ws}") => &self.acme.token,
            _ => "",
        }
    }

    pub(crate) fn ask(&self, (path, body, _): Post, headers: &[(&str, &str)]) -> Answer {
        self.ask_as(self.token(path), (path, body), headers)
    }

    pub(crate) fn ask_as(&self, token: &str, (path, body): (&str, &str), headers: &[(&str, &str)]) -> Answer {
        let body = if body.is_empty() { Value::Null } else { serde_json::from_str(&self.fill(body)).unwrap() };
        self.app.call_with("POST", &self.fill(path), token, headers, &body)
    }

    /// Asks with the key of these tests.
    pub(crate) fn keyed(&self, post: Post) -> Answer {
        self.ask(post, KEY)
    }

    /// Another owner: their session.
    pub(crate) fn owner(&self) -> (String, String) {
        self.app.member(&self.acme, "cai@example.com", OWNER)
    }

    pub(crate) fn as_person(&self, cookie: &str, (path, body, _): Post) -> Answer {
        self.ask_as("", (path, body), &[KEY[0], ("cookie", cookie), ("origin", "https://app.example")])
    }
}

pub(crate) const KEY: &[(&str, &str)] = &[("idempotency-key", "4f7c-1")];
