"""Asks our SCIM (the program given) and scim2-models the same filters and PATCHes and compares the answers.

The questions follow from a seed. Where the two differ by our own choice, `differences.json` says so with a reason and an example,
which must differ; any other difference fails.
"""

import json
import random
import re
import subprocess
import sys
from pathlib import Path

from pydantic import ValidationError
from scim2_models import Context, EnterpriseUser, Group, PatchOp, SCIMException, ScimPolicy, SearchRequest, User

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
Person = User[EnterpriseUser]

WORDS = ["ann", "Ann", "BOB", "bob", "a", "Zoë", "zoë", "o'hara", 'say "hi"', "back\\slash", "a]b", "x and y", "100%", "a_b"]
ADDRESSES = [f"{name}@example.com" for name in ["ann", "Ann", "bob", "zoe"]]
TIMES = ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2026-06-01T12:30:00.5Z", "2025-12-31T23:59:59Z"]
TYPES = ["work", "home", "other"]
# What a filter compares, with the values that it is compared with.
TEXTS = ["userName", "displayName", "nickName", "title", "userType", "locale", "externalId", "id", "name.familyName",
         "name.givenName", "emails.type", "addresses.locality", "roles.value", "roles", "groups.value", "groups",
         f"{CORE}:userName", f"{CORE}:name.familyName", f"{ENTERPRISE}:department", f"{ENTERPRISE}:employeeNumber",
         f"{ENTERPRISE}:manager.value"]
LISTS = {"emails": ["value", "type", "display", "primary"], "roles": ["value", "type", "display", "primary"],
         "addresses": ["locality", "country", "type", "primary"]}
ORDER = ["gt", "ge", "lt", "le"]
OPERATORS = ["eq", "eq", "ne", "co", "sw", "ew", *ORDER]


class Maker:
    """Makes questions of random numbers."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.pick = self.random.choice

    def maybe(self, chance=0.5):
        return self.random.random() < chance

    def some(self, make, most=3):
        return [make() for _ in range(self.random.randint(0, most))]

    # Documents.

    def entry(self, value, types=TYPES):
        made = {"value": value}
        if self.maybe(0.8):
            made["type"] = self.pick(types)
        if self.maybe(0.3):
            made["display"] = self.pick(WORDS)
        return made

    def list_of(self, name, most=3):
        if name == "emails":
            made = self.some(lambda: self.entry(self.pick(ADDRESSES)), most)
        elif name == "roles":
            made = self.some(lambda: self.entry(self.pick(WORDS)), most)
        else:
            made = self.some(lambda: {"locality": self.pick(WORDS), "type": self.pick(TYPES)}, most)
        if made and self.maybe():
            self.pick(made)["primary"] = True
        return made

    def user(self):
        user = {"userName": self.pick(WORDS)}
        for name in ["displayName", "nickName", "title", "userType", "locale", "externalId"]:
            if self.maybe():
                user[name] = self.pick(WORDS)
        if self.maybe(0.7):
            user["active"] = self.maybe()
        if self.maybe(0.6):
            names = ["familyName", "givenName", "formatted"]
            user["name"] = {name: self.pick(WORDS) for name in self.random.sample(names, self.random.randint(1, 3))}
        for name in LISTS:
            if values := self.list_of(name):
                user[name] = values
        if self.maybe():
            user[ENTERPRISE] = {"department": self.pick(WORDS)}
            if self.maybe():
                user[ENTERPRISE]["manager"] = {"value": self.pick(WORDS)}
        return user

    def listed(self):
        """A user as a list has it."""
        groups = self.some(lambda: {"value": self.pick(WORDS)}, 2)
        whole = {"id": self.pick(WORDS), "meta": {"resourceType": "User", "created": self.pick(TIMES)}}
        return {**self.user(), **whole, **({"groups": groups} if groups else {})}

    # Filters.

    def cased(self, text):
        return self.pick([text, text, text.upper(), text.lower(), text.swapcase()])

    def quoted(self, text):
        return json.dumps(text, ensure_ascii=self.maybe())

    def comparison(self, name, kind):
        if self.maybe(0.15):
            return f"{self.cased(name)} {self.cased('pr')}"
        if kind != "time" and self.maybe(0.08):
            return f"{self.cased(name)} {self.pick(['eq', 'ne'])} null"
        value = {
            "flag": lambda: self.pick(["true", "false"]),
            "time": lambda: self.quoted(self.pick(TIMES)),
            "address": lambda: self.quoted(self.pick(ADDRESSES + ["example", "ann"])),
            "text": lambda: self.quoted(self.pick([*WORDS, *TYPES, "Work"])),
        }[kind]()
        operator = self.pick({"flag": ["eq", "ne"], "time": ["eq", "ne", *ORDER], "address": ["co", "sw", "ew"]}.get(kind, OPERATORS))
        # Numbers, booleans and texts where another kind is wanted: both refuse most of these.
        if self.maybe(0.03):
            value = self.pick(["5", "true", '"x"', "1.5e3"])
        if kind != "address" and self.maybe(0.03):
            operator = self.pick(OPERATORS)
        return f"{self.cased(name)} {self.cased(operator)} {value}"

    def leaf(self):
        kind = self.random.random()
        if kind < 0.25:
            return self.value_path()
        if kind < 0.35:
            return self.comparison("active", "flag")
        if kind < 0.45:
            return self.comparison("meta.created", "time")
        if kind < 0.55:
            return self.comparison(self.pick(["emails", "emails.value"]), "address")
        if kind < 0.57:
            return self.comparison(self.pick(["name", "meta", "unknown", "name.unknown", f"{CORE}:x", "urn:x:y", "addresses"]), "text")
        return self.comparison(self.pick(TEXTS), "text")

    def value_path(self):
        name = self.pick(list(LISTS))
        subs = LISTS[name]

        def inner():
            sub = self.pick(subs)
            kind = "flag" if sub == "primary" else "address" if (name, sub) == ("emails", "value") else "text"
            return self.comparison(sub, kind)

        filter_ = self.joined(inner, 2)
        tail = f".{inner()}" if self.maybe(0.2) else ""
        return f"{self.cased(name)}[{filter_}]{tail}"

    def joined(self, leaf, depth):
        kind = self.random.random()
        if depth == 0 or kind < 0.45:
            return leaf()
        if kind < 0.55:
            return f"{self.cased('not')}{self.pick(['', ' '])}({self.joined(leaf, depth - 1)})"
        if kind < 0.65:
            return f"({self.joined(leaf, depth - 1)})"
        terms = [self.joined(leaf, depth - 1) for _ in range(self.random.randint(2, 3))]
        return f" {self.cased(self.pick(['and', 'or']))} ".join(terms)

    def filter(self):
        text = self.joined(self.leaf, 3)
        if self.maybe(0.12):
            at = self.random.randrange(len(text))
            text = text[:at] + self.pick(["", "", '"', "(", ")", "[", "]", " ", "x", "\\", "."]) + text[at + 1 :]
        return text

    # PATCHes.

    def simple(self):
        name = self.pick(["displayName", "nickName", "title", "userType", "locale", "externalId", "userName", f"{CORE}:title",
                          f"{ENTERPRISE}:department", "name.familyName", "name.givenName", f"{ENTERPRISE}:manager.value"])
        return name, self.pick(WORDS)

    def target(self):
        kind = self.random.random()
        if kind < 0.35:
            return self.simple()
        if kind < 0.42:
            return "active", self.pick([True, False])
        if kind < 0.5:
            return "name", {name: self.pick([*WORDS, None]) for name in self.random.sample(["familyName", "givenName", "formatted"], 2)}
        if kind < 0.56:
            return f"{ENTERPRISE}:manager", {"value": self.pick(WORDS)}
        if kind < 0.6:
            return ENTERPRISE, {"department": self.pick(WORDS), "costCenter": self.pick(WORDS)}
        if kind < 0.8:
            name = self.pick(list(LISTS))
            return name, self.list_of(name, 2) or [{"type": "home", "primary": True}]
        if kind < 0.97:
            return self.chosen()
        return self.pick(["unknown", "id", "groups", "name.unknown", "title.x", "meta", "emails[", "emails[type eq]", "name[x eq 1]"]), "x"

    def chosen(self):
        name = self.pick(list(LISTS))
        sub = self.pick(LISTS[name])
        words = {"primary": [True, False], "type": TYPES}.get(sub, WORDS)
        value = self.pick(ADDRESSES if (name, sub) == ("emails", "value") else words)
        filter_ = self.pick([f'type eq "{self.pick(TYPES)}"', "primary eq true", f'type eq "{self.pick(TYPES)}" and primary eq true', f"{LISTS[name][0]} pr"])
        if self.maybe(0.75):
            return f"{name}[{filter_}].{sub}", value
        return f"{name}[{filter_}]", {sub: value}

    def operation(self):
        verb = self.pick(["add", "replace", "replace", "remove"])
        path, value = self.target()
        made = {"op": self.pick([verb, verb.capitalize()])}
        if verb == "remove":
            if not self.maybe(0.03):
                made["path"] = path
            if path in LISTS and self.maybe():
                made["value"] = [{"type": self.pick(TYPES)}]
        elif self.maybe(0.3) and "[" not in path:
            other, text = self.simple()
            same = other.split(":")[-1] == path.split(":")[-1]
            made["value"] = {path: value} if same else {path: value, other: text}
        else:
            made |= {"path": path, "value": None if self.maybe(0.05) else value}
        return made

    def patch(self, operation):
        return {"schemas": [PATCH_OP], "Operations": [operation() for _ in range(self.random.randint(1, 3))]}

    # Groups.

    def member(self):
        return {"value": str(self.random.randint(1, 6))}

    def group(self):
        members = {member["value"]: member for member in self.some(self.member, 5)}
        return {"displayName": self.pick(WORDS), **({"members": list(members.values())} if members else {})}

    def group_operation(self):
        kind = self.random.random()
        if kind < 0.3:
            return {"op": "add", "path": "members", "value": self.some(self.member) or [self.member()]}
        if kind < 0.45:
            return {"op": "remove", "path": f'members[value eq "{self.member()["value"]}"]'}
        if kind < 0.55:
            return {"op": "remove", "path": f'members[value eq "1" or value eq "{self.member()["value"]}"]'}
        if kind < 0.65:
            return {"op": "Remove", "path": "members", "value": [self.member()]}
        if kind < 0.72:
            return {"op": "replace", "path": "members", "value": self.some(self.member)}
        if kind < 0.77:
            return {"op": "remove", "path": self.pick(["members", "displayName", "externalId"])}
        if kind < 0.82:
            return {"op": "remove", "path": f'members[value gt "{self.member()["value"]}"]'}
        if kind < 0.9:
            return {"op": "replace", "path": self.pick(["displayName", "externalId"]), "value": self.pick(WORDS)}
        return {"op": "replace", "value": {"displayName": self.pick(WORDS), **({"members": self.some(self.member)} if self.maybe() else {})}}


def refused(error):
    """What an exception of theirs says, in the words of the RFC."""
    if isinstance(error, ValidationError):
        kinds = [details["type"].removeprefix("scim_") for details in error.errors() if details["type"].startswith("scim_")]
        return {"error": kinds[0] if kinds else "invalidValue"}
    return {"error": getattr(error, "scim_type", None) or "invalidValue"}


def their_filter(case, people):
    try:
        filter_ = SearchRequest[Person].model_validate({"filter": case["filter"]}).filter
        return [at for at, person in enumerate(people) if filter_.match(person)]
    except (SCIMException, ValidationError) as error:
        return refused(error)


def apply(model, document, body):
    """Their PATCH, under the policies that we keep for all: one operation at a time, since an `add` creates and a `replace` doesn't."""
    resource = model.model_validate(document)
    for operation in body["Operations"]:
        creates = operation["op"].lower() == "add"
        policy = ScimPolicy(
            unknown=ScimPolicy.Unknown.forbid,
            remove_value_as_filter=ScimPolicy.RemoveValue.apply,
            unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create if creates else ScimPolicy.UnmatchedPathFilter.forbid,
        )
        patch = PatchOp[model].model_validate({**body, "Operations": [operation]}, scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=policy)
        patch.patch(resource, scim_policy=policy)
    return resource


def their_user(case):
    try:
        user = apply(Person, {"schemas": [CORE, ENTERPRISE], **case["document"]}, case["body"])
        return plain(user.model_dump())
    except (SCIMException, ValidationError) as error:
        return refused(error)


def their_group(case):
    try:
        group = apply(Group, {"schemas": [str(Group.__schema__)], **case["document"]}, case["body"])
        members = sorted({member.value for member in group.members or []})
        return {"displayName": group.display_name, "externalId": group.external_id, "members": members}
    except (SCIMException, ValidationError) as error:
        return refused(error)


def plain(value):
    """A document without what is empty and what the server writes."""
    if isinstance(value, dict):
        kept = {name: plain(item) for name, item in value.items() if name not in ("schemas", "id", "meta")}
        return {name: item for name, item in kept.items() if item not in (None, [], {})}
    return [plain(item) for item in value] if isinstance(value, list) else value


def outcome(answer):
    return answer["error"] if isinstance(answer, dict) and "error" in answer else "answer"


def explained(case, ours, theirs, rows, used):
    """Whether a row says why the two differ."""
    text = json.dumps({name: case[name] for name in ("filter", "document", "body") if name in case}, ensure_ascii=False)
    for at, row in enumerate(rows):
        fits = row["kind"] == case["kind"] and outcome(ours) in row["ours"] and outcome(theirs) in row["theirs"]
        if fits and re.search(row["where"], text):
            used.add(at)
            return True
    return False


def main():
    program, count, seed = sys.argv[1], int((sys.argv[2:] or [1000])[0]), int((sys.argv[3:] or [1])[0])
    rows = json.loads((Path(__file__).parent / "differences.json").read_text())
    maker = Maker(seed)
    documents = [maker.listed() for _ in range(40)]
    people = [Person.model_validate({"schemas": [CORE, ENTERPRISE], **document}) for document in documents]
    cases = [{"kind": "filter", "filter": maker.filter()} for _ in range(count)]
    cases += [{"kind": "user", "document": maker.user(), "body": maker.patch(maker.operation)} for _ in range(count)]
    cases += [{"kind": "group", "document": maker.group(), "body": maker.patch(maker.group_operation)} for _ in range(count // 4)]
    cases += [{"kind": row["kind"], **row["example"]} for row in rows]
    sent = "".join(json.dumps({**case, **({"documents": documents} if case["kind"] == "filter" else {})}) + "\n" for case in cases)
    answers = subprocess.run([program], input=sent, capture_output=True, text=True, check=True).stdout.splitlines()
    ask = {"filter": lambda case: their_filter(case, people), "user": their_user, "group": their_group}
    used, failures, counts = set(), [], {}
    for case, answer in zip(cases, answers, strict=True):
        ours, theirs = json.loads(answer), ask[case["kind"]](case)
        ours = plain(ours) if case["kind"] == "user" else ours
        is_same = ours == theirs
        kind = f"{case['kind']}: {'same ' + ('answer' if outcome(ours) == 'answer' else 'refusal') if is_same else 'different'}"
        counts[kind] = counts.get(kind, 0) + 1
        if not is_same and not explained(case, ours, theirs, rows, used):
            failures.append((case, ours, theirs))
    for case, ours, theirs in failures[:12]:
        print(json.dumps(case, ensure_ascii=False), f"\n  ours   {ours}\n  theirs {theirs}")
    unneeded = [row["reason"] for at, row in enumerate(rows) if at not in used]
    for reason in unneeded:
        print(f"a row of differences.json whose example is no difference: {reason}")
    print(f"seed {seed}: {counts}; {len(failures)} unexplained")
    print(f"# tests {len(cases)}")
    sys.exit(bool(failures or unneeded))


main()
