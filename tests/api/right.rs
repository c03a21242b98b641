//! Rights: for each route of a workspace, the action that it takes, who is refused and who finds nothing.

use std::collections::BTreeSet;

use rolecall::api::route::ROUTES;
use serde_json::{Value, json};

use crate::support::{Answer, App, BOOTSTRAP, Tenant, text};

/// Method, path, body and the action that the request takes. `{…}` stands for what the fixture made.
#[rustfmt::skip]
const RULES: &[(&str, &str, &str, &str)] = &[
    ("GET", "", "", "workspace:view"),
    ("PATCH", "", r#"{"name": "New"}"#, "workspace:edit"),
    ("DELETE", "", "", "workspace:delete"),
    ("GET", "/members", "", "member:view"),
    ("GET", "/members/{acc}", "", "member:view"),
    ("PATCH", "/members/{acc}", r#"{"name": "New"}"#, "member:edit"),
    ("DELETE", "/members/{acc}", "", "member:remove"),
    ("PUT", "/members/{acc}/grants", r#"{"grants": ["workspace_member"]}"#, "member:edit"),
    ("POST", "/members/{acc}/grants", r#"{"grants": ["workspace_member"]}"#, "member:edit"),
    ("DELETE", "/members/{acc}/grants/{gnt}", "", "member:edit"),
    ("GET", "/groups", "", "member:view"),
    ("POST", "/groups", r#"{"name": "New"}"#, "group:manage"),
    ("GET", "/groups/{grp}", "", "member:view"),
    ("PATCH", "/groups/{grp}", r#"{"name": "New"}"#, "group:manage"),
    ("DELETE", "/groups/{grp}", "", "group:manage"),
    ("PUT", "/groups/{grp}/grants", r#"{"grants": []}"#, "group:manage"),
    ("POST", "/groups/{grp}/grants", r#"{"grants": []}"#, "group:manage"),
    ("DELETE", "/groups/{grp}/grants/{ggt}", "", "group:manage"),
    ("GET", "/groups/{grp}/members", "", "member:view"),
    ("POST", "/groups/{grp}/members", r#"{"members": []}"#, "group:manage"),
    ("DELETE", "/groups/{grp}/members/{acc}", "", "group:manage"),
    ("GET", "/labels", "", "workspace:view"),
    ("POST", "/labels", r#"{"key": "a", "value": "b"}"#, "label:manage"),
    ("DELETE", "/labels/team/free", "", "label:manage"),
    ("PUT", "/resources/source/new", r#"{"name": "New"}"#, "source:create"),
    ("PUT", "/resources/space/new", r#"{"name": "New"}"#, "space:create"),
    ("PUT", "/resources/source/abc", r#"{"name": "New"}"#, "source:edit"),
    ("DELETE", "/resources/source/abc", "", "source:delete"),
    ("POST", "/check", r#"{"member": "{acc}", "action": "source:view"}"#, "member:view"),
    ("POST", "/check/batch", r#"{"checks": [{"member": "{acc}", "action": "source:view"}]}"#, "member:view"),
    ("POST", "/preview", r#"{"changes": [{"remove_member": "{acc}"}]}"#, "member:remove"),
    ("GET", "/access/members?action=source:view", "", "member:view"),
    ("GET", "/access/resources?member={acc}&action=source:view", "", "member:view"),
    ("GET", "/access/stale?kind=member", "", "member:view"),
    ("GET", "/access/stale?kind=invite", "", "member:view"),
    ("GET", "/access/stale?kind=token", "", "token:manage"),
    ("GET", "/invites", "", "member:view"),
    ("POST", "/invites", r#"{"invites": [{"email": "new@example.com", "grants": ["workspace_member"]}]}"#, "member:invite"),
    ("POST", "/invites/bulk", r#"{"invites": [{"email": "new@example.com", "grants": ["workspace_member"]}]}"#, "member:invite"),
    ("GET", "/invites/{inv}", "", "member:view"),
    ("PATCH", "/invites/{inv}", r#"{"grants": ["minimal_workspace_access"]}"#, "member:invite"),
    ("POST", "/invites/{inv}/resend", "{}", "member:invite"),
    ("DELETE", "/invites/{inv}", "", "member:invite"),
    ("GET", "/snapshot", "", "member:view"),
    ("GET", "/seats", "", "member:view"),
    ("GET", "/audit-events", "", "audit:view"),
    ("GET", "/domains", "", "sso:manage"),
    ("POST", "/domains", r#"{"domain": "new.example"}"#, "sso:manage"),
    ("GET", "/domains/{dom}", "", "sso:manage"),
    ("PATCH", "/domains/{dom}", r#"{"auto_join": "off"}"#, "sso:manage"),
    ("DELETE", "/domains/{dom}", "", "sso:manage"),
    ("POST", "/domains/{dom}/verify", "", "sso:manage"),
    ("GET", "/join-requests", "", "member:view"),
    ("POST", "/join-requests/{jrq}/approve", "", "member:invite"),
    ("POST", "/join-requests/{jrq}/deny", "", "member:invite"),
    ("GET", "/tokens", "", "token:manage"),
    ("POST", "/tokens", r#"{"name": "New", "actions": ["token:manage"]}"#, "token:manage"),
    ("GET", "/tokens/{tok}", "", "token:manage"),
    ("DELETE", "/tokens/{tok}", "", "token:manage"),
    ("GET", "/sso/connections", "", "sso:manage"),
    ("POST", "/sso/connections", r#"{"protocol": "oidc", "name": "New", "issuer": "https://idp.example", "client_id": "x"}"#, "sso:manage"),
    ("GET", "/sso/connections/{idp}", "", "sso:manage"),
    ("PATCH", "/sso/connections/{idp}", r#"{"name": "New"}"#, "sso:manage"),
    ("DELETE", "/sso/connections/{idp}", "", "sso:manage"),
    ("POST", "/sso/connections/{idp}/tests", "", "sso:manage"),
    ("GET", "/sso/connections/{idp}/tests/{tst}", "", "sso:manage"),
    ("GET", "/scim/tokens", "", "scim:manage"),
    ("POST", "/scim/tokens", r#"{"name": "New"}"#, "scim:manage"),
    ("GET", "/scim/tokens/{sct}", "", "scim:manage"),
    ("DELETE", "/scim/tokens/{sct}", "", "scim:manage"),
    ("POST", "/scim/tokens/{sct}/rotate", "", "scim:manage"),
    ("GET", "/scim/journal", "", "scim:manage"),
    ("GET", "/scim/inactive", "", "scim:manage"),
];

/// Routes whose answer depends on the resource: tested in `resource.rs`.
const BY_RESOURCE: &[(&str, &str)] = &[("GET", "/resources"), ("GET", "/resources/source/abc")];

/// What takes no right but an address at the workspace's domain: tested in `join.rs`.
const BY_DOMAIN: &[(&str, &str)] = &[("POST", "/join")];

/// A workspace with one of everything.
struct Fixture {
    app: App,
    acme: Tenant,
    cookie: String,
    ids: Vec<(&'static str, String)>,
}

impl Fixture {
    fn new() -> Self {
        let app = App::new();
        let acme = app.tenant("acme");
        let (acc, cookie) = app.member(&acme, "ann@example.com", &["workspace_member"]);
        let gnt = text(&app.get(&acme.member(&acc), &acme.token).ok(200)["grants"][0]["id"]);
        let (invite, _) = app.invite(&acme, "ben@example.com", &["workspace_member"]);
        let body = json!({"name": "Web", "grants": ["function_read_only"]});
        let group = app.post(&acme.path("groups"), &acme.token, &body).ok(201);
        let join = acme.path(&format!("groups/{}/members", text(&group["id"])));
        app.post(&join, &acme.token, &json!({"members": [acc]})).ok(200);
        let body = json!({"name": "ci", "actions": ["member:view"]});
        let token = app.post(&acme.path("tokens"), &acme.token, &body).ok(201);
        app.post(&acme.path("labels"), &acme.token, &json!({"key": "team", "value": "free"})).ok(201);
        app.resource(&acme, "source/abc", &json!({}));
        let id = |value: &Value| text(&value["id"]);
        let ggt = id(&group["grants"][0]);
        let ids = vec![("{acc}", acc), ("{gnt}", gnt), ("{inv}", id(&invite)), ("{grp}", id(&group)), ("{ggt}", ggt)];
        let idp = id(&app.connection(&acme, &json!({})));
        let tests = acme.path(&format!("sso/connections/{idp}/tests"));
        let tst = id(&app.post(&tests, &acme.token, &Value::Null).ok(201));
        let (dom, jrq) = app.asking(&acme);
        let more = vec![("{tok}", id(&token)), ("{idp}", idp), ("{tst}", tst), ("{dom}", dom), ("{jrq}", jrq)];
        // Of two connections one may go, though the workspace is provisioned.
        app.connection(&acme, &json!({"name": "Second"}));
        let sct = id(&app.post(&acme.path("scim/tokens"), &acme.token, &json!({"name": "Okta"})).ok(201));
        Self { app, acme, cookie, ids: [ids, more, vec![("{sct}", sct)]].concat() }
    }

    fn fill(&self, template: &str) -> String {
        self.ids.iter().fold(template.to_owned(), |text, (name, id)| text.replace(name, id))
    }

    fn body(&self, template: &str) -> Value {
        if template.is_empty() { Value::Null } else { serde_json::from_str(&self.fill(template)).unwrap() }
    }

    fn ask(&self, rule: (&str, &str, &str, &str), token: &str) -> Answer {
        let (method, path, body, _) = rule;
        self.app.call(method, &format!("{}{}", self.acme.root(), self.fill(path)), token, &self.body(body))
    }

    /// A token with these single actions.
    fn token(&self, actions: &[String]) -> String {
        self.app.token(&self.acme, &json!({"name": "probe", "actions": actions}))
    }

    fn every_action(&self) -> Vec<String> {
        let me = self.app.get("/v1/me", &self.acme.token).ok(200);
        me["workspaces"][0]["actions"].as_array().unwrap().iter().map(text).collect()
    }
}

#[test]
fn each_route_of_a_workspace_says_here_which_right_it_takes() {
    let fill = |path: &str| {
        let path = path.trim_start_matches("/v1/workspaces/:ws").replace(":gnt", "{gnt}");
        let path = if path.contains("/groups/") { path.replace("{gnt}", "{ggt}") } else { path };
        let named = [
            (":acc", "{acc}"),
            (":inv", "{inv}"),
            (":tok", "{tok}"),
            (":grp", "{grp}"),
            (":idp", "{idp}"),
            (":dom", "{dom}"),
            (":jrq", "{jrq}"),
            (":tst", "{tst}"),
            (":sct", "{sct}"),
        ];
        let path = named.iter().fold(path, |path, (from, to)| path.replace(from, to));
        path.replace(":type/:id", "source/abc").replace(":key/:value", "team/free")
    };
    let without_query = |path: &'static str| path.split('?').next().unwrap();
    let said: BTreeSet<_> = RULES
        .iter()
        .map(|rule| (rule.0, without_query(rule.1)))
        .chain(BY_RESOURCE.iter().chain(BY_DOMAIN).copied())
        .collect();
    for (method, path, _) in ROUTES.iter().filter(|(_, path, _)| path.starts_with("/v1/workspaces/:ws")) {
        assert!(said.contains(&(method.as_str(), fill(path).as_str())), "no rule for {method} {path}");
    }
}

#[test]
fn a_token_with_every_other_action_is_refused() {
    for rule in RULES {
        let fixture = Fixture::new();
        let others: Vec<String> = fixture.every_action().into_iter().filter(|action| action != rule.3).collect();
        let token = fixture.token(&others);
        let refused = fixture.app.unchanged(|| fixture.ask(*rule, &token)).problem(403, "forbidden");
        assert!(!refused["missing"].as_array().unwrap().is_empty(), "{rule:?}: {refused}");
    }
}

#[test]
fn a_token_with_that_action_alone_is_enough() {
    for rule in RULES {
        let fixture = Fixture::new();
        // What can't be seen can't be edited; and a giver gives only what they hold.
        let view = if rule.1.contains("/resources/source/abc") { "source:view" } else { "workspace:view" };
        let token = fixture.token(&[rule.3.to_owned(), view.to_owned()]);
        let answer = fixture.ask(*rule, &token);
        let ceiling = rule.1 == "/groups/{grp}/members" && answer.body["code"] == "delegation_exceeded";
        let last_role = rule.1 == "/members/{acc}/grants/{gnt}" && answer.body["code"] == "workspace_role_required";
        assert!(answer.status < 300 || ceiling || last_role, "{rule:?}: {}", answer.body);
    }
}

#[test]
fn a_member_without_a_right_is_told_what_is_missing() {
    let fixture = Fixture::new();
    let (other, _) = fixture.app.member(&fixture.acme, "cat@example.com", &["workspace_member"]);
    let is_open = |rule: &(&str, &str, &str, &str)| rule.3 == "workspace:view" || rule.1 == "/resources/source/abc";
    for rule in RULES.iter().filter(|rule| !is_open(rule)) {
        let (method, path, body, _) = rule;
        let path = format!("{}{}", fixture.acme.root(), fixture.fill(&path.replace("{acc}", &other)));
        let body = fixture.body(&body.replace("{acc}", &other));
        let refused = fixture.app.unchanged(|| fixture.app.as_person(method, &path, &fixture.cookie, &body));
        let missing = refused.problem(403, "forbidden")["missing"].clone();
        assert_eq!(missing.as_array().unwrap().last(), Some(&json!(["workspace_owner"])), "{rule:?}");
    }
}

#[test]
fn another_tenants_workspace_answers_like_one_that_is_not_there() {
    let fixture = Fixture::new();
    let other = fixture.app.tenant("other");
    let actions = json!(fixture.every_action());
    let service = fixture.app.token(&other, &json!({"name": "x", "actions": actions, "grants": ["workspace_owner"]}));
    let by_resource = BY_RESOURCE.iter().map(|(method, path)| (*method, *path, "", ""));
    for rule in RULES.iter().copied().chain(by_resource) {
        for stranger in [&other.token, &service] {
            let theirs = fixture.app.unchanged(|| fixture.ask(rule, stranger));
            let (method, path, body, _) = rule;
            let nowhere = format!("/v1/workspaces/ws_{}{}", "0".repeat(26), fixture.fill(path));
            let nothing = fixture.app.call(method, &nowhere, stranger, &fixture.body(body));
            assert_eq!((theirs.status, theirs.anonymous()), (404, nothing.anonymous()), "{rule:?}");
        }
    }
}

#[test]
fn a_personal_token_opens_its_own_workspace_alone() {
    let app = App::new();
    let make = |slug: &str| {
        let body = json!({"name": slug, "slug": slug, "owner": {"email": "olga@example.com", "name": "Olga"}});
        text(&app.post("/v1/workspaces", BOOTSTRAP, &body).ok(201)["token"]["secret"])
    };
    let (one, two) = (make("one"), make("two"));
    app.get("/v1/workspaces/one/members", &one).ok(200);
    app.get("/v1/workspaces/two/members", &two).ok(200);
    app.get("/v1/workspaces/two/members", &one).problem(404, "not_found");
    app.get("/v1/workspaces/one/members", &two).problem(404, "not_found");
}

#[test]
fn another_tenants_ids_answer_like_ids_that_are_not_there() {
    let fixture = Fixture::new();
    let own = fixture.app.tenant("other");
    // A list about somebody who isn't there is empty, like a check that says no.
    let is_list = |path: &str| path.contains('?');
    let with_ids =
        |rule: &&(&str, &str, &str, &str)| !is_list(rule.1) && (rule.1.contains('{') || rule.1.contains("/abc"));
    for (method, path, body, _) in RULES.iter().filter(with_ids).filter(|rule| rule.3 != "source:edit") {
        let nothing = |id: &str| format!("{}_{}", id.split('_').next().unwrap(), "0".repeat(26));
        let ask = |path: &str| fixture.app.call(method, &own.path(&path[1..]), &own.token, &fixture.body(body));
        let random = fixture.ids.iter().fold((*path).to_owned(), |path, (name, id)| path.replace(name, &nothing(id)));
        let theirs = fixture.app.unchanged(|| ask(&fixture.fill(path)));
        assert_eq!((theirs.status, theirs.anonymous()), (404, ask(&random).anonymous()), "{method} {path}");
    }
}
