//! What a whole workspace answers beside checks: reasons, lists, previews, and itself with changes made.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::model::{Action, ResourceKind, Target, TargetError};
use crate::packed::Place;
use crate::policy::{Decision, Question, Unknown, decide, preview, try_apply};
use crate::wire::access::{MemberAccessView, MemberName, ResourceAccessView};
use crate::wire::check::DecisionView;
use crate::wire::preview::PreviewView;

use super::super::core::Core;
use super::super::state::State;
use super::error::{Failure, refused, to_js};
use super::input;

impl Core {
    fn decision(&self, member: &JsValue, action: Action, target: &Target) -> Result<Decision, Failure> {
        let state = &self.state;
        let Some(nth) = state.member(&input::lower_text(member, "member")?) else {
            return Ok(Decision { unknown: Some(Unknown::Member), ..Decision::default() });
        };
        let mut slicer = state.slicer()?;
        slicer.member(nth)?;
        slicer.place(state.packed.place(target))?;
        let question = Question { member: state.packed.member_id(nth), action, target: target.clone() };
        Ok(decide(&slicer.finish(), &question))
    }
}

#[wasm_bindgen]
impl Core {
    /// Loads the answer of `GET …/snapshot`, in either form.
    ///
    /// # Errors
    /// Throws with the code and the place of what can't be read; the others throw for questions that can't be asked.
    pub fn open(snapshot: &JsValue) -> Result<Self, JsValue> {
        Ok(Self { state: State::open(snapshot)? })
    }

    /// The compact form.
    pub fn bytes(&self) -> js_sys::Uint8Array {
        self.state.bytes()
    }

    /// The decision with its reasons, as `POST …/check` answers it.
    ///
    /// # Errors
    /// For a question that can't be asked.
    pub fn explain(&self, member: &JsValue, action: &JsValue, resource: &JsValue) -> Result<JsValue, JsValue> {
        let (action, target) = input::question(action, resource)?;
        let mut view = DecisionView::from(&self.decision(member, action, &target)?);
        view.version = Some(self.state.packed.version());
        to_js(&view)
    }

    /// The resources of a type that a member may do this to, as the rows of `GET …/access/resources`.
    ///
    /// # Errors
    /// For an action that isn't asked of that type.
    pub fn list(&self, member: &JsValue, action: &JsValue, kind: &JsValue) -> Result<JsValue, JsValue> {
        let (action, _) = input::question(action, &JsValue::UNDEFINED)?;
        let kind = kind_of(action, &input::text(kind, "type")?)?;
        Ok(match self.state.member(&input::lower_text(member, "member")?) {
            Some(nth) => to_js(&resources(&self.state, nth, action, kind)?)?,
            None => js_sys::Array::new().into(),
        })
    }

    /// Who may do this to that, as the rows of `GET …/access/members`.
    ///
    /// # Errors
    /// As [`Self::explain`].
    pub fn members(&self, action: &JsValue, resource: &JsValue) -> Result<JsValue, JsValue> {
        let (action, target) = input::question(action, resource)?;
        to_js(&members(&self.state, action, &target)?)
    }

    /// What changes would do, as `POST …/preview` answers it. `complete` is false for a snapshot of one member.
    ///
    /// # Errors
    /// For changes that can't be read.
    pub fn preview(&self, changes: &JsValue) -> Result<JsValue, JsValue> {
        let (state, changes) = (&self.state, input::changes(changes)?);
        let part = state.packed.touched_by(&changes).map_err(Failure::from)?;
        let is_complete = !state.packed.has_other_owner();
        to_js(&PreviewView::new(&preview(&part, None, &changes), is_complete, state.packed.version()))
    }

    /// The workspace with the changes made, all or none; it keeps the version that it was loaded at.
    ///
    /// # Errors
    /// For changes that can't be read, and with the code of the rule that refuses one.
    pub fn apply(&self, changes: &JsValue) -> Result<Self, JsValue> {
        let changes = input::changes(changes)?;
        let mut after = self.state.all().map_err(Failure::from)?;
        for (index, change) in changes.iter().enumerate() {
            let refused = |refusals: Vec<_>| refusals.first().map(|refusal| refused(index, refusal));
            if let Some(failure) = try_apply(&mut after, None, change).err().and_then(refused) {
                return Err(failure.into());
            }
        }
        Ok(Self { state: State::of(&after)? })
    }
}

fn kind_of(action: Action, text: &str) -> Result<ResourceKind, Failure> {
    let kind = text.parse::<ResourceKind>().map_err(|error| Failure::of(&error))?;
    let is_asked = action.is_asked_of(kind);
    is_asked.then_some(kind).ok_or_else(|| Failure::of(&TargetError::mismatch(action, text)))
}

/// The allowed ones are found on the bytes; only they are explained.
fn resources(
    state: &State,
    member: u32,
    action: Action,
    kind: ResourceKind,
) -> Result<Vec<ResourceAccessView>, Failure> {
    let (packed, (from, to)) = (&state.packed, state.packed.kind_range(kind));
    let is_allowed = |one: &u32| packed.is_registered(*one) && packed.allows(member, action, Place::One(*one));
    let allowed: Vec<u32> = (from..to).filter(is_allowed).collect();
    let mut slicer = state.slicer()?;
    slicer.member(member)?;
    allowed.iter().try_for_each(|one| slicer.with_parent(*one))?;
    let snapshot = slicer.finish();
    let held = snapshot.held(&packed.member_id(member)).unwrap_or_default();
    let mut rows = Vec::new();
    for one in allowed {
        let named = packed.resource_ref(one)?;
        let decision = crate::policy::evaluate(&snapshot, &held, action, &Target::One(named.clone()));
        rows.push(ResourceAccessView::new(&named, &decision));
    }
    Ok(rows)
}

fn members(state: &State, action: Action, target: &Target) -> Result<Vec<MemberAccessView>, Failure> {
    let (packed, place) = (&state.packed, state.packed.place(target));
    let mut slicer = state.slicer()?;
    slicer.place(place)?;
    (0..packed.members()).filter(|nth| packed.allows(*nth, action, place)).try_for_each(|nth| slicer.member(nth))?;
    let snapshot = slicer.finish();
    let row = |(id, access): (&crate::model::AccountId, &crate::policy::MemberAccess)| {
        let decision = decide(&snapshot, &Question { member: id.clone(), action, target: target.clone() });
        let member = MemberName::new(id, &access.email, &access.name);
        MemberAccessView { member, because: decision.because.iter().map(Into::into).collect() }
    };
    Ok(snapshot.members.iter().map(row).collect())
}
