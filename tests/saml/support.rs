//! The vectors, and the question that most of them are answered to.

use std::sync::LazyLock;

use base64ct::{Base64, Encoding as _};
use rolecall::model::Timestamp;
use rolecall::saml::{Refused, verify};
use rolecall::wire::saml::{ClaimsView, VerifyBody};
use serde_json::Value;

static VECTORS: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(include_str!("vectors.json")).unwrap());

/// A certificate of this name, as PEM.
pub(crate) fn certificate(name: &str) -> String {
    VECTORS["certificates"][name].as_str().unwrap_or_else(|| panic!("no certificate {name}")).to_owned()
}

/// An answer of this name, as XML.
pub(crate) fn response(name: &str) -> String {
    VECTORS["responses"][name].as_str().unwrap_or_else(|| panic!("no response {name}")).to_owned()
}

/// The question that the answers are for: a minute after they were made.
pub(crate) fn question() -> VerifyBody {
    VerifyBody {
        response: String::new(),
        certificates: vec![certificate("acme")],
        issuer: "https://idp.acme.com/saml".to_owned(),
        audience: "https://rolecall.test/v1/sso/saml/metadata/idp_1".to_owned(),
        recipient: "https://rolecall.test/v1/sso/saml/acs".to_owned(),
        in_response_to: Some("_request".to_owned()),
        now: ms("2026-06-01T12:01:00Z"),
    }
}

/// An instant in milliseconds.
pub(crate) fn ms(text: &str) -> i64 {
    Timestamp::parse(text).unwrap().as_ms()
}

/// Asks about XML.
pub(crate) fn ask(xml: &str, question: VerifyBody) -> Result<ClaimsView, Refused> {
    verify(&VerifyBody { response: Base64::encode_string(xml.as_bytes()), ..question })
}

/// The code that XML is refused with, or whom it names.
pub(crate) fn outcome(xml: &str, question: VerifyBody) -> String {
    match ask(xml, question) {
        Ok(claims) => claims.name_id,
        Err(refused) => {
            assert!(!refused.detail.is_empty());
            refused.code.as_str().to_owned()
        }
    }
}

/// The same text with one thing changed, which has to be there.
pub(crate) fn change(xml: &str, from: &str, to: &str) -> String {
    assert!(xml.contains(from), "{from} is not in it");
    xml.replacen(from, to, 1)
}
