//! PATCH of a user: RFC 7644 section 3.5.2, with what Entra ID, Okta and OneLogin send instead. All of it or nothing.

use serde_json::Value;

use super::chosen::{Chosen, merge};
use super::document::{Document, User, host, object};
use super::error::{ScimError, ScimType};
use super::matches::is_present;
use super::operation::{Operation, Target, Verb, read_operations};
use super::path::Path;
use super::schema::{Attribute, ENTERPRISE, Kind, Resource};
use super::value::{is_same, keep_one_primary, put, read, too_many};

/// What becomes of a user.
///
/// # Errors
/// When an operation can't be done; then none is.
pub fn patch_user(user: &User, body: &Value) -> Result<User, ScimError> {
    let mut patched = user.clone();
    for operation in read_operations(Resource::User, body)? {
        apply(&mut patched.document, operation)?;
    }
    if patched.user_name().trim().is_empty() {
        return Err(ScimError::value("`userName` is required"));
    }
    Ok(patched)
}

fn apply(document: &mut Document, operation: Operation) -> Result<(), ScimError> {
    let Operation { verb, target, value } = operation;
    let value = value.as_ref();
    match target {
        Target::Extension => {
            document.remove(ENTERPRISE);
            return Ok(());
        }
        Target::Attribute(path) => {
            let Some(host) = host(document, path.is_extension) else { return Ok(()) };
            if path.attribute.is_multi {
                let mut values = taken(host, path.attribute);
                let before = values.clone();
                match path.sub {
                    Some(sub) => of_each(&mut values, sub, verb, value)?,
                    None => of_list(&mut values, path.attribute, verb, value)?,
                }
                settle(host, path.attribute, &before, values)?;
            } else {
                of_one(host, path, verb, value)?;
            }
        }
        Target::Chosen(list, filter, sub) => {
            let Some(host) = host(document, list.is_extension) else { return Ok(()) };
            let mut values = taken(host, list.attribute);
            let before = values.clone();
            Chosen { list: list.attribute, filter: &filter, sub }.apply(&mut values, verb, value)?;
            settle(host, list.attribute, &before, values)?;
        }
    }
    document.retain(|name, extension| name != ENTERPRISE || is_present(extension));
    Ok(())
}

/// The values of a list, which it has no more.
fn taken(host: &mut Document, list: &Attribute) -> Vec<Value> {
    match host.remove(list.name) {
        Some(Value::Array(values)) => values,
        _ => Vec::new(),
    }
}

/// Gives a list its values: none that is empty, and one primary.
fn settle(host: &mut Document, list: &Attribute, before: &[Value], mut values: Vec<Value>) -> Result<(), ScimError> {
    values.retain(is_present);
    too_many(list, &values)?;
    keep_one_primary(before, &mut values);
    put(host, list, Some(values).filter(|values| !values.is_empty()).map(Value::Array));
    Ok(())
}

/// An attribute with one value, or an attribute of that.
fn of_one(host: &mut Document, path: Path, verb: Verb, value: Option<&Value>) -> Result<(), ScimError> {
    let attribute = path.attribute;
    let value = value.filter(|_| verb != Verb::Remove);
    match (path.sub, value) {
        (Some(sub), value) => {
            let value = value.map(|value| read(sub, value)).transpose()?.flatten();
            if let Some(object) = object(host, attribute.name) {
                put(object, sub, value);
            }
        }
        // What an object doesn't name stays as it is.
        (None, Some(Value::Object(members))) if attribute.kind == Kind::Complex => {
            if let Some(object) = object(host, attribute.name) {
                merge(object, attribute, members)?;
            }
        }
        (None, value) => {
            let value = value.map(|value| read(attribute, value)).transpose()?.flatten();
            if attribute.is_required && value.is_none() {
                return Err(required(attribute));
            }
            put(host, attribute, value);
        }
    }
    if host.get(attribute.name).is_some_and(|value| value.is_object() && !is_present(value)) {
        host.remove(attribute.name);
    }
    Ok(())
}

fn of_list(values: &mut Vec<Value>, list: &Attribute, verb: Verb, value: Option<&Value>) -> Result<(), ScimError> {
    match (verb, value) {
        (Verb::Add, Some(value)) => {
            let Some(Value::Array(more)) = read(list, value)? else { return Ok(()) };
            for value in more {
                if !values.iter().any(|there| is_same(list, there, &value)) {
                    values.push(value);
                }
            }
        }
        (Verb::Replace, Some(value)) => {
            *values = match read(list, value)? {
                Some(Value::Array(values)) => values,
                _ => Vec::new(),
            };
        }
        // Entra ID names in the value which ones: these and no others.
        (Verb::Remove, Some(value)) => {
            let Some(Value::Array(named)) = read(list, value)? else { return Ok(()) };
            values.retain(|there| !named.iter().any(|named| is_meant(list, named, there)));
        }
        (_, None) => values.clear(),
    }
    Ok(())
}

/// Whether a value is all that another says of it.
fn is_meant(list: &Attribute, named: &Value, there: &Value) -> bool {
    let members = named.as_object().into_iter().flatten();
    members.into_iter().all(|(name, named)| {
        let there = there.get(name);
        list.sub(name).zip(there).is_some_and(|(sub, there)| is_same(sub, there, named))
    })
}

/// An attribute of each value of a list.
fn of_each(values: &mut Vec<Value>, sub: &Attribute, verb: Verb, value: Option<&Value>) -> Result<(), ScimError> {
    let value = value.filter(|_| verb != Verb::Remove).map(|value| read(sub, value)).transpose()?.flatten();
    if values.is_empty() && value.is_some() {
        values.push(Document::new().into());
    }
    for object in values.iter_mut().filter_map(Value::as_object_mut) {
        put(object, sub, value.clone());
    }
    Ok(())
}

fn required(attribute: &Attribute) -> ScimError {
    ScimError::of(ScimType::Mutability, format!("`{}` is required", attribute.name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn ann() -> User {
        let Value::Object(document) = json!({
            "userName": "ann", "active": true, "title": "Boss", "name": {"givenName": "Ann", "familyName": "Lee"},
            "emails": [{"value": "a@work.x", "type": "work", "primary": true}, {"value": "a@home.x", "type": "home"}],
            ENTERPRISE: {"department": "Sales", "manager": {"value": "m1", "$ref": "../Users/m1"}},
        }) else {
            panic!()
        };
        User { document }
    }

    fn patch(operations: &Value) -> Result<User, ScimError> {
        patch_user(
            &ann(),
            &json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations}),
        )
    }

    /// That an operation makes of Ann what she was but for these attributes; null for what is gone.
    fn check(operation: &Value, changes: &Value) {
        let patched = patch(&json!([operation])).unwrap_or_else(|error| panic!("{operation}: {error}"));
        let mut wanted = ann().document;
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                wanted.remove(name)
            } else {
                wanted.insert(name.clone(), value.clone())
            };
        }
        assert_eq!(Value::Object(patched.document), Value::Object(wanted), "{operation}");
    }

    #[test]
    fn entra_id_is_understood_without_its_flag() {
        check(&json!({"op": "Replace", "path": "active", "value": "False"}), &json!({"active": false}));
        let manager = format!("{ENTERPRISE}:manager");
        let led_by = |manager: Value| json!({ENTERPRISE: {"department": "Sales", "manager": manager}});
        check(&json!({"op": "Replace", "path": manager, "value": "m2"}), &led_by(json!({"value": "m2"})));
        check(&json!({"op": "Remove", "path": manager}), &json!({ENTERPRISE: {"department": "Sales"}}));
        let number = json!([{"value": "5", "type": "mobile"}]);
        check(
            &json!({"op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "5"}),
            &json!({"phoneNumbers": number}),
        );
        let role = json!([{"value": "Admin", "primary": true}]);
        check(
            &json!({"op": "Add", "path": "roles[primary eq \"True\"].value", "value": "Admin"}),
            &json!({"roles": role}),
        );
        let home = json!([{"value": "a@home.x", "type": "home"}]);
        check(
            &json!({"op": "Remove", "path": "emails", "value": [{"value": "A@work.x", "$ref": null}]}),
            &json!({"emails": home}),
        );
        check(&json!({"op": "Add", "path": "title", "value": null}), &json!({}));
    }

    #[test]
    fn entra_id_is_understood_with_its_flag() {
        let value = json!({
            "displayName": "Ann Lee", "name.givenName": "Anna", "active": false,
            format!("{ENTERPRISE}:department"): "Law",
            "emails[type eq \"work\"].value": "b@work.x",
        });
        check(
            &json!({"op": "replace", "value": value}),
            &json!({
                "displayName": "Ann Lee", "name": {"givenName": "Anna", "familyName": "Lee"}, "active": false,
                ENTERPRISE: {"department": "Law", "manager": {"value": "m1", "$ref": "../Users/m1"}},
                "emails": [{"value": "b@work.x", "type": "work", "primary": true}, {"value": "a@home.x", "type": "home"}],
            }),
        );
    }

    #[test]
    fn okta_is_understood_without_a_path() {
        check(&json!({"op": "replace", "value": {"active": false}}), &json!({"active": false}));
        let whole = json!({"id": "u1", "meta": {}, "groups": [], "schemas": [], "password": "x", "shoeSize": 9, "title": "CEO"});
        check(&json!({"op": "replace", "value": whole}), &json!({"title": "CEO"}));
        check(&json!({"op": "replace", "path": "password", "value": "x"}), &json!({}));
    }

    #[test]
    fn what_a_replacement_of_an_object_does_not_name_stays() {
        let name = json!({"givenName": "Anna", "familyName": "Lee"});
        check(
            &json!({"op": "replace", "path": "name", "value": {"GIVENNAME": "Anna", "shoe": 1}}),
            &json!({"name": name}),
        );
        check(
            &json!({"op": "add", "path": "name", "value": {"familyName": null}}),
            &json!({"name": {"givenName": "Ann"}}),
        );
        let law = json!({"department": "Law", "manager": {"value": "m1", "$ref": "../Users/m1"}});
        check(&json!({"op": "replace", "path": ENTERPRISE, "value": {"department": "Law"}}), &json!({ENTERPRISE: law}));
        check(&json!({"op": "remove", "path": ENTERPRISE}), &json!({ENTERPRISE: null}));
        check(&json!({"op": "remove", "path": "name"}), &json!({"name": null}));
    }

    #[test]
    fn one_address_is_primary_and_none_is_there_twice() {
        let emails = json!([{"value": "a@work.x", "type": "work", "primary": false}, {"value": "a@home.x", "type": "home", "primary": true}]);
        check(
            &json!({"op": "replace", "path": "emails[type eq \"home\"].primary", "value": true}),
            &json!({"emails": emails}),
        );
        check(&json!({"op": "add", "path": "emails", "value": {"value": "A@HOME.x", "type": "home"}}), &json!({}));
        check(&json!({"op": "remove", "path": "emails[type eq \"other\"]"}), &json!({}));
        check(&json!({"op": "remove", "path": "emails[value pr]"}), &json!({"emails": null}));
        check(&json!({"op": "replace", "path": "emails", "value": []}), &json!({"emails": null}));
        let untyped = json!([{"value": "a@work.x", "primary": true}, {"value": "a@home.x"}]);
        check(&json!({"op": "remove", "path": "emails.type"}), &json!({"emails": untyped}));
    }

    #[test]
    fn what_is_made_of_a_path_keeps_its_case() {
        let made = json!([{"type": "Berlin Office", "locality": "B"}]);
        check(
            &json!({"op": "add", "path": "addresses[type eq \"Berlin Office\"].locality", "value": "B"}),
            &json!({"addresses": made}),
        );
    }

    #[test]
    fn a_patch_that_fails_says_why() {
        for (operation, wanted) in [
            (json!({"op": "remove"}), ScimType::NoTarget),
            (json!({"op": "replace", "path": "emails[type eq \"other\"].value", "value": "x"}), ScimType::NoTarget),
            (json!({"op": "replace", "path": "emails[type eq \"other\"]", "value": null}), ScimType::NoTarget),
            (json!({"op": "add", "path": "emails[type sw \"o\"].value", "value": "x"}), ScimType::NoTarget),
            (json!({"op": "add", "path": "emails[type eq \"other\"].type", "value": "x"}), ScimType::InvalidValue),
            (json!({"op": "remove", "path": "userName"}), ScimType::Mutability),
            (json!({"op": "replace", "value": {"userName": null}}), ScimType::Mutability),
            (json!({"op": "replace", "path": "userName", "value": ""}), ScimType::InvalidValue),
            (json!({"op": "replace", "path": "id", "value": "x"}), ScimType::Mutability),
            (json!({"op": "add", "path": "groups[value eq \"x\"]", "value": "x"}), ScimType::Mutability),
            (
                json!({"op": "replace", "path": format!("{ENTERPRISE}:manager.displayName"), "value": "x"}),
                ScimType::Mutability,
            ),
            (json!({"op": "replace", "path": "shoeSize", "value": 1}), ScimType::InvalidPath),
            (json!({"op": "replace", "path": "", "value": 1}), ScimType::InvalidPath),
            (json!({"op": "replace", "path": 5, "value": 1}), ScimType::InvalidPath),
            (json!({"op": "replace", "path": "emails[type eq \"x\"", "value": 1}), ScimType::InvalidPath),
            (json!({"op": "replace", "path": "emails[type eq \"x\"]value", "value": 1}), ScimType::InvalidPath),
            (json!({"op": "replace", "path": "name[givenName eq \"x\"]", "value": 1}), ScimType::InvalidPath),
            (json!({"op": "remove", "path": "emails[shoe eq 1]"}), ScimType::InvalidFilter),
            (json!({"op": "remove", "path": "emails[primary gt true]"}), ScimType::InvalidFilter),
            (json!({"op": "replace", "path": "active", "value": "maybe"}), ScimType::InvalidValue),
            (json!({"op": "replace", "path": "active"}), ScimType::InvalidValue),
            (json!({"op": "replace", "value": "x"}), ScimType::InvalidValue),
            (json!({"op": "replace", "path": "title", "value": {"a": 1}}), ScimType::InvalidValue),
            (json!({"op": "move", "path": "title"}), ScimType::InvalidSyntax),
            (json!("remove"), ScimType::InvalidSyntax),
        ] {
            let error = patch(&json!([{"op": "add", "path": "title", "value": "x"}, operation])).expect_err("refused");
            assert_eq!((error.status, error.scim_type), (400, Some(wanted)), "{operation}: {error}");
        }
        for body in [
            json!({}),
            json!({"Operations": []}),
            json!({"schemas": ["x"], "Operations": [{"op": "remove", "path": "title"}]}),
        ] {
            assert_eq!(patch_user(&ann(), &body).unwrap_err().scim_type, Some(ScimType::InvalidSyntax), "{body}");
        }
    }

    #[test]
    fn neither_a_list_nor_a_patch_grows_without_end() {
        let emails = |range: std::ops::Range<u32>| range.map(|n| json!({"value": n.to_string()})).collect::<Value>();
        let add = |range| json!({"op": "add", "path": "emails", "value": emails(range)});
        assert!(patch(&json!([add(0..198)])).is_ok());
        for operations in [json!([add(0..199)]), json!([add(0..100), add(100..199)]), json!([add(0..201)])] {
            assert_eq!(patch(&operations).unwrap_err().scim_type, Some(ScimType::InvalidValue));
        }
        let title = json!({"op": "remove", "path": "title"});
        assert!(patch(&vec![title.clone(); 5_000].into()).is_ok());
        assert_eq!(patch(&vec![title; 5_001].into()).unwrap_err().status, 413);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a-z\u{0}]{0,3}".prop_map(Value::from)
        ];
        let name = prop::sample::select(vec!["value", "type", "primary", "givenName", "active", "emails", "name", "x"]);
        leaf.prop_recursive(3, 12, 3, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::vec((name.clone(), inner), 0..3)
                    .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_patch_is_done_or_refused_and_what_it_makes_can_be_read(
            verb in prop::sample::select(vec!["add", "replace", "remove", "Add"]),
            path in prop::sample::select(vec![
                None, Some("name"), Some("name.givenName"), Some("emails"), Some("emails[type eq \"work\"]"), Some("active"),
                Some("emails[type eq \"x\"].value"), Some("emails.primary"), Some(ENTERPRISE), Some("userName"), Some("roles"),
            ]),
            value in any_json(),
        ) {
            match patch(&json!([{"op": verb, "path": path, "value": value}])) {
                Ok(user) => {
                    let read = super::super::read_user(&user.document.clone().into()).unwrap();
                    prop_assert_eq!(read, user);
                }
                Err(error) => prop_assert_eq!(error.status, 400),
            }
        }

        #[test]
        fn a_replacement_done_twice_is_done_once(value in any_json(), path in prop::sample::select(vec!["name", "emails", "title"])) {
            let body = json!({"Operations": [{"op": "replace", "path": path, "value": value}]});
            if let Ok(once) = patch_user(&ann(), &body) {
                prop_assert_eq!(patch_user(&once, &body), Ok(once));
            }
        }
    }
}
