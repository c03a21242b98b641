//! Runs `tests/cases/*.json` against the core.

use std::collections::BTreeMap;

use rolecall::model::{AccountId, Action, Target, TargetError, Via};
use rolecall::policy::{Decision, Question, Snapshot, decide};
use serde_json::Value;

use crate::world;

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap()).collect()
}

fn build(file: &Value) -> (Snapshot, BTreeMap<String, AccountId>) {
    let mut snapshot =
        world::snapshot(file["workspace"]["plan"].as_str().unwrap(), &texts(&file["workspace"]["add_ons"]));
    for resource in file["resources"].as_array().unwrap() {
        let labels = resource["labels"].as_object().into_iter().flatten();
        let labels: Vec<(&str, &str)> = labels.map(|(key, value)| (key.as_str(), value.as_str().unwrap())).collect();
        world::add_resource(&mut snapshot, resource["ref"].as_str().unwrap(), &labels, resource["parent"].as_str());
    }
    let mut ids = BTreeMap::new();
    for (index, (name, exprs)) in file["members"].as_object().unwrap().iter().enumerate() {
        ids.insert(name.clone(), world::add_member(&mut snapshot, index, texts(exprs)));
    }
    for group in file["groups"].as_array().unwrap() {
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

fn check(name: &str, case: &Value, decision: &Decision) {
    assert_eq!(decision.allowed, case["allowed"].as_bool().unwrap(), "{name}: {decision:?}");
    let because: Vec<String> = decision.because.iter().map(|because| because.grant.expr.to_string()).collect();
    let via: Vec<&str> = (decision.because.iter())
        .map(|because| match &because.via {
            Via::Direct => "direct",
            Via::Group { name, .. } => name.as_str(),
        })
        .collect();
    let missing: Vec<Vec<String>> =
        decision.missing.iter().map(|grants| grants.iter().map(ToString::to_string).collect()).collect();
    let dormant: Vec<String> = decision
        .dormant
        .iter()
        .map(|sleeper| format!("{} needs {}", sleeper.grant.expr, sleeper.need.as_str()))
        .collect();
    let inherited =
        decision.because.first().and_then(|because| because.inherited_from.as_ref().map(ToString::to_string));
    let expect = |key: &str, found: Value| {
        if let Some(wanted) = case.get(key) {
            assert_eq!(*wanted, found, "{name}: {key}");
        }
    };
    expect("because", because.into());
    expect("via", via.into());
    expect("missing_first", missing.first().cloned().unwrap_or_default().into());
    expect("missing", missing.into());
    expect("dormant", dormant.into());
    expect("inherited_from", inherited.into());
    expect("reason", decision.unknown.map(rolecall::policy::Unknown::as_str).into());
}

#[test]
fn each_case_is_decided_as_it_says() {
    let mut count = 0;
    for entry in std::fs::read_dir("tests/cases").unwrap() {
        let path = entry.unwrap().path();
        let file: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let (snapshot, ids) = build(&file);
        for case in file["cases"].as_array().unwrap() {
            let name = format!("{}: {}", path.display(), case["name"]);
            count += 1;
            match (ask(case), case["error"].as_str()) {
                (Ok((action, target)), None) => {
                    let member = ids.get(case["member"].as_str().unwrap()).cloned();
                    let member = member.unwrap_or_else(|| world::member_id(200));
                    check(&name, case, &decide(&snapshot, &Question { member, action, target }));
                }
                (Err(error), Some(wanted)) => assert_eq!(code(&error), wanted, "{name}"),
                (found, wanted) => panic!("{name}: {found:?}, not {wanted:?}"),
            }
        }
    }
    assert!(count >= 80, "{count} cases");
}
