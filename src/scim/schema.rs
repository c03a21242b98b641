//! The table of attributes: what a user and a group are made of. Schemas, filters, PATCH and projections all follow from it.

/// The schema of the enterprise extension.
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// What the values of an attribute are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of RFC 7643 section 2.3")]
pub enum Kind {
    Text,
    Boolean,
    DateTime,
    Binary,
    Reference,
    Complex,
}

/// Who may change an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of RFC 7643 section 7")]
pub enum Mutability {
    ReadOnly,
    ReadWrite,
    Immutable,
}

/// When an answer has an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of RFC 7643 section 7")]
pub enum Returned {
    Always,
    Default,
    Never,
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// Its name, as answers spell it.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// Whether it has several.
    pub is_multi: bool,
    /// Whether a resource must have it.
    pub is_required: bool,
    /// Whether its values compare with case.
    pub is_exact: bool,
    /// Who may change it.
    pub mutability: Mutability,
    /// When an answer has it.
    pub returned: Returned,
    /// Whether no two resources of a workspace share a value.
    pub is_unique: bool,
    /// The attributes of each of its values.
    pub subs: &'static [Self],
    /// Values that everyone knows; others are fine.
    pub canonical: &'static [&'static str],
    /// What a reference leads to.
    pub leads_to: &'static [&'static str],
}

const fn of(name: &'static str, kind: Kind) -> Attribute {
    Attribute {
        name,
        kind,
        is_multi: false,
        is_required: false,
        is_exact: !matches!(kind, Kind::Text | Kind::Complex),
        mutability: Mutability::ReadWrite,
        returned: Returned::Default,
        is_unique: false,
        subs: &[],
        canonical: &[],
        leads_to: &[],
    }
}

const fn text(name: &'static str) -> Attribute {
    of(name, Kind::Text)
}

const fn complex(name: &'static str, subs: &'static [Attribute]) -> Attribute {
    Attribute { subs, ..of(name, Kind::Complex) }
}

const fn list(name: &'static str, subs: &'static [Attribute]) -> Attribute {
    complex(name, subs).multi()
}

const fn reference(name: &'static str, leads_to: &'static [&'static str]) -> Attribute {
    Attribute { leads_to, ..of(name, Kind::Reference) }
}

const fn kinds(canonical: &'static [&'static str]) -> Attribute {
    Attribute { canonical, ..text("type") }
}

impl Attribute {
    const fn multi(self) -> Self {
        Self { is_multi: true, ..self }
    }

    const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    const fn exact(self) -> Self {
        Self { is_exact: true, ..self }
    }

    const fn unique(self) -> Self {
        Self { is_unique: true, ..self }
    }

    const fn read_only(self) -> Self {
        Self { mutability: Mutability::ReadOnly, ..self }
    }

    const fn immutable(self) -> Self {
        Self { mutability: Mutability::Immutable, ..self }
    }

    const fn always(self) -> Self {
        Self { returned: Returned::Always, ..self }
    }

    /// The sub-attribute of a name, in any case.
    pub fn sub(&self, name: &str) -> Option<&'static Self> {
        find(self.subs, name)
    }

    /// Whether each answer has it, whatever is asked for.
    pub fn is_always(&self) -> bool {
        self.returned == Returned::Always
    }

    /// Whether the server alone writes it.
    pub fn is_read_only(&self) -> bool {
        self.mutability == Mutability::ReadOnly
    }
}

/// The attribute of a name, in any case.
pub(super) fn find(attributes: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

const PRIMARY: Attribute = of("primary", Kind::Boolean);
const DISPLAY: Attribute = text("display");

/// What each resource has.
const COMMON: &[Attribute] = &[
    reference("schemas", &["uri"]).multi().required().always(),
    text("id").exact().read_only().always().unique(),
    text("externalId").exact(),
    complex(
        "meta",
        &[
            text("resourceType").exact().read_only(),
            of("created", Kind::DateTime).read_only(),
            of("lastModified", Kind::DateTime).read_only(),
            reference("location", &["uri"]).read_only(),
            text("version").exact().read_only(),
        ],
    )
    .read_only(),
];

const USER_ATTRIBUTES: &[Attribute] = &[
    text("userName").required().unique(),
    complex(
        "name",
        &[
            text("formatted"),
            text("familyName"),
            text("givenName"),
            text("middleName"),
            text("honorificPrefix"),
            text("honorificSuffix"),
        ],
    ),
    text("displayName"),
    text("nickName"),
    reference("profileUrl", &["external"]),
    text("title"),
    text("userType"),
    text("preferredLanguage"),
    text("locale"),
    text("timezone"),
    of("active", Kind::Boolean),
    list("emails", &[text("value"), DISPLAY, kinds(&["work", "home", "other"]), PRIMARY]),
    list(
        "phoneNumbers",
        &[text("value"), DISPLAY, kinds(&["work", "home", "mobile", "fax", "pager", "other"]), PRIMARY],
    ),
    list("ims", &[text("value"), DISPLAY, kinds(&[]), PRIMARY]),
    list("photos", &[reference("value", &["external"]), DISPLAY, kinds(&["photo", "thumbnail"]), PRIMARY]),
    list(
        "addresses",
        &[
            text("formatted"),
            text("streetAddress"),
            text("locality"),
            text("region"),
            text("postalCode"),
            text("country"),
            kinds(&["work", "home", "other"]),
            PRIMARY,
        ],
    ),
    list(
        "groups",
        &[
            text("value").exact().read_only(),
            reference("$ref", &["Group"]).read_only(),
            DISPLAY.read_only(),
            kinds(&["direct", "indirect"]).read_only(),
        ],
    )
    .read_only(),
    list("entitlements", &[text("value"), DISPLAY, kinds(&[]), PRIMARY]),
    list("roles", &[text("value"), DISPLAY, kinds(&[]), PRIMARY]),
    list("x509Certificates", &[of("value", Kind::Binary), DISPLAY, kinds(&[]), PRIMARY]),
];

const ENTERPRISE_ATTRIBUTES: &[Attribute] = &[
    text("employeeNumber"),
    text("costCenter"),
    text("organization"),
    text("division"),
    text("department"),
    complex("manager", &[text("value").exact(), reference("$ref", &["User"]), text("displayName").read_only()]),
];

const GROUP_ATTRIBUTES: &[Attribute] = &[
    text("displayName").required().unique(),
    list(
        "members",
        &[
            text("value").exact().immutable(),
            reference("$ref", &["User"]).immutable(),
            Attribute { canonical: &["User"], ..text("type").immutable() },
        ],
    ),
];

/// What kind of thing a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Somebody.
    User,
    /// Several.
    Group,
}

impl Resource {
    /// Both.
    pub const ALL: [Self; 2] = [Self::User, Self::Group];

    /// Its name, as `meta.resourceType` has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// Where it is, below the base.
    pub const fn endpoint(self) -> &'static str {
        match self {
            Self::User => "/Users",
            Self::Group => "/Groups",
        }
    }

    /// The URN of its core schema.
    pub const fn schema(self) -> &'static str {
        match self {
            Self::User => USER,
            Self::Group => GROUP,
        }
    }

    /// What its core schema has.
    pub const fn attributes(self) -> &'static [Attribute] {
        match self {
            Self::User => USER_ATTRIBUTES,
            Self::Group => GROUP_ATTRIBUTES,
        }
    }

    /// What its extension has; nothing for a group.
    pub const fn extension(self) -> &'static [Attribute] {
        match self {
            Self::User => ENTERPRISE_ATTRIBUTES,
            Self::Group => &[],
        }
    }

    /// The core or common attribute of a name, in any case.
    pub(super) fn find(self, name: &str) -> Option<&'static Attribute> {
        find(self.attributes(), name).or_else(|| find(COMMON, name))
    }
}
