//! Conventions of the whole API: bodies, problems, methods, tags, headers.

use std::collections::BTreeSet;

use http::{Method, Request};
use rolecall::api::route::ROUTES;
use serde_json::{Value, json};

use crate::support::{Answer, App, BOOTSTRAP, Tenant, text};

/// Sends these bytes as they are.
fn send(app: &App, acme: &Tenant, method: &str, path: &str, content_type: &str, body: &[u8]) -> Answer {
    let builder = Request::builder().method(method).uri(path).header("content-type", content_type);
    app.send(builder.header("authorization", format!("Bearer {}", acme.token)).body(body.to_vec()).unwrap())
}

/// Reads a path with one more header.
fn read_with(app: &App, acme: &Tenant, method: Method, path: &str, header: (&str, &str)) -> Answer {
    let builder = Request::builder().method(method).uri(path).header(header.0, header.1);
    app.send(builder.header("authorization", format!("Bearer {}", acme.token)).body(Vec::new()).unwrap())
}

/// The writing routes that read a body, on a workspace with a member `{acc}` and an invite `{inv}`.
const BODIES: &[(&str, &str)] = &[
    ("PATCH", ""),
    ("PATCH", "/members/me"),
    ("PUT", "/members/me/grants"),
    ("POST", "/members/me/grants"),
    ("POST", "/groups"),
    ("POST", "/labels"),
    ("PUT", "/resources/source/abc"),
    ("POST", "/check"),
    ("POST", "/check/batch"),
    ("POST", "/invites"),
    ("PATCH", "/invites/{inv}"),
    ("POST", "/invites/{inv}/resend"),
    ("POST", "/tokens"),
];

fn fixture() -> (App, Tenant, String) {
    let app = App::new();
    let acme = app.tenant("acme");
    let (invite, _) = app.invite(&acme, "ben@example.com", &["workspace_member"]);
    (app, acme, text(&invite["id"]))
}

#[test]
fn what_is_not_json_is_invalid_json_on_every_route() {
    let (app, acme, inv) = fixture();
    for (method, path) in BODIES {
        let path = format!("{}{}", acme.root(), path.replace("{inv}", &inv));
        for body in [&b"{"[..], b"{} {}", b"{'a': 1}", b"{\"a\": \"\xff\"}", b"nonsense"] {
            app.unchanged(|| send(&app, &acme, method, &path, "application/json", body)).problem(400, "invalid_json");
        }
    }
}

#[test]
fn another_media_type_is_refused_on_every_route() {
    let (app, acme, inv) = fixture();
    for (method, path) in BODIES {
        let path = format!("{}{}", acme.root(), path.replace("{inv}", &inv));
        for media_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
            let answer = app.unchanged(|| send(&app, &acme, method, &path, media_type, b"{\"name\": \"x\"}"));
            answer.problem(415, "unsupported_media_type");
        }
    }
    let parameters = send(&app, &acme, "PATCH", &acme.root(), "Application/JSON; charset=utf-8", b"{\"name\": \"x\"}");
    assert_eq!(parameters.status, 200);
}

#[test]
fn an_unknown_member_is_named_by_its_place_on_every_route() {
    let (app, acme, inv) = fixture();
    for (method, path) in BODIES {
        let path = format!("{}{}", acme.root(), path.replace("{inv}", &inv));
        let answer = app.unchanged(|| app.call(method, &path, &acme.token, &json!({"co/l~our": 1})));
        assert_eq!(answer.problem(422, "unknown_field")["errors"][0]["path"], "/co~1l~0our", "{path}");
    }
}

#[test]
fn an_unknown_member_deep_in_a_body_is_named_by_its_place() {
    let (app, acme, _) = fixture();
    let invite = |more: &str| format!(r#"{{"email": "a@example.com", "grants": ["workspace_member"]{more}}}"#);
    let two = format!(r#"{{"invites": [{}, {}]}}"#, invite(""), invite(r#", "colour": 1"#));
    let owner = r#"{"email": "a@example.com", "name": "A", "colour": 1}"#;
    let made = format!(r#"{{"name": "x", "slug": "xx", "owner": {owner}}}"#);
    let check = r#"{"checks": [{"member": "me", "action": "source:view", "colour": 1}]}"#;
    for (method, path, body, place) in [
        ("POST", acme.path("invites"), two.as_str(), "/invites/1/colour"),
        ("PATCH", acme.root(), r#"{"settings": {"colour": 1}}"#, "/settings/colour"),
        ("POST", acme.path("check/batch"), check, "/checks/0/colour"),
        ("POST", "/v1/workspaces".to_owned(), &made, "/owner/colour"),
    ] {
        let token = if path == "/v1/workspaces" { BOOTSTRAP } else { &acme.token };
        let body: Value = serde_json::from_str(body).unwrap();
        app.unchanged(|| app.call(method, &path, token, &body)).invalid("unknown_field", place);
    }
}

#[test]
fn a_wrong_type_is_named_by_its_place() {
    let (app, acme, _) = fixture();
    for (path, body, place) in [
        ("invites", json!({"invites": [{"email": 1, "grants": []}]}), "/invites/0/email"),
        ("invites", json!({"invites": [{"email": "a@example.com", "grants": [null]}]}), "/invites/0/grants/0"),
        ("invites", json!({"invites": {}}), "/invites"),
        ("invites", json!({"invites": [], "deliver": "pigeon"}), "/deliver"),
        ("check", json!({"member": "me", "action": ["source:view"]}), "/action"),
        ("tokens", json!({"name": "x", "actions": "member:view"}), "/actions"),
    ] {
        app.unchanged(|| app.post(&acme.path(path), &acme.token, &body)).invalid("invalid_type", place);
    }
    for body in [json!([]), json!("x"), json!(1), json!(true)] {
        app.unchanged(|| app.post(&acme.path("invites"), &acme.token, &body)).problem(422, "validation_failed");
    }
}

#[test]
fn a_body_of_more_than_one_mebibyte_is_too_large() {
    let (app, acme, _) = fixture();
    let padded = |size: usize| format!("{{\"name\": \"x\"{}}}", " ".repeat(size - 13)).into_bytes();
    let patch = |body: &[u8]| send(&app, &acme, "PATCH", &acme.root(), "application/json", body);
    assert_eq!(patch(&padded(1024 * 1024)).status, 200);
    app.unchanged(|| patch(&padded(1024 * 1024 + 1))).problem(413, "payload_too_large");
}

#[test]
fn a_problem_names_itself_in_full() {
    let (app, acme, _) = fixture();
    let refused = app.post(&acme.path("invites"), &acme.token, &json!({"invites": []}));
    let request_id = refused.header("x-request-id").to_owned();
    let problem = refused.problem(422, "validation_failed");
    assert_eq!((problem["status"].as_u64(), text(&problem["request_id"])), (Some(422), request_id));
    assert!(["type", "title", "detail"].iter().all(|member| !text(&problem[*member]).is_empty()), "{problem}");
    let error = problem["errors"][0].as_object().unwrap();
    assert_eq!(error.keys().collect::<Vec<_>>(), ["code", "detail", "path"]);
}

#[test]
fn one_answer_names_everything_that_is_wrong() {
    let (app, acme, _) = fixture();
    let bad = json!({"email": "nope", "name": "", "grants": ["boss", "source_admin@"]});
    let problem =
        app.post(&acme.path("invites"), &acme.token, &json!({"invites": [bad]})).problem(422, "validation_failed");
    let places: Vec<String> = problem["errors"].as_array().unwrap().iter().map(|error| text(&error["path"])).collect();
    assert_eq!(places, ["/invites/0/email", "/invites/0/name", "/invites/0/grants/0", "/invites/0/grants/1"]);
}

#[test]
fn a_known_path_with_another_method_names_those_that_it_takes() {
    let app = App::new();
    let known = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::TRACE];
    let methods = [known.as_slice(), &[Method::from_bytes(b"QUERY").unwrap()]].concat();
    for (_, path, _) in ROUTES {
        let taken: BTreeSet<&str> =
            ROUTES.iter().filter(|(_, other, _)| other == path).map(|(method, ..)| method.as_str()).collect();
        for method in methods.iter().filter(|method| !taken.contains(method.as_str())) {
            let answer = app.call(method.as_str(), &path.replace(':', "x"), "", &Value::Null);
            let allow: BTreeSet<String> = answer.header("allow").split(", ").map(str::to_owned).collect();
            assert!(taken.iter().all(|method| allow.contains(*method)), "{path}: {allow:?}");
            assert_eq!(allow.contains("HEAD"), taken.contains("GET"), "{path}: {allow:?}");
            answer.problem(405, "method_not_allowed");
        }
    }
}

#[test]
fn an_unknown_path_is_not_found_for_everyone() {
    let app = App::new();
    let acme = app.tenant("acme");
    for path in ["/", "/v1", "/v2/roles", "/v1/roles/", "/v1//roles", "/v1/workspaces/acme/nothing", "/V1/roles"] {
        for token in ["", acme.token.as_str(), BOOTSTRAP] {
            app.get(path, token).problem(404, "not_found");
        }
    }
    app.get("/v1/workspaces/%ff", &acme.token).problem(404, "not_found");
}

#[test]
fn a_workspace_goes_by_id_or_slug_everywhere() {
    let (app, acme, inv) = fixture();
    for rest in ["", "/members", "/members/me", "/resources", "/tokens", &format!("/invites/{inv}")] {
        let by_id = app.get(&format!("{}{rest}", acme.root()), &acme.token).ok(200);
        assert_eq!(app.get(&format!("/v1/workspaces/acme{rest}"), &acme.token).ok(200), by_id);
        assert_eq!(app.get(&format!("/v1/workspaces/%61cme{rest}"), &acme.token).ok(200), by_id);
    }
}

#[test]
fn head_answers_like_get_without_a_body() {
    let (app, acme, _) = fixture();
    for path in [acme.root(), acme.path("members"), acme.path("members/nobody@example.com"), "/v1/roles".to_owned()] {
        let (get, head) = (app.get(&path, &acme.token), app.call("HEAD", &path, &acme.token, &Value::Null));
        assert_eq!((head.status, head.header("etag"), &head.body), (get.status, get.header("etag"), &Value::Null));
        assert_eq!(head.header("content-type"), get.header("content-type"));
    }
}

#[test]
fn every_answer_has_a_request_id_of_its_own_and_is_not_kept() {
    let (app, acme, _) = fixture();
    let mut seen = BTreeSet::new();
    for (method, path) in
        [("GET", acme.root()), ("GET", "/v1/nothing".into()), ("PATCH", acme.root()), ("PUT", acme.root())]
    {
        let answer = app.call(method, &path, &acme.token, &json!({}));
        assert!(answer.header("x-request-id").len() > 16, "{method} {path}");
        assert!(seen.insert(answer.header("x-request-id").to_owned()));
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert!(app.get("/v1/roles", "").header("cache-control").starts_with("public"));
}

#[test]
fn a_known_tag_answers_304_and_another_the_whole() {
    let (app, acme, inv) = fixture();
    app.resource(&acme, "source/abc", &json!({}));
    let token = app.get(&acme.path("tokens"), &acme.token).column("id").remove(0);
    let group = text(&app.post(&acme.path("groups"), &acme.token, &json!({"name": "Web"})).ok(201)["id"]);
    for path in [
        "".into(),
        "/members/me".into(),
        format!("/invites/{inv}"),
        "/resources/source/abc".into(),
        format!("/tokens/{token}"),
        format!("/groups/{group}"),
    ] {
        let path = format!("{}{path}", acme.root());
        let tag = app.get(&path, &acme.token).header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 8, "{path}: {tag}");
        for known in [tag.clone(), format!("\"x\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
            for method in [Method::GET, Method::HEAD] {
                let answer = read_with(&app, &acme, method, &path, ("if-none-match", &known));
                assert_eq!(
                    (answer.status, answer.header("etag"), &answer.body),
                    (304, tag.as_str(), &Value::Null),
                    "{known}"
                );
            }
        }
        assert_eq!(read_with(&app, &acme, Method::GET, &path, ("if-none-match", "\"x\"")).status, 200);
    }
}

#[test]
fn a_write_answers_the_tag_that_a_read_gives() {
    let (app, acme, inv) = fixture();
    let (ann, _) = app.member(&acme, "ann@example.com", &["workspace_member"]);
    for (method, path, body) in [
        ("PATCH", acme.root(), json!({"name": "New"})),
        ("PUT", acme.path("resources/source/abc"), json!({"name": "New"})),
        ("PATCH", acme.member(&ann), json!({"name": "New"})),
        ("PATCH", acme.path(&format!("invites/{inv}")), json!({"grants": ["minimal_workspace_access"]})),
    ] {
        let before = app.get(&path, &acme.token).header("etag").to_owned();
        let written = app.call(method, &path, &acme.token, &body);
        assert_ne!(written.header("etag"), before, "{path}");
        let read = app.get(&path, &acme.token);
        assert_eq!((written.header("etag"), &written.body), (read.header("etag"), &read.body), "{path}");
    }
    let put = app.put(&format!("{}/grants", acme.member(&ann)), &acme.token, &json!({"grants": ["workspace_owner"]}));
    assert_eq!(put.header("etag"), app.get(&acme.member(&ann), &acme.token).header("etag"));
}
