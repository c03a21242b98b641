//! Tests of convention.
