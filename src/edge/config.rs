//! The deployment's settings, from the Worker's variables and secrets.

use http::Uri;
use worker::Env;

use crate::host::Config;

use super::mail::Provider;

/// How many mails go out a minute where nothing is said: with what else a run asks, within the 50 requests that one
/// invocation may make on Cloudflare's free plan.
const MAILS_A_MINUTE: i64 = 24;

/// Cloudflare's resolver.
const DNS_RESOLVER: &str = "https://cloudflare-dns.com/dns-query";

/// Reads the settings. `ORIGIN` defaults to where the request came in; without a proper `SEAL_KEY` nothing is served; a
/// retention that isn't a number of days keeps everything.
pub(super) fn read(env: &Env, url: &Uri) -> worker::Result<Config> {
    let text = |name: &str| env.var(name).map(|value| value.to_string()).unwrap_or_default();
    let (origin, rate) = (text("ORIGIN"), text("MAILS_A_MINUTE"));
    Ok(Config {
        bootstrap_token: text("BOOTSTRAP_TOKEN"),
        seal_key: seal_key(&text("SEAL_KEY"))?,
        mails_a_minute: if rate.is_empty() { MAILS_A_MINUTE } else { mails_a_minute(&rate)? },
        origin: if origin.is_empty() { origin_of(url) } else { origin },
        dns_resolver: Some(text("DNS_RESOLVER"))
            .filter(|url| !url.is_empty())
            .unwrap_or_else(|| DNS_RESOLVER.to_owned()),
        audit_retention_days: text("AUDIT_RETENTION_DAYS").parse().ok().filter(|days| *days > 0).unwrap_or(0),
    })
}

/// The way to send mail: the binding `MAIL`, or the provider that `MAIL_KEY` opens. Either takes `MAIL_FROM`; without
/// one of them mail waits in the outbox.
pub(super) fn mailer(env: &Env) -> Option<Provider> {
    let text = |name: &str| env.var(name).ok().map(|value| value.to_string()).filter(|value| !value.is_empty());
    let from = text("MAIL_FROM")?;
    if let Ok(binding) = env.send_email("MAIL") {
        return Some(Provider::Binding { binding, from });
    }
    let key = text("MAIL_KEY")?;
    let url = text("MAIL_URL").unwrap_or_else(|| "https://api.resend.com".to_owned());
    Some(Provider::Http { url: url.trim_end_matches('/').to_owned(), key, from })
}

fn origin_of(url: &Uri) -> String {
    format!("{}://{}", url.scheme_str().unwrap_or_default(), url.authority().map_or("", |authority| authority.as_str()))
}

fn mails_a_minute(text: &str) -> worker::Result<i64> {
    let number = text.parse().ok().filter(|number| (1..=600).contains(number));
    number.ok_or_else(|| worker::Error::RustError("MAILS_A_MINUTE has to be a number from 1 to 600".to_owned()))
}

fn seal_key(text: &str) -> worker::Result<[u8; 32]> {
    let bytes = base16ct::mixed::decode_vec(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| {
        worker::Error::RustError("SEAL_KEY has to be 64 hex digits; set it with `wrangler secret put`".to_owned())
    })
}
