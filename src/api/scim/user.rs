//! Users: each member, and each whom the provider may bring back.

use serde_json::{Value, json};

use crate::host::{Db as _, Host};
use crate::model::audit::EventType;
use crate::model::{AccountId, Email, GroupId};
use crate::scim::{Document, ENTERPRISE, Resource, User, patch_user, read_user};
use crate::store::account::{self, Account};
use crate::store::member;
use crate::store::scim::user::{self, Described, Key, ScimUser};

use super::super::commit::Happened;
use super::super::context::Context;
use super::super::problem::Code;
use super::call::{Answered, Call};
use super::journal::{self, Effects};
use super::person::{self, Around};
use super::provider::Provider;
use super::refusal::Refusal;
use super::{location, meta};

/// A user with the groups of the provider that they are in.
#[derive(Debug, Clone)]
pub(super) struct Loaded {
    /// The user.
    pub(super) user: ScimUser,
    groups: Vec<(GroupId, String)>,
}

/// Adds to users the groups that they are in, in one round trip.
pub(super) async fn load<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    users: Vec<ScimUser>,
) -> Result<Vec<Loaded>, Refusal> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = users.iter().map(|user| user.id.as_str()).collect();
    let rows = cx.db().query(&user::groups_of(&provider.workspace.id, &ids)).await?;
    let mut groups = std::collections::BTreeMap::<String, Vec<(GroupId, String)>>::new();
    for (user, id, name) in user::groups_from_rows(&rows)? {
        groups.entry(user).or_default().push((id, name));
    }
    let add = |user: ScimUser| Loaded { groups: groups.remove(user.id.as_str()).unwrap_or_default(), user };
    Ok(users.into_iter().map(add).collect())
}

/// What the provider said of somebody; of whom it said nothing yet what is known here.
fn document(user: &ScimUser) -> Document {
    let stored = user.document.as_deref().and_then(|text| serde_json::from_str::<Document>(text).ok());
    let mut document = stored.unwrap_or_else(|| {
        let known = json!({"userName": user.email.as_str(), "displayName": user.name.as_str()});
        known.as_object().cloned().unwrap_or_default()
    });
    document.insert("active".to_owned(), user.is_active.into());
    if !document.contains_key("emails") {
        let emails = json!([{"value": user.email.as_str(), "type": "work", "primary": true}]);
        document.insert("emails".to_owned(), emails);
    }
    document
}

impl Loaded {
    /// The resource, whole.
    pub(super) fn resource<H: Host>(&self, cx: &Context<'_, H>) -> Document {
        let user = &self.user;
        let mut resource = document(user);
        let mut schemas = vec![Resource::User.schema()];
        schemas.extend(resource.contains_key(ENTERPRISE).then_some(ENTERPRISE));
        resource.insert("schemas".to_owned(), schemas.into());
        resource.insert("id".to_owned(), user.id.as_str().into());
        if !self.groups.is_empty() {
            let view = |(id, name): &(GroupId, String)| json!({"value": id.as_str(), "$ref": location(cx, Resource::Group, id.as_str()), "display": name, "type": "direct"});
            resource.insert("groups".to_owned(), self.groups.iter().map(view).collect());
        }
        let which = (Resource::User, user.id.as_str());
        let meta = meta(cx, which, (user.created_at, user.updated_at), &self.version());
        resource.insert("meta".to_owned(), meta);
        resource
    }

    /// The version: the state that a write rests on, and behind the dash what the groups add to it.
    pub(super) fn version(&self) -> String {
        let mut sum = crc32fast::Hasher::new();
        for (id, name) in &self.groups {
            sum.update(id.as_str().as_bytes());
            sum.update(name.as_bytes());
        }
        format!("W/\"{}-{:x}\"", self.user.revision, sum.finalize())
    }

    /// The answer about them.
    fn answer<H: Host>(&self, cx: &Context<'_, H>, call: &Call, status: u16) -> Result<Answered, Refusal> {
        let whole = Value::Object(self.resource(cx));
        Ok(Answered {
            status,
            body: call.projection()?.apply(Resource::User, whole),
            location: Some(location(cx, Resource::User, self.user.id.as_str())),
            version: Some(self.version()),
            id: Some(self.user.id.to_string()),
        })
    }
}

/// The user of an id.
pub(super) async fn find<H: Host>(cx: &Context<'_, H>, provider: &Provider, id: &str) -> Result<Loaded, Refusal> {
    let key = Key::Id(id.to_owned());
    let found = user::from_rows(&cx.db().query(&user::by_key(&provider.workspace.id, &key)).await?)?;
    load(cx, provider, found).await?.pop().ok_or_else(|| Refusal::not_found("user", id))
}

/// Shows a user.
pub(super) async fn show<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
    id: &str,
) -> Result<Answered, Refusal> {
    find(cx, provider, id).await?.answer(cx, call, 200)
}

/// The user as the store takes it.
fn described<'a>(id: &'a AccountId, wanted: &'a User) -> Described<'a> {
    Described {
        id,
        user_name: wanted.user_name(),
        external_id: wanted.external_id(),
        is_active: wanted.is_active(),
        document: Value::Object(wanted.document.clone()).to_string(),
    }
}

/// Makes a user, and a member of them unless they are to be none.
pub(super) async fn create<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
) -> Result<Answered, Refusal> {
    call.projection()?;
    let wanted = read_user(&call.body)?;
    let email = person::address(&wanted)?;
    let around = person::look(cx, provider, (&wanted, &email), None).await?;
    around.check_free(None)?;
    let workspace = &provider.workspace.id;
    let mut change = provider.change(cx);
    let mut effects = Effects::new();
    let account = match &around.account {
        Some(account) => account.clone(),
        None => {
            let account = Account { id: cx.id(AccountId::new), name: person::name(&wanted, &email), email };
            change.write([account::insert(&account, cx.now)]);
            account
        }
    };
    let described = described(&account.id, &wanted);
    if wanted.is_active() {
        person::admit(cx, provider, (&account, &around), (&mut change, &mut effects)).await?;
    } else {
        change.write([user::insert(workspace, &described, cx.now)]);
    }
    change.write([user::update(workspace, &described, cx.now)]);
    change.write([journal::applied(cx, provider, call, (account.id.as_str(), 201), &effects)]);
    change.commit(cx).await.map_err(seat)?;
    find(cx, provider, account.id.as_str()).await?.answer(cx, call, 201)
}

/// A seat that is missing, in words for whoever reads the log of the provider.
fn seat(problem: super::super::problem::Problem) -> Refusal {
    let is_seat = problem.code == Code::SeatLimitReached;
    let mut refusal = Refusal::from(problem);
    if is_seat {
        refusal.error.detail =
            "no seat is free in the workspace; an administrator can free one or raise the limit, then assign the user again".to_owned();
    }
    refusal
}

/// Replaces what is said of a user. Whether they are a member stays as it is where the body doesn't say.
pub(super) async fn replace<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
    id: &str,
) -> Result<Answered, Refusal> {
    let before = find(cx, provider, id).await?;
    let mut wanted = read_user(&call.body)?;
    let says_out = wanted.document.contains_key("active") && !wanted.is_active();
    if !wanted.document.contains_key("active") {
        wanted.document.insert("active".to_owned(), before.user.is_active.into());
    }
    update(cx, provider, call, (&before, &wanted, says_out)).await
}

/// Changes what is said of a user.
pub(super) async fn patch<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
    id: &str,
) -> Result<Answered, Refusal> {
    let before = find(cx, provider, id).await?;
    let mut document = document(&before.user);
    let wanted = patch_user(&User { document: document.clone() }, &call.body)?;
    // What makes somebody inactive who is active says so of one who isn't, too.
    document.insert("active".to_owned(), true.into());
    let says_out = !wanted.is_active() && !patch_user(&User { document }, &call.body)?.is_active();
    update(cx, provider, call, (&before, &wanted, says_out)).await
}

async fn update<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
    (before, wanted, says_out): (&Loaded, &User, bool),
) -> Result<Answered, Refusal> {
    call.projection()?;
    let user = &before.user;
    call.check_version(user.revision)?;
    let old = User { document: document(user) };
    let is_let_go = user.is_removed_here && says_out;
    if old.document == wanted.document && !is_let_go {
        journal::unchanged(cx, provider, call, (user.id.as_str(), 200)).await?;
        return before.answer(cx, call, 200);
    }
    let email = person::address(wanted)?;
    let around = person::look(cx, provider, (wanted, &email), Some(&user.id)).await?;
    around.check_free(Some(&user.id))?;

    let workspace = &provider.workspace.id;
    let (mut change, mut effects) = (provider.change(cx), Effects::new());
    change.write([user::guard(workspace, user)]);
    if email != user.email {
        check_email(user, &email, &around)?;
        change.write(user::change_email(workspace, &user.id, &email));
    }
    if wanted.is_active() && !user.is_active {
        let account = Account { id: user.id.clone(), name: person::name(wanted, &email), email };
        person::admit(cx, provider, (&account, &around), (&mut change, &mut effects)).await?;
    } else {
        rename(cx, provider, (user, &old, wanted), &mut change);
    }
    change.write([user::update(workspace, &described(&user.id, wanted), cx.now)]);
    if is_let_go {
        change.write([user::let_go(workspace, &user.id)]);
    }
    if user.is_active && !wanted.is_active() {
        person::revoke(cx, provider, &user.id, (&mut change, &mut effects)).await?;
    }
    change.write([journal::applied(cx, provider, call, (user.id.as_str(), 200), &effects)]);
    change.commit(cx).await.map_err(seat)?;
    find(cx, provider, user.id.as_str()).await?.answer(cx, call, 200)
}

/// Checks that somebody may get another address. An account is the same person in each workspace: where another workspace knows them
/// too, this one's provider doesn't say who they are.
fn check_email(user: &ScimUser, email: &Email, around: &Around) -> Result<(), Refusal> {
    if around.account.is_some() {
        let detail = format!(
            "{email} is the address of another account here; provision a user of that address, and deprovision this one"
        );
        return Err(Refusal::taken(detail));
    }
    if around.is_elsewhere {
        let detail = format!(
            "{} belongs to other workspaces as well, so that this one's provider can't change the address; provision a user of the \
             new address, and deprovision this one",
            user.email
        );
        return Err(Refusal::conflict(Code::IdentityConflict, detail));
    }
    Ok(())
}

/// Gives a member the name and address that the provider changes; a name that was set here stays until the provider has another.
fn rename<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    (user, old, wanted): (&ScimUser, &User, &User),
    change: &mut super::super::commit::Change,
) {
    let Some(name) = wanted.name().filter(|name| user.is_active && old.name().as_ref() != Some(name)) else { return };
    let Ok(name) = name.parse::<crate::model::Name>() else { return };
    if name == user.name {
        return;
    }
    change.write([member::rename(&provider.workspace.id, &user.id, name.as_str())]);
    let (before, after) = (user.name.as_str(), name.as_str());
    let subject = ("member", user.id.as_str());
    let event_type = EventType::MemberUpdated;
    change.record(cx, Happened { event_type, subject, before: Some(&before), after: Some(&after) });
}

/// Takes a user out of the workspace, and forgets them.
pub(super) async fn delete<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
    id: &str,
) -> Result<Answered, Refusal> {
    let found = find(cx, provider, id).await?;
    call.check_version(found.user.revision)?;
    let (mut change, mut effects) = (provider.change(cx), Effects::new());
    change.write([user::guard(&provider.workspace.id, &found.user)]);
    person::revoke(cx, provider, &found.user.id, (&mut change, &mut effects)).await?;
    change.write(user::delete(&provider.workspace.id, &found.user.id));
    change.write([journal::applied(cx, provider, call, (id, 204), &effects)]);
    change.commit(cx).await?;
    Ok(Answered::no_content())
}
