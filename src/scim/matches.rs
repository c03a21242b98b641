//! Whether a resource is what a filter says, by the table of attributes.

use serde_json::{Map, Value};

use super::filter::Filter;

impl Filter {
    /// Whether a resource is what the filter says.
    pub fn matches(&self, _resource: &Map<String, Value>) -> bool {
        false
    }
}
