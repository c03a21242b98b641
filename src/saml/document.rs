//! XML that comes from outside: what is refused before it is read, and what an answer has to be made of.

use base64ct::{Base64, Encoding as _};
use xml_sec::policy::{CompiledPolicies, PolicyCompileContext, PolicyCompiler, PolicyProfile};
use xml_sec::provider::RustCryptoProvider;
use xml_sec::{DocumentView, XmlDocument, XmlDomNode, XmlSecurity, api::Operation};

use crate::wire::saml::SamlRefusal;

use super::Refused;

/// The namespace of assertions.
pub(super) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// The namespace of messages.
pub(super) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// The namespace of signatures.
pub(super) const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// No answer and no description is larger.
const MOST_BYTES: usize = 256 * 1024;

/// An element, a text or a comment of a document.
pub(super) type Node<'a> = XmlDomNode<'a, 'a>;

/// A document that was read, and the rules that it was read by.
pub(super) struct Document {
    /// The tree.
    pub(super) xml: XmlDocument,
    /// What a signature in it may be made of.
    pub(super) policies: CompiledPolicies,
}

impl Document {
    /// Reads a `SAMLResponse`.
    pub(super) fn response(base64: &str) -> Result<Self, Refused> {
        let malformed = |detail: &str| Refused::new(SamlRefusal::Malformed, detail);
        if base64.len() > MOST_BYTES * 2 {
            return Err(malformed("the response is larger than 256 KiB"));
        }
        // Some providers break the lines, as mail does.
        let base64: String = base64.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let bytes = Base64::decode_vec(&base64).map_err(|_| malformed("the response is not base64"))?;
        Self::parse(String::from_utf8(bytes).map_err(|_| malformed("the response is not UTF-8"))?)
    }

    /// Reads XML.
    pub(super) fn parse(xml: String) -> Result<Self, Refused> {
        if xml.len() > MOST_BYTES {
            return Err(Refused::new(SamlRefusal::Malformed, "the document is larger than 256 KiB"));
        }
        if has_declaration(&xml) {
            return Err(Refused::new(SamlRefusal::Doctype, "a document type or an entity has no place in SAML"));
        }
        let policies = policies()?;
        let read = XmlSecurity::new(&policies, &RustCryptoProvider)
            .and_then(|security| security.parse_document(xml, Operation::Verify));
        let xml =
            read.map_err(|error| Refused::new(SamlRefusal::Malformed, format!("not readable as XML: {error}")))?;
        Ok(Self { xml, policies })
    }

    /// Works on the tree.
    pub(super) fn with<T>(
        &self,
        work: impl for<'a> FnOnce(Node<'a>, DocumentView<'a>) -> Result<T, Refused>,
    ) -> Result<T, Refused> {
        self.xml.with_view(|view| work(view.document().root_element(), view))
    }
}

/// True for a document type, and for anything else that opens like one: only comments and CDATA may.
fn has_declaration(xml: &str) -> bool {
    xml.split("<!").skip(1).any(|rest| !rest.starts_with("--") && !rest.starts_with("[CDATA["))
}

/// What the signatures of today are made of, and nothing older.
fn policies() -> Result<CompiledPolicies, Refused> {
    let context = PolicyCompileContext { external_resources: false, target_evidence: true };
    PolicyCompiler::new(PolicyProfile::Modern, &RustCryptoProvider, None)
        .and_then(|compiler| compiler.compile(&context))
        .map_err(|error| Refused::new(SamlRefusal::Malformed, format!("no policy: {error}")))
}

/// The text of an element.
pub(super) trait Text {
    /// All of it, whatever comments part it, without the blanks around. A reader that stops at the first comment would take
    /// `admin@acme.com<!---->.evil.com` for the administrator, under a signature that comments don't change.
    fn whole_text(&self) -> String;
}

impl Text for Node<'_> {
    fn whole_text(&self) -> String {
        let texts = self.descendants().filter(|node| node.is_text()).filter_map(|node| node.text());
        texts.collect::<String>().trim().to_owned()
    }
}

/// The children of this name.
pub(super) fn children<'a>(node: Node<'a>, namespace: &'a str, name: &'a str) -> impl Iterator<Item = Node<'a>> {
    node.children().filter(move |child| child.has_tag_name((namespace, name)))
}

/// The only child of this name; two are one too many.
pub(super) fn only<'a>(node: Node<'a>, namespace: &'a str, name: &'a str) -> Result<Option<Node<'a>>, Refused> {
    let mut found = children(node, namespace, name);
    let first = found.next();
    if found.next().is_some() {
        return Err(Refused::new(SamlRefusal::Malformed, format!("`{name}` is there twice")));
    }
    Ok(first)
}

/// Refuses comments in the midst of texts. They aren't signed, so that anybody can put one into a name, for some reader to stop
/// there; no provider does.
pub(super) fn check_comments(root: Node<'_>) -> Result<(), Refused> {
    let is_text = |node: Node<'_>| node.is_text() && node.text().is_some_and(|text| !text.trim().is_empty());
    let is_in_text = |comment: Node<'_>| comment.parent().is_some_and(|parent| parent.children().any(is_text));
    if root.descendants().any(|node| node.is_comment() && is_in_text(node)) {
        return Err(Refused::new(SamlRefusal::Comment, "a comment parts a text, which no signature covers"));
    }
    Ok(())
}

/// A response, and all elements of its document.
pub(super) struct Message<'a> {
    /// The document's element.
    pub(super) response: Node<'a>,
    /// Each element.
    pub(super) elements: Vec<Node<'a>>,
}

/// The response that a document is, with ids that name one element each.
pub(super) fn message(root: Node<'_>) -> Result<Message<'_>, Refused> {
    let malformed = |detail: &str| Err(Refused::new(SamlRefusal::Malformed, detail));
    if !root.has_tag_name((PROTOCOL, "Response")) {
        return malformed("the document is no SAML 2.0 `Response`");
    }
    if root.attribute("Version") != Some("2.0") {
        return malformed("the response is not of SAML 2.0");
    }
    let elements: Vec<Node<'_>> = root.descendants().filter(Node::is_element).collect();
    let mut ids: Vec<&str> = elements.iter().flat_map(|node| node.attributes()).filter_map(id).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() != count {
        return Err(Refused::new(SamlRefusal::DuplicateId, "two elements have one id"));
    }
    Ok(Message { response: root, elements })
}

/// The value of an attribute that some reader takes for an id.
fn id<'a>(attribute: xml_sec::Attribute<'a>) -> Option<&'a str> {
    attribute.name().eq_ignore_ascii_case("id").then(|| attribute.value())
}

/// The one assertion of a message, right in the response. Where there are two, one reader verifies one and another believes
/// the other.
pub(super) fn only_assertion<'a>(message: &Message<'a>) -> Result<Node<'a>, Refused> {
    let in_response = |node: &Node<'a>| node.parent().is_some_and(|parent| parent.id() == message.response.id());
    let is_encrypted = |node: &&Node<'a>| node.tag_name().name().starts_with("Encrypted");
    if message.elements.iter().any(|node| is_encrypted(&node)) {
        let detail = "the answer is encrypted: switch the encryption of assertions off at the identity provider";
        return Err(Refused::new(SamlRefusal::Encrypted, detail));
    }
    // By its name alone: what another namespace hides is one too many as well.
    let mut found = message.elements.iter().filter(|node| matches!(node.tag_name().name(), "Assertion" | "Response"));
    let (Some(_), assertion, None) = (found.next(), found.next(), found.next()) else {
        return Err(Refused::new(SamlRefusal::SeveralAssertions, "the response holds more than one assertion"));
    };
    let Some(assertion) = assertion else {
        return Err(Refused::new(SamlRefusal::NoAssertion, "the response holds no assertion"));
    };
    if !assertion.has_tag_name((ASSERTION, "Assertion")) || !in_response(assertion) {
        return Err(Refused::new(
            SamlRefusal::SignatureMisplaced,
            "the assertion does not stand in the response itself",
        ));
    }
    if assertion.attribute("Version") != Some("2.0") {
        return Err(Refused::new(SamlRefusal::Malformed, "the assertion is not of SAML 2.0"));
    }
    Ok(*assertion)
}
