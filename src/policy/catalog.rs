//! What each role allows.

use crate::model::{Action, ActionSet, Role};

use Action as A;

const SOURCE_VIEW: ActionSet = ActionSet::of(&[A::SourceView, A::DestinationView]);
const SOURCE_ALL: ActionSet = ActionSet::of(&[
    A::SourceView,
    A::SourceCreate,
    A::SourceEdit,
    A::SourceDelete,
    A::DestinationView,
    A::DestinationCreate,
    A::DestinationEdit,
    A::DestinationDelete,
]);
const TRACKING_PLAN_VIEW: ActionSet = ActionSet::of(&[A::TrackingPlanView]);
const TRACKING_PLAN_ALL: ActionSet =
    ActionSet::of(&[A::TrackingPlanView, A::TrackingPlanCreate, A::TrackingPlanEdit, A::TrackingPlanDelete]);
const ENGAGE_VIEW: ActionSet = ActionSet::of(&[A::SpaceView, A::AudienceView, A::ComputedTraitView, A::JourneyView]);
const SPACE_ALL: ActionSet = ActionSet::of(&[A::SpaceView, A::SpaceCreate, A::SpaceEdit, A::SpaceDelete]);
const ENGAGE_OBJECTS: ActionSet = ActionSet::of(&[
    A::AudienceView,
    A::AudienceCreate,
    A::AudienceEdit,
    A::AudienceDelete,
    A::ComputedTraitView,
    A::ComputedTraitCreate,
    A::ComputedTraitEdit,
    A::ComputedTraitDelete,
    A::JourneyView,
    A::JourneyCreate,
    A::JourneyEdit,
    A::JourneyDelete,
]);
const FUNCTION_VIEW: ActionSet = ActionSet::of(&[A::FunctionView]);
const FUNCTION_ALL: ActionSet =
    ActionSet::of(&[A::FunctionView, A::FunctionCreate, A::FunctionEdit, A::FunctionDelete]);
const WAREHOUSE_VIEW: ActionSet = ActionSet::of(&[A::WarehouseView]);
const WAREHOUSE_ALL: ActionSet =
    ActionSet::of(&[A::WarehouseView, A::WarehouseCreate, A::WarehouseEdit, A::WarehouseDelete]);

/// The actions that a role allows within its scope, before the rule that only a workspace-wide grant creates what
/// stands at the top of the workspace.
pub const fn actions(role: Role) -> ActionSet {
    match role {
        Role::WorkspaceOwner => ActionSet::all(),
        Role::WorkspaceMember | Role::MinimalWorkspaceAccess => ActionSet::of(&[A::WorkspaceView]),
        Role::SourceAdmin => SOURCE_ALL,
        Role::SourceReadOnly => SOURCE_VIEW,
        Role::TrackingPlanAdmin => TRACKING_PLAN_ALL,
        Role::TrackingPlanReadOnly => TRACKING_PLAN_VIEW,
        Role::EngageAdmin => SPACE_ALL.union(ENGAGE_OBJECTS),
        Role::EngageReadOnly => ENGAGE_VIEW,
        Role::EngageUser => ENGAGE_OBJECTS.union(ActionSet::of(&[A::SpaceView])),
        Role::FunctionAdmin => FUNCTION_ALL,
        Role::FunctionReadOnly => FUNCTION_VIEW,
        Role::WarehouseAdmin => WAREHOUSE_ALL,
        Role::WarehouseReadOnly => WAREHOUSE_VIEW,
        Role::IdentityAdmin => ActionSet::of(&[A::IdentityView, A::IdentityEdit]),
        Role::EndUserPrivacyAdmin => ActionSet::of(&[A::PrivacyManage]),
        Role::EntitiesAdmin => ActionSet::of(&[A::EntityView, A::EntityEdit]),
        Role::EntitiesReadOnly => ActionSet::of(&[A::EntityView]),
        Role::PiiAccess => ActionSet::of(&[A::PiiView]),
    }
}
