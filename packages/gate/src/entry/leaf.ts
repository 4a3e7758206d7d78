import {
  byValue,
  committer,
  GROUP_NAMES,
  type GroupName,
  groupCommitment,
  type Opening,
  type Recipient,
  recipientsRoot,
  type Sent,
  sentValue,
  toValue,
} from "@suar/merkle";
import type { Queryable } from "@suar/runtime";
import { canonicalJson } from "@suar/stix";
import type { Gate } from "../context/gate.ts";
import { selectCodes } from "../store/opening.ts";
import { ownSalts, saltOf } from "./salts.ts";
import type { Stated } from "./stated.ts";

/** What an entry commits to. All of it is columns of its own rows: so it can be opened at any time. */
export type EntryFacts = {
  kind: string;
  renditionId: number;
  audienceId: number;
  /** What receivers get: `sha256` is of the body's bytes, in hexadecimal digits. */
  sent: Omit<Sent, "kind">;
  /** What it was made of. */
  from: {
    id: string;
    version: string;
    contentHash: Buffer;
    /** How it was stated; undefined for versions of before that was committed to, and for what is said to people. */
    stated?: Stated | undefined;
  };
  /** Codes. */
  originator: string;
  recipients: readonly string[];
  /** Canonical JSON of what was decided, or of why it is taken away; null where neither was kept. */
  decision: string | null;
};

/** Groups that recur: a thousand indicators have one decision and one audience. */
type Recurring = Exclude<GroupName, "sent" | "from">;
type Commit = ReturnType<typeof committer>;
/** What a gate knows already: what entries of one decision and audience share, and codes, which never change. */
type KnownGroups = {
  commits: Map<string | null, Map<number, { originator: string; commit: Commit }>>;
  size: number;
  codes: Map<number, string>;
};

const known = new WeakMap<Gate, KnownGroups>();
const MOST_COMMITS = 10_000;

function knownTo(gate: Gate): KnownGroups {
  const held = known.get(gate) ?? { commits: new Map(), size: 0, codes: new Map() };
  known.set(gate, held);
  return held;
}

/** What the pen puts into the entry's leaf: a commitment of 32 bytes, which tells nothing without its salts. */
export function commitEntry(gate: Gate, facts: EntryFacts): Uint8Array {
  const salts = ownSalts(gate, facts);
  return commitOf(
    gate,
    facts,
  )({
    from: { value: fromValue(facts.from), salt: salts.from },
    sent: { value: groupValue(gate, "sent", facts), salt: salts.sent },
  });
}

function commitOf(gate: Gate, facts: EntryFacts): Commit {
  const { decision, audienceId, originator } = facts;
  const held = knownTo(gate);
  const ofDecision = held.commits.get(decision);
  const last = ofDecision?.get(audienceId);
  if (last?.originator === originator) return last.commit;
  const commitment = (name: Recurring): Uint8Array => groupCommitment(name, openingOf(gate, name, facts));
  const commit = committer({
    by: commitment("by"),
    rules: commitment("rules"),
    to: commitment("to"),
    why: commitment("why"),
  });
  keepCommit(held, facts, { originator, commit });
  return commit;
}

function keepCommit(
  held: KnownGroups,
  { decision, audienceId }: EntryFacts,
  made: { originator: string; commit: Commit },
): void {
  if (held.size >= MOST_COMMITS) {
    held.commits.clear();
    held.size = 0;
  }
  const ofDecision = held.commits.get(decision) ?? new Map();
  held.commits.set(decision, ofDecision.set(audienceId, made));
  held.size += 1;
}

/** The codes of organisations, of removed ones too: what is committed to is named by them. */
export async function codesOf(db: Queryable, gate: Gate, ids: readonly number[]): Promise<string[]> {
  const { codes } = knownTo(gate);
  const missing = ids.filter((id) => !codes.has(id));
  if (missing.length > 0) for (const [id, code] of await selectCodes(db, missing)) codes.set(id, code);
  return ids.map((id) => {
    const code = codes.get(id);
    if (code === undefined) throw new Error(`there is no organisation ${id}`);
    return code;
  });
}

/** All that opens an entry: value and salt of each group. */
export function openingsOf(gate: Gate, facts: EntryFacts): Record<GroupName, Opening> {
  const openings = GROUP_NAMES.map((name) => [name, openingOf(gate, name, facts)] as const);
  return Object.fromEntries(openings) as Record<GroupName, Opening>;
}

/** The organisations of an audience as the group `to` holds them, and the secret of the places between them. */
export function recipientsOf(
  gate: Pick<Gate, "leafMac">,
  { audienceId, recipients }: Pick<EntryFacts, "audienceId" | "recipients">,
): { recipients: Recipient[]; secret: Uint8Array } {
  return {
    recipients: recipients.map((organisation) => {
      return { organisation, salt: saltOf(gate, "recipient", `${audienceId} ${organisation}`) };
    }),
    secret: saltOf(gate, "places", String(audienceId)),
  };
}

function openingOf(gate: Gate, name: GroupName, facts: EntryFacts): Opening {
  const value = groupValue(gate, name, facts);
  if (name === "sent" || name === "from") return { value, salt: ownSalts(gate, facts)[name] };
  return { value, salt: saltOf(gate, name, recurringSubject(name, facts, value)) };
}

function groupValue(gate: Pick<Gate, "leafMac">, name: GroupName, facts: EntryFacts): string {
  switch (name) {
    case "by":
      return byValue(facts.originator);
    case "from":
      return fromValue(facts.from);
    case "rules":
      return decisionPart(facts.decision, RULES_OF_DECISION);
    case "sent":
      return sentValue({ kind: facts.kind, ...facts.sent });
    case "to": {
      const { recipients, secret } = recipientsOf(gate, facts);
      return toValue(recipientsRoot(recipients, secret));
    }
    case "why":
      return decisionPart(facts.decision, WHY_OF_DECISION);
  }
}

let lastFrom: { of: EntryFacts["from"]; value: string } | undefined;

/** The renditions of one version say the same. */
function fromValue(from: EntryFacts["from"]): string {
  const { id, version, contentHash, stated } = from;
  const last = lastFrom;
  const isLast = last?.of.contentHash === contentHash && last.of.stated === stated;
  if (isLast && last.of.id === id && last.of.version === version) return last.value;
  const value = writeFrom(from);
  lastFrom = { of: from, value };
  return value;
}

/** Canonical as it is written: in the order of their names. */
function writeFrom({ id, version, contentHash: hash, stated }: EntryFacts["from"]): string {
  const contentHash = hash.toString("hex");
  if (stated === undefined) return JSON.stringify({ contentHash, id, version });
  const { created, creator, kind, rank, revoked, submission, words } = stated;
  const facts = { contentHash, created, creator, id, kind, rank, revoked, submission, version };
  return `${JSON.stringify(facts).slice(0, -1)},"words":${words}}`;
}

/** What the salt of a group that recurs is for: it is one salt, so that it is worked out once. */
function recurringSubject(name: Recurring, { audienceId }: EntryFacts, value: string): string {
  return name === "to" ? String(audienceId) : value;
}

/** Of a decision, what a receiver is told; and what would tell it of the others: by which rules, on which grounds. */
const WHY_OF_DECISION = [
  ...["decision", "redactions", "obligations", "policyHash", "pii"],
  ...["approvals", "cause", "recall"],
];
const RULES_OF_DECISION = ["reasons", "bases", "approved"];

function decisionPart(decision: string | null, names: readonly string[]): string {
  if (decision === null) return "{}";
  const whole = JSON.parse(decision) as Record<string, unknown>;
  return canonicalJson(Object.fromEntries(names.map((name) => [name, whole[name]])));
}
