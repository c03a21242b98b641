//! Other people's servers as a test has them, a cache with the app's clock, and signatures checked by `ring`.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use rolecall::host::{Algorithm, Cache, Fetch, FetchError, Fetched, Outgoing, PublicKey, Verifier};

/// Answers a request.
type Server = Box<dyn Fn(&Outgoing) -> Result<Fetched, FetchError>>;

/// The web: one server that answers all, and what was asked.
#[derive(Default)]
pub(crate) struct Web {
    server: RefCell<Option<Server>>,
    pub(crate) asked: RefCell<Vec<Outgoing>>,
}

impl std::fmt::Debug for Web {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Web").field("asked", &self.asked).finish_non_exhaustive()
    }
}

impl Web {
    /// Has each request answered by this from now on.
    pub(crate) fn serve(&self, server: impl Fn(&Outgoing) -> Result<Fetched, FetchError> + 'static) {
        *self.server.borrow_mut() = Some(Box::new(server));
    }
}

impl Fetch for Web {
    async fn fetch(&self, request: &Outgoing, most: usize) -> Result<Fetched, FetchError> {
        self.asked.borrow_mut().push(request.clone());
        let server = self.server.borrow();
        let answer = server.as_ref().map_or(Err(FetchError::Unreachable), |server| server(request))?;
        if answer.body.len() > most { Err(FetchError::TooLarge) } else { Ok(answer) }
    }
}

/// A cache in memory.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    kept: RefCell<HashMap<String, (i64, String)>>,
    pub(crate) now: Cell<i64>,
}

impl Memory {
    /// Forgets all of it, as a cache may at any time.
    pub(crate) fn forget(&self) {
        self.kept.borrow_mut().clear();
    }
}

impl Cache for Memory {
    async fn get(&self, key: &str) -> Option<String> {
        let kept = self.kept.borrow();
        kept.get(key).filter(|(until, _)| *until > self.now.get()).map(|(_, value)| value.clone())
    }

    async fn put(&self, key: &str, value: &str, seconds: u32) {
        assert!(seconds >= 60, "KV takes no shorter time");
        let until = self.now.get() + i64::from(seconds) * 1_000;
        self.kept.borrow_mut().insert(key.to_owned(), (until, value.to_owned()));
    }
}

/// Signatures by `ring`.
#[derive(Debug, Default)]
pub(crate) struct Ring;

impl Verifier for Ring {
    async fn verify(&self, algorithm: Algorithm, key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
        match (algorithm, key) {
            (Algorithm::Rs256, PublicKey::Rsa { n, e }) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
            }
            (Algorithm::Ps256, PublicKey::Rsa { n, e }) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PSS_2048_8192_SHA256, message, signature).is_ok()
            }
            (Algorithm::Es256, PublicKey::P256 { x, y }) => {
                let point = [&[4], x.as_slice(), y].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok()
            }
            (Algorithm::EdDsa, PublicKey::Ed25519 { x }) => {
                UnparsedPublicKey::new(&ED25519, x).verify(message, signature).is_ok()
            }
            _ => false,
        }
    }
}

/// What verifies SAML: the functions themselves, where they are compiled.
#[derive(Debug)]
pub(crate) struct Saml {
    /// False for a deployment without it.
    pub(crate) is_there: Cell<bool>,
}

impl Default for Saml {
    fn default() -> Self {
        Self { is_there: Cell::new(cfg!(feature = "saml")) }
    }
}

impl rolecall::host::Saml for Saml {
    #[cfg(feature = "saml")]
    async fn ask(&self, question: &str, body: String) -> Result<(u16, Vec<u8>), String> {
        use rolecall::saml::{Refused, hint, metadata, verify};
        let read: serde_json::Value = serde_json::from_str(&body).unwrap();
        let document = read["document"].as_str().unwrap_or_default();
        let json = |value: Result<serde_json::Value, Refused>| match value {
            Ok(value) => (200, value.to_string().into_bytes()),
            Err(refused) => (422, serde_json::to_vec(&refused.view()).unwrap()),
        };
        Ok(match question {
            "verify" => json(verify(&serde_json::from_str(&body).unwrap()).map(|found| serde_json::json!(found))),
            "hint" => json(hint(document).map(|found| serde_json::json!(found))),
            "metadata" => json(metadata(document).map(|found| serde_json::json!(found))),
            other => panic!("no question {other}"),
        })
    }

    #[cfg(not(feature = "saml"))]
    async fn ask(&self, _question: &str, _body: String) -> Result<(u16, Vec<u8>), String> {
        Err("not compiled".to_owned())
    }
}
