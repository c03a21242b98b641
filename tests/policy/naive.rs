//! A naive model of the table of roles, written from the design alone: strings, a list of sentences, no cleverness.
//! It knows nothing of the catalog, of bits or of how the core walks grants.

/// Role, what the workspace must have, what it allows as noun and verbs; `top` is a create that needs the whole workspace.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)]);
const TABLE: &[Row] = &[
    ("workspace_member", "", &[("workspace", "view")]),
    ("minimal_workspace_access", "", &[("workspace", "view")]),
    ("source_admin", "", &[("source", "view edit delete top"), ("destination", "view edit delete top")]),
    ("source_read_only", "", &[("source", "view"), ("destination", "view")]),
    ("tracking_plan_admin", "protocols", &[("tracking_plan", "view edit delete top")]),
    ("tracking_plan_read_only", "protocols", &[("tracking_plan", "view")]),
    (
        "engage_admin",
        "engage",
        &[
            ("space", "view edit delete top"),
            ("audience", "view create edit delete"),
            ("computed_trait", "view create edit delete"),
            ("journey", "view create edit delete"),
        ],
    ),
    (
        "engage_read_only",
        "engage",
        &[("space", "view"), ("audience", "view"), ("computed_trait", "view"), ("journey", "view")],
    ),
    (
        "engage_user",
        "engage",
        &[
            ("space", "view"),
            ("audience", "view create edit delete"),
            ("computed_trait", "view create edit delete"),
            ("journey", "view create edit delete"),
        ],
    ),
    ("function_admin", "", &[("function", "view edit delete top")]),
    ("function_read_only", "", &[("function", "view")]),
    ("warehouse_admin", "business", &[("warehouse", "view edit delete top")]),
    ("warehouse_read_only", "business", &[("warehouse", "view")]),
    ("identity_admin", "business", &[("identity", "view edit")]),
    ("end_user_privacy_admin", "business", &[("privacy", "manage")]),
    ("entities_admin", "business", &[("entity", "view edit")]),
    ("entities_read_only", "business", &[("entity", "view")]),
];

/// A resource as text: reference, labels as `key:value`, parent.
#[derive(Clone)]
pub(crate) struct Thing {
    pub(crate) name: String,
    pub(crate) labels: Vec<String>,
    pub(crate) parent: Option<String>,
}

/// A workspace as text.
#[derive(Clone)]
pub(crate) struct World {
    /// `business`, `protocols`, `engage`: what it has.
    pub(crate) has: Vec<String>,
    pub(crate) things: Vec<Thing>,
}

impl World {
    fn thing(&self, name: &str) -> Option<&Thing> {
        self.things.iter().find(|thing| thing.name == name)
    }

    /// May who holds these expressions (own and by groups alike) do this? `None` asks about the workspace.
    pub(crate) fn may(&self, held: &[String], action: &str, resource: Option<&str>) -> bool {
        self.token_may(held, &[], action, resource)
    }

    /// As [`World::may`], for a token that holds single actions beside grants.
    pub(crate) fn token_may(&self, held: &[String], single: &[&str], action: &str, resource: Option<&str>) -> bool {
        let one = resource.filter(|name| !name.ends_with("/*"));
        if one.is_some_and(|name| self.thing(name).is_none()) {
            return false;
        }
        if held.iter().any(|grant| grant == "workspace_owner") {
            return true;
        }
        if action == "pii:view" {
            let Some(resource) = resource else { return false };
            let noun = resource.split('/').next().unwrap();
            let unmasks = single.contains(&action) || held.iter().any(|grant| self.pii(grant, resource));
            return unmasks && self.token_may(held, single, &format!("{noun}:view"), Some(resource));
        }
        single.contains(&action) || held.iter().any(|grant| self.gives(grant, action, resource))
    }

    /// Those of the grants that give this by themselves, awake (`true`) or asleep; not for PII, which takes two.
    pub(crate) fn reasons<'a>(
        &self,
        held: &'a [String],
        action: &str,
        resource: Option<&str>,
        awake: bool,
    ) -> Vec<&'a str> {
        let everywhere = Self { has: ["business", "protocols", "engage"].map(str::to_owned).to_vec(), ..self.clone() };
        let gives = |grant: &&String| {
            let now = *grant == "workspace_owner" || self.gives(grant, action, resource);
            if awake { now } else { !now && everywhere.gives(grant, action, resource) }
        };
        held.iter().filter(gives).map(String::as_str).collect()
    }

    /// How many actions a role allows; all, for the owner.
    pub(crate) fn power(grant: &str) -> usize {
        let (role, _) = split(grant);
        let verbs = |(_, verbs): &(&str, &str)| verbs.split(' ').count();
        match TABLE.iter().find(|row| row.0 == role) {
            Some((_, _, allows)) => allows.iter().map(verbs).sum(),
            None if role == "pii_access" => 1,
            None => usize::MAX,
        }
    }

    fn pii(&self, grant: &str, resource: &str) -> bool {
        let (role, scope) = split(grant);
        role == "pii_access" && self.has("business") && self.in_scope(scope, Some(resource))
    }

    fn has(&self, need: &str) -> bool {
        need.is_empty() || self.has.iter().any(|have| have == need)
    }

    fn gives(&self, grant: &str, action: &str, resource: Option<&str>) -> bool {
        let (role, scope) = split(grant);
        let (noun, verb) = action.split_once(':').unwrap();
        let Some((_, need, allows)) = TABLE.iter().find(|row| row.0 == role) else { return false };
        if !self.has(need) || (scope.is_some_and(|scope| scope.starts_with('{')) && !self.has("business")) {
            return false;
        }
        let Some((_, verbs)) = allows.iter().find(|(allowed, _)| *allowed == noun) else { return false };
        let is_listed = verbs.split(' ').any(|listed| listed == verb);
        let is_top = verb == "create" && verbs.split(' ').any(|listed| listed == "top");
        if is_top { scope.is_none() } else { is_listed && self.in_scope(scope, resource) }
    }

    fn in_scope(&self, scope: Option<&str>, resource: Option<&str>) -> bool {
        let Some(scope) = scope else { return true };
        let Some(thing) = resource.and_then(|name| self.thing(name)) else { return false };
        let parent = thing.parent.as_ref().and_then(|parent| self.thing(parent));
        [Some(thing), parent].into_iter().flatten().any(|thing| match scope.strip_prefix('{') {
            Some(labels) => {
                labels.trim_end_matches('}').split(',').all(|label| thing.labels.iter().any(|have| have == label))
            }
            None => thing.name == scope,
        })
    }
}

fn split(grant: &str) -> (&str, Option<&str>) {
    grant.split_once('@').map_or((grant, None), |(role, scope)| (role, Some(scope)))
}
