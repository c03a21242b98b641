//! What the two Workers say to each other about SAML: a question with all that its answer rests on, verified claims, a refusal.
//!
//! Neither shape leaves the deployment; the codes of [`SamlRefusal`] do.

use serde::{Deserialize, Serialize};

/// Is this answer of an identity provider genuine, and meant for us, and now?
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VerifyBody {
    /// `SAMLResponse` as the form has it: base64.
    pub response: String,
    /// The pinned certificates, PEM or the base64 of metadata; one of them has to have signed.
    pub certificates: Vec<String>,
    /// The identity provider's entity id.
    pub issuer: String,
    /// Our entity id.
    pub audience: String,
    /// Our assertion consumer service.
    pub recipient: String,
    /// The id of the request that is answered; `None` where the provider began.
    pub in_response_to: Option<String>,
    /// The moment, in milliseconds since the epoch.
    pub now: i64,
}

/// What a genuine answer says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimsView {
    /// The assertion's id: it is taken once.
    pub assertion: String,
    /// Who it is about.
    pub name_id: String,
    /// What kind of name that is, as a URN.
    pub name_format: Option<String>,
    /// The attributes, those of one name together.
    pub attributes: Vec<AttributeView>,
    /// Until when the session may last, in milliseconds since the epoch.
    pub session_until: Option<i64>,
    /// Until when the assertion would be taken, the tolerated skew included.
    pub until: i64,
}

/// An attribute with its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeView {
    /// Its name.
    pub name: String,
    /// Its name for people.
    pub friendly_name: Option<String>,
    /// Its values, in the order of the document.
    pub values: Vec<String>,
}

/// A question about an answer or a description that is read as it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadBody {
    /// `SAMLResponse`, or the XML of metadata.
    pub document: String,
}

/// What an answer says of itself. Nothing of it is verified: it tells where to look for what to verify it with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HintView {
    /// The audiences that it names.
    pub audiences: Vec<String>,
    /// The request that it says it answers.
    pub in_response_to: Option<String>,
}

/// An identity provider, as its metadata describe it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderView {
    /// Its entity id.
    pub issuer: String,
    /// Where requests go.
    pub sign_on_url: String,
    /// Whether they go there by redirect; else by a form.
    pub is_redirect: bool,
    /// The certificates that it signs with, as base64 of DER.
    pub certificates: Vec<String>,
}

/// Why something was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedView {
    /// The code.
    pub code: String,
    /// What was found, and what would be right.
    pub detail: String,
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// Why a SAML answer or a description isn't taken: stable codes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum SamlRefusal { $($(#[$doc])* $name),* }

        impl SamlRefusal {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

refusals! {
    /// Neither base64 nor UTF-8 nor XML, too large, or not the shape of a response.
    Malformed = "saml_malformed";
    /// A document type or entities.
    Doctype = "saml_doctype";
    /// A comment in the midst of a text: comments aren't signed.
    Comment = "saml_comment";
    /// The provider reports a failure.
    Status = "saml_status";
    /// Encrypted for us, who have no key.
    Encrypted = "saml_encrypted";
    /// No assertion.
    NoAssertion = "saml_no_assertion";
    /// More than one assertion.
    SeveralAssertions = "saml_several_assertions";
    /// Two elements with one id.
    DuplicateId = "saml_duplicate_id";
    /// Neither the response nor the assertion is signed.
    Unsigned = "saml_unsigned";
    /// A signature where none belongs, or over something else than the element that holds it.
    SignatureMisplaced = "saml_signature_misplaced";
    /// SHA-1, MD5, or a method that isn't for signatures.
    WeakAlgorithm = "saml_weak_algorithm";
    /// A transform that could leave parts out.
    Transform = "saml_transform";
    /// What was signed was changed.
    DigestMismatch = "saml_digest_mismatch";
    /// None of the pinned certificates signed it.
    SignatureMismatch = "saml_signature_mismatch";
    /// A pinned certificate can't be read, or its key is too short.
    Certificate = "saml_certificate";
    /// Another identity provider.
    Issuer = "saml_issuer";
    /// Sent to another address.
    Destination = "saml_destination";
    /// Not for us.
    Audience = "saml_audience";
    /// For another consumer.
    Recipient = "saml_recipient";
    /// The answer to another request, or to none.
    InResponseTo = "saml_in_response_to";
    /// Its time is over.
    Expired = "saml_expired";
    /// Its time has not come.
    NotYetValid = "saml_not_yet_valid";
    /// A condition that isn't understood.
    Condition = "saml_condition";
    /// Nobody is named, or not as the bearer.
    Subject = "saml_subject";
    /// It doesn't say that anybody signed in.
    NoAuthentication = "saml_no_authentication";
    /// No description of an identity provider.
    Metadata = "saml_metadata";
}
