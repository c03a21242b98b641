//! Access lists: who may ask, what is listed, and that each row is what a check says about the pair.

use serde_json::{Value, json};

use crate::support::{App, Tenant, text};

const MEMBER: &[&str] = &["workspace_member"];

/// A workspace with a labelled source, its destination and a space; ann, who may see the source; and a group of ben's
/// that may edit what is labelled like it.
fn filled() -> (App, Tenant, [String; 2], String) {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({"labels": {"team": "a"}}));
    app.resource(&acme, "source/other", &json!({}));
    app.resource(&acme, "destination/ads", &json!({"parent": "source/abc"}));
    app.resource(&acme, "space/one", &json!({}));
    let (ann, cookie) = app.member(&acme, "ann@example.com", &["workspace_member", "source_read_only@source/abc"]);
    let (ben, _) = app.member(&acme, "ben@example.com", MEMBER);
    let body = json!({"name": "Web", "grants": ["source_admin@{team:a}"]});
    let group = app.post(&acme.path("groups"), &acme.token, &body).ok(201);
    let join = acme.path(&format!("groups/{}/members", text(&group["id"])));
    app.post(&join, &acme.token, &json!({"members": [ben]})).ok(200);
    (app, acme, [ann, ben], cookie)
}

fn list(app: &App, acme: &Tenant, query: &str) -> Value {
    app.unchanged(|| app.get(&acme.path(&format!("access/{query}")), &acme.token)).ok(200)
}

/// The rows of all pages of a list.
fn all(app: &App, acme: &Tenant, query: &str, limit: usize) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = list(app, acme, &format!("{query}&limit={limit}{cursor}"));
        let data = page["data"].as_array().unwrap();
        assert!(data.len() <= limit, "{query}: {page}");
        assert_eq!(page["complete"], page["next_cursor"].is_null(), "{query}: {page}");
        rows.extend(data.iter().cloned());
        assert!(rows.len() < 1_000, "{query} doesn't end");
        let Some(next) = page["next_cursor"].as_str() else { return rows };
        cursor = format!("&cursor={next}");
    }
}

fn column(rows: &[Value], pointer: &str) -> Vec<String> {
    rows.iter().map(|row| text(row.pointer(pointer).unwrap())).collect()
}

#[test]
fn the_members_who_may_are_listed_by_id_with_each_grant_that_allows() {
    let (app, acme, [ann, ben], _) = filled();
    let page = list(&app, &acme, "members?action=destination:view&resource=destination/ads");
    let rows = page["data"].as_array().unwrap();
    let mut ids = vec![acme.owner.clone(), ann.clone(), ben.clone()];
    ids.sort();
    assert_eq!(column(rows, "/member/id"), ids);
    let row = |id: &str| rows.iter().find(|row| row["member"]["id"] == id).unwrap();
    assert_eq!(row(&ann)["member"], json!({"id": ann, "email": "ann@example.com", "name": "ann"}));
    let why = |id: &str| {
        let body = json!({"member": id, "action": "destination:view", "resource": "destination/ads"});
        app.post(&acme.path("check"), &acme.token, &body).ok(200)["because"].clone()
    };
    assert!([&ann, &ben, &acme.owner].iter().all(|id| row(id)["because"] == why(id)), "{page}");
    assert_eq!(row(&ben)["because"][0]["inherited_from"], "source/abc");
    let version = app.count("SELECT version FROM workspaces");
    assert_eq!(
        (&page["complete"], &page["next_cursor"], &page["version"]),
        (&json!(true), &Value::Null, &json!(version))
    );
}

#[test]
fn without_a_resource_the_question_is_about_the_whole() {
    let (app, acme, [ann, ben], _) = filled();
    let ids = |query: &str| column(&all(&app, &acme, query, 1), "/member/id");
    let mut everyone = vec![acme.owner.clone(), ann, ben];
    everyone.sort();
    assert_eq!(ids("members?action=workspace:view"), everyone);
    assert_eq!(ids("members?action=workspace:view&resource=workspace"), everyone);
    for query in ["action=source:view", "action=source:view&resource=source/*", "action=source:create"] {
        assert_eq!(ids(&format!("members?{query}")), std::slice::from_ref(&acme.owner), "{query}");
    }
    assert_eq!(list(&app, &acme, "members?action=source:view&resource=source/none")["data"], json!([]));
}

#[test]
fn the_resources_of_a_member_are_listed_by_id_with_each_grant_that_allows() {
    let (app, acme, [ann, ben], _) = filled();
    let names = |query: &str| column(&all(&app, &acme, query, 1), "/resource");
    for member in [ben.as_str(), "ben@example.com", "BEN@example.com"] {
        let page = list(&app, &acme, &format!("resources?member={member}&action=source:edit"));
        assert_eq!(column(page["data"].as_array().unwrap(), "/resource"), ["source/abc"]);
        assert_eq!(page["data"][0]["because"][0]["grant"], "source_admin@{team:a}");
        assert_eq!((&page["complete"], &page["next_cursor"]), (&json!(true), &Value::Null));
    }
    assert_eq!(names(&format!("resources?member={ann}&action=destination:view")), ["destination/ads"]);
    assert_eq!(names(&format!("resources?member={ann}&action=source:edit&type=source")), [""; 0]);
    assert_eq!(names("resources?member=me&action=source:view"), ["source/abc", "source/other"]);
    assert_eq!(names("resources?member=me&action=destination:create"), ["source/abc", "source/other"]);
    assert_eq!(names("resources?member=me&action=audience:edit"), ["space/one"]);
    assert_eq!(names("resources?member=me&action=pii:view&type=destination"), ["destination/ads"]);
    for nobody in ["nobody@example.com", "acc_00000000000000000000000000", ""] {
        let page = list(&app, &acme, &format!("resources?member={nobody}&action=source:view"));
        assert_eq!((&page["data"], &page["complete"]), (&json!([]), &json!(true)), "{nobody}");
    }
}

#[test]
fn everyone_lists_their_own_and_only_some_that_of_others() {
    let (app, acme, [ann, ben], cookie) = filled();
    let ask = |query: &str| app.as_person("GET", &acme.path(&format!("access/{query}")), &cookie, &Value::Null);
    for own in ["me", ann.as_str(), "ann@example.com", "Ann@Example.com"] {
        let page = ask(&format!("resources?member={own}&action=source:view")).ok(200);
        assert_eq!(column(page["data"].as_array().unwrap(), "/resource"), ["source/abc"], "{own}");
    }
    let others = [ben.as_str(), "nobody@example.com"].map(|who| format!("resources?member={who}&action=source:view"));
    for query in others.into_iter().chain(["members?action=workspace:view".to_owned()]) {
        assert_eq!(ask(&query).problem(403, "forbidden")["missing"], json!([["workspace_owner"]]), "{query}");
    }
}

#[test]
fn a_token_lists_what_it_may_itself() {
    let (app, acme, [ann, _], _) = filled();
    let body = json!({"name": "ci", "grants": ["source_admin@source/abc"], "actions": ["function:view", "space:view"]});
    let token = app.token(&acme, &body);
    let names = |action: &str| {
        let page = app.get(&acme.path(&format!("access/resources?member=me&action={action}")), &token).ok(200);
        column(page["data"].as_array().unwrap(), "/resource")
    };
    assert_eq!(names("source:edit"), ["source/abc"]);
    assert_eq!((names("space:view"), names("function:view")), (vec!["space/one".to_owned()], Vec::new()));
    let path = acme.path(&format!("access/resources?member={ann}&action=source:view"));
    app.get(&path, &token).problem(403, "forbidden");
    app.get(&acme.path("access/members?action=source:view"), &token).problem(403, "forbidden");
}

#[test]
fn another_tenants_lists_are_not_there() {
    let (app, acme, [ann, _], _) = filled();
    let other = app.tenant("other");
    for query in ["members?action=source:view".to_owned(), format!("resources?member={ann}&action=source:view")] {
        let theirs = app.get(&acme.path(&format!("access/{query}")), &other.token);
        let nowhere = app.get(&format!("/v1/workspaces/ws_{}/access/{query}", "0".repeat(26)), &other.token);
        assert_eq!((theirs.status, theirs.anonymous()), (404, nowhere.anonymous()), "{query}");
        app.get(&acme.path(&format!("access/{query}")), "").problem(401, "unauthenticated");
    }
    let page = list(&app, &other, &format!("resources?member={ann}&action=source:view"));
    assert_eq!(page["data"], json!([]));
    assert_eq!(list(&app, &other, "members?action=source:view&resource=source/abc")["data"], json!([]));
}

#[test]
fn what_can_not_be_asked_is_refused_by_name() {
    let (app, acme, _, _) = filled();
    for (query, name) in [
        ("members?", "action"),
        ("members?action=source:fly", "action"),
        ("members?action=", "action"),
        ("members?action=source:view&resource=sauce/abc", "resource"),
        ("members?action=source:view&resource=", "resource"),
        ("members?action=source:view&limit=0", "limit"),
        ("resources?member=me", "action"),
        ("resources?member=me&action=x", "action"),
        ("resources?action=source:view", "member"),
        ("resources?member=me&action=pii:view", "type"),
        ("resources?member=me&action=source:view&type=sauce", "type"),
    ] {
        let refused = app.get(&acme.path(&format!("access/{query}")), &acme.token).problem(400, "invalid_parameter");
        assert!(text(&refused["detail"]).starts_with(&format!("`{name}`")), "{query}: {refused}");
    }
    for (query, path) in [
        ("members?action=source:view&resource=space/one", "/resource"),
        ("members?action=source:create&resource=source/abc", "/resource"),
        ("members?action=member:view&resource=source/*", "/resource"),
        ("resources?member=me&action=source:view&type=space", "/type"),
        ("resources?member=me&action=destination:create&type=destination", "/type"),
        ("resources?member=me&action=source:create", "/type"),
        ("resources?member=me&action=member:view", "/type"),
        ("resources?member=me&action=member:view&type=source", "/type"),
    ] {
        let refused = app.get(&acme.path(&format!("access/{query}")), &acme.token);
        assert_eq!(refused.problem(422, "action_resource_mismatch")["errors"][0]["path"], path, "{query}");
    }
}

#[test]
fn a_cursor_belongs_to_one_list() {
    let (app, acme, _, _) = filled();
    let first = list(&app, &acme, "members?action=workspace:view&limit=1");
    assert_eq!((&first["complete"], first["data"].as_array().unwrap().len()), (&json!(false), 1));
    let cursor = text(&first["next_cursor"]);
    for query in [
        "access/members?action=source:view",
        "access/members?action=workspace:view&resource=workspace",
        "access/resources?member=me&action=source:view",
        "members?",
    ] {
        let path = acme.path(&format!("{query}&cursor={cursor}"));
        app.get(&path, &acme.token).problem(400, "invalid_cursor");
    }
    let more = list(&app, &acme, &format!("members?action=workspace:view&limit=2&cursor={cursor}"));
    assert_eq!((&more["complete"], more["data"].as_array().unwrap().len()), (&json!(true), 2));
}

#[test]
fn nothing_that_was_there_throughout_is_repeated_or_skipped() {
    let (app, acme, _, _) = filled();
    for index in 0..6 {
        app.member(&acme, &format!("m{index}@example.com"), &["workspace_member", "source_read_only"]);
        app.resource(&acme, &format!("source/s{index}"), &json!({}));
    }
    for (query, pointer) in [
        ("members?action=source:view&resource=source/abc", "/member/id"),
        ("resources?member=me&action=source:view", "/resource"),
    ] {
        let before = column(&all(&app, &acme, query, 200), pointer);
        let first = list(&app, &acme, &format!("{query}&limit=3"));
        let mut seen = column(first["data"].as_array().unwrap(), pointer);
        assert_eq!(seen, before[..3]);
        // The last row that was seen goes, and so does one to come; others come.
        for gone in [&before[2], &before[4]] {
            let path = if pointer == "/resource" { format!("resources/{gone}") } else { format!("members/{gone}") };
            app.delete(&acme.path(&path), &acme.token).ok(204);
        }
        app.member(&acme, &format!("new{}@example.com", seen.len() + query.len()), &["workspace_owner"]);
        app.resource(&acme, "source/s0a", &json!({})); // before and after the cursor
        app.resource(&acme, "source/zz", &json!({}));
        let cursor = text(&first["next_cursor"]);
        let rest = all(&app, &acme, &format!("{query}&cursor={cursor}"), 200);
        seen.extend(column(&rest, pointer));
        let after = column(&all(&app, &acme, query, 200), pointer);
        let kept: Vec<_> = before.iter().filter(|id| after.contains(id)).collect();
        let listed: Vec<_> = seen.iter().filter(|id| kept.contains(id)).collect();
        assert_eq!(listed, kept, "{query}: {seen:?}");
        let _ = app.delete(&acme.path("resources/source/s0a"), &acme.token);
        let _ = app.delete(&acme.path("resources/source/zz"), &acme.token);
    }
}

#[test]
fn a_page_that_finds_few_goes_on_from_where_it_looked() {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/abc", &json!({}));
    // Many who could un-mask what they can't see: the policy drops each of them.
    let blind: Vec<String> = (0..20)
        .map(|index| app.member(&acme, &format!("m{index}@example.com"), &["workspace_member", "pii_access"]).0)
        .collect();
    let last = blind.iter().max().unwrap();
    let grants = json!({"grants": ["source_read_only@source/abc"]});
    app.post(&format!("{}/grants", acme.member(last)), &acme.token, &grants).ok(200);
    let query = "members?action=pii:view&resource=source/abc";
    let mut allowed = vec![acme.owner.clone(), last.clone()];
    allowed.sort();
    for limit in [1, 2, 3, 50] {
        assert_eq!(column(&all(&app, &acme, query, limit), "/member/id"), allowed, "{limit}");
    }
    let mut pages = 0;
    let mut cursor = String::new();
    loop {
        let page = list(&app, &acme, &format!("{query}&limit=1{cursor}"));
        pages += 1;
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert!(pages > 2, "the pages give up early: {pages}");
}
