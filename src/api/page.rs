//! Paging: limits and opaque cursors that belong to one list.

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::host::Host;
use crate::store::page::Page;

use super::context::Context;
use super::problem::{Code, Problem};

const DEFAULT: i64 = 50;
const MOST: i64 = 200;
const MAC: usize = 16;

/// The page that a request asks for.
///
/// # Errors
/// When `limit` isn't 1 to 200, or the cursor isn't one that this list gave.
pub(super) fn read<H: Host>(cx: &Context<'_, H>) -> Result<Page, Problem> {
    let limit = match cx.parameter("limit") {
        None => DEFAULT,
        Some(text) => text
            .parse()
            .ok()
            .filter(|limit| (1..=MOST).contains(limit))
            .ok_or_else(|| Problem::new(Code::InvalidParameter, format!("`limit` is 1 to {MOST}")))?,
    };
    let after = cx.parameter("cursor").map(|text| open(cx, &cx.list_identity(), &text)).transpose()?;
    Ok(Page { after, limit })
}

/// The cursor after a key, for the next page of the same list.
pub(super) fn cursor<H: Host>(cx: &Context<'_, H>, key: &str) -> String {
    seal(cx, &cx.list_identity(), key)
}

/// The cursor after a key of the list that goes by this identity.
pub(super) fn seal<H: Host>(cx: &Context<'_, H>, identity: &str, key: &str) -> String {
    Base64UrlUnpadded::encode_string(format!("{}{key}", mac(cx, identity, key)).as_bytes())
}

/// The key in a cursor of the list that goes by this identity.
///
/// # Errors
/// When the list didn't give it.
pub(super) fn open<H: Host>(cx: &Context<'_, H>, identity: &str, text: &str) -> Result<String, Problem> {
    let read = || {
        let bytes = Base64UrlUnpadded::decode_vec(text).ok()?;
        let whole = String::from_utf8(bytes).ok()?;
        let (sum, key) = whole.split_at_checked(MAC)?;
        let is_ours: bool = sum.as_bytes().ct_eq(mac(cx, identity, key).as_bytes()).into();
        is_ours.then(|| key.to_owned())
    };
    let detail = "use the `next_cursor` of the same list with the same filters, or start without one";
    read().ok_or_else(|| Problem::new(Code::InvalidCursor, detail))
}

/// Binds a key to this deployment and to one list.
fn mac<H: Host>(cx: &Context<'_, H>, identity: &str, key: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(cx.config.seal_key);
    hash.update(identity.as_bytes());
    hash.update([0]);
    hash.update(key.as_bytes());
    base16ct::lower::encode_string(&hash.finalize()).chars().take(MAC).collect()
}
