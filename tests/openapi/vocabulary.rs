//! The words of the document: ids, expressions, enumerations, each made of the constants of the model.

use rolecall::api::problem::Code;
use rolecall::model::audit::{Channel, EventType};
use rolecall::model::{
    AccountId, Action, AddOn, AutoJoin, ConnectionId, DeliveryStatus, DomainId, EventId, GrantId, GroupId, InviteId,
    InviteStatus, JoinRequestId, Plan, Protocol, ResourceKind, Role, ScopeKind, SecretKind, StaleKind, Sync, TestId,
    Timestamp, TokenId, WorkspaceId,
};
use rolecall::policy::bulk::Column;
use serde_json::{Map, Value, json};

use crate::code::ISSUES;
use crate::shape::reference;

/// The alphabet of ids of resources and of both halves of a label.
const PART: &str = "[A-Za-z0-9._-]{1,128}";
/// The 26 characters of an id: 128 bits in an alphabet of 32, so that the last one has two bits to spare.
const BODY: &str = "[0-9a-v]{25}[048cgkos]";
const SLUG: &str = "[a-z0-9][a-z0-9-]{0,61}[a-z0-9]";

/// The moment and the random bits of examples.
fn sample<T: ToString>(make: impl Fn(Timestamp, [u8; 10]) -> T) -> String {
    make(Timestamp::from_ms(1_780_000_000_123), *b"an example").to_string()
}

fn id<T: ToString>(prefix: &str, make: impl Fn(Timestamp, [u8; 10]) -> T) -> Value {
    json!({ "type": "string", "pattern": format!("^{prefix}{BODY}$"), "examples": [sample(make)] })
}

fn one_of<T: Into<String>>(description: &str, words: impl IntoIterator<Item = T>) -> Value {
    let words: Vec<String> = words.into_iter().map(Into::into).collect();
    json!({ "type": "string", "description": description, "enum": words })
}

fn pattern(description: &str, pattern: &str, examples: &[&str]) -> Value {
    json!({ "type": "string", "description": description, "pattern": format!("^{pattern}$"), "examples": examples })
}

fn either(description: &str, names: &[&str]) -> Value {
    json!({ "description": description, "anyOf": names.iter().map(|name| reference(name)).collect::<Vec<_>>() })
}

/// The texts of these, as the alternatives of a pattern.
fn alternatives(words: impl IntoIterator<Item = &'static str>) -> String {
    format!("({})", words.into_iter().collect::<Vec<_>>().join("|"))
}

fn kinds() -> String {
    alternatives(ResourceKind::ALL.map(ResourceKind::as_str))
}

/// A secret's pattern: prefix, 160 bits and a checksum.
pub(crate) fn secret(kind: SecretKind) -> String {
    format!("^{}[a-z2-7]{{39}}$", kind.prefix())
}

/// How a workspace is named in a path.
pub(crate) fn workspace_key() -> String {
    format!("^({}{BODY}|{SLUG})$", WorkspaceId::PREFIX)
}

/// How a domain is named in a path.
pub(crate) fn domain_key() -> String {
    format!("^({}{BODY}|[A-Za-z0-9.-]{{3,200}})$", DomainId::PREFIX)
}

/// All words by name.
pub(crate) fn schemas() -> Map<String, Value> {
    let all = [ids(), texts(), expressions(), enumerations(), codes()];
    let mut schemas = Map::new();
    for (name, schema) in all.into_iter().flatten() {
        assert!(schemas.insert(name.to_owned(), schema).is_none(), "{name} is there twice");
    }
    schemas
}

type Named = Vec<(&'static str, Value)>;

fn ids() -> Named {
    let holders = format!("({}|{}|{})", AccountId::PREFIX, TokenId::PREFIX, ConnectionId::PREFIX);
    let parties = format!("({}|{})", AccountId::PREFIX, GroupId::PREFIX);
    let (account, token) = (sample(AccountId::new), sample(TokenId::new));
    vec![
        ("WorkspaceId", id(WorkspaceId::PREFIX, WorkspaceId::new)),
        ("AccountId", id(AccountId::PREFIX, AccountId::new)),
        ("GroupId", id(GroupId::PREFIX, GroupId::new)),
        ("InviteId", id(InviteId::PREFIX, InviteId::new)),
        ("GrantId", id(GrantId::PREFIX, GrantId::new)),
        ("TokenId", id(TokenId::PREFIX, TokenId::new)),
        ("EventId", id(EventId::PREFIX, EventId::new)),
        ("ConnectionId", id(ConnectionId::PREFIX, ConnectionId::new)),
        ("TestId", id(TestId::PREFIX, TestId::new)),
        ("DomainId", id(DomainId::PREFIX, DomainId::new)),
        ("JoinRequestId", id(JoinRequestId::PREFIX, JoinRequestId::new)),
        (
            "ActorId",
            pattern(
                "Who did it: an account, a token, a connection to an identity provider, or `bootstrap` for the operator.",
                &format!("({holders}{BODY}|bootstrap|system)"),
                &[&account, &token],
            ),
        ),
        ("StaleId", either("Who or what has the access.", &["AccountId", "TokenId", "InviteId"])),
        ("PartyId", pattern("A member or a group.", &format!("{parties}{BODY}"), &[&sample(GroupId::new)])),
        ("ResourceId", pattern("An id within its kind.", PART, &["abc"])),
        ("ScimSecretText", json!({ "type": "string", "pattern": secret(SecretKind::Scim) })),
        ("TokenSecretText", json!({ "type": "string", "pattern": secret(SecretKind::Token) })),
    ]
}

fn texts() -> Named {
    // What is visible in a name stands between blanks; control characters stand nowhere.
    let name = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$";
    vec![
        ("Email", json!({ "type": "string", "format": "email", "maxLength": 254, "examples": ["ann@example.com"] })),
        ("Name", json!({ "type": "string", "minLength": 1, "maxLength": 200, "pattern": name, "examples": ["Ann"] })),
        ("Slug", pattern("A name in addresses.", SLUG, &["acme"])),
        ("Time", json!({ "type": "string", "format": "date-time", "examples": ["2026-05-28T20:26:40.123Z"] })),
        ("Url", json!({ "type": "string", "format": "uri" })),
        ("Pointer", json!({ "type": "string", "format": "json-pointer", "examples": ["/grants/0"] })),
        ("Cursor", json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+$" })),
        ("LabelPart", pattern("A key or a value of a label.", PART, &["environment"])),
        (
            "Labels",
            json!({
                "type": "object",
                "propertyNames": { "pattern": format!("^{PART}$") },
                "additionalProperties": reference("LabelPart"),
                "examples": [{ "environment": "prod" }],
            }),
        ),
    ]
}

fn expressions() -> Named {
    let kinds = kinds();
    vec![
        ("ResourceName", pattern("A resource: its kind and its id.", &format!("{kinds}/{PART}"), &["source/abc"])),
        (
            "Target",
            pattern(
                "One resource, every present and future one of a kind, or the workspace as a whole.",
                &format!(r"({kinds}/({PART}|\*)|workspace)"),
                &["source/abc", "source/*", "workspace"],
            ),
        ),
        (
            "GrantExpression",
            pattern(
                "A role, and what it is limited to: one resource, or all that carry these labels.",
                &grants(),
                &["workspace_member", "source_admin@source/abc", "source_admin@{environment:prod}"],
            ),
        ),
        ("MemberKey", either("A member, or somebody by their address.", &["AccountId", "Email"])),
    ]
}

/// The pattern of grants: the roles that take the same scopes, and these.
fn grants() -> String {
    let mut by_scopes: Vec<(&[ScopeKind], Vec<&str>)> = Vec::new();
    for role in Role::all() {
        match by_scopes.iter_mut().find(|(scopes, _)| *scopes == role.scopes()) {
            Some((_, roles)) => roles.push(role.as_str()),
            None => by_scopes.push((role.scopes(), vec![role.as_str()])),
        }
    }
    let rows = by_scopes.into_iter().map(|(scopes, roles)| {
        let texts: Vec<String> = scopes.iter().filter_map(scope).collect();
        let scope = if texts.is_empty() { String::new() } else { format!("(@({}))?", texts.join("|")) };
        format!("({}){scope}", roles.join("|"))
    });
    format!("({})", rows.collect::<Vec<_>>().join("|"))
}

/// What stands after the `@`; nothing for the workspace.
fn scope(kind: &ScopeKind) -> Option<String> {
    match kind {
        ScopeKind::Workspace => None,
        ScopeKind::Resource(kind) => Some(format!("{}/{PART}", kind.as_str())),
        ScopeKind::Labels => Some(format!(r"\{{{PART}:{PART}(,{PART}:{PART})*\}}")),
    }
}

fn enumerations() -> Named {
    let ways = ["bootstrap", "invite", "jit", "scim", "domain"];
    let scopes = [ScopeKind::Workspace, ScopeKind::Labels].map(ScopeKind::as_str);
    let scopes = scopes.into_iter().chain(ResourceKind::ALL.map(ResourceKind::as_str));
    let add_ons = [AddOn::Protocols, AddOn::Engage].map(AddOn::as_str);
    let statuses = [
        InviteStatus::Pending,
        InviteStatus::Expired,
        InviteStatus::Accepted,
        InviteStatus::Canceled,
        InviteStatus::Superseded,
    ];
    let channels = [Channel::Api, Channel::Console, Channel::Scim, Channel::Jit, Channel::System];
    let deliveries = [DeliveryStatus::Queued, DeliveryStatus::Sent, DeliveryStatus::Failed];
    let outcomes = ["invited", "already_member", "already_invited", "duplicate", "invalid"];
    let columns = [Column::Email, Column::Name, Column::Grants, Column::Groups].map(Column::as_str);
    let reasons = ["inactive", "never_active", "unused", "never_used", "never_opened"];
    let unknown = ["unknown_member", "unknown_resource", "unknown_action", "action_resource_mismatch"];
    vec![
        ("Role", one_of("A role of the catalog.", Role::all().map(Role::as_str))),
        ("Action", one_of("Something a member may do.", Action::ALL.iter().map(|action| action.as_str()))),
        ("ResourceKind", one_of("A kind of resource.", ResourceKind::ALL.map(ResourceKind::as_str))),
        ("Level", one_of("Where a role applies.", ["workspace", "resource", "modifier"])),
        ("ScopeKind", one_of("A kind of scope.", scopes)),
        ("Need", one_of("What a workspace must have.", ["all", "business"].into_iter().chain(add_ons))),
        ("Plan", one_of("What a workspace pays for.", [Plan::Free, Plan::Team, Plan::Business].map(Plan::as_str))),
        ("AddOn", one_of("Something bought beside the plan.", add_ons)),
        ("Provision", one_of("How a member came.", ways)),
        ("InviteStatus", one_of("Where an invite stands.", statuses.map(InviteStatus::as_str))),
        ("DeliveryStatus", one_of("How far a mail has come.", deliveries.map(DeliveryStatus::as_str))),
        ("SkipReason", one_of("Why an address got no invite.", ["already_member", "already_invited"])),
        ("RowOutcome", one_of("What became of a row.", outcomes)),
        ("Column", one_of("A column of a file.", columns)),
        ("StaleKind", one_of("What has access that nobody uses.", StaleKind::ALL.map(StaleKind::as_str))),
        ("StaleReason", one_of("Why access is stale.", reasons)),
        ("TokenKind", one_of("Whose a token is.", ["personal", "workspace"])),
        ("ActorKind", one_of("What acted.", ["member", "token", "operator", "system"])),
        (
            "Protocol",
            one_of("What an identity provider speaks.", [Protocol::Oidc, Protocol::Saml].map(Protocol::as_str)),
        ),
        ("Sync", one_of("When mapped groups are applied.", [Sync::EachLogin, Sync::FirstLogin].map(Sync::as_str))),
        (
            "AutoJoin",
            one_of(
                "What people may do who have an address at a domain.",
                [AutoJoin::Off, AutoJoin::Request, AutoJoin::Join].map(AutoJoin::as_str),
            ),
        ),
        ("JoinRequestStatus", one_of("Where a request to join stands.", ["pending", "approved", "denied"])),
        ("JoinOutcome", one_of("What came of joining.", ["joined", "requested"])),
        ("JoinHow", one_of("How a workspace may be joined.", ["join", "request", "requested", "denied"])),
        (
            "ProvisioningOutcome",
            one_of("What came of a request of the identity provider.", ["applied", "unchanged", "refused"]),
        ),
        ("ProvisioningDirection", one_of("Whether people got something or lost it.", ["gained", "lost"])),
        ("RecordType", one_of("A type of DNS record.", ["TXT"])),
        ("OutcomeStatus", one_of("What came of a trial.", ["passed", "refused"])),
        ("Channel", one_of("By which way.", channels.map(Channel::as_str))),
        ("EventType", one_of("What happened.", EventType::ALL.iter().map(|one| one.as_str()))),
        ("Unknown", one_of("What a question names that doesn't exist here.", unknown)),
    ]
}

fn codes() -> Named {
    let row =
        |code: &Code| format!("- `{}` ({}): {}", code.as_str(), code.status().as_u16(), code.title().to_lowercase());
    let table: Vec<String> = Code::ALL.iter().map(row).collect();
    let description = format!("What went wrong. A code is never renamed.\n\n{}", table.join("\n"));
    vec![
        ("ProblemCode", one_of(&description, Code::ALL.iter().map(|code| code.as_str()))),
        ("IssueCode", one_of("What is wrong with one place of a body, or with one change.", ISSUES.iter().copied())),
        ("RuleCode", either("The rule that refuses a change.", &["ProblemCode", "IssueCode"])),
        ("Problem", problem()),
    ]
}

/// The problem document (RFC 9457); a test compares it with one that the code writes.
fn problem() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let grants = json!({ "type": "array", "items": reference("GrantExpression") });
    json!({
        "description": "Why a request isn't answered as asked (RFC 9457).",
        "type": "object",
        "required": ["type", "title", "status", "code", "detail", "request_id"],
        "properties": {
            "type": { "type": "string", "format": "uri", "description": "The code as an address." },
            "title": text("The code in words."),
            "status": { "type": "integer", "minimum": 400, "maximum": 599, "description": "The status." },
            "code": reference("ProblemCode"),
            "detail": text("What happened and what to do, for a person. Empty when it is our fault."),
            "errors": { "type": "array", "items": reference("Issue"), "description": "Each thing that is wrong with the body." },
            "missing": { "type": "array", "items": grants, "description": "What would allow it: alternatives, each a list needed together." },
            "exceeds": { "type": "array", "items": { "type": "string" }, "description": "The grants or actions that the caller doesn't hold." },
            "sign_in": text("Where to sign in instead: a path of this site."),
            "summary": reference("BulkSummary"),
            "rows": { "type": "array", "items": reference("BulkRow"), "description": "Each row of a list that was refused as a whole." },
            "request_id": text("The id of the request, as in `X-Request-Id`."),
        },
    })
}
