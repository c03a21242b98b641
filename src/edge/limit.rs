//! The brake on whoever asks too often: Cloudflare's rate limiter, by the binding `LOGINS`.

use worker::{Env, RateLimiter};

use crate::host::Limiter;

/// The binding; a deployment without it brakes nobody.
pub(super) struct Brake(Option<RateLimiter>);

impl Brake {
    pub(super) fn new(env: &Env) -> Self {
        Self(env.rate_limiter("LOGINS").ok())
    }
}

impl Limiter for Brake {
    async fn allows(&self, key: &str) -> bool {
        match &self.0 {
            Some(limiter) => limiter.limit(key.to_owned()).await.map_or(true, |outcome| outcome.success),
            None => true,
        }
    }
}
