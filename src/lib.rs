//! Rolecall: workspace access management.
pub mod api;
#[cfg(feature = "edge")]
pub mod edge;
pub mod host;
pub mod model;
pub mod policy;
pub mod store;
pub mod wire;
