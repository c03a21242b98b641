//! An identity provider that speaks SAML: its metadata, and answers that it signs, written in the form that is signed.

use base64ct::{Base64, Encoding as _};
use http::Request;
use ring::rand::SystemRandom;
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::idp::rsa;
use super::{Answer, App, Tenant, text};

/// The provider's entity id.
pub(crate) const ENTITY: &str = "https://idp.acme.example/saml";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

/// An element of DER.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    match length {
        [0, short @ 0..0x80] => [&[tag, short], content].concat(),
        [0, long] => [&[tag, 0x81, long], content].concat(),
        [high, low] => [&[tag, 0x82, high, low], content].concat(),
    }
}

/// As much of a certificate as holds the key.
fn certificate() -> String {
    let sequence = |parts: &[Vec<u8>]| der(0x30, &parts.concat());
    let key = der(0x03, &[&[0], rsa().public_key().as_ref()].concat());
    let kind = sequence(&[der(0x06, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]), vec![0x05, 0x00]]);
    let empty = || sequence(&[]);
    let serial = der(0x02, &[1]);
    let content = sequence(&[serial, empty(), empty(), empty(), empty(), sequence(&[kind, key])]);
    Base64::encode_string(&sequence(&[content]))
}

/// The metadata of a provider of this name.
pub(crate) fn metadata(entity: &str) -> String {
    let certificate = certificate();
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{entity}\"><md:IDPSSODescriptor \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><md:KeyDescriptor use=\"signing\"><ds:KeyInfo \
         xmlns:ds=\"{DSIG}\"><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
         </md:KeyDescriptor><md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
         Location=\"https://idp.acme.example/sso?a=b\"/></md:IDPSSODescriptor></md:EntityDescriptor>"
    )
}

/// What a provider says.
#[derive(Debug, Clone)]
pub(crate) struct Says {
    pub(crate) id: String,
    pub(crate) issuer: String,
    pub(crate) audience: String,
    pub(crate) in_response_to: Option<String>,
    pub(crate) name_format: &'static str,
    pub(crate) name: String,
    pub(crate) attributes: Vec<(&'static str, Vec<&'static str>)>,
    /// The beginning of its time.
    pub(crate) from: Option<&'static str>,
    /// The end of its time.
    pub(crate) until: String,
    /// The end of the session there.
    pub(crate) session_until: Option<&'static str>,
}

impl Says {
    /// That Ann signed in, who is in a group, to the connection with this id.
    pub(crate) fn ann(connection: &str) -> Self {
        Self {
            id: "_one".to_owned(),
            issuer: ENTITY.to_owned(),
            audience: format!("https://app.example/v1/sso/saml/metadata/{connection}"),
            in_response_to: None,
            name_format: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            name: "Ann@example.com".to_owned(),
            attributes: vec![("groups", vec!["Eng"]), ("displayName", vec!["Ann Lee"])],
            from: None,
            until: "2027-01-01T00:00:00Z".to_owned(),
            session_until: None,
        }
    }

    /// The assertion in its canonical form: attributes in their order, no element closed in itself.
    fn assertion(&self) -> (String, String) {
        let Self { id, issuer, audience, name_format, name, until, .. } = self;
        let answers = self.in_response_to.as_ref().map(|id| format!(" InResponseTo=\"{id}\"")).unwrap_or_default();
        let value = |value: &&str| format!("<saml:AttributeValue>{value}</saml:AttributeValue>");
        let attribute = |(name, values): &(&str, Vec<&str>)| {
            format!("<saml:Attribute Name=\"{name}\">{}</saml:Attribute>", values.iter().map(value).collect::<String>())
        };
        let from = self.from.map(|from| format!(" NotBefore=\"{from}\"")).unwrap_or_default();
        let session = self.session_until.map(|until| format!(" SessionNotOnOrAfter=\"{until}\"")).unwrap_or_default();
        let attributes: String = self.attributes.iter().map(attribute).collect();
        let front = format!(
            "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" IssueInstant=\"2026-01-01T00:00:00Z\" \
             Version=\"2.0\"><saml:Issuer>{issuer}</saml:Issuer>"
        );
        let rest = format!(
            "<saml:Subject><saml:NameID Format=\"{name_format}\">{name}</saml:NameID><saml:SubjectConfirmation \
             Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData{answers} NotOnOrAfter=\"{until}\" \
             Recipient=\"https://app.example/v1/sso/saml/acs\"></saml:SubjectConfirmationData></saml:SubjectConfirmation>\
             </saml:Subject><saml:Conditions{from} NotOnOrAfter=\"{until}\"><saml:AudienceRestriction><saml:Audience>{audience}\
             </saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant=\"2026-01-01T00:00:00Z\"{session}>\
             </saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"
        );
        (front, rest)
    }

    /// The response with the assertion, signed.
    pub(crate) fn response(&self) -> String {
        let (front, rest) = self.assertion();
        let digest = Base64::encode_string(&Sha256::digest(format!("{front}{rest}")));
        let info = format!(
            "><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod><ds:SignatureMethod \
             Algorithm=\"{RSA_SHA256}\"></ds:SignatureMethod><ds:Reference URI=\"#{}\"><ds:Transforms><ds:Transform \
             Algorithm=\"{DSIG}enveloped-signature\"></ds:Transform><ds:Transform Algorithm=\"{EXCLUSIVE}\"></ds:Transform>\
             </ds:Transforms><ds:DigestMethod Algorithm=\"{SHA256}\"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue>\
             </ds:Reference></ds:SignedInfo>",
            self.id
        );
        let pair = rsa();
        let mut signature = vec![0; pair.public().modulus_len()];
        let signed = format!("<ds:SignedInfo xmlns:ds=\"{DSIG}\"{info}");
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        let signature = Base64::encode_string(&signature);
        let signature = format!(
            "<ds:Signature xmlns:ds=\"{DSIG}\"><ds:SignedInfo{info}<ds:SignatureValue>{signature}</ds:SignatureValue></ds:Signature>"
        );
        let answers = self.in_response_to.as_ref().map(|id| format!(" InResponseTo=\"{id}\"")).unwrap_or_default();
        format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_response\" Version=\"2.0\" \
             IssueInstant=\"2026-01-01T00:00:00Z\"{answers}><samlp:Status><samlp:StatusCode \
             Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>{front}{signature}{rest}</samlp:Response>"
        )
    }
}

/// A login that was begun: the state, the browser's cookie and the id of the request.
#[derive(Debug, Clone)]
pub(crate) struct Begun {
    pub(crate) state: String,
    pub(crate) cookie: String,
    pub(crate) request: String,
    pub(crate) xml: String,
    pub(crate) set_cookie: String,
}

impl App {
    /// A connection to the provider.
    pub(crate) fn saml(&self, tenant: &Tenant, more: &Value) -> Value {
        let mut body = json!({"protocol": "saml", "name": "ADFS", "metadata_xml": metadata(ENTITY)});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post(&tenant.path("sso/connections"), &tenant.token, &body).ok(201)
    }

    /// Begins a login, with this behind its address.
    #[track_caller]
    pub(crate) fn begin_saml(&self, connection: &Value, query: &str) -> Begun {
        let path = format!("/v1/sso/{}/login{query}", text(&connection["id"]));
        let answer = self.get(&path, "");
        assert_eq!(answer.status, 303, "{}", answer.body);
        let (place, query) = answer.header("location").split_once("a=b&").unwrap();
        assert_eq!(place, "https://idp.acme.example/sso?");
        let of = |name: &str| {
            let mut fields = form_urlencoded::parse(query.as_bytes());
            fields.find(|(key, _)| key == name).unwrap().1.into_owned()
        };
        // A block that is stored: what follows its head is the text.
        let xml = String::from_utf8(Base64::decode_vec(&of("SAMLRequest")).unwrap().split_off(5)).unwrap();
        let set_cookie = answer.header("set-cookie").to_owned();
        Begun {
            state: of("RelayState"),
            cookie: set_cookie.split(';').next().unwrap().to_owned(),
            request: xml.split("ID=\"").nth(1).unwrap().split('"').next().unwrap().to_owned(),
            xml,
            set_cookie,
        }
    }

    /// Posts a response as the provider has a browser do it: from another site.
    pub(crate) fn consume(&self, response: &str, relay_state: &str, cookie: &str, more: &[(&str, &str)]) -> Answer {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("SAMLResponse", &Base64::encode_string(response.as_bytes()));
        form.append_pair("RelayState", relay_state);
        let builder = Request::builder().method("POST").uri("/v1/sso/saml/acs").header("cookie", cookie);
        let builder = builder.header("origin", "https://idp.acme.example").header("sec-fetch-site", "cross-site");
        let builder = more.iter().fold(builder, |builder, (name, value)| builder.header(*name, *value));
        let form = form.finish().into_bytes();
        self.send(builder.header("content-type", "application/x-www-form-urlencoded").body(form).unwrap())
    }
}
