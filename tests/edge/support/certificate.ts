// A key and its self-signed certificate, as an identity provider has them: DER by hand, since Node reads certificates but
// makes none.
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";

/** A private key with its certificate, both as PEM. */
export interface Identity {
  key: string;
  certificate: string;
}

type Kind = { kind: "rsa"; bits: number } | { kind: "ec" };

const SHA256_WITH_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const SHA256_WITH_ECDSA = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME = [0x55, 0x04, 0x03];

function element(tag: number, ...content: Uint8Array[]): Uint8Array {
  const body = Buffer.concat(content);
  const length = body.length < 0x80 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Uint8Array.from([tag, ...length]), body]);
}

const sequence = (...content: Uint8Array[]) => element(0x30, ...content);
const text = (tag: number, value: string) => element(tag, Buffer.from(value));
const object = (id: number[]) => element(0x06, Uint8Array.from(id));

function make(publicKey: KeyObject, privateKey: KeyObject, name: string): Uint8Array {
  const isRsa = publicKey.asymmetricKeyType === "rsa";
  const method = isRsa ? sequence(object(SHA256_WITH_RSA), element(0x05)) : sequence(object(SHA256_WITH_ECDSA));
  const who = sequence(element(0x31, sequence(object(COMMON_NAME), text(0x0c, name))));
  const dates = sequence(text(0x17, "260101000000Z"), text(0x17, "360101000000Z"));
  const version = element(0xa0, element(0x02, Uint8Array.from([2])));
  const serial = element(0x02, Uint8Array.from([1]));
  const key = publicKey.export({ type: "spki", format: "der" });
  const content = sequence(version, serial, method, who, dates, who, key);
  const signature = sign("sha256", content, privateKey);
  return sequence(content, method, element(0x03, Uint8Array.from([0]), signature));
}

/** A new identity. */
export function identity(name: string, kind: Kind = { kind: "rsa", bits: 2048 }): Identity {
  const pair =
    kind.kind === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: kind.bits })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const base64 = Buffer.from(make(pair.publicKey, pair.privateKey, name)).toString("base64");
  const lines = base64.match(/.{1,64}/g) ?? [];
  const certificate = `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
  return { key: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), certificate };
}

/** A certificate without its frame, as XML has it. */
export const bare = (certificate: string): string => certificate.replace(/-----[^-]+-----|\s/g, "");
