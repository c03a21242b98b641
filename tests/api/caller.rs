//! Tests of caller.
