//! The grammar of grants and targets: what is printed is read again, and nothing that is read panics.

use proptest::collection::btree_map;
use proptest::prelude::*;
use rolecall::model::{Action, GrantError, GrantExpr, Labels, ResourceKind, ResourceRef, Role, Scope, Target};

const PART: &str = "[A-Za-z0-9._-]{1,128}";

fn kind() -> impl Strategy<Value = ResourceKind> {
    prop::sample::select(ResourceKind::ALL.to_vec())
}

fn scope() -> impl Strategy<Value = Scope> {
    let resource = (kind(), PART).prop_map(|(kind, id)| Scope::Resource(ResourceRef::new(kind, &id).unwrap()));
    let labels = btree_map(PART, PART, 1..5).prop_map(|pairs| Scope::Labels(Labels::new(pairs).unwrap()));
    prop_oneof![1 => Just(Scope::Workspace), 2 => resource, 2 => labels]
}

/// Any valid grant.
fn grant() -> impl Strategy<Value = GrantExpr> {
    let role = prop::sample::select(Role::all().collect::<Vec<_>>());
    (role, scope()).prop_filter_map("the role doesn't take the scope", |(role, scope)| GrantExpr::new(role, scope).ok())
}

/// A valid text with one character put in, taken out or doubled.
fn damaged() -> impl Strategy<Value = String> {
    let how = (any::<prop::sample::Index>(), any::<char>(), 0..3);
    (grant(), how).prop_map(|(grant, (at, other, way))| {
        let mut letters: Vec<char> = grant.to_string().chars().collect();
        let at = at.index(letters.len());
        match way {
            0 => letters.insert(at, other),
            1 => drop(letters.remove(at)),
            _ => letters.insert(at, letters[at]),
        }
        letters.into_iter().collect()
    })
}

/// Reads a text; what it reads it prints the same again, and a refusal points into the text.
fn read(text: &str) -> Result<(), TestCaseError> {
    match text.parse::<GrantExpr>() {
        Ok(grant) => prop_assert_eq!(grant.to_string().parse::<GrantExpr>(), Ok(grant)),
        Err(GrantError::Syntax { at, .. }) => prop_assert!(at <= text.chars().count(), "{at} in {text:?}"),
        Err(GrantError::UnknownRole { .. } | GrantError::ScopeNotAllowed { .. }) => {}
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printing_and_reading_a_grant_is_the_identity(grant in grant()) {
        prop_assert_eq!(grant.to_string().parse::<GrantExpr>(), Ok(grant));
    }

    #[test]
    fn reading_any_text_as_a_grant_never_panics(text: String, damaged in damaged(), tail in "[a-z_@{}:,/*.]{0,30}") {
        read(&text)?;
        read(&damaged)?;
        read(&format!("source_admin@{tail}"))?;
    }

    #[test]
    fn reading_any_text_as_a_target_never_panics_and_prints_again(text: String, tail in "[a-z_]{1,12}/[a-zA-Z0-9.*_/-]{0,4}", pick: prop::sample::Index) {
        let action = *pick.get(Action::ALL);
        for text in [&text, &tail] {
            if let Ok(target) = Target::parse(action, Some(text)) {
                prop_assert_eq!(Target::parse(action, Some(&target.to_string())), Ok(target));
            }
        }
        prop_assert_eq!(Target::parse(action, None), Ok(Target::Workspace));
        let _ = text.parse::<Action>();
    }
}
