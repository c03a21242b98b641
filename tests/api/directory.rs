//! The list of members: its filters and its orders.

use serde_json::json;

use crate::support::{App, BOOTSTRAP, Tenant, text};

/// Owner, ann, ben and cat: an hour apart, with different grants.
fn filled() -> (App, Tenant, String) {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    let body = json!({"name": "Web", "grants": ["source_admin@source/abc"]});
    let group = text(&app.post(&acme.path("groups"), &acme.token, &body).ok(201)["id"]);
    for (email, grants) in [
        ("cat@example.com", &["workspace_member", "source_read_only@source/abc"][..]),
        ("ann@example.com", &["workspace_member"]),
        ("ben@example.com", &["workspace_member", "function_admin"]),
    ] {
        app.pass(1);
        app.member(&acme, email, grants);
    }
    app.patch(&acme.member("ben@example.com"), &acme.token, &json!({"name": "Ünal Benson"})).ok(200);
    let join = acme.path(&format!("groups/{group}/members"));
    app.post(&join, &acme.token, &json!({"members": ["ann@example.com"]})).ok(200);
    // The owner was never here: a service reads the lists.
    let reader = app.token(&acme, &json!({"name": "reader", "actions": ["member:view"]}));
    app.sql(&format!("UPDATE members SET last_active_at = NULL WHERE account_id = '{}'", acme.owner)).unwrap();
    (app, Tenant { token: reader, ..acme }, group)
}

/// The members of a list by the first three letters of their address.
fn found(app: &App, acme: &Tenant, query: &str) -> String {
    let emails = app.get(&acme.path(&format!("members?{query}")), &acme.token).column("email");
    emails.iter().map(|email| &email[..3]).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_filter_keeps_those_that_it_names() {
    let (app, acme, group) = filled();
    for (query, expected) in [
        ("", "ann ben cat own"),
        ("q=", "ann ben cat own"),
        ("q=an", "ann"),
        ("q=ANN@", "ann"),
        ("q=%C3%BCnal", "ben"),
        ("q=%C3%9Cnal+B", "ben"),
        ("q=olga", "own"),
        ("q=nn", ""),
        ("q=%25", ""),
        ("q=_nn", ""),
        ("q='", ""),
        ("role=workspace_owner", "own"),
        ("role=source_admin", "ann"),
        ("role=source_read_only", "cat"),
        ("role=tracking_plan_admin", ""),
        ("resource=source/abc", "ann cat"),
        ("resource=source/other", ""),
        (&format!("group={group}"), "ann"),
        ("provisioned_by=bootstrap", "own"),
        ("provisioned_by=invite", "ann ben cat"),
        ("provisioned_by=scim", ""),
        ("inactive_since=2026-01-01T00:00:00Z", ""),
        ("inactive_since=2026-01-01T01:30:00Z", "cat own"),
        ("inactive_since=2026-01-01T03:30:00%2B01:00", "ann cat own"),
        ("role=source_admin&q=ann&provisioned_by=invite", "ann"),
        ("role=source_admin&q=cat", ""),
    ] {
        assert_eq!(found(&app, &acme, query), expected, "{query}");
    }
}

#[test]
fn an_order_puts_them_in_a_row() {
    let (app, acme, _) = filled();
    assert_eq!(found(&app, &acme, "sort=email"), "ann ben cat own");
    assert_eq!(found(&app, &acme, "sort=joined_at"), "own cat ann ben");
    assert_eq!(found(&app, &acme, "sort=-last_active_at"), "ben ann cat own");
    assert_eq!(found(&app, &acme, "sort=joined_at&role=workspace_member&q=a"), "ann");
}

#[test]
fn a_filter_that_can_mean_nothing_is_refused() {
    let (app, acme, _) = filled();
    for query in [
        "role=boss",
        "role=",
        "group=web",
        "resource=source",
        "resource=sauce/abc",
        "inactive_since=yesterday",
        "provisioned_by=magic",
        "sort=name",
        "sort=-email",
    ] {
        app.get(&acme.path(&format!("members?{query}")), &acme.token).problem(400, "invalid_parameter");
    }
}

#[test]
fn the_operator_is_nobody_in_a_workspace() {
    let (app, acme, _) = filled();
    app.get(&acme.path("members"), BOOTSTRAP).problem(403, "forbidden");
    app.get(&acme.path("members/me"), BOOTSTRAP).problem(403, "forbidden");
}
