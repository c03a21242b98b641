//! The rows of domains, of joining by one, and of SAML.

use rolecall::api::problem::Code as C;
use rolecall::api::route::Endpoint as E;
use rolecall::wire::Page;
use rolecall::wire::domain::{DiscoveryView, DomainPatch, DomainView, JoinRequestView, JoinView, NewDomain};

use crate::operation::{Operation, route, section};

/// What giving by a domain may meet.
const GIVING: &[C] = &[C::PlanRequired, C::DelegationExceeded, C::WorkspaceRoleRequired, C::DomainTaken];
/// What coming in by a domain may meet.
const JOINING: &[C] = &[
    C::PlanRequired,
    C::DelegationExceeded,
    C::SeatLimitReached,
    C::AlreadyMember,
    C::JoinDenied,
    C::Deprovisioned,
    C::Conflict,
];

/// Domains and joining.
pub(crate) fn domains() -> Vec<Operation> {
    section(
        "Domains",
        [
            route(E::ListDomains, "List the domains")
                .query(&["limit", "cursor"])
                .answers::<Page<DomainView>>(200)
                .versioned(),
            route(E::AddDomain, "Add a domain; the answer says which record proves it")
                .body::<NewDomain>()
                .example(r#"{"domain": "acme.com", "auto_join": "request", "grants": ["workspace_member"]}"#)
                .answers::<DomainView>(201)
                .tagged()
                .versioned()
                .headers(&["Location"])
                .problems(GIVING),
            route(E::ShowDomain, "Show a domain").answers::<DomainView>(200).tagged(),
            route(E::UpdateDomain, "Change what a domain gives")
                .body::<DomainPatch>()
                .answers::<DomainView>(200)
                .tagged()
                .versioned()
                .problems(GIVING),
            route(E::DeleteDomain, "Give a domain up; who joined by it stays").answers_nothing(204).versioned(),
            route(E::VerifyDomain, "Look for the record that proves a domain")
                .answers::<DomainView>(200)
                .tagged()
                .versioned()
                .problems(&[C::DomainTaken, C::DomainUnverified]),
            route(E::Join, "Join by the domain of one's address, or ask to")
                .answers::<JoinView>(201)
                .answers::<JoinView>(202)
                .versioned()
                .problems(JOINING),
            route(E::ListJoinRequests, "List those who ask to join")
                .query(&["request_status", "limit", "cursor"])
                .answers::<Page<JoinRequestView>>(200)
                .versioned(),
            route(E::ApproveJoin, "Let somebody in who asked").answers::<JoinView>(200).versioned().problems(&[
                C::PlanRequired,
                C::DelegationExceeded,
                C::SeatLimitReached,
                C::AlreadyMember,
                C::RequestDecided,
                C::Deprovisioned,
            ]),
            route(E::DenyJoin, "Turn somebody away who asked")
                .answers::<JoinRequestView>(200)
                .versioned()
                .problems(&[C::RequestDecided]),
            route(E::DiscoverSso, "Find where people with an address sign in")
                .query(&["email"])
                .answers::<DiscoveryView>(200)
                .problems(&[C::RateLimited]),
        ],
    )
}

/// What an answer by SAML may get wrong.
const SAML: &[C] = &[
    C::RateLimited,
    C::PlanRequired,
    C::ConnectionInactive,
    C::SsoStateUnknown,
    C::SsoStateUsed,
    C::SsoStateExpired,
    C::SsoOtherBrowser,
    C::EmailMissing,
    C::EmailInvalid,
    C::IdentityConflict,
    C::SeatLimitReached,
    C::LastOwner,
    C::Conflict,
    C::SamlUnavailable,
    C::SamlMalformed,
    C::SamlDoctype,
    C::SamlComment,
    C::SamlStatus,
    C::SamlEncrypted,
    C::SamlNoAssertion,
    C::SamlSeveralAssertions,
    C::SamlDuplicateId,
    C::SamlUnsigned,
    C::SamlSignatureMisplaced,
    C::SamlWeakAlgorithm,
    C::SamlTransform,
    C::SamlDigestMismatch,
    C::SamlSignatureMismatch,
    C::SamlCertificate,
    C::SamlIssuer,
    C::SamlDestination,
    C::SamlAudience,
    C::SamlRecipient,
    C::SamlInResponseTo,
    C::SamlExpired,
    C::SamlNotYetValid,
    C::SamlCondition,
    C::SamlSubject,
    C::SamlNoAuthentication,
    C::SamlUnsolicited,
    C::SamlReplayed,
];

/// The form that a provider has a browser send.
#[derive(schemars::JsonSchema)]
#[schemars(rename = "SamlForm")]
#[expect(dead_code, non_snake_case, reason = "a shape of the document, named as SAML names its fields")]
struct SamlForm {
    /// The signed answer, in base64.
    SAMLResponse: String,
    /// The login that it answers, or a path of this site where the provider began.
    #[schemars(default)]
    RelayState: Option<String>,
}

/// SAML.
pub(crate) fn saml() -> Vec<Operation> {
    section(
        "Single sign-on",
        [
            route(E::SamlMetadata, "Show our metadata for a provider that speaks SAML")
                .answers_nothing(200)
                .files(&["application/samlmetadata+xml"]),
            route(
                E::SamlConsume,
                "Take the signed answer of a provider; a browser is sent to a page that says why not",
            )
            .form::<SamlForm>()
            .answers_nothing(303)
            .headers(&["Location", "Set-Cookie"])
            .problems(SAML),
        ],
    )
}
