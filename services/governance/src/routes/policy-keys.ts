import { createPublicKey, hash } from "node:crypto";
import {
  AppError,
  actorOf,
  addPolicyKey,
  confirmPolicyKey,
  cutNewest,
  listPolicyKeys,
  type PolicyKey,
  parseListPlace,
  revokePolicyKey,
} from "@suar/contract";
import { Member } from "@suar/policy";
import { appendEvent, handle, type Platform, transaction } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { actingMember } from "../member-officer.ts";
import * as store from "../store/policy-key.ts";

const MOST_KEYS = 20;
const KEY_BYTES = 32;
const KEY_ID = /^[0-9a-f]{16}$|^ffffffff-ffff-ffff-ffff-ffffffffffff$/;

export function registerPolicyKeys(app: FastifyInstance, platform: Platform): void {
  const { authenticator, core } = platform;

  handle(app, authenticator, listPolicyKeys, async ({ query }) => {
    const after = parseListPlace(query.after, KEY_ID);
    const found = await store.selectPolicyKeys(core, after, query.limit + 1);
    const { rows, ...next } = cutNewest(found, query.limit);
    return { items: rows.map(describe), ...next };
  });

  handle(app, authenticator, addPolicyKey, async ({ principal, body }) => {
    const member = actingMember(principal);
    const publicKey = parsePublicKey(body.publicKey);
    const id = hash("sha256", publicKey).slice(0, 16);
    const actor = actorOf(principal);
    const row = await transaction(core, async (db) => {
      if ((await store.countPolicyKeys(db, member)) >= MOST_KEYS)
        throw new AppError("quota-exceeded", `At most ${MOST_KEYS} keys of a member`);
      const made = await store.insertPolicyKey(db, { id, member, publicKey, label: body.label, actor });
      if (made === undefined) throw new AppError("conflict", "This key is registered already");
      await appendEvent(db, { type: "policy-key-added.v1", actor, subject: id });
      return made;
    });
    return describe(row);
  });

  handle(app, authenticator, confirmPolicyKey, async ({ principal, params }) => {
    const member = actingMember(principal);
    const key = await found(platform, params.id);
    if (key.member === member)
      throw new AppError("second-person-needed", "An officer of another member confirms it");
    const actor = actorOf(principal);
    const row = await transaction(core, async (db) => {
      const confirmed = await store.markConfirmed(db, key.id, actor);
      if (confirmed === undefined) throw new AppError("conflict", "It does not wait any more");
      await appendEvent(db, { type: "policy-key-confirmed.v1", actor, subject: key.id });
      return confirmed;
    });
    return describe(row);
  });

  handle(app, authenticator, revokePolicyKey, async ({ principal, params }) => {
    const member = actingMember(principal);
    const key = await found(platform, params.id);
    if (key.member !== member) throw new AppError("not-found");
    const actor = actorOf(principal);
    const row = await transaction(core, async (db) => {
      const revoked = await store.markRevoked(db, key.id, actor);
      if (revoked === undefined) throw new AppError("conflict", "It is revoked already");
      await appendEvent(db, { type: "policy-key-revoked.v1", actor, subject: key.id });
      return revoked;
    });
    return describe(row);
  });
}

/** Throws `bad-signature` for what is no Ed25519 key. */
function parsePublicKey(text: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== KEY_BYTES) throw new AppError("bad-signature", `A key has ${KEY_BYTES} bytes`);
  try {
    createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") }, format: "jwk" });
  } catch (cause) {
    throw new AppError("bad-signature", "This is no Ed25519 public key", { cause });
  }
  return bytes;
}

async function found({ core }: Platform, id: string): Promise<store.PolicyKeyRow> {
  const key = await store.selectPolicyKey(core, id);
  if (key === undefined) throw new AppError("not-found");
  return key;
}

function describe(row: store.PolicyKeyRow): PolicyKey {
  return {
    id: row.id,
    member: Member.parse(row.member),
    publicKey: row.public_key,
    label: row.label,
    state: row.revoked_at !== null ? "revoked" : row.waits ? "waits" : "active",
    createdAt: row.created_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
