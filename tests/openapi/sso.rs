//! The rows of the document that are about single sign-on.

use rolecall::api::problem::Code as C;
use rolecall::api::route::Endpoint as E;
use rolecall::wire::Page;
use rolecall::wire::connection::{ConnectionPatch, ConnectionView, NewConnection};
use rolecall::wire::scim::{EntryView, InactiveView, NewScimToken, Rotation, ScimTokenView};
use rolecall::wire::trial::{NewTrial, TrialView};

use crate::operation::{Operation, route, section};

/// Connections to identity providers, and the logins that try them.
pub(crate) fn connections() -> Vec<Operation> {
    section(
        "Single sign-on",
        [
            route(E::ListConnections, "List the connections to identity providers")
                .answers::<Page<ConnectionView>>(200)
                .versioned(),
            route(E::CreateConnection, "Connect an identity provider")
                .body::<NewConnection>()
                .example(
                    r#"{"protocol": "oidc", "name": "Okta", "issuer": "https://acme.okta.com", "client_id": "0oa1", "client_secret": "…", "role_mappings": [{"group": "Engineers", "grants": ["source_admin"]}]}"#,
                )
                .answers::<ConnectionView>(201)
                .tagged()
                .versioned()
                .headers(&["Location"])
                .problems(&[C::PlanRequired, C::DelegationExceeded, C::NameTaken, C::SamlUnavailable]),
            route(E::ShowConnection, "Show a connection, without its secret").answers::<ConnectionView>(200).tagged(),
            route(E::UpdateConnection, "Change a connection")
                .body::<ConnectionPatch>()
                .answers::<ConnectionView>(200)
                .tagged()
                .versioned()
                .problems(&[
                    C::PlanRequired,
                    C::DelegationExceeded,
                    C::NameTaken,
                    C::LastConnection,
                    C::LastOwner,
                    C::SamlUnavailable,
                ]),
            route(E::DeleteConnection, "Delete a connection with its groups and the sessions that it opened")
                .answers_nothing(204)
                .versioned()
                .problems(&[C::LastConnection, C::LastOwner]),
            route(E::CreateTrial, "Make a trial: a login that gives nothing")
                .optional_body::<NewTrial>()
                .answers::<TrialView>(201)
                .problems(&[C::PlanRequired, C::InvalidReturnTo]),
            route(E::ShowTrial, "Show what came of a trial").answers::<TrialView>(200),
        ],
    )
}

/// What administrators see of SCIM. SCIM itself, below `/scim/v2`, describes itself by its `Schemas` and `ResourceTypes`.
pub(crate) fn provisioning() -> Vec<Operation> {
    section(
        "Provisioning",
        [
            route(E::ListScimTokens, "List the SCIM tokens, without their secrets")
                .answers::<Page<ScimTokenView>>(200)
                .versioned(),
            route(E::CreateScimToken, "Make a token for an identity provider")
                .body::<NewScimToken>()
                .example(r#"{"name": "Okta"}"#)
                .answers::<ScimTokenView>(201)
                .versioned()
                .problems(&[C::PlanRequired, C::SsoRequired]),
            route(E::ShowScimToken, "Show a SCIM token, without its secret").answers::<ScimTokenView>(200).tagged(),
            route(E::DeleteScimToken, "Delete a SCIM token: the provider is refused from then on")
                .answers_nothing(204)
                .versioned(),
            route(E::RotateScimToken, "Make a token that follows another, which works on for a while")
                .optional_body::<Rotation>()
                .answers::<ScimTokenView>(201)
                .versioned()
                .problems(&[C::PlanRequired, C::SsoRequired]),
            route(E::ListProvisioning, "List what the identity provider asked for, the newest first")
                .query(&["resource_id", "outcome", "limit", "cursor"])
                .answers::<Page<EntryView>>(200)
                .versioned(),
            route(E::ListInactive, "List people whom the identity provider knows and who are no members")
                .query(&["returns_by", "limit", "cursor"])
                .answers::<Page<InactiveView>>(200)
                .versioned(),
        ],
    )
}

/// What a provider may get wrong before anybody has signed in.
const PROVIDER: &[C] = &[
    C::RateLimited,
    C::PlanRequired,
    C::ConnectionInactive,
    C::InvalidReturnTo,
    C::SamlUnavailable,
    C::SsoProviderUnreachable,
    C::SsoDiscoveryInvalid,
    C::SsoDiscoveryIssuer,
    C::SsoKeysInvalid,
];

/// What an answer may get wrong.
const ANSWER: &[C] = &[
    C::RateLimited,
    C::Deprovisioned,
    C::PlanRequired,
    C::ConnectionInactive,
    C::SsoProviderUnreachable,
    C::SsoProviderError,
    C::SsoClientRefused,
    C::SsoDiscoveryInvalid,
    C::SsoDiscoveryIssuer,
    C::SsoKeysInvalid,
    C::SsoStateUnknown,
    C::SsoStateUsed,
    C::SsoStateExpired,
    C::SsoOtherBrowser,
    C::SsoIssuerMismatch,
    C::SsoIssuerMissing,
    C::SsoDenied,
    C::SsoCodeMissing,
    C::SsoCodeRefused,
    C::IdTokenMissing,
    C::IdTokenTooLarge,
    C::IdTokenMalformed,
    C::IdTokenType,
    C::IdTokenDuplicateMember,
    C::IdTokenUnsigned,
    C::IdTokenSymmetric,
    C::IdTokenAlgorithm,
    C::IdTokenCritical,
    C::IdTokenKeyUnknown,
    C::IdTokenKeyUnusable,
    C::IdTokenKeyWeak,
    C::IdTokenAlgorithmMismatch,
    C::IdTokenSignature,
    C::IdTokenIssuer,
    C::IdTokenAudience,
    C::IdTokenAuthorizedParty,
    C::IdTokenNonce,
    C::IdTokenExpired,
    C::IdTokenNotYetValid,
    C::IdTokenIssuedInFuture,
    C::IdTokenSubject,
    C::EmailMissing,
    C::EmailInvalid,
    C::EmailUnverified,
    C::IdentityConflict,
    C::SeatLimitReached,
    C::LastOwner,
    C::Conflict,
];

/// The login of a person in a browser.
pub(crate) fn logins() -> Vec<Operation> {
    section(
        "Single sign-on",
        [
            route(E::BeginLogin, "Go to the provider to sign in; a browser is sent to a page that says why not")
                .query(&["return_to", "test"])
                .answers_nothing(303)
                .headers(&["Location", "Set-Cookie"])
                .problems(PROVIDER),
            route(E::OidcCallback, "Come back from the provider; a browser is sent to a page that says why not")
                .query(&["state", "code", "iss", "error"])
                .answers_nothing(303)
                .headers(&["Location", "Set-Cookie"])
                .problems(ANSWER),
        ],
    )
}
