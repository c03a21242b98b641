//! Signatures: where they may stand, what they may be made of, and whether they hold.
//!
//! A signature covers what its reference names, wherever that was moved to. So each has to name the very element that it
//! stands in, and what is read of an answer is the assertion that was verified, or the response around it.

use std::fmt::Display;

use xml_sec::provider::RustCryptoProvider;
use xml_sec::xmldsig::{
    CallerTrustedSignatureKey, DsigStatus, FailureReason, SignatureAlgorithm, SignatureRequirement, VerificationKey,
    VerificationRequest, VerifyContext, VerifyEvidence, VerifyingKey,
};
use xml_sec::{DocumentView, NodeIdentity, XmlSecurity};

use crate::wire::saml::SamlRefusal;

use super::Refused;
use super::certificate;
use super::document::{Document, Message, Node, SIGNATURE, only};

/// The methods of a signature that are taken.
const METHODS: &[(&str, SignatureAlgorithm)] = &[
    ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", SignatureAlgorithm::RsaSha256),
    ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", SignatureAlgorithm::RsaSha384),
    ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", SignatureAlgorithm::RsaSha512),
    ("http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", SignatureAlgorithm::RsaPssSha256),
    ("http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1", SignatureAlgorithm::RsaPssSha384),
    ("http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1", SignatureAlgorithm::RsaPssSha512),
    ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", SignatureAlgorithm::EcdsaSha256),
    ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", SignatureAlgorithm::EcdsaSha384),
    ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", SignatureAlgorithm::EcdsaSha512),
];

/// The digests that are taken.
const DIGESTS: &[&str] = &[
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
];

/// Exclusive canonicalisation, without and with comments.
const EXCLUSIVE: &[&str] =
    &["http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"];

/// What takes the signature itself out of what it signs.
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// A signature and what it signs.
pub(super) struct Signed<'a> {
    element: Node<'a>,
    id: &'a str,
    method: SignatureAlgorithm,
}

/// The signatures of a message, in the order of the document: of its assertion, its response or both, and none elsewhere.
pub(super) fn find<'a>(message: &Message<'a>, assertion: Node<'a>) -> Result<Vec<Signed<'a>>, Refused> {
    let mut signed: Vec<Signed<'a>> = Vec::new();
    for node in message.elements.iter().filter(|node| node.tag_name().name() == "Signature") {
        let element = node.parent().filter(|parent| [assertion.id(), message.response.id()].contains(&parent.id()));
        let Some(element) = element.filter(|_| node.has_tag_name((SIGNATURE, "Signature"))) else {
            return Err(misplaced("a signature stands elsewhere than in the assertion or the response"));
        };
        if signed.iter().any(|other| other.element.id() == element.id()) {
            return Err(misplaced("one element holds two signatures"));
        }
        signed.push(read(*node, element)?);
    }
    if signed.is_empty() {
        return Err(Refused::new(SamlRefusal::Unsigned, "neither the response nor the assertion is signed"));
    }
    Ok(signed)
}

fn misplaced(detail: &str) -> Refused {
    Refused::new(SamlRefusal::SignatureMisplaced, detail)
}

/// A signature over the element that it stands in, made of what is taken.
fn read<'a>(signature: Node<'a>, element: Node<'a>) -> Result<Signed<'a>, Refused> {
    let part = |node: Node<'a>, name: &'static str| {
        only(node, SIGNATURE, name)?.ok_or_else(|| misplaced("a signature lacks a part, or has one twice"))
    };
    let info = part(signature, "SignedInfo")?;
    let reference = part(info, "Reference").map_err(|_| misplaced("a signature signs more than one thing, or none"))?;
    let uri = reference.attribute("URI").and_then(|uri| uri.strip_prefix('#'));
    let Some(id) = element.attribute("ID").filter(|id| !id.is_empty() && uri == Some(id)) else {
        return Err(misplaced("a signature signs another element than the one that holds it"));
    };
    let method = algorithm(part(info, "SignatureMethod")?);
    let found = METHODS.iter().find(|(name, _)| *name == method).map(|(_, method)| *method);
    let digest = algorithm(part(reference, "DigestMethod")?);
    let (Some(found), true) = (found, DIGESTS.contains(&digest)) else {
        let detail = format!("signed by `{method}` over `{digest}`: SHA-256 or better is needed, with RSA or ECDSA");
        return Err(Refused::new(SamlRefusal::WeakAlgorithm, detail));
    };
    check_transforms(info, reference)?;
    Ok(Signed { element, id, method: found })
}

fn algorithm(node: Node<'_>) -> &str {
    node.attribute("Algorithm").unwrap_or_default()
}

/// Only what SAML needs (Core, 5.4.4): each other transform could leave a part of the element out.
fn check_transforms<'a>(info: Node<'a>, reference: Node<'a>) -> Result<(), Refused> {
    let transforms = only(reference, SIGNATURE, "Transforms")?;
    let named: Vec<&str> =
        transforms.map_or_else(Vec::new, |node| node.children().filter(Node::is_element).map(algorithm).collect());
    let is_taken = match named.as_slice() {
        [ENVELOPED] => true,
        [ENVELOPED, canonical] => EXCLUSIVE.contains(canonical),
        _ => false,
    };
    let canonical = only(info, SIGNATURE, "CanonicalizationMethod")?.map(algorithm).unwrap_or_default();
    if !is_taken || !EXCLUSIVE.contains(&canonical) {
        let detail = "only the transforms `enveloped-signature` and exclusive canonicalisation are taken";
        return Err(Refused::new(SamlRefusal::Transform, detail));
    }
    Ok(())
}

/// Whether each signature holds, by one of the pinned certificates.
pub(super) fn verify(
    document: &Document,
    view: DocumentView<'_>,
    signed: &[Signed<'_>],
    certificates: &[String],
) -> Result<(), Refused> {
    let mut refused = Refused::new(SamlRefusal::Certificate, "the connection has no certificate");
    for text in certificates {
        match certificate::public_key(text).and_then(|key| verify_with(document, view, signed, &key)) {
            Ok(()) => return Ok(()),
            // A digest that differs says more than a signature of somebody else's.
            Err(other) if refused.code != SamlRefusal::DigestMismatch => refused = other,
            Err(_) => {}
        }
    }
    Err(refused)
}

fn verify_with(
    document: &Document,
    view: DocumentView<'_>,
    signed: &[Signed<'_>],
    public_key: &[u8],
) -> Result<(), Refused> {
    let failed = |error: &dyn Display| {
        Refused::new(SamlRefusal::SignatureMismatch, format!("the signature can't be checked: {error}"))
    };
    let keys: Vec<VerificationKey> = signed.iter().map(|signed| key(signed.method, public_key)).collect();
    let targets: Vec<NodeIdentity> = signed.iter().filter_map(|signed| view.node_for_id(signed.id, &[])).collect();
    let policy = document.policies.verification().cloned().unwrap_or_default();
    let found = VerifyContext::new().policy(policy).signature_identities(&document.xml).map_err(|e| failed(&e))?;
    if targets.len() != signed.len() || found.len() != signed.len() {
        return Err(misplaced("a signature signs what can't be found"));
    }
    let trust = |(signature, key): (NodeIdentity, _)| CallerTrustedSignatureKey { signature, key };
    let trusted: Vec<_> = found.into_iter().zip(keys.iter().map(|key| key as &dyn VerifyingKey)).map(trust).collect();
    let request = VerificationRequest {
        expected_targets: &targets,
        trusted_keys: &trusted,
        signatures: SignatureRequirement::Exactly(signed.len()),
        ..VerificationRequest::default()
    };
    let evidence = XmlSecurity::new(&document.policies, &RustCryptoProvider)
        .and_then(|security| security.verifier()?.verify(&document.xml, &request))
        .map_err(|error| failed(&error))?;
    if evidence.accepted(&document.xml).is_ok_and(|is_accepted| is_accepted) { Ok(()) } else { Err(why(&evidence)) }
}

fn key(algorithm: SignatureAlgorithm, public_key: &[u8]) -> VerificationKey {
    VerificationKey { algorithm, public_key_bytes: public_key.to_vec(), certificate_der: None, name: None }
}

/// What a signature that doesn't hold lacks.
fn why(evidence: &VerifyEvidence) -> Refused {
    let results = evidence.signatures().iter().map(|signature| signature.result());
    let is_changed = results
        .clone()
        .flatten()
        .any(|result| matches!(result.status, DsigStatus::Invalid(FailureReason::ReferenceDigestMismatch { .. })));
    if is_changed {
        return Refused::new(SamlRefusal::DigestMismatch, "what was signed was changed since");
    }
    let fault = results.filter_map(|result| result.as_ref().err()).map(|error| format!(": {error}")).next();
    let detail = format!("none of the connection's certificates signed this{}", fault.unwrap_or_default());
    Refused::new(SamlRefusal::SignatureMismatch, detail)
}
