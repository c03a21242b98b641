// Opens the sealed mail of the local outbox with SEAL_KEY of .dev.vars and prints it; scripts/outbox calls this.
import { execFileSync } from "node:child_process";
import { createDecipheriv } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

const NONCE = 12;
const TAG = 16;

/** `SEAL_KEY` of .dev.vars, or of the example that it is copied from. */
function sealKey() {
  const file = existsSync(".dev.vars") ? ".dev.vars" : ".dev.vars.example";
  const line = /^SEAL_KEY="?([0-9a-f]{64})"?\s*$/im.exec(readFileSync(file, "utf8"));
  if (!line) throw new Error(`${file} has no SEAL_KEY of 64 hex digits`);
  return Buffer.from(line[1], "hex");
}

/** The mail inside: nonce, ciphertext and tag in one, bound to the row's id. */
function unseal(row, key) {
  const sealed = Buffer.from(row.sealed, "base64url");
  const decipher = createDecipheriv("chacha20-poly1305", key, sealed.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAAD(Buffer.from(row.id), { plaintextLength: sealed.length - NONCE - TAG });
  decipher.setAuthTag(sealed.subarray(-TAG));
  const text = Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]);
  return JSON.parse(text.toString("utf8"));
}

function rows() {
  const sql = "SELECT id, to_email, subject, sealed, created_at, sent_at FROM outbox ORDER BY created_at, id";
  const args = ["d1", "execute", "rolecall", "--local", "--json", "--command", sql, ...process.argv.slice(2)];
  const out = execFileSync("wrangler", args, { encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, CI: "1" } });
  return JSON.parse(out)[0].results;
}

const key = sealKey();
const mails = rows();
for (const row of mails) {
  const state = row.sent_at === null ? "waiting" : `sent ${new Date(row.sent_at).toISOString()}`;
  const mail = row.sealed === null ? { to: row.to_email, subject: row.subject, text: "(the content is gone)" } : unseal(row, key);
  console.log(`--- ${row.id}  ${new Date(row.created_at).toISOString()}  ${state}`);
  console.log(`To: ${mail.to}\nSubject: ${mail.subject}\n\n${mail.text.trimEnd()}\n`);
}
console.log(mails.length === 0 ? "The outbox is empty." : `${mails.length} in the outbox.`);
