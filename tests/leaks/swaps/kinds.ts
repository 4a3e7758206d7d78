import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { formatVerifierKey, SIGNATURE_TYPE, signerKey } from "@suar/merkle";
import { domainId } from "../canaries.ts";

/** The member whose things everybody else asks for. */
export const OWNER = "SG";
/** Stands in everything of the owner's that takes text: no stranger ever reads it. */
export const OWNERS_WORD = "swapped";
/** Whose inbox it is, and who sent what was sent to people: the owner's colleagues are strangers to it. */
export const OWN_PERSON = `a person of ${OWNER}`;
/** One way of being, of each kind of thing: what is live, and what has ended, is equally nobody else's. */
export type Thing = { id: string; is: string };

export type Owned = {
  submission: Thing[];
  taxiiStatus: Thing[];
  object: Thing[];
  webhook: Thing[];
  source: Thing[];
  alert: Thing[];
  alertRule: Thing[];
  advisory: Thing[];
  drill: Thing[];
  key: Thing[];
  person: Thing[];
  agency: Thing[];
  member: Thing[];
  /** Realms of drills, and cursors into their logs. */
  realm: Thing[];
  cursor: Thing[];
  signInToken: Thing[];
  ticket: Thing[];
  /** Values that only the owner's strict reports hold. */
  value: Thing[];
  /** Collections of TAXII that the owner alone is told of. */
  collection: Thing[];
  agreement: Thing[];
  approval: Thing[];
  recall: Thing[];
  inboxItem: Thing[];
  /** Submissions under TLP:RED by a person of the owner's. */
  sentRed: Thing[];
  /** Entries of the log by their seq: those that are for the owner alone, and those that no reader is told of. */
  entry: Thing[];
  redEntry: Thing[];
  // What every member may read, and two alone may change.
  pair: Thing[];
  proposal: Thing[];
  policyKey: Thing[];
  publicKey: Thing[];
  witness: Thing[];
  exportLink: Thing[];
  /** Lists of the owner's own. */
  warningList: Thing[];
  /** Keys of links that have ended. */
  exportKey: Thing[];
  /** A checkpoint with the owner's cosignature, in Base64. */
  cosigned: Thing[];
};
export type Kind = keyof Owned;

const ABSENT: Record<Kind, () => string> = {
  submission: randomUUID,
  taxiiStatus: randomUUID,
  object: () => `indicator--${randomUUID()}`,
  webhook: randomUUID,
  source: randomUUID,
  alert: randomUUID,
  alertRule: randomUUID,
  advisory: randomUUID,
  drill: randomUUID,
  key: () => randomBytes(6).toString("hex"),
  person: randomUUID,
  agency: () => `${OWNER}:never-${randomBytes(2).toString("hex")}`,
  member: () => "XX",
  realm: () => `d${randomBytes(5).toString("hex")}`,
  cursor: () => `${randomBytes(4).toString("hex")}.1`,
  signInToken: () => randomBytes(32).toString("base64url"),
  ticket: () => randomBytes(24).toString("base64url"),
  value: () => `v${randomBytes(6).toString("hex")}.swapped.example`,
  collection: randomUUID,
  agreement: randomUUID,
  approval: randomUUID,
  recall: randomUUID,
  inboxItem: randomUUID,
  sentRed: randomUUID,
  entry: absentSeq,
  redEntry: absentSeq,
  pair: () => `${OWNER}-XX`,
  proposal: randomUUID,
  policyKey: () => randomBytes(8).toString("hex"),
  publicKey: () => randomBytes(32).toString("base64"),
  witness: () => formatVerifierKey(signerKey("never.example", SIGNATURE_TYPE.cosignature).verifier),
  exportLink: () => randomBytes(6).toString("hex"),
  warningList: randomUUID,
  exportKey: () => `suar_${randomBytes(6).toString("hex")}_${randomBytes(32).toString("base64url")}`,
  cosigned: () => Buffer.from("never/seen\n1\nAAAA\n").toString("base64url"),
};

function absentSeq(): string {
  return String(randomInt(1_000_000_000, 2_000_000_000));
}

/** What anybody can say, or read: names, numbers, and keys that are no ids. It says something wherever it stands. */
export const SAYABLE: ReadonlySet<string> = new Set<Kind>([
  "member",
  "entry",
  "redEntry",
  "pair",
  "publicKey",
  "witness",
  "cosigned",
]);

/** An id of the same form as a thing's, that nothing ever bore. `like` may be empty: it is of no form then. */
export function absentId(kind: Kind, like: string): string {
  if (kind === "object" && like.startsWith("domain-name--")) return domainId(`${randomUUID()}.example`);
  const isRandom = RANDOM.has(kind) && like !== "";
  return isRandom ? like.split("_").map(ofForm).join("_") : ABSENT[kind]();
}

/** Whose ids are random characters: one may begin with a sign, or have digits alone, and is read otherwise for that. */
const RANDOM: ReadonlySet<Kind> = new Set<Kind>(["key", "signInToken", "ticket", "exportLink", "exportKey"]);
const HEX = "abcdef";
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** Other characters of the same kinds in the same places; the name that keys begin with stays. */
function ofForm(part: string): string {
  if (part === "suar") return part;
  const letters = /^[0-9a-f]+$/.test(part) ? HEX : LETTERS;
  const one = (from: string): string => from[randomInt(from.length)] ?? "";
  return part
    .replace(/[A-Z]/g, () => one(LETTERS).toUpperCase())
    .replace(/[a-z]/g, () => one(letters))
    .replace(/\d/g, () => one("0123456789"));
}
