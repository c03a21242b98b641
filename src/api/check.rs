//! Checks: may this member do that? Strong by default: each reads the database.

use std::collections::{BTreeMap, BTreeSet};

use crate::host::{Db as _, Host, Row};
use crate::model::{AccountId, Action, ResourceRef, Target, Workspace};
use crate::policy::{Decision, Held, HeldGrant, Snapshot, Unknown, evaluate};
use crate::store::{access, member, workspace};
use crate::wire::check::{BatchBody, BatchView, CheckBody, DecisionView, ResultView, Verdict};
use crate::wire::issue::Issues;

use super::body;
use super::context::Context;
use super::grant::add_resources;
use super::inside::{self, Inside};
use super::problem::Problem;
use super::reply::Reply;

const MOST: usize = 1_000;

/// A question that can be asked.
pub(super) struct Asked {
    /// An account id or an address, in lower case; `None` for the caller itself.
    pub(super) key: Option<String>,
    /// The action.
    pub(super) action: Action,
    /// What it is asked of.
    pub(super) target: Target,
}

/// One check with its reasons.
pub(super) async fn one<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let body: CheckBody = body::json(cx.request)?;
    let mut issues = Issues::default();
    let parsed = body.parse(&mut issues, "");
    let (action, target) = issues.finish(parsed)?;
    let mut inside = inside::enter_any(cx).await?;
    let asked = [Asked { key: key(&inside, &body.member), action, target }];
    let known = load(cx, &mut inside, asked.iter()).await?;
    let decisions = asked.iter().map(|asked| known.decide(&inside, asked));
    let mut view = decisions.map(|decision| DecisionView::from(&decision)).next().ok_or_else(Problem::not_found)?;
    view.version = Some(known.snapshot.workspace.version);
    Reply::ok(&view)
}

/// Up to 1,000 checks at one version of the workspace.
pub(super) async fn batch<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let body: BatchBody = body::json(cx.request)?;
    if body.checks.len() > MOST {
        return Err(body::issue("/checks", "out_of_range", format!("one request holds at most {MOST} checks")));
    }
    let mut issues = Issues::default();
    let parsed =
        body.checks.iter().enumerate().map(|(index, check)| check.parse(&mut issues, &format!("/checks/{index}")));
    let parsed: Option<Vec<(Action, Target)>> = parsed.collect::<Vec<_>>().into_iter().collect();
    let parsed = issues.finish(parsed)?;
    let mut inside = inside::enter_any(cx).await?;
    let with_member = body.checks.iter().zip(parsed);
    let asked: Vec<Asked> = with_member
        .map(|(check, (action, target))| Asked { key: key(&inside, &check.member), action, target })
        .collect();
    let known = load(cx, &mut inside, asked.iter()).await?;
    let result = |decision: Decision| {
        if body.explain {
            ResultView::Long(Box::new((&decision).into()))
        } else {
            ResultView::Short(Verdict { allowed: decision.allowed })
        }
    };
    let results = asked.iter().map(|asked| result(known.decide(&inside, asked))).collect();
    Reply::ok(&BatchView { results, version: known.snapshot.workspace.version })
}

/// Who is asked about: `None` for the caller, by whatever name.
pub(super) fn key(inside: &Inside, member: &str) -> Option<String> {
    (member != "me" && !inside.is_self(member)).then(|| member.to_lowercase())
}

/// All that questions touch, at one version of the workspace.
pub(super) struct Known {
    snapshot: Snapshot,
    /// Holdings by account id.
    held: BTreeMap<String, Held>,
    /// Account ids by address.
    by_email: BTreeMap<String, AccountId>,
}

/// Reads all that questions touch in one round trip. Asking about others takes a right.
///
/// # Errors
/// 403 without it.
pub(super) async fn load<'a, H: Host>(
    cx: &Context<'_, H>,
    inside: &mut Inside,
    asked: impl Iterator<Item = &'a Asked> + Clone,
) -> Result<Known, Problem> {
    if asked.clone().any(|asked| asked.key.is_some()) {
        inside.require(Action::MemberView)?;
    }
    let keys: BTreeSet<&str> =
        asked.clone().filter_map(|asked| asked.key.as_deref()).chain(inside.holder_id()).collect();
    let keys: Vec<&str> = keys.into_iter().collect();
    let references: BTreeSet<ResourceRef> = asked.filter_map(|asked| resource(&asked.target)).collect();
    let references: Vec<ResourceRef> = references.into_iter().collect();
    let id = &inside.workspace.id;
    let statements = [
        workspace::by_reference(id.as_str()),
        member::by_keys(id, &keys),
        access::held_by_keys(id, &keys),
        access::resources(id, &references),
    ];
    let answers = cx.db().batch(&statements).await?;
    let rows = |index: usize| -> &[Row] { answers.get(index).map_or(&[], Vec::as_slice) };
    let workspace: Workspace = workspace::from_rows(rows(0))?.ok_or_else(Problem::not_found)?;
    let mut known = Known { snapshot: Snapshot::new(workspace), held: BTreeMap::new(), by_email: BTreeMap::new() };
    for member in member::from_rows(rows(1))? {
        known.held.insert(member.id.to_string(), Held::default());
        known.by_email.insert(member.email.to_string(), member.id);
    }
    for held in access::held_from_rows(rows(2))? {
        if let Some(holdings) = known.held.get_mut(&held.holder) {
            holdings.grants.push(HeldGrant { grant: held.grant, via: held.via });
        }
    }
    add_resources(&mut known.snapshot, access::resources_from_rows(rows(3))?);
    Ok(known)
}

fn resource(target: &Target) -> Option<ResourceRef> {
    match target {
        Target::One(resource) => Some(resource.clone()),
        Target::Workspace | Target::Every(_) => None,
    }
}

impl Known {
    /// The decision about one of the questions.
    pub(super) fn decide(&self, inside: &Inside, asked: &Asked) -> Decision {
        match &asked.key {
            None => evaluate(&self.snapshot, self.own(inside), asked.action, &asked.target),
            Some(key) => {
                let id = self.by_email.get(key).map_or(key.as_str(), AccountId::as_str);
                match self.held.get(id) {
                    Some(held) => evaluate(&self.snapshot, held, asked.action, &asked.target),
                    None => Decision { unknown: Some(Unknown::Member), ..Decision::default() },
                }
            }
        }
    }

    /// What the caller holds, as of the same read where they are a member.
    fn own<'a>(&'a self, inside: &'a Inside) -> &'a Held {
        inside.account().and_then(|own| self.held.get(own.as_str())).unwrap_or(&inside.held)
    }
}
