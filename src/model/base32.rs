//! Base 32 without padding, for ids and secrets: five bits a character.

/// The digits and letters whose order is that of the bits: ids sort as what they are made of.
pub(super) const SORTED: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";

/// The alphabet of RFC 4648 in lower case, without digits that look like letters.
pub(super) const READABLE: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Bytes as text.
pub(super) fn encode(alphabet: &[u8; 32], bytes: impl IntoIterator<Item = u8>) -> String {
    let mut text = String::new();
    let (mut bits, mut count) = (0_u32, 0);
    let mut push = |five: u32| text.push(char::from(alphabet.get((five & 31) as usize).copied().unwrap_or_default()));
    for byte in bytes {
        bits = (bits << 8) | u32::from(byte);
        count += 8;
        while count >= 5 {
            count -= 5;
            push(bits >> count);
        }
    }
    if count > 0 {
        push(bits << (5 - count));
    }
    text
}

/// The whole bytes of a text, which is one of this alphabet.
pub(super) fn decode(alphabet: &[u8; 32], text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_usize, 0);
    for byte in text.bytes() {
        let five = alphabet.iter().position(|letter| *letter == byte).unwrap_or_default();
        bits = (bits << 5) | five;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count).to_le_bytes()[0]);
        }
        bits &= 0xFF;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vectors of RFC 4648, section 10.
    #[test]
    fn bytes_are_encoded_as_rfc_4648_says() {
        let vectors = [
            ("", "", ""),
            ("f", "my", "co"),
            ("fo", "mzxq", "cpng"),
            ("foo", "mzxw6", "cpnmu"),
            ("foob", "mzxw6yq", "cpnmuog"),
            ("fooba", "mzxw6ytb", "cpnmuoj1"),
            ("foobar", "mzxw6ytboi", "cpnmuoj1e8"),
        ];
        for (bytes, readable, sorted) in vectors {
            assert_eq!(encode(READABLE, bytes.bytes()), readable);
            assert_eq!(encode(SORTED, bytes.bytes()), sorted);
            assert_eq!(decode(READABLE, readable), bytes.as_bytes());
            assert_eq!(decode(SORTED, sorted), bytes.as_bytes());
        }
    }
}
