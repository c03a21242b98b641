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

/// The look-ups that find each thing that a filter may be true of; `None` where no index tells. Of things that must all be so the one
/// that finds the fewest: `is_wide` is true of a look-up that may find many.
fn narrow<K>(
    filter: &Filter,
    key: &impl Fn(&str, Operator, &Operand) -> Option<K>,
    is_wide: &impl Fn(&K) -> bool,
) -> Option<Vec<K>> {
    match filter {
        Filter::Compare(Compare { path, operator, operand }) if !path.is_extension => {
            key(&name(path), *operator, operand).map(|key| vec![key])
        }
        Filter::All(parts) => {
            let found = parts.iter().filter_map(|part| narrow(part, key, is_wide));
            found.min_by_key(|keys| (keys.iter().filter(|key| is_wide(key)).count(), keys.len()))
        }
        Filter::Any(parts) => {
            let each = parts.iter().map(|part| narrow(part, key, is_wide)).collect::<Option<Vec<_>>>()?;
            Some(each.into_iter().flatten().collect())
        }
        Filter::Within(_, inner) => narrow(inner, key, is_wide),
        Filter::Never => Some(Vec::new()),
        Filter::Compare(_) | Filter::Not(_) | Filter::Present(_) => None,
    }
}

/// Of users.
pub(super) fn users(filter: &Filter) -> Option<Vec<user::Key>> {
    let key = |name: &str, operator: Operator, operand: &Operand| match (name, operator, operand) {
        ("id", Operator::Eq, Operand::Text(text)) => Some(user::Key::Id(text.clone())),
        ("userName", Operator::Eq, Operand::Text(text)) => Some(user::Key::Name(text.clone())),
        ("userName", Operator::Sw, Operand::Text(text)) => Some(user::Key::NameStart(text.clone())),
        ("externalId", Operator::Eq, Operand::Text(text)) => Some(user::Key::External(text.clone())),
        ("emails", Operator::Eq, Operand::Text(text)) => Some(user::Key::Email(text.clone())),
        ("meta.lastModified", Operator::Gt | Operator::Ge, Operand::Time(at)) => Some(user::Key::ChangedSince(*at)),
        _ => None,
    };
    narrow(filter, &key, &user::Key::is_wide)
}

/// Of groups.
pub(super) fn groups(filter: &Filter) -> Option<Vec<group::Key>> {
    let key = |name: &str, operator: Operator, operand: &Operand| match (name, operator, operand) {
        ("id", Operator::Eq, Operand::Text(text)) => Some(group::Key::Id(text.clone())),
        ("displayName", Operator::Eq, Operand::Text(text)) => Some(group::Key::Name(text.clone())),
        ("displayName", Operator::Sw, Operand::Text(text)) => Some(group::Key::NameStart(text.clone())),
        ("externalId", Operator::Eq, Operand::Text(text)) => Some(group::Key::External(text.clone())),
        ("members", Operator::Eq, Operand::Text(text)) => Some(group::Key::Member(text.clone())),
        ("meta.lastModified", Operator::Gt | Operator::Ge, Operand::Time(at)) => Some(group::Key::ChangedSince(*at)),
        _ => None,
    };
    narrow(filter, &key, &group::Key::is_wide)
}

/// Whether a filter asks for the active users alone, or for the others alone: lists that are kept as they are.
pub(super) fn active(filter: &Filter) -> Option<bool> {
    match filter {
        Filter::Compare(Compare { path, operator: Operator::Eq, operand: Operand::Flag(flag) })
            if path.attribute.name == "active" && !path.is_extension =>
        {
            Some(*flag)
        }
        _ => None,
    }
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
