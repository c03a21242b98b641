//! What has to be read again and may not lie in the database in clear: sealed with the deployment's key.

use base64ct::{Base64UrlUnpadded, Encoding};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};

use crate::host::{Config, Entropy as _, Host};

use super::context::Context;
use super::problem::Problem;

/// ChaCha20-Poly1305 (RFC 8439): nonce, then ciphertext and tag, in base64url; bound to the id of what it belongs to.
///
/// # Errors
/// When it can't be sealed, which is our fault.
pub(super) fn seal<H: Host>(cx: &Context<'_, H>, id: &str, plain: &[u8]) -> Result<String, Problem> {
    let mut nonce = [0; 12];
    cx.host.entropy().fill(&mut nonce);
    let cipher = ChaCha20Poly1305::new(&cx.config.seal_key.into());
    let payload = Payload { msg: plain, aad: id.as_bytes() };
    let sealed =
        cipher.encrypt(&Nonce::from(nonce), payload).map_err(|_| Problem::internal("something could not be sealed"))?;
    Ok(Base64UrlUnpadded::encode_string(&[nonce.as_slice(), &sealed].concat()))
}

/// What was sealed under this id; `None` when it was by another key.
pub(super) fn open(config: &Config, id: &str, sealed: &str) -> Option<Vec<u8>> {
    let bytes = Base64UrlUnpadded::decode_vec(sealed).ok()?;
    let (nonce, msg) = bytes.split_first_chunk::<12>()?;
    let cipher = ChaCha20Poly1305::new(&config.seal_key.into());
    cipher.decrypt(&Nonce::from(*nonce), Payload { msg, aad: id.as_bytes() }).ok()
}
