//! Where SSO is required: who may come in otherwise, and who may switch it on.

use crate::model::{Plan, Workspace};

/// True where sessions have to come by SSO. Without the plan that includes SSO nobody could sign in: nothing is required then.
pub(super) fn is_required(workspace: &Workspace) -> bool {
    workspace.settings.require_sso && workspace.plan >= Plan::Business
}
