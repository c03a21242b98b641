//! The Worker that verifies SAML, by the service binding `SAML`.

use wasm_bindgen::JsValue;
use worker::{Env, Fetcher, Method, RequestInit};

use crate::host::Saml;

/// The binding.
pub(super) struct Verifier(Fetcher);

impl Verifier {
    /// `None` in a deployment without it.
    pub(super) fn new(env: &Env) -> Option<Self> {
        env.service("SAML").ok().map(Self)
    }
}

impl Saml for Verifier {
    async fn ask(&self, question: &str, body: String) -> Result<(u16, Vec<u8>), String> {
        let mut init = RequestInit::new();
        init.with_method(Method::Post).with_body(Some(JsValue::from_str(&body)));
        // Of the address nothing but the path is looked at.
        let answer = self.0.fetch(format!("https://saml.invalid/{question}"), Some(init)).await;
        let mut answer = answer.map_err(|error| error.to_string())?;
        let status = answer.status_code();
        answer.bytes().await.map(|bytes| (status, bytes)).map_err(|error| error.to_string())
    }
}
