//! What is asked, from texts.

use crate::model::{Action, Target, TargetError};

use super::error::Fault;

/// An action and what it is asked of; nothing for the workspace as a whole.
pub(super) fn question(action: &str, resource: Option<&str>) -> Result<(Action, Target), Fault> {
    let action: Action = action.parse().map_err(|error| Fault::of(&error))?;
    let target = target(resource)?;
    if target.fits(action) {
        return Ok((action, target));
    }
    // Whatever doesn't fit was named.
    Err(Fault::of(&TargetError::mismatch(action, resource.unwrap_or_default())))
}

/// What a question is asked of; nothing for the workspace as a whole.
pub(super) fn target(resource: Option<&str>) -> Result<Target, Fault> {
    Target::named(resource).map_err(|error| Fault::of(&error))
}
