import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RouteName } from "@suar/contract";
import { ROOT } from "../../support/compose-stack.ts";
import type { Reader } from "../readers.ts";
import { OWNER } from "./kinds.ts";
import { PARTNER } from "./own-agreements.ts";
import { PAIR } from "./own-policies.ts";
import { cursorInto, elsewhere, inPath, type SwapRow } from "./swap.ts";

/** What two members agree on is theirs; what they decide by, and who cosigns, every member reads and only they change. */
export const GOVERNED_SWAPS = {
  // Agreements.
  listAgreements: [cursorInto("listAgreements", "agreement")],
  proposeAgreement: "none: it names another member, and members are known to all",
  readAgreement: [inPath("readAgreement", "agreement")],
  acceptAgreement: [inPath("acceptAgreement", "agreement")],
  endAgreement: [inPath("endAgreement", "agreement")],

  // What waits for data officers.
  listApprovals: [cursorInto("listApprovals", "approval")],
  readApproval: [inPath("readApproval", "approval")],
  approveRelease: [inPath("approveRelease", "approval", { headers: { "if-match": '"taken-over"' } })],
  refuseRelease: [inPath("refuseRelease", "approval", { body: { reason: "taken over" } })],

  // Policies of pairs.
  readClosing: "none: it is of all changes, and does not say whose",
  listPolicies: "none: every member reads every policy",
  readPolicy: "none: every member reads every policy",
  readPolicyGuide: "none: every member reads every policy",
  proposePolicy: [inPath("proposePolicy", "pair", { body: { policy: nextPolicy() }, open: true })],
  listProposals: "none: every member reads every proposal",
  readProposal: "none: every member reads every proposal",
  signProposal: [
    inPath("signProposal", "proposal", {
      body: { key: "0123456789abcdef", signature: randomBytes(64).toString("base64") },
      open: true,
    }),
  ],
  withdrawProposal: [inPath("withdrawProposal", "proposal", { open: true })],
  diffProposal: [inPath("diffProposal", "proposal", { isFor: isOfThePair, open: true })],
  diffPolicy: [
    inPath("diffPolicy", "pair", { body: { policy: nextPolicy() }, isFor: isOfThePair, open: true }),
  ],
  listPolicyKeys: "none: every member reads every key",
  addPolicyKey: [
    elsewhere(
      "addPolicyKey",
      "publicKey",
      "as one's own",
      (publicKey) => ({ body: { publicKey, label: "mine" } }),
      { open: true },
    ),
  ],
  // It is for the others to say that it is the owner's.
  confirmPolicyKey: [inPath("confirmPolicyKey", "policyKey", { isFor: isAnotherCert, open: true })],
  revokePolicyKey: [inPath("revokePolicyKey", "policyKey")],

  // What is no threat.
  listWarningLists: "none: it names nothing",
  tryWarningLists: "none: it asks lists of a value, and no content",
  loadWarningList: "none: a list is its loader's own, whatever others call theirs",
  readWarningListEntries: [inPath("readWarningListEntries", "warningList")],
  removeWarningList: [inPath("removeWarningList", "warningList")],
  setMemberDomains: [inPath("setMemberDomains", "member", { body: { domains: [] }, isFor: saysForMember })],

  explainObject: [
    elsewhere("explainObject", "object", "as what is explained", (object) => ({
      query: `?object=${encodeURIComponent(object)}`,
    })),
    elsewhere("explainObject", "object", "as what is explained, for the owner alone", (object) => ({
      query: `?object=${encodeURIComponent(object)}&member=${OWNER}`,
    })),
    elsewhere(
      "explainObject",
      "object",
      "as a version of it",
      (object) => ({ query: `?object=${encodeURIComponent(object)}&version=2026-01-01T00:00:00Z` }),
      { hidden: true },
    ),
    elsewhere(
      "explainObject",
      "agency",
      "as a recipient",
      (code) => ({
        query: `?object=indicator--00000000-0000-4000-8000-000000000000&member=${encodeURIComponent(code)}`,
      }),
      { hidden: true },
    ),
  ],

  // Proofs: hashes, and names of witnesses.
  readCheckpoint: "none: it is the same for everybody in a realm",
  readTile: "none: hashes are the same for everybody in a realm",
  readConsistency: "none: hashes are the same for everybody in a realm",
  addCosignature: [
    elsewhere(
      "addCosignature",
      "cosigned",
      "as one's own",
      (note) => ({ body: { checkpoint: Buffer.from(note, "base64url").toString() } }),
      { open: true },
    ),
  ],
  readLogKey: "none: it is the same for everybody in a realm",
  readWitnessPolicy: "none: it is the same for everybody in a realm",
  readReceipt: [inPath("readReceipt", "entry"), inPath("readReceipt", "redEntry", { hidden: true })],
  listWitnesses: "none: every member reads every witness's key",
  registerWitness: [
    elsewhere("registerWitness", "witness", "as one's own", (vkey) => ({ body: { vkey, proof: "AAAA" } }), {
      open: true,
      hidden: true,
    }),
  ],
  revokeWitness: "none: it is the caller's own",
} satisfies Partial<Record<RouteName, SwapRow>>;

/** Its officers ask; of what, the caller's own reading decides. */
function isOfThePair({ realm, party }: Reader): boolean {
  return realm === "live" && party !== undefined && [OWNER, PARTNER].includes(party.code);
}

function isAnotherCert({ realm, party }: Reader): boolean {
  return realm === "live" && party !== undefined && party.code === party.member && party.code !== OWNER;
}

/** Its own officer does, or the operator. */
function saysForMember({ realm, party, role }: Reader): boolean {
  return role === "operator" || (realm === "live" && party?.code === OWNER && role === "officer");
}

/** What the pair's proposal would be, once the one that is signed is in force. */
function nextPolicy(): object {
  const shipped = JSON.parse(readFileSync(join(ROOT, `seeds/policy/pairs/${PAIR}.json`), "utf8"));
  return { ...shipped, version: shipped.version + 2 };
}
