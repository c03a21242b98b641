//! Gates: what the plan includes and what the giver holds, on every path that gives.

use serde_json::{Value, json};

use crate::support::{Answer, App, Tenant, text};

const MEMBER: &[&str] = &["workspace_member"];

/// A workspace with one of each kind of resource, and ann, ready to be given something.
struct Fixture {
    app: App,
    acme: Tenant,
    ann: String,
    invite: Value,
    group: String,
}

impl Fixture {
    fn new() -> Self {
        let app = App::new();
        let acme = app.tenant("acme");
        for kind in ["tracking_plan", "space", "warehouse", "function"] {
            app.resource(&acme, &format!("{kind}/one"), &json!({}));
        }
        app.resource(&acme, "source/abc", &json!({"labels": {"team": "a"}}));
        app.resource(&acme, "source/def", &json!({"labels": {"team": "b", "env": "prod"}}));
        app.resource(&acme, "destination/ads", &json!({"parent": "source/abc"}));
        let (ann, _) = app.member(&acme, "ann@example.com", MEMBER);
        let (invite, _) = app.invite(&acme, "ben@example.com", MEMBER);
        let group = text(&app.post(&acme.path("groups"), &acme.token, &json!({"name": "Web"})).ok(201)["id"]);
        app.patch(&acme.root(), &acme.token, &json!({"settings": {"provisioned_grants": []}})).ok(200);
        Self { app, acme, ann, invite, group }
    }

    /// Gives a grant on each path there is.
    fn give(&self, grant: &str, token: &str) -> Vec<(&'static str, Answer)> {
        let (app, acme) = (&self.app, &self.acme);
        let with_role = json!({"grants": ["workspace_member", grant]});
        let invites = json!({"invites": [{"email": "new@example.com", "grants": ["workspace_member", grant]}]});
        let group = acme.path(&format!("groups/{}/grants", self.group));
        let put = format!("{}/grants", acme.member(&self.ann));
        vec![
            ("add to a member", app.post(&put, token, &json!({"grants": [grant]}))),
            ("replace a member's", app.put(&put, token, &with_role)),
            ("invite", app.post(&acme.path("invites"), token, &invites)),
            ("change an invite", app.patch(&acme.invite(&self.invite), token, &with_role)),
            ("make a token", app.post(&acme.path("tokens"), token, &json!({"name": "x", "grants": [grant]}))),
            ("make a group", app.post(&acme.path("groups"), token, &json!({"name": grant, "grants": [grant]}))),
            ("add to a group", app.post(&group, token, &json!({"grants": [grant]}))),
            ("replace a group's", app.put(&group, token, &json!({"grants": [grant]}))),
            ("provision", app.patch(&acme.root(), token, &json!({"settings": {"provisioned_grants": [grant]}}))),
        ]
    }

    /// Gives a grant on each path and asserts that each refuses and nothing is written.
    fn refuses(&self, grant: &str, token: &str, status: u16, code: &str) -> Vec<Value> {
        let before = self.app.contents();
        let answers = self.give(grant, token);
        assert!(self.app.contents() == before, "{grant}: something was written");
        let refused = |(path, answer): (&str, Answer)| {
            assert_eq!(
                (answer.status, answer.body["code"].as_str()),
                (status, Some(code)),
                "{grant}: {path}: {}",
                answer.body
            );
            answer.body
        };
        answers.into_iter().map(refused).collect()
    }

    /// Gives a grant on each path and asserts that each takes it.
    fn allows(&self, grant: &str, token: &str) {
        for (path, answer) in self.give(grant, token) {
            assert!(answer.status < 300, "{grant}: {path}: {}", answer.body);
        }
    }

    /// A token that may take every path and holds besides these grants.
    fn giver(&self, grants: &[&str]) -> String {
        let actions = [
            "workspace:view",
            "workspace:edit",
            "member:view",
            "member:edit",
            "member:invite",
            "group:manage",
            "token:manage",
        ];
        self.app.token(&self.acme, &json!({"name": "giver", "grants": grants, "actions": actions}))
    }
}

/// Roles and scopes with what a workspace needs for them.
const NEEDS: &[(&str, &str)] = &[
    ("tracking_plan_admin", "protocols"),
    ("tracking_plan_read_only@tracking_plan/one", "protocols"),
    ("engage_admin@space/one", "engage"),
    ("engage_user", "engage"),
    ("engage_read_only", "engage"),
    ("warehouse_admin", "Business"),
    ("warehouse_read_only@warehouse/one", "Business"),
    ("identity_admin", "Business"),
    ("end_user_privacy_admin", "Business"),
    ("entities_read_only", "Business"),
    ("pii_access", "Business"),
    ("source_admin@{team:a}", "Business"),
];

#[test]
fn what_the_plan_lacks_is_given_on_no_path() {
    for plan in ["free", "team"] {
        let fixture = Fixture::new();
        fixture.app.bill(&fixture.acme, &json!({"plan": plan, "add_ons": []}));
        for (grant, needs) in NEEDS {
            for problem in fixture.refuses(grant, &fixture.acme.token, 402, "plan_required") {
                assert!(text(&problem["detail"]).contains(needs), "{grant}: {problem}");
            }
        }
    }
}

#[test]
fn what_the_plan_includes_is_given_on_every_path() {
    for (grant, needs) in NEEDS {
        let fixture = Fixture::new();
        let least = match *needs {
            "Business" => json!({"plan": "business", "add_ons": []}),
            add_on => json!({"plan": "free", "add_ons": [add_on]}),
        };
        fixture.app.bill(&fixture.acme, &least);
        fixture.allows(grant, &fixture.acme.token);
    }
    let fixture = Fixture::new();
    fixture.app.bill(&fixture.acme, &json!({"plan": "free", "add_ons": []}));
    for grant in
        ["source_admin", "source_read_only@destination/ads", "function_admin@function/one", "minimal_workspace_access"]
    {
        let added = json!({"grants": [grant]});
        fixture.app.post(&format!("{}/grants", fixture.acme.member(&fixture.ann)), &fixture.acme.token, &added).ok(200);
    }
}

#[test]
fn nobody_gives_more_than_they_hold_on_that_scope() {
    let fixture = Fixture::new();
    let cases: &[(&[&str], &[&str], &[&str])] = &[
        (&[], &[], &["source_read_only", "workspace_owner", "source_admin@source/abc", "pii_access@source/abc"]),
        (
            &["source_admin@source/abc"],
            &["source_read_only@source/abc", "source_admin@destination/ads"],
            &[
                "source_admin",
                "source_read_only",
                "source_admin@source/def",
                "source_admin@{team:a}",
                "pii_access@source/abc",
            ],
        ),
        (&["source_read_only"], &["source_read_only@{team:a}"], &["source_admin", "source_admin@source/abc"]),
        (
            &["source_admin@{team:a}"],
            &["source_admin@source/abc", "source_read_only@destination/ads"],
            &["source_admin@source/def", "source_admin@{team:b}", "source_admin"],
        ),
        (&["source_admin@{team:b}"], &["source_admin@{env:prod,team:b}"], &["source_admin@{env:prod}"]),
    ];
    for (held, may, may_not) in cases {
        let token = fixture.giver(held);
        for grant in *may_not {
            for problem in fixture.refuses(grant, &token, 403, "delegation_exceeded") {
                assert_eq!(problem["exceeds"], json!([grant]), "{held:?}");
            }
        }
        for grant in *may {
            let added = json!({"grants": [grant]});
            fixture.app.post(&format!("{}/grants", fixture.acme.member(&fixture.ann)), &token, &added).ok(200);
        }
    }
}

#[test]
fn what_one_holds_is_given_on_every_path() {
    for grant in ["source_admin@source/abc", "function_read_only", "engage_user@space/one"] {
        let fixture = Fixture::new();
        fixture.allows(grant, &fixture.giver(&[grant]));
    }
}

#[test]
fn a_grant_that_stays_needs_no_giver_who_holds_it() {
    let fixture = Fixture::new();
    let (app, acme) = (&fixture.app, &fixture.acme);
    let path = format!("{}/grants", acme.member(&fixture.ann));
    app.post(&path, &acme.token, &json!({"grants": ["source_admin", "warehouse_admin"]})).ok(200);
    app.bill(acme, &json!({"plan": "free"}));
    let kept =
        json!({"grants": ["workspace_member", "source_admin", "warehouse_admin", "source_read_only@source/abc"]});
    let token = fixture.giver(&["source_read_only"]);
    assert_eq!(app.put(&path, &token, &kept).ok(200)["grants"].as_array().unwrap().len(), 4);
    let fewer = json!({"grants": ["workspace_member"]});
    assert_eq!(app.put(&path, &token, &fewer).ok(200)["grants"].as_array().unwrap().len(), 1);
    app.put(&path, &token, &kept).problem(402, "plan_required");
}

#[test]
fn letting_somebody_into_a_group_gives_what_it_holds() {
    let fixture = Fixture::new();
    let (app, acme) = (&fixture.app, &fixture.acme);
    let path = acme.path(&format!("groups/{}", fixture.group));
    app.put(&format!("{path}/grants"), &acme.token, &json!({"grants": ["source_admin"]})).ok(200);
    let invite = json!({"invites": [{"email": "new@example.com", "grants": MEMBER, "groups": [fixture.group]}]});
    let offered = app.patch(&acme.invite(&fixture.invite), &acme.token, &json!({"groups": [fixture.group]}));
    offered.ok(200);
    let resend = format!("{}/resend", acme.invite(&fixture.invite));
    let token = fixture.giver(&["source_read_only"]);
    for answer in [
        app.unchanged(|| app.post(&format!("{path}/members"), &token, &json!({"members": [fixture.ann]}))),
        app.unchanged(|| app.post(&acme.path("invites"), &token, &invite)),
        app.unchanged(|| app.patch(&acme.invite(&fixture.invite), &token, &json!({"groups": [fixture.group]}))),
        app.unchanged(|| app.post(&resend, &token, &json!({}))),
    ] {
        assert_eq!(answer.problem(403, "delegation_exceeded")["exceeds"], json!(["source_admin"]));
    }
}

#[test]
fn a_downgrade_leaves_grants_dormant_listed_and_explained() {
    let fixture = Fixture::new();
    let (app, acme, ann) = (&fixture.app, &fixture.acme, &fixture.ann);
    let path = format!("{}/grants", acme.member(ann));
    let cases = [
        ("tracking_plan_admin", "tracking_plan:edit", "tracking_plan/one", "protocols"),
        ("engage_user@space/one", "audience:create", "space/one", "engage"),
        ("warehouse_admin", "warehouse:delete", "warehouse/one", "business"),
        ("source_admin@{team:a}", "source:edit", "source/abc", "business"),
        ("entities_admin", "entity:edit", "workspace", "business"),
    ];
    let grants: Vec<&str> = cases.iter().map(|case| case.0).collect();
    app.post(&path, &acme.token, &json!({"grants": grants})).ok(200);
    let check = |action: &str, resource: &str| {
        let body = json!({"member": ann, "action": action, "resource": resource});
        app.post(&acme.path("check"), &acme.token, &body).ok(200)
    };
    let dormant = || {
        let member = app.get(&acme.member(ann), &acme.token).ok(200);
        member["grants"].as_array().unwrap().iter().filter(|grant| grant["dormant"] == true).count()
    };
    app.bill(acme, &json!({"plan": "free", "add_ons": []}));
    assert_eq!(dormant(), 5);
    for (grant, action, resource, needs) in cases {
        let asleep = check(action, resource);
        assert_eq!((&asleep["allowed"], &asleep["because"]), (&json!(false), &json!([])), "{grant}");
        assert_eq!((&asleep["dormant"][0]["grant"], &asleep["dormant"][0]["needs"]), (&json!(grant), &json!(needs)));
        let missing = asleep["missing"].to_string();
        assert!(!missing.contains(grant), "the plan doesn't include {grant}: {missing}");
    }
    app.bill(acme, &json!({"plan": "business", "add_ons": ["protocols", "engage"]}));
    assert_eq!(dormant(), 0);
    for (grant, action, resource, _) in cases {
        assert_eq!(check(action, resource)["because"][0]["grant"], json!(grant));
    }
}

#[test]
fn a_dormant_grant_of_a_token_does_nothing() {
    let fixture = Fixture::new();
    let (app, acme) = (&fixture.app, &fixture.acme);
    let token = app.token(acme, &json!({"name": "ci", "grants": ["source_admin@{team:a}"]}));
    let put = || app.put(&acme.path("resources/source/abc"), &token, &json!({"name": "New"}));
    put().ok(200);
    app.bill(acme, &json!({"plan": "team"}));
    app.unchanged(put).problem(403, "forbidden");
    app.bill(acme, &json!({"plan": "business"}));
    put().ok(200);
}

#[test]
fn a_grant_listed_twice_counts_once_and_shifts_no_place() {
    let app = App::new();
    let acme = app.tenant("acme");
    let (ann, _) = app.member(&acme, "ann@example.com", &["workspace_member"]);
    let bad = json!(["workspace_member", "workspace_member", "source_admin@source/none"]);
    let good = json!(["workspace_member", "function_admin", "workspace_member", "function_admin"]);
    let group = text(&app.post(&acme.path("groups"), &acme.token, &json!({"name": "Web"})).ok(201)["id"]);
    for (method, path) in
        [("PUT", acme.member(&ann)), ("POST", acme.member(&ann)), ("PUT", acme.path(&format!("groups/{group}")))]
    {
        let ask = |grants: &Value| app.call(method, &format!("{path}/grants"), &acme.token, &json!({"grants": grants}));
        app.unchanged(|| ask(&bad)).invalid("unknown_resource", "/grants/2");
        assert_eq!(ask(&good).ok(200)["grants"].as_array().unwrap().len(), 2, "{method} {path}");
    }
    let made = |path: &str, body: Value| app.post(&acme.path(path), &acme.token, &body);
    app.unchanged(|| made("groups", json!({"name": "x", "grants": bad}))).invalid("unknown_resource", "/grants/2");
    app.unchanged(|| made("tokens", json!({"name": "x", "grants": bad}))).invalid("unknown_resource", "/grants/2");
    let invite = |grants: &Value| json!({"invites": [{"email": "ben@example.com", "grants": grants}]});
    app.unchanged(|| made("invites", invite(&bad))).invalid("unknown_resource", "/invites/0/grants/2");
    for (path, body) in
        [("groups", json!({"name": "x", "grants": good})), ("tokens", json!({"name": "x", "grants": good}))]
    {
        assert_eq!(made(path, body).ok(201)["grants"].as_array().unwrap().len(), 2, "{path}");
    }
    assert_eq!(made("invites", invite(&good)).ok(201)["data"][0]["grants"].as_array().unwrap().len(), 2);
    let settings = |grants: &Value| json!({"settings": {"provisioned_grants": grants}});
    let refused = app.unchanged(|| app.patch(&acme.root(), &acme.token, &settings(&bad)));
    refused.invalid("unknown_resource", "/settings/provisioned_grants/2");
    let set = app.patch(&acme.root(), &acme.token, &settings(&good)).ok(200);
    assert_eq!(set["settings"]["provisioned_grants"], json!(["workspace_member", "function_admin"]));
}
