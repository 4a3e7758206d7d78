import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createLogger, startEmbedded } from "@suar/runtime";
import { until } from "./api.ts";
import type { ComposeService, ComposeServices } from "./compose-file.ts";
import { endProcess, hasEnded, isListening, runCommand } from "./local-process.ts";
import { readRoutes, startProxy } from "./proxy.ts";

export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));
const PROXY_FILE = join(ROOT, "docker/nginx.conf");
const HEALTHY_WITHIN_MS = 300_000;

type Condition = ComposeService["depends_on"][string]["condition"];
/** A started service: each condition that others may wait for. */
type Started = Record<Condition, Promise<void>>;
/** Exit codes by service, one for each replica. */
export type Exits = Map<string, (number | null)[]>;
type Watch = {
  name: string;
  child: ChildProcess;
  port: number;
  check: readonly string[];
  everyMs: number;
  environment: Record<string, string>;
};
/** Where it runs. Ports are chosen all at once: what one process gives back, another must not take. */
type Place = { directory: string; proxyPort: number; ports: number[] };

/** What a compose file describes, as processes of this machine. */
export class Stack {
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
    // A test that breaks off must not leave a platform running.
    process.once("exit", () => {
      for (const child of [...this.processes.values()].flat()) child.kill("SIGKILL");
    });
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
    const ping = ["redis-cli", "-p", String(port), "ping"];
    return ready(this.#healthy({ name: "redis", child, port, check: ping, everyMs: 1_000, environment }));
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
    const check = this.#command(service.healthcheck?.test.slice(1) ?? []);
    const everyMs = seconds(service.healthcheck?.start_interval ?? "1s") * 1000;
    const ended = new Promise<void>((resolve, reject) => {
      child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(this.#told(name, code)))));
    });
    const healthy = (): Promise<void> => this.#healthy({ name, child, port, check, everyMs, environment });
    return {
      service_started: Promise.resolve(),
      service_healthy: quiet(
        service.healthcheck === undefined ? never(`${name} has no health check`) : healthy(),
      ),
      service_completed_successfully: quiet(ended),
    };
  }

  /** The image's own command, but for this machine's Node. */
  #command([program = "", ...args]: readonly string[]): string[] {
    return [program === "node" ? process.execPath : program, ...args];
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
    if (port === undefined) throw new Error("more processes than ports");
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

  /** Runs the file's own check as often as the file says, once somebody listens at all. */
  async #healthy({ name, child, port, check, everyMs, environment }: Watch): Promise<void> {
    const [program = "", ...args] = check;
    const options = { cwd: ROOT, env: { PATH: process.env.PATH, ...environment } };
    const isHealthy = async (): Promise<boolean> => {
      if (!(await isListening(port))) return false;
      const passed = await runCommand(program, args, options).then(
        () => true,
        () => false,
      );
      if (!passed) await new Promise((resolve) => setTimeout(resolve, everyMs));
      return passed;
    };
    const waiting = until(HEALTHY_WITHIN_MS, "health", async () => {
      if (hasEnded(child)) throw new Error("it ended");
      return (await isHealthy()) ? true : undefined;
    });
    await waiting.catch((error: Error) => {
      throw new Error(`${error.message}: ${this.#told(name, child.exitCode)}`);
    });
  }

  #told(name: string, code: number | null): string {
    return `${name} (exit code ${code})\n${this.errors.join("")}`;
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
    const graceMs = seconds(this.#service(name).stop_grace_period) * 1000;
    this.#exits.set(name, await Promise.all(children.map((child) => endProcess(child, graceMs))));
  }
}

function ready(healthy: Promise<void>): Started {
  return {
    service_started: Promise.resolve(),
    service_healthy: quiet(healthy),
    service_completed_successfully: quiet(never("it runs on and does not complete")),
  };
}

async function never(reason: string): Promise<void> {
  throw new Error(reason);
}

/** Nobody may be waiting for it (yet); whoever waits still hears of its failure. */
function quiet(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined);
  return promise;
}

function seconds(duration: string): number {
  const match = /^(\d+)(s|m)$/.exec(duration);
  if (match?.[1] === undefined) throw new Error(`not a duration: ${duration}`);
  return Number(match[1]) * (match[2] === "m" ? 60 : 1);
}
