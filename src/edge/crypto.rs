//! Signatures, checked by the platform's WebCrypto: it costs the binary nothing.

use base64ct::{Base64UrlUnpadded, Encoding};
use js_sys::{Array, Function, JSON, Promise, Reflect, Uint8Array, global};
use wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;

use crate::host::{Algorithm, PublicKey, Verifier};

/// `crypto.subtle`.
pub(super) struct Subtle;

impl Verifier for Subtle {
    async fn verify(&self, algorithm: Algorithm, key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
        if !fits(algorithm, key) {
            return false;
        }
        verify(algorithm, key, message, signature).await.is_ok_and(|answer| answer.is_truthy())
    }
}

const fn fits(algorithm: Algorithm, key: &PublicKey) -> bool {
    match key {
        PublicKey::Rsa { .. } => matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256),
        PublicKey::P256 { .. } => matches!(algorithm, Algorithm::Es256),
        PublicKey::Ed25519 { .. } => matches!(algorithm, Algorithm::EdDsa),
    }
}

async fn verify(algorithm: Algorithm, key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<JsValue, JsValue> {
    let subtle = Reflect::get(&Reflect::get(&global(), &"crypto".into())?, &"subtle".into())?;
    let by = JSON::parse(parameters(algorithm))?;
    let import: Function = Reflect::get(&subtle, &"importKey".into())?.dyn_into()?;
    let usages = Array::of1(&"verify".into());
    let arguments = Array::of5(&"jwk".into(), &JSON::parse(&jwk(key))?, &by, &JsValue::FALSE, &usages);
    let imported = settled(import.apply(&subtle, &arguments)?).await?;
    let check: Function = Reflect::get(&subtle, &"verify".into())?.dyn_into()?;
    let arguments = Array::of4(&by, &imported, &Uint8Array::from(signature), &Uint8Array::from(message));
    settled(check.apply(&subtle, &arguments)?).await
}

async fn settled(promise: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(promise.dyn_into::<Promise>()?).await
}

const fn parameters(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Rs256 => r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-256"}"#,
        Algorithm::Ps256 => r#"{"name":"RSA-PSS","hash":"SHA-256","saltLength":32}"#,
        Algorithm::Es256 => r#"{"name":"ECDSA","namedCurve":"P-256","hash":"SHA-256"}"#,
        Algorithm::EdDsa => r#"{"name":"Ed25519"}"#,
    }
}

/// The key as WebCrypto reads it, with nothing in it but its numbers.
fn jwk(key: &PublicKey) -> String {
    let text = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
    match key {
        PublicKey::Rsa { n, e } => format!(r#"{{"kty":"RSA","n":"{}","e":"{}"}}"#, text(n), text(e)),
        PublicKey::P256 { x, y } => format!(r#"{{"kty":"EC","crv":"P-256","x":"{}","y":"{}"}}"#, text(x), text(y)),
        PublicKey::Ed25519 { x } => format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, text(x)),
    }
}
