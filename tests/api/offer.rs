//! Invites accepted: who joins, with what, and what refuses it.

use serde_json::{Value, json};

use crate::support::App;

#[test]
fn the_main_job_works_end_to_end() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    let (_, secret) = app.invite(&acme, "Ann@Example.com", &["workspace_member", "source_read_only@source/abc"]);
    let (member, cookie) = app.accept(&secret);
    assert_eq!((member["email"].as_str(), member["name"].as_str()), (Some("ann@example.com"), Some("ann")));

    let check = |action: &str| {
        let body = json!({"member": "ann@example.com", "action": action, "resource": "source/abc"});
        app.post(&acme.path("check"), &acme.token, &body).ok(200)
    };
    let view = check("source:view");
    assert_eq!(view["allowed"], true);
    assert_eq!(view["because"][0]["grant"], "source_read_only@source/abc");
    assert_eq!(view["because"][0]["via"], "direct");
    let edit = check("source:edit");
    assert_eq!((edit["allowed"].as_bool(), &edit["missing"][0]), (Some(false), &json!(["source_admin@source/abc"])));

    let me = app.as_person("GET", "/v1/me", &cookie, &Value::Null).ok(200);
    assert_eq!(me["account"]["email"], "ann@example.com");
    assert_eq!(me["workspaces"][0]["actions"], json!(["workspace:view"]));

    let path = acme.path(&format!("members/{}", member["id"].as_str().unwrap()));
    app.call("DELETE", &path, &acme.token, &Value::Null).ok(204);
    assert_eq!(check("source:view")["reason"], "unknown_member");
    assert_eq!(app.as_person("GET", "/v1/me", &cookie, &Value::Null).ok(200)["workspaces"], json!([]));
    let owner = acme.path(&format!("members/{}", acme.owner));
    app.call("DELETE", &owner, &acme.token, &Value::Null).problem(409, "last_owner");
}
