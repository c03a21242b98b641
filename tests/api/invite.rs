//! Tests of invite.
