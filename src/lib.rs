//! Rolecall: workspace access management at the edge.
//!
//! One core knows who may do what in a workspace, who is invited, and what a change would do. It is compiled twice: as a
//! Cloudflare Worker (feature `edge`) and as an npm package (feature `npm`, its smaller entry `decide`). The modules, in reading order; each may
//! name only those above it that `ARCHITECTURE.md` lists:
//!
//! - [`model`] — the nouns and what makes them valid;
//! - [`policy`] — who may do what, purely;
//! - [`packed`] — a workspace as bytes that are decided on as they are;
//! - [`wire`] — each JSON shape that leaves the process;
//! - [`host`] — what is asked of the machine;
//! - [`oidc`] — what an identity provider says, and what must be true of it;
//! - [`scim`] — what an identity provider may ask for, and what its changes make of a user or a group;
//! - [`store`] — the SQL;
//! - [`api`] — HTTP;
//! - `edge` — Cloudflare as the machine;
//! - `npm` — the decisions for JavaScript;
//! - `saml` — whether a SAML answer is genuine: a Worker of its own.

#[cfg(all(feature = "edge", feature = "decide", target_arch = "wasm32"))]
compile_error!("on wasm32 the features `edge` and `npm` exclude each other: each would export into the other's binary");

#[cfg(all(feature = "saml", any(feature = "edge", feature = "decide"), target_arch = "wasm32"))]
compile_error!("on wasm32 the feature `saml` is alone: it is a Worker of its own");

#[cfg(all(feature = "openapi", target_arch = "wasm32"))]
compile_error!("the feature `openapi` is for the host alone: it would make the binary larger for nobody's use");

pub mod model;
pub mod packed;
pub mod policy;
pub mod wire;

pub mod host;
pub mod oidc;
pub mod scim;
pub mod store;

pub mod api;

#[cfg(feature = "edge")]
mod edge;
#[cfg(feature = "decide")]
pub mod npm;
#[cfg(feature = "saml")]
pub mod saml;
