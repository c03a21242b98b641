//! The URL space as one table.

use std::sync::LazyLock;

use http::Method;
use matchit::Router;

/// What a route leads to: a handler of the file that is named like the first part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the name of its handler")]
pub enum Endpoint {
    Health,
    ShowOpenapi,
    ListRoles,
    ShowMe,
    MailLink,
    OpenLink,
    CloseSession,
    CloseSessions,
    CreateWorkspace,
    ShowWorkspace,
    UpdateWorkspace,
    DeleteWorkspace,
    ListMembers,
    ShowMember,
    UpdateMember,
    DeleteMember,
    ReplaceMemberGrants,
    AddMemberGrants,
    DeleteMemberGrant,
    ListGroups,
    CreateGroup,
    ShowGroup,
    UpdateGroup,
    DeleteGroup,
    ReplaceGroupGrants,
    AddGroupGrants,
    DeleteGroupGrant,
    ListGroupMembers,
    JoinGroup,
    LeaveGroup,
    ListLabels,
    CreateLabel,
    DeleteLabel,
    ListResources,
    ShowResource,
    PutResource,
    DeleteResource,
    Check,
    CheckBatch,
    Preview,
    ListAccessMembers,
    ListAccessResources,
    ListStale,
    ShowAuthzen,
    Evaluate,
    EvaluateAll,
    SearchSubjects,
    SearchResources,
    SearchActions,
    ListInvites,
    CreateInvites,
    InviteBulk,
    ShowInvite,
    UpdateInvite,
    CancelInvite,
    ResendInvite,
    ShowOffer,
    AcceptOffer,
    ShowSnapshot,
    ShowSeats,
    ListAuditEvents,
    ListTokens,
    CreateToken,
    ShowToken,
    DeleteToken,
    ListConnections,
    CreateConnection,
    ShowConnection,
    UpdateConnection,
    DeleteConnection,
    ListDomains,
    AddDomain,
    ShowDomain,
    UpdateDomain,
    DeleteDomain,
    VerifyDomain,
    Join,
    ListJoinRequests,
    ApproveJoin,
    DenyJoin,
    DiscoverSso,
    CreateTrial,
    ShowTrial,
    BeginLogin,
    OidcCallback,
    SamlMetadata,
    SamlConsume,
    ListScimTokens,
    CreateScimToken,
    ShowScimToken,
    RotateScimToken,
    DeleteScimToken,
    ListProvisioning,
    ListInactive,
}

use Endpoint as E;

impl Endpoint {
    /// True for what changes a workspace: it can say what it would do.
    pub const fn takes_dry_run(self) -> bool {
        !matches!(
            self,
            Self::CreateWorkspace
                | Self::DeleteWorkspace
                | Self::Check
                | Self::CheckBatch
                | Self::Preview
                | Self::Evaluate
                | Self::EvaluateAll
                | Self::SearchSubjects
                | Self::SearchResources
                | Self::SearchActions
                | Self::AcceptOffer
                | Self::Join
                | Self::MailLink
                | Self::OpenLink
                | Self::CloseSession
                | Self::CloseSessions
                | Self::CreateTrial
        )
    }

    /// True for what answers a dry run in its own shape: the report that the request itself would get.
    pub const fn reports_dry_run(self) -> bool {
        matches!(self, Self::InviteBulk)
    }

    /// True for each POST that writes for somebody: sent again under one `Idempotency-Key`, it is done once. Who asks for a
    /// sign-in link or opens one is nobody yet; a login that tries a connection is over in minutes.
    pub const fn takes_key(self) -> bool {
        matches!(
            self,
            Self::CreateWorkspace
                | Self::AddMemberGrants
                | Self::CreateGroup
                | Self::AddGroupGrants
                | Self::JoinGroup
                | Self::CreateLabel
                | Self::CreateInvites
                | Self::InviteBulk
                | Self::ResendInvite
                | Self::CreateToken
                | Self::CreateScimToken
                | Self::RotateScimToken
                | Self::CreateConnection
                | Self::AddDomain
                | Self::ApproveJoin
                | Self::DenyJoin
                | Self::AcceptOffer
        )
    }

    /// True for what anyone may ask without a credential: the secret in the path of an invite or a link is one.
    pub const fn is_public(self) -> bool {
        matches!(
            self,
            Self::Health
                | Self::ShowOpenapi
                | Self::ListRoles
                | Self::ShowAuthzen
                | Self::ShowOffer
                | Self::AcceptOffer
                | Self::MailLink
                | Self::OpenLink
                | Self::DiscoverSso
                | Self::BeginLogin
                | Self::OidcCallback
                | Self::SamlMetadata
                | Self::SamlConsume
        )
    }
}

/// Method, path and endpoint, in the order of the contract.
#[rustfmt::skip]
pub const ROUTES: &[(Method, &str, Endpoint)] = &[
    (Method::GET, "/healthz", E::Health),
    (Method::GET, "/openapi.json", E::ShowOpenapi),
    (Method::GET, "/v1/roles", E::ListRoles),
    (Method::GET, "/v1/me", E::ShowMe),
    (Method::POST, "/v1/sessions/email", E::MailLink),
    (Method::POST, "/v1/sessions/email/:secret", E::OpenLink),
    (Method::DELETE, "/v1/sessions/current", E::CloseSession),
    (Method::DELETE, "/v1/sessions", E::CloseSessions),
    (Method::POST, "/v1/workspaces", E::CreateWorkspace),
    (Method::GET, "/v1/workspaces/:ws", E::ShowWorkspace),
    (Method::PATCH, "/v1/workspaces/:ws", E::UpdateWorkspace),
    (Method::DELETE, "/v1/workspaces/:ws", E::DeleteWorkspace),
    (Method::GET, "/v1/workspaces/:ws/members", E::ListMembers),
    (Method::GET, "/v1/workspaces/:ws/members/:acc", E::ShowMember),
    (Method::PATCH, "/v1/workspaces/:ws/members/:acc", E::UpdateMember),
    (Method::DELETE, "/v1/workspaces/:ws/members/:acc", E::DeleteMember),
    (Method::PUT, "/v1/workspaces/:ws/members/:acc/grants", E::ReplaceMemberGrants),
    (Method::POST, "/v1/workspaces/:ws/members/:acc/grants", E::AddMemberGrants),
    (Method::DELETE, "/v1/workspaces/:ws/members/:acc/grants/:gnt", E::DeleteMemberGrant),
    (Method::GET, "/v1/workspaces/:ws/groups", E::ListGroups),
    (Method::POST, "/v1/workspaces/:ws/groups", E::CreateGroup),
    (Method::GET, "/v1/workspaces/:ws/groups/:grp", E::ShowGroup),
    (Method::PATCH, "/v1/workspaces/:ws/groups/:grp", E::UpdateGroup),
    (Method::DELETE, "/v1/workspaces/:ws/groups/:grp", E::DeleteGroup),
    (Method::PUT, "/v1/workspaces/:ws/groups/:grp/grants", E::ReplaceGroupGrants),
    (Method::POST, "/v1/workspaces/:ws/groups/:grp/grants", E::AddGroupGrants),
    (Method::DELETE, "/v1/workspaces/:ws/groups/:grp/grants/:gnt", E::DeleteGroupGrant),
    (Method::GET, "/v1/workspaces/:ws/groups/:grp/members", E::ListGroupMembers),
    (Method::POST, "/v1/workspaces/:ws/groups/:grp/members", E::JoinGroup),
    (Method::DELETE, "/v1/workspaces/:ws/groups/:grp/members/:acc", E::LeaveGroup),
    (Method::GET, "/v1/workspaces/:ws/labels", E::ListLabels),
    (Method::POST, "/v1/workspaces/:ws/labels", E::CreateLabel),
    (Method::DELETE, "/v1/workspaces/:ws/labels/:key/:value", E::DeleteLabel),
    (Method::GET, "/v1/workspaces/:ws/resources", E::ListResources),
    (Method::GET, "/v1/workspaces/:ws/resources/:type/:id", E::ShowResource),
    (Method::PUT, "/v1/workspaces/:ws/resources/:type/:id", E::PutResource),
    (Method::DELETE, "/v1/workspaces/:ws/resources/:type/:id", E::DeleteResource),
    (Method::POST, "/v1/workspaces/:ws/check", E::Check),
    (Method::POST, "/v1/workspaces/:ws/check/batch", E::CheckBatch),
    (Method::POST, "/v1/workspaces/:ws/preview", E::Preview),
    (Method::GET, "/v1/workspaces/:ws/access/members", E::ListAccessMembers),
    (Method::GET, "/v1/workspaces/:ws/access/resources", E::ListAccessResources),
    (Method::GET, "/v1/workspaces/:ws/access/stale", E::ListStale),
    (Method::GET, "/.well-known/authzen-configuration", E::ShowAuthzen),
    (Method::POST, "/access/v1/evaluation", E::Evaluate),
    (Method::POST, "/access/v1/evaluations", E::EvaluateAll),
    (Method::POST, "/access/v1/search/subject", E::SearchSubjects),
    (Method::POST, "/access/v1/search/resource", E::SearchResources),
    (Method::POST, "/access/v1/search/action", E::SearchActions),
    (Method::GET, "/v1/workspaces/:ws/invites", E::ListInvites),
    (Method::POST, "/v1/workspaces/:ws/invites", E::CreateInvites),
    (Method::POST, "/v1/workspaces/:ws/invites/bulk", E::InviteBulk),
    (Method::GET, "/v1/workspaces/:ws/invites/:inv", E::ShowInvite),
    (Method::PATCH, "/v1/workspaces/:ws/invites/:inv", E::UpdateInvite),
    (Method::DELETE, "/v1/workspaces/:ws/invites/:inv", E::CancelInvite),
    (Method::POST, "/v1/workspaces/:ws/invites/:inv/resend", E::ResendInvite),
    (Method::GET, "/v1/invites/:secret", E::ShowOffer),
    (Method::POST, "/v1/invites/:secret/accept", E::AcceptOffer),
    (Method::GET, "/v1/workspaces/:ws/snapshot", E::ShowSnapshot),
    (Method::GET, "/v1/workspaces/:ws/seats", E::ShowSeats),
    (Method::GET, "/v1/workspaces/:ws/audit-events", E::ListAuditEvents),
    (Method::GET, "/v1/workspaces/:ws/tokens", E::ListTokens),
    (Method::POST, "/v1/workspaces/:ws/tokens", E::CreateToken),
    (Method::GET, "/v1/workspaces/:ws/tokens/:tok", E::ShowToken),
    (Method::DELETE, "/v1/workspaces/:ws/tokens/:tok", E::DeleteToken),
    (Method::GET, "/v1/workspaces/:ws/sso/connections", E::ListConnections),
    (Method::POST, "/v1/workspaces/:ws/sso/connections", E::CreateConnection),
    (Method::GET, "/v1/workspaces/:ws/sso/connections/:idp", E::ShowConnection),
    (Method::PATCH, "/v1/workspaces/:ws/sso/connections/:idp", E::UpdateConnection),
    (Method::DELETE, "/v1/workspaces/:ws/sso/connections/:idp", E::DeleteConnection),
    (Method::POST, "/v1/workspaces/:ws/sso/connections/:idp/tests", E::CreateTrial),
    (Method::GET, "/v1/workspaces/:ws/sso/connections/:idp/tests/:tst", E::ShowTrial),
    (Method::GET, "/v1/workspaces/:ws/scim/tokens", E::ListScimTokens),
    (Method::POST, "/v1/workspaces/:ws/scim/tokens", E::CreateScimToken),
    (Method::GET, "/v1/workspaces/:ws/scim/tokens/:sct", E::ShowScimToken),
    (Method::DELETE, "/v1/workspaces/:ws/scim/tokens/:sct", E::DeleteScimToken),
    (Method::POST, "/v1/workspaces/:ws/scim/tokens/:sct/rotate", E::RotateScimToken),
    (Method::GET, "/v1/workspaces/:ws/scim/journal", E::ListProvisioning),
    (Method::GET, "/v1/workspaces/:ws/scim/inactive", E::ListInactive),
    (Method::GET, "/v1/workspaces/:ws/domains", E::ListDomains),
    (Method::POST, "/v1/workspaces/:ws/domains", E::AddDomain),
    (Method::GET, "/v1/workspaces/:ws/domains/:dom", E::ShowDomain),
    (Method::PATCH, "/v1/workspaces/:ws/domains/:dom", E::UpdateDomain),
    (Method::DELETE, "/v1/workspaces/:ws/domains/:dom", E::DeleteDomain),
    (Method::POST, "/v1/workspaces/:ws/domains/:dom/verify", E::VerifyDomain),
    (Method::POST, "/v1/workspaces/:ws/join", E::Join),
    (Method::GET, "/v1/workspaces/:ws/join-requests", E::ListJoinRequests),
    (Method::POST, "/v1/workspaces/:ws/join-requests/:jrq/approve", E::ApproveJoin),
    (Method::POST, "/v1/workspaces/:ws/join-requests/:jrq/deny", E::DenyJoin),
    (Method::GET, "/v1/sso/discover", E::DiscoverSso),
    (Method::GET, "/v1/sso/:connection/login", E::BeginLogin),
    (Method::GET, "/v1/sso/oidc/callback", E::OidcCallback),
    (Method::GET, "/v1/sso/saml/metadata/:connection", E::SamlMetadata),
    (Method::POST, "/v1/sso/saml/acs", E::SamlConsume),
];

/// The paths, each with the methods that it takes: the table, indexed once.
static PATHS: LazyLock<Router<Vec<(&'static Method, Endpoint)>>> = LazyLock::new(|| {
    let mut router = Router::new();
    let mut seen: Vec<&str> = Vec::new();
    for (_, path, _) in ROUTES {
        if !seen.contains(path) {
            seen.push(path);
            let here = ROUTES.iter().filter(|(_, other, _)| other == path);
            let methods = here.map(|(method, _, endpoint)| (method, *endpoint)).collect();
            // A pattern that clashes is left out; the test below finds it.
            let _ = router.insert(*path, methods);
        }
    }
    router
});

/// What a request's method and path lead to.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// An endpoint, with the parameters of the path as they were sent.
    Endpoint(Endpoint, Vec<(String, String)>),
    /// The path exists with these other methods.
    OtherMethods(String),
    /// No such path.
    Nothing,
}

/// Looks a request up in the table. `HEAD` is answered like `GET`.
pub fn find(method: &Method, path: &str) -> Found {
    let Ok(found) = PATHS.at(path) else { return Found::Nothing };
    let wanted = if *method == Method::HEAD { &Method::GET } else { method };
    match found.value.iter().find(|(method, _)| *method == wanted) {
        Some((_, endpoint)) => {
            let parameters = found.params.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
            Found::Endpoint(*endpoint, parameters)
        }
        None => {
            let methods = found.value.iter().map(|(method, _)| method.as_str());
            // What answers `GET` answers `HEAD`.
            let methods: Vec<&str> = methods.map(|method| if method == "GET" { "GET, HEAD" } else { method }).collect();
            Found::OtherMethods(methods.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_of_the_table_is_found() {
        for (method, path, endpoint) in ROUTES {
            assert!(matches!(find(method, path), Found::Endpoint(found, _) if found == *endpoint), "{method} {path}");
        }
    }

    #[test]
    fn another_method_names_those_that_there_are() {
        assert_eq!(find(&Method::PUT, "/v1/workspaces/x"), Found::OtherMethods("GET, HEAD, PATCH, DELETE".to_owned()));
        assert_eq!(find(&Method::GET, "/v1/nothing"), Found::Nothing);
    }
}
