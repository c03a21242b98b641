//! What a body says: a document of a user, or a group, without what the server writes itself.

use serde_json::{Map, Value};

use super::error::ScimError;
use super::path::{Named, Path};
use super::schema::{ENTERPRISE, Resource};
use super::value;

/// A JSON object.
pub type Document = Map<String, Value>;

/// What an identity provider says of somebody: stored and given back as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// All of it, `userName`, `externalId` and `active` included.
    pub document: Document,
}

impl User {
    fn text(&self, name: &str) -> Option<&str> {
        self.document.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// The name that the identity provider knows them by, as it was sent. It compares without case.
    pub fn user_name(&self) -> &str {
        self.text("userName").unwrap_or_default()
    }

    /// The identity provider's own id of them. It compares with case.
    pub fn external_id(&self) -> Option<&str> {
        self.text("externalId")
    }

    /// Whether they are to be in the workspace: yes, unless it says no.
    pub fn is_active(&self) -> bool {
        self.document.get("active").and_then(Value::as_bool).unwrap_or(true)
    }

    /// What people call them: `displayName`, else `name.formatted`, else given and family name, else nothing.
    pub fn name(&self) -> Option<String> {
        let part = |part| self.document.get("name")?.get(part)?.as_str().filter(|text| !text.trim().is_empty());
        let both = || {
            let parts: Vec<&str> = [part("givenName"), part("familyName")].into_iter().flatten().collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        };
        self.text("displayName").or_else(|| part("formatted")).map(str::to_owned).or_else(both)
    }

    /// The primary address, else the one for work, else the first.
    pub fn email(&self) -> Option<&str> {
        let emails = self.document.get("emails")?.as_array()?;
        let primary = emails.iter().find(|email| email.get("primary").and_then(Value::as_bool) == Some(true));
        let work = || emails.iter().find(|email| email.get("type").and_then(Value::as_str) == Some("work"));
        primary.or_else(work).or_else(|| emails.first())?.get("value")?.as_str()
    }

    /// The schemas that it is of, as an answer names them.
    pub fn schemas(&self) -> Vec<&'static str> {
        let extension = self.document.contains_key(ENTERPRISE).then_some(ENTERPRISE);
        [Resource::User.schema()].into_iter().chain(extension).collect()
    }
}

/// A group as a body says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub display_name: String,
    /// The identity provider's own id of it.
    pub external_id: Option<String>,
    /// Who is in it; `None` where the body doesn't say.
    pub members: Option<Vec<MemberRef>>,
}

/// Who is meant by a value of `members`: the id of a user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MemberRef(pub String);

impl MemberRef {
    /// Each once, in the order of their naming: objects with a `value`, or ids alone.
    pub(super) fn read_all(value: &Value) -> Result<Vec<Self>, ScimError> {
        let values = match value {
            Value::Null => &[],
            Value::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        let wrong = || ScimError::value("a member is an object with the id of a user as `value`");
        let is_id = |id: &str| !id.is_empty() && !id.contains('\0');
        let mut seen = std::collections::BTreeSet::new();
        let mut read = Vec::new();
        for value in values {
            let id = value.get("value").unwrap_or(value).as_str().filter(|id| is_id(id)).ok_or_else(wrong)?;
            if seen.insert(id) {
                read.push(Self(id.to_owned()));
            }
        }
        Ok(read)
    }
}

/// Reads the body of a POST or PUT of a user.
///
/// # Errors
/// With `invalidSyntax` for what is no such body, `invalidValue` for a value that an attribute can't have and for no `userName`.
pub fn read_user(body: &Value) -> Result<User, ScimError> {
    let user = User { document: read(Resource::User, body)? };
    if user.user_name().trim().is_empty() {
        return Err(ScimError::value("`userName` is required"));
    }
    Ok(user)
}

/// Reads the body of a POST or PUT of a group.
///
/// # Errors
/// As [`read_user`], with `displayName` for what is required.
pub fn read_group(body: &Value) -> Result<Group, ScimError> {
    let document = read(Resource::Group, body)?;
    let text = |name| document.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    Ok(Group {
        display_name: text("displayName").ok_or_else(|| ScimError::value("`displayName` is required"))?.to_owned(),
        external_id: text("externalId").map(str::to_owned),
        members: member(body, "members").map(MemberRef::read_all).transpose()?,
    })
}

/// The member of an object, its name in any case.
pub(super) fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let members = object.as_object()?;
    members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn read(resource: Resource, body: &Value) -> Result<Document, ScimError> {
    let members = body.as_object().ok_or_else(|| ScimError::syntax("the body is no JSON object"))?;
    check_schemas(body, resource.schema())?;
    let mut document = Document::new();
    for (name, value) in members {
        match (Named::find(resource, name), value) {
            (Some(Named::Attribute(path)), value) => write(&mut document, path, value)?,
            (Some(Named::Extension), Value::Object(members)) => {
                for (name, value) in members {
                    if let Some(path) = Path::in_extension(resource, name) {
                        write(&mut document, path, value)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(document)
}

/// That `schemas`, where it is there, names what the body is. What else it names is the client's own.
pub(super) fn check_schemas(body: &Value, wanted: &str) -> Result<(), ScimError> {
    let is_wanted = |schema: &Value| schema.as_str().is_some_and(|schema| schema.eq_ignore_ascii_case(wanted));
    let is_fine = member(body, "schemas").is_none_or(|schemas| match schemas {
        Value::Array(schemas) => schemas.iter().any(is_wanted),
        schema => is_wanted(schema),
    });
    if is_fine { Ok(()) } else { Err(ScimError::syntax(format!("`schemas` lacks `{wanted}`"))) }
}

/// Writes what a body says of an attribute. The server's own are passed over, and so are the members of a group.
fn write(document: &mut Document, path: Path, value: &Value) -> Result<(), ScimError> {
    let attribute = path.attribute;
    if attribute.is_read_only() || path.sub.is_some() || matches!(attribute.name, "schemas" | "members") {
        return Ok(());
    }
    if let Some(value) = value::read(attribute, value)?
        && let Some(host) = host(document, path.is_extension)
    {
        value::put(host, attribute, Some(value));
    }
    Ok(())
}

/// The object that an attribute is in.
pub(super) fn host(document: &mut Document, is_extension: bool) -> Option<&mut Document> {
    if is_extension { object(document, ENTERPRISE) } else { Some(document) }
}

/// The object that is a member of another, made where there is none.
pub(super) fn object<'a>(parent: &'a mut Document, name: &str) -> Option<&'a mut Document> {
    parent.entry(name).or_insert_with(|| Document::new().into()).as_object_mut()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::error::ScimType;
    use super::*;

    const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

    #[test]
    fn a_body_as_entra_id_sends_it_becomes_a_document() {
        let user = read_user(&json!({
            "schemas": [CORE, ENTERPRISE], "USERNAME": "Ann@example.com", "externalId": "e1", "active": "True",
            "displayName": "Ann Lee", "title": null, "roles": [], "password": "secret", "shoeSize": 9,
            "id": "forged", "meta": {"resourceType": "User"}, "groups": [{"value": "g"}],
            "emails": [{"value": "a@b.c", "type": "work", "primary": "true", "$ref": null}, {"value": null}],
            ENTERPRISE: {"employeeNumber": 701, "manager": "m1", "shoeSize": 9},
        }));
        assert_eq!(
            Value::Object(user.unwrap().document),
            json!({
                "userName": "Ann@example.com", "externalId": "e1", "active": true, "displayName": "Ann Lee",
                "emails": [{"value": "a@b.c", "type": "work", "primary": true}],
                ENTERPRISE: {"employeeNumber": "701", "manager": {"value": "m1"}},
            })
        );
    }

    #[test]
    fn a_user_is_active_and_has_a_name_and_an_address_where_the_document_says_so() {
        let user = |more: Value| {
            let mut body = json!({"userName": "ann"});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            read_user(&body).unwrap()
        };
        let name = |more| user(more).name();
        assert_eq!(name(json!({})), None);
        assert_eq!(name(json!({"name": {"givenName": "Ann", "familyName": "Lee"}})).as_deref(), Some("Ann Lee"));
        assert_eq!(name(json!({"name": {"givenName": " ", "familyName": "Lee"}})).as_deref(), Some("Lee"));
        assert_eq!(name(json!({"name": {"formatted": "Dr Lee", "familyName": "Lee"}})).as_deref(), Some("Dr Lee"));
        assert_eq!(name(json!({"displayName": "A", "name": {"formatted": "B"}})).as_deref(), Some("A"));
        let email = |emails| user(json!({"emails": emails})).email().map(str::to_owned);
        assert_eq!(email(json!([{"value": "a"}, {"value": "b", "type": "work"}])).as_deref(), Some("b"));
        assert_eq!(
            email(json!([{"value": "a", "type": "work"}, {"value": "b", "primary": true}])).as_deref(),
            Some("b")
        );
        assert_eq!(email(json!([{"value": "a"}, {"value": "b"}])).as_deref(), Some("a"));
        assert!(user(json!({})).is_active() && !user(json!({"active": "FALSE"})).is_active());
        assert_eq!(user(json!({})).schemas(), [CORE]);
        assert_eq!(user(json!({ENTERPRISE: {"division": "x"}})).schemas(), [CORE, ENTERPRISE]);
    }

    #[test]
    fn one_value_of_a_list_is_primary() {
        let user = read_user(
            &json!({"userName": "a", "emails": [{"value": "1", "primary": true}, {"value": "2", "primary": true}]}),
        );
        let wanted = json!([{"value": "1", "primary": true}, {"value": "2", "primary": false}]);
        assert_eq!(user.unwrap().document.get("emails"), Some(&wanted));
    }

    #[test]
    fn a_body_that_is_none_is_refused() {
        for (body, wanted) in [
            (json!([]), ScimType::InvalidSyntax),
            (json!({"schemas": [], "userName": "a"}), ScimType::InvalidSyntax),
            (
                json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "userName": "a"}),
                ScimType::InvalidSyntax,
            ),
            (json!({}), ScimType::InvalidValue),
            (json!({"userName": " "}), ScimType::InvalidValue),
            (json!({"userName": null}), ScimType::InvalidValue),
            (json!({"userName": {}}), ScimType::InvalidValue),
            (json!({"userName": "a\u{0}"}), ScimType::InvalidValue),
            (json!({"userName": "a", "active": "yes"}), ScimType::InvalidValue),
            (json!({"userName": "a", "active": 1}), ScimType::InvalidValue),
            (json!({"userName": "a", "name": "Ann"}), ScimType::InvalidValue),
            (json!({"userName": "a", "emails": [5]}), ScimType::InvalidValue),
            (json!({"userName": "a", "title": ["x"]}), ScimType::InvalidValue),
        ] {
            assert_eq!(read_user(&body).unwrap_err().scim_type, Some(wanted), "{body}");
        }
    }

    #[test]
    fn a_group_is_read_with_the_schema_that_entra_id_adds_and_its_members_once_each() {
        let body = json!({
            "schemas": [
                "urn:ietf:params:scim:schemas:core:2.0:Group",
                "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group",
            ],
            "displayName": "Sales", "externalId": "x", "id": "forged",
            "members": [{"value": "2", "display": "Bob", "$ref": null}, "1", {"value": "2"}],
        });
        let members = Some(vec![MemberRef("2".to_owned()), MemberRef("1".to_owned())]);
        let wanted = Group { display_name: "Sales".to_owned(), external_id: Some("x".to_owned()), members };
        assert_eq!(read_group(&body), Ok(wanted));
        assert_eq!(read_group(&json!({"displayName": "A"})).unwrap().members, None);
        assert_eq!(read_group(&json!({"displayName": "A", "members": null})).unwrap().members, Some(Vec::new()));
        for body in [json!({}), json!({"displayName": ""}), json!({"displayName": "A", "members": [{"display": "x"}]})]
        {
            assert_eq!(read_group(&body).unwrap_err().scim_type, Some(ScimType::InvalidValue), "{body}");
        }
    }
}
