//! Random workspaces: both access lists, page by page, against a check of every pair.

use std::collections::{BTreeMap, BTreeSet};

use rolecall::model::{Action, Target};
use serde_json::{Value, json};

use crate::support::{App, Tenant, text};
use crate::world::{Dice, Registered, questions, random_grant, random_resources};

const WORKSPACES: u64 = 50;
const ACTIONS: &[Action] = &[
    Action::WorkspaceView,
    Action::IdentityView,
    Action::SourceView,
    Action::SourceCreate,
    Action::DestinationView,
    Action::DestinationCreate,
    Action::TrackingPlanView,
    Action::SpaceEdit,
    Action::AudienceCreate,
    Action::WarehouseView,
    Action::FunctionEdit,
    Action::PiiView,
];

/// What a check says, by member, action and resource.
type Said = BTreeMap<(String, String, String), Value>;

/// A workspace of the dice, with all that an access list has to see through.
struct World {
    app: App,
    acme: Tenant,
    members: Vec<String>,
    resources: Vec<Registered>,
}

impl World {
    fn new(seed: u64) -> Self {
        let (app, mut dice) = (App::new(), Dice(seed));
        let acme = app.tenant("acme");
        let resources = random_resources(&mut dice);
        for (name, labels, parent) in &resources {
            let labels: BTreeMap<&str, &str> = labels.iter().copied().collect();
            let mut body = json!({"labels": labels});
            if let Some(parent) = parent {
                body["parent"] = json!(parent);
            }
            app.resource(&acme, name, &body);
        }
        for (key, value) in [("env", "prod"), ("env", "dev"), ("team", "a")] {
            app.post(&acme.path("labels"), &acme.token, &json!({"key": key, "value": value}));
        }
        let mut world = Self { app, acme, members: Vec::new(), resources };
        world.people(&mut dice);
        world.groups(&mut dice);
        let plan = *dice.pick(&["free", "team", "business", "business"]);
        let add_ons = *dice.pick(&[&[][..], &["engage"][..], &["protocols", "engage"][..]]);
        world.app.bill(&world.acme, &json!({"plan": plan, "add_ons": add_ons}));
        world
    }

    fn names(&self) -> Vec<String> {
        self.resources.iter().map(|resource| resource.0.clone()).collect()
    }

    fn grants(&self, dice: &mut Dice, most: usize) -> Vec<String> {
        let names = self.names();
        let mut grants: Vec<String> = (0..dice.below(most + 1)).map(|_| random_grant(dice, &names)).collect();
        // Un-masking is one role of many, and the one with a rule of its own.
        if dice.below(3) == 0 {
            grants.push((*dice.pick(&["pii_access", "pii_access@{env:prod}", "pii_access@source/r0"])).to_owned());
        }
        grants.sort();
        grants.dedup();
        grants
    }

    fn people(&mut self, dice: &mut Dice) {
        for index in 0..4 + dice.below(4) {
            let mut grants = self.grants(dice, 3);
            grants.push("workspace_member".to_owned());
            grants.dedup();
            let grants: Vec<&str> = grants.iter().map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect();
            let email = format!("m{index}@example.com");
            // An invitee holds grants too, and is no member.
            if dice.below(5) == 0 {
                self.app.invite(&self.acme, &email, &grants);
            } else {
                self.members.push(self.app.member(&self.acme, &email, &grants).0);
            }
        }
        self.members.push(self.acme.owner.clone());
        self.app.token(&self.acme, &json!({"name": "ci", "grants": ["source_admin", "workspace_member"]}));
    }

    fn groups(&self, dice: &mut Dice) {
        for index in 0..dice.below(4) {
            let body = json!({"name": format!("g{index}"), "grants": self.grants(dice, 3)});
            let group = self.app.post(&self.acme.path("groups"), &self.acme.token, &body).ok(201);
            let mut joining: Vec<&String> = self.members.iter().filter(|_| dice.below(2) == 0).collect();
            let invitee = "later@example.com".to_owned();
            if index == 0 {
                self.app.invite(&self.acme, &invitee, &["workspace_member"]);
                joining.push(&invitee);
            }
            let path = self.acme.path(&format!("groups/{}/members", text(&group["id"])));
            self.app.post(&path, &self.acme.token, &json!({"members": joining})).ok(200);
        }
    }

    /// What a check says of each member on each question, with its reasons.
    fn checks(&self, questions: &[(Action, Target)]) -> Said {
        let keys: Vec<(String, String, String)> = (questions.iter())
            .flat_map(|(action, target)| {
                self.members.iter().map(|member| (member.clone(), action.to_string(), target.to_string()))
            })
            .collect();
        let mut said = BTreeMap::new();
        for chunk in keys.chunks(1_000) {
            let check = |(member, action, resource): &(String, String, String)| json!({"member": member, "action": action, "resource": resource});
            let body = json!({"checks": chunk.iter().map(check).collect::<Vec<_>>(), "explain": true});
            let answer = self.app.post(&self.acme.path("check/batch"), &self.acme.token, &body).ok(200);
            said.extend(chunk.iter().cloned().zip(answer["results"].as_array().unwrap().iter().cloned()));
        }
        said
    }

    /// All rows of a list by what they are about, each once and in order.
    fn walk(&self, query: &str, limit: usize, pointer: &str) -> Vec<(String, Value)> {
        let (mut rows, mut cursor): (Vec<(String, Value)>, _) = (Vec::new(), String::new());
        loop {
            let path = self.acme.path(&format!("access/{query}&limit={limit}{cursor}"));
            let page = self.app.get(&path, &self.acme.token).ok(200);
            let data = page["data"].as_array().unwrap();
            rows.extend(data.iter().map(|row| (text(row.pointer(pointer).unwrap()), row["because"].clone())));
            assert_eq!(page["complete"], page["next_cursor"].is_null());
            assert!(rows.len() < 1_000, "{query} doesn't end");
            let Some(next) = page["next_cursor"].as_str() else { return rows };
            cursor = format!("&cursor={next}");
        }
    }
}

/// Compares a list of each of many workspaces with the checks; `compare` answers how many rows it saw.
fn each_world(compare: impl Fn(u64, &World, &[(Action, Target)], &Said) -> usize) {
    let mut listed = 0;
    for seed in 0..WORKSPACES {
        let world = World::new(seed);
        let asked: Vec<(Action, Target)> =
            questions(&world.names()).into_iter().filter(|(action, _)| ACTIONS.contains(action)).collect();
        listed += compare(seed, &world, &asked, &world.checks(&asked));
    }
    assert!(listed > 1_000, "only {listed} rows: the workspaces are too empty to show anything");
}

/// Those of some names that a check allows, in the order of their ids, with its reasons.
fn meant(said: &Said, mut names: Vec<String>, key: impl Fn(&str) -> (String, String, String)) -> Vec<(String, Value)> {
    names.sort();
    let answer = |name: String| said.get(&key(&name)).map(|said| (name, said.clone()));
    let answers = names.into_iter().filter_map(answer).filter(|(_, said)| said["allowed"] == true);
    answers.map(|(name, said)| (name, said["because"].clone())).collect()
}

#[test]
fn the_list_of_members_is_what_checks_say_of_every_pair() {
    each_world(|seed, world, asked, said| {
        let mut dice = Dice(seed);
        let compare = |(action, target): &(Action, Target)| {
            let query = format!("members?action={action}&resource={target}");
            let rows = world.walk(&query, 1 + dice.below(4), "/member/id");
            let key = |member: &str| (member.to_owned(), action.to_string(), target.to_string());
            assert_eq!(rows, meant(said, world.members.clone(), key), "seed {seed}: {query}");
            rows.len()
        };
        asked.iter().map(compare).sum()
    });
}

#[test]
fn the_list_of_resources_is_what_checks_say_of_every_pair() {
    each_world(|seed, world, asked, said| {
        let mut dice = Dice(seed);
        let kind = |(action, target): &(Action, Target)| match target {
            Target::One(resource) => Some((*action, resource.kind().as_str())),
            Target::Workspace | Target::Every(_) => None,
        };
        let kinds: BTreeSet<(Action, &str)> = asked.iter().filter_map(kind).collect();
        let mut listed = 0;
        for ((action, kind), member) in kinds.iter().flat_map(|pair| world.members.iter().map(move |who| (pair, who))) {
            let query = format!("resources?member={member}&action={action}&type={kind}");
            let rows = world.walk(&query, 1 + dice.below(2), "/resource");
            let is_kind = |name: &String| name.starts_with(&format!("{kind}/"));
            let names = world.names().into_iter().filter(is_kind).collect();
            let key = |name: &str| (member.clone(), action.to_string(), name.to_owned());
            assert_eq!(rows, meant(said, names, key), "seed {seed}: {query}");
            listed += rows.len();
        }
        listed
    });
}
