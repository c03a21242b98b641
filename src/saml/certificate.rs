//! The public key of a pinned certificate. Its dates and its issuer mean nothing here: whoever pinned it vouches for it.

use base64ct::{Base64, Encoding as _};

use crate::wire::saml::SamlRefusal;

use super::Refused;

/// The DER of a certificate in PEM, or in the bare base64 of metadata.
pub(super) fn der(text: &str) -> Option<Vec<u8>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
    let base64: String = lines.flat_map(str::chars).filter(|c| !c.is_ascii_whitespace()).collect();
    Base64::decode_vec(&base64).ok()
}

/// The `SubjectPublicKeyInfo` of a certificate.
pub(super) fn public_key(text: &str) -> Result<Vec<u8>, Refused> {
    let key = der(text).and_then(|der| subject_public_key_info(&der).map(<[u8]>::to_vec));
    key.ok_or_else(|| Refused::new(SamlRefusal::Certificate, "a certificate is neither PEM nor base64 of DER"))
}

/// The element of a certificate that holds its key (RFC 5280, 4.1).
fn subject_public_key_info(certificate: &[u8]) -> Option<&[u8]> {
    const SEQUENCE: u8 = 0x30;
    const VERSION: u8 = 0xa0;
    let (_, certificate, _) = element(certificate, SEQUENCE)?;
    let (_, mut rest, _) = element(certificate, SEQUENCE)?;
    if let Some((_, _, after)) = element(rest, VERSION) {
        rest = after;
    }
    // The serial number, then signature method, issuer, validity and subject.
    for tag in [0x02, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE] {
        rest = element(rest, tag)?.2;
    }
    element(rest, SEQUENCE).map(|(whole, _, _)| whole)
}

/// An element of DER of this tag: all of it, its content, and what follows.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8], &[u8])> {
    let (_, rest) = bytes.split_first().filter(|(first, _)| **first == tag)?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((bytes.get(..bytes.len() - after.len())?, content, after))
}
