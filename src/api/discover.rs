//! Where people sign in, by the domain of their address.

use crate::host::{Db as _, Host};
use crate::model::{DomainName, Email};
use crate::store::connection;
use crate::wire::domain::{DiscoveryView, FoundView};

use super::context::Context;
use super::limit;
use super::problem::{Code, Problem};
use super::reply::Reply;

/// The active connection of the workspace that has proved an address's domain. Whether the address is anybody's isn't looked
/// at: the answer is the same for each address at a domain.
pub(super) async fn show<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    limit::check(cx).await?;
    let email = cx.parameter("email").and_then(|text| text.parse::<Email>().ok());
    let email = email.ok_or_else(|| Problem::new(Code::InvalidParameter, "`email` is an e-mail address"))?;
    let rows = cx.db().query(&connection::of_domain(DomainName::of(&email))).await?;
    let found = connection::from_rows(&rows)?.pop().map(|connection| FoundView {
        login_url: format!("{}/v1/sso/{}/login", cx.config.origin, connection.id),
        id: connection.id.to_string(),
        name: connection.name.to_string(),
        protocol: connection.protocol.as_str(),
    });
    Reply::ok(&DiscoveryView { connection: found })
}
