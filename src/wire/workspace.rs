//! Workspaces as JSON.

use serde::{Deserialize, Serialize};

use crate::model::{AddOn, AddOns, Email, Name, Plan, Settings, Slug, Workspace};

use super::grant::expressions;
use super::issue::Issues;
use super::member::MemberView;
use super::object::Object;
use super::present;
use super::secret::{SecretView, Secretive};
use super::token::TokenSecret;

/// `{name, slug, plan, add_ons, seat_limit?, owner}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWorkspace {
    /// Its name.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// Its plan.
    #[serde(default)]
    pub plan: Option<String>,
    /// Its add-ons.
    #[serde(default)]
    pub add_ons: Vec<String>,
    /// How many members and pending invites fit.
    #[serde(default)]
    pub seat_limit: Option<i64>,
    /// The first owner.
    pub owner: Object<OwnerBody>,
}

/// `{email, name}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Owner"))]
#[serde(deny_unknown_fields)]
pub struct OwnerBody {
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
}

/// A new workspace, valid.
#[derive(Debug)]
pub struct Created {
    /// Its name.
    pub name: Name,
    /// Its slug.
    pub slug: Slug,
    /// Its plan.
    pub plan: Plan,
    /// Its add-ons.
    pub add_ons: AddOns,
    /// Its seats.
    pub seat_limit: Option<i64>,
    /// The owner's address.
    pub owner_email: Email,
    /// The owner's name.
    pub owner_name: Name,
}

impl NewWorkspace {
    /// The workspace to make.
    ///
    /// # Errors
    /// With each thing that is wrong.
    pub fn parse(&self) -> Result<Created, Issues> {
        let mut issues = Issues::default();
        let name = issues.take("/name", self.name.parse());
        let slug = issues.take("/slug", self.slug.parse());
        let plan = plan(&mut issues, self.plan.as_deref().unwrap_or("free"));
        let add_ons = add_ons(&mut issues, &self.add_ons);
        seats(&mut issues, self.seat_limit);
        let owner_email = issues.take("/owner/email", self.owner.email.parse());
        let owner_name = issues.take("/owner/name", self.owner.name.parse());
        let created = || {
            let seat_limit = self.seat_limit;
            Some(Created {
                name: name?,
                slug: slug?,
                plan: plan?,
                add_ons,
                seat_limit,
                owner_email: owner_email?,
                owner_name: owner_name?,
            })
        };
        let created = created();
        issues.finish(created)
    }
}

fn plan(issues: &mut Issues, text: &str) -> Option<Plan> {
    let plan = text.parse();
    plan.map_err(|()| issues.add("/plan", "invalid_plan", "a plan is free, team or business")).ok()
}

fn add_ons(issues: &mut Issues, texts: &[String]) -> AddOns {
    let mut found: Vec<AddOn> = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        match text.parse() {
            Ok(add_on) => found.push(add_on),
            Err(()) => issues.add(format!("/add_ons/{index}"), "invalid_add_on", "an add-on is protocols or engage"),
        }
    }
    AddOns::of(found)
}

fn seats(issues: &mut Issues, limit: Option<i64>) {
    if limit.is_some_and(|limit| !(1..=10_000_000).contains(&limit)) {
        issues.add("/seat_limit", "out_of_range", "a seat limit is 1 to 10000000, or null for none");
    }
}

/// What to change; what isn't there stays.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WorkspacePatch {
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// The plan; the operator's to change.
    #[serde(default)]
    pub plan: Option<String>,
    /// The add-ons; the operator's to change.
    #[serde(default)]
    pub add_ons: Option<Vec<String>>,
    /// The seat limit, `null` for none; the operator's to change.
    #[serde(default, deserialize_with = "present")]
    pub seat_limit: Option<Option<i64>>,
    /// The settings.
    #[serde(default)]
    pub settings: Option<Object<SettingsPatch>>,
}

/// Settings to change; what isn't there stays.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SettingsPatch {
    /// Hours that an invite lives.
    #[serde(default)]
    pub invite_ttl_hours: Option<i64>,
    /// Grants of people who come by SSO, SCIM or domain.
    #[serde(default)]
    pub provisioned_grants: Option<Vec<String>>,
    /// Refuses sessions that didn't come by SSO.
    #[serde(default)]
    pub require_sso: Option<bool>,
    /// Days without activity after which a seat counts as inactive.
    #[serde(default)]
    pub stale_after_days: Option<i64>,
    /// Hours before an invite expires at which its invitee is reminded, `null` for no reminder.
    #[serde(default, deserialize_with = "present")]
    pub invite_reminder_hours: Option<Option<i64>>,
}

impl WorkspacePatch {
    /// True when it changes what only the operator may.
    pub const fn is_billing(&self) -> bool {
        self.plan.is_some() || self.add_ons.is_some() || self.seat_limit.is_some()
    }

    /// The workspace as it will be.
    ///
    /// # Errors
    /// With each thing that is wrong.
    pub fn apply(&self, workspace: &Workspace) -> Result<Workspace, Issues> {
        let mut issues = Issues::default();
        let mut changed = workspace.clone();
        if let Some(name) = self.name.as_ref().and_then(|name| issues.take("/name", name.parse())) {
            changed.name = name;
        }
        if let Some(plan) = self.plan.as_ref().and_then(|text| plan(&mut issues, text)) {
            changed.plan = plan;
        }
        if let Some(texts) = &self.add_ons {
            changed.add_ons = add_ons(&mut issues, texts);
        }
        if let Some(limit) = self.seat_limit {
            seats(&mut issues, limit);
            changed.seat_limit = limit;
        }
        if let Some(settings) = &self.settings {
            settings.apply(&mut issues, &mut changed.settings);
        }
        issues.finish(Some(changed))
    }
}

impl SettingsPatch {
    fn apply(&self, issues: &mut Issues, settings: &mut Settings) {
        if let Some(hours) = self.invite_ttl_hours {
            range(issues, "/settings/invite_ttl_hours", hours, 720);
            settings.invite_ttl_hours = hours;
        }
        if let Some(days) = self.stale_after_days {
            range(issues, "/settings/stale_after_days", days, 3650);
            settings.stale_after_days = days;
        }
        if let Some(hours) = self.invite_reminder_hours {
            hours.into_iter().for_each(|hours| range(issues, "/settings/invite_reminder_hours", hours, 720));
            settings.invite_reminder_hours = hours;
        }
        if let Some(grants) = &self.provisioned_grants {
            settings.provisioned_grants = expressions(issues, "/settings/provisioned_grants", grants);
        }
        settings.require_sso = self.require_sso.unwrap_or(settings.require_sso);
    }
}

fn range(issues: &mut Issues, path: &str, value: i64, most: i64) {
    if !(1..=most).contains(&value) {
        issues.add(path, "out_of_range", format!("this is 1 to {most}"));
    }
}

/// Settings in an answer.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Settings"))]
pub struct SettingsView {
    /// Hours that an invite lives.
    pub invite_ttl_hours: i64,
    /// Grants of people who come by SSO, SCIM or domain.
    pub provisioned_grants: Vec<String>,
    /// Refuses sessions that didn't come by SSO.
    pub require_sso: bool,
    /// Days without activity after which a seat counts as inactive.
    pub stale_after_days: i64,
    /// Hours before an invite expires at which its invitee is reminded; `null` for no reminder.
    pub invite_reminder_hours: Option<i64>,
}

/// A workspace in an answer.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Workspace"))]
pub struct WorkspaceView {
    /// Its id.
    pub id: String,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its plan.
    pub plan: &'static str,
    /// Its add-ons.
    pub add_ons: Vec<&'static str>,
    /// Its seats; `null` for no limit.
    pub seat_limit: Option<i64>,
    /// Its settings.
    pub settings: SettingsView,
    /// Rises with each access change.
    pub version: i64,
    /// When it was made.
    pub created_at: String,
}

impl From<&Workspace> for WorkspaceView {
    fn from(workspace: &Workspace) -> Self {
        let Settings { invite_ttl_hours, require_sso, stale_after_days, provisioned_grants, invite_reminder_hours } =
            &workspace.settings;
        Self {
            id: workspace.id.to_string(),
            slug: workspace.slug.to_string(),
            name: workspace.name.to_string(),
            plan: workspace.plan.as_str(),
            add_ons: workspace.add_ons.iter().map(AddOn::as_str).collect(),
            seat_limit: workspace.seat_limit,
            settings: SettingsView {
                invite_ttl_hours: *invite_ttl_hours,
                provisioned_grants: provisioned_grants.iter().map(ToString::to_string).collect(),
                require_sso: *require_sso,
                stale_after_days: *stale_after_days,
                invite_reminder_hours: *invite_reminder_hours,
            },
            version: workspace.version,
            created_at: workspace.created_at.to_string(),
        }
    }
}

/// A new workspace with its owner and the owner's personal token.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "WorkspaceMade"))]
pub struct CreatedView {
    /// The workspace.
    pub workspace: WorkspaceView,
    /// The owner.
    pub owner: MemberView,
    /// The token, with the secret that is shown this once.
    pub token: TokenSecret,
}

impl Secretive for CreatedView {
    fn withhold(&mut self) {
        self.token.secret = SecretView::Withheld;
        self.token.secret_shown = true;
    }
}
