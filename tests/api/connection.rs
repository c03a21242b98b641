//! Connections to identity providers: made, changed and deleted, with the groups that they map.

use serde_json::{Value, json};

use crate::support::{App, Tenant, text};

const CONNECTIONS: &str = "sso/connections";

fn app() -> (App, Tenant) {
    let app = App::new();
    let acme = app.tenant("acme");
    (app, acme)
}

fn path(acme: &Tenant, connection: &Value) -> String {
    acme.path(&format!("{CONNECTIONS}/{}", text(&connection["id"])))
}

fn groups(app: &App, acme: &Tenant) -> Vec<String> {
    app.get(&acme.path("groups"), &acme.token).column("name")
}

#[test]
fn a_connection_is_shown_without_its_secret() {
    let (app, acme) = app();
    let made = app.connection(&acme, &json!({"role_mappings": [{"group": "Eng", "grants": ["source_admin"]}]}));
    let id = text(&made["id"]);
    assert!(id.starts_with("idp_"));
    assert_eq!(made["login_url"], format!("https://app.example/v1/sso/{id}/login"));
    assert_eq!(made["redirect_uri"], "https://app.example/v1/sso/oidc/callback");
    let facts = (&made["active"], &made["has_client_secret"], &made["group_claim"], &made["sync"]);
    assert_eq!(facts, (&json!(true), &json!(true), &json!("groups"), &json!("each_login")));
    assert_eq!(made["role_mappings"][0]["grants"][0]["expression"], "source_admin");
    let shown = app.get(&path(&acme, &made), &acme.token).ok(200);
    assert_eq!(shown, made);
    assert_eq!(app.get(&acme.path(CONNECTIONS), &acme.token).ok(200)["data"], json!([made]));
    assert!(!app.contents().contains("hush"), "the secret lies in the database in clear");
}

#[test]
fn what_a_connection_needs_depends_on_its_protocol() {
    let (app, acme) = app();
    let oidc = json!({"protocol": "oidc", "name": "Okta", "issuer": "https://idp.example", "client_id": "x"});
    for (change, code, place) in [
        (json!({"protocol": "ldap"}), "invalid_protocol", "/protocol"),
        (json!({"issuer": null}), "required", "/issuer"),
        (json!({"client_id": null}), "required", "/client_id"),
        (json!({"metadata_xml": "<x/>"}), "not_of_protocol", "/metadata_xml"),
        (json!({"name": ""}), "invalid_name", "/name"),
        (json!({"issuer": "http://idp.example"}), "invalid_issuer", "/issuer"),
        (json!({"issuer": "https://idp.example/?a=b"}), "invalid_issuer", "/issuer"),
        (json!({"issuer": "https://idp.example/#a"}), "invalid_issuer", "/issuer"),
        (json!({"issuer": "https://ann@idp.example"}), "invalid_issuer", "/issuer"),
        (json!({"client_id": ""}), "invalid_text", "/client_id"),
        (json!({"client_secret": "a\nb"}), "invalid_text", "/client_secret"),
        (json!({"group_claim": ""}), "invalid_text", "/group_claim"),
        (json!({"sync": "never"}), "invalid_sync", "/sync"),
        (json!({"role_mappings": [{"group": " ", "grants": []}]}), "invalid_text", "/role_mappings/0/group"),
        (json!({"role_mappings": [{"group": "a", "grants": ["x"]}]}), "unknown_role", "/role_mappings/0/grants/0"),
        (
            json!({"role_mappings": [{"group": "a", "grants": []}, {"group": "a", "grants": []}]}),
            "duplicate_mapping",
            "/role_mappings/1/group",
        ),
        (
            json!({"role_mappings": [{"group": "a", "grants": ["source_admin@source/none"]}]}),
            "unknown_resource",
            "/role_mappings/0/grants/0",
        ),
    ] {
        let mut body = oidc.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = app.unchanged(|| app.post(&acme.path(CONNECTIONS), &acme.token, &body));
        answer.invalid(code, place);
    }
    let saml = json!({"protocol": "saml", "name": "Okta", "metadata_xml": "<x/>"});
    assert!(app.post(&acme.path(CONNECTIONS), &acme.token, &saml).status >= 400);
}

#[test]
fn single_sign_on_takes_the_business_plan() {
    let app = App::new();
    let acme = app.tenant_with("acme", &json!({"plan": "team"}));
    let body = json!({"protocol": "oidc", "name": "Okta", "issuer": "https://idp.example", "client_id": "x"});
    app.unchanged(|| app.post(&acme.path(CONNECTIONS), &acme.token, &body)).problem(402, "plan_required");
    app.bill(&acme, &json!({"plan": "business"}));
    let made = app.post(&acme.path(CONNECTIONS), &acme.token, &body).ok(201);
    app.bill(&acme, &json!({"plan": "team"}));
    let set = |body: Value| app.patch(&path(&acme, &made), &acme.token, &body);
    set(json!({"active": false})).ok(200);
    set(json!({"active": true})).problem(402, "plan_required");
    app.delete(&path(&acme, &made), &acme.token).ok(204);
}

#[test]
fn each_mapping_is_a_group_that_the_connection_manages() {
    let (app, acme) = app();
    app.post(&acme.path("groups"), &acme.token, &json!({"name": "Eng (Okta)"})).ok(201);
    let mappings =
        json!([{"group": "Eng", "grants": ["source_admin"]}, {"group": "Ops", "grants": ["function_admin"]}]);
    let made = app.connection(&acme, &json!({"role_mappings": mappings}));
    assert_eq!(groups(&app, &acme), ["Eng (Okta)", "Eng (Okta) 2", "Ops (Okta)"]);
    let group = acme.path(&format!("groups/{}", text(&made["role_mappings"][0]["group_id"])));
    assert_eq!(app.get(&group, &acme.token).ok(200)["managed"], json!(true));

    // Who is in it and whether it is there, the provider says; what it gives, an owner.
    let members = json!({"members": [acme.owner]});
    app.unchanged(|| app.post(&format!("{group}/members"), &acme.token, &members)).problem(409, "managed_by_idp");
    app.unchanged(|| app.patch(&group, &acme.token, &json!({"name": "x"}))).problem(409, "managed_by_idp");
    app.unchanged(|| app.delete(&group, &acme.token)).problem(409, "managed_by_idp");
    let leave = format!("{group}/members/{}", acme.owner);
    app.unchanged(|| app.delete(&leave, &acme.token)).problem(409, "managed_by_idp");
    // A preview says what the write would, of these changes alone.
    let id = &made["role_mappings"][0]["group_id"];
    let changes = json!([
        {"grant": "function_admin", "to": acme.owner},
        {"add_to_group": id, "member": acme.owner},
        {"grant": "source_admin@source/none", "to": acme.owner},
        {"remove_from_group": id, "member": acme.owner},
        {"set_group_grants": ["source_admin"], "group": id},
    ]);
    let told = app.post(&acme.path("preview"), &acme.token, &json!({ "changes": changes })).ok(200);
    let problems: Vec<(&Value, &Value)> =
        told["problems"].as_array().unwrap().iter().map(|problem| (&problem["change"], &problem["code"])).collect();
    let expected = json!([[1, "managed_by_idp"], [2, "unknown_resource"], [3, "managed_by_idp"]]);
    assert_eq!(json!(problems), expected);
    let dry = app.unchanged(|| app.post(&format!("{group}/members?dry_run=true"), &acme.token, &members)).ok(200);
    assert_eq!(dry["problems"][0]["code"], "managed_by_idp");

    app.post(&format!("{group}/grants"), &acme.token, &json!({"grants": ["function_admin"]})).ok(200);
    let shown = app.get(&path(&acme, &made), &acme.token).ok(200);
    assert_eq!(shown["role_mappings"][0]["grants"].as_array().unwrap().len(), 2);

    // Nor does an invite let anybody in.
    let invites = json!([{"email": "ann@example.com", "grants": ["workspace_member"], "groups": [made["role_mappings"][0]["group_id"]]}]);
    let invite = |path: &str| app.post(&acme.path(path), &acme.token, &json!({ "invites": invites }));
    invite("invites").invalid("unknown_group", "/invites/0/groups/0");
    assert_eq!(invite("invites/bulk").ok(200)["rows"][0]["errors"][0]["code"], "unknown_group");

    // Mapped anew, those that stay keep their groups.
    let set = |body: Value| app.patch(&path(&acme, &made), &acme.token, &body).ok(200);
    let wanted = json!([{"group": "Eng", "grants": ["warehouse_admin"]}, {"group": "Sales", "grants": []}]);
    let changed = set(json!({"role_mappings": wanted}));
    assert_eq!(changed["role_mappings"][0]["group_id"], made["role_mappings"][0]["group_id"]);
    assert_eq!(changed["role_mappings"][0]["grants"][0]["role"], "warehouse_admin");
    assert_eq!(changed["role_mappings"][0]["grants"].as_array().unwrap().len(), 1);
    assert_eq!(groups(&app, &acme), ["Eng (Okta)", "Eng (Okta) 2", "Sales (Okta)"]);
    assert_eq!(app.get(&path(&acme, &made), &acme.token).ok(200), changed);
    set(json!({"name": "Entra"}));
    assert_eq!(groups(&app, &acme), ["Eng (Entra)", "Eng (Okta)", "Sales (Entra)"]);

    app.delete(&path(&acme, &made), &acme.token).ok(204);
    assert_eq!(groups(&app, &acme), ["Eng (Okta)"]);
    app.get(&path(&acme, &made), &acme.token).problem(404, "not_found");
}

#[test]
fn whoever_maps_gives_no_more_than_they_hold() {
    let (app, acme) = app();
    let token = app.token(&acme, &json!({"name": "ci", "actions": ["sso:manage"]}));
    let body = json!({"protocol": "oidc", "name": "Okta", "issuer": "https://idp.example", "client_id": "x",
        "role_mappings": [{"group": "Eng", "grants": ["source_admin"]}]});
    app.unchanged(|| app.post(&acme.path(CONNECTIONS), &token, &body)).problem(403, "delegation_exceeded");
    // What is there stays, whoever could give it now.
    let made = app.post(&acme.path(CONNECTIONS), &acme.token, &body).ok(201);
    app.patch(&path(&acme, &made), &token, &json!({"role_mappings": body["role_mappings"]})).ok(200);
}

#[test]
fn the_owners_that_a_mapping_makes_may_move_to_another_mapping_and_not_vanish() {
    let (app, acme) = app();
    let mapping = |group: &str, more: &str| json!([{"group": group, "grants": ["workspace_owner"]}, {"group": more, "grants": []}]);
    let made = app.connection(&acme, &json!({"role_mappings": mapping("A", "B")}));
    let by_claim =
        |claim: &str| app.texts("SELECT id AS text FROM groups ORDER BY claim")[usize::from(claim == "B")].clone();
    for claim in ["A", "B"] {
        let row =
            format!("INSERT INTO group_members VALUES ('{}', '{}', '{}', 1)", acme.id, by_claim(claim), acme.owner);
        app.sql(&row).unwrap();
    }
    app.sql("DELETE FROM grants WHERE holder LIKE 'acc_%' AND role = 'workspace_owner'").unwrap();
    app.delete(&path(&acme, &made), &acme.token).problem(409, "last_owner");
    let swap = json!({"role_mappings": [{"group": "A", "grants": []}, {"group": "B", "grants": ["workspace_owner"]}]});
    app.patch(&path(&acme, &made), &acme.token, &swap).ok(200);
}

#[test]
fn names_of_connections_are_unique() {
    let (app, acme) = app();
    app.connection(&acme, &json!({}));
    let other = app.connection(&acme, &json!({"name": "Entra"}));
    app.patch(&path(&acme, &other), &acme.token, &json!({"name": "Okta"})).problem(409, "name_taken");
}

#[test]
fn each_change_of_a_connection_is_told_without_a_secret() {
    let (app, acme) = app();
    let made = app.connection(&acme, &json!({}));
    app.patch(&path(&acme, &made), &acme.token, &json!({"client_secret": null, "active": false})).ok(200);
    app.delete(&path(&acme, &made), &acme.token).ok(204);
    let events = app.get(&acme.path(&format!("audit-events?subject={}", text(&made["id"]))), &acme.token);
    let events = events.ok(200);
    let types: Vec<String> = events["data"].as_array().unwrap().iter().map(|event| text(&event["type"])).collect();
    assert_eq!(types, ["sso.connection_deleted", "sso.connection_updated", "sso.connection_created"]);
    assert_eq!(events["data"][1]["after"]["has_client_secret"], json!(false));
    assert!(!events.to_string().contains("hush"));
}
