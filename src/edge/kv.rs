//! The cache on Workers KV. Without the binding nothing is kept.

use worker::{Env, KvStore};

use crate::host::Cache;

/// A KV binding.
pub(super) struct Kv(Option<KvStore>);

impl Kv {
    /// Of the Worker's binding.
    pub(super) fn new(env: &Env) -> Self {
        Self(env.kv("KV").ok())
    }
}

impl Cache for Kv {
    async fn get(&self, key: &str) -> Option<String> {
        self.0.as_ref()?.get(key).text().await.ok().flatten()
    }

    async fn put(&self, key: &str, value: &str, seconds: u32) {
        if let Some(put) = self.0.as_ref().and_then(|kv| kv.put(key, value).ok()) {
            let _ = put.expiration_ttl(u64::from(seconds)).execute().await;
        }
    }
}
