//! Tests of member.
