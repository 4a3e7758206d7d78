import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type Caller, caller } from "../support/api.ts";
import { ownerUrl, postmaster } from "../support/embedded-postgres.ts";
import { type PlatformProcess, type Role, startPlatform } from "../support/platform.ts";

/** A platform under load: a process of its own, seen through its API, its database and /proc. */
export type BenchPlatform = {
  process: PlatformProcess;
  dataDir: string;
  api(member: string, role?: Role): Caller;
  /** The database's owner: for COPY, and to look at the log without being a reader of it. */
  database: pg.Client;
  /** The last seq of the live log. */
  head(): Promise<number>;
  waitForHead(seq: number, withinMs: number): Promise<void>;
  /** Resident bytes of the platform's process (its PostgreSQL is not in it). */
  residentBytes(): number;
  /** Processor seconds so far: of the platform's process, and of all processes of its PostgreSQL. */
  processorSeconds(): ProcessorSeconds;
  close(): Promise<void>;
};

export type ProcessorSeconds = { platform: number; database: number };

export type BenchPlatformOptions = {
  env?: Record<string, string>;
  cpuProfile?: string | undefined;
  /** Of another tree than this one, to compare with. */
  sources?: string;
};

export async function startBenchPlatform({
  env = {},
  cpuProfile,
  sources,
}: BenchPlatformOptions = {}): Promise<BenchPlatform> {
  const dataDir = mkdtempSync(join(tmpdir(), "suar-bench-"));
  const profiling: Record<string, string> =
    cpuProfile === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${cpuProfile}` };
  const platform = await startPlatform({
    dataDir,
    env: { ...profiling, ...env },
    ...(sources && { sources }),
  });
  const database = new pg.Client({ connectionString: ownerUrl(dataDir) });
  await database.connect();
  const head = async (): Promise<number> =>
    Number((await database.query<{ seq: string }>("SELECT seq FROM live.log_head")).rows[0]?.seq);
  return {
    process: platform,
    dataDir,
    api: (member, role = "analyst") => caller(platform.url, platform.key(member, role)),
    database,
    head,
    waitForHead: async (seq, withinMs) => {
      const end = Date.now() + withinMs;
      while ((await head()) < seq) {
        if (Date.now() > end)
          throw new Error(`the log stood at ${await head()}, short of ${seq}, after ${withinMs} ms`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    residentBytes: () => residentBytesOf(platform.process.pid ?? 0),
    processorSeconds: () => ({
      platform: processorSecondsOf(platform.process.pid ?? 0).own,
      database: databaseSeconds(postmaster(dataDir)?.pid ?? 0),
    }),
    close: async () => {
      await database.end();
      await platform.remove();
    },
  };
}

/** Linux counts processor time in hundredths of a second, whatever the machine (USER_HZ). */
const TICKS_A_SECOND = 100;

/** Of a process itself, and of its children that have ended; zero once it is gone, or where there is no /proc. */
function processorSecondsOf(pid: number): { own: number; ended: number; parent: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [parent = 0, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [1, 11, 12, 13, 14].map(
      (at) => fields[at],
    );
    return {
      own: exactSecondsOf(pid) ?? (user + system) / TICKS_A_SECOND,
      ended: (endedUser + endedSystem) / TICKS_A_SECOND,
      parent,
    };
  } catch {
    return { own: 0, ended: 0, parent: 0 };
  }
}

/**
 * Of all threads of a process that are there, in nanoseconds: the hundredths lose up to one a process, and PostgreSQL has
 * a dozen. Undefined where the kernel does not tell.
 */
function exactSecondsOf(pid: number): number | undefined {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}/schedstat`);
  if (!threads.every((file) => existsSync(file))) return undefined;
  const spent = threads.map((file) => Number(readFileSync(file, "utf8").split(" ", 1)[0]));
  return spent.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e9;
}

function databaseSeconds(postmasterPid: number): number {
  const { own, ended } = processorSecondsOf(postmasterPid);
  const pids = existsSync("/proc") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  const children = pids
    .map((pid) => processorSecondsOf(Number(pid)))
    .filter(({ parent }) => parent === postmasterPid);
  return own + ended + children.reduce((sum, child) => sum + child.own, 0);
}

/** Resident bytes of a process, from /proc; NaN where there is none. */
export function residentBytesOf(pid: number): number {
  if (!existsSync("/proc")) return Number.NaN;
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}
