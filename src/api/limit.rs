//! The brake on routes that take no credentials: so many requests a minute from one place.

use crate::host::{Host, Limiter as _};

use super::context::Context;
use super::problem::{Code, Problem};

/// Checks that a caller doesn't ask too often. One of this machine, or whose place isn't known, isn't from outside: no brake.
///
/// # Errors
/// 429 when they do.
pub(super) async fn check<H: Host>(cx: &Context<'_, H>) -> Result<(), Problem> {
    let Some(place) = cx.header("cf-connecting-ip").and_then(place) else { return Ok(()) };
    if cx.host.limiter().allows(&place).await {
        return Ok(());
    }
    let detail = "too many sign-ins came from your network within a minute; wait a minute, then begin anew";
    Err(Problem::new(Code::RateLimited, detail))
}

/// The place of an address: itself, or the network of IPv6, in which one caller has addresses without end. Read as text, since
/// the platform writes it in one form.
fn place(address: &str) -> Option<String> {
    if address.starts_with("127.") || address == "::1" {
        return None;
    }
    let whole = address.split("::").next().unwrap_or_default();
    Some(whole.split(':').take(4).collect::<Vec<_>>().join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_ipv6_is_one_place() {
        for (address, expected) in [
            ("192.0.2.7", Some("192.0.2.7")),
            ("2001:db8:1:2:3:4:5:6", Some("2001:db8:1:2")),
            ("2001:db8:1:2::9", Some("2001:db8:1:2")),
            ("2001:db8::9", Some("2001:db8")),
            ("127.0.0.1", None),
            ("::1", None),
        ] {
            assert_eq!(place(address).as_deref(), expected, "{address}");
        }
    }
}
