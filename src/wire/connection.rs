//! Connections to identity providers as JSON.

use serde::{Deserialize, Serialize};

use crate::model::{Connection, GrantExpr, Name, Protocol, Sync};

use super::grant::{GrantView, expressions};
use super::issue::Issues;
use super::object::Object;
use super::present;

/// How many groups a connection maps at most.
const MOST_MAPPINGS: usize = 200;
/// How long a claim's name, a client's id or its secret may be.
const MOST_TEXT: usize = 500;

/// `{group, grants}`: what people in a group of the provider hold here.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "NewMapping"))]
#[serde(deny_unknown_fields)]
pub struct MappingBody {
    /// The group, as the provider names it in the claim.
    pub group: String,
    /// The grants.
    pub grants: Vec<String>,
}

/// A connection to be made.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewConnection {
    /// `oidc` or `saml`.
    pub protocol: String,
    /// The name.
    pub name: String,
    /// OIDC: the provider's issuer.
    #[serde(default)]
    pub issuer: Option<String>,
    /// OIDC: the client's id.
    #[serde(default)]
    pub client_id: Option<String>,
    /// OIDC: the client's secret; none for a public client.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// SAML: the provider's metadata.
    #[serde(default)]
    pub metadata_xml: Option<String>,
    /// SAML: whether a login may begin at the provider, `false` where nothing is said.
    #[serde(default)]
    pub idp_initiated: Option<bool>,
    /// Whether people may sign in by it, `true` where nothing is said.
    #[serde(default)]
    pub active: Option<bool>,
    /// The claim that lists a person's groups, `groups` where nothing is said.
    #[serde(default)]
    pub group_claim: Option<String>,
    /// `each_login` or `first_login`.
    #[serde(default)]
    pub sync: Option<String>,
    /// What groups are mapped to.
    #[serde(default)]
    pub role_mappings: Vec<Object<MappingBody>>,
}

/// What to change of a connection; what isn't there stays.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConnectionPatch {
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// OIDC: the provider's issuer.
    #[serde(default)]
    pub issuer: Option<String>,
    /// OIDC: the client's id.
    #[serde(default)]
    pub client_id: Option<String>,
    /// OIDC: the client's secret, `null` for none.
    #[serde(default, deserialize_with = "present")]
    pub client_secret: Option<Option<String>>,
    /// SAML: the provider's metadata.
    #[serde(default)]
    pub metadata_xml: Option<String>,
    /// SAML: whether a login may begin at the provider.
    #[serde(default)]
    pub idp_initiated: Option<bool>,
    /// Whether people may sign in by it.
    #[serde(default)]
    pub active: Option<bool>,
    /// The claim that lists a person's groups.
    #[serde(default)]
    pub group_claim: Option<String>,
    /// `each_login` or `first_login`.
    #[serde(default)]
    pub sync: Option<String>,
    /// What groups are mapped to, all of them.
    #[serde(default)]
    pub role_mappings: Option<Vec<Object<MappingBody>>>,
}

/// What a group is mapped to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The group, as the provider names it.
    pub claim: String,
    /// The grants.
    pub grants: Vec<GrantExpr>,
}

/// What a body says of a connection; `None` where it says nothing.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The name.
    pub name: Option<Name>,
    /// OIDC: the issuer.
    pub issuer: Option<String>,
    /// OIDC: the client's id.
    pub client_id: Option<String>,
    /// OIDC: the client's secret.
    pub client_secret: Option<Option<String>>,
    /// SAML: the metadata.
    pub metadata_xml: Option<String>,
    /// SAML: whether a login may begin at the provider.
    pub idp_initiated: Option<bool>,
    /// Whether people may sign in by it.
    pub active: Option<bool>,
    /// The claim that lists groups.
    pub group_claim: Option<String>,
    /// When mapped groups are applied.
    pub sync: Option<Sync>,
    /// All mappings.
    pub mappings: Option<Vec<Mapping>>,
}

impl NewConnection {
    /// The protocol and what is said of it.
    ///
    /// # Errors
    /// With each thing that is wrong or missing.
    pub fn parse(self, is_issuer: fn(&str) -> bool) -> Result<(Protocol, Wanted), Issues> {
        let mut issues = Issues::default();
        let protocol = self.protocol.parse().ok();
        let needed: &[(&str, bool)] = match protocol {
            Some(Protocol::Oidc) => &[("issuer", self.issuer.is_none()), ("client_id", self.client_id.is_none())],
            Some(Protocol::Saml) => &[("metadata_xml", self.metadata_xml.is_none())],
            None => {
                issues.add("/protocol", "invalid_protocol", "a protocol is `oidc` or `saml`");
                &[]
            }
        };
        for (name, _) in needed.iter().filter(|(_, is_missing)| *is_missing) {
            issues.add(format!("/{name}"), "required", format!("this protocol takes `{name}`"));
        }
        let patch = ConnectionPatch {
            name: Some(self.name),
            issuer: self.issuer,
            client_id: self.client_id,
            client_secret: self.client_secret.map(Some),
            metadata_xml: self.metadata_xml,
            idp_initiated: self.idp_initiated,
            active: self.active,
            group_claim: self.group_claim,
            sync: self.sync,
            role_mappings: Some(self.role_mappings),
        };
        let wanted = protocol.map(|protocol| (protocol, patch.read(&mut issues, protocol, is_issuer)));
        issues.finish(wanted)
    }
}

impl ConnectionPatch {
    /// What is said of a connection that speaks this protocol.
    ///
    /// # Errors
    /// With each thing that is wrong.
    pub fn parse(self, protocol: Protocol, is_issuer: fn(&str) -> bool) -> Result<Wanted, Issues> {
        let mut issues = Issues::default();
        let wanted = self.read(&mut issues, protocol, is_issuer);
        issues.finish(Some(wanted))
    }

    fn read(self, issues: &mut Issues, protocol: Protocol, is_issuer: fn(&str) -> bool) -> Wanted {
        self.check_protocol(issues, protocol);
        if let Some(issuer) = self.issuer.as_deref().filter(|issuer| !is_issuer(issuer) || issuer.contains('?')) {
            let detail = format!("`{issuer}` is no issuer: an `https` address without a query and without a fragment");
            issues.add("/issuer", "invalid_issuer", detail);
        }
        let texts = [
            ("/client_id", self.client_id.as_deref()),
            ("/client_secret", self.client_secret.as_ref().and_then(Option::as_deref)),
            ("/group_claim", self.group_claim.as_deref()),
        ];
        for (path, text) in texts.iter().filter_map(|(path, text)| text.map(|text| (path, text))) {
            if !is_text(text) {
                let detail = format!("this has 1 to {MOST_TEXT} characters, none of them a control character");
                issues.add(*path, "invalid_text", detail);
            }
        }
        let sync = self.sync.as_deref().and_then(|text| {
            let sync = text.parse().ok();
            if sync.is_none() {
                issues.add("/sync", "invalid_sync", "mappings are applied at `each_login` or at the `first_login`");
            }
            sync
        });
        Wanted {
            name: self.name.and_then(|name| issues.take("/name", name.parse())),
            issuer: self.issuer,
            client_id: self.client_id,
            client_secret: self.client_secret,
            metadata_xml: self.metadata_xml,
            idp_initiated: self.idp_initiated,
            active: self.active,
            group_claim: self.group_claim,
            sync,
            mappings: self.role_mappings.map(|mappings| read_mappings(issues, &mappings)),
        }
    }

    /// What the other protocol has would be kept for nothing.
    fn check_protocol(&self, issues: &mut Issues, protocol: Protocol) {
        let of_oidc = [
            ("issuer", self.issuer.is_some()),
            ("client_id", self.client_id.is_some()),
            ("client_secret", self.client_secret.is_some()),
        ];
        let of_saml = [("metadata_xml", self.metadata_xml.is_some()), ("idp_initiated", self.idp_initiated.is_some())];
        let strange: &[(&str, bool)] = match protocol {
            Protocol::Oidc => &of_saml,
            Protocol::Saml => &of_oidc,
        };
        for (name, _) in strange.iter().filter(|(_, is_there)| *is_there) {
            let detail = format!("a connection that speaks `{}` has no `{name}`", protocol.as_str());
            issues.add(format!("/{name}"), "not_of_protocol", detail);
        }
    }
}

fn is_text(text: &str) -> bool {
    (1..=MOST_TEXT).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

fn read_mappings(issues: &mut Issues, mappings: &[Object<MappingBody>]) -> Vec<Mapping> {
    if mappings.len() > MOST_MAPPINGS {
        let detail = format!("a connection maps at most {MOST_MAPPINGS} groups");
        issues.add("/role_mappings", "out_of_range", detail);
    }
    let mut read: Vec<Mapping> = Vec::new();
    for (index, mapping) in mappings.iter().enumerate().take(MOST_MAPPINGS) {
        let place = format!("/role_mappings/{index}");
        if !is_text(&mapping.group) || mapping.group.trim().is_empty() {
            let detail = format!("this has 1 to {MOST_TEXT} characters, none of them a control character");
            issues.add(format!("{place}/group"), "invalid_text", detail);
        }
        if read.iter().any(|other| other.claim == mapping.group) {
            let detail = format!("the group `{}` is mapped above already", mapping.group);
            issues.add(format!("{place}/group"), "duplicate_mapping", detail);
        }
        let grants = expressions(issues, &format!("{place}/grants"), &mapping.grants);
        read.push(Mapping { claim: mapping.group.clone(), grants });
    }
    read
}

/// What a group of the provider is mapped to.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Mapping"))]
pub struct MappingView {
    /// The group, as the provider names it.
    pub group: String,
    /// The group here that holds the grants: people in it are members of it, by their logins.
    pub group_id: String,
    /// Its name here.
    pub group_name: String,
    /// What it gives.
    pub grants: Vec<GrantView>,
}

/// A connection in an answer: never its secret.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Connection"))]
pub struct ConnectionView {
    /// Its id.
    pub id: String,
    /// `oidc` or `saml`.
    pub protocol: &'static str,
    /// The name.
    pub name: String,
    /// Whether people may sign in by it.
    pub active: bool,
    /// OIDC: the provider's issuer.
    pub issuer: Option<String>,
    /// OIDC: the client's id.
    pub client_id: Option<String>,
    /// OIDC: whether the client has a secret.
    pub has_client_secret: bool,
    /// SAML: the provider's entity id.
    pub entity_id: Option<String>,
    /// SAML: where a login starts.
    pub sso_url: Option<String>,
    /// SAML: the provider's certificates, in base64.
    pub certificates: Vec<String>,
    /// SAML: whether a login may begin at the provider.
    pub idp_initiated: bool,
    /// SAML: where our own metadata are; the address is our entity id as well.
    pub metadata_url: Option<String>,
    /// The claim that lists a person's groups.
    pub group_claim: String,
    /// `each_login` or `first_login`.
    pub sync: &'static str,
    /// What groups are mapped to, in the order of the groups' names.
    pub role_mappings: Vec<MappingView>,
    /// Where a person's login starts.
    pub login_url: String,
    /// Where the provider sends people back to: to be registered there.
    pub redirect_uri: String,
    /// When it was made.
    pub created_at: String,
    /// When somebody last signed in by it.
    pub last_login_at: Option<String>,
}

impl ConnectionView {
    /// Of a connection with its mappings, in the deployment of this origin.
    pub fn new(connection: &Connection, role_mappings: Vec<MappingView>, origin: &str) -> Self {
        let id = connection.id.to_string();
        Self {
            login_url: format!("{origin}/v1/sso/{id}/login"),
            redirect_uri: match connection.protocol {
                Protocol::Oidc => format!("{origin}/v1/sso/oidc/callback"),
                Protocol::Saml => format!("{origin}/v1/sso/saml/acs"),
            },
            id,
            protocol: connection.protocol.as_str(),
            name: connection.name.to_string(),
            active: connection.is_active,
            issuer: connection.issuer.clone(),
            client_id: connection.client_id.clone(),
            has_client_secret: connection.sealed_secret.is_some(),
            entity_id: connection.entity_id.clone(),
            sso_url: connection.sso_url.clone(),
            certificates: connection.certificates.clone(),
            idp_initiated: connection.may_provider_begin,
            metadata_url: (connection.protocol == Protocol::Saml)
                .then(|| format!("{origin}/v1/sso/saml/metadata/{}", connection.id)),
            group_claim: connection.group_claim.clone(),
            sync: connection.sync.as_str(),
            role_mappings,
            created_at: connection.created_at.to_string(),
            last_login_at: connection.last_login_at.map(|at| at.to_string()),
        }
    }
}

/// Why a login was refused.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Refusal"))]
pub struct RefusalView {
    /// The code.
    pub code: &'static str,
    /// In words.
    pub detail: String,
}

/// By which connection somebody signed in, for the record.
#[derive(Debug, Serialize)]
pub struct SignInView {
    /// The connection.
    pub connection: String,
}

/// Which session came in without SSO, for the record.
#[derive(Debug, Serialize)]
pub struct BypassView {
    /// The session's id.
    pub session: String,
}
