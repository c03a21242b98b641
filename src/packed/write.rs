//! From a snapshot to bytes.

use rolecall_lists::NONE;
use xxhash_rust::xxh64::xxh64;

use crate::model::{
    Grant, GrantExpr, GroupId, Labels, Plan, ResourceKind, ResourceRef, Scope, Workspace, distinct, sort_rows,
};
use crate::policy::Snapshot;

use super::decide::grant_word;
use super::history::time_of;
use super::layout::{BEFORE_COUNTS, Counts, MAGIC, VERSION};
use super::word;

/// The bytes of a snapshot, both halves.
pub fn write(snapshot: &Snapshot) -> Vec<u8> {
    let tables = Tables::of(snapshot);
    let mut writer = Writer { tables: &tables, counts: tables.counts(snapshot), ..Writer::new(&tables) };
    writer.facts(&snapshot.workspace, snapshot);
    writer.resources(snapshot);
    writer.labels(snapshot);
    writer.holders(snapshot);
    writer.finish(snapshot)
}

/// What is named, each thing once, in the order of its index.
struct Tables<'a> {
    resources: Vec<&'a ResourceRef>,
    labels: Vec<String>,
    sets: Vec<&'a Labels>,
    groups: Vec<&'a GroupId>,
}

fn all_grants(snapshot: &Snapshot) -> impl Iterator<Item = &Grant> {
    let groups = snapshot.groups.values().flat_map(|group| &group.grants);
    let members = snapshot.members.values().flat_map(|member| &member.grants);
    groups.chain(members).chain(snapshot.invites.values().flat_map(|invite| &invite.grants))
}

impl<'a> Tables<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        let mut resources: Vec<&ResourceRef> = snapshot.resources.keys().collect();
        resources.extend(snapshot.resources.values().filter_map(|facts| facts.parent.as_ref()));
        let mut sets: Vec<&Labels> = Vec::new();
        for grant in all_grants(snapshot) {
            match grant.expr.scope() {
                Scope::Workspace => {}
                Scope::Resource(resource) => resources.push(resource),
                Scope::Labels(labels) => sets.push(labels),
            }
        }
        let (resources, sets) = (distinct(resources), distinct(sets));
        let carried = snapshot.resources.values().map(|facts| &facts.labels);
        let named = carried.chain(sets.iter().copied()).flat_map(Labels::pairs);
        let labels = distinct(named.chain(snapshot.labels.iter().cloned()).map(pair));
        Self { resources, labels, sets, groups: snapshot.groups.keys().collect() }
    }

    fn resource(&self, resource: &ResourceRef) -> u32 {
        self.resources.binary_search(&resource).map_or(NONE, word)
    }

    fn label(&self, label: &str) -> u32 {
        self.labels.binary_search_by(|other| other.as_str().cmp(label)).map_or(NONE, word)
    }

    /// The indexes of labels, in order.
    fn label_list(&self, labels: &Labels) -> Vec<u32> {
        distinct(labels.pairs().map(|one| self.label(&pair(one))))
    }

    fn grant(&self, expr: &GrantExpr) -> u32 {
        let scope = match expr.scope() {
            Scope::Workspace => 0,
            Scope::Resource(resource) => 1 + self.resource(resource),
            Scope::Labels(labels) => {
                word(1 + self.resources.len()) + self.sets.binary_search(&labels).map_or(NONE, word)
            }
        };
        grant_word(expr.role(), scope)
    }

    fn counts(&self, snapshot: &Snapshot) -> Counts {
        let [sources, destinations, tracking_plans, spaces, warehouses, functions] = ResourceKind::ALL
            .map(|kind| word(self.resources.iter().filter(|resource| resource.kind() == kind).count()));
        Counts {
            sources,
            destinations,
            tracking_plans,
            spaces,
            warehouses,
            functions,
            labels: word(self.labels.len()),
            sets: word(self.sets.len()),
            groups: word(self.groups.len()),
            members: word(snapshot.members.len()),
            invites: word(snapshot.invites.len()),
            provisioned: word(snapshot.workspace.settings.provisioned_grants.len()),
            ..Counts::default()
        }
    }
}

fn pair((key, value): (String, String)) -> String {
    [key.as_str(), ":", &value].concat()
}

/// A list of texts: where each ends, and all of them in a row.
#[derive(Default)]
struct Texts {
    starts: Vec<u32>,
    text: String,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.starts.push(word(self.text.len()));
        self.text.push_str(text);
    }

    /// The offsets with the end of the last, and the text filled up to whole words.
    fn write(mut self, bytes: &mut Vec<u8>) {
        self.starts.push(word(self.text.len()));
        put(bytes, &self.starts);
        bytes.extend_from_slice(self.text.as_bytes());
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
}

fn put(bytes: &mut Vec<u8>, words: &[u32]) {
    bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
}

fn long(words: &mut Vec<u32>, number: i64) {
    let [a, b, c, d, e, f, g, h] = number.to_le_bytes();
    words.extend([u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]);
}

/// The lists as they grow.
struct Writer<'a> {
    tables: &'a Tables<'a>,
    counts: Counts,
    /// From the facts to the ids, in their order in the bytes.
    words: Vec<u32>,
    ids: Vec<u8>,
    holders: Vec<u32>,
    grants: Vec<u32>,
    joined: Vec<u32>,
    texts: Texts,
    grant_ids: Vec<u8>,
    givers: Vec<&'a str>,
    given_by: Vec<&'a str>,
    odd_times: Vec<u32>,
}

impl<'a> Writer<'a> {
    fn new(tables: &'a Tables<'a>) -> Self {
        Self {
            tables,
            counts: Counts::default(),
            words: Vec::new(),
            ids: Vec::new(),
            holders: Vec::new(),
            grants: Vec::new(),
            joined: Vec::new(),
            texts: Texts::default(),
            grant_ids: Vec::new(),
            givers: Vec::new(),
            given_by: Vec::new(),
            odd_times: Vec::new(),
        }
    }

    fn facts(&mut self, workspace: &Workspace, snapshot: &Snapshot) {
        let settings = &workspace.settings;
        let numbers = [
            workspace.version,
            workspace.created_at.as_ms(),
            workspace.seat_limit.unwrap_or(-1),
            snapshot.seats.active,
            snapshot.seats.pending,
            settings.invite_ttl_hours,
            settings.stale_after_days,
        ];
        numbers.into_iter().for_each(|number| long(&mut self.words, number));
        let flags =
            [workspace.add_ons.protocols, workspace.add_ons.engage, settings.require_sso, snapshot.has_other_owner];
        let flags = flags.into_iter().rev().fold(0, |bits, flag| (bits << 1) | u32::from(flag));
        let plan = match workspace.plan {
            Plan::Free => 0,
            Plan::Team => 1,
            Plan::Business => 2,
        };
        self.words.extend([plan, flags]);
        let id = workspace.id.to_bytes();
        self.words.extend(id.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four)));
        self.texts.push(workspace.slug.as_str());
        self.texts.push(workspace.name.as_str());
        settings.provisioned_grants.iter().for_each(|grant| self.texts.push(&grant.text()));
    }

    fn resources(&mut self, snapshot: &Snapshot) {
        let mut carried = Vec::new();
        for named in &self.tables.resources {
            self.texts.push(named.id());
            let facts = snapshot.resources.get(named);
            let parent =
                facts.and_then(|facts| facts.parent.as_ref()).map_or(NONE, |parent| self.tables.resource(parent));
            let flags = u32::from(facts.is_some()) | ((named.kind() as u32) << 1);
            self.words.extend([parent, word(carried.len()), flags]);
            carried.extend(facts.map(|facts| self.tables.label_list(&facts.labels)).unwrap_or_default());
        }
        self.words.extend([NONE, word(carried.len()), 0]);
        self.counts.carried = word(carried.len());
        self.words.extend(carried);
    }

    fn labels(&mut self, snapshot: &Snapshot) {
        let is_known = |label: &String| {
            let halves = label.split_once(':').map(|(key, value)| (key.to_owned(), value.to_owned()));
            halves.is_some_and(|pair| snapshot.labels.contains(&pair))
        };
        for label in &self.tables.labels {
            self.texts.push(label);
            self.words.push(u32::from(is_known(label)));
        }
        let mut in_sets = Vec::new();
        for set in &self.tables.sets {
            self.words.push(word(in_sets.len()));
            in_sets.extend(self.tables.label_list(set));
        }
        self.words.push(word(in_sets.len()));
        self.counts.in_sets = word(in_sets.len());
        self.words.extend(in_sets);
    }

    fn holders(&mut self, snapshot: &'a Snapshot) {
        for (id, group) in &snapshot.groups {
            self.ids.extend(id.to_bytes());
            self.texts.push(group.name.as_str());
            self.holder(&group.grants, &[]);
        }
        for (id, member) in &snapshot.members {
            self.ids.extend(id.to_bytes());
            self.texts.push(member.email.as_str());
            self.holder(&member.grants, &member.groups);
        }
        for (email, invite) in &snapshot.invites {
            self.texts.push(email.as_str());
            self.holder(&invite.grants, &invite.groups);
        }
        self.holders.extend([word(self.grants.len()), word(self.joined.len())]);
    }

    fn holder(&mut self, grants: &'a [Grant], groups: &[GroupId]) {
        self.holders.extend([word(self.grants.len()), word(self.joined.len())]);
        for grant in grants {
            let (nth, id) = (word(self.grants.len()), grant.id.to_bytes());
            if grant.created_at != time_of(id) {
                self.odd_times.push(nth);
                long(&mut self.odd_times, grant.created_at.as_ms());
            }
            self.grants.push(self.tables.grant(&grant.expr));
            self.grant_ids.extend(id);
            self.given_by.push(&grant.created_by);
        }
        // A group that isn't in the snapshot gives nothing.
        let known = groups.iter().filter_map(|group| self.tables.groups.binary_search(&group).ok());
        self.joined.extend(known.map(word));
    }

    /// The history: ids, givers, odd times and names.
    fn history(&mut self, snapshot: &Snapshot) -> Vec<u8> {
        self.givers = distinct(self.given_by.iter().copied());
        let mut bytes = std::mem::take(&mut self.grant_ids);
        let by: Vec<u32> = self.given_by.iter().map(|giver| self.givers.binary_search(giver).map_or(0, word)).collect();
        put(&mut bytes, &by);
        put(&mut bytes, &self.odd_times);
        let mut texts = Texts::default();
        snapshot.members.values().for_each(|member| texts.push(member.name.as_str()));
        self.givers.iter().for_each(|giver| texts.push(giver));
        self.counts.odd_times = word(self.odd_times.len() / 3);
        self.counts.givers = word(self.givers.len());
        self.counts.history_text = word(texts.text.len());
        texts.write(&mut bytes);
        bytes
    }

    fn finish(mut self, snapshot: &Snapshot) -> Vec<u8> {
        let history = self.history(snapshot);
        self.counts.grants = word(self.grants.len());
        self.counts.joined = word(self.joined.len());
        self.counts.text = word(self.texts.text.len());
        let mut by_email: Vec<(&str, u32)> =
            snapshot.members.values().zip(0..).map(|(member, nth)| (member.email.as_str(), nth)).collect();
        sort_rows(&mut by_email);
        let by_email: Vec<u32> = by_email.into_iter().map(|(_, nth)| nth).collect();

        let mut bytes = vec![0; 4 * BEFORE_COUNTS];
        put(&mut bytes, &self.counts.to_words());
        put(&mut bytes, &self.words);
        bytes.extend(&self.ids);
        for list in [&self.holders, &self.grants, &self.joined, &by_email] {
            put(&mut bytes, list);
        }
        self.texts.write(&mut bytes);
        seal(&mut bytes, &history);
        bytes.extend(history);
        bytes
    }
}

/// Fills in the header: mark, lengths, checksums.
fn seal(bytes: &mut [u8], history: &[u8]) {
    let (half, rest) = (word(bytes.len()), word(history.len()));
    let [first, second, third] = MAGIC;
    let mut set = |at: usize, value: &[u8]| {
        if let Some(place) = bytes.get_mut(at..at + value.len()) {
            place.copy_from_slice(value);
        }
    };
    set(0, &[first, second, third, VERSION]);
    set(12, &half.to_le_bytes());
    set(16, &rest.to_le_bytes());
    set(20, &xxh64(history, 0).to_le_bytes());
    let sum = xxh64(bytes.get(12..).unwrap_or_default(), 0);
    if let Some(place) = bytes.get_mut(4..12) {
        place.copy_from_slice(&sum.to_le_bytes());
    }
}
