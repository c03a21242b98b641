//! Actions: a closed list of at most 64, so that a set of them is one integer; and what an action is asked of.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::{ResourceKind, ResourceRef};

macro_rules! actions {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// Something a member may or may not do, written `type:verb`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each variant says itself: the text beside it in the list")]
        pub enum Action { $($name),* }

        impl Action {
            /// All actions, in the order of their bits.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The action as it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

actions! {
    WorkspaceView = "workspace:view", WorkspaceEdit = "workspace:edit", WorkspaceDelete = "workspace:delete",
    BillingManage = "billing:manage",
    MemberView = "member:view", MemberInvite = "member:invite", MemberEdit = "member:edit", MemberRemove = "member:remove",
    GroupManage = "group:manage", LabelManage = "label:manage", SsoManage = "sso:manage", ScimManage = "scim:manage",
    TokenManage = "token:manage", AuditView = "audit:view",
    IdentityView = "identity:view", IdentityEdit = "identity:edit", PrivacyManage = "privacy:manage",
    EntityView = "entity:view", EntityEdit = "entity:edit",
    SourceView = "source:view", SourceCreate = "source:create", SourceEdit = "source:edit", SourceDelete = "source:delete",
    DestinationView = "destination:view", DestinationCreate = "destination:create",
    DestinationEdit = "destination:edit", DestinationDelete = "destination:delete",
    TrackingPlanView = "tracking_plan:view", TrackingPlanCreate = "tracking_plan:create",
    TrackingPlanEdit = "tracking_plan:edit", TrackingPlanDelete = "tracking_plan:delete",
    SpaceView = "space:view", SpaceCreate = "space:create", SpaceEdit = "space:edit", SpaceDelete = "space:delete",
    AudienceView = "audience:view", AudienceCreate = "audience:create",
    AudienceEdit = "audience:edit", AudienceDelete = "audience:delete",
    ComputedTraitView = "computed_trait:view", ComputedTraitCreate = "computed_trait:create",
    ComputedTraitEdit = "computed_trait:edit", ComputedTraitDelete = "computed_trait:delete",
    JourneyView = "journey:view", JourneyCreate = "journey:create", JourneyEdit = "journey:edit", JourneyDelete = "journey:delete",
    WarehouseView = "warehouse:view", WarehouseCreate = "warehouse:create",
    WarehouseEdit = "warehouse:edit", WarehouseDelete = "warehouse:delete",
    FunctionView = "function:view", FunctionCreate = "function:create",
    FunctionEdit = "function:edit", FunctionDelete = "function:delete",
    PiiView = "pii:view",
}

/// How many verbs there are.
const VERBS: u8 = 4;

// INVARIANT: a set of actions is one `u64`.
const _: () = assert!(Action::ALL.len() <= 64);

/// The four verbs that every type of resource has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// See it.
    View,
    /// Make one.
    Create,
    /// Change it.
    Edit,
    /// Delete it.
    Delete,
}

impl Verb {
    /// The verb as it is written after the colon.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Delete => "delete",
        }
    }
}

impl Action {
    /// The kind of resource that this action is asked of; `None` for workspace actions and `pii:view`.
    ///
    /// Audiences, computed traits and journeys are asked about by their space.
    pub fn kind(self) -> Option<ResourceKind> {
        ResourceKind::ALL.into_iter().find(|kind| ActionSet::on(*kind).contains(self))
    }

    /// The first of the four actions on a kind; the others follow it in the order of the verbs.
    const fn first_of(kind: ResourceKind) -> Self {
        match kind {
            ResourceKind::Source => Self::SourceView,
            ResourceKind::Destination => Self::DestinationView,
            ResourceKind::TrackingPlan => Self::TrackingPlanView,
            ResourceKind::Space => Self::SpaceView,
            ResourceKind::Warehouse => Self::WarehouseView,
            ResourceKind::Function => Self::FunctionView,
        }
    }

    /// The action with this verb on this kind of resource.
    pub fn of(kind: ResourceKind, verb: Verb) -> Self {
        let first = Self::first_of(kind);
        Self::ALL.get(first as usize + verb as usize).copied().unwrap_or(first)
    }

    /// True when the action can be asked of one resource of this kind. A create is asked of the parent that it happens in.
    pub fn is_asked_of(self, kind: ResourceKind) -> bool {
        match self {
            Self::PiiView => true,
            Self::DestinationCreate => kind == ResourceKind::Source,
            _ => !self.is_top_level_create() && self.kind() == Some(kind),
        }
    }

    /// True for the creation of something that stands at the top of the workspace: only a workspace-wide grant gives it.
    pub const fn is_top_level_create(self) -> bool {
        ActionSet::TOP_LEVEL_CREATES.contains(self)
    }

    /// The part before the colon.
    pub fn noun(self) -> &'static str {
        self.as_str().split_once(':').map_or("", |(noun, _)| noun)
    }

    /// The part after the colon.
    pub fn verb(self) -> &'static str {
        self.as_str().split_once(':').map_or("", |(_, verb)| verb)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Action {
    type Err = TargetError;
    fn from_str(text: &str) -> Result<Self, TargetError> {
        let found = Self::ALL.iter().find(|action| action.as_str() == text);
        found.copied().ok_or_else(|| TargetError::UnknownAction(text.chars().take(80).collect()))
    }
}

/// A set of actions as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ActionSet(u64);

impl ActionSet {
    /// No action.
    pub const EMPTY: Self = Self(0);

    /// See [`Action::is_top_level_create`].
    pub const TOP_LEVEL_CREATES: Self = Self::of(&[
        Action::SourceCreate,
        Action::DestinationCreate,
        Action::TrackingPlanCreate,
        Action::SpaceCreate,
        Action::WarehouseCreate,
        Action::FunctionCreate,
    ]);

    /// The actions whose [kind](Action::kind) this is.
    pub const fn on(kind: ResourceKind) -> Self {
        const IN_SPACES: u8 = Action::JourneyDelete as u8 + 1 - Action::SpaceView as u8;
        let count = if matches!(kind, ResourceKind::Space) { IN_SPACES } else { VERBS };
        Self(((1 << count) - 1) << Action::first_of(kind) as u64)
    }

    /// The set of these actions.
    pub const fn of(actions: &[Action]) -> Self {
        let mut bits = 0;
        let mut rest = actions;
        while let [first, tail @ ..] = rest {
            bits |= 1 << *first as u64;
            rest = tail;
        }
        Self(bits)
    }

    /// Every action.
    pub const fn all() -> Self {
        Self::of(Action::ALL)
    }

    /// True when the action is in the set.
    pub const fn contains(self, action: Action) -> bool {
        self.0 & (1 << action as u64) != 0
    }

    /// True when each action here is in `other` too.
    pub const fn is_subset(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The actions in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The actions that are in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The actions here that aren't in `other`.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// True without any action.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many actions it has.
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// The actions in the order of their bits.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::ALL.iter().copied().filter(move |action| self.contains(*action))
    }
}

impl FromIterator<Action> for ActionSet {
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Self {
        actions.into_iter().fold(Self::EMPTY, |set, action| set.union(Self::of(&[action])))
    }
}

/// What an action is asked of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// The workspace as a whole.
    Workspace,
    /// Every present and future resource of a kind.
    Every(ResourceKind),
    /// One resource.
    One(ResourceRef),
}

/// A question that can't be asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TargetError {
    /// No such action.
    #[error("{}", self.in_words())]
    UnknownAction(String),
    /// Not a resource.
    #[error("{}", self.in_words())]
    BadResource(String),
    /// An action on another kind of resource.
    #[error("{}", self.in_words())]
    Mismatch {
        /// The action that was asked about.
        action: Action,
        /// The resource that doesn't fit.
        resource: String,
        /// What would fit.
        wanted: String,
    },
}

impl Target {
    /// The target that an action and a resource as text name together; no resource means the workspace as a whole.
    ///
    /// # Errors
    /// When the text names no resource, or the action isn't asked of that kind.
    pub fn parse(action: Action, resource: Option<&str>) -> Result<Self, TargetError> {
        let target = Self::named(resource)?;
        if target.fits(action) {
            return Ok(target);
        }
        Err(TargetError::mismatch(action, resource.unwrap_or_default()))
    }

    /// The target that a text names; nothing names the workspace as a whole.
    ///
    /// # Errors
    /// When the text names no resource.
    pub fn named(text: Option<&str>) -> Result<Self, TargetError> {
        let Some(text) = text.filter(|text| *text != "workspace") else { return Ok(Self::Workspace) };
        Self::from_text(text).ok_or_else(|| TargetError::BadResource(text.chars().take(80).collect()))
    }

    fn from_text(text: &str) -> Option<Self> {
        match text.split_once('/')? {
            (kind, "*") => kind.parse().ok().map(Self::Every),
            _ => text.parse().ok().map(Self::One),
        }
    }

    /// The target as it is written: `workspace`, `source/*` or `source/abc`.
    pub fn text(&self) -> String {
        match self {
            Self::Workspace => "workspace".to_owned(),
            Self::Every(kind) => [kind.as_str(), "/*"].concat(),
            Self::One(resource) => resource.text(),
        }
    }

    /// The kind of the target; `None` for the workspace.
    pub fn kind(&self) -> Option<ResourceKind> {
        match self {
            Self::Workspace => None,
            Self::Every(kind) => Some(*kind),
            Self::One(resource) => Some(resource.kind()),
        }
    }

    /// True when the action can be asked of this target.
    pub fn fits(&self, action: Action) -> bool {
        match self {
            Self::Workspace => true,
            Self::Every(kind) => {
                action.is_asked_of(*kind) || (action.is_top_level_create() && action.kind() == Some(*kind))
            }
            Self::One(resource) => action.is_asked_of(resource.kind()),
        }
    }
}

impl TargetError {
    /// An action on what it isn't asked of.
    pub fn mismatch(action: Action, resource: &str) -> Self {
        Self::Mismatch { action, resource: resource.to_owned(), wanted: wanted(action) }
    }

    /// The error as its `Display` has it, joined by hand: the formatting machinery would be a tenth of the smallest entry of
    /// the npm package.
    pub fn in_words(&self) -> String {
        match self {
            Self::UnknownAction(text) => ["`", text, "` is not an action; GET /v1/roles lists them"].concat(),
            Self::BadResource(text) => {
                ["`", text, "` is not a resource; write `source/abc`, `source/*` or nothing"].concat()
            }
            Self::Mismatch { action, resource, wanted } => {
                ["`", action.as_str(), "` is asked of ", wanted, ", not of `", resource, "`"].concat()
            }
        }
    }
}

fn wanted(action: Action) -> String {
    match action.kind() {
        _ if action == Action::DestinationCreate => "the workspace or the source it happens in".to_owned(),
        Some(_) if action.is_top_level_create() => "the workspace (name no resource)".to_owned(),
        Some(kind) => ["a ", kind.as_str(), " or the workspace"].concat(),
        None => "the workspace (name no resource)".to_owned(),
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_has_the_kind_and_the_verb_that_it_is_written_with() {
        for action in Action::ALL.iter().copied() {
            let (noun, verb) = action.as_str().split_once(':').unwrap();
            let named = noun.parse().ok();
            let is_in_space = matches!(noun, "audience" | "computed_trait" | "journey");
            assert_eq!(action.kind(), if is_in_space { Some(ResourceKind::Space) } else { named }, "{action}");
            assert_eq!(action.is_top_level_create(), verb == "create" && named.is_some(), "{action}");
        }
        for kind in ResourceKind::ALL {
            for verb in [Verb::View, Verb::Create, Verb::Edit, Verb::Delete] {
                assert_eq!(Action::of(kind, verb).as_str(), format!("{}:{}", kind.as_str(), verb.as_str()));
            }
        }
    }
}
