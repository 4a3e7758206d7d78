import { AppError, type Principal } from "@suar/contract";
import { channels, type Signals } from "../wake/signals.ts";
import type { Pool } from "./pool.ts";
import { openRealm, type Realm, type RealmAccess } from "./realm.ts";

/** The realms of this process. Workers of every service follow it: a new drill's start, an archived one's stop. */
export type OpenRealms = {
  /** The realm of the caller's credential, and of nothing else (DESIGN 1.7). */
  of(principal: Principal): Promise<Realm>;
  named(name: string): Promise<Realm>;
  /** Calls `serve` for each active realm, now and later; the returned function ends them all. */
  follow(serve: (realm: Realm) => Promise<() => Promise<void>>): Promise<() => Promise<void>>;
  close(): Promise<void>;
};

type Row = { name: string; kind: "live" | "drill" };
type Follower = {
  serve: (realm: Realm) => Promise<() => Promise<void>>;
  serving: Map<string, () => Promise<void>>;
};

const LOOK_EVERY_MS = 2_000;
const SELECT_ACTIVE =
  "SELECT name, kind FROM core.realm WHERE state = 'active' ORDER BY kind DESC, created_at";

export function openRealms(options: { core: Pool; signals: Signals; access: RealmAccess }): OpenRealms {
  const { core, signals, access } = options;
  const open = new Map<string, Realm>();
  const followers = new Set<Follower>();
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const active = async (): Promise<Row[]> => (await core.query<Row>(SELECT_ACTIVE)).rows;
  const opened = (row: Row): Realm => {
    const known = open.get(row.name);
    if (known !== undefined) return known;
    const realm = openRealm(access, row.name, row.kind);
    open.set(row.name, realm);
    return realm;
  };
  const look = async (): Promise<void> => {
    // Who was there before the question: a realm that is opened meanwhile is not in the answer, and not archived.
    const [asking, known] = [[...followers], [...open.keys()]];
    const rows = await active();
    for (const follower of asking) await bringUpToDate(follower, rows, opened);
    const archived = known.filter((name) => !rows.some((row) => row.name === name));
    await closeArchived(open, archived);
  };
  const lookOnce = (): Promise<void> => {
    looking ??= look()
      .catch((error: unknown) => access.log.warn({ err: error }, "could not look for realms; trying again"))
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const unlisten = signals.listen(channels.realms, () => void lookOnce());
  timer = setInterval(() => void lookOnce(), LOOK_EVERY_MS);
  timer.unref();

  const named = async (name: string): Promise<Realm> => {
    const known = open.get(name);
    if (known !== undefined) return known;
    const row = (await active()).find((candidate) => candidate.name === name);
    if (row === undefined) throw new AppError("not-found", "The realm is closed");
    return opened(row);
  };
  return {
    named,
    of: async (principal) => await named(principal.realm),
    follow: async (serve) => {
      const follower: Follower = { serve, serving: new Map() };
      // A look meanwhile must not serve the same realm a second time: its stop would be forgotten.
      await bringUpToDate(follower, await active(), opened);
      followers.add(follower);
      return async () => {
        followers.delete(follower);
        await looking;
        await Promise.all([...follower.serving.values()].map((stop) => stop()));
      };
    },
    close: async () => {
      clearInterval(timer);
      unlisten();
      await looking;
      await Promise.all([...open.values()].map((realm) => realm.close()));
    },
  };
}

async function bringUpToDate(
  follower: Follower,
  rows: readonly Row[],
  opened: (row: Row) => Realm,
): Promise<void> {
  for (const row of rows) {
    if (!follower.serving.has(row.name)) follower.serving.set(row.name, await follower.serve(opened(row)));
  }
  for (const [name, stop] of follower.serving) {
    if (rows.some((row) => row.name === name)) continue;
    follower.serving.delete(name);
    await stop();
  }
}

async function closeArchived(open: Map<string, Realm>, archived: readonly string[]): Promise<void> {
  for (const name of archived) {
    const realm = open.get(name);
    open.delete(name);
    await realm?.close();
  }
}
