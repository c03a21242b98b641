//! The lists of the design, by hand: actions, and of each role its level, its scopes and its plan.

use rolecall::model::{Action, GrantExpr, Level, ResourceKind, Role};

const ACTIONS: &str = "workspace:view workspace:edit workspace:delete billing:manage member:view member:invite member:edit \
    member:remove group:manage label:manage sso:manage scim:manage token:manage audit:view identity:view identity:edit \
    privacy:manage entity:view entity:edit pii:view";
const NOUNS: &str = "source destination tracking_plan space audience computed_trait journey warehouse function";

/// Role, level, the scopes that it takes beside the workspace, and what it needs.
const ROLES: &[(&str, Level, &str, &str)] = &[
    ("workspace_owner", Level::Workspace, "", "all"),
    ("workspace_member", Level::Workspace, "", "all"),
    ("source_admin", Level::Resource, "source destination labels", "all"),
    ("source_read_only", Level::Resource, "source destination labels", "all"),
    ("tracking_plan_admin", Level::Resource, "tracking_plan", "protocols"),
    ("tracking_plan_read_only", Level::Resource, "tracking_plan", "protocols"),
    ("engage_admin", Level::Resource, "space labels", "engage"),
    ("engage_read_only", Level::Resource, "space labels", "engage"),
    ("minimal_workspace_access", Level::Workspace, "", "all"),
    ("engage_user", Level::Resource, "space labels", "engage"),
    ("function_admin", Level::Resource, "function", "all"),
    ("function_read_only", Level::Resource, "function", "all"),
    ("warehouse_admin", Level::Resource, "warehouse", "business"),
    ("warehouse_read_only", Level::Resource, "warehouse", "business"),
    ("identity_admin", Level::Workspace, "", "business"),
    ("end_user_privacy_admin", Level::Workspace, "", "business"),
    ("entities_admin", Level::Workspace, "", "business"),
    ("entities_read_only", Level::Workspace, "", "business"),
    ("pii_access", Level::Modifier, "source space labels", "business"),
];

#[test]
fn the_actions_are_those_of_the_design() {
    let of_noun = |noun: &str| ["view", "create", "edit", "delete"].map(|verb| format!("{noun}:{verb}"));
    let mut wanted: Vec<String> = ACTIONS.split_whitespace().map(str::to_owned).collect();
    wanted.extend(NOUNS.split(' ').flat_map(of_noun));
    wanted.sort();
    let mut found: Vec<String> = Action::ALL.iter().map(ToString::to_string).collect();
    found.sort();
    assert_eq!(found, wanted);
}

#[test]
fn the_roles_are_those_of_the_design_in_its_order() {
    let found: Vec<_> = Role::all().map(|role| (role.as_str(), role.level(), role.need().as_str())).collect();
    let wanted: Vec<_> = ROLES.iter().map(|(role, level, _, need)| (*role, *level, *need)).collect();
    assert_eq!(found, wanted);
}

#[test]
fn each_role_takes_its_scopes_and_no_others() {
    for (role, _, scopes, _) in ROLES {
        assert!(role.parse::<GrantExpr>().is_ok(), "{role}");
        let kinds = ResourceKind::ALL.map(|kind| (kind.as_str(), format!("{role}@{}/abc", kind.as_str())));
        for (kind, text) in kinds.into_iter().chain([("labels", format!("{role}@{{a:b}}"))]) {
            let takes = scopes.split(' ').any(|scope| scope == kind);
            assert_eq!(text.parse::<GrantExpr>().is_ok(), takes, "{text}");
        }
    }
}
