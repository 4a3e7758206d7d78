import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildImage } from "./build-image.ts";
import { readComposeFile } from "./compose-file.ts";
import { type Exits, ROOT, Stack } from "./compose-stack.ts";
import { freePorts } from "./local-process.ts";
import { type PlatformProcess, readBootstrap } from "./platform.ts";

export const COMPOSE_FILE: string = join(ROOT, "docker-compose.yml");
const MOST_PROCESSES = 40;

/** What an operator has to set; the passwords have to be fit for a URL. */
const SECRETS = {
  SUAR_SECRET: "test-secret-0123456789abcdefghijklmnopqrstuvwxyz",
  POSTGRES_PASSWORD: "test0postgres0password",
  REDIS_PASSWORD: "test0redis0password",
};

export type ComposePlatform = Pick<PlatformProcess, "url" | "key" | "operator" | "log" | "remove"> & {
  /** Processes of ours by service, a replica each. */
  processes: ReadonlyMap<string, readonly ChildProcess[]>;
  /** Stops everything as `docker compose down` does and returns each process's exit code, by service. */
  stop(): Promise<Exits>;
};

type ComposeOptions = { variables?: Record<string, string> };

/**
 * Starts what `docker-compose.yml` describes, on loopback and without containers: the same commands on what the
 * image's build makes, with the same environment and nothing else of ours, in the same order and under the same
 * conditions. Host names become 127.0.0.1 with a free port, volumes become folders.
 */
export async function startCompose(options: ComposeOptions = {}): Promise<ComposePlatform> {
  await buildImage();
  const directory = mkdtempSync(join(tmpdir(), "suar compose "));
  chmodSync(directory, 0o755); // PostgreSQL runs as a user of its own
  const ports = await freePorts(MOST_PROCESSES);
  const proxyPort = ports.pop() ?? 0;
  const url = `http://127.0.0.1:${proxyPort}`;
  const variables = {
    ...SECRETS,
    PUBLIC_URL: url,
    SUAR_WEBHOOK_ALLOW: "127.0.0.0/8",
    SUAR_SOURCE_ALLOW: "127.0.0.0/8",
    LOG_LEVEL: "warn",
  };
  const services = readComposeFile(COMPOSE_FILE, { ...variables, ...options.variables });
  const stack = new Stack(services, { directory, proxyPort, ports });
  try {
    await Promise.all(Object.keys(services).map((name) => stack.start(name)));
  } catch (error) {
    await stack.stop();
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  const bootstrap = readBootstrap(stack.volume("bootstrap"));
  return {
    url,
    operator: bootstrap.operator,
    key: (member, role = "analyst") => {
      const key = bootstrap.keys[member]?.[role];
      if (key === undefined) throw new Error(`no key of ${member} ${role}`);
      return key;
    },
    log: () => stack.errors.join(""),
    processes: stack.processes,
    stop: async () => await stack.stop(),
    remove: async () => {
      await stack.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
