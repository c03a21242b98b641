//! The snapshot: decisions made from it are those of the API, whole or narrowed to one member.

use rolecall::model::{Action, Target};
use rolecall::packed::{MEDIA_TYPE, Packed, START, Slicer};
use rolecall::policy::{Question, Snapshot, decide, preview};
use rolecall::wire::change::PreviewBody;
use rolecall::wire::check::DecisionView;
use rolecall::wire::loaded::parse;
use serde_json::{Value, json};

use crate::support::{Answer, App, BOOTSTRAP, Tenant, text};

/// Resources, some of them not registered, and what stands in for a whole kind or the workspace.
const RESOURCES: &[&str] = &[
    "workspace",
    "source/*",
    "space/*",
    "source/web",
    "source/app",
    "source/none",
    "destination/ads",
    "destination/crm",
    "tracking_plan/one",
    "space/main",
    "warehouse/big",
    "function/f",
];

/// A workspace with members whose grants come every way there is; their ids and session cookies.
fn varied() -> (App, Tenant, Vec<(String, String)>) {
    let app = App::new();
    let acme = app.tenant("acme");
    app.resource(&acme, "source/web", &json!({"labels": {"environment": "prod", "team": "web"}}));
    app.resource(&acme, "source/app", &json!({"labels": {"environment": "dev"}}));
    app.resource(&acme, "destination/ads", &json!({"parent": "source/web"}));
    app.resource(&acme, "destination/crm", &json!({"parent": "source/app"}));
    app.resource(&acme, "space/main", &json!({"labels": {"environment": "prod"}}));
    for plain in ["tracking_plan/one", "warehouse/big", "function/f"] {
        app.resource(&acme, plain, &json!({}));
    }
    let people = [
        ("ann", &["workspace_member", "source_admin@{environment:prod}", "engage_user@space/main"][..]),
        ("ben", &["workspace_member", "source_read_only@destination/ads", "pii_access", "warehouse_read_only"]),
        ("cat", &["minimal_workspace_access", "tracking_plan_admin@tracking_plan/one", "function_admin@function/f"]),
        ("dan", &["identity_admin", "entities_read_only", "source_admin", "engage_admin@{environment:prod}"]),
        ("eve", &["workspace_owner", "workspace_member"]),
        ("fay", &["workspace_member", "pii_access@source/app"]),
    ];
    let members: Vec<(String, String)> =
        people.iter().map(|(name, grants)| app.member(&acme, &format!("{name}@example.com"), grants)).collect();
    for (name, grants, joins) in [
        ("Web", &["source_admin@source/web", "warehouse_admin"][..], &["ann", "cat", "fay"][..]),
        ("App", &["source_read_only@source/app", "engage_read_only"], &["ann", "ben", "fay", "ivy"]),
        ("Bosses", &["workspace_owner"], &["dan"]),
    ] {
        let group = app.post(&acme.path("groups"), &acme.token, &json!({"name": name, "grants": grants})).ok(201);
        app.invite_once(&acme, "ivy@example.com");
        let emails: Vec<String> = joins.iter().map(|name| format!("{name}@example.com")).collect();
        let join = acme.path(&format!("groups/{}/members", text(&group["id"])));
        app.post(&join, &acme.token, &json!({"members": emails})).ok(200);
    }
    (app, acme, members)
}

impl App {
    /// Invites an address unless it has an invite.
    fn invite_once(&self, acme: &Tenant, email: &str) {
        let invite = json!({"email": email, "grants": ["workspace_member", "source_admin@source/app"]});
        self.post(&acme.path("invites"), &acme.token, &json!({"invites": [invite], "deliver": "link"})).ok(201);
    }
}

/// Every question about a member that can be asked.
fn questions(member: &str) -> Vec<Value> {
    let pairs = Action::ALL.iter().flat_map(|action| RESOURCES.iter().map(move |resource| (action, resource)));
    let askable = pairs.filter(|(action, resource)| Target::parse(**action, Some(resource)).is_ok());
    askable.map(|(action, on)| json!({"member": member, "action": action.as_str(), "resource": on})).collect()
}

fn by_snapshot(snapshot: &Snapshot, question: &Value) -> Value {
    let action: Action = question["action"].as_str().unwrap().parse().unwrap();
    let target = Target::parse(action, question["resource"].as_str()).unwrap();
    let member = question["member"].as_str().unwrap().parse().unwrap();
    serde_json::to_value(DecisionView::from(&decide(snapshot, &Question { member, action, target }))).unwrap()
}

fn by_api(app: &App, acme: &Tenant, questions: &[Value]) -> Vec<Value> {
    let ask = |checks: &[Value]| {
        let body = json!({"checks": checks, "explain": true});
        app.post(&acme.path("check/batch"), &acme.token, &body).ok(200)["results"].as_array().unwrap().clone()
    };
    questions.chunks(1_000).flat_map(ask).collect()
}

fn snapshot(answer: Answer) -> Snapshot {
    parse(answer.ok(200).to_string().as_bytes()).unwrap()
}

#[test]
fn decisions_by_the_snapshot_are_those_of_the_api() {
    let (app, acme, members) = varied();
    for plan in [json!({}), json!({"plan": "free", "add_ons": ["engage"]})] {
        app.bill(&acme, &plan);
        let whole = snapshot(app.get(&acme.path("snapshot"), &acme.token));
        for member in members.iter().map(|(id, _)| id.as_str()).chain([acme.owner.as_str()]) {
            let narrowed = snapshot(app.get(&acme.path(&format!("snapshot?member={member}")), &acme.token));
            let questions = questions(member);
            assert!(questions.len() > 100, "{}", questions.len());
            let answers = by_api(&app, &acme, &questions);
            for (question, answer) in questions.iter().zip(answers) {
                assert_eq!(by_snapshot(&whole, question), answer, "{question}");
                assert_eq!(by_snapshot(&narrowed, question), answer, "narrowed: {question}");
            }
        }
    }
}

#[test]
fn a_members_own_snapshot_decides_the_same_and_shows_nothing_else() {
    let (app, acme, members) = varied();
    for (id, cookie) in &members {
        let answer = app.as_person("GET", &acme.path("snapshot?member=me"), cookie, &Value::Null).ok(200);
        let own = parse(answer.to_string().as_bytes()).unwrap();
        let questions = questions(id);
        for (question, answer) in questions.iter().zip(by_api(&app, &acme, &questions)) {
            assert_eq!(by_snapshot(&own, question)["allowed"], answer["allowed"], "{question}");
        }
        assert_eq!(own.members.len(), 1);
        assert_eq!(answer["invites"], json!([]));
        let seen: Vec<String> =
            answer["resources"].as_array().unwrap().iter().map(|row| text(&row["resource"])).collect();
        let listed = app.as_person("GET", &acme.path("resources"), cookie, &Value::Null).column("resource");
        let is_admin = answer["seats"] != Value::Null;
        assert!(is_admin || seen == listed, "{seen:?} {listed:?}");
        let groups = &app.get(&acme.member(id), &acme.token).ok(200)["groups"];
        let ids =
            |groups: &Value| groups.as_array().unwrap().iter().map(|group| text(&group["id"])).collect::<Vec<_>>();
        assert_eq!(ids(&answer["groups"]), ids(groups));
    }
    let by_name = app.as_person("GET", &acme.path("snapshot?member=Ann@example.com"), &members[0].1, &Value::Null);
    assert_eq!(by_name.ok(200)["members"][0]["id"], json!(members[0].0));
}

#[test]
fn a_snapshot_holds_what_decisions_and_plans_need() {
    let (app, acme, members) = varied();
    app.bill(&acme, &json!({"seat_limit": 20}));
    app.token(&acme, &json!({"name": "ci", "grants": ["function_admin"]}));
    let answer = app.get(&acme.path("snapshot"), &acme.token);
    let version = app.count("SELECT version FROM workspaces");
    assert_eq!(
        (answer.header("etag"), answer.header("x-rolecall-version")),
        (&*format!("\"{version}\""), &*version.to_string())
    );
    let body = answer.ok(200);
    let names: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(names, ["groups", "invites", "labels", "members", "resources", "seats", "version", "workspace"]);
    assert_eq!((&body["version"], &body["seats"]), (&json!(version), &json!({"active": 7, "pending": 1, "limit": 20})));
    let workspace = &body["workspace"];
    assert_eq!((&workspace["plan"], &workspace["add_ons"]), (&json!("business"), &json!(["protocols", "engage"])));
    assert_eq!(workspace["settings"]["stale_after_days"], 90);
    assert!(body["labels"].as_array().unwrap().contains(&json!({"key": "environment", "value": "dev"})));
    let ads = json!({"resource": "destination/ads", "labels": {}, "parent": "source/web"});
    assert!(body["resources"].as_array().unwrap().contains(&ads));
    let ann = body["members"].as_array().unwrap().iter().find(|member| member["id"] == members[0].0.as_str()).unwrap();
    assert_eq!((ann["grants"].as_array().unwrap().len(), ann["groups"].as_array().unwrap().len()), (3, 2));
    let keys: Vec<&String> = ann["grants"][0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["created_at", "created_by", "expression", "id"]);
    let ivy = &body["invites"][0];
    assert_eq!(
        (&ivy["email"], &ivy["grants"][1]["expression"]),
        (&json!("ivy@example.com"), &json!("source_admin@source/app"))
    );
    let app_group = body["groups"].as_array().unwrap().iter().find(|group| group["name"] == "App").unwrap();
    assert_eq!(ivy["groups"], json!([app_group["id"]]));
    assert!(!body.to_string().contains("rcl_") && !body.to_string().contains("tok_"));
    app.pass(168);
    let later = app.get(&acme.path("snapshot"), &acme.token).ok(200);
    assert_eq!((&later["invites"], &later["seats"]["pending"]), (&json!([]), &json!(0)));
}

#[test]
fn a_known_version_is_answered_before_anything_large_is_read() {
    let (app, acme, _) = varied();
    let version = app.count("SELECT version FROM workspaces");
    let ask = |query: &str, known: &str| {
        let path = acme.path(&format!("snapshot{query}"));
        app.call_with("GET", &path, &acme.token, &[("if-none-match", known)], &Value::Null)
    };
    assert_eq!(ask("", &format!("\"{}\"", version - 1)).status, 200);
    assert_eq!(ask("", &version.to_string()).status, 200, "a tag is quoted");
    app.sql("DROP TABLE labels").unwrap();
    for known in [format!("\"{version}\""), format!("\"1\", W/\"{version}\"")] {
        for query in ["", "?member=me", "?member=ann@example.com"] {
            let answer = ask(query, &known);
            assert_eq!((answer.status, &answer.body), (304, &Value::Null));
            assert_eq!(answer.header("etag"), format!("\"{version}\""));
            assert_eq!(answer.header("x-rolecall-version"), version.to_string());
        }
    }
}

#[test]
fn who_may_see_members_may_load_them_and_everyone_themselves() {
    let (app, acme, members) = varied();
    let (ann, cookie) = &members[0];
    let by_ann = |query: &str| app.as_person("GET", &acme.path(&format!("snapshot{query}")), cookie, &Value::Null);
    by_ann(&format!("?member={ann}")).ok(200);
    for query in ["", "?member=", "?member=ben@example.com", "?member=nobody@example.com"] {
        by_ann(query).problem(403, "forbidden");
    }
    let reader = app.token(&acme, &json!({"name": "reader", "actions": ["member:view"]}));
    let one = app.get(&acme.path("snapshot?member=BEN@example.com"), &reader).ok(200);
    assert_eq!((one["members"].as_array().unwrap().len(), &one["members"][0]["email"]), (1, &json!("ben@example.com")));
    assert_eq!(one["resources"].as_array().unwrap().len(), 8);
    app.get(&acme.path("snapshot"), &reader).ok(200);
    for query in ["me", "", "nobody@example.com", &format!("acc_{}", "0".repeat(26))] {
        app.get(&acme.path(&format!("snapshot?member={query}")), &reader).problem(404, "not_found");
    }
    let other = app.tenant("other");
    app.get(&acme.path("snapshot?member=me"), &other.token).problem(404, "not_found");
    let foreign = app.get(&other.path(&format!("snapshot?member={ann}")), &other.token);
    let random = app.get(&other.path(&format!("snapshot?member=acc_{}", "0".repeat(26))), &other.token);
    assert_eq!((foreign.status, foreign.anonymous()), (404, random.anonymous()));
    app.get(&acme.path("snapshot?member=me"), BOOTSTRAP).problem(403, "forbidden");
}

#[test]
fn a_snapshot_of_another_shape_is_refused_with_its_place() {
    let (app, acme, _) = varied();
    let good = app.get(&acme.path("snapshot"), &acme.token).ok(200);
    for (pointer, value, path, code) in [
        ("/members/0/grants/0/expression", json!("boss"), "/members/0/grants/0/expression", "unknown_role"),
        ("/members/0/grants/0/expression", json!("source_admin@"), "/members/0/grants/0/expression", "invalid_grant"),
        ("/members/0/grants/0/created_at", json!("now"), "/members/0/grants/0/created_at", "invalid_time"),
        ("/members/0/id", json!("x"), "/members/0/id", "invalid_id"),
        ("/members/0/email", Value::Null, "/members/0/email", "invalid_type"),
        ("/members/0/groups", json!(["x"]), "/members/0/groups/0", "invalid_id"),
        ("/invites/0/email", json!("x"), "/invites/0/email", "invalid_email"),
        ("/workspace/plan", json!("gold"), "/workspace/plan", "invalid_plan"),
        ("/workspace/add_ons", json!(["gold"]), "/workspace/add_ons/0", "invalid_add_on"),
        ("/resources/0/resource", json!("sauce/abc"), "/resources/0/resource", "invalid_resource"),
        ("/resources/0/parent", json!("space/abc"), "/resources/0", "parent_not_allowed"),
        ("/groups", json!({}), "/groups", "invalid_type"),
        ("/groups/1", json!({"id": "grp_00000000000000000000000000"}), "/groups/1/name", "required"),
        ("/version", json!(-1), "/version", "out_of_range"),
        ("/seats/active", json!(i64::MAX), "/seats/active", "out_of_range"),
        ("", json!([]), "", "invalid_type"),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        let issue = parse(bad.to_string().as_bytes()).unwrap_err().0;
        assert_eq!((issue.path.as_str(), issue.code), (path, code), "{pointer}: {issue:?}");
    }
    let mut newer = good;
    newer["tomorrow"] = json!(1);
    parse(newer.to_string().as_bytes()).unwrap();
    for text in ["nothing", "", "{\"version\": 1", "{} {}"] {
        let issue = parse(text.as_bytes()).unwrap_err().0;
        assert!(matches!(issue.code, "invalid_json" | "required"), "{text}: {issue:?}");
    }
}

#[test]
fn a_narrowed_snapshot_claims_nothing_about_owners_and_seats_that_it_does_not_show() {
    let (app, acme, members) = varied();
    app.bill(&acme, &json!({"seat_limit": 1}));
    let refused = |snapshot: &Snapshot, change: Value| {
        let changes: PreviewBody = serde_json::from_value(json!({"changes": [change]})).unwrap();
        let preview = preview(snapshot, None, &changes.parse().unwrap());
        preview.problems.iter().map(|(_, refusal)| refusal.code()).collect::<Vec<_>>()
    };
    let invite = json!({"invite": "new@example.com", "grants": ["workspace_member"]});
    let whole = snapshot(app.get(&acme.path("snapshot"), &acme.token));
    assert_eq!(refused(&whole, invite.clone()), ["seat_limit_reached"]);
    assert_eq!(refused(&whole, json!({"remove_member": acme.owner})), [""; 0], "others own it too");
    let narrowed = snapshot(app.get(&acme.path(&format!("snapshot?member={}", acme.owner)), &acme.token));
    assert_eq!(refused(&narrowed, json!({"remove_member": acme.owner})), [""; 0]);
    let own = app.as_person("GET", &acme.path("snapshot?member=me"), &members[0].1, &Value::Null);
    assert_eq!(refused(&snapshot(own), invite), [""; 0]);
    let single = app.tenant("single");
    let alone = snapshot(app.get(&single.path("snapshot"), &single.token));
    assert_eq!(refused(&alone, json!({"remove_member": single.owner})), ["last_owner"]);
}

/// The compact form of what a request answers, read back, with the answer's headers.
fn compact(app: &App, path: &str, by: (&str, &str)) -> (Snapshot, http::HeaderMap) {
    let request = http::Request::builder().uri(path).header(by.0, by.1).header("accept", MEDIA_TYPE);
    let (parts, mut body) = app.open(request.body(Vec::new()).unwrap()).into_parts();
    assert_eq!(parts.status, 200);
    let mut bytes = Vec::new();
    while let Some(more) = app.next(&mut body).unwrap() {
        bytes.extend(more);
    }
    let half = Packed::half_of(&bytes[..START], bytes.len()).unwrap();
    let (first, history) = (bytes[..half].to_vec(), bytes[half..].to_vec());
    let packed = Packed::load(first, bytes.len()).unwrap();
    packed.check_history(&history).unwrap();
    (Slicer::new(&packed, Some(&history)).unwrap().all().unwrap(), parts.headers)
}

#[test]
fn the_compact_form_says_what_the_json_says() {
    let (app, acme, members) = varied();
    app.bill(&acme, &json!({"seat_limit": 20}));
    let bearer = format!("Bearer {}", acme.token);
    for query in ["", "?member=ann@example.com", "?member=ben@example.com"] {
        let path = acme.path(&format!("snapshot{query}"));
        let (bytes, headers) = compact(&app, &path, ("authorization", &bearer));
        assert_eq!(bytes, snapshot(app.get(&path, &acme.token)), "{query}");
        let version = app.count("SELECT version FROM workspaces");
        assert_eq!(headers["content-type"], MEDIA_TYPE);
        assert_eq!(headers["vary"], "accept");
        assert_eq!(headers["etag"], format!("\"{version}\""));
    }
    for (_, cookie) in &members {
        let path = acme.path("snapshot?member=me");
        let json = snapshot(app.as_person("GET", &path, cookie, &Value::Null));
        assert_eq!(compact(&app, &path, ("cookie", cookie)).0, json);
    }
}
