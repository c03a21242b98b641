//! PATCH of a group, whoever is in it: its members are never read, since there may be ten thousand.

use serde_json::Value;

use super::document::MemberRef;
use super::error::{ScimError, ScimType};
use super::filter::{Compare, Filter, Operand, Operator};
use super::operation::{Operation, Target, Verb, read_operations};
use super::path::Path;
use super::schema::{Attribute, Resource};
use super::value::read;

/// What a PATCH does to a group.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GroupPatch {
    /// Its new name, where it gets one.
    pub display_name: Option<String>,
    /// Its new `externalId`, where it gets another; `Some(None)` takes it away.
    pub external_id: Option<Option<String>>,
    /// What happens to its members, in this order.
    pub members: Vec<MemberChange>,
}

/// A change of who is in a group.
#[derive(Debug, Clone, PartialEq)]
pub enum MemberChange {
    /// These join; who is in it stays.
    Add(Vec<MemberRef>),
    /// These leave; who isn't in it doesn't matter.
    Remove(Vec<MemberRef>),
    /// These are in it and nobody else.
    Replace(Vec<MemberRef>),
    /// Whoever this is true of leaves: a filter that isn't about ids alone. Rare: it takes the members to be read.
    RemoveWhere(Filter),
}

/// What a PATCH does to a group.
///
/// # Errors
/// When an operation can't be done; then none is.
pub fn patch_group(body: &Value) -> Result<GroupPatch, ScimError> {
    let mut patch = GroupPatch::default();
    for operation in read_operations(Resource::Group, body)? {
        patch.note(operation)?;
    }
    Ok(patch)
}

impl GroupPatch {
    fn note(&mut self, operation: Operation) -> Result<(), ScimError> {
        let Operation { verb, target, value } = operation;
        match target {
            Target::Attribute(Path { attribute, sub: None, .. }) if attribute.name == "members" => {
                self.members.push(members(verb, value.as_ref())?);
            }
            Target::Chosen(_, filter, None) => self.members.push(chosen(verb, filter, value.as_ref())?),
            Target::Attribute(Path { attribute, sub: None, .. }) => {
                let value = value.filter(|_| verb != Verb::Remove);
                self.note_text(attribute, value.as_ref())?;
            }
            Target::Attribute(_) | Target::Chosen(..) | Target::Extension => return Err(immutable()),
        }
        Ok(())
    }

    fn note_text(&mut self, attribute: &Attribute, value: Option<&Value>) -> Result<(), ScimError> {
        let value = value.map(|value| read(attribute, value)).transpose()?.flatten();
        let text = value.as_ref().and_then(Value::as_str).map(str::to_owned);
        if !attribute.is_required {
            self.external_id = Some(text);
            return Ok(());
        }
        let text = text.ok_or_else(|| ScimError::of(ScimType::Mutability, "`displayName` is required"))?;
        if text.trim().is_empty() {
            return Err(ScimError::value("`displayName` is required"));
        }
        self.display_name = Some(text);
        Ok(())
    }
}

fn members(verb: Verb, value: Option<&Value>) -> Result<MemberChange, ScimError> {
    let named = value.map(MemberRef::read_all).transpose()?;
    Ok(match (verb, named) {
        (Verb::Add, named) => MemberChange::Add(named.unwrap_or_default()),
        (Verb::Replace, named) => MemberChange::Replace(named.unwrap_or_default()),
        // Entra ID names in the value who leaves: only where nothing is named does everyone.
        (Verb::Remove, Some(named)) => MemberChange::Remove(named),
        (Verb::Remove, None) => MemberChange::Replace(Vec::new()),
    })
}

/// `members[value eq "…"]`: who leaves, or joins.
fn chosen(verb: Verb, filter: Filter, value: Option<&Value>) -> Result<MemberChange, ScimError> {
    match (verb, ids(&filter), value) {
        (Verb::Remove, Some(ids), _) | (Verb::Replace, Some(ids), None) => Ok(MemberChange::Remove(ids)),
        (Verb::Remove, None, _) | (Verb::Replace, None, None) => Ok(MemberChange::RemoveWhere(filter)),
        (Verb::Add, Some(ids), value) => {
            let named = value.map(MemberRef::read_all).transpose()?;
            let is_same = named.is_none_or(|named| named.iter().all(|named| ids.contains(named)));
            if is_same { Ok(MemberChange::Add(ids)) } else { Err(immutable()) }
        }
        (Verb::Add | Verb::Replace, ..) => Err(immutable()),
    }
}

/// The ids that a filter names, where it is about nothing else.
fn ids(filter: &Filter) -> Option<Vec<MemberRef>> {
    match filter {
        Filter::Compare(Compare {
            path: Path { sub: Some(sub), .. },
            operator: Operator::Eq,
            operand: Operand::Text(id),
        }) if sub.name == "value" => Some(vec![MemberRef(id.clone())]),
        Filter::Any(terms) => terms.iter().try_fold(Vec::new(), |mut all, term| {
            all.extend(ids(term)?);
            Some(all)
        }),
        _ => None,
    }
}

fn immutable() -> ScimError {
    ScimError::of(ScimType::Mutability, "a member can't become another: remove the one and add the other")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refs(ids: &[&str]) -> Vec<MemberRef> {
        ids.iter().map(|id| MemberRef((*id).to_owned())).collect()
    }

    fn patch(operations: &Value) -> Result<GroupPatch, ScimError> {
        patch_group(&json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations}))
    }

    #[test]
    fn the_members_change_as_okta_asks() {
        let rename = patch(&json!([{"op": "replace", "value": {"id": "g1", "displayName": "New"}}])).unwrap();
        assert_eq!(rename, GroupPatch { display_name: Some("New".to_owned()), ..GroupPatch::default() });
        let both = patch(&json!([
            {"op": "remove", "path": "members[value eq \"1\"]"},
            {"op": "add", "path": "members", "value": [{"value": "2", "display": "b@c.d"}]},
        ]));
        assert_eq!(both.unwrap().members, [MemberChange::Remove(refs(&["1"])), MemberChange::Add(refs(&["2"]))]);
        let all = patch(&json!([{"op": "replace", "path": "members", "value": [{"value": "1"}, {"value": "1"}]}]));
        assert_eq!(all.unwrap().members, [MemberChange::Replace(refs(&["1"]))]);
    }

    #[test]
    fn entra_id_removes_the_members_that_the_value_names_and_nobody_else() {
        let named = json!([{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": "1"}]}]);
        assert_eq!(patch(&named).unwrap().members, [MemberChange::Remove(refs(&["1"]))]);
        let nobody = json!([{"op": "Remove", "path": "members", "value": []}]);
        assert_eq!(patch(&nobody).unwrap().members, [MemberChange::Remove(Vec::new())]);
        let everyone = json!([{"op": "remove", "path": "members"}]);
        assert_eq!(patch(&everyone).unwrap().members, [MemberChange::Replace(Vec::new())]);
    }

    #[test]
    fn ten_thousand_members_are_named_at_once() {
        let all: Value = (0..10_000).map(|n| json!({"value": n.to_string()})).collect();
        let changes = patch(&json!([{"op": "add", "path": "members", "value": all}])).unwrap().members;
        assert!(matches!(changes.as_slice(), [MemberChange::Add(members)] if members.len() == 10_000));
        let group = super::super::read_group(&json!({"displayName": "A", "members": all})).unwrap();
        assert_eq!(group.members.map(|members| members.len()), Some(10_000));
    }

    #[test]
    fn members_are_chosen_by_ids_or_by_any_filter() {
        let by =
            |filter: &str| patch(&json!([{"op": "remove", "path": format!("members[{filter}]")}])).unwrap().members;
        assert_eq!(by("value eq \"1\" or value eq \"2\""), [MemberChange::Remove(refs(&["1", "2"]))]);
        for filter in
            ["type eq \"User\"", "not (value eq \"1\")", "value eq \"1\" and type eq \"User\"", "value sw \"1\""]
        {
            assert!(matches!(by(filter).as_slice(), [MemberChange::RemoveWhere(_)]), "{filter}");
        }
    }

    #[test]
    fn a_group_keeps_a_name_and_may_lose_its_external_id() {
        for operation in [
            json!({"op": "remove", "path": "externalId"}),
            json!({"op": "replace", "path": "externalId", "value": null}),
            json!({"op": "replace", "value": {"externalId": null}}),
        ] {
            assert_eq!(patch(&json!([operation])).unwrap().external_id, Some(None));
        }
        for (operation, wanted) in [
            (json!({"op": "remove", "path": "displayName"}), ScimType::Mutability),
            (json!({"op": "replace", "path": "displayName", "value": null}), ScimType::Mutability),
            (json!({"op": "replace", "path": "displayName", "value": " "}), ScimType::InvalidValue),
            (json!({"op": "replace", "path": "id", "value": "x"}), ScimType::Mutability),
            (json!({"op": "replace", "path": "members.value", "value": "x"}), ScimType::Mutability),
            (
                json!({"op": "replace", "path": "members[value eq \"1\"]", "value": {"value": "2"}}),
                ScimType::Mutability,
            ),
            (json!({"op": "add", "path": "members", "value": [{"display": "x"}]}), ScimType::InvalidValue),
            (json!({"op": "remove"}), ScimType::NoTarget),
            (json!({"op": "remove", "path": "members[shoe eq 1]"}), ScimType::InvalidFilter),
            (json!({"op": "replace", "path": "userName", "value": "x"}), ScimType::InvalidPath),
        ] {
            let error = patch(&json!([{"op": "add", "path": "members", "value": "1"}, operation])).unwrap_err();
            assert_eq!((error.status, error.scim_type), (400, Some(wanted)), "{operation}");
        }
    }
}
