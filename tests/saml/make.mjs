// Makes vectors.json: answers of an identity provider, signed by npm xml-crypto, which shares no code with what verifies them.
// The keys are thrown away. Usage: in a folder where `npm install xml-crypto@2.1.6` ran,
// node PATH/tests/saml/make.mjs > PATH/tests/saml/vectors.json
import { createHmac, sign as signBytes } from "node:crypto";
import { createRequire } from "node:module";
import { bare, identity } from "../edge/support/certificate.ts";

const { SignedXml } = createRequire(`${process.cwd()}/`)("xml-crypto");

const DSIG = "http://www.w3.org/2000/09/xmldsig#";
const MORE = "http://www.w3.org/2001/04/xmldsig-more#";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
const INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";

function method(name, getSignature) {
  SignedXml.SignatureAlgorithms[name] = function () {
    this.getSignature = getSignature;
    this.getAlgorithmName = () => name;
  };
}
method(`${MORE}ecdsa-sha256`, (info, key) =>
  signBytes("sha256", Buffer.from(info), { key, dsaEncoding: "ieee-p1363" }).toString("base64"),
);
method(`${MORE}hmac-sha256`, (info, key) => createHmac("sha256", key).update(info).digest("base64"));
method("http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", (info, key) =>
  signBytes("sha256", Buffer.from(info), { key, padding: 6, saltLength: 32 }).toString("base64"),
);

const acme = identity("acme");
const next = identity("acme, next year");
const globex = identity("globex");
const curve = identity("curve", { kind: "ec" });
const short = identity("short", { kind: "rsa", bits: 1024 });

function sign(xml, id, options = {}) {
  const { by = acme, key = by.key, signature = `${MORE}rsa-sha256`, digest = SHA256, transform = EXCLUSIVE } = options;
  const signed = new SignedXml(null, { idAttribute: "ID" });
  signed.signatureAlgorithm = signature;
  signed.canonicalizationAlgorithm = options.canonical ?? EXCLUSIVE;
  signed.signingKey = key;
  signed.keyInfoProvider = {
    getKeyInfo: () => `<X509Data><X509Certificate>${bare(by.certificate)}</X509Certificate></X509Data>`,
  };
  const transforms = options.transforms ?? [`${DSIG}enveloped-signature`, transform];
  signed.addReference(`//*[@ID='${id}']`, transforms, digest);
  const reference = `//*[@ID='${id}']/*[local-name(.)='Issuer']`;
  signed.computeSignature(xml, { location: { reference, action: "after" } });
  return signed.getSignedXml();
}

const saml = 'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"';
const issuer = (name) => `<saml:Issuer ${saml}>${name}</saml:Issuer>`;
const audience = (name) => `<saml:AudienceRestriction><saml:Audience>${name}</saml:Audience></saml:AudienceRestriction>`;
const attribute = (name, ...values) =>
  `<saml:Attribute Name="${name}">${values.map((v) => `<saml:AttributeValue>${v}</saml:AttributeValue>`).join("")}</saml:Attribute>`;

const ANN = '<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">ann@acme.com</saml:NameID>';
const ANSWERS = 'InResponseTo="_request"';
const US = "https://rolecall.test/v1/sso/saml/metadata/idp_1";
const CONSUMER = "https://rolecall.test/v1/sso/saml/acs";
const UNTIL = "2026-06-01T12:05:00Z";
const BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

function confirmation({ method = BEARER, answers = ANSWERS, recipient = CONSUMER, until = `NotOnOrAfter="${UNTIL}"` } = {}) {
  const data = `<saml:SubjectConfirmationData ${answers} Recipient="${recipient}" ${until}/>`;
  return `<saml:SubjectConfirmation Method="${method}">${data}</saml:SubjectConfirmation>`;
}

function assertion(parts = {}) {
  const {
    id = "_assertion",
    by = "https://idp.acme.com/saml",
    name = ANN,
    confirmations = confirmation(parts),
    conditions = `<saml:Conditions NotBefore="2026-06-01T11:59:00.000Z" NotOnOrAfter="${UNTIL}">${audience(US)}</saml:Conditions>`,
    authentication = '<saml:AuthnStatement AuthnInstant="2026-06-01T12:00:00Z" SessionNotOnOrAfter="2026-06-01T20:00:00Z"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>',
    attributes = attribute("groups", "Engineering", "Ops &amp; more") + attribute("name", "Ann Lee") + attribute("groups", "All"),
  } = parts;
  const subject = `<saml:Subject>${name}${confirmations}</saml:Subject>`;
  const statement = `<saml:AttributeStatement>${attributes}</saml:AttributeStatement>`;
  return `<saml:Assertion ${saml} ID="${id}" Version="2.0" IssueInstant="2026-06-01T12:00:00Z">${issuer(by)}${subject}${conditions}${authentication}${statement}</saml:Assertion>`;
}

function response(content, parts = {}) {
  const {
    answers = ANSWERS,
    destination = `Destination="${CONSUMER}"`,
    by = "https://idp.acme.com/saml",
    status = '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>',
  } = parts;
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_response" Version="2.0" IssueInstant="2026-06-01T12:00:00Z" ${destination} ${answers}>${issuer(by)}<samlp:Status>${status}</samlp:Status>${content}</samlp:Response>`;
}

const signed = (parts, options) => sign(response(assertion(parts), parts), "_assertion", options);
const whole = (content, parts, options) => sign(response(content, parts), "_response", options);
const denied =
  '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></samlp:StatusCode>';

const responses = {
  assertion_signed: signed(),
  response_signed: whole(assertion()),
  both_signed: sign(signed(), "_response"),
  signed_by_next: signed({}, { by: next }),
  signed_by_curve: signed({}, { by: curve, signature: `${MORE}ecdsa-sha256` }),
  signed_with_pss: signed({}, { signature: "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1" }),
  signed_by_globex: signed({}, { by: globex }),
  signed_by_both: sign(signed({}, { by: globex }), "_response"),
  short_key: signed({}, { by: short }),
  unsigned: response(assertion()),
  sha1: signed({}, { signature: `${DSIG}rsa-sha1`, digest: `${DSIG}sha1` }),
  sha1_digest: signed({}, { digest: `${DSIG}sha1` }),
  hmac_with_certificate: signed({}, { key: bare(acme.certificate), signature: `${MORE}hmac-sha256` }),
  inclusive_transform: signed({}, { transform: INCLUSIVE }),
  inclusive_method: signed({}, { canonical: INCLUSIVE }),
  no_enveloped: signed({}, { transforms: [EXCLUSIVE] }),
  two_assertions: whole(assertion() + assertion({ id: "_other" })),
  no_assertion: whole(""),
  encrypted: whole(`<saml:EncryptedAssertion ${saml}><x/></saml:EncryptedAssertion>`),
  encrypted_name: signed({ name: "<saml:EncryptedID><x/></saml:EncryptedID>" }),
  denied: whole("", { status: denied }),
  other_issuer: signed({ by: "https://idp.globex.com/saml" }),
  other_response_issuer: sign(response(assertion(), { by: "https://idp.globex.com/saml" }), "_assertion"),
  other_destination: signed({ destination: 'Destination="https://evil.example/acs"' }),
  no_destination: signed({ destination: "" }),
  other_recipient: signed({ recipient: "https://evil.example/acs" }),
  unsolicited: signed({ answers: "" }),
  confirmation_answers_other: sign(response(assertion({ answers: 'InResponseTo="_other"' })), "_assertion"),
  two_confirmations: signed({ confirmations: confirmation({ recipient: "https://other.example/acs" }) + confirmation() }),
  holder_of_key: signed({ method: "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key" }),
  no_confirmation: signed({ confirmations: "" }),
  no_end: signed({ until: "" }),
  no_zone: signed({ until: 'NotOnOrAfter="2026-06-01T12:05:00"' }),
  no_conditions: signed({ conditions: "" }),
  no_audience: signed({ conditions: `<saml:Conditions NotOnOrAfter="${UNTIL}"/>` }),
  other_audience: signed({ conditions: `<saml:Conditions>${audience("https://other.example")}</saml:Conditions>` }),
  two_restrictions: signed({ conditions: `<saml:Conditions>${audience(US)}${audience("https://other.example")}</saml:Conditions>` }),
  once_only: signed({ conditions: `<saml:Conditions>${audience(US)}<saml:OneTimeUse/></saml:Conditions>` }),
  unknown_condition: signed({ conditions: `<saml:Conditions>${audience(US)}<x:Moon xmlns:x="urn:x"/></saml:Conditions>` }),
  no_name: signed({ name: "" }),
  empty_name: signed({ name: "<saml:NameID> </saml:NameID>" }),
  element_in_name: signed({ name: "<saml:NameID>ann@acme.com<x>.evil.com</x></saml:NameID>" }),
  no_authentication: signed({ authentication: "" }),
  session_over: signed({ authentication: '<saml:AuthnStatement AuthnInstant="2026-06-01T03:00:00Z" SessionNotOnOrAfter="2026-06-01T11:58:00Z"/>' }),
};

const certificates = Object.fromEntries(
  Object.entries({ acme, next, globex, curve, short }).map(([name, { certificate }]) => [name, certificate]),
);
console.log(JSON.stringify({ certificates, responses }, null, 1));
