//! The metadata of identity providers: what is read of them, and what isn't taken for any.

use rolecall::saml::metadata;

use crate::support::{certificate, change};

fn bare(name: &str) -> String {
    certificate(name).lines().filter(|line| !line.starts_with('-')).collect()
}

fn key(usage: &str, certificate: &str) -> String {
    format!(
        "<md:KeyDescriptor{usage}><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data><ds:X509Certificate>\n{certificate}\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )
}

fn service(binding: &str, url: &str) -> String {
    format!("<md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" Location=\"{url}\"/>")
}

fn entity(keys: &str, services: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://idp.acme.com/saml\"><md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{keys}{services}</md:IDPSSODescriptor></md:EntityDescriptor>"
    )
}

fn usual() -> String {
    let services = service("HTTP-POST", "https://idp.acme.com/post")
        + &service("HTTP-Redirect", "https://idp.acme.com/redirect?a=1&amp;b=2");
    entity(&key(" use=\"signing\"", &bare("acme")), &services)
}

#[test]
fn who_it_is_where_requests_go_and_what_it_signs_with() {
    let found = metadata(&usual()).unwrap();
    assert_eq!(found.issuer, "https://idp.acme.com/saml");
    assert_eq!(found.sign_on_url, "https://idp.acme.com/redirect?a=1&b=2");
    assert!(found.is_redirect);
    assert_eq!(found.certificates, [bare("acme")]);
}

#[test]
fn a_provider_between_two_certificates_names_both_and_encryption_is_left_out() {
    let keys =
        key("", &bare("next")) + &key(" use=\"signing\"", &bare("acme")) + &key(" use=\"encryption\"", &bare("globex"));
    let again = key(" use=\"signing\"", &bare("acme"));
    let found = metadata(&entity(&(keys + &again), &service("HTTP-POST", "https://idp.acme.com/post"))).unwrap();
    assert_eq!(found.certificates, [bare("next"), bare("acme")]);
    assert!(!found.is_redirect);
    assert_eq!(found.sign_on_url, "https://idp.acme.com/post");
}

#[test]
fn a_federation_of_one_is_read_and_what_an_editor_puts_in_front() {
    let inner = usual().replace("<?xml version=\"1.0\"?>\n", "");
    let wrap = |content: &str| {
        format!(
            "\u{feff}  <md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{content}</md:EntitiesDescriptor>\n"
        )
    };
    assert_eq!(metadata(&wrap(&inner)).unwrap(), metadata(&usual()).unwrap());
    let two = wrap(&(inner.clone() + &inner.replace("idp.acme.com/saml", "idp.globex.com/saml")));
    assert_eq!(metadata(&two).unwrap_err().code.as_str(), "saml_metadata");
}

#[test]
fn what_describes_no_provider_is_refused() {
    let redirect = service("HTTP-Redirect", "https://idp.acme.com/redirect");
    let signing = key("", &bare("acme"));
    let many: String = (0..11).map(|number| key("", &longer(number))).collect();
    let cases = [
        ("<x/>".to_owned(), "saml_metadata"),
        (String::new(), "saml_malformed"),
        ("{}".to_owned(), "saml_malformed"),
        (format!("<!DOCTYPE x>{}", usual().replace("<?xml version=\"1.0\"?>", "")), "saml_doctype"),
        (format!("{}<!--{}-->", usual(), "x".repeat(256 * 1024)), "saml_malformed"),
        (usual().replace("IDPSSODescriptor", "SPSSODescriptor"), "saml_metadata"),
        (change(&usual(), " entityID=\"https://idp.acme.com/saml\"", ""), "saml_metadata"),
        (entity("", &redirect), "saml_metadata"),
        (entity(&key(" use=\"encryption\"", &bare("acme")), &redirect), "saml_metadata"),
        (entity(&key("", "AAAA"), &redirect), "saml_certificate"),
        (entity(&key("", "%"), &redirect), "saml_certificate"),
        (entity(&signing, ""), "saml_metadata"),
        (entity(&signing, &service("SOAP", "https://idp.acme.com/soap")), "saml_metadata"),
        (entity(&signing, &service("HTTP-Redirect", "javascript:alert(1)")), "saml_metadata"),
        (entity(&signing, &service("HTTP-Redirect", "https://idp.acme.com/ a&#10;b")), "saml_metadata"),
        (entity(&many, &redirect), "saml_metadata"),
    ];
    for (number, (xml, code)) in cases.iter().enumerate() {
        assert_eq!(metadata(xml).unwrap_err().code.as_str(), *code, "case {number}");
    }
}

/// A certificate that differs in what its reader doesn't look at.
fn longer(number: usize) -> String {
    use base64ct::{Base64, Encoding as _};
    let mut der = Base64::decode_vec(&bare("acme")).unwrap();
    let last = der.len() - 1;
    der[last] = u8::try_from(number).unwrap();
    Base64::encode_string(&der)
}
