//! SAML 2.0, the part that needs XML signatures: bytes and pinned certificates in, verified claims out.
//!
//! Pure functions without a clock, a database or a network. They are a Worker of their own, since what reads and verifies
//! XML is larger than all the rest: the main Worker asks it over a service binding, and no other request pays for it.

mod assertion;
mod certificate;
mod document;
mod metadata;
mod signature;
#[cfg(target_arch = "wasm32")]
mod worker;

use crate::wire::saml::{ClaimsView, HintView, ProviderView, RefusedView, SamlRefusal, VerifyBody};

use document::{Document, Text as _};

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The code.
    pub code: SamlRefusal,
    /// What was found, and what would be right.
    pub detail: String,
}

impl Refused {
    fn new(code: SamlRefusal, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// As the other Worker reads it.
    pub fn view(self) -> RefusedView {
        RefusedView { code: self.code.as_str().to_owned(), detail: self.detail }
    }
}

/// Verifies an answer. What is read of it is the element that was verified: both are found once, in one document.
///
/// # Errors
/// When it isn't genuine, not for us, or not now.
pub fn verify(question: &VerifyBody) -> Result<ClaimsView, Refused> {
    let document = Document::response(&question.response)?;
    document.with(|root, view| {
        let message = document::message(root)?;
        document::check_comments(root)?;
        assertion::check_status(message.response)?;
        let assertion = document::only_assertion(&message)?;
        let signed = signature::find(&message, assertion)?;
        signature::verify(&document, view, &signed, &question.certificates)?;
        assertion::read(message.response, assertion, question)
    })
}

/// What an answer says of itself, unverified.
///
/// # Errors
/// When it is no response at all.
pub fn hint(response: &str) -> Result<HintView, Refused> {
    Document::response(response)?.with(|root, _| {
        let message = document::message(root)?;
        let is_audience = |node: &document::Node<'_>| node.has_tag_name((document::ASSERTION, "Audience"));
        let audiences = root.descendants().filter(is_audience).map(|node| node.whole_text()).collect();
        let in_response_to = message.response.attribute("InResponseTo").map(str::to_owned);
        Ok(HintView { audiences, in_response_to })
    })
}

/// Reads the metadata of an identity provider.
///
/// # Errors
/// When they describe none, or none that can be used.
pub fn metadata(xml: &str) -> Result<ProviderView, Refused> {
    metadata::read(xml)
}
