import {
  AppError,
  actorOf,
  listWitnesses,
  registerWitness,
  revokeWitness,
  type Witness,
} from "@suar/contract";
import { parseVerifierKey, SIGNATURE_TYPE, showsPossession } from "@suar/merkle";
import { appendEvent, handle, type Platform, requireOrganisation, transaction } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import * as organisations from "../store/organisation.ts";
import {
  holdWitness,
  insertWitnessKey,
  revokeWitnessKey,
  selectWitnesses,
  type WitnessRow,
} from "../store/witness.ts";

/** A member's officer registers the key of the member's own witness: no call names another member. */
export function registerWitnesses(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, listWitnesses, async () => {
    return { items: (await selectWitnesses(platform.core)).map(describe) };
  });

  handle(app, platform.authenticator, registerWitness, async ({ principal, body: { vkey, proof } }) => {
    const member = memberOf(requireOrganisation(principal));
    const key = parseVerifierKey(vkey);
    if (key === undefined || key.type !== SIGNATURE_TYPE.cosignature)
      throw new AppError("bad-witness-key", "A witness's key is of type 0x04 (C2SP tlog-cosignature)");
    // Who has seen a key could else take it from its owner, whose it can never be any more then.
    if (!showsPossession(key, member, proof))
      throw new AppError("bad-witness-key", `The proof is not this key's own word for ${member}`);
    const actor = actorOf(principal);
    const row = await transaction(platform.core, async (db) => {
      if ((await organisations.holdOrganisation(db, member)) === undefined)
        throw new AppError("conflict", `${member} was removed`);
      const before = await holdWitness(db, member);
      if (before?.vkey === vkey) return before;
      if (before !== undefined) await revokeWitnessKey(db, member, actor);
      const made = await insertWitnessKey(db, { member, vkey, publicKey: key.bytes, actor });
      if (made === undefined) throw new AppError("conflict", "This key was registered before: make another");
      const fields = { vkey, ...(before !== undefined && { replaces: before.vkey }) };
      await appendEvent(db, { type: "witness-registered.v1", actor, subject: member, fields });
      return made;
    });
    return describe(row);
  });

  handle(app, platform.authenticator, revokeWitness, async ({ principal }) => {
    const member = memberOf(requireOrganisation(principal));
    const actor = actorOf(principal);
    const row = await transaction(platform.core, async (db) => {
      const revoked = await revokeWitnessKey(db, member, actor);
      if (revoked === undefined) throw new AppError("not-found", "Your member has registered no witness");
      const fields = { vkey: revoked.vkey };
      await appendEvent(db, { type: "witness-revoked.v1", actor, subject: member, fields });
      return revoked;
    });
    return describe(row);
  });
}

/** Witnesses are a matter of the live realm, and of the CERT rather than of an agency's own officer. */
function memberOf({ realm, organisation }: ReturnType<typeof requireOrganisation>): string {
  if (realm !== "live") throw new AppError("forbidden", "A drill's keys change nothing outside of the drill");
  if (organisation.kind !== "cert")
    throw new AppError("forbidden", "The member's own officer registers its witness");
  return organisation.member;
}

function describe({ member, vkey, registered_at, revoked_at }: WitnessRow): Witness {
  return {
    member,
    vkey,
    registeredAt: registered_at.toISOString(),
    revokedAt: revoked_at?.toISOString() ?? null,
  };
}
