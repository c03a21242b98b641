// Signs in to the demo workspace as its owner and takes a picture of each view; scripts/screenshots calls this.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../www/package.json", import.meta.url))("playwright-core");
const OWNER = "ada@acme.example";
const FOLDER = "www/screenshots";
const url = process.argv[2];

/** The newest sign-in link that was mailed to the owner. */
async function link() {
  const answer = await fetch(`${url}/v1/sessions/email`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ email: OWNER }) });
  if (!answer.ok) throw new Error(`no sign-in link: ${await answer.text()}`);
  const mails = execFileSync("node", ["scripts/outbox.mjs"], { encoding: "utf8" });
  const found = [...mails.matchAll(/\/sign-in\/(rcl_[a-z]+_[\w-]+)/g)].at(-1)?.[1];
  if (!found) throw new Error("the outbox has no sign-in link");
  return `${url}/sign-in/${found}`;
}

async function showImpact(page) {
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByText("They lose access at once").waitFor();
}

async function addRole(page) {
  await page.getByLabel("E-mail addresses").fill("nora@acme.example omar@acme.example");
  await page.keyboard.press("Enter");
  await page.getByLabel("Role", { exact: true }).selectOption({ label: "Source Admin" });
  await page.getByLabel("Where it holds").selectOption({ label: "Website" });
  await page.getByRole("button", { name: "Add role" }).click();
}

async function changeAccess(page) {
  await page.getByRole("button", { name: "Change access" }).click();
  const dialog = page.getByRole("dialog", { name: /^Change access/ });
  await dialog.getByRole("button", { name: /^Take away Source Admin/ }).click();
  await dialog.getByLabel("Role", { exact: true }).selectOption({ label: "Tracking Plan Read-only (Protocols add-on)" });
  await dialog.getByRole("button", { name: "Add role" }).click();
}

async function importRows(page) {
  const rows = ["email,name,grants,groups", "quin@acme.example,Quin Abara,workspace_member;source_read_only,Analysts", "rosa-at-acme,Rosa Lund,workspace_member,", "sven@acme.example,Sven Holt,workspace_member;emperor,", "chloe@acme.example,Chloe Martin,workspace_member,"];
  await page.getByLabel("Or paste the rows").fill(rows.join("\n"));
  await page.getByRole("button", { name: "Check these rows" }).click();
  await page.getByLabel("Show").selectOption("");
}

async function selectSome(page) {
  for (const name of ["Finn Berg", "Grace Okafor", "Hugo Silva"]) await page.getByLabel(`Select ${name}`).check();
  await page.getByRole("button", { name: "Add roles" }).click();
  const dialog = page.getByRole("dialog", { name: /^Add roles/ });
  await dialog.getByLabel("Role", { exact: true }).selectOption({ label: "Source Admin" });
  await dialog.getByLabel("Where it holds").selectOption({ label: "environment:prod" });
  await dialog.getByLabel("And also labelled").selectOption({ label: "team:growth" });
  await dialog.getByRole("button", { name: "Add role", exact: true }).click();
}

async function openPalette(page) {
  await page.keyboard.press("Control+k");
  await page.getByRole("option").first().waitFor();
}

/** The views by name: where each lies, and what is done there first. */
const views = (id, connection) => [
  ["members", "members"],
  ["member", `members/${id}`],
  ["effective-access", `members/${id}/effective`],
  ["history", `members/${id}/history`],
  ["change-access", `members/${id}`, changeAccess],
  ["remove", `members/${id}`, showImpact],
  ["invite", "invite", addRole],
  ["import", "import", importRows],
  ["invites", "invites"],
  ["expired", "invites/expired"],
  ["groups", "groups"],
  ["roles", "roles"],
  ["explorer", "explorer/who?action=source:edit&resource=source/website"],
  ["stale", "stale"],
  ["several", "members", selectSome],
  ["my-access", "me"],
  ["resources", "resources"],
  ["labels", "labels"],
  ["tokens", "tokens"],
  ["audit", "audit"],
  ["settings", "settings"],
  ["sso", "sso"],
  ["connect", "sso/new"],
  ["mappings", `sso/${connection}/groups`],
  ["domains", "domains"],
  ["scim", "scim"],
  ["palette", "roles", openPalette],
];

/** Waits until all that a view shows is there. */
async function settle(page) {
  await page.waitForFunction(() => document.querySelector("h1") !== null && document.querySelector("[data-loading]") === null);
  await page.waitForLoadState("networkidle");
  // A ring of focus is no part of the view; a dialog would close without the focus.
  await page.evaluate(() => document.querySelector("[role=dialog]") ?? document.activeElement?.blur?.());
}

const executablePath = execFileSync("scripts/browser", { encoding: "utf8" }).trim();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  mkdirSync(FOLDER, { recursive: true });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", colorScheme: "light" });
  await page.goto(`${url}/sign-in`);
  await settle(page);
  await page.screenshot({ path: `${FOLDER}/sign-in.png` });
  await page.goto(await link());
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Members" }).waitFor();
  const { data } = await page.evaluate(async () => (await fetch("/v1/workspaces/acme/members?q=chloe")).json());
  const connections = await page.evaluate(async () => (await fetch("/v1/workspaces/acme/sso/connections")).json());
  for (const [name, path, act] of views(data[0].id, connections.data[0].id)) {
    await page.goto(`${url}/w/acme/${path}`);
    await settle(page);
    await act?.(page);
    await settle(page);
    await page.screenshot({ path: `${FOLDER}/${name}.png` });
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(`${url}/w/acme/members`);
  await settle(page);
  await page.screenshot({ path: `${FOLDER}/members-dark.png` });
  await page.setViewportSize({ width: 360, height: 740 });
  await settle(page);
  await page.screenshot({ path: `${FOLDER}/members-narrow.png` });
} finally {
  await browser.close();
}
