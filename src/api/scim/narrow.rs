//! What of a filter an index can answer: the few that it may be true of, on which the whole filter is then decided.

use crate::scim::{Compare, Filter, Operand, Operator, Path};
use crate::store::scim::{group, user};

/// How an attribute is called here: `emails` and `emails.value` are one.
fn name(path: &Path) -> String {
    match path.sub {
        Some(sub) if sub.name != "value" => format!("{}.{}", path.attribute.name, sub.name),
        _ => path.attribute.name.to_owned(),
    }
}

/// The look-ups that find each thing that a filter may be true of; `None` where no index tells.
fn narrow<K>(filter: &Filter, key: &impl Fn(&str, &str) -> Option<K>) -> Option<Vec<K>> {
    match filter {
        Filter::Compare(Compare { path, operator: Operator::Eq, operand: Operand::Text(text) })
            if !path.is_extension =>
        {
            key(&name(path), text).map(|key| vec![key])
        }
        Filter::All(parts) => parts.iter().find_map(|part| narrow(part, key)),
        Filter::Any(parts) => {
            let each = parts.iter().map(|part| narrow(part, key)).collect::<Option<Vec<_>>>()?;
            Some(each.into_iter().flatten().collect())
        }
        Filter::Within(_, inner) => narrow(inner, key),
        Filter::Never => Some(Vec::new()),
        Filter::Compare(_) | Filter::Not(_) | Filter::Present(_) => None,
    }
}

/// Of users.
pub(super) fn users(filter: &Filter) -> Option<Vec<user::Key>> {
    narrow(filter, &|name, text: &str| match name {
        "id" => Some(user::Key::Id(text.to_owned())),
        "userName" => Some(user::Key::Name(text.to_owned())),
        "externalId" => Some(user::Key::External(text.to_owned())),
        "emails" => Some(user::Key::Email(text.to_owned())),
        _ => None,
    })
}

/// Of groups. A member is told last, since an id tells more.
pub(super) fn groups(filter: &Filter) -> Option<Vec<group::Key>> {
    let own = |name: &str, text: &str| match name {
        "id" => Some(group::Key::Id(text.to_owned())),
        "displayName" => Some(group::Key::Name(text.to_owned())),
        "externalId" => Some(group::Key::External(text.to_owned())),
        _ => None,
    };
    let all = |name: &str, text: &str| match name {
        "members" => Some(group::Key::Member(text.to_owned())),
        _ => own(name, text),
    };
    narrow(filter, &own).or_else(|| narrow(filter, &all))
}

/// Which members a filter has to know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mentioned {
    /// These alone, none for a filter on other things.
    Some(Vec<String>),
    /// Each.
    All,
}

/// Which members of a group a filter asks about.
pub(super) fn members(filter: &Filter) -> Mentioned {
    let parts = match filter {
        Filter::Compare(Compare { path, operator: Operator::Eq, operand: Operand::Text(text) })
            if name(path) == "members" =>
        {
            return Mentioned::Some(vec![text.clone()]);
        }
        Filter::Compare(Compare { path, .. }) | Filter::Present(path) if path.attribute.name == "members" => {
            return Mentioned::All;
        }
        Filter::Compare(_) | Filter::Present(_) | Filter::Never => return Mentioned::Some(Vec::new()),
        Filter::All(parts) | Filter::Any(parts) => parts.as_slice(),
        Filter::Not(inner) | Filter::Within(_, inner) => std::slice::from_ref(inner.as_ref()),
    };
    let mut found = Vec::new();
    for part in parts {
        match members(part) {
            Mentioned::All => return Mentioned::All,
            Mentioned::Some(more) => found.extend(more),
        }
    }
    Mentioned::Some(found)
}
