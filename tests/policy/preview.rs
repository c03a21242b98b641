//! Previews: what is said to be gained and lost is each decision that turns, and the rules refuse what they should.

use rolecall::model::{AccountId, Action, AddOns, GrantExpr, GroupId, Labels, Plan, ResourceRef, Target};
use rolecall::policy::{
    Access, Change, Held, InviteAccess, Joiner, Party, Person, Preview, Question, Refusal, Snapshot, decide, effective,
    evaluate, has_owner, preview, try_apply,
};

use crate::properties::{holder, workspace};
use crate::world::{self, Dice};

const WORKSPACES: u64 = 300;

#[test]
fn the_set_of_actions_is_what_each_decision_says() {
    for seed in 0..WORKSPACES {
        let (snapshot, id, names, mut dice) = workspace(seed);
        let mut held = snapshot.held(&id).unwrap();
        if seed % 2 == 0 {
            held.actions =
                [Action::PiiView, Action::SourceView, Action::MemberView].into_iter().take(dice.below(4)).collect();
        }
        for (action, target) in world::questions(&names) {
            let says = evaluate(&snapshot, &held, action, &target).allowed;
            assert_eq!(effective(&snapshot, &held, &target).contains(action), says, "seed {seed}: {action} {target}");
        }
        let nowhere = Target::One("source/nowhere".parse().unwrap());
        assert!(effective(&snapshot, &held, &nowhere).is_empty());
    }
}

/// A random workspace of four members in up to three groups, with an invite, labels and one certain owner.
pub(crate) fn company(seed: u64) -> (Snapshot, Vec<String>, Dice) {
    let (mut snapshot, _, names, mut dice) = workspace(seed);
    for index in 1..4 {
        let mut grants: Vec<String> = (0..dice.below(4)).map(|_| world::random_grant(&mut dice, &names)).collect();
        let wide = *dice.pick(&["source_read_only", "source_admin", "function_admin"]);
        grants.extend([
            "workspace_member".to_owned(),
            wide.to_owned(),
            format!("{wide}@{}/r0", wide.split_once('_').unwrap().0),
        ]);
        world::add_member(&mut snapshot, index, grants.iter().map(String::as_str));
    }
    for name in ["Two", "Three"] {
        let grants: Vec<String> = (0..dice.below(3)).map(|_| world::random_grant(&mut dice, &names)).collect();
        let members: Vec<AccountId> = (0..4).filter(|_| dice.below(2) == 0).map(world::member_id).collect();
        world::add_group(&mut snapshot, name, grants.iter().map(String::as_str), &members);
    }
    let offer = [world::random_grant(&mut dice, &names)];
    let invite = InviteAccess { grants: world::grants(offer.iter().map(String::as_str)), groups: Vec::new() };
    snapshot.invites.insert("new@example.com".parse().unwrap(), invite);
    for labels in ["env:prod", "env:dev", "team:a"] {
        let (key, value) = labels.split_once(':').unwrap();
        snapshot.labels.insert((key.to_owned(), value.to_owned()));
    }
    snapshot.members.get_mut(&world::member_id(0)).unwrap().grants.extend(world::grants(["workspace_owner"]));
    snapshot.seats.active = 4;
    snapshot.seats.pending = 1;
    (snapshot, names, dice)
}

fn expr(dice: &mut Dice, names: &[String]) -> GrantExpr {
    world::random_grant(dice, names).parse().unwrap()
}

fn held_expr(snapshot: &Snapshot, dice: &mut Dice, names: &[String], member: &AccountId) -> GrantExpr {
    let grants: Vec<GrantExpr> = snapshot
        .members
        .get(member)
        .map_or_else(Vec::new, |member| member.grants.iter().map(|g| g.expr.clone()).collect());
    if grants.is_empty() { expr(dice, names) } else { dice.pick(&grants).clone() }
}

pub(crate) fn random_change(snapshot: &Snapshot, names: &[String], dice: &mut Dice) -> Change {
    let member = world::member_id(dice.below(5));
    let groups: Vec<GroupId> = snapshot.groups.keys().cloned().collect();
    let group = dice.pick(&groups).clone();
    let party = if dice.below(2) == 0 { Party::Member(member.clone()) } else { Party::Group(group.clone()) };
    let who = match dice.below(3) {
        0 => Joiner::Address("new@example.com".parse().unwrap()),
        _ => Joiner::Member(member.clone()),
    };
    let some = |dice: &mut Dice| -> Vec<GrantExpr> {
        let more = (0..dice.below(3)).map(|_| expr(dice, names)).collect::<Vec<_>>();
        more.into_iter().chain(["workspace_member".parse().unwrap()]).collect()
    };
    match dice.below(14) {
        0 | 1 => Change::Grant { expr: expr(dice, names), to: party },
        2 | 3 => Change::Revoke { expr: held_expr(snapshot, dice, names, &member), from: Party::Member(member) },
        4 => Change::SetGrants { grants: some(dice), member },
        5 => Change::RemoveMember { member },
        6 => Change::Invite { email: "other@example.com".parse().unwrap(), grants: some(dice), groups: vec![group] },
        7 => Change::AddToGroup { group, who },
        8 => Change::RemoveFromGroup { group, who },
        9 => Change::SetGroupGrants { grants: some(dice), group },
        10 => {
            let plan = *dice.pick(&[Plan::Free, Plan::Team, Plan::Business]);
            let add_ons = AddOns { protocols: dice.below(2) == 0, engage: dice.below(2) == 0 };
            Change::SetPlan { plan, add_ons }
        }
        11 => {
            let labels = [("env", "dev"), ("team", "a")];
            let labels = Labels::new(labels[..dice.below(3)].iter().copied()).unwrap();
            Change::SetLabels { labels, resource: dice.pick(names).parse().unwrap() }
        }
        12 => Change::DeleteGroup { group },
        _ => Change::DeleteResources { resources: vec![dice.pick(names).parse().unwrap()] },
    }
}

/// What a list of differences says of one question: the reading that the documentation gives.
fn is_told(rows: &[Access], person: &Person, action: Action, target: &Target) -> bool {
    rows.iter().any(|row| {
        let every = target.kind().map(Target::Every);
        let is_excepted = matches!(target, Target::One(resource) if row.except.contains(resource));
        row.person == *person
            && row.actions.contains(action)
            && (row.target == *target || (Some(&row.target) == every.as_ref() && !is_excepted))
    })
}

fn people(snapshot: &Snapshot) -> Vec<Person> {
    let members = (0..5).map(|index| Person::Member(world::member_id(index)));
    let invitees = snapshot.invites.keys().cloned().map(Person::Invitee);
    members.chain(invitees).collect()
}

fn held(snapshot: &Snapshot, person: &Person) -> Held {
    let held = match person {
        Person::Member(id) => snapshot.held(id),
        Person::Invitee(email) => snapshot.offered(email),
    };
    held.unwrap_or_default()
}

#[test]
fn each_decision_that_turns_is_told_and_no_other() {
    let (mut gains, mut losses, mut exceptions) = (0, 0, 0);
    for seed in 0..WORKSPACES / 3 {
        let (before, names, mut dice) = company(seed);
        let changes: Vec<Change> = (0..2 + dice.below(6)).map(|_| random_change(&before, &names, &mut dice)).collect();
        let told = preview(&before, None, &changes);
        let mut after = before.clone();
        for change in &changes {
            let _ = try_apply(&mut after, None, change);
        }
        for person in people(&after) {
            let (had, has) = (held(&before, &person), held(&after, &person));
            for (action, target) in world::questions(&names) {
                if target == Target::Workspace && action.kind().is_some() && !action.is_top_level_create() {
                    continue;
                }
                if matches!(target, Target::Every(_)) && action.is_top_level_create()
                    || matches!(target, Target::One(_)) && action == Action::DestinationCreate
                {
                    continue;
                }
                let everywhere = |snapshot: &Snapshot, held: &Held| {
                    let every = target.kind().map(Target::Every).filter(|every| *every != target);
                    every.is_some_and(|every| evaluate(snapshot, held, action, &every).allowed)
                };
                if everywhere(&before, &had) && everywhere(&after, &has) {
                    continue;
                }
                let was = evaluate(&before, &had, action, &target).allowed;
                let is = evaluate(&after, &has, action, &target).allowed;
                let says = |rows: &[Access]| is_told(rows, &person, action, &target);
                // A gain on every resource is told of those that were allowed before, too.
                let is_there = !matches!(&target, Target::One(named) if !after.resources.contains_key(named));
                let gained = says(&told.gained) && !was && is_there;
                assert_eq!(gained, !was && is, "seed {seed}: {person:?} gains {action} {target}: {changes:?}");
                assert_eq!(
                    says(&told.lost),
                    was && !is,
                    "seed {seed}: {person:?} loses {action} {target}: {changes:?}"
                );
            }
        }
        gains += told.gained.len();
        losses += told.lost.len();
        exceptions += told.lost.iter().filter(|row| !row.except.is_empty()).count();
    }
    assert!(gains > 100 && losses > 100 && exceptions > 2, "{gains} gains, {losses} losses, {exceptions} exceptions");
}

#[test]
fn no_list_of_changes_leaves_a_workspace_without_an_owner() {
    let mut refused = 0;
    for seed in 0..WORKSPACES {
        let (mut snapshot, names, mut dice) = company(seed);
        for _ in 0..20 {
            let change = random_change(&snapshot, &names, &mut dice);
            let before = snapshot.clone();
            if let Err(refusals) = try_apply(&mut snapshot, None, &change) {
                assert_eq!(snapshot, before, "a refused change changes nothing");
                refused += usize::from(refusals == [Refusal::LastOwner]);
            }
            assert!(has_owner(&snapshot), "seed {seed}: {change:?}");
            if snapshot.groups.is_empty() {
                break;
            }
        }
    }
    assert!(refused > 50, "{refused} refusals");
}

/// Alma owns the workspace and Ben sees its sources; the group Data may edit one of them.
fn acme() -> (Snapshot, AccountId, AccountId, GroupId) {
    let mut snapshot = world::snapshot("business", &["engage"]);
    world::add_resource(&mut snapshot, "source/web", &[("env", "prod")], None);
    world::add_resource(&mut snapshot, "source/app", &[], None);
    let alma = world::add_member(&mut snapshot, 0, ["workspace_owner"]);
    let ben = world::add_member(&mut snapshot, 1, ["workspace_member", "source_read_only"]);
    world::add_group(&mut snapshot, "Data", ["source_admin@source/web"], &[]);
    snapshot.labels.insert(("env".to_owned(), "prod".to_owned()));
    snapshot.seats.active = 2;
    let group = snapshot.groups.keys().next().unwrap().clone();
    (snapshot, alma, ben, group)
}

fn refusals(snapshot: &Snapshot, giver: Option<&Held>, change: Change) -> Vec<&'static str> {
    preview(snapshot, giver, &[change]).problems.iter().map(|(_, refusal)| refusal.code()).collect()
}

fn exprs(texts: &[&str]) -> Vec<GrantExpr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[test]
fn each_rule_refuses_by_its_name() {
    let (mut snapshot, alma, ben, group) = acme();
    let grant = |text: &str| Change::Grant { expr: text.parse().unwrap(), to: Party::Member(ben.clone()) };
    let giver = holder(&exprs(&["source_read_only"]));
    assert_eq!(refusals(&snapshot, Some(&giver), grant("source_admin")), ["delegation_exceeded"]);
    assert_eq!(refusals(&snapshot, None, grant("tracking_plan_admin")), ["plan_required"]);
    assert_eq!(refusals(&snapshot, None, grant("source_admin@source/nowhere")), ["unknown_resource"]);
    assert_eq!(refusals(&snapshot, None, grant("source_admin@{env:dev}")), ["unknown_label"]);
    let stranger = world::member_id(9);
    assert_eq!(refusals(&snapshot, None, Change::RemoveMember { member: stranger }), ["unknown_member"]);
    assert_eq!(refusals(&snapshot, None, Change::RemoveMember { member: alma.clone() }), ["last_owner"]);
    let set = |texts: &[&str], member: &AccountId| Change::SetGrants { grants: exprs(texts), member: member.clone() };
    assert_eq!(refusals(&snapshot, None, set(&["source_admin"], &ben)), ["workspace_role_required"]);
    assert_eq!(refusals(&snapshot, None, set(&["workspace_member"], &alma)), ["last_owner"]);
    let revoke = |text: &str| Change::Revoke { expr: text.parse().unwrap(), from: Party::Member(ben.clone()) };
    assert_eq!(refusals(&snapshot, None, revoke("source_admin")), ["unknown_grant"]);
    assert_eq!(refusals(&snapshot, None, revoke("workspace_member")), ["workspace_role_required"]);
    let labels = Labels::new([("env", "prod")]).unwrap();
    let resource: ResourceRef = "function/f".parse().unwrap();
    let codes = refusals(&snapshot, None, Change::SetLabels { labels, resource });
    assert_eq!(codes, ["unknown_resource", "labels_not_allowed"]);
    let join = |who| Change::AddToGroup { group: group.clone(), who };
    assert_eq!(refusals(&snapshot, Some(&giver), join(Joiner::Member(ben.clone()))), ["delegation_exceeded"]);
    assert_eq!(refusals(&snapshot, None, join(Joiner::Address("x@example.com".parse().unwrap()))), ["unknown_member"]);

    let invite = |email: &str| Change::Invite {
        email: email.parse().unwrap(),
        grants: exprs(&["workspace_member"]),
        groups: Vec::new(),
    };
    assert_eq!(refusals(&snapshot, None, invite("m1@example.com")), ["already_member"]);
    snapshot.workspace.seat_limit = Some(3);
    let both = preview(&snapshot, None, &[invite("a@example.com"), invite("a@example.com"), invite("b@example.com")]);
    let codes: Vec<_> = both.problems.iter().map(|(index, refusal)| (*index, refusal.code())).collect();
    assert_eq!(codes, [(1, "already_invited"), (2, "seat_limit_reached")]);
}

fn told(rows: &[Access]) -> Vec<String> {
    let tell = |row: &Access| {
        let actions: Vec<&str> = row.actions.iter().map(Action::as_str).collect();
        let except: Vec<String> = row.except.iter().map(ToString::to_string).collect();
        format!("{} on {} except {}", actions.join(" "), row.target, except.join(" "))
    };
    rows.iter().map(tell).collect()
}

#[test]
fn a_loss_of_every_resource_names_those_that_stay() {
    let (snapshot, _, ben, group) = acme();
    let changes = [
        Change::AddToGroup { group, who: Joiner::Member(ben.clone()) },
        Change::Revoke { expr: "source_read_only".parse().unwrap(), from: Party::Member(ben.clone()) },
    ];
    let Preview { problems, gained, lost } = preview(&snapshot, None, &changes);
    assert_eq!(problems, []);
    assert_eq!(told(&gained), ["source:edit source:delete on source/web except "]);
    let lost = told(&lost);
    assert_eq!(lost[0], "source:view on source/* except source/web");
    assert_eq!(lost[1], "destination:view on destination/* except ");
    let mut after = snapshot;
    for change in &changes {
        try_apply(&mut after, None, change).unwrap();
    }
    let ask = |resource: &str| {
        let target = Target::One(resource.parse().unwrap());
        decide(&after, &Question { member: ben.clone(), action: Action::SourceView, target }).allowed
    };
    assert!(ask("source/web") && !ask("source/app"));
}

#[test]
fn a_downgrade_takes_what_sleeps_and_an_upgrade_gives_it_back() {
    let (mut snapshot, _, ben, _) = acme();
    snapshot.members.get_mut(&ben).unwrap().grants.extend(world::grants(["engage_read_only"]));
    world::add_resource(&mut snapshot, "space/s", &[], None);
    let to = |engage| Change::SetPlan { plan: Plan::Business, add_ons: AddOns { protocols: false, engage } };
    let down = preview(&snapshot, None, &[to(false)]);
    assert_eq!(told(&down.lost), ["space:view audience:view computed_trait:view journey:view on space/* except "]);
    assert_eq!((down.problems.len(), down.gained.len()), (0, 0));
    let back = preview(&snapshot, None, &[to(false), to(true)]);
    assert_eq!(back, Preview::default());
}
