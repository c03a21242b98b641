//! The metadata of an identity provider (SAML 2.0 Metadata, 2.4.3): who it is, where requests go, what it signs with.

use crate::wire::saml::{ProviderView, SamlRefusal};

use super::Refused;
use super::certificate;
use super::document::{Document, Node, SIGNATURE, Text as _, children, only};

const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// A provider that changes its certificate names the old and the new one, and may be about to name a third.
const MOST_CERTIFICATES: usize = 10;

fn wrong(detail: impl Into<String>) -> Refused {
    Refused::new(SamlRefusal::Metadata, detail)
}

/// Reads metadata.
pub(super) fn read(xml: &str) -> Result<ProviderView, Refused> {
    // What an editor or a download puts in front is no part of it.
    let document = Document::parse(xml.trim_start_matches('\u{feff}').trim().to_owned())?;
    document.with(|root, _| {
        let entity = entity(root)?;
        let issuer = entity.attribute("entityID").map(str::trim).filter(|id| !id.is_empty() && id.len() <= 1024);
        let role = only(entity, METADATA, "IDPSSODescriptor")?;
        let role =
            role.ok_or_else(|| wrong("these are not the metadata of an identity provider (`IDPSSODescriptor`)"))?;
        let (sign_on_url, is_redirect) = sign_on(role)?;
        Ok(ProviderView {
            issuer: issuer.ok_or_else(|| wrong("the metadata have no `entityID`"))?.to_owned(),
            sign_on_url,
            is_redirect,
            certificates: certificates(role)?,
        })
    })
}

/// The one provider that is described, also where a federation wraps it.
fn entity(root: Node<'_>) -> Result<Node<'_>, Refused> {
    if root.has_tag_name((METADATA, "EntityDescriptor")) {
        return Ok(root);
    }
    let is_provider = |node: &Node<'_>| children(*node, METADATA, "IDPSSODescriptor").next().is_some();
    let mut found = children(root, METADATA, "EntityDescriptor").filter(is_provider);
    match (found.next(), found.next()) {
        (Some(entity), None) => Ok(entity),
        (Some(_), Some(_)) => Err(wrong("the metadata describe several identity providers; give those of one")),
        (None, _) => Err(wrong("this is no SAML 2.0 metadata of an identity provider (`EntityDescriptor`)")),
    }
}

/// Where requests go: by redirect where the provider takes that, else by a form.
fn sign_on(role: Node<'_>) -> Result<(String, bool), Refused> {
    let at = |binding: &str| {
        let mut services = children(role, METADATA, "SingleSignOnService");
        services.find(|node| node.attribute("Binding") == Some(binding)).and_then(|node| node.attribute("Location"))
    };
    let found = at(REDIRECT).map(|url| (url, true)).or_else(|| at(POST).map(|url| (url, false)));
    let (url, is_redirect) = found
        .ok_or_else(|| wrong("the identity provider takes no requests by redirect or form (`SingleSignOnService`)"))?;
    let is_url = url.len() <= 2048 && url.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_url || !["https://", "http://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(wrong("the address for requests is no URL"));
    }
    Ok((url.to_owned(), is_redirect))
}

/// The certificates for signatures, without those for encryption alone.
fn certificates(role: Node<'_>) -> Result<Vec<String>, Refused> {
    let mut found: Vec<String> = Vec::new();
    let signs = |node: &Node<'_>| node.attribute("use").is_none_or(|usage| usage == "signing");
    for descriptor in children(role, METADATA, "KeyDescriptor").filter(signs) {
        let is_certificate = |node: &Node<'_>| node.has_tag_name((SIGNATURE, "X509Certificate"));
        for node in descriptor.descendants().filter(is_certificate) {
            let text: String = node.whole_text().chars().filter(|c| !c.is_ascii_whitespace()).collect();
            certificate::public_key(&text)?;
            if !found.contains(&text) {
                found.push(text);
            }
        }
    }
    match found.len() {
        0 => Err(wrong("the metadata have no certificate for signatures (`KeyDescriptor`)")),
        1..=MOST_CERTIFICATES => Ok(found),
        _ => Err(wrong("the metadata have more than ten certificates")),
    }
}
