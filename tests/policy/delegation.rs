//! The delegation ceiling: nobody gives more than they hold, checked against decisions and not against its own rules.

use rolecall::model::{Action, ActionSet, GrantExpr, Role};
use rolecall::policy::{Held, Snapshot, evaluate, exceeding};

use crate::properties::{holder, workspace};
use crate::world;

const WORKSPACES: u64 = 60;

/// Those of all grants over a workspace that its plan includes.
fn awake(snapshot: &Snapshot, names: &[String]) -> Vec<GrantExpr> {
    let all = world::every_grant(names).into_iter();
    all.filter(|expr| expr.unmet_need(&snapshot.workspace).is_none()).collect()
}

fn may_give(snapshot: &Snapshot, giver: &Held, expr: &GrantExpr) -> bool {
    exceeding(snapshot, giver, [expr]).is_empty()
}

/// A source with a destination, and a space, for each set of labels: what a workspace may hold tomorrow.
fn add_tomorrow(snapshot: &mut Snapshot, names: &mut Vec<String>) {
    let sets: &[&[(&str, &str)]] =
        &[&[], &[("env", "prod")], &[("env", "dev")], &[("team", "a")], &[("env", "prod"), ("team", "a")]];
    for (index, labels) in sets.iter().enumerate() {
        let source = format!("source/new{index}");
        for (name, labels, parent) in [
            (source.clone(), *labels, None),
            (format!("destination/new{index}"), &[][..], Some(&*source)),
            (format!("space/new{index}"), *labels, None),
        ] {
            world::add_resource(snapshot, &name, labels, parent);
            names.push(name);
        }
    }
}

#[test]
fn an_owner_exceeds_nothing() {
    let owner = holder([&GrantExpr::workspace(Role::WorkspaceOwner)]);
    for seed in 0..WORKSPACES {
        let (snapshot, _, names, _) = workspace(seed);
        assert_eq!(exceeding(&snapshot, &owner, &world::every_grant(&names)), []);
    }
}

#[test]
fn who_holds_nothing_gives_nothing() {
    let (snapshot, _, names, _) = workspace(1);
    let all = world::every_grant(&names);
    assert_eq!(exceeding(&snapshot, &Held::default(), &all), all);
}

#[test]
fn what_is_held_awake_may_be_given_and_what_sleeps_may_not() {
    for seed in 0..WORKSPACES {
        let (snapshot, _, names, _) = workspace(seed);
        for expr in world::every_grant(&names) {
            let is_awake = expr.unmet_need(&snapshot.workspace).is_none();
            assert_eq!(may_give(&snapshot, &holder([&expr]), &expr), is_awake, "{expr}");
        }
    }
}

/// Somebody who receives all that a giver may give can do nothing that the giver can't, today or tomorrow.
#[test]
fn giving_never_lets_a_receiver_do_what_the_giver_may_not() {
    let (mut gifts, mut answers) = (0, 0);
    for seed in 0..4 * WORKSPACES {
        let (mut snapshot, member, mut names, _) = workspace(seed);
        let giver = snapshot.held(&member).unwrap();
        let all = awake(&snapshot, &names);
        let given: Vec<&GrantExpr> = all.iter().filter(|expr| may_give(&snapshot, &giver, expr)).collect();
        let receiver = holder(given.iter().copied());
        add_tomorrow(&mut snapshot, &mut names);
        for (action, target) in world::questions(&names) {
            if evaluate(&snapshot, &receiver, action, &target).allowed {
                assert!(
                    evaluate(&snapshot, &giver, action, &target).allowed,
                    "{action} {target}: {given:?}\n{giver:?}"
                );
                answers += 1;
            }
        }
        gifts += given.len();
    }
    println!("{gifts} gifts, {answers} rights received");
    assert!(gifts > 1_000 && answers > 1_000, "{gifts} gifts, {answers} rights: hardly tested");
}

/// What a wider grant holds may be given in parts.
#[test]
fn a_part_of_what_is_held_may_be_given() {
    let mut snapshot = world::snapshot("business", &["engage"]);
    world::add_resource(&mut snapshot, "source/web", &[("env", "prod"), ("team", "a")], None);
    world::add_resource(&mut snapshot, "source/dev", &[("env", "dev")], None);
    world::add_resource(&mut snapshot, "destination/ads", &[], Some("source/web"));
    for (held, gift, may) in [
        ("source_admin", "source_admin@source/web", true),
        ("source_admin", "source_read_only@{env:prod}", true),
        ("source_admin@source/web", "source_read_only@source/web", true),
        ("source_admin@source/web", "source_admin@destination/ads", true),
        ("source_admin@{env:prod}", "source_admin@source/web", true),
        ("source_admin@{env:prod}", "source_read_only@destination/ads", true),
        ("source_admin@{env:prod}", "source_admin@{env:prod,team:a}", true),
        ("source_admin@{env:prod,team:a}", "source_admin@{env:prod}", false),
        ("source_admin@{env:prod}", "source_admin@source/dev", false),
        ("source_admin@{env:prod}", "source_admin", false),
        ("source_admin@destination/ads", "source_admin@source/web", false),
        ("source_admin@source/web", "source_admin@{env:prod}", false),
        ("source_read_only@source/web", "source_admin@source/web", false),
        ("engage_user", "engage_admin", false),
        ("engage_admin", "engage_user", true),
        ("workspace_member", "minimal_workspace_access", true),
        ("source_admin", "pii_access", false),
    ] {
        let giver = holder([&held.parse().unwrap()]);
        assert_eq!(may_give(&snapshot, &giver, &gift.parse().unwrap()), may, "{held} gives {gift}");
    }
}

#[test]
fn single_actions_of_a_token_count_on_every_scope() {
    let snapshot = world::snapshot("free", &[]);
    let both = ActionSet::of(&[Action::SourceView, Action::DestinationView]);
    for (actions, gift, may) in [
        (both, "source_read_only", true),
        (both, "source_admin", false),
        (ActionSet::of(&[Action::SourceView]), "source_read_only", false),
    ] {
        let token = Held { actions, ..Held::default() };
        assert_eq!(may_give(&snapshot, &token, &gift.parse().unwrap()), may, "{gift}");
    }
    let all_but_create = ActionSet::of(&[
        Action::SourceView,
        Action::SourceEdit,
        Action::SourceDelete,
        Action::DestinationView,
        Action::DestinationEdit,
        Action::DestinationDelete,
    ]);
    let token = Held { actions: all_but_create, ..Held::default() };
    // Scoped to one source, the role creates nothing at the top; workspace-wide it does.
    assert!(may_give(&snapshot, &token, &"source_admin@source/web".parse().unwrap()));
    assert!(!may_give(&snapshot, &token, &"source_admin".parse().unwrap()));
    let mixed = Held { actions: ActionSet::of(&[Action::PiiView]), ..holder([&"source_admin".parse().unwrap()]) };
    assert!(may_give(&snapshot, &mixed, &"source_read_only".parse().unwrap()));
}
