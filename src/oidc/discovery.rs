//! What a provider says of itself (OpenID Connect Discovery 1.0).

use serde_json::{Map, Value};

use crate::host::is_fetchable;

use super::{Fault, json};

/// A provider's configuration, as far as a login takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    /// Where a login starts.
    pub authorization_endpoint: String,
    /// Where its code is redeemed.
    pub token_endpoint: String,
    /// Where the keys are.
    pub jwks_uri: String,
    /// True when its answers name their issuer (RFC 9207).
    pub names_issuer: bool,
    /// True when it gives groups for a scope of that name.
    pub has_groups_scope: bool,
    methods: Vec<String>,
}

/// How a client shows at the token endpoint who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuth {
    /// By HTTP Basic.
    Basic,
    /// By its secret in the form.
    Post,
}

fn texts(document: &Map<String, Value>, name: &str) -> Vec<String> {
    let items = document.get(name).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

impl Discovery {
    /// Where an issuer's configuration is.
    pub fn place(issuer: &str) -> String {
        format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
    }

    /// Reads the configuration of this issuer.
    ///
    /// # Errors
    /// When it is of another one, or lacks what a login takes.
    pub fn parse(bytes: &[u8], issuer: &str) -> Result<Self, Fault> {
        let document = json::object(bytes).map_err(|_| Fault::Discovery)?;
        let text = |name: &str| document.get(name).and_then(Value::as_str);
        if text("issuer") != Some(issuer) {
            return Err(Fault::DiscoveryIssuer);
        }
        let endpoint =
            |name: &str| text(name).filter(|url| is_fetchable(url)).map(str::to_owned).ok_or(Fault::Discovery);
        Ok(Self {
            authorization_endpoint: endpoint("authorization_endpoint")?,
            token_endpoint: endpoint("token_endpoint")?,
            jwks_uri: endpoint("jwks_uri")?,
            names_issuer: document.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
            has_groups_scope: texts(&document, "scopes_supported").iter().any(|scope| scope == "groups"),
            methods: texts(&document, "token_endpoint_auth_methods_supported"),
        })
    }

    /// How a client with a secret shows who it is: by HTTP Basic, unless the provider takes the form alone.
    pub fn client_auth(&self) -> ClientAuth {
        let has = |name: &str| self.methods.iter().any(|method| method == name);
        if has("client_secret_post") && !has("client_secret_basic") { ClientAuth::Post } else { ClientAuth::Basic }
    }
}
