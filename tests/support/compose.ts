import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createLogger, startEmbedded } from "@suar/runtime";
import { until } from "./api.ts";
import { type ComposeService, type ComposeServices, readComposeFile } from "./compose-file.ts";
import { type PlatformProcess, readBootstrap } from "./platform.ts";
import { readRoutes, startProxy } from "./proxy.ts";

export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));
const COMPOSE_FILE = join(ROOT, "docker-compose.yml");
const PROXY_FILE = join(ROOT, "docker/nginx.conf");
const HEALTHY_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 250;
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
  stop(): Promise<Map<string, (number | null)[]>>;
};

export type ComposeOptions = {
  variables?: Record<string, string>;
  /** Runs `dist`, as the image does, instead of the sources. */
  built?: boolean;
};

/** Whether a real Redis is here; where tests must not be skipped (CI), its absence is an error. */
export function hasRedis(): boolean {
  return spawnSync("redis-server", ["--version"]).status === 0;
}

/**
 * Starts what `docker-compose.yml` describes, on loopback and without containers: the same commands with the
 * same environment and nothing else of ours, in the same order and under the same conditions. Host names
 * become 127.0.0.1 with a free port, volumes become folders.
 */
export async function startCompose(options: ComposeOptions = {}): Promise<ComposePlatform> {
  const directory = mkdtempSync(join(tmpdir(), "suar compose "));
  chmodSync(directory, 0o755); // PostgreSQL runs as a user of its own
  const ports = await freePorts(MOST_PROCESSES);
  const proxyPort = ports.pop() ?? 0;
  const url = `http://127.0.0.1:${proxyPort}`;
  const variables = { ...SECRETS, PUBLIC_URL: url, SUAR_WEBHOOK_ALLOW: "127.0.0.0/8", LOG_LEVEL: "warn" };
  const services = readComposeFile(COMPOSE_FILE, { ...variables, ...options.variables });
  const stack = new Stack(services, { directory, proxyPort, ports, built: options.built === true });
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

type Condition = ComposeService["depends_on"][string]["condition"];
/** A started service: each condition that others may wait for. */
type Started = Record<Condition, Promise<void>>;
type Exits = Map<string, (number | null)[]>;
/** Where it runs. Ports are chosen all at once: what one process gives back, another must not take. */
type Place = { directory: string; proxyPort: number; ports: number[]; built: boolean };

class Stack {
  readonly processes = new Map<string, ChildProcess[]>();
  readonly errors: string[] = [];
  readonly #services: ComposeServices;
  readonly #place: Place;
  readonly #starting = new Map<string, Promise<Started>>();
  readonly #ports = new Map<string, number[]>();
  readonly #closers = new Map<string, () => Promise<void>>();
  readonly #exits: Exits = new Map();
  #stopping: Promise<Exits> | undefined;

  constructor(services: ComposeServices, place: Place) {
    this.#services = services;
    this.#place = place;
  }

  /** Starts a service once all that it waits for is as it wants it; resolves when it is healthy itself. */
  async start(name: string): Promise<void> {
    const { service_healthy: healthy, service_completed_successfully: completed } = await this.#started(name);
    await (name === "prepare" ? completed : healthy);
  }

  volume(name: string): string {
    return join(this.#place.directory, "volumes", name);
  }

  async stop(): Promise<Exits> {
    this.#stopping ??= this.#stopAll();
    return await this.#stopping;
  }

  #started(name: string): Promise<Started> {
    const known = this.#starting.get(name) ?? this.#startAfterOthers(name);
    this.#starting.set(name, known);
    return known;
  }

  async #startAfterOthers(name: string): Promise<Started> {
    const service = this.#service(name);
    const wanted = Object.entries(service.depends_on);
    await Promise.all(wanted.map(async ([other, { condition }]) => (await this.#started(other))[condition]));
    for (const volume of service.volumes) {
      const [source = ""] = volume.split(":");
      if (!source.startsWith(".")) mkdirSync(this.volume(source), { recursive: true });
    }
    if (name === "postgres") return await this.#startPostgres(service);
    if (name === "redis") return await this.#startRedis(service);
    if (name === "proxy") return await this.#startProxy();
    return await this.#startOurs(name, service);
  }

  #service(name: string): ComposeService {
    const service = this.#services[name];
    if (service === undefined) throw new Error(`there is no service ${name}`);
    return service;
  }

  async #startPostgres({ environment }: ComposeService): Promise<Started> {
    const database = await startEmbedded({
      directory: this.volume("postgres"),
      password: environment.POSTGRES_PASSWORD ?? "",
      database: environment.POSTGRES_DB ?? "postgres",
      log: createLogger("silent", "test"),
      durable: false,
    });
    this.#ports.set("postgres", [Number(new URL(database.url).port)]);
    this.#closers.set("postgres", async () => await database.stop());
    return ready(Promise.resolve());
  }

  /** The real server with the file's own arguments; where it listens and writes is ours to say. */
  async #startRedis({ command = [], environment }: ComposeService): Promise<Started> {
    const [program = "redis-server", ...args] = command;
    const port = this.#freePort();
    const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", this.volume("redis")];
    const child = this.#spawn("redis", program, [...args, ...place], environment);
    this.#ports.set("redis", [port]);
    const ask = ["-p", String(port), "ping"];
    return ready(
      this.#healthy("redis", child, async () => (await run("redis-cli", ask, environment)).includes("PONG")),
    );
  }

  async #startProxy(): Promise<Started> {
    const replicas = new Map(
      [...this.#ports].map(([service, ports]) => [service, ports.map((port) => ({ port }))] as const),
    );
    const proxy = await startProxy(this.#place.proxyPort, readRoutes(PROXY_FILE), replicas);
    this.#closers.set("proxy", async () => await proxy.close());
    return ready(Promise.resolve());
  }

  async #startOurs(name: string, service: ComposeService): Promise<Started> {
    const ports = Array.from({ length: service.deploy.replicas }, () => this.#freePort());
    this.#ports.set(name, ports);
    const replicas = ports.map((port) => this.#startReplica(name, service, port));
    const both = (condition: Condition) =>
      Promise.all(replicas.map((started) => started[condition])).then(() => undefined);
    return {
      service_started: both("service_started"),
      service_healthy: quiet(both("service_healthy")),
      service_completed_successfully: quiet(both("service_completed_successfully")),
    };
  }

  #startReplica(name: string, service: ComposeService, port: number): Started {
    const environment = this.#environment(service, port);
    const [program = "", ...args] = this.#command(service.command ?? []);
    const child = this.#spawn(name, program, args, environment);
    const [checker = "", ...check] = this.#command(service.healthcheck?.test.slice(1) ?? []);
    const ended = new Promise<void>((resolve, reject) => {
      child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(this.#told(name, code)))));
    });
    return {
      service_started: Promise.resolve(),
      service_healthy:
        checker === ""
          ? quiet(Promise.reject(new Error(`${name} has no health check`)))
          : quiet(
              this.#healthy(name, child, async () => await run(checker, check, environment).then(() => true)),
            ),
      service_completed_successfully: quiet(ended),
    };
  }

  /** The image's own command, but for this machine's Node and (as long as nothing is built) the sources. */
  #command(command: readonly string[]): string[] {
    const [program, ...args] = command;
    const ours = this.#place.built
      ? args
      : args
          .filter((arg) => !arg.startsWith("--conditions="))
          .map((arg) => arg.replace(/^(services\/[\w-]+)\/dist\/(.+)\.js$/, "$1/src/$2.ts"));
    return [program === "node" ? process.execPath : (program ?? ""), ...ours];
  }

  #environment({ environment, volumes }: ComposeService, port: number): Record<string, string> {
    const mounts = volumes.map((volume) => volume.split(":"));
    const local = Object.entries(environment).map(([name, value]) => {
      if (name === "PORT") return [name, String(port)] as const;
      if (name === "HOST") return [name, "127.0.0.1"] as const;
      const mount = mounts.find(([, target]) => target === value);
      return [name, mount?.[0] === undefined ? this.#localHosts(value) : this.volume(mount[0])] as const;
    });
    return Object.fromEntries(local);
  }

  #freePort(): number {
    const port = this.#place.ports.pop();
    if (port === undefined) throw new Error(`more than ${MOST_PROCESSES} processes`);
    return port;
  }

  /** `redis://…@redis:6379` becomes `redis://…@127.0.0.1:<its port>`. */
  #localHosts(value: string): string {
    return value.replace(/(?<=\/\/|@)([a-z]+):\d+(?=\/|$)/g, (whole, host: string) => {
      const port = this.#ports.get(host)?.[0];
      return port === undefined ? whole : `127.0.0.1:${port}`;
    });
  }

  #spawn(name: string, program: string, args: string[], environment: Record<string, string>): ChildProcess {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { PATH: process.env.PATH, ...environment },
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.on("error", (error) => this.errors.push(`${name}: ${error.message}\n`));
    child.stderr?.on("data", (data: Buffer) => this.errors.push(`${name}: ${data.toString("utf8")}`));
    this.processes.set(name, [...(this.processes.get(name) ?? []), child]);
    return child;
  }

  async #healthy(name: string, child: ChildProcess, ask: () => Promise<boolean>): Promise<void> {
    await until(HEALTHY_WITHIN_MS, `${name} to be healthy\n${this.errors.join("")}`, async () => {
      if (hasEnded(child)) throw new Error(this.#told(name, child.exitCode));
      if (await ask().catch(() => false)) return true;
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      return undefined;
    });
  }

  #told(name: string, code: number | null): string {
    return `${name} ended with ${code}:\n${this.errors.join("")}`;
  }

  /** Who waits for others stops before them: proxy, services, Redis and PostgreSQL. */
  async #stopAll(): Promise<Exits> {
    await this.#closers.get("proxy")?.();
    const ours = [...this.processes].filter(([name]) => name !== "redis");
    await Promise.all(ours.map(([name, children]) => this.#end(name, children)));
    await this.#end("redis", this.processes.get("redis") ?? []);
    await this.#closers.get("postgres")?.();
    return this.#exits;
  }

  async #end(name: string, children: readonly ChildProcess[]): Promise<void> {
    const grace = seconds(this.#services[name]?.stop_grace_period ?? "10s");
    const codes = await Promise.all(
      children.map(async (child) => {
        if (hasEnded(child)) return child.exitCode;
        const gone = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
        child.kill("SIGTERM");
        const late = setTimeout(() => child.kill("SIGKILL"), grace * 1000);
        const code = await gone;
        clearTimeout(late);
        return code;
      }),
    );
    this.#exits.set(name, codes);
  }
}

function ready(healthy: Promise<void>): Started {
  const never = quiet(Promise.reject(new Error("it runs on and does not complete")));
  return {
    service_started: Promise.resolve(),
    service_healthy: quiet(healthy),
    service_completed_successfully: never,
  };
}

/** Nobody may be waiting for it (yet); whoever waits still hears of its failure. */
function quiet(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined);
  return promise;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

async function run(program: string, args: string[], environment: Record<string, string>): Promise<string> {
  return await new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH, ...environment };
    execFile(program, args, { cwd: ROOT, env, timeout: 5_000 }, (error, output) =>
      error === null ? resolve(output) : reject(error),
    );
  });
}

function seconds(duration: string): number {
  const match = /^(\d+)(s|m)$/.exec(duration);
  if (match?.[1] === undefined) throw new Error(`not a duration: ${duration}`);
  return Number(match[1]) * (match[2] === "m" ? 60 : 1);
}

/** Held all at once before any is given back, so that no two are the same. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
