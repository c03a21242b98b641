//! The table of the document: a row for each route, in the order of the route table.

use rolecall::api::problem::Code as C;
use rolecall::api::route::Endpoint as E;
use rolecall::wire::Page;
use rolecall::wire::access::{AccessPage, MemberAccessView, ResourceAccessView};
use rolecall::wire::audit::EventView;
use rolecall::wire::authzen::{ConfigurationView, DecisionBody, DecisionsBody, EvaluationBody};
use rolecall::wire::bulk::{BulkBody, BulkView};
use rolecall::wire::change::PreviewBody;
use rolecall::wire::check::{BatchBody, BatchView, CheckBody, DecisionView};
use rolecall::wire::grant::GrantsBody;
use rolecall::wire::group::{GroupPatch, GroupView, JoinBody, JoinedView, NewGroup};
use rolecall::wire::invite::{AcceptBody, InvitePatch, InviteView, InvitesView, NewInvites, OfferView, ResendBody};
use rolecall::wire::label::{LabelView, NewLabel};
use rolecall::wire::me::{AccountView, MeView};
use rolecall::wire::member::{MemberPatch, MemberView};
use rolecall::wire::preview::PreviewView;
use rolecall::wire::resource::{ResourcePut, ResourceView};
use rolecall::wire::role::RoleView;
use rolecall::wire::search::ResultsBody;
use rolecall::wire::seat::SeatsView;
use rolecall::wire::session::SignIn;
use rolecall::wire::snapshot::SnapshotView;
use rolecall::wire::stale::StaleView;
use rolecall::wire::token::{NewToken, TokenView};
use rolecall::wire::workspace::{CreatedView, NewWorkspace, WorkspacePatch, WorkspaceView};

use crate::operation::{Operation, route, section};

/// What giving grants may meet.
pub(crate) const GIVING: &[C] = &[C::PlanRequired, C::DelegationExceeded];
/// What changing a member's grants may meet.
const MEMBER_GRANTS: &[C] = &[C::PlanRequired, C::DelegationExceeded, C::WorkspaceRoleRequired, C::LastOwner];
/// What changing a group's grants may meet.
const GROUP_GRANTS: &[C] = &[C::PlanRequired, C::DelegationExceeded, C::LastOwner];

/// All rows.
pub(crate) fn operations() -> Vec<Operation> {
    let sections = [
        service(),
        sessions(),
        workspaces(),
        members(),
        groups(),
        labels(),
        resources(),
        decisions(),
        authzen(),
        invites(),
        offers(),
        reading(),
        tokens(),
        crate::sso::connections(),
        crate::sso::provisioning(),
        crate::domains::domains(),
        crate::sso::logins(),
        crate::domains::saml(),
    ];
    sections.into_iter().flatten().collect()
}

fn service() -> Vec<Operation> {
    section(
        "Service",
        [
            route(E::Health, "Say that the service answers").answers::<crate::document::Health>(200),
            route(E::ShowOpenapi, "Show this document").answers::<crate::document::Openapi>(200).tagged(),
            route(E::ListRoles, "List the roles").answers::<Page<RoleView>>(200).tagged(),
            route(E::ShowMe, "Show the caller").answers::<MeView>(200).problems(&[C::Forbidden, C::NotFound]),
        ],
    )
}

fn sessions() -> Vec<Operation> {
    section(
        "Sessions",
        [
            route(E::MailLink, "Mail a link that signs in").body::<SignIn>().answers_nothing(202),
            route(E::OpenLink, "Sign in by a mailed link")
                .answers::<AccountView>(201)
                .headers(&["Set-Cookie"])
                .problems(&[C::LinkExpired, C::LinkUsed, C::Conflict]),
            route(E::CloseSession, "Sign out here")
                .answers_nothing(204)
                .headers(&["Set-Cookie"])
                .problems(&[C::Forbidden]),
            route(E::CloseSessions, "Sign out everywhere")
                .answers_nothing(204)
                .headers(&["Set-Cookie"])
                .problems(&[C::Forbidden]),
        ],
    )
}

fn workspaces() -> Vec<Operation> {
    section(
        "Workspaces",
        [
            route(E::CreateWorkspace, "Make a workspace with its first owner")
                .body::<NewWorkspace>()
.example(r#"{"name": "Acme", "slug": "acme", "plan": "team", "owner": {"email": "olga@example.com", "name": "Olga"}}"#)
                .answers::<CreatedView>(201)
                .versioned()
                .headers(&["Location"])
                .problems(&[C::Forbidden, C::SlugTaken, C::Conflict]),
            route(E::ShowWorkspace, "Show a workspace").answers::<WorkspaceView>(200).tagged(),
            route(E::UpdateWorkspace, "Change a workspace")
                .body::<WorkspacePatch>()
                .answers::<WorkspaceView>(200)
                .tagged()
                .versioned()
                .problems(&[C::PlanRequired, C::DelegationExceeded, C::SsoUntested]),
            route(E::DeleteWorkspace, "Close a workspace").answers_nothing(204).versioned(),
        ],
    )
}

fn members() -> Vec<Operation> {
    section(
        "Members",
        [
            route(E::ListMembers, "List the members")
                .query(&[
                    "q",
                    "role",
                    "group",
                    "with_resource",
                    "inactive_since",
                    "provisioned_by",
                    "sort",
                    "limit",
                    "cursor",
                ])
                .answers::<Page<MemberView>>(200)
                .versioned(),
            route(E::ShowMember, "Show a member").answers::<MemberView>(200).tagged(),
            route(E::UpdateMember, "Rename a member")
                .body::<MemberPatch>()
                .answers::<MemberView>(200)
                .tagged()
                .versioned(),
            route(E::DeleteMember, "Remove a member").answers_nothing(204).versioned().problems(&[C::LastOwner]),
            route(E::ReplaceMemberGrants, "Replace a member's own grants")
                .body::<GrantsBody>()
                .example(r#"{"grants": ["workspace_member", "source_admin"]}"#)
                .answers::<MemberView>(200)
                .tagged()
                .versioned()
                .problems(MEMBER_GRANTS),
            route(E::AddMemberGrants, "Add to a member's own grants")
                .body::<GrantsBody>()
                .answers::<MemberView>(200)
                .tagged()
                .versioned()
                .problems(MEMBER_GRANTS),
            route(E::DeleteMemberGrant, "Take one of a member's own grants away")
                .answers_nothing(204)
                .versioned()
                .problems(&[C::WorkspaceRoleRequired, C::LastOwner]),
        ],
    )
}

fn groups() -> Vec<Operation> {
    section(
        "Groups",
        [
            route(E::ListGroups, "List the groups")
                .query(&["limit", "cursor"])
                .answers::<Page<GroupView>>(200)
                .versioned(),
            route(E::CreateGroup, "Make a group")
                .body::<NewGroup>()
                .example(r#"{"name": "Web", "grants": ["source_admin@{environment:prod}"]}"#)
                .answers::<GroupView>(201)
                .tagged()
                .versioned()
                .problems(&[C::PlanRequired, C::DelegationExceeded, C::NameTaken]),
            route(E::ShowGroup, "Show a group").answers::<GroupView>(200).tagged(),
            route(E::UpdateGroup, "Rename a group")
                .body::<GroupPatch>()
                .answers::<GroupView>(200)
                .tagged()
                .versioned()
                .problems(&[C::NameTaken, C::ManagedByIdp]),
            route(E::DeleteGroup, "Delete a group")
                .answers_nothing(204)
                .versioned()
                .problems(&[C::LastOwner, C::ManagedByIdp]),
            route(E::ReplaceGroupGrants, "Replace what a group gives")
                .body::<GrantsBody>()
                .answers::<GroupView>(200)
                .tagged()
                .versioned()
                .problems(GROUP_GRANTS),
            route(E::AddGroupGrants, "Add to what a group gives")
                .body::<GrantsBody>()
                .answers::<GroupView>(200)
                .tagged()
                .versioned()
                .problems(GROUP_GRANTS),
            route(E::DeleteGroupGrant, "Take one of a group's grants away")
                .answers_nothing(204)
                .versioned()
                .problems(&[C::LastOwner]),
            route(E::ListGroupMembers, "List who is in a group")
                .query(&["limit", "cursor"])
                .answers::<Page<JoinedView>>(200)
                .versioned(),
            route(E::JoinGroup, "Let members and invitees into a group")
                .body::<JoinBody>()
                .answers::<GroupView>(200)
                .tagged()
                .versioned()
                .problems(&[C::DelegationExceeded, C::ManagedByIdp]),
            route(E::LeaveGroup, "Take somebody out of a group")
                .answers_nothing(204)
                .versioned()
                .problems(&[C::LastOwner, C::ManagedByIdp]),
        ],
    )
}

fn labels() -> Vec<Operation> {
    section(
        "Labels",
        [
            route(E::ListLabels, "List the labels")
                .query(&["limit", "cursor"])
                .answers::<Page<LabelView>>(200)
                .versioned(),
            route(E::CreateLabel, "Add a label, or describe one anew")
                .body::<NewLabel>()
                .example(r#"{"key": "environment", "value": "prod"}"#)
                .answers::<LabelView>(201)
                .answers::<LabelView>(200)
                .versioned(),
            route(E::DeleteLabel, "Delete a label").answers_nothing(204).versioned().problems(&[C::LabelInUse]),
        ],
    )
}

fn resources() -> Vec<Operation> {
    section(
        "Resources",
        [
            route(E::ListResources, "List the resources that the caller may view")
                .query(&["type", "limit", "cursor"])
                .answers::<Page<ResourceView>>(200)
                .versioned(),
            route(E::ShowResource, "Show a resource").answers::<ResourceView>(200).tagged(),
            route(E::PutResource, "Register a resource, or change it")
                .body::<ResourcePut>()
                .example(r#"{"name": "Website", "labels": {"environment": "prod"}}"#)
                .answers::<ResourceView>(201)
                .answers::<ResourceView>(200)
                .tagged()
                .versioned(),
            route(E::DeleteResource, "Delete a resource and end the grants on it").answers_nothing(204).versioned(),
        ],
    )
}

fn decisions() -> Vec<Operation> {
    section(
        "Decisions",
        [
            route(E::Check, "May this member do that, and why?")
                .body::<CheckBody>()
                .example(r#"{"member": "ann@example.com", "action": "source:edit", "resource": "source/abc"}"#)
                .answers::<DecisionView>(200)
                .problems(&[C::ActionResourceMismatch]),
            route(E::CheckBatch, "Up to 1,000 checks at once")
                .body::<BatchBody>()
                .example(r#"{"checks": [{"member": "me", "action": "source:edit", "resource": "source/abc"}]}"#)
                .answers::<BatchView>(200)
                .problems(&[C::ActionResourceMismatch]),
            route(E::Preview, "What would these changes do?")
                .body::<PreviewBody>()
                .example(r#"{"changes": [{"invite": "ann@example.com", "grants": ["workspace_member"]}]}"#)
                .answers::<PreviewView>(200),
            route(E::ListAccessMembers, "Who can do this?")
                .query(&["action", "target", "limit", "cursor"])
                .answers::<AccessPage<MemberAccessView>>(200)
                .versioned()
                .problems(&[C::ActionResourceMismatch]),
            route(E::ListAccessResources, "What can they do it to?")
                .query(&["member", "action", "type", "limit", "cursor"])
                .answers::<AccessPage<ResourceAccessView>>(200)
                .versioned()
                .problems(&[C::ActionResourceMismatch]),
            route(E::ListStale, "Which access is used by nobody?")
                .query(&["stale_kind", "stale_since", "limit", "cursor"])
                .answers::<Page<StaleView>>(200)
                .versioned()
                .files(&["text/csv", "application/x-ndjson"]),
        ],
    )
}

fn authzen() -> Vec<Operation> {
    const ENTITY: &[&str] = &["type", "id"];
    const ACTION: (&str, &[&str]) = ("action", &["name"]);
    section(
        "AuthZEN",
        [
            route(E::ShowAuthzen, "Say where the endpoints of AuthZEN are").answers::<ConfigurationView>(200).tagged(),
            route(E::Evaluate, "May this subject do that?")
                .body::<EvaluationBody>()
                .needing(&[("subject", ENTITY), ACTION, ("resource", ENTITY)])
                .example(r#"{"subject": {"type": "user", "id": "ann@example.com"}, "action": {"name": "source:edit"}, "resource": {"type": "source", "id": "abc"}}"#)
.answers::<DecisionBody>(200),
            route(E::EvaluateAll, "Up to 1,000 evaluations at once; without any in the list, the one of the body itself")
                .body::<EvaluationBody>()
                .example(r#"{"subject": {"type": "user", "id": "ann@example.com"}, "resource": {"type": "source", "id": "abc"}, "evaluations": [{"action": {"name": "source:view"}}, {"action": {"name": "source:edit"}}]}"#)
.answers::<Evaluated>(200),
            route(E::SearchSubjects, "Which users may do that?")
                .body::<EvaluationBody>()
                .needing(&[("subject", &["type"]), ACTION, ("resource", ENTITY)])
                .answers::<ResultsBody>(200)
                .problems(&[C::InvalidCursor]),
            route(E::SearchResources, "On which resources may this subject do that?")
                .body::<EvaluationBody>()
                .needing(&[("subject", ENTITY), ACTION, ("resource", &["type"])])
                .answers::<ResultsBody>(200)
                .problems(&[C::InvalidCursor]),
            route(E::SearchActions, "What may this subject do on this resource?")
                .body::<EvaluationBody>()
                .needing(&[("subject", ENTITY), ("resource", ENTITY)])
                .answers::<ResultsBody>(200)
                .problems(&[C::InvalidCursor]),
        ],
    )
}

/// One decision, or one for each question.
#[derive(schemars::JsonSchema)]
#[schemars(untagged, inline)]
#[expect(dead_code, reason = "described, never made")]
enum Evaluated {
    All(DecisionsBody),
    One(DecisionBody),
}

fn invites() -> Vec<Operation> {
    const OPEN: &[C] = &[C::InviteCanceled, C::InviteUsed];
    section(
        "Invites",
        [
            route(E::ListInvites, "List the invites")
                .query(&["invite_status", "limit", "cursor"])
                .answers::<Page<InviteView>>(200)
                .versioned(),
            route(E::CreateInvites, "Invite up to 100 addresses")
                .body::<NewInvites>()
.example(r#"{"invites": [{"email": "ann@example.com", "grants": ["workspace_member", "source_admin"]}], "deliver": "link"}"#)
                .answers::<InvitesView>(201)
                .versioned()
                .problems(&[C::PlanRequired, C::DelegationExceeded, C::WorkspaceRoleRequired, C::SeatLimitReached]),
            route(E::InviteBulk, "Invite up to 10,000 addresses, by a list or a CSV file; each row is told")
                .query(&["on_error", "deliver"])
                .body::<BulkBody>()
                .or_file(&["text/csv"])
                .example(r#"{"invites": [{"email": "ann@example.com", "grants": ["workspace_member"]}], "deliver": "link"}"#)
                .answers::<BulkView>(200)
                .versioned()
                .problems(&[C::InvalidCsv, C::SeatLimitReached]),
            route(E::ShowInvite, "Show an invite").answers::<InviteView>(200).tagged(),
            route(E::UpdateInvite, "Change what an invite offers")
                .body::<InvitePatch>()
                .answers::<InviteView>(200)
                .tagged()
                .versioned()
                .problems(&[
                    C::PlanRequired,
                    C::DelegationExceeded,
                    C::WorkspaceRoleRequired,
                    C::InviteCanceled,
                    C::InviteUsed,
                ]),
            route(E::CancelInvite, "Take an invite back").answers_nothing(204).versioned().problems(OPEN),
            route(E::ResendInvite, "Send an invite again, with a new link")
                .optional_body::<ResendBody>()
                .answers::<InviteView>(200)
                .versioned()
                .problems(&[
                    C::PlanRequired,
                    C::DelegationExceeded,
                    C::AlreadyMember,
                    C::AlreadyInvited,
                    C::SeatLimitReached,
                    C::InviteCanceled,
                    C::InviteUsed,
                ]),
        ],
    )
}

fn offers() -> Vec<Operation> {
    section(
        "Invites",
        [
            route(E::ShowOffer, "Show an invite to the person invited").answers::<OfferView>(200),
            route(E::AcceptOffer, "Accept an invite and sign in")
                .optional_body::<AcceptBody>()
                .answers::<MemberView>(201)
                .versioned()
                .headers(&["Set-Cookie"])
                .problems(&[
                    C::InviteExpired,
                    C::InviteCanceled,
                    C::InviteUsed,
                    C::WrongAccount,
                    C::AlreadyMember,
                    C::SeatLimitReached,
                    C::PlanRequired,
                    C::DelegationExceeded,
                    C::Conflict,
                ]),
        ],
    )
}

fn reading() -> Vec<Operation> {
    section(
        "Workspaces",
        [
            route(E::ShowSnapshot, "Show all that decisions need")
                .query(&["snapshot_of"])
                .answers::<SnapshotView>(200)
                .files(&["application/vnd.rolecall.snapshot"])
                .tagged()
                .versioned(),
            route(E::ShowSeats, "Count the seats").answers::<SeatsView>(200).versioned(),
            route(E::ListAuditEvents, "List what happened, the newest first")
                .query(&["actor", "event_type", "subject", "since", "until", "limit", "cursor"])
                .answers::<Page<EventView>>(200)
                .versioned()
                .files(&["text/csv", "application/x-ndjson"]),
        ],
    )
}

fn tokens() -> Vec<Operation> {
    section(
        "Tokens",
        [
            route(E::ListTokens, "List the tokens")
                .query(&["limit", "cursor"])
                .answers::<Page<TokenView>>(200)
                .versioned(),
            route(E::CreateToken, "Make a token; its secret is shown this once")
                .body::<NewToken>()
                .example(r#"{"name": "Nightly sync", "actions": ["member:view"]}"#)
                .answers::<TokenView>(201)
                .versioned()
                .problems(GIVING),
            route(E::ShowToken, "Show a token, without its secret").answers::<TokenView>(200).tagged(),
            route(E::DeleteToken, "Delete a token").answers_nothing(204).versioned(),
        ],
    )
}
