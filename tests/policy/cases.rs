//! Runs `tests/cases/*.json` against the core, and holds the files to what an HTTP runner needs.

use std::collections::{BTreeMap, BTreeSet};

use rolecall::model::{AccountId, Action, GrantExpr, Scope, Target, TargetError, Via, check_workspace_role};
use rolecall::policy::{Decision, Question, Snapshot, Unknown, decide};
use serde_json::{Value, json};

use crate::world;

const FILE_KEYS: &[&str] = &["topic", "workspace", "granted_under", "resources", "groups", "members", "cases"];
const CASE_KEYS: &[&str] =
    &["name", "member", "action", "resource", "allowed", "because", "missing", "dormant", "reason", "error"];

/// Each file by the stem of its name.
fn files() -> BTreeMap<String, Value> {
    let read = |entry: std::fs::DirEntry| {
        let path = entry.path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let file = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{stem}: {error}"));
        (stem, file)
    };
    std::fs::read_dir("tests/cases").unwrap().map(|entry| read(entry.unwrap())).collect()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap()).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

/// An empty workspace on the plan that stands at `key`.
fn empty(file: &Value, key: &str) -> Snapshot {
    world::snapshot(file[key]["plan"].as_str().unwrap(), &texts(&file[key]["add_ons"]))
}

fn build(file: &Value) -> (Snapshot, BTreeMap<String, AccountId>) {
    let mut snapshot = empty(file, "workspace");
    for resource in list(&file["resources"]) {
        let labels = resource["labels"].as_object().unwrap();
        let labels: Vec<(&str, &str)> = labels.iter().map(|(key, value)| (&**key, value.as_str().unwrap())).collect();
        world::add_resource(&mut snapshot, resource["ref"].as_str().unwrap(), &labels, resource["parent"].as_str());
    }
    let mut ids = BTreeMap::new();
    for (index, (name, exprs)) in file["members"].as_object().unwrap().iter().enumerate() {
        ids.insert(name.clone(), world::add_member(&mut snapshot, index, texts(exprs)));
    }
    for group in list(&file["groups"]) {
        let members: Vec<AccountId> = texts(&group["members"]).into_iter().map(|name| ids[name].clone()).collect();
        world::add_group(&mut snapshot, group["name"].as_str().unwrap(), texts(&group["grants"]), &members);
    }
    (snapshot, ids)
}

fn code(error: &TargetError) -> &'static str {
    match error {
        TargetError::UnknownAction(_) => "unknown_action",
        TargetError::BadResource(_) => "invalid_resource",
        TargetError::Mismatch { .. } => "action_resource_mismatch",
    }
}

fn ask(case: &Value) -> Result<(Action, Target), TargetError> {
    let action: Action = case["action"].as_str().unwrap().parse()?;
    Ok((action, Target::parse(action, case["resource"].as_str())?))
}

fn via(via: &Via) -> Value {
    match via {
        Via::Direct => json!("direct"),
        Via::Group { name, .. } => json!({ "group": name.as_str() }),
    }
}

/// A decision in the words of a case.
fn told(decision: &Decision) -> Value {
    let because = decision.because.iter().map(|because| {
        let mut told = json!({ "grant": because.grant.expr.to_string(), "via": via(&because.via) });
        if let Some(parent) = &because.inherited_from {
            told["inherited_from"] = json!(parent.to_string());
        }
        told
    });
    let dormant = decision.dormant.iter().map(|sleeper| {
        json!({ "grant": sleeper.grant.expr.to_string(), "via": via(&sleeper.via), "needs": sleeper.need.as_str() })
    });
    let missing = decision.missing.iter().map(|grants| grants.iter().map(ToString::to_string).collect::<Vec<_>>());
    json!({
        "allowed": decision.allowed,
        "because": because.collect::<Vec<_>>(),
        "missing": missing.collect::<Vec<_>>(),
        "dormant": dormant.collect::<Vec<_>>(),
        "reason": decision.unknown.map(Unknown::as_str),
    })
}

/// What is wrong with the answer to a case.
fn wrong(snapshot: &Snapshot, ids: &BTreeMap<String, AccountId>, case: &Value) -> Vec<String> {
    let (action, target) = match (ask(case), case["error"].as_str()) {
        (Ok(question), None) => question,
        (Err(error), Some(wanted)) if code(&error) == wanted => return Vec::new(),
        (found, wanted) => return vec![format!("{found:?}, not {wanted:?}")],
    };
    let member = ids.get(case["member"].as_str().unwrap()).cloned().unwrap_or_else(|| world::member_id(200));
    let told = told(&decide(snapshot, &Question { member, action, target }));
    assert!(case["allowed"].is_boolean(), "a case says `allowed` or `error`: {case}");
    let keys = told.as_object().unwrap().iter();
    let differs = |(key, found): (&String, &Value)| {
        let wanted = case.get(key).filter(|wanted| *wanted != found)?;
        Some(format!("{key}: {found}\n    not {wanted}"))
    };
    keys.filter_map(differs).collect()
}

#[test]
fn each_case_is_decided_as_it_says() {
    let (mut count, mut broken) = (0, Vec::new());
    for (stem, file) in files() {
        let (snapshot, ids) = build(&file);
        for case in list(&file["cases"]) {
            count += 1;
            let faults = wrong(&snapshot, &ids, case).into_iter();
            broken.extend(faults.map(|fault| format!("{stem}: {}\n    {fault}", case["name"])));
        }
    }
    println!("{count} cases");
    assert!(broken.is_empty(), "{} differ\n{}", broken.len(), broken.join("\n"));
    assert!(count >= 90, "{count} cases");
}

/// A misspelt key would check nothing.
#[test]
fn files_and_cases_have_no_other_keys_and_no_two_names_alike() {
    for (stem, file) in files() {
        let strange = |value: &Value, known: &[&str]| {
            value.as_object().unwrap().keys().find(|key| !known.contains(&key.as_str())).cloned()
        };
        assert_eq!(strange(&file, FILE_KEYS), None, "{stem}");
        assert_eq!(file["topic"], json!(stem), "the topic is the file's name");
        let mut names = BTreeSet::new();
        for case in list(&file["cases"]) {
            assert_eq!(strange(case, CASE_KEYS), None, "{stem}: {}", case["name"]);
            assert!(names.insert(case["name"].as_str().unwrap()), "{stem}: {} is there twice", case["name"]);
        }
    }
}

/// Members keep a workspace-level role; grants name what is there and fit the plan that they are given under.
#[test]
fn each_file_can_be_set_up_over_http() {
    for (stem, file) in files() {
        let (snapshot, _) = build(&file);
        let granting = empty(&file, if file["granted_under"].is_null() { "workspace" } else { "granted_under" });
        let given = |held: &[rolecall::model::Grant]| held.iter().map(|grant| grant.expr.clone()).collect::<Vec<_>>();
        for member in snapshot.members.values() {
            assert_eq!(check_workspace_role(&given(&member.grants)), Ok(()), "{stem}: {:?}", given(&member.grants));
        }
        let own = snapshot.members.values().flat_map(|member| given(&member.grants));
        let all: Vec<GrantExpr> = own.chain(snapshot.groups.values().flat_map(|group| given(&group.grants))).collect();
        for expr in all {
            assert_eq!(expr.unmet_need(&granting.workspace), None, "{stem}: {expr} can't be given");
            let is_there = match expr.scope() {
                Scope::Workspace => true,
                Scope::Resource(resource) => snapshot.resources.contains_key(resource),
                Scope::Labels(labels) => labels.iter().all(|label| {
                    snapshot.resources.values().any(|facts| facts.labels.iter().any(|carried| carried == label))
                }),
            };
            assert!(is_there, "{stem}: {expr} names what isn't there");
        }
    }
}
