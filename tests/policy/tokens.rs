//! Single actions, which tokens hold beside grants: each on the whole workspace, without a grant to name as the reason.

use rolecall::model::{Action, ActionSet, Target};
use rolecall::policy::{Decision, Held, Snapshot, Unknown, evaluate};

use crate::naive::{Thing, World};
use crate::properties::holder;
use crate::world::{self, Dice};

fn snapshot() -> Snapshot {
    let mut snapshot = world::snapshot("business", &[]);
    world::add_resource(&mut snapshot, "source/web", &[], None);
    snapshot
}

fn ask(held: &Held, action: Action, resource: Option<&str>) -> Decision {
    evaluate(&snapshot(), held, action, &Target::parse(action, resource).unwrap())
}

#[test]
fn a_single_action_allows_on_every_target_and_nothing_else() {
    let token = Held { actions: ActionSet::of(&[Action::SourceView]), ..Held::default() };
    for resource in [None, Some("source/web"), Some("source/*")] {
        let decision = ask(&token, Action::SourceView, resource);
        assert!(decision.allowed && decision.because.is_empty() && decision.missing.is_empty(), "{resource:?}");
        assert!(!ask(&token, Action::SourceEdit, resource).allowed, "{resource:?}");
    }
}

#[test]
fn a_single_action_makes_nothing_known() {
    let token = Held { actions: ActionSet::all(), ..Held::default() };
    let decision = ask(&token, Action::SourceView, Some("source/none"));
    assert_eq!((decision.allowed, decision.unknown), (false, Some(Unknown::Resource)));
}

#[test]
fn actions_and_grants_of_a_token_add_up_and_the_grant_is_named() {
    let expr = "source_admin@source/web".parse().unwrap();
    let token = Held { actions: ActionSet::of(&[Action::SourceView]), ..holder([&expr]) };
    assert!(ask(&token, Action::SourceView, Some("source/*")).allowed);
    let decision = ask(&token, Action::SourceView, Some("source/web"));
    assert_eq!(decision.because.iter().map(|because| &because.grant.expr).collect::<Vec<_>>(), [&expr]);
    assert!(ask(&token, Action::SourceEdit, Some("source/web")).allowed);
    assert!(!ask(&token, Action::SourceEdit, None).allowed);
}

/// What a token with these actions and grants is told of PII on `source/web`: allowed, or the first that is missing.
fn pii(actions: &[Action], grants: &[&str], resource: Option<&str>) -> Result<usize, Vec<String>> {
    let grants: Vec<_> = grants.iter().map(|text| text.parse().unwrap()).collect();
    let token = Held { actions: ActionSet::of(actions), ..holder(&grants) };
    let decision = ask(&token, Action::PiiView, resource);
    let first = decision.missing.first().into_iter().flatten().map(ToString::to_string).collect();
    if decision.allowed { Ok(decision.because.len()) } else { Err(first) }
}

#[test]
fn pii_takes_both_halves_of_a_token_too_whichever_way_it_holds_them() {
    let web = Some("source/web");
    let lacking = |grants: &[&str]| Err(grants.iter().map(ToString::to_string).collect());
    assert_eq!(pii(&[Action::PiiView], &[], web), lacking(&["source_read_only@source/web"]));
    assert_eq!(pii(&[Action::SourceView], &[], web), lacking(&["pii_access@source/web"]));
    assert_eq!(pii(&[Action::PiiView, Action::SpaceView], &[], web), lacking(&["source_read_only@source/web"]));
    assert_eq!(pii(&[Action::PiiView, Action::SourceView], &[], web), Ok(0));
    assert_eq!(pii(&[Action::SourceView], &["pii_access@source/web"], web), Ok(1));
    assert_eq!(pii(&[Action::PiiView], &["source_read_only@source/web"], web), Ok(1));
    assert_eq!(pii(&[Action::PiiView, Action::SourceView], &[], Some("source/*")), Ok(0));
    assert_eq!(pii(&[Action::PiiView, Action::SourceView], &[], None), lacking(&["workspace_owner"]));
}

#[test]
fn the_core_and_the_naive_model_agree_on_tokens() {
    let mut dice = Dice(7);
    for _ in 0..2_000 {
        let mut snapshot = world::snapshot(["free", "business"][dice.below(2)], &["protocols", "engage"]);
        let mut has = vec!["protocols".to_owned(), "engage".to_owned()];
        has.extend((snapshot.workspace.plan.as_str() == "business").then(|| "business".to_owned()));
        let mut naive = World { has, things: Vec::new() };
        for (name, labels, parent) in world::random_resources(&mut dice) {
            world::add_resource(&mut snapshot, &name, &labels, parent.as_deref());
            let labels = labels.iter().map(|(key, value)| format!("{key}:{value}")).collect();
            naive.things.push(Thing { name, labels, parent });
        }
        let names: Vec<String> = naive.things.iter().map(|thing| thing.name.clone()).collect();
        let held: Vec<String> = (0..dice.below(4)).map(|_| world::random_grant(&mut dice, &names)).collect();
        let mut actions: Vec<Action> = (0..dice.below(4)).map(|_| *dice.pick(Action::ALL)).collect();
        actions.extend((dice.below(2) == 0).then_some(Action::PiiView));
        let single: Vec<&str> = actions.iter().map(|action| action.as_str()).collect();
        let exprs: Vec<_> = held.iter().map(|text| text.parse().unwrap()).collect();
        let token = Held { actions: ActionSet::of(&actions), ..holder(&exprs) };
        for (action, target) in world::questions(&names) {
            let resource = Some(target.to_string()).filter(|text| text != "workspace");
            let expected = naive.token_may(&held, &single, action.as_str(), resource.as_deref());
            let decision = evaluate(&snapshot, &token, action, &target);
            assert_eq!(decision.allowed, expected, "{held:?} {single:?} {action} {target}");
        }
    }
}
