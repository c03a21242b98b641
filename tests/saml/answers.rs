//! One answer after the other: what is taken, and what is refused with which code.

use std::collections::BTreeSet;

use rolecall::saml::{hint, verify};
use rolecall::wire::saml::{AttributeView, SamlRefusal, VerifyBody};

use crate::support::{ask, certificate, change, ms, outcome, question, response};

const ANN: &str = "ann@acme.com";

#[test]
fn each_vector_has_the_outcome_that_it_is_for() {
    let cases = [
        ("assertion_signed", ANN),
        ("response_signed", ANN),
        ("both_signed", ANN),
        ("signed_with_pss", ANN),
        ("no_destination", ANN),
        ("two_confirmations", ANN),
        ("once_only", ANN),
        ("signed_by_next", "saml_signature_mismatch"),
        ("signed_by_curve", "saml_signature_mismatch"),
        ("signed_by_globex", "saml_signature_mismatch"),
        ("signed_by_both", "saml_signature_mismatch"),
        ("unsigned", "saml_unsigned"),
        ("sha1", "saml_weak_algorithm"),
        ("sha1_digest", "saml_weak_algorithm"),
        ("hmac_with_certificate", "saml_weak_algorithm"),
        ("inclusive_transform", "saml_transform"),
        ("inclusive_method", "saml_transform"),
        ("no_enveloped", "saml_transform"),
        ("two_assertions", "saml_several_assertions"),
        ("no_assertion", "saml_no_assertion"),
        ("encrypted", "saml_encrypted"),
        ("encrypted_name", "saml_encrypted"),
        ("denied", "saml_status"),
        ("other_issuer", "saml_issuer"),
        ("other_response_issuer", "saml_issuer"),
        ("other_destination", "saml_destination"),
        ("other_recipient", "saml_recipient"),
        ("unsolicited", "saml_in_response_to"),
        ("confirmation_answers_other", "saml_in_response_to"),
        ("holder_of_key", "saml_subject"),
        ("no_confirmation", "saml_subject"),
        ("no_end", "saml_expired"),
        ("no_zone", "saml_malformed"),
        ("no_conditions", "saml_audience"),
        ("no_audience", "saml_audience"),
        ("other_audience", "saml_audience"),
        ("two_restrictions", "saml_audience"),
        ("unknown_condition", "saml_condition"),
        ("no_name", "saml_subject"),
        ("empty_name", "saml_subject"),
        ("element_in_name", "saml_subject"),
        ("no_authentication", "saml_no_authentication"),
        ("session_over", "saml_expired"),
    ];
    let wrong: Vec<String> = (cases.iter())
        .map(|(name, expected)| (name, expected, outcome(&response(name), question())))
        .filter(|(_, expected, found)| *expected != found)
        .map(|(name, expected, found)| format!("{name}: {found} instead of {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A change of the question and what comes of it.
type Question = (&'static str, fn(VerifyBody) -> VerifyBody, &'static str);

#[test]
fn a_genuine_answer_is_taken_only_where_and_when_it_is_meant() {
    let cases: &[Question] = &[
        ("as asked", |q| q, ANN),
        ("just begun", |q| VerifyBody { now: ms("2026-06-01T11:58:00Z"), ..q }, ANN),
        ("not begun", |q| VerifyBody { now: ms("2026-06-01T11:57:59.999Z"), ..q }, "saml_not_yet_valid"),
        ("just not over", |q| VerifyBody { now: ms("2026-06-01T12:05:59.999Z"), ..q }, ANN),
        ("over", |q| VerifyBody { now: ms("2026-06-01T12:06:00Z"), ..q }, "saml_expired"),
        ("another audience", |q| VerifyBody { audience: "https://other.example".to_owned(), ..q }, "saml_audience"),
        ("another provider", |q| VerifyBody { issuer: "https://idp.globex.com/saml".to_owned(), ..q }, "saml_issuer"),
        ("another consumer", |q| VerifyBody { recipient: "https://x.example/acs".to_owned(), ..q }, "saml_destination"),
        ("another request", |q| VerifyBody { in_response_to: Some("_x".to_owned()), ..q }, "saml_in_response_to"),
        ("no request", |q| VerifyBody { in_response_to: None, ..q }, "saml_in_response_to"),
        ("another certificate", |q| with(q, &["globex"]), "saml_signature_mismatch"),
        ("a certificate of another kind", |q| with(q, &["curve"]), "saml_signature_mismatch"),
        ("the old and the new", |q| with(q, &["next", "acme"]), ANN),
        ("no certificate", |q| with(q, &[]), "saml_certificate"),
        ("no real certificate", |q| VerifyBody { certificates: vec!["x".to_owned()], ..q }, "saml_certificate"),
    ];
    for (name, change, expected) in cases {
        assert_eq!(outcome(&response("assertion_signed"), change(question())), *expected, "{name}");
    }
}

fn with(question: VerifyBody, names: &[&str]) -> VerifyBody {
    VerifyBody { certificates: names.iter().map(|name| certificate(name)).collect(), ..question }
}

#[test]
fn other_keys_hold_where_they_are_pinned() {
    let pinned = |name: &str, by: &str| outcome(&response(name), with(question(), &[by]));
    assert_eq!(pinned("signed_by_next", "next"), ANN);
    assert_eq!(pinned("signed_by_curve", "curve"), ANN);
    assert_eq!(pinned("signed_by_globex", "globex"), ANN);
    assert_eq!(pinned("short_key", "short"), "saml_signature_mismatch", "1024 bits are too few");
    let unsolicited = VerifyBody { in_response_to: None, ..question() };
    assert_eq!(outcome(&response("unsolicited"), unsolicited), ANN, "where the provider may begin");
}

#[test]
fn the_claims_are_told_whole() {
    let claims = ask(&response("assertion_signed"), question()).unwrap();
    let attribute = |name: &str, values: &[&str]| AttributeView {
        name: name.to_owned(),
        friendly_name: None,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    assert_eq!(claims.assertion, "_assertion");
    assert_eq!(claims.name_format.as_deref(), Some("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"));
    let groups = attribute("groups", &["Engineering", "Ops & more", "All"]);
    assert_eq!(claims.attributes, [groups, attribute("name", &["Ann Lee"])]);
    assert_eq!(claims.session_until, Some(ms("2026-06-01T20:00:00Z")));
    assert_eq!(claims.until, ms("2026-06-01T12:06:00Z"));
}

#[test]
fn what_was_changed_after_signing_is_seen() {
    for (name, from, to) in [
        ("assertion_signed", ">ann@acme.com<", ">eve@acme.com<"),
        ("assertion_signed", ">Engineering<", ">Owners<"),
        ("assertion_signed", "12:05:00Z", "23:05:00Z"),
        ("response_signed", ">ann@acme.com<", ">eve@acme.com<"),
        (
            "response_signed",
            "Version=\"2.0\" IssueInstant=\"2026-06-01T12:00:00Z\"><saml:Issuer",
            "Version=\"2.0\"><saml:Issuer",
        ),
    ] {
        let changed = change(&response(name), from, to);
        assert_eq!(outcome(&changed, question()), "saml_digest_mismatch", "{name}: {to}");
    }
    // An attacker who makes the digest right breaks the signature over it.
    let xml = response("assertion_signed");
    let digest = xml.split("DigestValue>").nth(1).unwrap().trim_end_matches("</").to_owned();
    let other = change(&xml, &digest, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    assert_eq!(outcome(&other, question()), "saml_signature_mismatch");
    let value = xml.split("SignatureValue>").nth(1).unwrap().trim_end_matches("</").to_owned();
    assert_eq!(outcome(&change(&xml, &value, "AAAA"), question()), "saml_signature_mismatch");
    assert_eq!(outcome(&change(&xml, &value, ""), question()), "saml_signature_mismatch");
}

#[test]
fn the_certificate_that_an_answer_brings_along_means_nothing() {
    let forged = response("signed_by_globex");
    assert_eq!(outcome(&forged, question()), "saml_signature_mismatch");
    let start = forged.find("<KeyInfo>").unwrap();
    let end = forged.find("</KeyInfo>").unwrap() + "</KeyInfo>".len();
    let without = format!("{}{}", &forged[..start], &forged[end..]);
    assert_eq!(outcome(&without, question()), "saml_signature_mismatch");
    assert_eq!(outcome(&without, with(question(), &["globex"])), ANN, "a genuine one needs none");
}

#[test]
fn a_comment_hides_no_part_of_a_name() {
    let xml = change(&response("assertion_signed"), "ann@acme.com<", "ann@acme.com<!-- x --><");
    assert_eq!(outcome(&xml, question()), "saml_comment");
    // Comments aren't signed: the provider's own name is longer, and a reader is tempted to stop.
    for (from, to) in [
        (">ann@acme.com<", ">an<!-- x -->n@acme.com<"),
        (">ann@acme.com<", "><!-- x -->ann@acme.com<"),
        (">Engineering<", ">Engine<!---->ering<"),
        ("https://idp.acme.com/saml<", "https://idp.<!---->acme.com/saml<"),
    ] {
        assert_eq!(outcome(&change(&response("assertion_signed"), from, to), question()), "saml_comment", "{to}");
    }
    let between = change(&response("assertion_signed"), "<saml:Subject>", "<!-- x --><saml:Subject>");
    assert_eq!(outcome(&between, question()), ANN, "where there is no text they part none");
}

#[test]
fn a_document_type_and_entities_are_refused_before_they_are_read() {
    let bomb = "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    let xml = response("assertion_signed");
    for front in [
        "<!DOCTYPE r>",
        "<!DOCTYPE r SYSTEM \"file:///etc/passwd\">",
        bomb,
        "<!doctype r>",
        "<?xml version=\"1.0\"?><!DOCTYPE r>",
    ] {
        assert_eq!(outcome(&format!("{front}{xml}"), question()), "saml_doctype", "{front}");
    }
    let entity = change(&xml, ">ann@acme.com<", ">&unknown;<");
    assert_eq!(outcome(&entity, question()), "saml_malformed");
}

#[test]
fn what_is_no_response_is_refused() {
    let xml = response("assertion_signed");
    let cases = [
        String::new(),
        "x".to_owned(),
        "<x/>".to_owned(),
        xml[..xml.len() - 9].to_owned(),
        change(&xml, "samlp:Response ", "samlp:response "),
        xml.replace("SAML:2.0:protocol", "SAML:1.1:protocol"),
        change(&xml, "Version=\"2.0\"", "Version=\"1.1\""),
        format!("{xml}{xml}"),
        format!("<!--{}-->{xml}", "x".repeat(256 * 1024)),
        change(&xml, "<samlp:Status>", "<samlp:Status/><samlp:Status>"),
        "<x>".repeat(50_000),
        format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{}", xml.replace('a', "\0a")),
    ];
    for xml in cases {
        assert_eq!(outcome(&xml, question()), "saml_malformed", "{:.80}", xml);
    }
    for response in ["", "%%%", "PHgv", "/////w=="] {
        let refused = verify(&VerifyBody { response: response.to_owned(), ..question() }).unwrap_err();
        assert_eq!(refused.code, SamlRefusal::Malformed, "{response}");
    }
    let assertion = change(&xml, "ID=\"_assertion\" Version=\"2.0\"", "ID=\"_assertion\" Version=\"1.1\"");
    assert_eq!(outcome(&assertion, question()), "saml_malformed");
}

#[test]
fn base64_may_have_broken_lines() {
    use base64ct::Encoding as _;
    let base64 = base64ct::Base64::encode_string(response("assertion_signed").as_bytes());
    let lines: Vec<&str> = base64.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let question = VerifyBody { response: lines.join("\r\n"), ..question() };
    assert_eq!(verify(&question).unwrap().name_id, ANN);
}

#[test]
fn a_hint_tells_whom_an_answer_is_for() {
    use base64ct::Encoding as _;
    let hint = hint(&base64ct::Base64::encode_string(response("unsolicited").as_bytes())).unwrap();
    assert_eq!(hint.audiences, [question().audience]);
    assert_eq!(hint.in_response_to, None);
}

#[test]
fn each_refusal_has_a_code_of_its_own() {
    let codes: BTreeSet<&str> = SamlRefusal::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(codes.len(), SamlRefusal::ALL.len());
    assert!(codes.iter().all(|code| code.starts_with("saml_")));
}
