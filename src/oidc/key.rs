//! A provider's keys (RFC 7517): found by name, and each for nothing but what it says.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Map, Value};

use crate::host::{Algorithm, PublicKey};

use super::{Fault, Token, json};

/// How many keys a provider may have.
const MOST: usize = 100;
/// The exponent that RSA keys have.
const EXPONENT: [u8; 3] = [1, 0, 1];

/// A provider's keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Keys(Vec<Map<String, Value>>);

const fn name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Rs256 => "RS256",
        Algorithm::Ps256 => "PS256",
        Algorithm::Es256 => "ES256",
        Algorithm::EdDsa => "EdDSA",
    }
}

/// The kind of key and the curve that an algorithm takes.
const fn takes(algorithm: Algorithm) -> (&'static str, Option<&'static str>) {
    match algorithm {
        Algorithm::Rs256 | Algorithm::Ps256 => ("RSA", None),
        Algorithm::Es256 => ("EC", Some("P-256")),
        Algorithm::EdDsa => ("OKP", Some("Ed25519")),
    }
}

fn text<'a>(key: &'a Map<String, Value>, member: &str) -> Option<&'a str> {
    key.get(member).and_then(Value::as_str)
}

impl Keys {
    /// Reads the document.
    ///
    /// # Errors
    /// When it is no set of keys.
    pub fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let mut document = json::object(bytes).map_err(|_| Fault::Keys)?;
        let Some(Value::Array(keys)) = document.remove("keys") else { return Err(Fault::Keys) };
        if keys.len() > MOST {
            return Err(Fault::Keys);
        }
        let read = |key| match key {
            Value::Object(members) => Ok(members),
            _ => Err(Fault::Keys),
        };
        keys.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// The key that a token says it is signed with. One that names none is signed with the only key of its kind.
    ///
    /// # Errors
    /// When there is none, or it isn't for this.
    pub fn of(&self, token: &Token<'_>) -> Result<PublicKey, Fault> {
        let (kind, curve) = takes(token.algorithm);
        let fits = |key: &&Map<String, Value>| text(key, "kty") == Some(kind) && text(key, "crv") == curve;
        let named: Vec<&Map<String, Value>> = match &token.key {
            Some(name) => self.0.iter().filter(|key| text(key, "kid") == Some(name)).collect(),
            None => self.0.iter().filter(fits).filter(|key| is_for_signatures(key)).collect(),
        };
        let fitting: Vec<&Map<String, Value>> = named.iter().copied().filter(fits).collect();
        match (fitting.as_slice(), named.is_empty()) {
            (_, true) => Err(Fault::KeyUnknown),
            ([], false) => Err(Fault::Mismatch),
            ([key], _) => read(key, token.algorithm),
            _ => Err(Fault::KeyUnusable),
        }
    }
}

/// True for a key that is public and may check signatures.
fn is_for_signatures(key: &Map<String, Value>) -> bool {
    let uses = key.get("use").is_none_or(|purpose| purpose == "sig");
    let operations = key.get("key_ops").is_none_or(|list| {
        list.as_array().is_some_and(|operations| operations.iter().any(|operation| operation == "verify"))
    });
    uses && operations && !key.contains_key("d")
}

fn read(key: &Map<String, Value>, algorithm: Algorithm) -> Result<PublicKey, Fault> {
    if !is_for_signatures(key) {
        return Err(Fault::KeyUnusable);
    }
    if key.get("alg").is_some_and(|own| own != name(algorithm)) {
        return Err(Fault::Mismatch);
    }
    let bytes = |member: &str| {
        text(key, member).and_then(|text| Base64UrlUnpadded::decode_vec(text).ok()).ok_or(Fault::KeyUnusable)
    };
    let point =
        |member: &str| bytes(member).and_then(|part| if part.len() == 32 { Ok(part) } else { Err(Fault::KeyUnusable) });
    match algorithm {
        Algorithm::Rs256 | Algorithm::Ps256 => rsa(&bytes("n")?, &bytes("e")?),
        Algorithm::Es256 => Ok(PublicKey::P256 { x: point("x")?, y: point("y")? }),
        Algorithm::EdDsa => Ok(PublicKey::Ed25519 { x: point("x")? }),
    }
}

fn rsa(n: &[u8], e: &[u8]) -> Result<PublicKey, Fault> {
    let trimmed = |bytes: &[u8]| bytes.iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<u8>>();
    let (n, e) = (trimmed(n), trimmed(e));
    // 2048 bits are 256 bytes whose first has its highest bit.
    let is_long = n.len() > 256 || n.len() == 256 && n.first().is_some_and(|first| *first >= 0x80);
    if !is_long || e != EXPONENT {
        return Err(Fault::KeyWeak);
    }
    if n.len() > 1_024 { Err(Fault::KeyUnusable) } else { Ok(PublicKey::Rsa { n, e }) }
}
