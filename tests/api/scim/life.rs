//! What Okta, Entra ID and OneLogin send, in the order in which they send it.

use serde_json::{Value, json};

use super::{Fixture, GROUP, PATCH, USER, refused};
use crate::support::text;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

#[test]
fn oktas_spec_test() {
    let mut fixture = Fixture::new();
    let first = fixture.get("/Users?count=1&startIndex=1").ok(200);
    let id = text(&first["Resources"][0]["id"]);
    assert_eq!(fixture.get(&format!("/Users/{id}")).ok(200)["id"], json!(id));
    assert_eq!(fixture.get("/Users?filter=userName%20eq%20%22abcdefgh%40atko.com%22").ok(200)["totalResults"], 0);
    refused(fixture.get("/Users/010101001010101011001010101011"), 404, None);
    let body = json!({
        "schemas": [USER], "userName": "runscope@atko.com", "active": true,
        "name": {"givenName": "Run", "familyName": "Scope"},
        "emails": [{"primary": true, "value": "runscope@atko.com", "type": "work"}], "displayName": "Run Scope",
        "locale": "en-US", "externalId": "00u1", "groups": [], "password": "1mz050nq",
    });
    let made = fixture.call("POST", "/Users", &body).ok(201);
    assert_eq!(
        (&made["active"], &made["userName"], &made["locale"]),
        (&json!(true), &json!("runscope@atko.com"), &json!("en-US"))
    );
    refused(fixture.call("POST", "/Users", &body), 409, Some("uniqueness"));
    assert_eq!(fixture.get("/Users?filter=userName%20eq%20%22RUNSCOPE%40ATKO.COM%22").ok(200)["totalResults"], 1);
    fixture.get("/Groups").ok(200);
    fixture.token = "wrong".to_owned();
    refused(fixture.get("/Users"), 401, None);
}

#[test]
fn oktas_life_cycle() {
    let fixture = Fixture::new();
    let probe = fixture.get("/Users?filter=userName%20eq%20%22ann%40example.com%22&startIndex=1&count=100").ok(200);
    assert_eq!(probe["totalResults"], 0);
    let body = json!({
        "schemas": [USER], "userName": "ann@example.com", "name": {"givenName": "Ann", "familyName": "Lee"},
        "emails": [{"primary": true, "value": "ann@example.com", "type": "work"}], "displayName": "Ann Lee",
        "locale": "en-US", "externalId": "00u1", "groups": [], "password": "x", "active": true,
    });
    let mut whole = fixture.call("POST", "/Users", &body).ok(201);
    let ann = text(&whole["id"]);
    let path = format!("/Users/{ann}");
    let group = fixture.group("Everyone", &[&ann]);
    whole = fixture.get(&path).ok(200);
    whole["name"]["familyName"] = json!("Lee-Smith");
    whole["displayName"] = json!("Ann Lee-Smith");
    let put = fixture.call("PUT", &path, &whole).ok(200);
    assert_eq!(put["name"]["familyName"], "Lee-Smith");
    let member = fixture.app.get(&fixture.acme.member(&ann), &fixture.acme.token).ok(200);
    assert_eq!(member["name"], "Ann Lee-Smith");
    fixture.patch(&path, &json!([{"op": "replace", "value": {"active": false}}])).ok(200);
    assert!(!fixture.may(&ann, "source:view"));
    whole = fixture.get(&path).ok(200);
    whole["active"] = json!(true);
    assert_eq!(fixture.call("PUT", &path, &whole).ok(200)["active"], true);
    assert_eq!(fixture.members(&group), std::slice::from_ref(&ann));
    whole["active"] = json!(false);
    assert_eq!(fixture.call("PUT", &path, &whole).ok(200)["active"], false);
    fixture.app.get(&fixture.acme.member(&ann), &fixture.acme.token).problem(404, "not_found");
}

#[test]
fn entra_without_the_flag() {
    let fixture = Fixture::new();
    let probe = "/Users?filter=userName%20eq%20%22b8a5f3d2-0c1e-4f53-9c5e-8d1f4c0a7a11%22";
    assert_eq!(fixture.get(probe).ok(200)["totalResults"], 0);
    let body = json!({
        "schemas": [USER, ENTERPRISE], "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef", "userName": "Ann@example.com",
        "active": true, "addresses": null, "displayName": "Ann", "emails": [{"type": "work", "value": "Ann@example.com", "primary": true}],
        "meta": {"resourceType": "User"}, "name": {"formatted": "Ann Lee", "familyName": "Lee", "givenName": "Ann"}, "roles": [], "title": null,
        (ENTERPRISE): {"department": "Sales"},
    });
    let ann = text(&fixture.call("POST", "/Users", &body).ok(201)["id"]);
    let path = format!("/Users/{ann}");
    let operations = json!([
        {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "ann.lee@example.com"},
        {"op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": "9"},
        {"op": "Replace", "path": "name.familyName", "value": "Smith"},
    ]);
    let changed = fixture.patch(&path, &operations).ok(200);
    assert_eq!(changed["emails"][0]["value"], "ann.lee@example.com");
    assert_eq!(changed[ENTERPRISE]["manager"]["value"], "9");
    assert_eq!(fixture.filter("Users", r#"emails[type eq "work"].value eq "ann.lee@example.com""#).len(), 1);
    let group = json!({
        "schemas": [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
        "externalId": "8aa1a0c0", "displayName": "Sales", "meta": {"resourceType": "Group"},
    });
    let group = text(&fixture.call("POST", "/Groups", &group).ok(201)["id"]);
    let members = format!("/Groups/{group}");
    fixture.patch(&members, &json!([{"op": "Add", "path": "members", "value": [{"value": ann}]}])).ok(204);
    assert_eq!(fixture.filter("Groups", &format!(r#"id eq "{group}" and members eq "{ann}""#)).len(), 1);
    fixture
        .patch(&members, &json!([{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": ann}]}]))
        .ok(204);
    assert_eq!(fixture.members(&group), [""; 0]);
    fixture.patch(&path, &json!([{"op": "Replace", "path": "active", "value": "False"}])).ok(200);
    assert_eq!(fixture.get(&path).ok(200)["active"], false);
    fixture.call("DELETE", &path, &Value::Null).ok(204);
}

#[test]
fn entra_with_the_flag() {
    let fixture = Fixture::new();
    let ann = fixture.user("ann@example.com");
    let path = format!("/Users/{ann}");
    let operations = json!([{"op": "replace", "value": {
        "name.givenName": "Ann", "name.familyName": "Lee", "active": true, "displayName": "Ann Lee",
        (format!("{ENTERPRISE}:department")): "Sales",
    }}]);
    let changed = fixture.patch(&path, &operations).ok(200);
    assert_eq!((&changed["name"]["givenName"], &changed[ENTERPRISE]["department"]), (&json!("Ann"), &json!("Sales")));
    let group = fixture.group("Sales", &[&ann]);
    let found = fixture.get(&format!("/Groups/{group}?excludedAttributes=members")).ok(200);
    assert_eq!(found["members"], Value::Null);
    fixture
        .patch(&format!("/Groups/{group}"), &json!([{"op": "remove", "path": format!("members[value eq \"{ann}\"]")}]))
        .ok(204);
    assert_eq!(fixture.members(&group), [""; 0]);
    fixture.patch(&path, &json!([{"op": "replace", "path": "active", "value": false}])).ok(200);
}

#[test]
fn onelogins_life_cycle() {
    let fixture = Fixture::new();
    let body = json!({"schemas": [USER], "userName": "ann@example.com", "name": {"givenName": "Ann", "familyName": "Lee"}, "active": true});
    let ann = text(&fixture.call("POST", "/Users", &body).ok(201)["id"]);
    let path = format!("/Users/{ann}");
    let mut suspended = body.clone();
    suspended["active"] = json!(false);
    assert_eq!(fixture.call("PUT", &path, &suspended).ok(200)["active"], false);
    assert_eq!(fixture.call("PUT", &path, &body).ok(200)["active"], true);
    let group = fixture.group("All", &[]);
    for operation in ["add", "replace"] {
        let body = json!({"schemas": [PATCH], "Operations": [{"op": operation, "path": "members", "value": [{"value": ann}]}]});
        fixture.call("PATCH", &format!("/Groups/{group}"), &body).ok(204);
        assert_eq!(fixture.members(&group), std::slice::from_ref(&ann));
    }
    fixture.call("DELETE", &path, &Value::Null).ok(204);
    refused(fixture.get(&path), 404, None);
}
