//! What a preview says is what happens: random changes are previewed, tried dry, made for real, and the decisions of
//! everyone before and after are compared with what was told.

use std::collections::BTreeMap;

use rolecall::model::Action;
use serde_json::{Value, json};

use crate::support::{Answer, App, BOOTSTRAP, Tenant, secret, text};

const STEPS: usize = 160;
const RESOURCES: &[&str] = &["source/web", "source/app", "destination/ads", "space/eu", "function/f"];
const KINDS: &[&str] = &["source", "destination", "space", "function", "warehouse", "tracking_plan"];
const GRANTS: &[&str] = &[
    "workspace_member",
    "minimal_workspace_access",
    "workspace_owner",
    "source_admin",
    "source_read_only",
    "source_read_only@source/web",
    "source_admin@source/app",
    "source_admin@destination/ads",
    "source_read_only@{env:prod}",
    "source_admin@{env:dev}",
    "engage_admin",
    "engage_user@space/eu",
    "engage_read_only@{env:prod}",
    "function_read_only@function/f",
    "function_admin",
    "warehouse_admin",
    "identity_admin",
    "pii_access",
    "pii_access@{env:prod}",
    "tracking_plan_admin",
    "source_admin@source/nowhere",
    "engage_user@{env:none}",
];

/// Choices that are the same in each run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

struct World {
    app: App,
    acme: Tenant,
    /// A token of the workspace that holds the owner's role and is no owner.
    root: String,
    /// A token that may administer members and holds little.
    clerk: String,
    members: Vec<String>,
    groups: Vec<String>,
}

type Verdicts = BTreeMap<(String, String, String), bool>;

impl World {
    fn new() -> Self {
        let app = App::new();
        let acme = app.tenant("acme");
        app.resource(&acme, "source/web", &json!({"labels": {"env": "prod"}}));
        app.resource(&acme, "source/app", &json!({"labels": {"env": "dev"}}));
        app.resource(&acme, "destination/ads", &json!({"parent": "source/web"}));
        app.resource(&acme, "space/eu", &json!({"labels": {"env": "prod"}}));
        app.resource(&acme, "function/f", &json!({}));
        let root = app.token(&acme, &json!({"name": "root", "grants": ["workspace_owner"]}));
        let actions =
            ["member:view", "member:edit", "member:remove", "member:invite", "group:manage", "workspace:view"];
        let clerk = json!({"name": "clerk", "actions": actions, "grants": ["source_read_only", "function_admin"]});
        let clerk = app.token(&acme, &clerk);
        let mut world = Self { root, clerk, members: vec![acme.owner.clone()], groups: Vec::new(), app, acme };
        for index in 0..3 {
            let (id, _) = world.app.member(&world.acme, &format!("m{index}@example.com"), &["workspace_member"]);
            world.members.push(id);
        }
        for name in ["Data", "Web"] {
            let body = json!({"name": name, "grants": ["source_read_only@{env:prod}"]});
            let made = world.app.post(&world.acme.path("groups"), &world.root, &body).ok(201);
            world.groups.push(text(&made["id"]));
        }
        world
    }

    /// Each decision about everyone, by member, action and resource: those that a preview tells.
    fn verdicts(&self) -> Verdicts {
        let mut questions: Vec<(String, String)> = Vec::new();
        for action in Action::ALL {
            if action.kind().is_none() || action.is_top_level_create() {
                questions.push((action.to_string(), "workspace".to_owned()));
            }
            let fits = |kind: &str| {
                *action == Action::PiiView
                    || (action.kind().is_some_and(|own| own.as_str() == kind) && !action.is_top_level_create())
            };
            let every = KINDS.iter().filter(|kind| fits(kind)).map(|kind| format!("{kind}/*"));
            let ones = RESOURCES.iter().filter(|name| fits(name.split('/').next().unwrap()));
            questions.extend(every.chain(ones.map(|name| (*name).to_owned())).map(|name| (action.to_string(), name)));
        }
        let mut verdicts = Verdicts::new();
        for member in &self.members {
            let checks: Vec<Value> = questions
                .iter()
                .map(|(action, on)| json!({"member": member, "action": action, "resource": on}))
                .collect();
            let answer = self.app.post(&self.acme.path("check/batch"), &self.root, &json!({"checks": checks})).ok(200);
            for ((action, on), result) in questions.iter().zip(answer["results"].as_array().unwrap()) {
                verdicts.insert((member.clone(), action.clone(), on.clone()), result["allowed"] == true);
            }
        }
        verdicts
    }

    fn grant_id(&self, holder: &str, expr: &str) -> String {
        let path = if holder.starts_with("grp_") { format!("groups/{holder}") } else { format!("members/{holder}") };
        let found = self.app.get(&self.acme.path(&path), &self.root).body;
        let grants = found["grants"].as_array().cloned().unwrap_or_default();
        let own = grants.iter().find(|grant| grant["expression"] == expr && grant["via"] == "direct");
        own.map_or_else(|| "gnt_00000000000000000000000000".to_owned(), |grant| text(&grant["id"]))
    }

    /// A random change as a preview takes it, and the request that makes it: method, path, body, token.
    fn change(&self, dice: &mut Dice) -> (Value, (&'static str, String, Value, bool)) {
        let member = dice.pick(&self.members).clone();
        let group = dice.pick(&self.groups).clone();
        let (holder, kind) = if dice.below(2) == 0 { (&member, "members") } else { (&group, "groups") };
        let expr = *dice.pick(GRANTS);
        let mut some: Vec<&str> = (0..dice.below(3)).map(|_| *dice.pick(GRANTS)).collect();
        if dice.below(2) > 0 {
            some.push("workspace_member");
        }
        match dice.below(10) {
            0 | 1 => (
                json!({"grant": expr, "to": holder}),
                ("POST", format!("{kind}/{holder}/grants"), json!({"grants": [expr]}), false),
            ),
            2 => (
                json!({"revoke": expr, "from": holder}),
                ("DELETE", format!("{kind}/{holder}/grants/{}", self.grant_id(holder, expr)), Value::Null, false),
            ),
            3 => (
                json!({"set_grants": some, "member": member}),
                ("PUT", format!("members/{member}/grants"), json!({"grants": some}), false),
            ),
            4 => (json!({"remove_member": member}), ("DELETE", format!("members/{member}"), Value::Null, false)),
            5 => (
                json!({"add_to_group": group, "member": member}),
                ("POST", format!("groups/{group}/members"), json!({"members": [member]}), false),
            ),
            6 => (
                json!({"remove_from_group": group, "member": member}),
                ("DELETE", format!("groups/{group}/members/{member}"), Value::Null, false),
            ),
            7 => (
                json!({"set_group_grants": some, "group": group}),
                ("PUT", format!("groups/{group}/grants"), json!({"grants": some}), false),
            ),
            8 => {
                let (plan, add_ons) = (*dice.pick(&["free", "team", "business"]), ["protocols", "engage"]);
                let add_ons = &add_ons[dice.below(3)..];
                let body = json!({"plan": plan, "add_ons": add_ons});
                (json!({"set_plan": plan, "add_ons": add_ons}), ("PATCH", String::new(), body, true))
            }
            _ => {
                let labels = json!({"env": dice.pick(&["prod", "dev"])});
                let on = *dice.pick(&["source/web", "source/app", "space/eu"]);
                let body = json!({"name": on, "labels": labels});
                (json!({"set_labels": labels, "resource": on}), ("PUT", format!("resources/{on}"), body, false))
            }
        }
    }
}

/// True when a list of differences tells of one decision.
fn is_told(rows: &Value, (member, action, on): &(String, String, String)) -> bool {
    let kind = on.split('/').next().unwrap();
    rows.as_array().unwrap().iter().any(|row| {
        let excepted = row["except"].as_array().is_some_and(|except| except.iter().any(|name| name == on));
        let reaches = row["resource"] == *on || (row["resource"] == format!("{kind}/*") && !excepted);
        row["member"] == *member && row["actions"].as_array().unwrap().iter().any(|one| one == action) && reaches
    })
}

fn codes(problems: &Value) -> Vec<String> {
    problems.as_array().unwrap().iter().map(|problem| text(&problem["code"])).collect()
}

/// One change: what was told of it, and what came of it, dry and for real.
struct Step {
    told: Value,
    dry: Answer,
    real: Answer,
    at: String,
}

impl World {
    fn step(&self, dice: &mut Dice) -> Step {
        let (change, (method, path, body, is_billing)) = self.change(dice);
        let is_for_clerk = dice.below(4) == 0 && method != "PATCH" && !path.starts_with("resources");
        let caller = if is_for_clerk { &self.clerk } else { &self.root };
        let path = if path.is_empty() { self.acme.root() } else { self.acme.path(&path) };
        let token = if is_billing { BOOTSTRAP } else { caller };
        let preview = json!({"changes": [change]});
        let told = self.app.unchanged(|| self.app.post(&self.acme.path("preview"), token, &preview)).ok(200);
        let dry = self.app.unchanged(|| self.app.call(method, &format!("{path}?dry_run=true"), token, &body));
        let real = self.app.call(method, &path, token, &body);
        let at = format!("{change}, told {told}, dry {}, then {} {}", dry.body, real.status, real.body);
        Step { told, dry, real, at }
    }

    /// Whoever was removed comes back, so that the company stays as large. True when somebody did.
    fn refill(&self) -> bool {
        let gone: Vec<usize> = (1..self.members.len())
            .filter(|index| self.app.get(&self.acme.member(&self.members[*index]), &self.root).status == 404)
            .collect();
        for index in &gone {
            let email = format!("m{}@example.com", index - 1);
            let body = json!({"invites": [{"email": email, "grants": ["workspace_member"]}], "deliver": "link"});
            let invite = self.app.post(&self.acme.path("invites"), &self.root, &body).ok(201)["data"][0].clone();
            self.app.try_accept(&secret(&invite)).ok(201);
        }
        !gone.is_empty()
    }
}

impl Step {
    /// The problems that were told are those that refused it; answers the code of the refusal.
    fn check_problems(&self) -> Option<String> {
        let (Self { told, dry, real, at }, problems) = (self, codes(&self.told["problems"]));
        if dry.status == 200 {
            let dry_codes = codes(&dry.body["problems"]);
            assert!(dry_codes.iter().all(|code| problems.contains(code)), "{at}");
            assert_eq!(dry_codes.is_empty(), real.status < 400, "{at}");
        } else {
            assert_eq!((dry.status, &dry.body["code"]), (real.status, &real.body["code"]), "{at}");
        }
        if real.status < 400 {
            assert!(problems.is_empty(), "{at}");
            assert_eq!(dry.clone().ok(200)["changes"], told["changes"], "{at}");
            return None;
        }
        let first = &real.body["errors"][0]["code"];
        let code = text(if first.is_string() { first } else { &real.body["code"] });
        // Nothing to take away is no address to write to: a preview names it, a route answers 404.
        let names_nothing = problems.iter().any(|code| code == "unknown_grant" || code == "unknown_member");
        let is_absent = code == "not_found" && (problems.is_empty() || names_nothing);
        assert!(problems.contains(&code) || is_absent, "{at}");
        Some(code)
    }

    /// Each decision that turned was told, and no other; answers how many did.
    fn check_decisions(&self, before: &Verdicts, after: &Verdicts) -> usize {
        let (changes, at) = (&self.told["changes"], &self.at);
        for (question, was) in before {
            let is = after[question];
            assert_eq!(is_told(&changes["lost"], question), *was && !is, "{question:?} at {at}");
            assert_eq!(is_told(&changes["gained"], question) && !was, !was && is, "{question:?} at {at}");
        }
        before.iter().filter(|(question, was)| after[*question] != **was).count()
    }
}

const RULES: &[&str] = &[
    "last_owner",
    "workspace_role_required",
    "plan_required",
    "delegation_exceeded",
    "unknown_resource",
    "unknown_label",
];

#[test]
fn what_a_preview_says_is_what_happens() {
    let world = World::new();
    let (mut dice, mut turned, mut refused) = (Dice(0x5eed), 0, BTreeMap::<String, usize>::new());
    let mut now = world.verdicts();
    for _ in 0..STEPS {
        let step = world.step(&mut dice);
        if let Some(code) = step.check_problems() {
            *refused.entry(code).or_default() += 1;
        }
        let after = world.verdicts();
        turned += step.check_decisions(&now, &after);
        now = if world.refill() { world.verdicts() } else { after };
    }
    assert!(turned > 300, "{turned} decisions turned");
    let unmet: Vec<_> = RULES.iter().filter(|code| !refused.contains_key(**code)).collect();
    assert!(unmet.is_empty(), "{unmet:?} never refused: {refused:?}");
}
