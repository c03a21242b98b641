//! A workspace that was loaded from a snapshot, and one member in it: decisions, lists, previews and what-if states.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::model::{AccountId, Action, Email, ResourceKind, Target, TargetError};
use crate::policy::{Change, Decision, Held, Snapshot, Unknown, evaluate, try_apply};
use crate::wire::access::{MemberAccessView, MemberName, ResourceAccessView};
use crate::wire::change::PreviewBody;
use crate::wire::check::DecisionView;
use crate::wire::loaded;
use crate::wire::preview::PreviewView;

use super::error::{Failure, to_js};
use super::input;

/// A workspace at one version. It never changes: `apply` makes another one.
#[wasm_bindgen]
#[derive(Debug, Clone)]
pub struct Workspace {
    pub(super) snapshot: Rc<Snapshot>,
}

/// A member of a workspace, found once and asked often.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Member {
    snapshot: Rc<Snapshot>,
    /// `None` for somebody who isn't a member.
    held: Option<Held>,
}

#[wasm_bindgen]
impl Workspace {
    /// Loads the answer of `GET …/snapshot`: the object, its JSON text, or the bytes of that.
    ///
    /// # Errors
    /// Throws with the code and the place of what can't be read.
    pub fn load(snapshot: &JsValue) -> Result<Self, JsValue> {
        let json = input::json(snapshot)?;
        Ok(Self { snapshot: Rc::new(loaded::parse(&json).map_err(Failure::from)?) })
    }

    /// The version that the snapshot was read at.
    #[wasm_bindgen(getter)]
    #[expect(clippy::cast_precision_loss, reason = "loading refuses versions that a number can't hold")]
    pub fn version(&self) -> f64 {
        self.snapshot.workspace.version as f64
    }

    /// May this member, by account id or address, do this to that?
    ///
    /// # Errors
    /// Throws for a question that can't be asked.
    pub fn can(&self, member: &JsValue, action: &JsValue, resource: &JsValue) -> Result<bool, JsValue> {
        self.member(member)?.can(action, resource)
    }

    /// The decision with its reasons, as `POST …/check` answers it.
    ///
    /// # Errors
    /// As [`Self::can`].
    pub fn explain(&self, member: &JsValue, action: &JsValue, resource: &JsValue) -> Result<JsValue, JsValue> {
        self.member(member)?.explain(action, resource)
    }

    /// A member, by account id or address. Somebody unknown is allowed nothing.
    ///
    /// # Errors
    /// Throws when the key isn't a text.
    pub fn member(&self, member: &JsValue) -> Result<Member, JsValue> {
        let key = input::text(member, "member")?.to_lowercase();
        let by_email = || key.parse::<Email>().ok().and_then(|email| self.snapshot.member_of(&email).cloned());
        let id = key.parse::<AccountId>().ok().or_else(by_email);
        let held = id.and_then(|id| self.snapshot.held(&id));
        Ok(Member { snapshot: Rc::clone(&self.snapshot), held })
    }

    /// Who may do this to that, as the rows of `GET …/access/members`.
    ///
    /// # Errors
    /// As [`Self::can`].
    pub fn members(&self, action: &JsValue, resource: &JsValue) -> Result<JsValue, JsValue> {
        let (action, target) = input::question(action, resource)?;
        let mut rows = Vec::new();
        for (id, access) in &self.snapshot.members {
            let decision = evaluate(&self.snapshot, &self.snapshot.held(id).unwrap_or_default(), action, &target);
            if decision.allowed {
                let (email, name) = (access.email.to_string(), access.name.to_string());
                let member = MemberName { id: id.to_string(), email, name };
                rows.push(MemberAccessView { member, because: decision.because.iter().map(Into::into).collect() });
            }
        }
        to_js(&rows)
    }

    /// What changes would do, as `POST …/preview` answers it. `complete` is false for a snapshot of one member.
    ///
    /// # Errors
    /// Throws for changes that can't be read.
    pub fn preview(&self, changes: &JsValue) -> Result<JsValue, JsValue> {
        let preview = crate::policy::preview(&self.snapshot, None, &read_changes(changes)?);
        to_js(&PreviewView::new(&preview, !self.snapshot.has_other_owner, self.snapshot.workspace.version))
    }

    /// The workspace with the changes made, all or none; it keeps the version that it was loaded at.
    ///
    /// # Errors
    /// Throws for changes that can't be read, and with the code of the rule that refuses one.
    pub fn apply(&self, changes: &JsValue) -> Result<Self, JsValue> {
        let mut after = Snapshot::clone(&self.snapshot);
        for (index, change) in read_changes(changes)?.iter().enumerate() {
            let refused = |refusals: Vec<_>| refusals.first().map(|refusal| Failure::refused(index, refusal));
            if let Some(failure) = try_apply(&mut after, None, change).err().and_then(refused) {
                return Err(failure.into());
            }
        }
        Ok(Self { snapshot: Rc::new(after) })
    }
}

#[wasm_bindgen]
impl Member {
    /// May they do this to that?
    ///
    /// # Errors
    /// Throws for a question that can't be asked.
    pub fn can(&self, action: &JsValue, resource: &JsValue) -> Result<bool, JsValue> {
        Ok(self.decide(action, resource)?.allowed)
    }

    /// The decision with its reasons, as `POST …/check` answers it.
    ///
    /// # Errors
    /// As [`Self::can`].
    pub fn explain(&self, action: &JsValue, resource: &JsValue) -> Result<JsValue, JsValue> {
        let mut view = DecisionView::from(&self.decide(action, resource)?);
        view.version = Some(self.snapshot.workspace.version);
        to_js(&view)
    }

    /// The resources of a type that they may do this to, as the rows of `GET …/access/resources`.
    ///
    /// # Errors
    /// Throws for an action that isn't asked of that type.
    pub fn list(&self, action: &JsValue, kind: &JsValue) -> Result<JsValue, JsValue> {
        let (action, _) = input::question(action, &JsValue::UNDEFINED)?;
        let kind = kind_of(action, &input::text(kind, "type")?)?;
        let mut rows = Vec::new();
        if let Some(held) = &self.held {
            for resource in self.snapshot.resources.keys().filter(|resource| resource.kind() == kind) {
                let decision = evaluate(&self.snapshot, held, action, &Target::One(resource.clone()));
                if decision.allowed {
                    rows.push(ResourceAccessView::new(resource, &decision));
                }
            }
        }
        to_js(&rows)
    }
}

impl Member {
    fn decide(&self, action: &JsValue, resource: &JsValue) -> Result<Decision, Failure> {
        let (action, target) = input::question(action, resource)?;
        let unknown = || Decision { unknown: Some(Unknown::Member), ..Decision::default() };
        let held = self.held.as_ref();
        Ok(held.map_or_else(unknown, |held| evaluate(&self.snapshot, held, action, &target)))
    }
}

fn kind_of(action: Action, text: &str) -> Result<ResourceKind, Failure> {
    let kind = text.parse::<ResourceKind>().map_err(|error| Failure::of(&error))?;
    let is_asked = action.is_asked_of(kind);
    is_asked.then_some(kind).ok_or_else(|| Failure::of(&TargetError::mismatch(action, text)))
}

fn read_changes(changes: &JsValue) -> Result<Vec<Change>, Failure> {
    Ok(PreviewBody::read(&input::json(changes)?)?.parse()?)
}
