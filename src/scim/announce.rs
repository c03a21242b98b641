//! What the service says of itself: its schemas, its resource types and what of SCIM it can do.

use serde_json::{Map, Value, json};

use super::schema::{Attribute, ENTERPRISE, Kind, Mutability, Resource, Returned};

const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";
const RESOURCE_TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
const CONFIG: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";

/// How many resources a page has at most.
pub const MAX_RESULTS: u32 = 200;
/// How many operations a bulk request has at most: each takes up to 40 statements, and an invocation of a Worker has 1,000.
pub const BULK_OPERATIONS: usize = 25;
/// How many bytes a bulk request has at most.
pub const BULK_PAYLOAD: usize = 1_048_576;

/// The schemas of users, of their extension and of groups, each with where it is. `base` is the address of the service, without a slash.
pub fn schemas(base: &str) -> Vec<Value> {
    let schema = |id: &str, name: &str, attributes: &[Attribute]| {
        json!({
            "schemas": [SCHEMA],
            "id": id,
            "name": name,
            "description": name,
            "attributes": attributes.iter().map(described).collect::<Vec<_>>(),
            "meta": meta("Schema", &format!("{base}/Schemas/{id}")),
        })
    };
    vec![
        schema(Resource::User.schema(), "User", Resource::User.attributes()),
        schema(Resource::Group.schema(), "Group", Resource::Group.attributes()),
        schema(ENTERPRISE, "EnterpriseUser", Resource::User.extension()),
    ]
}

/// The resource types, each with where it is.
pub fn resource_types(base: &str) -> Vec<Value> {
    let one = |resource: Resource| {
        let extensions = match resource {
            Resource::User => json!([{"schema": ENTERPRISE, "required": false}]),
            Resource::Group => json!([]),
        };
        json!({
            "schemas": [RESOURCE_TYPE],
            "id": resource.name(),
            "name": resource.name(),
            "endpoint": resource.endpoint(),
            "description": resource.name(),
            "schema": resource.schema(),
            "schemaExtensions": extensions,
            "meta": meta("ResourceType", &format!("{base}/ResourceTypes/{}", resource.name())),
        })
    };
    Resource::ALL.map(one).into()
}

/// What of SCIM the service can do.
pub fn service_provider_config(base: &str) -> Value {
    json!({
        "schemas": [CONFIG],
        "patch": {"supported": true},
        "bulk": {"supported": true, "maxOperations": BULK_OPERATIONS, "maxPayloadSize": BULK_PAYLOAD},
        "filter": {"supported": true, "maxResults": MAX_RESULTS},
        "changePassword": {"supported": false},
        "sort": {"supported": true},
        "etag": {"supported": true},
        "pagination": {
            "cursor": true,
            "index": true,
            "defaultPaginationMethod": "index",
            "defaultPageSize": MAX_RESULTS,
            "maxPageSize": MAX_RESULTS,
        },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "A SCIM token of the workspace (RFC 6750)",
            "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
            "primary": true,
        }],
        "meta": meta("ServiceProviderConfig", &format!("{base}/ServiceProviderConfig")),
    })
}

fn meta(kind: &str, location: &str) -> Value {
    json!({"resourceType": kind, "location": location})
}

/// A row of the table in the words of RFC 7643 section 7.
fn described(attribute: &Attribute) -> Value {
    let mut row = Map::new();
    let mut put = |name: &str, value: Value| row.insert(name.to_owned(), value);
    put("name", attribute.name.into());
    put("type", kind(attribute.kind).into());
    put("multiValued", attribute.is_multi.into());
    put("description", attribute.name.into());
    put("required", attribute.is_required.into());
    put("caseExact", attribute.is_exact.into());
    put("mutability", mutability(attribute.mutability).into());
    put("returned", returned(attribute.returned).into());
    put("uniqueness", if attribute.is_unique { "server" } else { "none" }.into());
    if !attribute.canonical.is_empty() {
        put("canonicalValues", attribute.canonical.into());
    }
    if !attribute.leads_to.is_empty() {
        put("referenceTypes", attribute.leads_to.into());
    }
    if !attribute.subs.is_empty() {
        put("subAttributes", attribute.subs.iter().map(described).collect());
    }
    row.into()
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "string",
        Kind::Boolean => "boolean",
        Kind::DateTime => "dateTime",
        Kind::Binary => "binary",
        Kind::Reference => "reference",
        Kind::Complex => "complex",
    }
}

const fn mutability(mutability: Mutability) -> &'static str {
    match mutability {
        Mutability::ReadOnly => "readOnly",
        Mutability::ReadWrite => "readWrite",
        Mutability::Immutable => "immutable",
    }
}

const fn returned(returned: Returned) -> &'static str {
    match returned {
        Returned::Always => "always",
        Returned::Default => "default",
        Returned::Never => "never",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each attribute with those in it.
    fn rows(attributes: &Value) -> Vec<&Value> {
        let all = attributes.as_array().into_iter().flatten();
        all.flat_map(|row| [vec![row], rows(&row["subAttributes"])].concat()).collect()
    }

    #[test]
    fn each_attribute_is_described_in_full() {
        for schema in schemas("https://x/scim/v2") {
            for row in rows(&schema["attributes"]) {
                for name in
                    ["name", "type", "multiValued", "required", "mutability", "returned", "caseExact", "uniqueness"]
                {
                    assert!(!row[name].is_null(), "{row}");
                }
                assert_eq!(row["type"] == "complex", row["subAttributes"].is_array(), "{row}");
                assert_eq!(row["type"] == "reference", row["referenceTypes"].is_array(), "{row}");
            }
            assert_eq!(
                schema["meta"]["location"],
                format!("https://x/scim/v2/Schemas/{}", schema["id"].as_str().unwrap())
            );
        }
    }

    #[test]
    fn what_is_never_stored_is_not_announced() {
        let all = Value::from(schemas("")).to_string();
        assert!(!all.contains("password") && all.contains("x509Certificates"));
    }

    #[test]
    fn a_resource_type_names_schemas_that_are_announced() {
        let ids: Vec<Value> = schemas("").iter().map(|schema| schema["id"].clone()).collect();
        for kind in resource_types("") {
            let extensions = kind["schemaExtensions"].as_array().unwrap().iter().map(|extension| &extension["schema"]);
            assert!(extensions.chain([&kind["schema"]]).all(|schema| ids.contains(schema)), "{kind}");
        }
    }

    #[test]
    fn the_service_says_what_it_can_do() {
        let config = service_provider_config("https://x");
        for feature in ["patch", "bulk", "filter", "sort", "etag"] {
            assert_eq!(config[feature]["supported"], true, "{feature}");
        }
        assert_eq!(config["changePassword"]["supported"], false);
        assert_eq!(config["pagination"]["cursor"], true);
        assert_eq!(config["filter"]["maxResults"], MAX_RESULTS);
    }
}
