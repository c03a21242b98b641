//! Parameters of paths, queries and headers, and the headers of answers.

use rolecall::model::SecretKind;
use serde_json::{Map, Value, json};

use crate::operation::Operation;
use crate::shape::reference;
use crate::vocabulary::{domain_key, secret, workspace_key};

/// A component of a kind by its name.
fn component(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// The parameters of a route, each a reference.
pub(crate) fn of(row: &Operation) -> Vec<Value> {
    let mut names: Vec<&str> = in_path(row).collect();
    names.extend(row.query);
    let conditional = [
        (row.takes_dry_run(), "dry_run"),
        (row.takes_if_match(), "If-Match"),
        (row.takes_if_none_match(), "If-None-Match"),
        (row.endpoint.takes_key(), "Idempotency-Key"),
    ];
    names.extend(conditional.iter().filter(|(is_taken, _)| *is_taken).map(|(_, name)| name));
    names.into_iter().map(|name| component("parameters", name)).collect()
}

/// The parameters of a path by the names of their components.
fn in_path(row: &Operation) -> impl Iterator<Item = &'static str> {
    let (_, path) = row.row();
    path.split("/:").skip(1).map(move |rest| match rest.split('/').next().unwrap_or_default() {
        "secret" if path.contains("sessions") => "link_secret",
        "secret" => "invite_secret",
        "type" => "kind",
        name => name,
    })
}

/// The headers of an answer: those that each one has, and these.
pub(crate) fn headers(names: &[&str]) -> Map<String, Value> {
    let all = ["X-Request-Id", "Server-Timing"].iter().chain(names);
    all.map(|name| ((*name).to_owned(), component("headers", name))).collect()
}

/// Component, name, place, schema and description.
type Row = (&'static str, &'static str, &'static str, Value, &'static str);

/// The components of parameters.
pub(crate) fn parameters() -> Map<String, Value> {
    let parameter = |(component, name, place, schema, description): Row| {
        let is_required = place == "path" || matches!(component, "action" | "member" | "email");
        let mut parameter = json!({ "name": name, "in": place, "schema": schema, "description": description });
        if is_required {
            parameter["required"] = true.into();
        }
        (component.to_owned(), parameter)
    };
    [path(), query(), header()].into_iter().flatten().map(parameter).collect()
}

fn path() -> Vec<Row> {
    let text = |pattern: String| json!({ "type": "string", "pattern": pattern });
    vec![
        ("ws", "ws", "path", text(workspace_key()), "The workspace, by id or slug."),
        (
            "acc",
            "acc",
            "path",
            json!({ "type": "string", "minLength": 1, "examples": ["me"] }),
            "A member by account id or address, or `me`.",
        ),
        ("gnt", "gnt", "path", reference("GrantId"), "The grant."),
        ("grp", "grp", "path", reference("GroupId"), "The group."),
        ("inv", "inv", "path", reference("InviteId"), "The invite."),
        ("tok", "tok", "path", reference("TokenId"), "The token."),
        ("sct", "sct", "path", reference("TokenId"), "The SCIM token."),
        ("idp", "idp", "path", reference("ConnectionId"), "The connection."),
        ("tst", "tst", "path", reference("TestId"), "The trial."),
        ("dom", "dom", "path", text(domain_key()), "The domain, by id or name."),
        ("jrq", "jrq", "path", reference("JoinRequestId"), "The request."),
        ("connection", "connection", "path", reference("ConnectionId"), "The connection."),
        ("key", "key", "path", reference("LabelPart"), "The key of the label."),
        ("value", "value", "path", reference("LabelPart"), "The value of the label."),
        ("kind", "type", "path", reference("ResourceKind"), "The kind of resource."),
        ("id", "id", "path", reference("ResourceId"), "The id of the resource."),
        ("invite_secret", "secret", "path", text(secret(SecretKind::Invite)), "The secret in the link of the invite."),
        ("link_secret", "secret", "path", text(secret(SecretKind::Link)), "The secret in the mailed link."),
    ]
}

fn query() -> Vec<Row> {
    let text = || json!({ "type": "string" });
    let sorts = json!({ "type": "string", "enum": ["email", "-last_active_at", "joined_at"], "default": "email" });
    let one = "(member|token|invite)";
    let kinds = json!({ "type": "string", "pattern": format!("^{one}(,{one})*$"), "examples": ["member,invite"] });
    let on_errors = json!({ "type": "string", "enum": ["skip", "abort"], "default": "skip" });
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": 200, "default": 50 });
    let returns_by = json!({ "type": "string", "enum": ["scim", "none"] });
    let of = |name: &str| reference(name);
    vec![
        ("limit", "limit", "query", limit, "How many rows at most."),
        ("cursor", "cursor", "query", of("Cursor"), "The `next_cursor` of the page before, with the same filters."),
        ("dry_run", "dry_run", "query", json!({ "type": "boolean" }), "Answers what it would do, and does nothing."),
        ("q", "q", "query", text(), "The start of an address or a name."),
        ("role", "role", "query", of("Role"), "Who holds this role."),
        ("group", "group", "query", of("GroupId"), "Who is in this group."),
        ("with_resource", "resource", "query", of("ResourceName"), "Who holds a grant on this resource."),
        ("inactive_since", "inactive_since", "query", of("Time"), "Who wasn't seen since."),
        ("provisioned_by", "provisioned_by", "query", of("Provision"), "Who came this way."),
        ("sort", "sort", "query", sorts, "The order."),
        ("type", "type", "query", of("ResourceKind"), "The kind of resource."),
        ("action", "action", "query", of("Action"), "The action."),
        ("target", "resource", "query", of("Target"), "To what; nothing for the workspace as a whole."),
        ("member", "member", "query", text(), "A member by account id or address, or `me`."),
        ("snapshot_of", "member", "query", text(), "Only this member, by account id or address, or `me`."),
        ("invite_status", "status", "query", of("InviteStatus"), "Only those that stand there."),
        ("stale_kind", "kind", "query", kinds, "Of these kinds alone, with commas between them."),
        ("stale_since", "inactive_since", "query", of("Time"), "Not used since; else what the workspace calls stale."),
        ("on_error", "on_error", "query", on_errors, "What a bad row does: it alone is left out, or all are refused."),
        ("deliver", "deliver", "query", of("Deliver"), "How the links go out, where the body doesn't say it."),
        ("actor", "actor", "query", text(), "Who did it, by id or address, or `me`."),
        ("event_type", "type", "query", of("EventType"), "What happened."),
        ("subject", "subject", "query", text(), "To what it was done, by id or address, or `me`."),
        ("since", "since", "query", of("Time"), "Not before."),
        ("until", "until", "query", of("Time"), "Not after."),
        (
            "request_status",
            "status",
            "query",
            of("JoinRequestStatus"),
            "Only those that stand there; `pending` where nothing is said.",
        ),
        ("resource_id", "resource", "query", text(), "About this user or group alone."),
        (
            "returns_by",
            "returns_by",
            "query",
            returns_by,
            "Whom the provider may bring back, or whom it took out itself.",
        ),
        ("outcome", "outcome", "query", of("ProvisioningOutcome"), "Only those that came to this."),
        ("email", "email", "query", of("Email"), "An address of the person."),
        ("return_to", "return_to", "query", text(), "Where the person goes afterwards: a path of this site."),
        ("test", "test", "query", of("TestId"), "The trial that the login is."),
        ("state", "state", "query", text(), "The login that this answers."),
        ("code", "code", "query", text(), "What the provider gives an ID token for."),
        ("iss", "iss", "query", text(), "The provider that answers."),
        ("error", "error", "query", text(), "Why the provider says no."),
    ]
}

fn header() -> Vec<Row> {
    let text = || json!({ "type": "string" });
    vec![
        (
            "If-Match",
            "If-Match",
            "header",
            text(),
            "Only if this is still its `ETag`, or the version of the workspace.",
        ),
        ("If-None-Match", "If-None-Match", "header", text(), "Answers 304 if this is still its `ETag`."),
        (
            "Idempotency-Key",
            "Idempotency-Key",
            "header",
            text(),
            "Makes it safe to send the request again, for 24 hours.",
        ),
    ]
}

/// The components of headers.
pub(crate) fn header_components() -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let whole = || json!({ "type": "integer", "minimum": 0 });
    let rows = [
        ("X-Request-Id", text(), "The id of the request, for the log and the record."),
        ("Server-Timing", text(), "Our own time (`app`) and the database's (`db`)."),
        ("X-Rolecall-Version", whole(), "The version of the workspace."),
        ("ETag", text(), "The tag of what is answered."),
        ("Idempotency-Replayed", text(), "`true` on the answer to a request that was answered before."),
        ("Location", text(), "Where it is."),
        ("Set-Cookie", text(), "The session, or its end."),
        ("Retry-After", whole(), "Seconds to wait."),
        ("WWW-Authenticate", text(), "The scheme to use."),
    ];
    // A dry run of the same status has no tag and no version; the first answer is no replay.
    let is_always = |name: &str| !matches!(name, "ETag" | "X-Rolecall-Version" | "Idempotency-Replayed");
    let header = |(name, schema, description): (&str, Value, &str)| {
        (name.to_owned(), json!({ "description": description, "required": is_always(name), "schema": schema }))
    };
    rows.into_iter().map(header).collect()
}
