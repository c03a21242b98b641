//! Tests of resource.
