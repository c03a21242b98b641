//! Signature wrapping: a genuine signature over a genuine assertion, moved about so that a careless reader believes a forged one
//! (Somorovsky and others, "On Breaking SAML", forms 1 to 8), and what else hides behind a signature.

use crate::support::{change, outcome, question, response};

const ANN: &str = "ann@acme.com";

/// An element of this name with all that it holds.
fn element<'a>(xml: &'a str, name: &str) -> &'a str {
    let start = xml.find(&format!("<{name}")).unwrap();
    let end = xml.find(&format!("</{name}>")).unwrap() + name.len() + 3;
    &xml[start..end]
}

/// The same element without its signature, with another id, about somebody else.
fn forged(original: &str, id: &str) -> String {
    let evil = original.replace(element(original, "Signature"), "").replace(id, "_evil").replace(ANN, "eve@acme.com");
    assert!(evil.contains("eve@acme.com"));
    evil
}

/// `text` put in front of the end of an element.
fn inside(element: &str, text: &str) -> String {
    let end = element.rfind("</").unwrap();
    format!("{}{text}{}", &element[..end], &element[end..])
}

#[test]
fn signature_wrapping_is_refused_in_eight_forms() {
    let by_response = response("response_signed");
    let by_assertion = response("assertion_signed");
    let assertion = element(&by_assertion, "saml:Assertion");
    let signature = element(assertion, "Signature");
    let bare = assertion.replace(signature, "");
    let evil = forged(assertion, "_assertion");
    let around = |content: &str| change(&by_assertion, assertion, content);
    let object = |content: &str| inside(signature, &format!("<Object>{content}</Object>"));

    let response_signature = element(&by_response, "Signature");
    let genuine = by_response.replace(response_signature, "");
    let evil_response = forged(&by_response, "_response").replace("_assertion", "_evil_assertion");
    let wrapped = inside(response_signature, &format!("<Object>{genuine}</Object>"));
    let forms = [
        ("1", change(&evil_response, "<samlp:Status>", &format!("{wrapped}<samlp:Status>")), "saml_several_assertions"),
        (
            "2",
            change(&evil_response, "<samlp:Status>", &format!("{genuine}{response_signature}<samlp:Status>")),
            "saml_several_assertions",
        ),
        ("3", around(&format!("{evil}{assertion}")), "saml_several_assertions"),
        ("4", around(&inside(&evil, assertion)), "saml_several_assertions"),
        ("5", around(&format!("{}{bare}", inside(&evil, signature))), "saml_several_assertions"),
        ("6", around(&inside(&evil, &object(&bare))), "saml_several_assertions"),
        ("7", around(&format!("<samlp:Extensions>{evil}</samlp:Extensions>{assertion}")), "saml_several_assertions"),
        ("8", around(&inside(&evil, &object(assertion))), "saml_several_assertions"),
    ];
    for (form, xml, code) in forms {
        assert_eq!(outcome(&xml, question()), code, "form {form}");
    }
}

#[test]
fn a_signature_covers_the_element_that_holds_it_or_nothing() {
    let xml = response("assertion_signed");
    let assertion = element(&xml, "saml:Assertion");
    let signature = element(assertion, "Signature");
    let around = |content: &str| change(&xml, assertion, content);
    let evil = forged(assertion, "_assertion");
    // Where the genuine assertion is disguised, so that but one is to be counted.
    let disguised = |tag: &str| assertion.replace("saml:Assertion", tag).replace(signature, "");
    let cases = [
        // The genuine element stays the signature's target, under another name.
        (around(&inside(&evil, &format!("{signature}{}", disguised("x")))), "saml_signature_misplaced"),
        (around(&format!("{}{}", inside(&evil, signature), disguised("saml:Advice"))), "saml_signature_misplaced"),
        // The signature in the response, over the assertion that it stands beside.
        (around(&format!("{signature}{}", assertion.replace(signature, ""))), "saml_signature_misplaced"),
        // A second signature, of no use but to confuse.
        (around(&inside(assertion, signature)), "saml_signature_misplaced"),
        (around(&inside(assertion, &format!("<x>{signature}</x>"))), "saml_signature_misplaced"),
        // An element of another namespace that is called a signature.
        (around(&inside(assertion, "<Signature/>")), "saml_signature_misplaced"),
        // The assertion deeper than the response.
        (around(&format!("<samlp:Extensions>{assertion}</samlp:Extensions>")), "saml_signature_misplaced"),
        // A reference to the whole document, to nothing, or to two.
        (change(&xml, "URI=\"#_assertion\"", "URI=\"\""), "saml_signature_misplaced"),
        (change(&xml, "URI=\"#_assertion\"", "URI=\"#_response\""), "saml_signature_misplaced"),
        (change(&xml, "URI=\"#_assertion\"", "URI=\"#xpointer(id('_assertion'))\""), "saml_signature_misplaced"),
        (change(&xml, "<Reference", "<Reference URI=\"#_response\"/><Reference"), "saml_signature_misplaced"),
        // The same id twice, in each spelling of an id.
        (around(&inside(assertion, "<x ID=\"_assertion\"/>")), "saml_duplicate_id"),
        (around(&inside(assertion, "<x Id=\"_assertion\"/>")), "saml_duplicate_id"),
        (around(&inside(assertion, "<x id=\"_response\"/>")), "saml_duplicate_id"),
        (around(&inside(assertion, "<x xml:id=\"_assertion\"/>")), "saml_duplicate_id"),
        // What another transform would leave out.
        (
            change(
                &xml,
                "<Transforms>",
                "<Transforms><Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"/>",
            ),
            "saml_transform",
        ),
        // The assertion inside the signature of the response, which doesn't cover itself.
        (hidden_in_signature(), "saml_signature_misplaced"),
        // Taken off.
        (around(&assertion.replace(signature, "")), "saml_unsigned"),
        (around(&evil), "saml_unsigned"),
    ];
    for (number, (xml, code)) in cases.iter().enumerate() {
        assert_eq!(outcome(xml, question()), *code, "case {number}");
    }
}

/// A signed response whose assertion moved into the signature.
fn hidden_in_signature() -> String {
    let xml = response("response_signed");
    let (assertion, signature) = (element(&xml, "saml:Assertion"), element(&xml, "Signature"));
    let moved = inside(signature, &format!("<Object>{}</Object>", assertion.replace(ANN, "eve@acme.com")));
    change(&xml.replace(assertion, ""), signature, &moved)
}

#[test]
fn an_unsigned_assertion_is_taken_only_under_a_signature_of_the_response() {
    let xml = response("response_signed");
    assert!(!element(&xml, "saml:Assertion").contains("Signature"));
    assert_eq!(outcome(&xml, question()), ANN);
    let other = change(&xml, "eering<", "eering, owners<");
    assert_eq!(outcome(&other, question()), "saml_digest_mismatch");
    let both = response("both_signed");
    let inner = element(&both, "saml:Assertion");
    assert_eq!(outcome(&change(&both, inner, &inner.replace(ANN, "eve@acme.com")), question()), "saml_digest_mismatch");
}
