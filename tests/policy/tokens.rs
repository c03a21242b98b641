//! Single actions, which tokens hold beside grants: each on the whole workspace, without a grant to name as the reason.

use rolecall::model::{Action, ActionSet, Target};
use rolecall::policy::{Decision, Held, Snapshot, Unknown, evaluate};

use crate::properties::holder;
use crate::world;

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
