//! Changes as JSON: what a preview is asked about.

use std::str::FromStr;

use serde::Deserialize;

use crate::model::{AccountId, AddOn, AddOns, Email, GrantExpr, GroupId, IdError, Labels, Plan, digits};
use crate::policy::{Change, Joiner, Party};

use super::grant::{Pairs, expressions};
use super::issue::{Issue, Issues};
use super::json::{Json, Read};
use super::object::Object;

/// `{changes: [...]}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "PreviewRequest"))]
#[serde(deny_unknown_fields)]
pub struct PreviewBody {
    /// The changes, in the order that they are made in.
    pub changes: Vec<Object<ChangeBody>>,
}

/// One change: the member that is the verb says which, the others complete it.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Change"))]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the words of the contract")]
pub struct ChangeBody {
    pub grant: Option<String>,
    pub to: Option<String>,
    pub revoke: Option<String>,
    pub from: Option<String>,
    pub set_grants: Option<Vec<String>>,
    pub remove_member: Option<String>,
    pub member: Option<String>,
    pub invite: Option<String>,
    pub grants: Option<Vec<String>>,
    pub groups: Option<Vec<String>>,
    pub add_to_group: Option<String>,
    pub remove_from_group: Option<String>,
    pub set_group_grants: Option<Vec<String>>,
    pub group: Option<String>,
    pub set_plan: Option<String>,
    pub add_ons: Option<Vec<String>>,
    pub set_labels: Option<Pairs>,
    pub resource: Option<String>,
}

impl PreviewBody {
    /// Reads the list of changes alone.
    ///
    /// # Errors
    /// With `invalid_json`, `unknown_field` or `invalid_type` and the place.
    pub fn read(changes: &[u8]) -> Result<Self, Issue> {
        let changes = Json::read(changes, |json| json.each(|change| ChangeBody::read(change).map(Object)));
        changes
            .map(|changes| Self { changes })
            .map_err(|issue| Issue { path: ["/changes", &issue.path].concat(), ..issue })
    }

    /// The changes, parsed.
    ///
    /// # Errors
    /// With all that is wrong, each at its place.
    pub fn parse(&self) -> Result<Vec<Change>, Issues> {
        let mut issues = Issues::default();
        let mut changes = Vec::new();
        for (index, body) in self.changes.iter().enumerate() {
            changes.extend(
                Reader { path: ["/changes/", &digits(index as u64)].concat(), issues: &mut issues }.change(body),
            );
        }
        issues.finish(Some(changes))
    }
}

/// Reads one change, noting what is wrong with it.
struct Reader<'a> {
    path: String,
    issues: &'a mut Issues,
}

impl Reader<'_> {
    /// Where a member of the change is.
    fn at(&self, name: &str) -> String {
        [&self.path, "/", name].concat()
    }

    fn change(&mut self, body: &ChangeBody) -> Option<Change> {
        self.check_members(body)?;
        if let Some(text) = &body.grant {
            return Some(Change::Grant { expr: self.expr("grant", text)?, to: self.party("to", body.to.as_ref())? });
        }
        if let Some(text) = &body.revoke {
            let from = self.party("from", body.from.as_ref())?;
            return Some(Change::Revoke { expr: self.expr("revoke", text)?, from });
        }
        if let Some(texts) = &body.set_grants {
            let member = self.id("member", body.member.as_ref())?;
            return Some(Change::SetGrants { grants: self.exprs("set_grants", texts), member });
        }
        if body.remove_member.is_some() {
            return Some(Change::RemoveMember { member: self.id("remove_member", body.remove_member.as_ref())? });
        }
        self.group_change(body)
    }

    fn group_change(&mut self, body: &ChangeBody) -> Option<Change> {
        if body.add_to_group.is_some() {
            let who = self.joiner(body.member.as_ref())?;
            return Some(Change::AddToGroup { group: self.id("add_to_group", body.add_to_group.as_ref())?, who });
        }
        if body.remove_from_group.is_some() {
            let who = self.joiner(body.member.as_ref())?;
            let group = self.id("remove_from_group", body.remove_from_group.as_ref())?;
            return Some(Change::RemoveFromGroup { group, who });
        }
        if let Some(texts) = &body.set_group_grants {
            let group = self.id("group", body.group.as_ref())?;
            return Some(Change::SetGroupGrants { grants: self.exprs("set_group_grants", texts), group });
        }
        self.other_change(body)
    }

    fn other_change(&mut self, body: &ChangeBody) -> Option<Change> {
        if let Some(text) = &body.invite {
            let email = self.issues.take(self.at("invite"), text.parse::<Email>())?;
            let grants = self.exprs("grants", body.grants.as_deref().unwrap_or_default());
            let mut groups = Vec::new();
            for (index, id) in body.groups.iter().flatten().enumerate() {
                groups.push(self.id(&["groups/", &digits(index as u64)].concat(), Some(id))?);
            }
            return Some(Change::Invite { email, grants, groups });
        }
        if let Some(plan) = &body.set_plan {
            return self.plan(plan, body.add_ons.as_deref().unwrap_or_default());
        }
        let labels = Labels::new(body.set_labels.clone()?.0);
        let labels = self.issues.take(self.at("set_labels"), labels)?;
        let text = self.required("resource", body.resource.as_ref())?;
        let resource = self.issues.take(self.at("resource"), text.parse())?;
        Some(Change::SetLabels { labels, resource })
    }

    /// Exactly one verb, and no member that belongs to another.
    fn check_members(&mut self, body: &ChangeBody) -> Option<()> {
        const KINDS: &[(&str, &[&str])] = &[
            ("grant", &["to"]),
            ("revoke", &["from"]),
            ("set_grants", &["member"]),
            ("remove_member", &[]),
            ("invite", &["grants", "groups"]),
            ("add_to_group", &["member"]),
            ("remove_from_group", &["member"]),
            ("set_group_grants", &["group"]),
            ("set_plan", &["add_ons"]),
            ("set_labels", &["resource"]),
        ];
        let present = body.present();
        let verbs: Vec<_> = KINDS.iter().filter(|(verb, _)| present.contains(verb)).collect();
        let [(verb, companions)] = verbs.as_slice() else {
            let detail = "a change is one of grant, revoke, set_grants, remove_member, invite, add_to_group, \
                remove_from_group, set_group_grants, set_plan or set_labels";
            self.issues.add(self.path.clone(), "invalid_change", detail);
            return None;
        };
        let stray = present.iter().find(|name| *name != verb && !companions.contains(name));
        if let Some(stray) = stray {
            let detail = ["`", verb, "` takes no `", stray, "`"].concat();
            self.issues.add(self.at(stray), "unknown_field", detail);
            return None;
        }
        Some(())
    }

    fn required<'b>(&mut self, name: &str, text: Option<&'b String>) -> Option<&'b String> {
        if text.is_none() {
            self.issues.add(self.at(name), "required", ["`", name, "` is missing"].concat());
        }
        text
    }

    fn expr(&mut self, name: &str, text: &str) -> Option<GrantExpr> {
        self.issues.take(self.at(name), text.parse())
    }

    fn exprs(&mut self, name: &str, texts: &[String]) -> Vec<GrantExpr> {
        expressions(self.issues, &self.at(name), texts)
    }

    fn id<T: FromStr<Err = IdError>>(&mut self, name: &str, text: Option<&String>) -> Option<T> {
        let text = self.required(name, text)?;
        let refuse = |error: IdError| self.issues.add(self.at(name), "invalid_id", error.in_words());
        text.parse().map_err(refuse).ok()
    }

    fn party(&mut self, name: &str, text: Option<&String>) -> Option<Party> {
        if text.is_some_and(|text| text.starts_with(GroupId::PREFIX)) {
            return self.id(name, text).map(Party::Group);
        }
        self.id::<AccountId>(name, text).map(Party::Member)
    }

    fn joiner(&mut self, text: Option<&String>) -> Option<Joiner> {
        match text {
            Some(address) if address.contains('@') => {
                self.issues.take(self.at("member"), address.parse()).map(Joiner::Address)
            }
            _ => self.id("member", text).map(Joiner::Member),
        }
    }

    fn plan(&mut self, plan: &str, add_ons: &[String]) -> Option<Change> {
        let Ok(plan) = plan.parse::<Plan>() else {
            let path = self.at("set_plan");
            self.issues.add(path, "invalid_plan", "a plan is free, team or business");
            return None;
        };
        let mut parsed = Vec::new();
        for text in add_ons {
            let Ok(add_on) = text.parse::<AddOn>() else {
                let path = self.at("add_ons");
                self.issues.add(path, "invalid_add_on", "an add-on is protocols or engage");
                return None;
            };
            parsed.push(add_on);
        }
        Some(Change::SetPlan { plan, add_ons: AddOns::of(parsed) })
    }
}

impl ChangeBody {
    /// Reads a change, by hand: where the package is read in, derived code would be most of it.
    fn read(json: Json<'_>) -> Read<Self> {
        let mut body = Self::default();
        for (name, value) in json.members()?.iter() {
            body.put(&name, value)?;
        }
        Ok(body)
    }

    fn put(&mut self, name: &str, value: Json<'_>) -> Read<()> {
        let text = match name {
            "grant" => &mut self.grant,
            "to" => &mut self.to,
            "revoke" => &mut self.revoke,
            "from" => &mut self.from,
            "remove_member" => &mut self.remove_member,
            "member" => &mut self.member,
            "invite" => &mut self.invite,
            "add_to_group" => &mut self.add_to_group,
            "remove_from_group" => &mut self.remove_from_group,
            "group" => &mut self.group,
            "set_plan" => &mut self.set_plan,
            "resource" => &mut self.resource,
            _ => return self.put_list(name, value),
        };
        *text = value.present().map(Json::string).transpose()?;
        Ok(())
    }

    fn put_list(&mut self, name: &str, value: Json<'_>) -> Read<()> {
        let list = match name {
            "set_grants" => &mut self.set_grants,
            "grants" => &mut self.grants,
            "groups" => &mut self.groups,
            "set_group_grants" => &mut self.set_group_grants,
            "add_ons" => &mut self.add_ons,
            "set_labels" => {
                self.set_labels = value.present().map(Json::texts).transpose()?.map(Pairs);
                return Ok(());
            }
            _ => return Err(value.wrong("unknown_field", &["a change has no `", name, "`"].concat())),
        };
        *list = value.present().map(|list| list.each(Json::string)).transpose()?;
        Ok(())
    }

    /// The names of the members that are there.
    fn present(&self) -> Vec<&'static str> {
        let all = [
            ("grant", self.grant.is_some()),
            ("to", self.to.is_some()),
            ("revoke", self.revoke.is_some()),
            ("from", self.from.is_some()),
            ("set_grants", self.set_grants.is_some()),
            ("remove_member", self.remove_member.is_some()),
            ("member", self.member.is_some()),
            ("invite", self.invite.is_some()),
            ("grants", self.grants.is_some()),
            ("groups", self.groups.is_some()),
            ("add_to_group", self.add_to_group.is_some()),
            ("remove_from_group", self.remove_from_group.is_some()),
            ("set_group_grants", self.set_group_grants.is_some()),
            ("group", self.group.is_some()),
            ("set_plan", self.set_plan.is_some()),
            ("add_ons", self.add_ons.is_some()),
            ("set_labels", self.set_labels.is_some()),
            ("resource", self.resource.is_some()),
        ];
        all.into_iter().filter_map(|(name, is_there)| is_there.then_some(name)).collect()
    }
}
