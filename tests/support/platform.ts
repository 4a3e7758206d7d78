import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyReadyData } from "./ready-data.ts";

/** The whole platform as a process of its own, driven from outside as any client would. */
export type PlatformProcess = {
  url: string;
  dataDir: string;
  /** Keys by member and role, and the operator's. */
  key(member: string, role?: Role): string;
  operator: string;
  process: ChildProcess;
  /** Everything that it printed to standard error. */
  log(): string;
  stop(): Promise<number | null>;
  /** kill -9 of the process alone (the embedded database stays), and until it is gone. */
  kill(): Promise<void>;
  /** Starts again on the same data. */
  restart(): Promise<void>;
  /** Stops and deletes the data. */
  remove(): Promise<void>;
};
export type Role = "analyst" | "subscriber" | "officer" | "coordinator";

const SOURCES = fileURLToPath(new URL("../../", import.meta.url));
const MAIN = "services/standalone/src/main.ts";
const START_WITHIN_MS = 240_000;

/** `sources`: of another tree than this one. `isFirst`: on data that it makes itself, and not on a copy of ready ones. */
export type StartOptions = {
  env?: Record<string, string>;
  dataDir?: string;
  sources?: string;
  isFirst?: boolean;
};

export async function startPlatform(options: StartOptions = {}): Promise<PlatformProcess> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "suar test "));
  const { env = {}, sources } = options;
  if (options.dataDir === undefined && sources === undefined && options.isFirst !== true)
    await copyReadyData(dataDir, env, startForTheFirstTime);
  const started = await launch({ dataDir, env, port: "0", sources });
  const port = new URL(started.url).port;
  let current = started;
  const bootstrap = readBootstrap(dataDir);
  const ended = async (): Promise<number | null> => await current.exit;
  const platform: PlatformProcess = {
    url: started.url,
    dataDir,
    key: (member, role = "analyst") => {
      const key = bootstrap.keys[member]?.[role];
      if (key === undefined) throw new Error(`no key of ${member} ${role}`);
      return key;
    },
    operator: bootstrap.operator,
    get process() {
      return current.child;
    },
    log: () => current.errors.join(""),
    stop: async () => {
      current.child.kill("SIGTERM");
      return await ended();
    },
    kill: async () => {
      current.child.kill("SIGKILL");
      await ended();
    },
    restart: async () => {
      current = await launch({ dataDir, env, port, sources });
    },
    remove: async () => {
      if (current.child.exitCode === null && current.child.signalCode === null) await platform.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return platform;
}

async function startForTheFirstTime(dataDir: string): Promise<void> {
  const { child, exit } = await launch({ dataDir, env: {}, port: "0" });
  child.kill("SIGTERM");
  await exit;
}

type Spawned = { dataDir: string; env: Record<string, string>; port: string; sources?: string | undefined };

/** The process alone, on given data and a given port; nobody waits until it serves. */
export function spawnPlatform({ dataDir, env, port, sources }: Spawned, stdio: StdioOptions): ChildProcess {
  return spawn(process.execPath, [join(sources ?? SOURCES, MAIN)], {
    env: {
      ...process.env,
      SUAR_DATA_DIR: dataDir,
      PORT: port,
      LOG_LEVEL: "warn",
      SUAR_WEBHOOK_ALLOW: "127.0.0.0/8",
      SUAR_SOURCE_ALLOW: "127.0.0.0/8",
      ...env,
    },
    stdio,
  });
}

type Launched = { child: ChildProcess; url: string; exit: Promise<number | null>; errors: string[] };

async function launch(spawned: Spawned): Promise<Launched> {
  const child = spawnPlatform(spawned, ["ignore", "pipe", "pipe"]);
  const errors: string[] = [];
  child.stderr?.on("data", (data: Buffer) => errors.push(data.toString("utf8")));
  const exit = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const url = await new Promise<string>((resolve, reject) => {
    let output = "";
    const late = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`the platform did not start in time:\n${errors.join("")}`));
    }, START_WITHIN_MS);
    child.stdout?.on("data", (data: Buffer) => {
      output += data.toString("utf8");
      const match = /Address\s+(http:\S+)/.exec(output);
      if (match?.[1] === undefined) return;
      clearTimeout(late);
      resolve(match[1]);
    });
    child.once("exit", (code) => {
      clearTimeout(late);
      reject(new Error(`the platform ended with ${code}:\n${errors.join("")}`));
    });
  });
  return { child, url, exit, errors };
}

type Bootstrap = { url: string; keys: Record<string, Record<Role, string>>; operator: string };

export function readBootstrap(dataDir: string): Bootstrap {
  const path = join(dataDir, "bootstrap.json");
  if (!existsSync(path)) return { url: "", keys: {}, operator: "" };
  return JSON.parse(readFileSync(path, "utf8")) as Bootstrap;
}
