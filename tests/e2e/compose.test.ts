import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { routes } from "@suar/contract";
import { describe, expect, it } from "vitest";
import { caller } from "../support/api.ts";
import { COMPOSE_FILE, type ComposePlatform, startCompose } from "../support/compose.ts";
import { readComposeFile } from "../support/compose-file.ts";
import { ROOT } from "../support/compose-stack.ts";
import { programOrSkip } from "../support/needed.ts";
import { readRoutes, serviceOf } from "../support/proxy.ts";
import { endToEndSuite } from "./suite.ts";

const VARIABLES = {
  SUAR_SECRET: "s".repeat(40),
  POSTGRES_PASSWORD: "admins-word",
  REDIS_PASSWORD: "queues-word",
};
const OURS = [
  "identity",
  "intake",
  "exchange",
  "feed",
  "courier",
  "response",
  "governance",
  "drills",
  "console",
];

describe("docker-compose.yml", () => {
  const services = readComposeFile(COMPOSE_FILE, VARIABLES);

  it("runs every service of the house, and two of intake, feed and courier", () => {
    const replicas = Object.fromEntries(OURS.map((name) => [name, services[name]?.deploy.replicas]));
    expect(replicas).toEqual({
      identity: 1,
      intake: 2,
      exchange: 1,
      feed: 2,
      courier: 2,
      response: 1,
      governance: 1,
      drills: 1,
      console: 1,
    });
    for (const name of OURS) {
      expect(services[name]?.command?.at(-1)).toBe(`services/${name}/dist/main.js`);
      expect(existsSync(join(ROOT, `services/${name}/src/main.ts`))).toBe(true);
    }
  });

  it("refuses to start without its secrets, and says which", () => {
    for (const name of ["SUAR_SECRET", "POSTGRES_PASSWORD", "REDIS_PASSWORD"] as const) {
      const { [name]: _missing, ...rest } = VARIABLES;
      expect(() => readComposeFile(COMPOSE_FILE, rest)).toThrow(
        `required variable ${name} is missing a value: set ${name}`,
      );
      expect(() => readComposeFile(COMPOSE_FILE, { ...rest, [name]: "" })).toThrow(name);
    }
  });

  it("gives the administrator's password to preparing and to drills alone", () => {
    const holders = Object.keys(services).filter((name) =>
      JSON.stringify(services[name]).includes(VARIABLES.POSTGRES_PASSWORD),
    );
    expect(holders.sort()).toEqual(["drills", "postgres", "prepare"]);
  });

  it("gives each service what it reads and nothing else, and everything that the README lists to one at least", () => {
    const table =
      readFileSync(join(ROOT, "README.md"), "utf8").split("## Settings")[1]?.split("\n## ")[0] ?? "";
    const listed = [...table.matchAll(/^\|([^|]+)\|/gm)].flatMap(([, names]) =>
      [...(names ?? "").matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name ?? ""),
    );
    const given = new Set<string>();
    for (const name of [...OURS, "prepare"]) {
      const service = name === "prepare" ? "identity" : name;
      const read = ["packages/runtime/src/config/config.ts", `services/${service}/src/config.ts`]
        .map((path) => readFileSync(join(ROOT, path), "utf8"))
        .join();
      for (const setting of Object.keys(services[name]?.environment ?? {})) {
        expect(read, `${name} reads no ${setting}`).toMatch(new RegExp(`\\b${setting}\\b`));
        given.add(setting);
      }
    }
    expect(listed.length).toBeGreaterThan(10);
    expect(listed.filter((name) => !given.has(name))).toEqual([]);
  });

  it("keeps on volumes what services write outside of the database, and nothing else can be written", () => {
    const own =
      readFileSync(join(ROOT, "Dockerfile"), "utf8")
        .match(/install -d .*$/m)?.[0]
        .split(" ") ?? [];
    for (const [name, setting] of [
      ["prepare", "SUAR_DATA_DIR"],
      ["exchange", "SUAR_CHECKPOINT_DIR"],
    ] as const) {
      const place = services[name]?.environment[setting] ?? "";
      expect(services[name]?.volumes.map((volume) => volume.split(":")[1])).toEqual([place]);
      expect(own).toContain(place);
    }
    for (const name of [...OURS, "prepare"])
      expect(services[name]).toMatchObject({ read_only: true, cap_drop: ["ALL"], tmpfs: ["/tmp"] });
  });

  it("lays nothing of an answer aside at the door, and gives no export up while it is looked through", () => {
    const conf = readFileSync(join(ROOT, "docker/nginx.conf"), "utf8");
    expect(conf).not.toMatch(/proxy_max_temp_file_size [^0]/);
    expect(conf).toContain("proxy_max_temp_file_size 0;");
    for (const path of ["/v1/export/", "/v1/linked-export/"]) {
      const [, within = ""] = conf.split(`location ^~ ${path} {`);
      expect(within.slice(0, within.indexOf("}"))).toContain("proxy_read_timeout 30m;");
    }
    expect(services.proxy).toMatchObject({
      read_only: true,
      tmpfs: [expect.stringMatching(/^\/tmp:size=\d+m$/)],
    });
  });

  it("asks each service itself whether it is ready", () => {
    for (const name of OURS) {
      expect(services[name]?.healthcheck?.test).toEqual(["CMD", "node", "docker/is-ready.js"]);
      expect(services.proxy?.depends_on[name]?.condition).toBe("service_healthy");
    }
    expect(services.prepare?.healthcheck).toBeUndefined();
  });

  it("starts services only after the migrating step, and that one only on a healthy database", () => {
    expect(services.prepare?.depends_on.postgres?.condition).toBe("service_healthy");
    for (const name of OURS) {
      expect(services[name]?.depends_on).toMatchObject({
        prepare: { condition: "service_completed_successfully" },
        postgres: { condition: "service_healthy" },
        redis: { condition: "service_healthy" },
      });
    }
  });

  it("routes every call of the contract to a service, and everything else to the console", () => {
    const table = readRoutes(join(ROOT, "docker/nginx.conf"));
    for (const { path } of Object.values(routes))
      expect([path, serviceOf(table, path)]).not.toEqual([path, "console"]);
    for (const path of ["/", "/docs", "/openapi.json", "/problems/unmarked", "/v1/logs", "/v1"]) {
      expect([path, serviceOf(table, path)]).toEqual([path, "console"]);
    }
  });
});

const redis = programOrSkip("redis-server");

describe.skipIf(redis === undefined)(
  "distributed: the processes of docker-compose.yml, PostgreSQL and Redis",
  () => {
    let platform: ComposePlatform | undefined;
    endToEndSuite("rules", async () => {
      platform = await startCompose();
      return platform;
    });

    it("answers every call of the contract through the proxy", async () => {
      const anybody = caller(platform?.url ?? "", undefined);
      for (const { method, path } of Object.values(routes)) {
        const { status, body } = await anybody.send(method, path.replace(/:\w+/g, crypto.randomUUID()));
        if (status === 404) expect([path, body.detail]).not.toEqual([path, expect.stringContaining("/docs")]);
      }
      expect((await anybody.get("/docs")).status).toBe(200);
      expect((await anybody.get("/readyz")).body).toEqual({ status: "ready" });
    });

    it("runs what the image's build makes, nothing of the sources", () => {
      const commands = [...(platform?.processes.values() ?? [])]
        .flat()
        .map(({ spawnargs }) => spawnargs.join(" "));
      const ours = commands.filter((command) => command.includes("services/"));
      expect(ours).toHaveLength(13);
      for (const command of ours)
        expect(command).toMatch(/--conditions=suar-built .*\/dist\/(main|prepare)\.js$/);
    });

    it("ends every process cleanly when it is told to, within its time", async () => {
      const exits = await platform?.stop();
      expect(exits?.size).toBe(OURS.length + 2);
      expect([...(exits ?? [])].filter(([, codes]) => codes.some((code) => code !== 0))).toEqual([]);
    });
  },
);
