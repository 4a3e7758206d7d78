import {
  AppError,
  addCosignature,
  readCheckpoint,
  readConsistency,
  readLogKey,
  readReceipt,
  readTile,
  readWitnessPolicy,
} from "@suar/contract";
import { noteWith, selectCheckpoint, selectEpochs, selectHead, tileReader } from "@suar/log";
import { consistencyFromTiles, parseTilePath, TILE_WIDTH, tileWidth } from "@suar/merkle";
import { handle, type Platform, type Queryable, requireOrganisation } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { addCosignature as takeCosignature } from "../add-cosignature.ts";
import { makeReceipt } from "../make-receipt.ts";
import { selectWitnessKeys } from "../store/witness.ts";
import { witnessPolicy } from "../witness-policy.ts";

type Principal = Parameters<Platform["realms"]["of"]>[0];

/**
 * Proofs of the log. Checkpoints, tiles, keys and the policy are for everybody who is known in the realm, the operator
 * too: they hold hashes, and say nothing but how many entries there are. A receipt is for whom its entry was addressed to.
 */
export function registerTlog(app: FastifyInstance, platform: Platform): void {
  const read = async <T>(principal: Principal, work: (db: Queryable) => Promise<T>): Promise<T> => {
    const realm = await platform.realms.of(principal);
    return await realm.readAs(principal.organisation?.id ?? NOBODY, work);
  };
  registerCheckpoints(app, platform, read);
  registerTree(app, platform, read);

  handle(app, platform.authenticator, readWitnessPolicy, async ({ principal }) => {
    const epochs = await read(principal, selectEpochs);
    return witnessPolicy(epochs, await selectWitnessKeys(platform.core));
  });

  handle(app, platform.authenticator, readReceipt, async ({ principal, params, reply }) => {
    reply.header("cache-control", "private, no-cache");
    return await makeReceipt(platform, requireOrganisation(principal), params.seq);
  });
}

/** Under row-level security nothing is addressed to it. */
const NOBODY = 0;

type Read = <T>(principal: Principal, work: (db: Queryable) => Promise<T>) => Promise<T>;

function registerCheckpoints(app: FastifyInstance, platform: Platform, read: Read): void {
  handle(app, platform.authenticator, readCheckpoint, async ({ principal, query, reply }) => {
    const which = query.for === "witness" ? "asked" : query.witnessed ? "witnessed" : "newest";
    const checkpoint = await read(principal, async (db) => await selectCheckpoint(db, which));
    if (checkpoint === undefined) throw new AppError("no-checkpoint-yet");
    return reply
      .type("text/plain; charset=utf-8")
      .header("cache-control", "no-cache")
      .send(noteWith(checkpoint));
  });

  handle(app, platform.authenticator, addCosignature, async ({ principal, body }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    return await takeCosignature(platform, realm, caller.organisation.member, body.checkpoint);
  });

  handle(app, platform.authenticator, readLogKey, async ({ principal, reply }) => {
    const epoch = (await read(principal, selectEpochs)).at(-1);
    if (epoch === undefined) throw new AppError("no-checkpoint-yet");
    return reply.type("text/plain; charset=utf-8").send(`${epoch.vkey}\n`);
  });
}

function registerTree(app: FastifyInstance, platform: Platform, read: Read): void {
  handle(app, platform.authenticator, readTile, async ({ principal, params, reply }) => {
    const tile = parseTilePath(`tile/${params["*"]}`);
    if (tile === undefined) throw new AppError("not-found", "There is no tile of this name");
    const bytes = await read(principal, async (db) => {
      const { seq } = await selectHead(db);
      if (tileWidth(tile.level, tile.n, seq) < tile.width) throw new AppError("not-found");
      return await tileReader(db)(tile);
    });
    // What is in a tile stays; of one that is not full, others are asked for soon.
    const caching =
      tile.width === TILE_WIDTH ? "private, max-age=31536000, immutable" : "private, max-age=60";
    return reply.type("application/octet-stream").header("cache-control", caching).send(Buffer.from(bytes));
  });

  handle(app, platform.authenticator, readConsistency, async ({ principal, query: { from, to } }) => {
    const proof = await read(principal, async (db) => {
      const { seq } = await selectHead(db);
      if (from > to || to > seq) throw new AppError("not-found", "There are no such two logs");
      return await consistencyFromTiles(from, to, tileReader(db));
    });
    return { proof: proof.map((hash) => Buffer.from(hash).toString("base64")) };
  });
}
