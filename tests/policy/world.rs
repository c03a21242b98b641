//! Workspaces for tests: from expressions and names to a snapshot.

use rolecall::model::{
    AccountId, Action, AddOns, Grant, GrantExpr, GrantId, GroupId, Labels, Plan, Resource, ResourceKind, ResourceRef,
    Role, Settings, Target, Timestamp, Workspace, WorkspaceId,
};
use rolecall::policy::{GroupAccess, MemberAccess, ResourceFacts, Snapshot};

const LABELS: &[&str] = &["env:prod", "env:dev", "team:a", "env:prod,team:a"];
const AT: Timestamp = Timestamp::from_ms(0);

/// An empty workspace on a plan.
pub(crate) fn snapshot(plan: &str, add_ons: &[&str]) -> Snapshot {
    Snapshot::new(Workspace {
        id: WorkspaceId::new(AT, [0; 10]),
        slug: "test".parse().unwrap(),
        name: "Test".parse().unwrap(),
        plan: plan.parse::<Plan>().unwrap(),
        add_ons: AddOns::of(add_ons.iter().map(|text| text.parse().unwrap())),
        seat_limit: None,
        settings: Settings::default(),
        version: 1,
        created_at: AT,
    })
}

/// Grants of these expressions.
pub(crate) fn grants<'a>(exprs: impl IntoIterator<Item = &'a str>) -> Vec<Grant> {
    let grant = |(index, text): (usize, &str)| Grant {
        id: GrantId::new(AT, [u8::try_from(index % 256).unwrap(); 10]),
        expr: text.parse::<GrantExpr>().unwrap_or_else(|error| panic!("{text}: {error}")),
        created_at: AT,
        created_by: String::new(),
    };
    exprs.into_iter().enumerate().map(grant).collect()
}

/// The id of the nth member.
pub(crate) fn member_id(index: usize) -> AccountId {
    AccountId::new(AT, [u8::try_from(index).unwrap(); 10])
}

/// Adds a member with these grants.
pub(crate) fn add_member<'a>(
    snapshot: &mut Snapshot,
    index: usize,
    exprs: impl IntoIterator<Item = &'a str>,
) -> AccountId {
    let id = member_id(index);
    let email = format!("m{index}@example.com").parse().unwrap();
    let access =
        MemberAccess { email, name: format!("m{index}").parse().unwrap(), grants: grants(exprs), groups: Vec::new() };
    snapshot.members.insert(id.clone(), access);
    id
}

/// Adds a group with these grants and members.
pub(crate) fn add_group<'a>(
    snapshot: &mut Snapshot,
    name: &str,
    exprs: impl IntoIterator<Item = &'a str>,
    members: &[AccountId],
) {
    let id = GroupId::new(AT, [u8::try_from(snapshot.groups.len()).unwrap(); 10]);
    snapshot.groups.insert(id.clone(), GroupAccess { name: name.parse().unwrap(), grants: grants(exprs) });
    for member in members {
        snapshot.members.get_mut(member).unwrap().groups.push(id.clone());
    }
}

/// Registers a resource with labels written `key:value`.
pub(crate) fn add_resource(snapshot: &mut Snapshot, reference: &str, labels: &[(&str, &str)], parent: Option<&str>) {
    let facts = ResourceFacts {
        labels: Labels::new(labels.iter().copied()).unwrap(),
        parent: parent.map(|parent| parent.parse().unwrap()),
    };
    let reference: ResourceRef = reference.parse().unwrap();
    Resource::check(reference.kind(), &facts.labels, facts.parent.as_ref())
        .unwrap_or_else(|error| panic!("{reference}: {error}"));
    snapshot.resources.insert(reference, facts);
}

/// Every valid grant expression over these resources and the labels of random workspaces.
pub(crate) fn every_grant(resources: &[String]) -> Vec<GrantExpr> {
    let labels = LABELS.iter().map(|labels| format!("@{{{labels}}}"));
    let scopes: Vec<String> =
        [String::new()].into_iter().chain(resources.iter().map(|name| format!("@{name}"))).chain(labels).collect();
    let texts = Role::all().flat_map(|role| scopes.iter().map(move |scope| format!("{role}{scope}")));
    texts.filter_map(|text| text.parse().ok()).collect()
}

/// Every question that can be asked of these resources, of whole kinds and of the workspace.
pub(crate) fn questions(names: &[String]) -> Vec<(Action, Target)> {
    let mut targets: Vec<Target> = names.iter().map(|name| Target::One(name.parse().unwrap())).collect();
    targets.extend(ResourceKind::ALL.map(Target::Every));
    targets.push(Target::Workspace);
    let pairs = Action::ALL.iter().flat_map(|action| targets.iter().map(|target| (*action, target.clone())));
    pairs.filter(|(action, target)| target.fits(*action)).collect()
}

/// Choices that are the same in each run (SplitMix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(limit).unwrap()).unwrap()
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// A resource's name, labels and parent.
pub(crate) type Registered = (String, Vec<(&'static str, &'static str)>, Option<String>);

/// The resources of a random workspace: a few of each kind, some labelled, destinations with parents.
pub(crate) fn random_resources(dice: &mut Dice) -> Vec<Registered> {
    let mut made: Vec<Registered> = Vec::new();
    for kind in ["source", "space", "tracking_plan", "warehouse", "function"] {
        for index in 0..=dice.below(2) {
            let mut labels = Vec::new();
            if matches!(kind, "source" | "space") {
                labels.extend([None, Some(("env", "prod")), Some(("env", "dev"))][dice.below(3)]);
                labels.extend([None, Some(("team", "a"))][dice.below(2)]);
            }
            made.push((format!("{kind}/r{index}"), labels, None));
        }
    }
    let sources: Vec<String> =
        made.iter().filter(|made| made.0.starts_with("source")).map(|made| made.0.clone()).collect();
    for index in 0..=dice.below(2) {
        made.push((format!("destination/r{index}"), Vec::new(), Some(dice.pick(&sources).clone())));
    }
    made
}

/// A random grant expression that is valid, over these resources.
pub(crate) fn random_grant(dice: &mut Dice, resources: &[String]) -> String {
    let roles: Vec<Role> = Role::all().collect();
    loop {
        let role = dice.pick(&roles);
        let scope = match dice.below(4) {
            0 => String::new(),
            1 => format!("@{{{}}}", dice.pick(LABELS)),
            _ => format!("@{}", dice.pick(resources)),
        };
        let text = format!("{role}{scope}");
        // An owner may everything: rare, or nothing else would be tested.
        let is_rare = *role == Role::WorkspaceOwner && dice.below(8) > 0;
        if text.parse::<GrantExpr>().is_ok() && !is_rare {
            return text;
        }
    }
}
