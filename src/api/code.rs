//! The codes of problems: what went wrong, in a word that clients rely on, with its status and title.

use http::StatusCode;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, $title:literal;)*) => {
        /// What went wrong: stable, and part of the contract.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $name),* }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code, the status and the title that go together.
            pub(super) const fn row(self) -> (&'static str, u16, &'static str) {
                match self { $(Self::$name => ($text, $status, $title)),* }
            }
        }
    };
}

codes! {
    /// The body isn't JSON.
    InvalidJson = "invalid_json", 400, "The body is not JSON";
    /// A file that isn't CSV in UTF-8.
    InvalidCsv = "invalid_csv", 400, "The file is not CSV in UTF-8";
    /// A cursor that this list didn't give.
    InvalidCursor = "invalid_cursor", 400, "The cursor is not from this list";
    /// A query parameter with a wrong value.
    InvalidParameter = "invalid_parameter", 400, "A query parameter is wrong";
    /// An `Idempotency-Key` that is none.
    InvalidIdempotencyKey = "invalid_idempotency_key", 400, "The idempotency key is not one";
    /// A place to go to after a login that is no path of ours.
    InvalidReturnTo = "invalid_return_to", 400, "Not a path of this site";
    /// An answer of a provider to no login that we know.
    SsoStateUnknown = "sso_state_unknown", 400, "No such login is under way";
    /// An answer of a provider without a code.
    SsoCodeMissing = "sso_code_missing", 400, "The provider gave no code";
    /// A token and a cookie at once.
    AmbiguousCredentials = "ambiguous_credentials", 400, "Two credentials at once";
    /// No credential, or one that opens nothing.
    Unauthenticated = "unauthenticated", 401, "Sign in or present a token";
    /// The plan doesn't include it.
    PlanRequired = "plan_required", 402, "The plan does not include this";
    /// The caller lacks the right.
    Forbidden = "forbidden", 403, "Not allowed";
    /// The caller would give more than they hold.
    DelegationExceeded = "delegation_exceeded", 403, "More than you hold";
    /// A write with a cookie from another site.
    CrossSite = "cross_site", 403, "The request came from another site";
    /// A connection that is switched off.
    ConnectionInactive = "connection_inactive", 403, "The connection is switched off";
    /// A provider's answer that came to another browser than the one that began.
    SsoOtherBrowser = "sso_other_browser", 403, "The login began in another browser";
    /// An answer that names another issuer.
    SsoIssuerMismatch = "sso_issuer_mismatch", 403, "Another provider answered";
    /// An answer that names no issuer, of a provider that does.
    SsoIssuerMissing = "sso_issuer_missing", 403, "The answer names no provider";
    /// The person or the provider said no.
    SsoDenied = "sso_denied", 403, "The provider denied the login";
    /// A code that the provider doesn't redeem.
    SsoCodeRefused = "sso_code_refused", 403, "The provider refused the code";
    /// A session that SSO did not open, where it has to.
    SsoSessionRequired = "sso_session_required", 403, "Sign in by SSO";
    /// No ID token.
    IdTokenMissing = "id_token_missing", 403, "The ID token is missing";
    /// See `crate::oidc::Fault`.
    IdTokenTooLarge = "id_token_too_large", 403, "The ID token is too long";
    /// See `crate::oidc::Fault`.
    IdTokenMalformed = "id_token_malformed", 403, "The ID token is malformed";
    /// See `crate::oidc::Fault`.
    IdTokenType = "id_token_type", 403, "Not an ID token";
    /// See `crate::oidc::Fault`.
    IdTokenDuplicateMember = "id_token_duplicate_member", 403, "The ID token is ambiguous";
    /// See `crate::oidc::Fault`.
    IdTokenUnsigned = "id_token_unsigned", 403, "The ID token is not signed";
    /// See `crate::oidc::Fault`.
    IdTokenSymmetric = "id_token_symmetric", 403, "The ID token is signed with a shared secret";
    /// See `crate::oidc::Fault`.
    IdTokenAlgorithm = "id_token_algorithm", 403, "The ID token is signed in an unknown way";
    /// See `crate::oidc::Fault`.
    IdTokenCritical = "id_token_critical", 403, "The ID token has critical headers";
    /// See `crate::oidc::Fault`.
    IdTokenKeyUnknown = "id_token_key_unknown", 403, "The key of the ID token is unknown";
    /// See `crate::oidc::Fault`.
    IdTokenKeyUnusable = "id_token_key_unusable", 403, "The key of the ID token is not usable";
    /// See `crate::oidc::Fault`.
    IdTokenKeyWeak = "id_token_key_weak", 403, "The key of the ID token is too weak";
    /// See `crate::oidc::Fault`.
    IdTokenAlgorithmMismatch = "id_token_algorithm_mismatch", 403, "The key is for another algorithm";
    /// See `crate::oidc::Fault`.
    IdTokenSignature = "id_token_signature", 403, "The signature is wrong";
    /// See `crate::oidc::Fault`.
    IdTokenIssuer = "id_token_issuer", 403, "The ID token is of another issuer";
    /// See `crate::oidc::Fault`.
    IdTokenAudience = "id_token_audience", 403, "The ID token is for another client";
    /// See `crate::oidc::Fault`.
    IdTokenAuthorizedParty = "id_token_authorized_party", 403, "The ID token was given to another client";
    /// See `crate::oidc::Fault`.
    IdTokenNonce = "id_token_nonce", 403, "The ID token answers another login";
    /// See `crate::oidc::Fault`.
    IdTokenExpired = "id_token_expired", 403, "The ID token has expired";
    /// See `crate::oidc::Fault`.
    IdTokenNotYetValid = "id_token_not_yet_valid", 403, "The ID token isn't valid yet";
    /// See `crate::oidc::Fault`.
    IdTokenIssuedInFuture = "id_token_issued_in_future", 403, "The ID token is from the future";
    /// See `crate::oidc::Fault`.
    IdTokenSubject = "id_token_subject", 403, "The ID token names nobody";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlMalformed = "saml_malformed", 403, "The SAML answer is malformed";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlDoctype = "saml_doctype", 403, "A document type in SAML";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlComment = "saml_comment", 403, "A comment parts a text in SAML";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlStatus = "saml_status", 403, "The provider reports a failure";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlEncrypted = "saml_encrypted", 403, "The SAML answer is encrypted";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlNoAssertion = "saml_no_assertion", 403, "The SAML answer has no assertion";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlSeveralAssertions = "saml_several_assertions", 403, "The SAML answer is ambiguous";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlDuplicateId = "saml_duplicate_id", 403, "Two elements have one id";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlUnsigned = "saml_unsigned", 403, "The SAML answer is not signed";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlSignatureMisplaced = "saml_signature_misplaced", 403, "The signature covers something else";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlWeakAlgorithm = "saml_weak_algorithm", 403, "The signature is made of weak parts";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlTransform = "saml_transform", 403, "The signature leaves parts out";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlDigestMismatch = "saml_digest_mismatch", 403, "The SAML answer was changed";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlSignatureMismatch = "saml_signature_mismatch", 403, "Signed with another key";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlCertificate = "saml_certificate", 403, "The certificate is not usable";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlIssuer = "saml_issuer", 403, "The SAML answer is of another provider";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlDestination = "saml_destination", 403, "The SAML answer was sent elsewhere";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlAudience = "saml_audience", 403, "The SAML answer is for another";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlRecipient = "saml_recipient", 403, "The SAML answer is for another consumer";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlInResponseTo = "saml_in_response_to", 403, "The SAML answer is to another request";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlExpired = "saml_expired", 403, "The SAML answer has expired";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlNotYetValid = "saml_not_yet_valid", 403, "The SAML answer isn't valid yet";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlCondition = "saml_condition", 403, "A condition is not understood";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlSubject = "saml_subject", 403, "The SAML answer names nobody";
    /// See [`SamlRefusal`](crate::wire::saml::SamlRefusal).
    SamlNoAuthentication = "saml_no_authentication", 403, "Nobody signed in";
    /// A SAML answer that nobody asked for.
    SamlUnsolicited = "saml_unsolicited", 403, "Nobody asked for this login";
    /// A SAML answer that was taken before.
    SamlReplayed = "saml_replayed", 403, "The SAML answer was taken before";
    /// A person without an address.
    EmailMissing = "email_missing", 403, "The provider gave no e-mail address";
    /// A person with an address that is none.
    EmailInvalid = "email_invalid", 403, "The provider gave no valid e-mail address";
    /// An address that nobody vouches for.
    EmailUnverified = "email_unverified", 403, "The e-mail address is not verified";
    /// Not there, or not to be seen.
    NotFound = "not_found", 404, "Not found";
    /// Another method.
    MethodNotAllowed = "method_not_allowed", 405, "Method not allowed";
    /// The workspace would be left without an owner.
    LastOwner = "last_owner", 409, "The last owner stays";
    /// No seat is free.
    SeatLimitReached = "seat_limit_reached", 409, "No seat is free";
    /// The slug belongs to another workspace.
    SlugTaken = "slug_taken", 409, "The slug is taken";
    /// Another group has the name.
    NameTaken = "name_taken", 409, "The name is taken";
    /// A resource carries the label or a grant names it.
    LabelInUse = "label_in_use", 409, "The label is in use";
    /// Signed in as somebody else than the invite is for.
    WrongAccount = "wrong_account", 409, "Signed in as someone else";
    /// An address that the provider meant another person by.
    IdentityConflict = "identity_conflict", 409, "The address belongs to another person of the provider";
    /// Required from a session that shows not that it works.
    SsoUntested = "sso_untested", 409, "Sign in by SSO first";
    /// The only way in, where SSO is required.
    LastConnection = "last_connection", 409, "The last active connection stays";
    /// SCIM without a connection by which people sign in.
    SsoRequired = "sso_required", 409, "An active SSO connection is missing";
    /// Somebody whom the identity provider took out.
    Deprovisioned = "deprovisioned", 409, "The identity provider took them out";
    /// A group whose members an identity provider names.
    ManagedByIdp = "managed_by_idp", 409, "An identity provider manages this";
    /// The domain is this workspace's already, or another has proved it.
    DomainTaken = "domain_taken", 409, "The domain is taken";
    /// The record that proves a domain isn't there.
    DomainUnverified = "domain_unverified", 409, "The domain is not verified";
    /// Somebody refused this person before.
    JoinDenied = "join_denied", 409, "The request was denied";
    /// The request was decided before.
    RequestDecided = "request_decided", 409, "The request was decided before";
    /// A member already.
    AlreadyMember = "already_member", 409, "Already a member";
    /// Another invite is live for this address.
    AlreadyInvited = "already_invited", 409, "Already invited";
    /// Others changed the same thing at the same moment, several times over.
    Conflict = "conflict", 409, "Changed by others at the same moment";
    /// The invite's time is over.
    InviteExpired = "invite_expired", 410, "The invite expired";
    /// The invite was taken back.
    InviteCanceled = "invite_canceled", 410, "The invite was canceled";
    /// The invite became a membership.
    InviteUsed = "invite_used", 410, "The invite was used";
    /// The sign-in link's time is over.
    LinkExpired = "link_expired", 410, "The link expired";
    /// The sign-in link was opened before.
    LinkUsed = "link_used", 410, "The link was used";
    /// A login that took too long.
    SsoStateExpired = "sso_state_expired", 410, "The login took too long";
    /// A login that was answered before.
    SsoStateUsed = "sso_state_used", 410, "The login was answered already";
    /// `If-Match` names another state.
    VersionConflict = "version_conflict", 412, "Changed since you read it";
    /// Too large a body.
    PayloadTooLarge = "payload_too_large", 413, "The body is too large";
    /// Not the media type of this route.
    UnsupportedMediaType = "unsupported_media_type", 415, "Unsupported media type";
    /// The body is JSON with wrong content.
    ValidationFailed = "validation_failed", 422, "The body has errors";
    /// The body has a member that the route doesn't know.
    UnknownField = "unknown_field", 422, "The body has an unknown member";
    /// No role of workspace level.
    WorkspaceRoleRequired = "workspace_role_required", 422, "A workspace-level role is missing";
    /// An action asked of another kind of resource.
    ActionResourceMismatch = "action_resource_mismatch", 422, "The action is asked of another kind of resource";
    /// The caller's key stands for another request.
    IdempotencyKeyReused = "idempotency_key_reused", 422, "The idempotency key was used for another request";
    /// The caller asks too often.
    RateLimited = "rate_limited", 429, "Too many requests";
    /// Our fault.
    Internal = "internal", 500, "Something failed on our side";
    /// A provider that doesn't answer.
    SsoProviderUnreachable = "sso_provider_unreachable", 502, "The provider can't be reached";
    /// A provider that answers with an error.
    SsoProviderError = "sso_provider_error", 502, "The provider answered with an error";
    /// A provider that doesn't know us.
    SsoClientRefused = "sso_client_refused", 502, "The provider refused the client's id or secret";
    /// See `crate::oidc::Fault`.
    SsoDiscoveryInvalid = "sso_discovery_invalid", 502, "The provider's configuration is not usable";
    /// See `crate::oidc::Fault`.
    SsoDiscoveryIssuer = "sso_discovery_issuer", 502, "The provider's configuration names another issuer";
    /// See `crate::oidc::Fault`.
    SsoKeysInvalid = "sso_keys_invalid", 502, "The provider's keys can't be read";
    /// A deployment without SAML.
    SamlUnavailable = "saml_unavailable", 501, "SAML is not available here";
    /// The database is busy; the same request may succeed a moment later.
    Unavailable = "unavailable", 503, "Try again in a moment";
}

impl Code {
    /// The code as it is written.
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The title that goes with it: the code in words.
    pub const fn title(self) -> &'static str {
        self.row().2
    }

    /// The code that is written like this; our fault where none is.
    pub(super) fn named(text: &str) -> Self {
        Self::ALL.iter().copied().find(|code| code.as_str() == text).unwrap_or(Self::Internal)
    }

    /// The status that goes with it.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.row().1).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
