//! SAML answers against what verifies them: each attack with the code that it is refused with. `vectors.json` holds answers that
//! another implementation signed; `make.mjs` makes it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

mod answers;
mod metadata;
mod support;
mod wrapping;
