//! SCIM: what identity providers send, and what comes of it.

mod away;
mod bulk;
mod gate;
mod group;
mod journal;
mod life;
mod list;
mod tenant;
mod user;
mod version;

use http::Request;
use serde_json::{Value, json};

use crate::support::{Answer, App, Tenant, text};

/// The schema of a user.
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The schema of a group.
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The schema of a PATCH.
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// A workspace that an identity provider provisions.
struct Fixture {
    app: App,
    acme: Tenant,
    connection: String,
    token: String,
}

impl Fixture {
    fn new() -> Self {
        let app = App::new();
        let acme = app.tenant("acme");
        let connection =
            json!({"protocol": "oidc", "name": "Okta", "issuer": "https://idp.example", "client_id": "rolecall"});
        let made = app.post(&acme.path("sso/connections"), &acme.token, &connection).ok(201);
        let token = app.post(&acme.path("scim/tokens"), &acme.token, &json!({"name": "Okta"})).ok(201);
        Self { connection: text(&made["id"]), token: text(&token["secret"]), app, acme }
    }

    /// Ann, whom the provider knows, where her address alone would let her join; with her own session.
    fn who_may_join(&self) -> (String, String) {
        let (app, acme) = (&self.app, &self.acme);
        app.domain(acme, "example.com", &json!({"auto_join": "join", "grants": ["workspace_member"]}));
        let (ann, cookie) = app.member(&app.tenant("other"), "ann@example.com", &["workspace_member"]);
        assert_eq!(self.user("ann@example.com"), ann);
        (ann, cookie)
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut builder = Request::builder().method(method).uri(format!("/scim/v2{path}"));
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        builder = builder.header("authorization", format!("Bearer {}", self.token));
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.app.send(builder.header("content-type", "application/scim+json; charset=utf-8").body(bytes).unwrap())
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.send(method, path, &[], body)
    }

    fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &Value::Null)
    }

    /// The resources that a filter finds.
    fn filter(&self, kind: &str, filter: &str) -> Vec<Value> {
        let filter: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let found = self.get(&format!("/{kind}?filter={filter}")).ok(200);
        let resources = found["Resources"].as_array().cloned().unwrap_or_default();
        assert_eq!(found["totalResults"], json!(resources.len()), "{found}");
        resources
    }

    fn patch(&self, path: &str, operations: &Value) -> Answer {
        self.call("PATCH", path, &json!({"schemas": [PATCH], "Operations": operations}))
    }

    /// Makes a user.
    fn user(&self, name: &str) -> String {
        text(&self.call("POST", "/Users", &json!({"schemas": [USER], "userName": name})).ok(201)["id"])
    }

    /// Makes a group of these.
    fn group(&self, name: &str, members: &[&str]) -> String {
        let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
        let body = json!({"schemas": [GROUP], "displayName": name, "members": members});
        text(&self.call("POST", "/Groups", &body).ok(201)["id"])
    }

    /// The ids of those in a group, sorted.
    fn members(&self, group: &str) -> Vec<String> {
        let found = self.get(&format!("/Groups/{group}")).ok(200);
        let mut ids: Vec<String> =
            found["members"].as_array().into_iter().flatten().map(|member| text(&member["value"])).collect();
        ids.sort();
        ids
    }

    /// Has a group give something.
    fn give(&self, group: &str, grants: &[&str]) {
        let path = self.acme.path(&format!("groups/{group}/grants"));
        self.app.put(&path, &self.acme.token, &json!({"grants": grants})).ok(200);
    }

    /// Whether a member may do something.
    fn may(&self, member: &str, action: &str) -> bool {
        let body = json!({"member": member, "action": action});
        self.app.post(&self.acme.path("check"), &self.acme.token, &body).ok(200)["allowed"] == true
    }

    /// The newest entry of the journal.
    fn last(&self) -> Value {
        self.app.get(&self.acme.path("scim/journal"), &self.acme.token).ok(200)["data"][0].clone()
    }
}

/// Asserts an error in SCIM's words and answers it.
#[track_caller]
fn refused(answer: Answer, status: u16, scim_type: Option<&str>) -> Value {
    assert_eq!((answer.status, answer.body["scimType"].as_str()), (status, scim_type), "{}", answer.body);
    assert_eq!(answer.body["status"], json!(status.to_string()));
    assert_eq!(answer.body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
    assert_eq!(answer.header("content-type"), "application/scim+json");
    answer.body
}
