import { z } from "zod";
import { defineRoute } from "./define.ts";
import { Flag, Instant } from "./shared.ts";

const tag = "proofs";
/** Anybody who is known in the realm: there is nothing but hashes in it. */
const roles = [] as const;
const readers = ["analyst", "subscriber", "coordinator", "officer"] as const;

const Size = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Hash = z.string().max(64).describe("32 bytes in Base64");
/** A member's code; witnesses are the CERTs'. */
const MemberCode = z.string().regex(/^[A-Z]{2}$/);
const VerifierKey = z
  .string()
  .min(20)
  .max(4096)
  .regex(/^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/)
  .describe("A verifier key of C2SP signed-note: name+id+key");

export const readCheckpoint = defineRoute({
  method: "GET",
  path: "/v1/tlog/checkpoint",
  tag,
  summary: "The log's newest checkpoint, signed, with the cosignatures that are known (C2SP tlog-checkpoint)",
  roles,
  query: z.object({
    for: z.literal("witness").optional().describe("The one that witnesses are asked to cosign"),
    witnessed: Flag.describe("The newest that enough members have cosigned"),
  }),
  status: 200,
  reply: z.string(),
  replyType: "text/plain",
  problems: ["no-checkpoint-yet"],
});

export const readTile = defineRoute({
  method: "GET",
  path: "/v1/tlog/tile/*",
  tag,
  summary: "A tile of the log's tree: hashes of 32 bytes (C2SP tlog-tiles)",
  description: "`/v1/tlog/tile/<L>/<N>[.p/<W>]`. A full tile never changes.",
  roles,
  params: z.object({ "*": z.string().max(60) }),
  status: 200,
  reply: z.string(),
  replyType: "application/octet-stream",
  problems: ["not-found"],
});

export const readConsistency = defineRoute({
  method: "GET",
  path: "/v1/tlog/consistency",
  tag,
  summary: "That the log of `to` entries begins with that of `from` (RFC 9162, section 2.1.4)",
  roles,
  query: z.object({ from: Size, to: Size }),
  status: 200,
  reply: z.object({ proof: z.array(Hash) }),
  problems: ["not-found"],
});

export const addCosignature = defineRoute({
  method: "POST",
  path: "/v1/tlog/cosignatures",
  tag,
  summary: "Hand in a checkpoint that your member's witness has cosigned (C2SP tlog-cosignature)",
  roles: readers,
  body: z.strictObject({ checkpoint: z.string().min(1).max(65_536).describe("A signed note") }),
  status: 200,
  reply: z.object({
    size: z.int(),
    cosigned: z.array(MemberCode).describe("Members that have"),
    witnessed: z.boolean().describe("Whether they are enough"),
  }),
  problems: ["bad-cosignature", "unknown-checkpoint"],
});

export const readLogKey = defineRoute({
  method: "GET",
  path: "/v1/tlog/key",
  tag,
  summary: "The key that signs the log's checkpoints",
  roles,
  status: 200,
  reply: z.string(),
  replyType: "text/plain",
  problems: ["no-checkpoint-yet"],
});

/** As `suar verify --policy` reads it. */
export const WitnessPolicyFile = z.object({
  schema: z.literal("suar/witness-policy/1"),
  logs: z.array(
    z.object({
      origin: z.string(),
      keys: z.array(z.string()),
      continues: z.string().optional().describe("Of a log that was restored: what it was called before"),
    }),
  ),
  witnesses: z.record(z.string(), z.array(z.string())).describe("Verifier keys, by member"),
  threshold: z.int().describe("So many members have to cosign"),
  required: z.array(z.string()).describe("These among them"),
  atLeast: z.array(z.object({ members: z.array(z.string()), count: z.int() })),
});
export type WitnessPolicyFile = z.infer<typeof WitnessPolicyFile>;

export const readWitnessPolicy = defineRoute({
  method: "GET",
  path: "/v1/tlog/witness-policy",
  tag,
  summary: "Whom to believe, as the platform knows it: compare it with what the members themselves say",
  roles,
  status: 200,
  reply: WitnessPolicyFile,
});

const Group = z.union([
  z.object({ value: z.string(), salt: Hash }),
  z.object({ commitment: Hash.describe("Of what is not the reader's to see") }),
]);

/** As `suar verify receipt` reads it. */
export const ReceiptDocument = z.object({
  schema: z.literal("suar/receipt/1"),
  origin: z.string(),
  seq: z.int(),
  loggedAt: Instant,
  kind: z.string(),
  groups: z.object({ by: Group, from: Group, rules: Group, sent: Group, to: Group, why: Group }),
  recipient: z
    .object({ organisation: z.string(), salt: Hash, index: z.int(), proof: z.array(Hash) })
    .optional()
    .describe("That you are one of those whom group `to` holds"),
  proof: z.string().describe("That the entry is in the log, under a checkpoint (C2SP tlog-proof)"),
});
export type ReceiptDocument = z.infer<typeof ReceiptDocument>;

export const readReceipt = defineRoute({
  method: "GET",
  path: "/v1/tlog/receipts/:seq",
  tag,
  summary: "The receipt of an entry that was addressed to you, or that you released",
  description: "Under the newest checkpoint that enough members cosigned, or else under the newest of all.",
  roles: readers,
  params: z.object({ seq: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
  status: 200,
  reply: ReceiptDocument,
  problems: ["not-found", "no-checkpoint-yet", "no-receipt"],
});

const Possession = z.base64().min(4).max(256);

export const Witness = z.object({
  member: MemberCode,
  vkey: z.string(),
  registeredAt: Instant,
  revokedAt: Instant.nullable(),
});
export type Witness = z.infer<typeof Witness>;

export const listWitnesses = defineRoute({
  method: "GET",
  path: "/v1/witnesses",
  tag,
  summary: "The keys of the members' witnesses, those that were revoked too",
  roles,
  status: 200,
  reply: z.object({ items: z.array(Witness) }),
});

export const registerWitness = defineRoute({
  method: "PUT",
  path: "/v1/witnesses/own",
  tag,
  summary: "Register the key of your member's witness; the one before it is revoked",
  roles: ["officer"],
  body: z.strictObject({
    vkey: VerifierKey,
    proof: Possession.describe(
      "Base64 of the key's own word for your member: what suar witness prove prints",
    ),
  }),
  status: 200,
  reply: Witness,
  problems: ["bad-witness-key", "conflict"],
});

export const revokeWitness = defineRoute({
  method: "DELETE",
  path: "/v1/witnesses/own",
  tag,
  summary: "Revoke the key of your member's witness",
  roles: ["officer"],
  status: 200,
  reply: Witness,
  problems: ["not-found"],
});

export const tlogRoutes = {
  readCheckpoint,
  readTile,
  readConsistency,
  addCosignature,
  readLogKey,
  readWitnessPolicy,
  readReceipt,
  listWitnesses,
  registerWitness,
  revokeWitness,
};
