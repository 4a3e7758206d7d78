import { AppError, pullSource } from "@suar/contract";
import {
  type AddressGuard,
  guardedAgent,
  handleJob,
  isConnectionLost,
  type Platform,
  type QueueWorker,
  type Realm,
  transaction,
} from "@suar/runtime";
import { TaxiiFault } from "@suar/taxii";
import type { IntakeConfig } from "../config.ts";
import { Fenced } from "../fenced.ts";
import { addressRefusal, fetchBy } from "../pull/guarded-fetch.ts";
import { holdSource, LEASE_MS } from "../pull/hold-source.ts";
import {
  disabledAfter,
  failuresInARow,
  nextPull,
  retryDelay,
  retryFolderDelay,
} from "../pull/pull-schedule.ts";
import { SourceFault } from "../pull/source-fault.ts";
import { endPull, failPull, type SourceRow } from "../store/source.ts";
import { claimSource, letSourceGo, lockOrganisation, renewSource } from "../store/source-turn.ts";
import { pullTurn } from "./pull-turn.ts";
import type { Puller } from "./puller.ts";

const SOURCES_AT_ONCE = 8;

/** The workers that pull a realm's sources; connections are theirs alone and end with them. */
export async function startPulling(
  platform: Platform,
  realm: Realm,
  config: IntakeConfig,
  guard: AddressGuard,
): Promise<QueueWorker> {
  const agent = guardedAgent(guard, config.SUAR_SOURCE_TIMEOUT_MS);
  const fetcher = fetchBy(agent);
  const handler = handleJob(
    pullSource,
    async ({ sourceId }, stopping) =>
      await pullOne({ platform, realm, config, fetch: fetcher }, sourceId, stopping),
  );
  const worker = await platform.queue.work(realm.name, pullSource.queue, [handler], SOURCES_AT_ONCE);
  return {
    close: async () => {
      await worker.close();
      await agent.destroy();
    },
  };
}

/**
 * Pulls one source as far as it goes, in turns. Idempotent: whose turn it is not, or whom another worker holds, is
 * left alone; a pull that a crash or a stop cut off goes on from the last page that was kept.
 */
async function pullOne(puller: Puller, sourceId: string, stopping: AbortSignal): Promise<void> {
  const { platform, realm } = puller;
  const claimedAt = performance.now();
  const row = await transaction(realm.write, async (db) => {
    await lockOrganisation(db, sourceId);
    return await claimSource(db, sourceId, LEASE_MS);
  });
  if (row === undefined) return;
  const hold = holdSource({
    claimedAt,
    renew: async () => await renewSource(realm.write, row, LEASE_MS),
    failed: (error) => platform.log.debug({ err: error }, "could not renew a source's lease just now"),
    stopping,
  });
  try {
    const ended = await pullTurn(puller, row, hold.signal);
    const dueInMs = ended === "done" ? nextPull(row.every_seconds, Math.random()) : ended.goOnInMs;
    await endPull(realm.write, row, dueInMs);
  } catch (error) {
    if (error instanceof Fenced) await letSourceGo(realm.write, row);
    else if (isConnectionLost(error))
      throw error; // its lease ends, and its turn stays
    else await fail(puller, row, error);
  } finally {
    hold.end();
  }
}

async function fail({ platform, realm }: Puller, row: SourceRow, error: unknown): Promise<void> {
  const { code, detail, retryAfterMs } = explain(error);
  if (code === "internal") platform.log.error({ err: error, source: row.id }, "a pull failed");
  const failures = failuresInARow(row.failures, row.problem?.code, code);
  const disabled = disabledAfter(failures, code);
  const failed = await failPull(realm.write, row, {
    failures,
    problem: { code, detail, at: new Date().toISOString() },
    dueInMs:
      row.kind === "mailbox"
        ? retryFolderDelay(failures, Math.random(), row.every_seconds)
        : retryDelay(failures, Math.random(), retryAfterMs),
    disabled,
  });
  // Its words name a server that somebody else chose: they are its owner's to read.
  if (failed)
    platform.log.info({ source: row.id, code, failures, disabled: disabled !== undefined }, "a pull failed");
}

type Explained = { code: string; detail: string; retryAfterMs?: number | undefined };

function explain(error: unknown): Explained {
  const refused = addressRefusal(error);
  if (refused !== undefined) return { code: "address-refused", detail: refused.message };
  if (error instanceof TaxiiFault)
    return { code: error.code, detail: error.message, retryAfterMs: error.retryAfterMs };
  if (error instanceof SourceFault) return { code: error.code, detail: error.message };
  if (error instanceof AppError) return { code: error.code, detail: error.detail ?? error.message };
  return { code: "internal", detail: "Suar could not pull it; its operators see why in the log" };
}
