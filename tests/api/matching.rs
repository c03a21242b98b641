//! `If-Match`: each write of a workspace happens on the state that it was decided on, or not at all.

use rolecall::api::route::ROUTES;
use serde_json::{Value, json};

use crate::support::{Answer, App, BOOTSTRAP, Tenant, text};

/// Method, path, body, and the path of what `If-Match` may name by its tag: empty for what has none, `-` for what is
/// yet to be made.
#[rustfmt::skip]
const WRITES: &[(&str, &str, &str, &str)] = &[
    ("PATCH", "", r#"{"name": "New"}"#, "/"),
    ("PATCH", "", "{}", "/"),
    ("DELETE", "", "", "/"),
    ("PATCH", "/members/{acc}", r#"{"name": "New"}"#, "/members/{acc}"),
    ("DELETE", "/members/{acc}", "", "/members/{acc}"),
    ("PUT", "/members/{acc}/grants", r#"{"grants": ["workspace_member"]}"#, "/members/{acc}"),
    ("PUT", "/members/{acc}/grants", r#"{"grants": ["workspace_member", "function_admin"]}"#, "/members/{acc}"),
    ("POST", "/members/{acc}/grants", r#"{"grants": ["workspace_member"]}"#, "/members/{acc}"),
    ("POST", "/members/{acc}/grants", r#"{"grants": ["source_admin"]}"#, "/members/{acc}"),
    ("DELETE", "/members/{acc}/grants/{gnt}", "", "/members/{acc}"),
    ("POST", "/groups", r#"{"name": "New"}"#, "-"),
    ("PATCH", "/groups/{grp}", r#"{"name": "New"}"#, "/groups/{grp}"),
    ("DELETE", "/groups/{grp}", "", "/groups/{grp}"),
    ("PUT", "/groups/{grp}/grants", r#"{"grants": []}"#, "/groups/{grp}"),
    ("PUT", "/groups/{grp}/grants", r#"{"grants": ["function_read_only"]}"#, "/groups/{grp}"),
    ("POST", "/groups/{grp}/grants", r#"{"grants": ["source_admin"]}"#, "/groups/{grp}"),
    ("POST", "/groups/{grp}/grants", r#"{"grants": []}"#, "/groups/{grp}"),
    ("DELETE", "/groups/{grp}/grants/{ggt}", "", "/groups/{grp}"),
    ("POST", "/groups/{grp}/members", r#"{"members": ["me@example.com"]}"#, "/groups/{grp}"),
    ("DELETE", "/groups/{grp}/members/{acc}", "", "/groups/{grp}"),
    ("POST", "/labels", r#"{"key": "a", "value": "b"}"#, "-"),
    ("POST", "/labels", r#"{"key": "team", "value": "free"}"#, ""),
    ("DELETE", "/labels/team/free", "", ""),
    ("PUT", "/resources/source/new", r#"{"name": "New"}"#, "-"),
    ("PUT", "/resources/source/abc", r#"{"name": "New"}"#, "/resources/source/abc"),
    ("DELETE", "/resources/source/abc", "", "/resources/source/abc"),
    ("POST", "/invites", r#"{"invites": [{"email": "new@example.com", "grants": ["workspace_member"]}]}"#, "-"),
    ("POST", "/invites/bulk", r#"{"invites": [{"email": "new@example.com", "grants": ["workspace_member"]}]}"#, "-"),
    ("POST", "/invites", r#"{"invites": [{"email": "me@example.com", "grants": ["workspace_member"]}]}"#, "-"),
    ("PATCH", "/invites/{inv}", r#"{"grants": ["minimal_workspace_access"]}"#, "/invites/{inv}"),
    ("PATCH", "/invites/{inv}", "{}", "/invites/{inv}"),
    ("POST", "/invites/{inv}/resend", "{}", "/invites/{inv}"),
    ("DELETE", "/invites/{inv}", "", "/invites/{inv}"),
    ("POST", "/tokens", r#"{"name": "New", "actions": ["token:manage"]}"#, "-"),
    ("DELETE", "/tokens/{tok}", "", "/tokens/{tok}"),
    ("POST", "/sso/connections", r#"{"protocol": "oidc", "name": "New", "issuer": "https://idp.example", "client_id": "x"}"#, "-"),
    ("PATCH", "/sso/connections/{idp}", r#"{"name": "New"}"#, "/sso/connections/{idp}"),
    ("PATCH", "/sso/connections/{idp}", r#"{"role_mappings": [{"group": "Eng", "grants": ["source_admin"]}]}"#, "/sso/connections/{idp}"),
    ("DELETE", "/sso/connections/{idp}", "", "/sso/connections/{idp}"),
    ("POST", "/scim/tokens", r#"{"name": "New"}"#, "-"),
    ("DELETE", "/scim/tokens/{sct}", "", "/scim/tokens/{sct}"),
    ("POST", "/scim/tokens/{sct}/rotate", "", "/scim/tokens/{sct}"),
    ("POST", "/domains", r#"{"domain": "new.example"}"#, "-"),
    ("PATCH", "/domains/{dom}", r#"{"auto_join": "off", "grants": ["workspace_member"]}"#, "/domains/{dom}"),
    ("DELETE", "/domains/{dom}", "", "/domains/{dom}"),
    ("POST", "/domains/{dom}/verify", "", "/domains/{dom}"),
    ("POST", "/join-requests/{jrq}/approve", "", ""),
    ("POST", "/join-requests/{jrq}/deny", "", ""),
];

/// A workspace with one of everything that a write can name.
struct Fixture {
    app: App,
    acme: Tenant,
    ids: Vec<(&'static str, String)>,
}

impl Fixture {
    fn new() -> Self {
        let app = App::new();
        let acme = app.tenant("acme");
        let made = |path: &str, body: Value| app.post(&acme.path(path), &acme.token, &body).ok(201);
        let (acc, _) = app.member(&acme, "ann@example.com", &["workspace_member", "function_admin"]);
        app.member(&acme, "me@example.com", &["workspace_member"]);
        let grants = app.get(&acme.member(&acc), &acme.token).ok(200)["grants"].clone();
        let gnt =
            text(&grants.as_array().unwrap().iter().find(|grant| grant["role"] == "function_admin").unwrap()["id"]);
        let group = made("groups", json!({"name": "Web", "grants": ["function_read_only"]}));
        let grp = text(&group["id"]);
        app.post(&acme.path(&format!("groups/{grp}/members")), &acme.token, &json!({"members": [acc]})).ok(200);
        let tok = text(&made("tokens", json!({"name": "ci", "actions": ["member:view"]}))["id"]);
        made("labels", json!({"key": "team", "value": "free"}));
        app.resource(&acme, "source/abc", &json!({}));
        let (invite, _) = app.invite(&acme, "ben@example.com", &["workspace_member"]);
        let (inv, ggt) = (text(&invite["id"]), text(&group["grants"][0]["id"]));
        let idp = text(&app.connection(&acme, &json!({}))["id"]);
        // Of two connections one may go, though the workspace is provisioned.
        app.connection(&acme, &json!({"name": "Second"}));
        let sct = text(&made("scim/tokens", json!({"name": "Okta"}))["id"]);
        let (dom, jrq) = app.asking(&acme);
        let ids = vec![
            ("{sct}", sct),
            ("{dom}", dom),
            ("{jrq}", jrq),
            ("{idp}", idp),
            ("{acc}", acc),
            ("{gnt}", gnt),
            ("{grp}", grp),
            ("{ggt}", ggt),
            ("{tok}", tok),
            ("{inv}", inv),
        ];
        Self { app, acme, ids }
    }

    fn path(&self, template: &str) -> String {
        let filled = self.ids.iter().fold(template.to_owned(), |text, (name, id)| text.replace(name, id));
        format!("{}{}", self.acme.root(), filled.trim_end_matches('/'))
    }

    fn ask(&self, write: &(&str, &str, &str, &str), condition: &str) -> Answer {
        let body = if write.2.is_empty() { Value::Null } else { serde_json::from_str(write.2).unwrap() };
        self.app.call_with(write.0, &self.path(write.1), &self.acme.token, &[("if-match", condition)], &body)
    }

    fn version(&self) -> i64 {
        self.app.count("SELECT version FROM workspaces")
    }

    /// The tag of what a write is of; `None` where there is none.
    fn tag(&self, write: &(&str, &str, &str, &str)) -> Option<String> {
        let path = Some(write.3).filter(|path| path.len() > 1 || *path == "/")?;
        Some(self.app.get(&self.path(path), &self.acme.token).header("etag").to_owned())
    }
}

#[test]
fn every_write_of_a_workspace_is_in_the_table() {
    let shape = |path: &str| {
        let named = [
            (":acc", "{acc}"),
            (":inv", "{inv}"),
            (":tok", "{tok}"),
            (":grp", "{grp}"),
            (":idp", "{idp}"),
            (":sct", "{sct}"),
            (":dom", "{dom}"),
            (":jrq", "{jrq}"),
        ];
        let path =
            if path.contains("/groups/") { path.replace(":gnt", "{ggt}") } else { path.replace(":gnt", "{gnt}") };
        let path = named.iter().fold(path, |path, (from, to)| path.replace(from, to));
        path.replace(":type/:id", "source/abc").replace(":key/:value", "team/free")
    };
    for (method, path, _) in ROUTES {
        let Some(path) = path.strip_prefix("/v1/workspaces/:ws") else { continue };
        let is_read = method == http::Method::GET || path.starts_with("/check") || path == "/preview";
        // Whoever joins has read nothing there.
        let is_read = is_read || path == "/join";
        // A login that tries a connection changes nothing of the workspace.
        let is_read = is_read || path.ends_with("/tests");
        let is_said = WRITES.iter().any(|write| write.0 == method.as_str() && write.1 == shape(path));
        assert!(is_read || is_said, "no row for {method} {path}");
    }
}

#[test]
fn the_right_version_quoted_or_bare_is_met() {
    for write in WRITES {
        for quote in ["\"", ""] {
            let fixture = Fixture::new();
            let version = fixture.version();
            let answer = fixture.ask(write, &format!("{quote}{version}{quote}"));
            assert!(answer.status < 300, "{write:?}: {}", answer.body);
            assert!(answer.header("x-rolecall-version").parse::<i64>().unwrap() <= version + 1);
        }
        let fixture = Fixture::new();
        let either = format!("\"x\", \"{}\"", fixture.version());
        assert!(fixture.ask(write, &either).status < 300, "{write:?}");
    }
}

#[test]
fn the_right_tag_is_met_even_after_an_unrelated_change() {
    for write in WRITES {
        let fixture = Fixture::new();
        let Some(tag) = fixture.tag(write) else { continue };
        if write.3 != "/" {
            fixture.app.resource(&fixture.acme, "source/unrelated", &json!({}));
        }
        let answer = fixture.ask(write, &tag);
        assert!(answer.status < 300, "{write:?}: {}", answer.body);
    }
}

#[test]
fn any_state_will_do_where_there_is_one() {
    for write in WRITES {
        let fixture = Fixture::new();
        let answer = fixture.ask(write, "*");
        if write.3 == "-" {
            answer.problem(412, "version_conflict");
        } else {
            assert!(answer.status < 300, "{write:?}: {}", answer.body);
        }
    }
}

#[test]
fn what_names_another_state_changes_nothing() {
    for write in WRITES {
        let fixture = Fixture::new();
        let version = fixture.version();
        let other = fixture.app.get(&fixture.acme.member(&fixture.acme.owner), &fixture.acme.token);
        let mut conditions = vec![
            format!("\"{}\"", version - 1),
            (version + 1).to_string(),
            other.header("etag").to_owned(),
            String::new(),
            "garbage".to_owned(),
            "\"\"".to_owned(),
            format!("W/\"{version}\""),
        ];
        conditions.extend(fixture.tag(write).map(|tag| format!("W/{tag}")));
        for condition in conditions {
            let answer = fixture.app.unchanged(|| fixture.ask(write, &condition));
            assert_eq!(answer.status, 412, "{write:?} {condition}: {}", answer.body);
            answer.problem(412, "version_conflict");
        }
    }
}

#[test]
fn a_tag_from_before_a_change_is_stale() {
    for write in WRITES {
        let fixture = Fixture::new();
        let Some(tag) = fixture.tag(write) else { continue };
        let change = match write.3 {
            "/" => "UPDATE workspaces SET name = 'Other'",
            path if path.starts_with("/members") => "UPDATE members SET name = 'Other'",
            path if path.starts_with("/groups") => "UPDATE groups SET name = 'Other'",
            path if path.starts_with("/invites") => "UPDATE invites SET sent_count = 7",
            path if path.starts_with("/tokens") => "UPDATE tokens SET name = 'Other'",
            path if path.starts_with("/domains") => "UPDATE domains SET auto_join = 'join'",
            path if path.starts_with("/sso") => "UPDATE sso_connections SET name = 'Other ' || name",
            path if path.starts_with("/scim") => "UPDATE scim_tokens SET name = 'Other'",
            _ => "UPDATE resources SET name = 'Other'",
        };
        fixture.app.sql(change).unwrap();
        fixture.app.unchanged(|| fixture.ask(write, &tag)).problem(412, "version_conflict");
    }
}

#[test]
fn a_change_at_the_same_moment_is_seen() {
    let raise = "UPDATE workspaces SET version = version + 1";
    for write in WRITES {
        let fixture = Fixture::new();
        let had = fixture.app.contents();
        let version = fixture.version().to_string();
        fixture.app.machine.on_commit(raise);
        let answer = fixture.ask(write, &version);
        // What commits nothing is right by what it read.
        if fixture.app.machine.waits() {
            assert!(answer.status < 300 && fixture.app.contents() == had, "{write:?}");
        } else {
            answer.problem(412, "version_conflict");
        }
    }
}

#[test]
fn a_tag_outlives_an_unrelated_change_of_the_same_moment_and_no_other() {
    for (meanwhile, status) in
        [("UPDATE resources SET name = 'Other'", 200), ("UPDATE members SET name = 'Other'", 412)]
    {
        let fixture = Fixture::new();
        let write = ("PATCH", "/members/{acc}", r#"{"name": "New"}"#, "/members/{acc}");
        let tag = fixture.tag(&write).unwrap();
        let sql = format!("{meanwhile}; UPDATE workspaces SET version = version + 1");
        let answer = fixture.app.meanwhile(&sql, || fixture.ask(&write, &tag));
        assert_eq!(answer.status, status, "{}", answer.body);
    }
}

#[test]
fn grants_are_read_in_one_order_own_ones_first_then_by_the_name_of_the_group() {
    let app = App::new();
    let acme = app.tenant("acme");
    let all = ["workspace_member", "source_admin", "function_admin", "warehouse_admin", "identity_admin"];
    let (ann, _) = app.member(&acme, "ann@example.com", &all);
    for name in ["b", "a"] {
        let body = json!({"name": name, "grants": ["source_admin", "function_admin"]});
        let group = text(&app.post(&acme.path("groups"), &acme.token, &body).ok(201)["id"]);
        app.post(&acme.path(&format!("groups/{group}/members")), &acme.token, &json!({"members": [ann]})).ok(200);
        app.pass(1);
    }
    let read = app.get(&acme.member(&ann), &acme.token).ok(200);
    let grants = read["grants"].as_array().unwrap().iter();
    let order: Vec<String> = grants
        .map(|grant| format!("{}{}", grant["via"]["group"]["name"].as_str().unwrap_or_default(), text(&grant["role"])))
        .collect();
    assert_eq!(order[..5], all, "own ones as they were given");
    assert_eq!(order[5..], ["asource_admin", "afunction_admin", "bsource_admin", "bfunction_admin"]);
}

#[test]
fn a_patch_of_nothing_raises_no_version() {
    let app = App::new();
    let acme = app.tenant("acme");
    for body in [json!({}), json!({"name": "acme"}), json!({"settings": {}})] {
        let answer = app.unchanged(|| app.patch(&acme.root(), &acme.token, &body));
        assert_eq!(answer.header("etag"), app.get(&acme.root(), &acme.token).header("etag"));
        assert_eq!(answer.header("x-rolecall-version"), app.count("SELECT version FROM workspaces").to_string());
        answer.ok(200);
    }
    app.unchanged(|| app.patch(&acme.root(), BOOTSTRAP, &json!({"plan": "business"}))).ok(200);
}
