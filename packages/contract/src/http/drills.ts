import { z } from "zod";
import { RealmName } from "../principal.ts";
import { defineRoute } from "./define.ts";
import { IdParams, Instant, PageQuery, pageOf } from "./shared.ts";

export const DrillState = z.enum(["ready", "running", "paused", "ended", "archived"]);
export type DrillState = z.infer<typeof DrillState>;

export const DrillInject = z.object({
  id: z.string(),
  state: z.enum(["waiting", "fired", "failed"]),
  firedAt: Instant.nullable(),
  scenarioTime: z.string().nullable().describe("ISO 8601 duration since the drill's start"),
  lateBy: z.string().nullable(),
  by: z.string().nullable().describe("Member whose submission it replays"),
  submissionId: z.string().nullable(),
  problem: z.string().nullable(),
});
export type DrillInject = z.infer<typeof DrillInject>;

export const Drill = z.object({
  id: z.uuid(),
  realm: RealmName,
  title: z.record(z.string(), z.string()),
  state: DrillState,
  speed: z.number(),
  scenarioTime: z.string(),
  duration: z.string(),
  participants: z.array(z.string()),
  injects: z.array(DrillInject),
  replayOf: z.uuid().nullable(),
  createdAt: Instant,
});
export type Drill = z.infer<typeof Drill>;

export const DrillDelivery = z.object({
  seq: z.int(),
  at: Instant,
  scenarioTime: z.string(),
  kind: z.string(),
  producer: z.string(),
  object: z
    .string()
    .describe("Its STIX id; its type alone where an id may betray a value (observables, custom objects)"),
  tlp: z.string(),
  receivedBy: z
    .array(z.string())
    .describe("Whom the entry was addressed to among the participants; nobody else has a key to its realm"),
});
export type DrillDelivery = z.infer<typeof DrillDelivery>;

const tag = "drills";
const roles = ["coordinator"] as const;

export const createDrill = defineRoute({
  method: "POST",
  path: "/v1/drills",
  tag,
  summary: "Make a drill run from a scenario, in a realm of its own",
  roles,
  body: z.strictObject({
    scenario: z.string().min(1).max(1_048_576).describe("The scenario file's YAML"),
    speed: z
      .number()
      .min(0.1)
      .max(3600)
      .optional()
      .describe("Scenario seconds a second; absent: the scenario's"),
  }),
  status: 201,
  reply: Drill.extend({
    keys: z
      .record(z.string(), z.object({ analyst: z.string(), subscriber: z.string() }))
      .describe("The players' keys in the drill's realm, by member; shown once"),
    warnings: z.array(z.string()),
  }),
  problems: ["bad-scenario", "realm-limit", "unknown-member"],
});

export const listDrills = defineRoute({
  method: "GET",
  path: "/v1/drills",
  tag,
  summary: "Drill runs that your organisation made, newest first",
  roles,
  query: PageQuery,
  status: 200,
  reply: pageOf(Drill),
  problems: ["bad-cursor"],
});

export const getDrill = defineRoute({
  method: "GET",
  path: "/v1/drills/:id",
  tag,
  summary: "A drill run: clock and injects",
  roles,
  params: IdParams,
  status: 200,
  reply: Drill,
  problems: ["not-found"],
});

const control = (name: string, summary: string) =>
  defineRoute({
    method: "POST",
    path: `/v1/drills/:id/${name}`,
    tag,
    summary,
    roles,
    params: IdParams,
    status: 200,
    reply: Drill,
    problems: ["not-found", "conflict"],
  });

export const startDrill = control("start", "Start the clock");
export const pauseDrill = control("pause", "Stop the clock; nothing fires until it goes on");
export const resumeDrill = control("resume", "Let the clock go on from where it stopped");
export const endDrill = control(
  "end",
  "End the run; its realm can still be read, and nothing in it changed (`conflict`)",
);
export const archiveDrill = control("archive", "Drop the ended run's realm and revoke its keys");

export const replayDrill = defineRoute({
  ...createDrill,
  path: "/v1/drills/:id/replay",
  summary: "Play the same scenario again in a new realm; the earlier run stays",
  params: IdParams,
  body: z.strictObject({ speed: z.number().min(0.1).max(3600).optional() }),
  problems: ["not-found", "realm-limit", "unknown-member"],
});

export const drillDeliveries = defineRoute({
  method: "GET",
  path: "/v1/drills/:id/deliveries",
  tag,
  summary: "Who received what and when",
  roles,
  params: IdParams,
  query: z.object({
    after: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(1000).default(500),
  }),
  status: 200,
  reply: z.object({ items: z.array(DrillDelivery), next: z.int() }),
  problems: ["not-found"],
});

export const drillRoutes = {
  createDrill,
  listDrills,
  getDrill,
  startDrill,
  pauseDrill,
  resumeDrill,
  endDrill,
  archiveDrill,
  replayDrill,
  drillDeliveries,
};
