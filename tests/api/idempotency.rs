//! `Idempotency-Key`: a POST that is sent again is answered again, and done once.

mod posts;

use http::Method;
use rolecall::api::route::{Endpoint, Found, ROUTES, find};
use serde_json::{Value, json};

use crate::support::{Answer, App, BOOTSTRAP, Tenant, secret, text};
use posts::{Fixture, KEY, POSTS, Post, WITHOUT};

/// The POSTs in a workspace that somebody with a right makes.
fn inside() -> impl Iterator<Item = Post> {
    POSTS.iter().copied().filter(|(path, ..)| path.starts_with("{ws}"))
}

/// An answer as it is given again: without what was shown once.
fn withheld(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(withheld).collect()),
        Value::Object(members) => {
            let shows = members.contains_key("secret") || members.contains_key("accept_url");
            let hide = |(name, value)| match name {
                name if name == "secret" || name == "accept_url" => (name, Value::Null),
                name => (name, withheld(value)),
            };
            let shown = shows.then(|| ("secret_shown".to_owned(), json!(true)));
            Value::Object(members.into_iter().map(hide).chain(shown).collect())
        }
        other => other,
    }
}

#[track_caller]
fn assert_replays(first: &Answer, again: &Answer) {
    assert_eq!((again.status, &again.body), (first.status, &withheld(first.body.clone())));
    for header in ["x-rolecall-version", "etag", "location", "content-type"] {
        assert_eq!(again.header(header), first.header(header), "{header}");
    }
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    assert_eq!(again.header("set-cookie"), "");
}

#[track_caller]
fn assert_new(answer: &Answer) {
    assert_eq!(answer.header("idempotency-replayed"), "", "{}", answer.body);
}

#[test]
fn each_post_that_writes_takes_a_key_and_stands_in_the_table() {
    let fixture = Fixture::new();
    let taking: Vec<Endpoint> =
        ROUTES.iter().map(|(_, _, endpoint)| *endpoint).filter(|endpoint| endpoint.takes_key()).collect();
    let tried: Vec<Endpoint> = POSTS
        .iter()
        .map(|(path, ..)| match find(&Method::POST, &fixture.fill(path)) {
            Found::Endpoint(endpoint, _) => endpoint,
            other => panic!("{path}: {other:?}"),
        })
        .collect();
    for (method, path, endpoint) in ROUTES {
        let is_writing = method == Method::POST && !WITHOUT.contains(endpoint);
        assert_eq!(taking.contains(endpoint), is_writing, "{method} {path}");
        assert_eq!(tried.contains(endpoint), is_writing, "{method} {path} is not in the table");
    }
}

#[test]
fn what_is_sent_again_is_answered_again_and_done_once() {
    for post in POSTS {
        let fixture = Fixture::new();
        let first = fixture.keyed(*post);
        assert!(first.status < 300, "{post:?}: {}", first.body);
        fixture.app.pass(23);
        for _ in 0..2 {
            assert_replays(&first, &fixture.app.unchanged(|| fixture.keyed(*post)));
        }
        let other = fixture.ask(*post, &[("idempotency-key", "4f7c-2")]);
        assert_new(&other);
    }
}

#[test]
fn it_is_answered_again_whatever_became_of_it() {
    let fixture = Fixture::new();
    let (app, acme) = (&fixture.app, &fixture.acme);
    let soon = json!({"name": "ci", "actions": ["member:view"], "expires_at": "2026-01-01T01:00:00Z"});
    let make = || app.call_with("POST", &acme.path("tokens"), &acme.token, KEY, &soon);
    let first = make();
    app.delete(&acme.path(&format!("tokens/{}", text(&first.body["id"]))), &acme.token).ok(204);
    app.pass(2);
    assert_replays(&first, &app.unchanged(make));
}

#[test]
fn a_condition_that_was_met_is_not_asked_again() {
    let fixture = Fixture::new();
    let version = fixture.app.count("SELECT version FROM workspaces").to_string();
    let post = ("{ws}/groups", r#"{"name": "New"}"#, "");
    let ask = || fixture.ask(post, &[KEY[0], ("if-match", &version)]);
    let first = ask();
    assert_eq!(first.status, 201);
    assert_replays(&first, &ask());
}

#[test]
fn a_key_stands_for_one_request() {
    for (path, body, other) in POSTS {
        let fixture = Fixture::new();
        let token = fixture.token(path);
        assert!(fixture.keyed((path, body, other)).status < 300);
        let by_query = format!("{path}?dry_run=false");
        for (path, body) in [(*path, *other), (&by_query, body), (path, r#"{"colour": 1}"#), (path, "[]")] {
            let answer = fixture.app.unchanged(|| fixture.ask_as(token, (path, body), KEY));
            answer.problem(422, "idempotency_key_reused");
        }
    }
}

#[test]
fn a_key_stands_for_one_path() {
    let fixture = Fixture::new();
    let grants = r#"{"grants": ["source_admin"]}"#;
    assert_eq!(fixture.keyed(("{ws}/members/{acc}/grants", grants, "")).status, 200);
    for post in inside().chain([("{ws}/groups/{grp}/grants", grants, "")]) {
        fixture.app.unchanged(|| fixture.keyed(post)).problem(422, "idempotency_key_reused");
    }
}

#[test]
fn a_key_is_the_callers_own() {
    let body = json!({"name": "x", "actions": ["member:view"]});
    let fixture = Fixture::new();
    let (app, acme) = (&fixture.app, &fixture.acme);
    let (_, cookie) = fixture.owner();
    let machine = app.token(acme, &json!({"name": "hr", "actions": ["token:manage", "member:view"]}));
    let other = app.tenant("other");
    let call = |tenant: &Tenant, token: &str| app.call_with("POST", &tenant.path("tokens"), token, KEY, &body);
    let post = ("{ws}/tokens", r#"{"name": "x", "actions": ["member:view"]}"#, "");
    let ask = || {
        [call(acme, &acme.token), fixture.as_person(&cookie, post), call(acme, &machine), call(&other, &other.token)]
    };
    let first = ask();
    first.iter().for_each(|answer| assert!(answer.status == 201 && answer.header("idempotency-replayed").is_empty()));
    first.iter().zip(ask()).for_each(|(first, again)| assert_replays(first, &again));
}

#[test]
fn a_person_has_the_same_keys_in_each_session_and_personal_token() {
    let fixture = Fixture::new();
    let post = ("{ws}/labels", r#"{"key": "a", "value": "b"}"#, "");
    let first = fixture.keyed(post);
    fixture.app.post("/v1/sessions/email", "", &json!({"email": "owner@acme.example"})).ok(202);
    let mail = fixture.app.mails().pop().unwrap().text;
    let link = mail.split_whitespace().find(|word| word.contains("rcl_lnk_")).unwrap().rsplit('/').next().unwrap();
    let opened = fixture.app.post(&format!("/v1/sessions/email/{link}"), "", &Value::Null);
    let cookie = opened.header("set-cookie").split(';').next().unwrap();
    assert_replays(&first, &fixture.as_person(cookie, post));
}

#[test]
fn who_lost_the_right_gets_no_answer_again() {
    let demoted = "DELETE FROM grants WHERE holder = '{cai}' AND role = 'workspace_owner'";
    let removed = "DELETE FROM grants WHERE holder = '{cai}'; DELETE FROM members WHERE account_id = '{cai}'";
    let signed_out = "DELETE FROM sessions WHERE account_id = '{cai}'";
    let closed = "UPDATE workspaces SET deleted_at = 1";
    for (sql, status) in [(demoted, 403), (removed, 404), (signed_out, 401), (closed, 404)] {
        for post in inside() {
            let fixture = Fixture::new();
            let (cai, cookie) = fixture.owner();
            assert!(fixture.as_person(&cookie, post).status < 300, "{post:?}");
            fixture.app.sql(&sql.replace("{cai}", &cai)).unwrap();
            let answer = fixture.app.unchanged(|| fixture.as_person(&cookie, post));
            assert_eq!(answer.status, status, "{post:?}: {}", answer.body);
            assert_new(&answer);
        }
    }
}

#[test]
fn who_was_removed_since_is_told_that_the_invite_was_used() {
    let fixture = Fixture::new();
    let accept = || fixture.keyed(("/v1/invites/{sec}/accept", "", ""));
    let member = accept().ok(201);
    assert_eq!(accept().ok(201), member);
    fixture.app.delete(&fixture.acme.member(&text(&member["id"])), &fixture.acme.token).ok(204);
    fixture.app.unchanged(accept).problem(410, "invite_used");
}

#[test]
fn after_a_day_a_key_is_new_whether_or_not_it_was_swept() {
    for is_swept in [false, true] {
        for post in inside() {
            let fixture = Fixture::new();
            assert!(fixture.keyed(post).status < 300);
            fixture.app.pass(24);
            if is_swept {
                fixture.app.sweep();
                assert_eq!(fixture.app.count("SELECT count(*) FROM idempotency_keys"), 0);
            }
            let again = fixture.keyed(post);
            assert_new(&again);
            assert_ne!(again.body["code"], "conflict", "{post:?}: the old answer is in the way");
            if again.status < 300 {
                assert_replays(&again, &fixture.app.unchanged(|| fixture.keyed(post)));
            }
        }
    }
}

#[test]
fn the_sweep_leaves_what_is_younger_than_a_day() {
    let fixture = Fixture::new();
    let post = ("{ws}/labels", r#"{"key": "a", "value": "b"}"#, "");
    let first = fixture.keyed(post);
    fixture.app.pass(23);
    fixture.app.sweep();
    assert_replays(&first, &fixture.keyed(post));
}

#[test]
fn a_refusal_is_not_kept() {
    let fixture = Fixture::new();
    let (app, acme) = (&fixture.app, &fixture.acme);
    let group = ("{ws}/groups", r#"{"name": "Web"}"#, "");
    app.unchanged(|| fixture.keyed(group)).problem(409, "name_taken");
    app.sql("UPDATE groups SET name = 'Other'").unwrap();
    assert_eq!(fixture.keyed(group).status, 201);
    // By a rule at commit.
    let invite = POSTS.iter().copied().find(|(path, ..)| *path == "{ws}/invites").unwrap();
    app.bill(acme, &json!({"seat_limit": 1}));
    let ask = || fixture.ask(invite, &[("idempotency-key", "4f7c-2")]);
    app.unchanged(ask).problem(409, "seat_limit_reached");
    app.bill(acme, &json!({"seat_limit": null}));
    assert_eq!(ask().status, 201);
}

#[test]
fn a_dry_run_is_neither_kept_nor_answered_by_what_was_kept() {
    for (path, body, _) in inside() {
        let fixture = Fixture::new();
        let dry = format!("{path}?dry_run=true");
        let dry = || fixture.app.unchanged(|| fixture.ask_as(&fixture.acme.token, (&dry, body), KEY));
        let would = dry();
        let told = ["problems", "rows"].into_iter().any(|member| would.body[member].is_array());
        assert!(would.status == 200 && told, "{path}: {}", would.body);
        assert_new(&fixture.keyed((path, body, "")));
        assert_new(&dry());
    }
}

#[test]
fn what_is_no_key_is_refused_where_a_key_is_taken() {
    let fixture = Fixture::new();
    let longest = "k".repeat(255);
    let longer = "k".repeat(256);
    for bad in ["", " ", "a b", "clé", "tab\there", longer.as_str()] {
        for post in POSTS {
            let answer = fixture.app.unchanged(|| fixture.ask(*post, &[("idempotency-key", bad)]));
            answer.problem(400, "invalid_idempotency_key");
        }
        let path = fixture.acme.member("me");
        fixture.app.call_with("GET", &path, &fixture.acme.token, &[("idempotency-key", bad)], &Value::Null).ok(200);
    }
    let two = [("idempotency-key", "a"), ("idempotency-key", "b")];
    fixture.app.unchanged(|| fixture.ask(POSTS[0], &two)).problem(400, "invalid_idempotency_key");
    for (key, value) in [("!~\"{}", "a"), (longest.as_str(), "b")] {
        let body = format!(r#"{{"key": "key", "value": "{value}"}}"#);
        let answer = fixture.ask_as(&fixture.acme.token, ("{ws}/labels", &body), &[("idempotency-key", key)]);
        assert_eq!(answer.status, 201);
    }
}

#[test]
fn a_key_means_nothing_where_nothing_is_written_or_a_repetition_does_no_harm() {
    let fixture = Fixture::new();
    let (app, acme) = (&fixture.app, &fixture.acme);
    for (method, path, body) in [
        ("PUT", "resources/source/abc", json!({"name": "A"})),
        ("PUT", "resources/source/abc", json!({"name": "B"})),
        ("PATCH", "members/me", json!({"name": "A"})),
        ("POST", "check", json!({"member": "me", "action": "source:view"})),
        ("POST", "check", json!({"member": "me", "action": "source:edit"})),
    ] {
        let answer = app.call_with(method, &acme.path(path), &acme.token, KEY, &body);
        assert!(answer.status < 300, "{}", answer.body);
        assert_new(&answer);
    }
    for _ in 0..2 {
        let path = "/v1/sessions/email";
        assert_new(&app.call_with("POST", path, "", KEY, &json!({"email": "ann@example.com"})));
    }
    assert_eq!(app.count("SELECT count(*) FROM idempotency_keys"), 0);
}

/// All texts of the table, as they stand there.
fn kept(app: &App) -> String {
    app.contents().lines().find(|line| line.starts_with("idempotency_keys:")).unwrap().to_owned()
}

#[test]
fn no_secret_is_kept() {
    for post in POSTS {
        let fixture = Fixture::new();
        let answer = fixture.keyed(*post);
        assert!(kept(&fixture.app).contains("4f7c-1"), "the picture shows texts as they are");
        assert!(!kept(&fixture.app).contains("rcl_"), "{post:?}: {}", kept(&fixture.app));
        let cookie = answer.header("set-cookie").split(';').next().unwrap();
        assert!(cookie.is_empty() || !kept(&fixture.app).contains(cookie));
    }
    let fixture = Fixture::new();
    let invite = fixture.keyed(POSTS[9]).ok(201);
    assert!(!kept(&fixture.app).contains(&secret(&invite["data"][0])[8..]));
}

/// SQL that keeps what the twin of a fixture kept of the same request.
fn keep_like(twin: &Fixture) -> String {
    twin.app.texts(
        "SELECT 'INSERT INTO idempotency_keys VALUES (' || quote(caller) || ',' || quote(key) || ',' || part || ',' \
           || quote(request) || ',' || status || ',' || version || ',' || quote(etag) || ',' || quote(location) || ',' \
           || quote(body) || ',' || created_at || ')' AS text FROM idempotency_keys",
    ).join(";")
}

/// All that is in the database but what is kept.
fn effects(app: &App) -> String {
    app.contents().lines().filter(|line| !line.starts_with("idempotency_keys:")).collect()
}

#[test]
fn of_two_at_the_same_moment_one_is_done_and_both_are_answered() {
    for post in POSTS {
        let (fixture, twin) = (Fixture::new(), Fixture::new());
        let first = twin.keyed(*post);
        let before = effects(&fixture.app);
        fixture.app.machine.on_write_to("idempotency_keys", &keep_like(&twin));
        let second = fixture.keyed(*post);
        assert!(!fixture.app.machine.waits(), "{post:?}: it never came to its commit: {}", second.body);
        assert_replays(&first, &second);
        assert!(effects(&fixture.app) == before, "{post:?}: it was done twice");
    }
}

#[test]
fn one_that_is_refused_for_what_the_other_did_is_answered_like_the_other() {
    let in_full = "; UPDATE workspaces SET seat_limit = 1";
    let named = "; UPDATE groups SET name = 'New'";
    let accepted = "; UPDATE invites SET status = 'accepted', revision = revision + 1";
    let slug = "; UPDATE workspaces SET slug = 'new'";
    for (index, at, sql) in [
        (9, "INSERT INTO idempotency_keys", in_full),
        (3, "FROM groups g WHERE g.workspace_id = ?1 AND g.name = ?2", named),
        (15, "INSERT INTO idempotency_keys", accepted),
        (0, "slug = ?1", slug),
    ] {
        let (fixture, twin) = (Fixture::new(), Fixture::new());
        let first = twin.keyed(POSTS[index]);
        fixture.app.machine.on_words(at, &format!("{}{sql}", keep_like(&twin)));
        let second = fixture.keyed(POSTS[index]);
        assert!(!fixture.app.machine.waits(), "{at}: it was never asked: {}", second.body);
        assert_replays(&first, &second);
    }
}

#[test]
fn another_request_of_the_same_moment_under_the_key_is_refused() {
    let (fixture, twin) = (Fixture::new(), Fixture::new());
    assert_eq!(twin.keyed(("{ws}/groups", r#"{"name": "Other"}"#, "")).status, 201);
    fixture.app.machine.on_write_to("idempotency_keys", &keep_like(&twin));
    let answer = fixture.keyed(("{ws}/groups", r#"{"name": "New"}"#, ""));
    answer.problem(422, "idempotency_key_reused");
    assert_eq!(fixture.app.count("SELECT count(*) FROM groups"), 1);
}

#[test]
fn a_workspace_made_anew_under_the_name_of_another_is_another() {
    let app = App::new();
    let ask = |acme: &Tenant| {
        let body = json!({"name": "Web"});
        app.call_with("POST", "/v1/workspaces/acme/groups", &acme.token, KEY, &body)
    };
    let first = app.tenant("acme");
    let made = ask(&first);
    app.delete(&first.root(), BOOTSTRAP).ok(204);
    let second = app.tenant("acme");
    assert_eq!(first.owner, second.owner, "the same account");
    let again = ask(&second);
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, ""));
    assert_ne!(made.body["id"], again.body["id"]);
}
