//! The routes of the contract, section by section, and which of them aren't built yet.

/// Method and path of each route that the contract promises.
#[rustfmt::skip]
pub(crate) const CONTRACT: &[(&str, &str)] = &[
    // 2. Bootstrap
    ("POST", "/v1/workspaces"),
    ("GET", "/v1/workspaces/{ws}"),
    ("PATCH", "/v1/workspaces/{ws}"),
    ("DELETE", "/v1/workspaces/{ws}"),
    // 3. Access
    ("GET", "/v1/roles"),
    ("GET", "/v1/workspaces/{ws}/members"),
    ("GET", "/v1/workspaces/{ws}/members/{acc}"),
    ("PATCH", "/v1/workspaces/{ws}/members/{acc}"),
    ("DELETE", "/v1/workspaces/{ws}/members/{acc}"),
    ("PUT", "/v1/workspaces/{ws}/members/{acc}/grants"),
    ("POST", "/v1/workspaces/{ws}/members/{acc}/grants"),
    ("DELETE", "/v1/workspaces/{ws}/members/{acc}/grants/{gnt}"),
    ("GET", "/v1/workspaces/{ws}/groups"),
    ("POST", "/v1/workspaces/{ws}/groups"),
    ("GET", "/v1/workspaces/{ws}/groups/{grp}"),
    ("PATCH", "/v1/workspaces/{ws}/groups/{grp}"),
    ("DELETE", "/v1/workspaces/{ws}/groups/{grp}"),
    ("PUT", "/v1/workspaces/{ws}/groups/{grp}/grants"),
    ("POST", "/v1/workspaces/{ws}/groups/{grp}/grants"),
    ("DELETE", "/v1/workspaces/{ws}/groups/{grp}/grants/{gnt}"),
    ("GET", "/v1/workspaces/{ws}/groups/{grp}/members"),
    ("POST", "/v1/workspaces/{ws}/groups/{grp}/members"),
    ("DELETE", "/v1/workspaces/{ws}/groups/{grp}/members/{acc}"),
    ("GET", "/v1/workspaces/{ws}/resources"),
    ("PUT", "/v1/workspaces/{ws}/resources/{type}/{id}"),
    ("GET", "/v1/workspaces/{ws}/resources/{type}/{id}"),
    ("DELETE", "/v1/workspaces/{ws}/resources/{type}/{id}"),
    ("GET", "/v1/workspaces/{ws}/labels"),
    ("POST", "/v1/workspaces/{ws}/labels"),
    ("DELETE", "/v1/workspaces/{ws}/labels/{key}/{value}"),
    ("POST", "/v1/workspaces/{ws}/check"),
    ("POST", "/v1/workspaces/{ws}/check/batch"),
    ("GET", "/v1/workspaces/{ws}/access/members"),
    ("GET", "/v1/workspaces/{ws}/access/resources"),
    ("POST", "/v1/workspaces/{ws}/preview"),
    ("POST", "/access/v1/evaluation"),
    ("POST", "/access/v1/evaluations"),
    ("POST", "/access/v1/search/subject"),
    ("POST", "/access/v1/search/resource"),
    ("POST", "/access/v1/search/action"),
    ("GET", "/.well-known/authzen-configuration"),
    ("GET", "/v1/workspaces/{ws}/snapshot"),
    ("GET", "/v1/workspaces/{ws}/seats"),
    ("GET", "/v1/workspaces/{ws}/audit-events"),
    ("POST", "/v1/workspaces/{ws}/tokens"),
    ("GET", "/v1/workspaces/{ws}/tokens"),
    ("DELETE", "/v1/workspaces/{ws}/tokens/{tok}"),
    ("GET", "/v1/me"),
    // 4. Invites
    ("POST", "/v1/workspaces/{ws}/invites"),
    ("GET", "/v1/workspaces/{ws}/invites"),
    ("GET", "/v1/workspaces/{ws}/invites/{inv}"),
    ("PATCH", "/v1/workspaces/{ws}/invites/{inv}"),
    ("POST", "/v1/workspaces/{ws}/invites/{inv}/resend"),
    ("DELETE", "/v1/workspaces/{ws}/invites/{inv}"),
    ("POST", "/v1/workspaces/{ws}/invites/bulk"),
    ("GET", "/v1/invites/{secret}"),
    ("POST", "/v1/invites/{secret}/accept"),
    // 5. Sign-in, SSO, domains
    ("POST", "/v1/sessions/email"),
    ("POST", "/v1/sessions/email/{secret}"),
    ("DELETE", "/v1/sessions/current"),
    ("GET", "/v1/workspaces/{ws}/sso/connections"),
    ("POST", "/v1/workspaces/{ws}/sso/connections"),
    ("GET", "/v1/sso/{connection}/login"),
    ("GET", "/v1/sso/oidc/callback"),
    ("POST", "/v1/sso/saml/acs"),
    ("GET", "/v1/sso/saml/metadata/{connection}"),
    ("GET", "/v1/workspaces/{ws}/domains"),
    ("POST", "/v1/workspaces/{ws}/domains"),
    ("POST", "/v1/workspaces/{ws}/domains/{dom}/verify"),
    // 6. SCIM
    ("POST", "/v1/workspaces/{ws}/scim/tokens"),
    ("GET", "/scim/v2/Users"),
    // 7. Elsewhere
    ("GET", "/healthz"),
    ("GET", "/openapi.json"),
    ("GET", "/segment/v1/users"),
];

/// What the paths of routes start with that aren't built yet.
pub(crate) const NOT_YET: &[&str] =
    &["/v1/sso/saml/", "/v1/workspaces/{ws}/domains", "/v1/workspaces/{ws}/scim/", "/scim/", "/segment/"];

/// Routes that the contract names no more than by "CRUD" or "the session routes", or that go beyond it.
pub(crate) const BEYOND: &[(&str, &str)] = &[
    ("DELETE", "/v1/sessions"),
    ("GET", "/v1/workspaces/{ws}/access/stale"),
    ("GET", "/v1/workspaces/{ws}/tokens/{tok}"),
    ("GET", "/v1/workspaces/{ws}/sso/connections/{idp}"),
    ("PATCH", "/v1/workspaces/{ws}/sso/connections/{idp}"),
    ("DELETE", "/v1/workspaces/{ws}/sso/connections/{idp}"),
    ("POST", "/v1/workspaces/{ws}/sso/connections/{idp}/tests"),
    ("GET", "/v1/workspaces/{ws}/sso/connections/{idp}/tests/{tst}"),
];
