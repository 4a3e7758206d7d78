import { AppError, type Principal } from "@suar/contract";
import {
  type DeliveryNotes,
  deliveryNotes,
  type Matcher,
  shareTail,
  type Tail,
  writeDeliveries,
} from "@suar/log";
import { metrics, type Platform, type Realm, type Stop } from "@suar/runtime";
import { Connection, type Line } from "./connection.ts";

/** All open readers of this process: moved by their realm's tail, checked against revocations, said goodbye to. */
export type Hub = {
  serve(realm: Realm): Promise<Stop>;
  /** The realm's tail; waits a moment for a realm that is just being opened. Throws `unavailable`. */
  tail(realm: string): Promise<Tail>;
  add(options: {
    principal: Principal;
    organisationId: number;
    line: Line;
    matches: Matcher;
    after: number;
  }): Connection;
  remove(connection: Connection): void;
  close(): Promise<void>;
};

const POSITION_EVERY_MS = 1_000;
const CHECK_EVERY_MS = 2_000;
/** A line that takes nothing for so long is ended, with a cursor to resume from. */
const STUCK_MS = 30_000;
/** A new drill's realm is followed by every process within so long. */
const OPENED_WITHIN_MS = 5_000;

type Open = { connection: Connection; line: Line };
type Served = { tail: Tail; notes: DeliveryNotes };

export function createHub(platform: Platform): Hub {
  const served = new Map<string, Served>();
  const open = new Map<Connection, Open>();
  let closing = false;

  const end = ({ connection, line }: Open, code: string, retry: boolean): void => {
    open.delete(connection);
    connection.close();
    metrics.liveReaders.labels(connection.principal.realm).dec();
    line.bye(code, retry, connection.at, connection.epoch);
  };
  const unwatch = watchKeys(platform, open, (one) => end(one, "key-revoked", false));
  const positions = setInterval(
    () => tellPositions(open.values(), (one) => end(one, "slow", true)),
    POSITION_EVERY_MS,
  );

  return {
    serve: async (realm) => {
      const tail = await shareTail(realm, platform);
      const stopWriting = writeDeliveries(realm, platform.log);
      served.set(realm.name, { tail, notes: deliveryNotes(realm) });
      const readers = (): Open[] =>
        [...open.values()].filter(({ connection }) => connection.principal.realm === realm.name);
      const unmove = tail.onMove(
        () => {
          for (const { connection } of readers()) connection.advance();
        },
        () => readers().length > 0,
      );
      return async () => {
        served.delete(realm.name);
        unmove();
        for (const one of readers()) end(one, "realm-closed", false);
        await tail.stop();
        await stopWriting();
      };
    },
    tail: async (realm) => await openedTail(served, realm),
    add: ({ line, ...options }) => {
      const realm = closing ? undefined : served.get(options.principal.realm);
      if (realm === undefined) throw new AppError("unavailable", "Opening or shutting down");
      const failed = (error: unknown): void =>
        platform.log.warn({ err: error }, "a reader's page could not be read; trying again");
      const connection = new Connection({ ...options, ...realm, line, failed });
      open.set(connection, { connection, line });
      metrics.liveReaders.labels(options.principal.realm).inc();
      return connection;
    },
    remove: (connection) => {
      connection.close();
      if (open.delete(connection)) metrics.liveReaders.labels(connection.principal.realm).dec();
    },
    close: async () => {
      closing = true;
      clearInterval(positions);
      for (const one of [...open.values()]) end(one, "shutting-down", true);
      await unwatch();
    },
  };
}

/** Looks now and then, and at each change, whether the keys of open streams may still be used. */
function watchKeys(platform: Platform, open: ReadonlyMap<Connection, Open>, end: (one: Open) => void): Stop {
  let checks: Promise<unknown> = Promise.resolve();
  const check = (): void => {
    const now = endRevoked(platform, open.values(), end).catch((error: unknown) =>
      platform.log.warn({ err: error }, "could not check open streams' keys; trying again"),
    );
    checks = Promise.all([checks, now]);
  };
  const unlisten = platform.authenticator.onChange(check);
  const checking = setInterval(check, CHECK_EVERY_MS);
  return async () => {
    unlisten();
    clearInterval(checking);
    await checks;
  };
}

/** Ends the streams of keys that may no longer be used: revoked, expired, or of somebody removed. */
async function endRevoked(platform: Platform, open: Iterable<Open>, end: (one: Open) => void): Promise<void> {
  const all = [...open];
  if (all.length === 0) return;
  const ids = new Set(all.map(({ connection }) => connection.principal.keyId));
  const current = await platform.authenticator.current([...ids]);
  for (const one of all) if (!current.has(one.connection.principal.keyId)) end(one);
}

function tellPositions(open: Iterable<Open>, endSlow: (one: Open) => void): void {
  const now = Date.now();
  for (const one of open) {
    if (one.connection.stuckFor(now) > STUCK_MS) endSlow(one);
    else one.connection.tellPosition();
  }
}

async function openedTail(served: ReadonlyMap<string, Served>, realm: string): Promise<Tail> {
  for (const end = Date.now() + OPENED_WITHIN_MS; ; ) {
    const tail = served.get(realm)?.tail;
    if (tail !== undefined) return tail;
    if (Date.now() > end) throw new AppError("unavailable", "The realm is just being opened; try again");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
