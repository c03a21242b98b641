//! Joining by a verified domain: at once or by a request, with what an invite had offered, through the same gates as others.

use serde_json::{Value, json};

use crate::support::{Answer, App, Tenant, text};

const ANN: &str = "ann@acme.com";

/// A workspace with a domain, and somebody who is signed in and in another workspace alone.
struct Fixture {
    app: App,
    acme: Tenant,
    ann: (String, String),
}

fn fixture(domain: &Value) -> Fixture {
    let app = App::new();
    let acme = app.tenant("acme");
    app.domain(&acme, "acme.com", domain);
    let elsewhere = app.tenant("elsewhere");
    let ann = app.member(&elsewhere, ANN, &["workspace_member"]);
    Fixture { app, acme, ann }
}

impl Fixture {
    fn join(&self) -> Answer {
        self.app.as_person("POST", "/v1/workspaces/acme/join", &self.ann.1, &Value::Null)
    }

    fn joinable(&self) -> Value {
        self.app.as_person("GET", "/v1/me", &self.ann.1, &Value::Null).ok(200)["joinable"].clone()
    }

    fn requests(&self, status: &str) -> Vec<String> {
        let path = self.acme.path(&format!("join-requests?status={status}"));
        self.app.get(&path, &self.acme.token).column("id")
    }

    fn decide(&self, id: &str, how: &str) -> Answer {
        self.app.post(&self.acme.path(&format!("join-requests/{id}/{how}")), &self.acme.token, &Value::Null)
    }

    fn grants(&self) -> Vec<String> {
        let member = self.app.get(&self.acme.member(&self.ann.0), &self.acme.token).ok(200);
        member["grants"].as_array().unwrap().iter().map(|grant| text(&grant["expression"])).collect()
    }

    /// The types of the last events. Those of one commit have no order among them.
    fn told(&self, count: usize) -> Vec<String> {
        let mut told =
            self.app.get(&self.acme.path(&format!("audit-events?limit={count}")), &self.acme.token).column("type");
        told.sort();
        told
    }
}

#[test]
fn who_has_an_address_there_joins() {
    let it = fixture(&json!({"auto_join": "join", "grants": ["workspace_member", "source_admin"]}));
    assert_eq!(it.joinable()[0]["slug"], "acme");
    assert_eq!(it.joinable()[0]["how"], "join");
    let joined = it.join().ok(201);
    assert_eq!((&joined["outcome"], &joined["member"]["provisioned_by"]), (&json!("joined"), &json!("domain")));
    let shown = it.app.get(&it.acme.member(&it.ann.0), &it.acme.token).ok(200);
    assert_eq!(joined["member"]["grants"], shown["grants"]);
    assert_eq!(it.grants(), ["workspace_member", "source_admin"]);
    assert_eq!(it.told(1), ["member.joined"]);
    assert_eq!(it.joinable(), json!([]));
    it.join().problem(409, "already_member");
}

#[test]
fn a_domain_that_says_nothing_gives_what_the_workspace_gives() {
    let it = fixture(&json!({"auto_join": "join"}));
    it.join().ok(201);
    assert_eq!(it.grants(), ["source_read_only"]);
}

#[test]
fn a_workspace_that_is_not_open_is_not_there() {
    let nothing = |it: &Fixture| it.app.unchanged(|| it.join()).problem(404, "not_found");
    nothing(&fixture(&json!({"auto_join": "off"})));
    let it = fixture(&json!({"auto_join": "join"}));
    it.app.sql("UPDATE domains SET verified_at = NULL").unwrap();
    nothing(&it);
    let it = fixture(&json!({"auto_join": "join"}));
    it.app.sql("UPDATE domains SET domain = 'eng.acme.com'").unwrap();
    nothing(&it);
    assert_eq!(it.joinable(), json!([]));
    let it = fixture(&json!({"auto_join": "join"}));
    it.app.sql("UPDATE workspaces SET require_sso = 1 WHERE slug = 'acme'").unwrap();
    nothing(&it);
    assert_eq!(it.joinable(), json!([]));
    it.app.post("/v1/workspaces/acme/join", &it.acme.token, &Value::Null).problem(403, "forbidden");
    it.app.post("/v1/workspaces/acme/join", "", &Value::Null).problem(401, "unauthenticated");
}

#[test]
fn an_invite_gives_way_and_what_it_offered_stays() {
    let it = fixture(&json!({"auto_join": "join", "grants": ["workspace_member", "source_admin"]}));
    let group =
        it.app.post(&it.acme.path("groups"), &it.acme.token, &json!({"name": "Eng", "grants": ["function_admin"]}));
    let group = text(&group.ok(201)["id"]);
    it.app.bill(&it.acme, &json!({"seat_limit": 2}));
    let body = json!({"invites": [{"email": ANN, "grants": ["workspace_member", "engage_admin"], "groups": [group]}], "deliver": "link"});
    let invite = it.app.post(&it.acme.path("invites"), &it.acme.token, &body).ok(201)["data"][0].clone();
    let joined = it.join().ok(201)["member"].clone();
    assert_eq!(it.grants(), ["workspace_member", "engage_admin", "source_admin", "function_admin"]);
    assert_eq!(joined["groups"][0]["name"], "Eng");
    let seats = it.app.get(&it.acme.path("seats"), &it.acme.token).ok(200);
    assert_eq!((&seats["active"], &seats["pending"]), (&json!(2), &json!(0)));
    let after = it.app.get(&it.acme.invite(&invite), &it.acme.token).ok(200);
    assert_eq!(after["status"], "superseded");
    assert_eq!(it.told(2), ["invite.superseded", "member.joined"]);
    it.app.try_accept(&crate::support::secret(&invite)).problem(410, "invite_used");
}

#[test]
fn what_an_inviter_may_no_longer_give_is_not_taken_over() {
    let it = fixture(&json!({"auto_join": "join", "grants": ["workspace_member"]}));
    let (other, cookie) = it.app.member(&it.acme, "olaf@acme.com", &["workspace_owner", "workspace_member"]);
    let body = json!({"invites": [{"email": ANN, "grants": ["workspace_member", "source_admin"]}], "deliver": "link"});
    it.app.as_person("POST", &it.acme.path("invites"), &cookie, &body).ok(201);
    it.app
        .put(&format!("{}/grants", it.acme.member(&other)), &it.acme.token, &json!({"grants": ["workspace_member"]}))
        .ok(200);
    it.join().ok(201);
    assert_eq!(it.grants(), ["workspace_member"]);
    assert_eq!(it.app.count("SELECT count(*) FROM grants WHERE holder LIKE 'inv%'"), 0);
}

#[test]
fn joining_passes_the_gates() {
    let it = fixture(&json!({"auto_join": "join", "grants": ["workspace_member"]}));
    it.app.bill(&it.acme, &json!({"seat_limit": 1}));
    it.app.unchanged(|| it.join()).problem(409, "seat_limit_reached");

    let it = fixture(&json!({"auto_join": "join", "grants": ["workspace_member", "identity_admin"]}));
    it.app.bill(&it.acme, &json!({"plan": "team"}));
    it.app.unchanged(|| it.join()).problem(409, "plan_required");

    let it = fixture(&json!({"auto_join": "join"}));
    let (other, cookie) = it.app.member(&it.acme, "olaf@acme.com", &["workspace_owner", "workspace_member"]);
    let body = json!({"grants": ["workspace_member", "source_admin"]});
    it.app.as_person("PATCH", &it.acme.path("domains/acme.com"), &cookie, &body).ok(200);
    it.app
        .put(&format!("{}/grants", it.acme.member(&other)), &it.acme.token, &json!({"grants": ["workspace_member"]}))
        .ok(200);
    let refused = it.app.unchanged(|| it.join()).problem(409, "delegation_exceeded");
    assert_eq!(refused["exceeds"], json!(["source_admin"]));
}

#[test]
fn a_domain_that_closes_at_that_moment_lets_nobody_in() {
    let it = fixture(&json!({"auto_join": "join"}));
    let sql = "UPDATE domains SET auto_join = 'off', revision = revision + 1";
    it.app.meanwhile(sql, || it.join()).problem(404, "not_found");
}

#[test]
fn a_request_waits_for_approval() {
    let it = fixture(&json!({"auto_join": "request", "grants": ["workspace_member", "source_admin"]}));
    assert_eq!(it.joinable()[0]["how"], "request");
    let asked = it.join().ok(202);
    assert_eq!((&asked["outcome"], &asked["request"]["status"]), (&json!("requested"), &json!("pending")));
    assert_eq!(it.joinable()[0]["how"], "requested");
    let again = it.app.unchanged(|| it.join()).ok(202);
    assert_eq!(again, asked);
    let id = text(&asked["request"]["id"]);
    assert_eq!(it.requests("pending"), [id.as_str()]);
    let approved = it.decide(&id, "approve").ok(200);
    assert_eq!((&approved["outcome"], &approved["request"]["status"]), (&json!("joined"), &json!("approved")));
    assert_eq!(it.grants(), ["workspace_member", "source_admin"]);
    assert_eq!(it.requests("approved"), [id.as_str()]);
    assert_eq!(it.told(3), ["join.approved", "join.requested", "member.joined"]);
    it.app.unchanged(|| it.decide(&id, "approve")).problem(409, "request_decided");
    it.app.unchanged(|| it.decide(&id, "deny")).problem(409, "request_decided");
}

#[test]
fn who_was_denied_does_not_ask_again() {
    let it = fixture(&json!({"auto_join": "request"}));
    let id = text(&it.join().ok(202)["request"]["id"]);
    assert_eq!(it.decide(&id, "deny").ok(200)["status"], "denied");
    it.app.unchanged(|| it.join()).problem(409, "join_denied");
    assert_eq!(it.joinable()[0]["how"], "denied");
    assert_eq!((it.requests("pending"), it.requests("denied")), (Vec::new(), vec![id]));
    assert_eq!(it.told(1), ["join.denied"]);
}

#[test]
fn who_left_may_ask_again() {
    let it = fixture(&json!({"auto_join": "request", "grants": ["workspace_member"]}));
    let id = text(&it.join().ok(202)["request"]["id"]);
    it.decide(&id, "approve").ok(200);
    it.app.delete(&it.acme.member(&it.ann.0), &it.acme.token).ok(204);
    assert_eq!(it.joinable()[0]["how"], "request");
    let again = it.join().ok(202);
    assert_ne!(text(&again["request"]["id"]), id);
}

#[test]
fn approving_passes_the_gates() {
    let it = fixture(&json!({"auto_join": "request", "grants": ["workspace_member", "source_admin"]}));
    let id = text(&it.join().ok(202)["request"]["id"]);
    let path = it.acme.path(&format!("join-requests/{id}/approve"));
    let narrow = it.app.token(&it.acme, &json!({"name": "x", "actions": ["member:invite"]}));
    it.app.unchanged(|| it.app.post(&path, &narrow, &Value::Null)).problem(403, "delegation_exceeded");
    it.app.bill(&it.acme, &json!({"seat_limit": 1}));
    it.app.unchanged(|| it.app.post(&path, &it.acme.token, &Value::Null)).problem(409, "seat_limit_reached");
    it.app.bill(&it.acme, &json!({"seat_limit": null}));
    it.app.member(&it.acme, ANN, &["workspace_member"]);
    it.app.unchanged(|| it.app.post(&path, &it.acme.token, &Value::Null)).problem(409, "already_member");
    it.app.delete(&it.acme.path("domains/acme.com"), &it.acme.token).ok(204);
    it.app.post(&path, &it.acme.token, &Value::Null).problem(404, "not_found");
}

#[test]
fn a_dry_run_of_an_approval_tells_what_it_would_give() {
    let it = fixture(&json!({"auto_join": "request", "grants": ["workspace_member", "source_admin"]}));
    let id = text(&it.join().ok(202)["request"]["id"]);
    let path = it.acme.path(&format!("join-requests/{id}/approve?dry_run=true"));
    let would = it.app.unchanged(|| it.app.post(&path, &it.acme.token, &Value::Null)).ok(200);
    assert_eq!(would["problems"], json!([]));
    assert_eq!(would["changes"]["gained"][0]["member"], ANN);
    it.app.invite(&it.acme, ANN, &["workspace_member", "function_admin"]);
    let would = it.app.unchanged(|| it.app.post(&path, &it.acme.token, &Value::Null)).ok(200);
    assert_eq!(would["problems"], json!([]));
    assert!(would["changes"]["gained"].to_string().contains("source:edit"), "{would}");
}

#[test]
fn what_another_workspaces_provider_says_of_an_address_opens_no_door_here() {
    let it = fixture(&json!({"auto_join": "join"}));
    it.app.sql("UPDATE sessions SET workspace_id = (SELECT id FROM workspaces WHERE slug = 'elsewhere')").unwrap();
    it.app.unchanged(|| it.join()).problem(404, "not_found");
    assert_eq!(it.joinable(), json!([]));
}

#[test]
fn who_asked_is_told_by_mail_what_became_of_it() {
    for (how, subject, link) in
        [("approve", "You are a member of acme now", true), ("deny", "Your request to join acme", false)]
    {
        let it = fixture(&json!({"auto_join": "request"}));
        it.join().ok(202);
        let id = it.requests("pending").pop().unwrap();
        let mails = || it.app.mails().into_iter().filter(|mail| mail.subject == subject).collect::<Vec<_>>();
        let dry = it.acme.path(&format!("join-requests/{id}/{how}?dry_run=true"));
        it.app.unchanged(|| it.app.post(&dry, &it.acme.token, &Value::Null)).ok(200);
        assert!(mails().is_empty(), "asking is no decision");
        let wakes = it.app.machine.wakes.get();
        it.decide(&id, how).ok(200);
        assert_eq!(it.app.machine.wakes.get(), wakes + 1, "it goes out at once");
        let told = mails();
        assert_eq!((told.len(), told[0].to.as_str()), (1, ANN), "{how}");
        for part in [&told[0].text, &told[0].html] {
            assert_eq!(part.contains("https://app.example/w/acme"), link, "{part}");
        }
        it.decide(&id, how).problem(409, "request_decided");
        assert_eq!(mails().len(), 1, "once");
        it.app.machine.mailbox.is_open.set(true);
        it.app.deliver();
        assert_eq!(it.app.machine.mailbox.tried.borrow().iter().filter(|sent| sent.subject == subject).count(), 1);
    }
}

#[test]
fn what_became_of_a_request_is_not_told_by_a_workspace_that_is_gone() {
    let it = fixture(&json!({"auto_join": "request"}));
    it.join().ok(202);
    let id = it.requests("pending").pop().unwrap();
    it.decide(&id, "approve").ok(200);
    it.app.sql("UPDATE workspaces SET deleted_at = 1 WHERE slug = 'acme'").unwrap();
    it.app.machine.mailbox.is_open.set(true);
    it.app.deliver();
    assert!(
        !it.app.machine.mailbox.tried.borrow().iter().any(|sent| sent.to == ANN && sent.subject.contains("member"))
    );
}
