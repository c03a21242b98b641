//! A mailbox for what goes out; and sealed mail, opened by hand as RFC 8439 says.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use base64ct::{Base64UrlUnpadded, Encoding};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use rolecall::host::{Mailer, Message, Row, Sending, Value};

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// Opens the mail of a row with its `id` and `sealed`.
pub(crate) fn open(row: &Row, key: [u8; 32]) -> Mail {
    let (Some(Value::Text(id)), Some(Value::Text(sealed))) = (row.get("id"), row.get("sealed")) else {
        panic!("{row:?}")
    };
    let bytes = Base64UrlUnpadded::decode_vec(sealed).unwrap();
    let nonce: [u8; 12] = bytes[..12].try_into().unwrap();
    let payload = Payload { msg: &bytes[12..], aad: id.as_bytes() };
    let plain = ChaCha20Poly1305::new(&key.into()).decrypt(&Nonce::from(nonce), payload).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&plain).unwrap();
    let part = |name: &str| value[name].as_str().unwrap().to_owned();
    Mail { to: part("to"), subject: part("subject"), text: part("text"), html: part("html") }
}

/// A mailer that keeps what it gets. Closed, there is none.
#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    pub(crate) is_open: Cell<bool>,
    /// What it answers next; when that is used up, that it sent.
    pub(crate) answers: RefCell<VecDeque<Sending>>,
    /// Each try, whatever came of it.
    pub(crate) tried: RefCell<Vec<Message>>,
}

impl Mailer for Mailbox {
    async fn send(&self, message: &Message) -> Sending {
        self.tried.borrow_mut().push(message.clone());
        self.answers.borrow_mut().pop_front().unwrap_or(Sending::Sent)
    }
}
