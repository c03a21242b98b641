//! What always holds of decisions, grants and the delegation ceiling, whatever the workspace.

use proptest::prelude::*;
use rolecall::model::{AccountId, Action, GrantExpr, ResourceKind, Target, Via};
use rolecall::policy::{Decision, Held, HeldGrant, Question, Snapshot, decide, evaluate, exceeding};

use crate::world::{self, Dice};

/// A random workspace with one member, and a dice to go on with.
fn workspace(seed: u64) -> (Snapshot, AccountId, Vec<String>, Dice) {
    let mut dice = Dice(seed);
    let mut snapshot = world::snapshot(["free", "business"][dice.below(2)], &["protocols", "engage"]);
    let mut names = Vec::new();
    for (name, labels, parent) in world::random_resources(&mut dice) {
        world::add_resource(&mut snapshot, &name, &labels, parent.as_deref());
        names.push(name);
    }
    let held: Vec<String> = (0..dice.below(4)).map(|_| world::random_grant(&mut dice, &names)).collect();
    let id = world::add_member(&mut snapshot, 0, held.iter().map(String::as_str));
    (snapshot, id, names, dice)
}

/// Every question that can be asked of a workspace.
fn questions(names: &[String]) -> Vec<(Action, Target)> {
    let mut targets: Vec<Target> = names.iter().map(|name| Target::One(name.parse().unwrap())).collect();
    targets.extend(ResourceKind::ALL.map(Target::Every));
    targets.push(Target::Workspace);
    let pairs = Action::ALL.iter().flat_map(|action| targets.iter().map(|target| (*action, target.clone())));
    pairs.filter(|(action, target)| target.fits(*action)).collect()
}

fn ask(snapshot: &Snapshot, member: &AccountId, (action, target): &(Action, Target)) -> Decision {
    decide(snapshot, &Question { member: member.clone(), action: *action, target: target.clone() })
}

fn give(snapshot: &mut Snapshot, member: &AccountId, exprs: &[GrantExpr]) {
    let texts: Vec<String> = exprs.iter().map(ToString::to_string).collect();
    let grants = world::grants(texts.iter().map(String::as_str));
    snapshot.members.get_mut(member).unwrap().grants.extend(grants);
}

fn held(exprs: &[GrantExpr]) -> Held {
    let texts: Vec<String> = exprs.iter().map(ToString::to_string).collect();
    let grants = world::grants(texts.iter().map(String::as_str)).into_iter();
    Held { grants: grants.map(|grant| HeldGrant { grant, via: Via::Direct }).collect(), ..Held::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_more_grant_never_takes_anything_away(seed: u64) {
        let (mut snapshot, member, names, mut dice) = workspace(seed);
        let asked = questions(&names);
        let before: Vec<bool> = asked.iter().map(|question| ask(&snapshot, &member, question).allowed).collect();
        let more: GrantExpr = world::random_grant(&mut dice, &names).parse().unwrap();
        give(&mut snapshot, &member, &[more]);
        for (question, was) in asked.iter().zip(before) {
            prop_assert!(!was || ask(&snapshot, &member, question).allowed, "{question:?}");
        }
    }

    #[test]
    fn the_reasons_agree_with_the_answer(seed: u64) {
        let (snapshot, member, names, _) = workspace(seed);
        for question in questions(&names) {
            let decision = ask(&snapshot, &member, &question);
            prop_assert_eq!(decision.allowed, !decision.because.is_empty());
            prop_assert_eq!(decision.allowed, decision.missing.is_empty(), "{:?}", question);
            let reasons: Vec<GrantExpr> = decision.because.iter().map(|because| because.grant.expr.clone()).collect();
            prop_assert_eq!(evaluate(&snapshot, &held(&reasons), question.0, &question.1).allowed, decision.allowed);
            prop_assert!(reasons.iter().all(|expr| expr.unmet_need(&snapshot.workspace).is_none()));
        }
    }

    #[test]
    fn each_alternative_of_what_is_missing_allows(seed: u64) {
        let (snapshot, member, names, _) = workspace(seed);
        for question in questions(&names) {
            for alternative in ask(&snapshot, &member, &question).missing {
                prop_assert!(alternative.iter().all(|expr| expr.unmet_need(&snapshot.workspace).is_none()));
                let mut granted = snapshot.clone();
                give(&mut granted, &member, &alternative);
                prop_assert!(ask(&granted, &member, &question).allowed, "{question:?} {alternative:?}");
            }
        }
    }

    #[test]
    fn a_right_to_all_is_a_right_to_each(seed: u64) {
        let (snapshot, member, names, _) = workspace(seed);
        for (action, target) in questions(&names) {
            let Target::One(resource) = &target else { continue };
            let all = (action, Target::Every(resource.kind()));
            let is_asked_of_all = all.1.fits(action);
            prop_assert!(!(is_asked_of_all && ask(&snapshot, &member, &all).allowed) || ask(&snapshot, &member, &(action, target)).allowed);
        }
    }

    #[test]
    fn printing_and_reading_a_grant_is_the_identity(seed: u64) {
        let (_, _, names, mut dice) = workspace(seed);
        let text = world::random_grant(&mut dice, &names);
        let grant: GrantExpr = text.parse().unwrap();
        prop_assert_eq!(grant.to_string().parse::<GrantExpr>().unwrap(), grant);
    }

    #[test]
    fn reading_anything_never_panics(text in "\\PC{0,40}", tail in "[a-z_@{}:,/*.]{0,30}") {
        let _ = text.parse::<GrantExpr>();
        let _ = format!("source_admin@{tail}").parse::<GrantExpr>();
        let _ = Target::parse(Action::SourceView, Some(&tail));
    }

    #[test]
    fn nobody_gives_what_they_may_not(seed: u64) {
        let (snapshot, giver, names, mut dice) = workspace(seed);
        let holdings = snapshot.held(&giver).unwrap();
        let gift: GrantExpr = world::random_grant(&mut dice, &names).parse().unwrap();
        if gift.unmet_need(&snapshot.workspace).is_some() || !exceeding(&snapshot, &holdings, [&gift]).is_empty() {
            return Ok(());
        }
        for (action, target) in questions(&names) {
            let receives = evaluate(&snapshot, &held(std::slice::from_ref(&gift)), action, &target).allowed;
            prop_assert!(!receives || evaluate(&snapshot, &holdings, action, &target).allowed, "{gift} {action} {target}");
        }
    }

    #[test]
    fn what_is_held_and_awake_may_be_given(seed: u64) {
        let (snapshot, giver, _, _) = workspace(seed);
        let holdings = snapshot.held(&giver).unwrap();
        for own in &holdings.grants {
            let is_awake = own.grant.expr.unmet_need(&snapshot.workspace).is_none();
            prop_assert_eq!(exceeding(&snapshot, &holdings, [&own.grant.expr]).is_empty(), is_awake || exceeds_nothing(&snapshot, &holdings, &own.grant.expr));
        }
    }
}

/// A sleeping grant may still be given when the others together hold as much.
fn exceeds_nothing(snapshot: &Snapshot, holdings: &Held, expr: &GrantExpr) -> bool {
    let awake = holdings.grants.iter().filter(|held| held.grant.expr.unmet_need(&snapshot.workspace).is_none());
    let awake = Held { grants: awake.cloned().collect(), ..Held::default() };
    exceeding(snapshot, &awake, [expr]).is_empty()
}
