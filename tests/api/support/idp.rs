//! Connections to identity providers, and a provider that signs with keys of its own.

use serde_json::{Value, json};

use super::{App, Tenant};

/// The issuer of the provider.
pub(crate) const ISSUER: &str = "https://idp.example";
/// Who we are there.
pub(crate) const CLIENT: &str = "rolecall";

impl App {
    /// A connection to the provider, with these members of its body beside what it needs.
    pub(crate) fn connection(&self, tenant: &Tenant, more: &Value) -> Value {
        let mut body =
            json!({"protocol": "oidc", "name": "Okta", "issuer": ISSUER, "client_id": CLIENT, "client_secret": "hush"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post(&tenant.path("sso/connections"), &tenant.token, &body).ok(201)
    }
}
