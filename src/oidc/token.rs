//! A signed JWT in its compact form (RFC 7515, 7519): taken apart, not yet believed.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Map, Value};

use crate::host::Algorithm;

use super::json::{self, JsonError};
use super::{Claims, Fault};

/// How long a token may be.
const MOST: usize = 16 * 1024;

/// A token.
#[derive(Debug, Clone, PartialEq)]
pub struct Token<'a> {
    /// How it says that it is signed.
    pub algorithm: Algorithm,
    /// The key that it says it is signed with.
    pub key: Option<String>,
    /// What is signed.
    pub signed: &'a [u8],
    /// The signature.
    pub signature: Vec<u8>,
    payload: Vec<u8>,
}

fn object(bytes: &[u8]) -> Result<Map<String, Value>, Fault> {
    json::object(bytes).map_err(|error| match error {
        JsonError::Duplicate => Fault::Duplicate,
        JsonError::Malformed => Fault::Malformed,
    })
}

impl<'a> Token<'a> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// When it is none, or asks to be believed in a way that nothing is believed in.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        if text.len() > MOST {
            return Err(Fault::TooLarge);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(Fault::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(Fault::Malformed)?;
        let decode = |part: &str| Base64UrlUnpadded::decode_vec(part).map_err(|_| Fault::Malformed);
        let header = object(&decode(header)?)?;
        Ok(Self {
            algorithm: algorithm(&header)?,
            key: key(&header)?,
            signed: signed.as_bytes(),
            signature: decode(signature)?,
            payload: decode(payload)?,
        })
    }

    /// What it claims. To be asked once the signature was checked.
    ///
    /// # Errors
    /// When it claims nothing that can be read.
    pub fn claims(&self) -> Result<Claims, Fault> {
        object(&self.payload).map(Claims::new)
    }
}

/// The algorithm, of a header that asks for nothing else to be understood.
fn algorithm(header: &Map<String, Value>) -> Result<Algorithm, Fault> {
    if header.contains_key("crit") {
        return Err(Fault::Critical);
    }
    let kind = header.get("typ").map(|kind| kind.as_str().unwrap_or_default());
    if kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("JWT")) {
        return Err(Fault::Kind);
    }
    match header.get("alg").and_then(Value::as_str) {
        Some("RS256") => Ok(Algorithm::Rs256),
        Some("PS256") => Ok(Algorithm::Ps256),
        Some("ES256") => Ok(Algorithm::Es256),
        Some("EdDSA") => Ok(Algorithm::EdDsa),
        Some(none) if none.eq_ignore_ascii_case("none") => Err(Fault::Unsigned),
        Some(shared) if shared.starts_with("HS") => Err(Fault::Symmetric),
        Some(_) => Err(Fault::Algorithm),
        None => Err(Fault::Malformed),
    }
}

fn key(header: &Map<String, Value>) -> Result<Option<String>, Fault> {
    match header.get("kid") {
        None => Ok(None),
        Some(Value::String(key)) => Ok(Some(key.clone())),
        Some(_) => Err(Fault::Malformed),
    }
}
