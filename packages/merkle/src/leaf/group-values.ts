import { hash } from "node:crypto";
import { toBase64 } from "../base64.ts";
import { requireHash } from "../hash.ts";
import { fieldsOf, hashOf, Malformed, textOf } from "../shape.ts";

/**
 * The values of the groups that a verifier reads: canonical JSON (RFC 8785) of flat records. Those of `why`, `rules`
 * and `from` are for people and for other programs, and may hold anything; these may hold further fields, too.
 */
export type Sent = {
  kind: string;
  /** The id under which the receiver knows the object. */
  id: string;
  type: string;
  /** Of the body's bytes as they were sent, in hexadecimal digits. */
  sha256: string;
  tlp: string;
  pap: string | null;
  /** Of a withdrawal, the hash of the version that revokes the object, where clients of TAXII are told by one. */
  revocation?: string | undefined;
};

/** `sent`: what a receiver got. */
export function sentValue({ kind, id, type, sha256, tlp, pap, revocation }: Sent): string {
  if (revocation !== undefined || !PLAIN.test(id) || !PLAIN.test(sha256))
    return JSON.stringify({ id, kind, pap, revocation, sha256, tlp, type });
  const { kind: k, tlp: t, pap: p, type: y } = frame;
  if (k !== kind || t !== tlp || p !== pap || y !== type) frame = frameOf({ kind, tlp, pap, type });
  return `{"id":"${id}${frame.between}${sha256}${frame.after}`;
}

/** What JSON writes as it is. */
const PLAIN = /^[-_:.0-9A-Za-z]*$/;

/** What stands between and behind the two values that differ from one entry to the next: a batch is of a kind. */
type Frame = Pick<Sent, "kind" | "tlp" | "pap" | "type"> & { between: string; after: string };

let frame = frameOf({ kind: "", tlp: "", pap: null, type: "" });

function frameOf(of: Pick<Sent, "kind" | "tlp" | "pap" | "type">): Frame {
  const { kind, tlp, pap, type } = of;
  const between = `","kind":${JSON.stringify(kind)},"pap":${JSON.stringify(pap)},"sha256":"`;
  const after = `","tlp":${JSON.stringify(tlp)},"type":${JSON.stringify(type)}}`;
  return { ...of, between, after };
}

/** `by`: the originator's code, for all receivers. */
export function byValue(originator: string): string {
  return JSON.stringify({ originator });
}

/** `to`: the root over the recipients (`recipients.ts`). */
export function toValue(root: Uint8Array): string {
  return JSON.stringify({ root: toBase64(requireHash(root)) });
}

/** Of the bytes of a rendition's body, as `sent` has it. */
export function bodyHash(body: Uint8Array | string): string {
  return hash("sha256", body);
}

export function readSent(value: string): Sent {
  const at = "/groups/sent/value";
  const fields = fieldsOf(parsed(value, at), at, ["kind", "id", "type", "sha256", "tlp", "pap"], "open");
  const hex = (name: string) => {
    const hash = textOf(fields[name], `${at}/${name}`, LONGEST);
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new Malformed(`${at}/${name}`, "not 64 hexadecimal digits");
    return hash;
  };
  const text = (name: string) => textOf(fields[name], `${at}/${name}`, LONGEST);
  const sha256 = hex("sha256");
  const pap = fields.pap === null ? null : text("pap");
  const revocation = fields.revocation === undefined ? {} : { revocation: hex("revocation") };
  return {
    kind: text("kind"),
    id: text("id"),
    type: text("type"),
    sha256,
    tlp: text("tlp"),
    pap,
    ...revocation,
  };
}

export function readBy(value: string): string {
  const at = "/groups/by/value";
  return textOf(
    fieldsOf(parsed(value, at), at, ["originator"], "open").originator,
    `${at}/originator`,
    LONGEST,
  );
}

export function readTo(value: string): Uint8Array {
  const at = "/groups/to/value";
  return hashOf(fieldsOf(parsed(value, at), at, ["root"], "open").root, `${at}/root`);
}

const LONGEST = 1_024;

function parsed(value: string, at: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new Malformed(at, "not JSON");
  }
}
