//! The core agrees with the naive model on random workspaces, answers and reasons alike.

use rolecall::model::{AccountId, Action, Target};
use rolecall::policy::{Decision, Question, Snapshot, decide};

use crate::naive::{Thing, World};
use crate::world::{self, Dice};

const WORKSPACES: usize = 10_000;
const QUESTIONS: usize = 12;
const MEMBERS: usize = 3;
const EVERY: &[&str] = &["source/*", "destination/*", "tracking_plan/*", "space/*", "warehouse/*", "function/*"];

/// A random workspace in both forms.
struct Random {
    snapshot: Snapshot,
    naive: World,
    /// Each member with all that they hold, own grants first.
    members: Vec<(AccountId, Vec<String>)>,
}

fn plan(dice: &mut Dice) -> (Snapshot, World) {
    let plan = *dice.pick(&["free", "team", "business", "business"]);
    let add_ons = *dice.pick(&[["protocols"].as_slice(), &["engage"], &["protocols", "engage"], &[]]);
    let mut has: Vec<String> = add_ons.iter().map(ToString::to_string).collect();
    if plan == "business" {
        has.push(plan.to_owned());
    }
    (world::snapshot(plan, add_ons), World { has, things: Vec::new() })
}

/// A random workspace: three members with grants of their own, and two groups that each has some of them.
fn make(dice: &mut Dice) -> Random {
    let (mut snapshot, mut naive) = plan(dice);
    for (name, labels, parent) in world::random_resources(dice) {
        world::add_resource(&mut snapshot, &name, &labels, parent.as_deref());
        let labels = labels.iter().map(|(key, value)| format!("{key}:{value}")).collect();
        naive.things.push(Thing { name, labels, parent });
    }
    let names: Vec<String> = naive.things.iter().map(|thing| thing.name.clone()).collect();
    let grants = |dice: &mut Dice, from: usize, more: usize| -> Vec<String> {
        (0..from + dice.below(more)).map(|_| world::random_grant(dice, &names)).collect()
    };
    let mut members = Vec::new();
    for index in 0..MEMBERS {
        let held = grants(dice, 2, 9);
        members.push((world::add_member(&mut snapshot, index, held.iter().map(String::as_str)), held));
    }
    for name in ["One", "Two"] {
        let shared = grants(dice, 0, 5);
        let mut ids = Vec::new();
        for (id, held) in members.iter_mut().filter(|_| dice.below(2) == 0) {
            ids.push(id.clone());
            held.extend(shared.iter().cloned());
        }
        world::add_group(&mut snapshot, name, shared.iter().map(String::as_str), &ids);
    }
    Random { snapshot, naive, members }
}

/// A question that can be asked: about the workspace, a whole kind, a thing that is there, or one that isn't.
fn question(dice: &mut Dice, naive: &World) -> (Action, Target, Option<String>) {
    loop {
        let action = *dice.pick(Action::ALL);
        let resource = match dice.below(12) {
            0 => None,
            1 => Some((*dice.pick(EVERY)).to_owned()),
            2 => Some("source/none".to_owned()),
            _ => Some(dice.pick(&naive.things).name.clone()),
        };
        if let Ok(target) = Target::parse(action, resource.as_deref()) {
            return (action, target, resource);
        }
    }
}

/// The reasons are those that the naive model gives, in the order that they are held.
fn agree_on_reasons(random: &Random, held: &[String], asked: (Action, Option<&str>), decision: &Decision) {
    let (action, resource) = asked;
    if action == Action::PiiView || decision.unknown.is_some() {
        return;
    }
    let because: Vec<String> = decision.because.iter().map(|because| because.grant.expr.to_string()).collect();
    let dormant: Vec<String> = decision.dormant.iter().map(|sleeper| sleeper.grant.expr.to_string()).collect();
    let naive = |awake| random.naive.reasons(held, action.as_str(), resource, awake);
    assert_eq!(because, naive(true), "{held:?} {action} {resource:?} has {:?}", random.naive.has);
    assert_eq!(dormant, naive(false), "{held:?} {action} {resource:?} has {:?}", random.naive.has);
}

#[test]
fn the_core_and_a_naive_model_agree_on_ten_thousand_random_workspaces() {
    let mut dice = Dice(2026);
    let (mut allowed, mut total) = (0, 0);
    for _ in 0..WORKSPACES {
        let random = make(&mut dice);
        for _ in 0..QUESTIONS {
            let (member, held) = dice.pick(&random.members).clone();
            let (action, target, resource) = question(&mut dice, &random.naive);
            let expected = random.naive.may(&held, action.as_str(), resource.as_deref());
            let decision = decide(&random.snapshot, &Question { member, action, target });
            let has = &random.naive.has;
            assert_eq!(decision.allowed, expected, "{held:?} {action} {resource:?} has {has:?}\n{decision:?}");
            agree_on_reasons(&random, &held, (action, resource.as_deref()), &decision);
            total += 1;
            allowed += usize::from(expected);
        }
    }
    println!("{allowed} of {total} allowed, {} denied", total - allowed);
    assert!(allowed * 5 > total && allowed * 5 < total * 4, "{allowed} of {total}: one answer is hardly tested");
}
