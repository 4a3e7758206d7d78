import { existsSync } from "node:fs";
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
