//! Rolecall: workspace access management.
#[cfg(feature = "edge")]
pub mod edge;
pub mod model;
pub mod policy;
