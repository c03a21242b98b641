//! Bulk: each operation is one of its own, in an order in which it knows what it names; and the whole has limits that it keeps.

use serde_json::{Value, json};

use super::{Fixture, refused};
use crate::support::text;

const BULK: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

impl Fixture {
    fn bulk(&self, body: &Value) -> Vec<String> {
        let answer = self.call("POST", "/Bulk", body).ok(200);
        answer["Operations"].as_array().unwrap().iter().map(|one| text(&one["status"])).collect()
    }

    fn limit(&self, name: &str) -> usize {
        usize::try_from(self.get("/ServiceProviderConfig").ok(200)["bulk"][name].as_u64().unwrap()).unwrap()
    }
}

fn post(name: &str, path: &str, data: &Value) -> Value {
    json!({"method": "POST", "path": path, "bulkId": name, "data": data})
}

#[test]
fn bulk_does_each_and_knows_what_it_made() {
    let fixture = Fixture::new();
    let members = json!([{"value": "bulkId:ann"}]);
    let operations = json!([
        post("g", "/Groups", &json!({"displayName": "Engineers", "members": members})),
        post("ann", "/Users", &json!({"userName": "ann@example.com"})),
        post("twice", "/Users", &json!({"userName": "ann@example.com"})),
    ]);
    assert_eq!(fixture.bulk(&json!({"schemas": [BULK], "Operations": operations})), ["201", "201", "409"]);
    let ann = text(&fixture.filter("Users", r#"userName eq "ann@example.com""#)[0]["id"]);
    let group = text(&fixture.filter("Groups", r#"displayName eq "engineers""#)[0]["id"]);
    assert_eq!(fixture.members(&group), [ann]);
}

#[test]
fn what_fails_ends_the_rest_where_that_is_asked() {
    let bad = json!({"method": "DELETE", "path": "/Users/nobody"});
    let good = |name: &str| post(name, "/Users", &json!({"userName": format!("{name}@example.com")}));
    for (fail_on_errors, expected) in [
        (Value::Null, vec!["404", "201", "404", "201"]),
        (json!(1), vec!["404"]),
        (json!(2), vec!["404", "201", "404"]),
    ] {
        let fixture = Fixture::new();
        let operations = json!([bad, good("ann"), bad, good("bob")]);
        let body = json!({"schemas": [BULK], "failOnErrors": fail_on_errors, "Operations": operations});
        assert_eq!(fixture.bulk(&body), expected, "{fail_on_errors}");
    }
}

#[test]
fn what_names_something_that_was_refused_is_refused() {
    let fixture = Fixture::new();
    let operations = json!([
        post("x", "/Users", &json!({"userName": "no address"})),
        post("g", "/Groups", &json!({"displayName": "G", "members": [{"value": "bulkId:x"}]})),
    ]);
    assert_eq!(fixture.bulk(&json!({"schemas": [BULK], "Operations": operations})), ["400", "409"]);
    assert_eq!(fixture.filter("Groups", r#"displayName eq "G""#), Vec::<Value>::new());
}

#[test]
fn each_operation_has_its_entry_in_the_journal() {
    let fixture = Fixture::new();
    let operations =
        json!([post("a", "/Users", &json!({"userName": "ann@example.com"})), {"method": "DELETE", "path": "/Users/x"}]);
    fixture.bulk(&json!({"schemas": [BULK], "Operations": operations}));
    let entries = fixture.app.get(&fixture.acme.path("scim/journal"), &fixture.acme.token).ok(200)["data"].clone();
    let mut told: Vec<_> = (0..2).map(|at| (text(&entries[at]["method"]), text(&entries[at]["outcome"]))).collect();
    told.sort();
    let [delete, post] =
        [("DELETE", "refused"), ("POST", "applied")].map(|(one, two)| (one.to_owned(), two.to_owned()));
    assert_eq!(told, [delete, post]);
    assert_eq!(entries[0]["request_id"], entries[1]["request_id"]);
}

#[test]
fn more_than_is_announced_is_too_large() {
    let fixture = Fixture::new();
    let most = fixture.limit("maxOperations");
    let operations = vec![json!({"method": "DELETE", "path": "/Users/nobody"}); most + 1];
    refused(fixture.call("POST", "/Bulk", &json!({"schemas": [BULK], "Operations": operations})), 413, None);
    assert_eq!(fixture.bulk(&json!({"schemas": [BULK], "Operations": operations[1..]})).len(), most);
    let padding = "x".repeat(fixture.limit("maxPayloadSize"));
    refused(fixture.call("POST", "/Bulk", &json!({"schemas": [BULK], "x": padding, "Operations": []})), 413, None);
}

/// What one invocation of a Worker may ask of D1 on Cloudflare's paid plan and on its free one; each statement of a batch counts.
const MOST_PAID: usize = 1000;
const MOST_FREE: usize = 50;

/// The costliest of each kind of operation: with an address that changes, an invite that waits and a group that is kept.
#[test]
fn a_bulk_request_of_the_announced_size_stays_within_what_a_worker_may_ask() {
    let fixture = Fixture::new();
    let most = fixture.limit("maxOperations");
    let spent = |name: &str, operation: &dyn Fn(usize) -> Value| {
        let operations: Vec<Value> = (0..most).map(operation).collect();
        let before = fixture.app.machine.statements();
        let statuses = fixture.bulk(&json!({"schemas": [BULK], "Operations": operations}));
        assert!(statuses.iter().all(|status| status.starts_with('2')), "{statuses:?}");
        let count = fixture.app.machine.statements() - before;
        println!("{most} operations, {name}: {count} statements");
        assert!(count <= MOST_PAID && count / most < MOST_FREE, "{name}: {count}");
    };
    let mail = |name: &str, index: usize| format!("{name}{index}@example.com");
    for name in ["a", "c"] {
        let invite = |index| json!({"email": mail(name, index), "grants": ["workspace_member"]});
        let body = json!({"invites": (0..most).map(invite).collect::<Vec<_>>(), "deliver": "link"});
        fixture.app.post(&fixture.acme.path("invites"), &fixture.acme.token, &body).ok(201);
    }
    spent("create", &|at| post(&mail("a", at), "/Users", &json!({"userName": mail("a", at)})));
    let found = fixture.filter("Users", r#"userName sw "a""#);
    let ids: Vec<&str> = found.iter().filter_map(|user| user["id"].as_str()).collect();
    assert_eq!(ids.len(), most);
    fixture.group("Everyone", &ids);
    let patch = |at: usize, name: &str, active: bool| {
        let value = json!({"active": active, "userName": mail(name, at), "displayName": name});
        let data = json!({"Operations": [{"op": "replace", "value": value}]});
        json!({"method": "PATCH", "path": format!("/Users/{}", ids[at]), "data": data})
    };
    spent("rename", &|at| patch(at, "d", true));
    spent("leave", &|at| patch(at, "b", false));
    spent("come back", &|at| patch(at, "c", true));
    let members = |at: usize| json!([{"value": ids[at]}]);
    let group = |at: usize| json!({"displayName": format!("G{at}"), "members": members(at)});
    spent("create a group", &|at| post(&format!("g{at}"), "/Groups", &group(at)));
    spent("delete", &|at| json!({"method": "DELETE", "path": format!("/Users/{}", ids[at])}));
}
