//! The core agrees with the naive model on random workspaces.

use rolecall::model::{AccountId, Action, Target};
use rolecall::policy::{Question, Snapshot, decide};

use crate::naive::{Thing, World};
use crate::world::{self, Dice};

const WORKSPACES: usize = 10_000;
const QUESTIONS: usize = 12;

/// A random workspace in both forms, with one member's grants, half of them through a group.
fn make(dice: &mut Dice) -> (Snapshot, World, AccountId, Vec<String>) {
    let plan = *dice.pick(&["free", "team", "business", "business"]);
    let add_ons: Vec<&str> =
        [["protocols"].as_slice(), &["engage"], &["protocols", "engage"], &[]][dice.below(4)].to_vec();
    let mut snapshot = world::snapshot(plan, &add_ons);
    let mut has: Vec<String> = add_ons.iter().map(ToString::to_string).collect();
    if plan == "business" {
        has.push(plan.to_owned());
    }
    let mut naive = World { has, things: Vec::new() };
    for (name, labels, parent) in world::random_resources(dice) {
        world::add_resource(&mut snapshot, &name, &labels, parent.as_deref());
        let labels = labels.iter().map(|(key, value)| format!("{key}:{value}")).collect();
        naive.things.push(Thing { name, labels, parent });
    }
    let names: Vec<String> = naive.things.iter().map(|thing| thing.name.clone()).collect();
    let held: Vec<String> = (0..3 + dice.below(8)).map(|_| world::random_grant(dice, &names)).collect();
    let (own, shared) = held.split_at(dice.below(held.len() + 1));
    let id = world::add_member(&mut snapshot, 0, own.iter().map(String::as_str));
    world::add_group(&mut snapshot, "Shared", shared.iter().map(String::as_str), std::slice::from_ref(&id));
    (snapshot, naive, id, held)
}

/// A question that can be asked: about the workspace, a whole kind, a thing that is there, or one that isn't.
fn question(dice: &mut Dice, naive: &World) -> (Action, Target, Option<String>) {
    loop {
        let action = *dice.pick(Action::ALL);
        let resource = match dice.below(8) {
            0 => None,
            1 => Some(format!("{}/*", dice.pick(&["source", "destination", "space", "function"]))),
            2 => Some("source/none".to_owned()),
            _ => Some(dice.pick(&naive.things).name.clone()),
        };
        if let Ok(target) = Target::parse(action, resource.as_deref()) {
            return (action, target, resource);
        }
    }
}

#[test]
fn the_core_and_a_naive_model_agree_on_ten_thousand_random_workspaces() {
    let mut dice = Dice(2026);
    let (mut allowed, mut total) = (0, 0);
    for _ in 0..WORKSPACES {
        let (snapshot, naive, member, held) = make(&mut dice);
        for _ in 0..QUESTIONS {
            let (action, target, resource) = question(&mut dice, &naive);
            let expected = naive.may(&held, action.as_str(), resource.as_deref());
            let decision = decide(&snapshot, &Question { member: member.clone(), action, target });
            assert_eq!(decision.allowed, expected, "{held:?} {action} {resource:?} has {:?}\n{decision:?}", naive.has);
            total += 1;
            allowed += usize::from(expected);
        }
    }
    println!("{allowed} of {total} allowed");
    assert!(allowed * 10 > total && allowed * 10 < total * 9, "{allowed} of {total}: one answer is hardly tested");
}
