// Makes the demo workspace Acme through the HTTP API, once, and prints how to reach it; scripts/dev calls this.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const KEPT = ".wrangler/demo.json";
const url = process.argv[2];

const LABELS = [
  ["environment", "prod", "What customers see"],
  ["environment", "dev", "What only we see"],
  ["team", "growth", null],
];

const RESOURCES = [
  ["source/website", { name: "Website", labels: { environment: "prod", team: "growth" } }],
  ["source/ios", { name: "iOS app", labels: { environment: "prod" } }],
  ["source/billing", { name: "Billing API", labels: { environment: "dev" } }],
  ["destination/warehouse-sync", { name: "Warehouse sync", parent: "source/website" }],
  ["destination/ads", { name: "Ads audience", parent: "source/ios" }],
  ["space/marketing", { name: "Marketing" }],
  ["space/support", { name: "Support" }],
  ["tracking_plan/web", { name: "Web tracking plan" }],
  ["function/enrich", { name: "Enrich addresses" }],
  ["warehouse/main", { name: "Main warehouse" }],
];

const MEMBERS = [
  ["ben@acme.example", "Ben Ortiz", ["workspace_owner"]],
  ["chloe@acme.example", "Chloe Martin", ["workspace_member", "source_admin"]],
  ["dev@acme.example", "Dev Patel", ["workspace_member", "source_admin@source/website"]],
  ["elif@acme.example", "Elif Kaya", ["workspace_member", "source_read_only@source/ios"]],
  ["finn@acme.example", "Finn Berg", ["workspace_member", "tracking_plan_admin"]],
  ["grace@acme.example", "Grace Okafor", ["workspace_member", "tracking_plan_read_only@tracking_plan/web"]],
  ["hugo@acme.example", "Hugo Silva", ["workspace_member", "engage_admin@space/marketing"]],
  ["iris@acme.example", "Iris Novak", ["workspace_member", "engage_user@space/support", "pii_access@space/support"]],
  ["jun@acme.example", "Jun Tanaka", ["minimal_workspace_access", "function_admin"]],
  ["kira@acme.example", "Kira Lindqvist", ["workspace_member", "warehouse_read_only"]],
  ["liam@acme.example", "Liam Walsh", ["workspace_member", "source_read_only", "end_user_privacy_admin"]],
];

const GROUPS = [
  ["Analysts", ["source_read_only"], ["finn@acme.example", "grace@acme.example", "nils@agency.example"]],
  ["Production engineers", ["source_admin@{environment:prod}"], ["dev@acme.example", "elif@acme.example"]],
];

const WAITING = [
  ["mona@acme.example", "Mona Haddad", ["workspace_member", "source_read_only"]],
  ["nils@agency.example", "Nils Ek", ["workspace_member", "engage_read_only@space/marketing"]],
];

const EXPIRED = [
  ["olga@acme.example", "Olga Petrova", ["workspace_member"]],
  ["pete@agency.example", "Pete Young", ["workspace_member", "source_read_only@source/website"]],
];

/** Switched off: there is no such provider. */
const CONNECTION = {
  protocol: "oidc",
  name: "Okta",
  issuer: "https://acme.okta.example",
  client_id: "rolecall",
  client_secret: "only-an-example",
  active: false,
  role_mappings: [{ group: "web-team", grants: ["source_admin@source/website"] }],
};

async function call(method, path, token, body) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  if (body) headers["content-type"] = "application/json";
  const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/** The token of an earlier start, if it still opens the workspace. */
async function keptToken() {
  if (!existsSync(KEPT)) return undefined;
  const { token } = JSON.parse(readFileSync(KEPT, "utf8"));
  const response = await fetch(`${url}/v1/workspaces/acme`, { headers: { authorization: `Bearer ${token}` } });
  return response.ok ? token : undefined;
}

function bootstrapToken() {
  return /^BOOTSTRAP_TOKEN="?([^"\n]+)"?/m.exec(readFileSync(".dev.vars", "utf8"))[1];
}

function invite(token, people, deliver) {
  const invites = people.map(([email, name, grants]) => ({ email, name, grants }));
  return call("POST", "/v1/workspaces/acme/invites", token, { invites, deliver });
}

/** Expiry is a matter of time, and the API can't turn back the clock. */
function expire(emails) {
  const list = emails.map((email) => `'${email}'`).join(", ");
  const sql = `UPDATE invites SET expires_at = ${Date.now() - 86_400_000} WHERE email IN (${list})`;
  const args = ["d1", "execute", "rolecall", "--local", "--json", "--command", sql];
  execFileSync("wrangler", args, { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, CI: "1" } });
}

async function seed() {
  const { token } = await call("POST", "/v1/workspaces", bootstrapToken(), {
    name: "Acme",
    slug: "acme",
    plan: "business",
    add_ons: ["protocols", "engage"],
    owner: { email: "ada@acme.example", name: "Ada Osei" },
  });
  const secret = token.secret;
  for (const [key, value, description] of LABELS) {
    await call("POST", "/v1/workspaces/acme/labels", secret, { key, value, ...(description ? { description } : {}) });
  }
  for (const [resource, body] of RESOURCES) {
    await call("PUT", `/v1/workspaces/acme/resources/${resource}`, secret, body);
  }
  const { data } = await invite(secret, MEMBERS, "link");
  for (const { accept_url } of data) {
    await call("POST", `/v1/invites/${/rcl_inv_[\w-]+/.exec(accept_url)[0]}/accept`, undefined, {});
  }
  await invite(secret, [...WAITING, ...EXPIRED], "email");
  for (const [name, grants, members] of GROUPS) {
    const { id } = await call("POST", "/v1/workspaces/acme/groups", secret, { name, grants });
    await call("POST", `/v1/workspaces/acme/groups/${id}/members`, secret, { members });
  }
  await call("POST", "/v1/workspaces/acme/sso/connections", secret, CONNECTION);
  await call("POST", "/v1/workspaces/acme/domains", secret, { domain: "acme.example" });
  await call("POST", "/v1/workspaces/acme/tokens", secret, { name: "Access checks of the shop", actions: ["member:view"] });
  expire(EXPIRED.map(([email]) => email));
  writeFileSync(KEPT, JSON.stringify({ token: secret }), { mode: 0o600 });
  return secret;
}

try {
  const token = (await keptToken()) ?? (await seed());
  console.log(`
  Rolecall   ${url}
  console    sign in there as ada@acme.example; scripts/outbox prints the mail with the link
  workspace  acme
  token      ${token}   (of its owner, Ada)

  curl -H "Authorization: Bearer ${token}" ${url}/v1/workspaces/acme/members
`);
} catch (error) {
  console.error(`error: the demo workspace could not be made: ${error.message}`);
  console.error("When an earlier seed broke off halfway, remove .wrangler/ and start again.");
  process.exitCode = 1;
}
