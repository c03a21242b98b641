//! What always holds of decisions and their reasons, whatever the workspace.

use proptest::prelude::*;
use rolecall::model::{AccountId, Action, GrantExpr, Role, Scope, Target, Via};
use rolecall::policy::{Decision, Held, HeldGrant, Question, Snapshot, decide, evaluate};

use crate::naive::World;
use crate::world::{self, Dice};

/// A random workspace with one member who holds some grants directly and some by a group, and a dice to go on with.
pub(crate) fn workspace(seed: u64) -> (Snapshot, AccountId, Vec<String>, Dice) {
    let mut dice = Dice(seed);
    let mut snapshot = world::snapshot(["free", "business"][dice.below(2)], &["protocols", "engage"]);
    let mut names = Vec::new();
    for (name, labels, parent) in world::random_resources(&mut dice) {
        world::add_resource(&mut snapshot, &name, &labels, parent.as_deref());
        names.push(name);
    }
    let mut some =
        |limit| -> Vec<String> { (0..dice.below(limit)).map(|_| world::random_grant(&mut dice, &names)).collect() };
    let (own, shared) = (some(4), some(3));
    let id = world::add_member(&mut snapshot, 0, own.iter().map(String::as_str));
    world::add_group(&mut snapshot, "Shared", shared.iter().map(String::as_str), std::slice::from_ref(&id));
    (snapshot, id, names, dice)
}

fn ask(snapshot: &Snapshot, member: &AccountId, (action, target): &(Action, Target)) -> Decision {
    decide(snapshot, &Question { member: member.clone(), action: *action, target: target.clone() })
}

fn with(snapshot: &Snapshot, member: &AccountId, exprs: &[GrantExpr]) -> Snapshot {
    let texts: Vec<String> = exprs.iter().map(ToString::to_string).collect();
    let mut snapshot = snapshot.clone();
    let grants = world::grants(texts.iter().map(String::as_str));
    snapshot.members.get_mut(member).unwrap().grants.extend(grants);
    snapshot
}

/// Somebody who holds these grants and nothing else.
pub(crate) fn holder<'a>(exprs: impl IntoIterator<Item = &'a GrantExpr>) -> Held {
    let texts: Vec<String> = exprs.into_iter().map(ToString::to_string).collect();
    let grants = world::grants(texts.iter().map(String::as_str)).into_iter();
    Held { grants: grants.map(|grant| HeldGrant { grant, via: Via::Direct }).collect(), ..Held::default() }
}

/// Single grants on a target, its parent or the workspace that the plan includes: what could be missing.
fn candidates(snapshot: &Snapshot, target: &Target) -> Vec<GrantExpr> {
    let mut named = Vec::new();
    if let Target::One(resource) = target {
        named.extend([
            Some(resource.to_string()),
            snapshot.resources.get(resource).unwrap().parent.as_ref().map(ToString::to_string),
        ]);
    }
    let names: Vec<String> = named.into_iter().flatten().collect();
    let all = world::every_grant(&names).into_iter();
    all.filter(|expr| !matches!(expr.scope(), Scope::Labels(_)) && expr.unmet_need(&snapshot.workspace).is_none())
        .collect()
}

/// Where an alternative stands in the order of `missing`.
fn rank(grants: &[GrantExpr]) -> (bool, usize, usize, usize) {
    let width = |grant: &GrantExpr| match grant.scope() {
        Scope::Resource(_) => 1,
        Scope::Labels(_) => 10,
        Scope::Workspace => 100,
    };
    let power = |grant: &GrantExpr| World::power(&grant.to_string());
    let is_owner = grants.iter().any(|grant| grant.role() == Role::WorkspaceOwner);
    (is_owner, grants.len(), grants.iter().map(power).sum(), grants.iter().map(width).sum())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 50, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_more_grant_never_takes_anything_away(seed: u64) {
        let (snapshot, member, names, mut dice) = workspace(seed);
        let more: GrantExpr = world::random_grant(&mut dice, &names).parse().unwrap();
        let richer = with(&snapshot, &member, &[more]);
        for question in world::questions(&names) {
            let was = ask(&snapshot, &member, &question).allowed;
            prop_assert!(!was || ask(&richer, &member, &question).allowed, "{question:?}");
        }
    }

    #[test]
    fn the_reasons_agree_with_the_answer(seed: u64) {
        let (snapshot, member, names, _) = workspace(seed);
        for question in world::questions(&names) {
            let decision = ask(&snapshot, &member, &question);
            prop_assert_eq!(decision.allowed, !decision.because.is_empty());
            prop_assert_eq!(decision.allowed, decision.missing.is_empty(), "{:?}", question);
            let asleep = |expr: &GrantExpr| expr.unmet_need(&snapshot.workspace).is_some();
            prop_assert!(decision.because.iter().all(|because| !asleep(&because.grant.expr)), "{question:?}");
            prop_assert!(decision.dormant.iter().all(|sleeper| asleep(&sleeper.grant.expr)), "{question:?}");
        }
    }

    #[test]
    fn each_reason_allows_alone_or_with_its_pii_partner(seed: u64) {
        let (snapshot, member, names, _) = workspace(seed);
        for (action, target) in world::questions(&names) {
            let because = ask(&snapshot, &member, &(action, target.clone())).because;
            let reasons: Vec<&GrantExpr> = because.iter().map(|because| &because.grant.expr).collect();
            let allows = |held: Held| evaluate(&snapshot, &held, action, &target).allowed;
            for reason in &reasons {
                let alone = allows(holder([*reason]));
                let paired = action == Action::PiiView && reasons.iter().any(|other| allows(holder([*reason, *other])));
                prop_assert!(alone || paired, "{reason} for {action} on {target}");
            }
        }
    }

    #[test]
    fn each_alternative_of_what_is_missing_allows_and_none_of_it_is_spare(seed: u64) {
        let (snapshot, member, names, _) = workspace(seed);
        for question in world::questions(&names) {
            for alternative in ask(&snapshot, &member, &question).missing {
                prop_assert!(alternative.iter().all(|expr| expr.unmet_need(&snapshot.workspace).is_none()));
                let enough = |grants: &[GrantExpr]| ask(&with(&snapshot, &member, grants), &member, &question).allowed;
                prop_assert!(enough(&alternative), "{question:?} {alternative:?}");
                for (index, _) in alternative.iter().enumerate() {
                    let mut fewer = alternative.clone();
                    fewer.remove(index);
                    prop_assert!(!enough(&fewer), "{question:?} {alternative:?} without {index}");
                }
            }
        }
    }

    #[test]
    fn what_is_missing_leaves_no_single_grant_out(seed: u64) {
        let (snapshot, member, names, mut dice) = workspace(seed);
        let asked = world::questions(&names);
        for _ in 0..40 {
            let question = dice.pick(&asked);
            let decision = ask(&snapshot, &member, question);
            for expr in candidates(&snapshot, &question.1).into_iter().filter(|_| !decision.allowed) {
                let would = ask(&with(&snapshot, &member, std::slice::from_ref(&expr)), &member, question).allowed;
                prop_assert_eq!(would, decision.missing.contains(&vec![expr.clone()]), "{} for {:?}", expr, question);
            }
        }
    }

    #[test]
    fn what_is_missing_is_in_order_without_repeats(seed: u64) {
        let (snapshot, member, names, _) = workspace(seed);
        for question in world::questions(&names) {
            let missing = ask(&snapshot, &member, &question).missing;
            prop_assert!(missing.is_sorted_by_key(|grants| rank(grants)), "{question:?} {missing:?}");
            let different: std::collections::BTreeSet<_> = missing.iter().collect();
            prop_assert_eq!(different.len(), missing.len(), "{:?} {:?}", question, missing);
        }
    }

    #[test]
    fn a_right_to_all_is_a_right_to_each(seed: u64) {
        let (snapshot, member, names, _) = workspace(seed);
        for (action, target) in world::questions(&names) {
            let Target::One(resource) = &target else { continue };
            let all = (action, Target::Every(resource.kind()));
            let may_all = all.1.fits(action) && ask(&snapshot, &member, &all).allowed;
            prop_assert!(!may_all || ask(&snapshot, &member, &(action, target)).allowed, "{all:?}");
        }
    }
}
