import { parseNote } from "../note/note.ts";
import { parseVerifierKey, type VerifierKey } from "../note/note-key.ts";
import { fieldsOf, listOf, Malformed, numberOf, type Read, readDocument, textOf } from "../shape.ts";
import { isOrigin, type OpenedCheckpoint, openCheckpoint } from "./checkpoint.ts";

/**
 * Whom a member believes: the keys of the logs, by origin, the witnesses' keys, by member, and how many members
 * must have cosigned a checkpoint. A member counts once, however many of its keys signed.
 */
export type WitnessPolicy = {
  logs: readonly PolicyLog[];
  witnesses: ReadonlyMap<string, readonly VerifierKey[]>;
  threshold: number;
  /** Members without which there is no quorum. */
  required: readonly string[];
  /** Of these members at least so many. */
  atLeast: readonly { members: readonly string[]; count: number }[];
};

export type PolicyLog = {
  origin: string;
  keys: readonly VerifierKey[];
  /** The origin under which this log's tree was written before (an earlier epoch). */
  continues?: string;
};

export const WITNESS_POLICY_SCHEMA = "suar/witness-policy/1";

/** Seven of twelve, with China and three members of ASEAN among them. */
export const DEFAULT_QUORUM = {
  threshold: 7,
  required: ["CN"],
  atLeast: [{ members: ["BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"], count: 3 }],
} as const;

const LONGEST_POLICY = 1024 * 1024;
const MOST = 256;

/** Reads the text of a policy file, strictly. Keys of types that cannot be verified here are passed over. */
export function parseWitnessPolicy(text: string): Read<WitnessPolicy> {
  return readDocument(text, LONGEST_POLICY, readPolicy);
}

function readPolicy(value: unknown): WitnessPolicy {
  const names = ["schema", "logs", "witnesses", "threshold?", "required?", "atLeast?"];
  const fields = fieldsOf(value, "", names);
  if (fields.schema !== WITNESS_POLICY_SCHEMA) throw new Malformed("/schema", `not ${WITNESS_POLICY_SCHEMA}`);
  const given = fieldsOf(fields.witnesses, "/witnesses", [], "open");
  if (Object.keys(given).length > MOST) throw new Malformed("/witnesses", `more than ${MOST} members`);
  const witnesses = Object.entries(given).map(
    ([member, keys]) => [member, readKeys(keys, `/witnesses/${member}`)] as const,
  );
  const code = (one: unknown, at: string) => textOf(one, at, 16);
  const policy: WitnessPolicy = {
    logs: listOf(fields.logs, "/logs", MOST, readLog),
    witnesses: new Map(witnesses),
    threshold:
      fields.threshold === undefined ? DEFAULT_QUORUM.threshold : numberOf(fields.threshold, "/threshold"),
    required:
      fields.required === undefined
        ? DEFAULT_QUORUM.required
        : listOf(fields.required, "/required", MOST, code),
    atLeast:
      fields.atLeast === undefined
        ? DEFAULT_QUORUM.atLeast
        : listOf(fields.atLeast, "/atLeast", MOST, readGroup),
  };
  checkKeys(policy);
  return policy;
}

function readLog(value: unknown, at: string): PolicyLog {
  const fields = fieldsOf(value, at, ["origin", "keys", "continues?"]);
  const origin = (one: unknown, where: string) => {
    if (!isOrigin(one)) throw new Malformed(where, "not the origin of a log");
    return one;
  };
  return {
    origin: origin(fields.origin, `${at}/origin`),
    keys: readKeys(fields.keys, `${at}/keys`),
    ...(fields.continues !== undefined && { continues: origin(fields.continues, `${at}/continues`) }),
  };
}

function readGroup(value: unknown, at: string): { members: string[]; count: number } {
  const fields = fieldsOf(value, at, ["members", "count"]);
  const members = listOf(fields.members, `${at}/members`, MOST, (one, where) => textOf(one, where, 16));
  return { members, count: numberOf(fields.count, `${at}/count`) };
}

function readKeys(value: unknown, at: string): VerifierKey[] {
  return listOf(value, at, MOST, (one, where) => {
    const key = parseVerifierKey(textOf(one, where, 16_384));
    if (key === undefined) throw new Malformed(where, "not a verifier key");
    return key;
  }).filter(({ key }) => key !== undefined);
}

/** One key speaks for one party: else a log could cosign for itself, and a member count twice. */
function checkKeys({ logs, witnesses }: WitnessPolicy): void {
  const owners = new Map<string, string>();
  const parties = [
    ...logs.flatMap(({ keys }) => keys.map((key) => ["a log", key] as const)),
    ...[...witnesses].flatMap(([member, keys]) => keys.map((key) => [member, key] as const)),
  ];
  for (const [owner, { bytes }] of parties) {
    const id = Buffer.from(bytes).toString("hex");
    const known = owners.get(id) ?? owner;
    if (known !== owner) throw new Malformed("/witnesses", `one key is both ${known}'s and ${owner}'s`);
    owners.set(id, owner);
  }
  const origins = logs.map(({ origin }) => origin);
  if (new Set(origins).size < origins.length) throw new Malformed("/logs", "an origin is named twice");
}

/** A checkpoint that a log of the policy signed, and the members that cosigned it. */
export type PolicyCheckpoint = OpenedCheckpoint & { log: PolicyLog; members: readonly string[] };

/** Tolerated between a witness's clock and ours. */
const SKEW_SECONDS = 300;

/**
 * Opens a checkpoint under a policy; undefined where no log of it signed it, or a line of one of its keys does not
 * verify. With `now` (POSIX seconds), cosignatures that come from the future do not count.
 */
export function openUnderPolicy(
  signedNote: string,
  policy: WitnessPolicy,
  now = Number.POSITIVE_INFINITY,
): PolicyCheckpoint | undefined {
  const origin = parseNote(signedNote)?.text.split("\n", 1)[0];
  const log = policy.logs.find((one) => one.origin === origin);
  const witnesses = [...policy.witnesses].flatMap(([, keys]) => keys);
  const opened = log && openCheckpoint(signedNote, log.keys, witnesses);
  if (log === undefined || opened === undefined) return undefined;
  const counted = new Set(
    opened.signed
      .filter(({ time }) => time !== undefined && time <= now + SKEW_SECONDS)
      .map(({ key }) => key),
  );
  const members = [...policy.witnesses].filter(([, keys]) => keys.some((key) => counted.has(key)));
  return { ...opened, log, members: members.map(([member]) => member) };
}

/** What a quorum still lacks, in words; undefined where these members are one. */
export function lackingQuorum(policy: WitnessPolicy, members: readonly string[]): string | undefined {
  const absent = policy.required.find((member) => !members.includes(member));
  if (absent !== undefined) return `${absent} has not cosigned`;
  for (const group of policy.atLeast) {
    const count = group.members.filter((member) => members.includes(member)).length;
    if (count < group.count)
      return `${count} of ${group.members.join(", ")} have cosigned, of ${group.count} needed`;
  }
  const { threshold } = policy;
  return members.length < threshold
    ? `${members.length} members have cosigned, of ${threshold} needed`
    : undefined;
}

/** Whether what was written under `origin` is a part of the tree of this log. */
export function isOfLog(policy: WitnessPolicy, log: PolicyLog, origin: string): boolean {
  const seen = new Set<string>();
  for (let one: PolicyLog | undefined = log; one !== undefined && !seen.has(one.origin); ) {
    if (one.origin === origin || one.continues === origin) return true;
    seen.add(one.origin);
    const before: string | undefined = one.continues;
    one = policy.logs.find((other) => other.origin === before);
  }
  return false;
}
