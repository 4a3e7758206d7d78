import {
  AppError,
  archiveDrill,
  createDrill,
  cutNewest,
  type Drill,
  drillDeliveries,
  endDrill,
  getDrill,
  listDrills,
  type Principal,
  parseListPlace,
  pauseDrill,
  replayDrill,
  resumeDrill,
  startDrill,
} from "@suar/contract";
import {
  channels,
  dropRealm,
  handle,
  type OrganisationCaller,
  type Platform,
  requireOrganisation,
  transaction,
} from "@suar/runtime";
import { formatDuration, pauseAt, resumeAt, scenarioTimeAt, startAt } from "@suar/scenario";
import { hasPlainIds } from "@suar/stix";
import type { FastifyInstance } from "fastify";
import { makeDrill } from "../make-drill.ts";
import { scenarioOf } from "../play-drills.ts";
import {
  archiveRealm,
  lockRun,
  type RunRow,
  selectInjects,
  selectRun,
  selectRuns,
  updateRun,
} from "../store/drill-run.ts";
import { type DeliveryRow, selectDeliveries } from "../store/realm-log.ts";

type Change = { state: RunRow["state"]; segments: RunRow["segments"] };

/** From which states a control works, and what it does to the clock. */
const CONTROLS: {
  route: typeof startDrill;
  from: readonly RunRow["state"][];
  change(run: RunRow, now: number): Change;
}[] = [
  {
    route: startDrill,
    from: ["ready"],
    change: (run, now) => ({ state: "running", segments: startAt(now, run.speed) }),
  },
  {
    route: pauseDrill,
    from: ["running"],
    change: (run, now) => ({ state: "paused", segments: pauseAt(run.segments, now) }),
  },
  {
    route: resumeDrill,
    from: ["paused"],
    change: (run, now) => ({ state: "running", segments: resumeAt(run.segments, now) }),
  },
  {
    route: endDrill,
    from: ["ready", "running", "paused"],
    change: (run, now) => ({
      state: "ended",
      segments: run.segments.length === 0 ? [] : pauseAt(run.segments, now),
    }),
  },
];

export function registerDrills(app: FastifyInstance, platform: Platform): void {
  const { authenticator } = platform;

  handle(app, authenticator, createDrill, async ({ principal, body }) => {
    const caller = coordinatorOf(principal);
    const made = await makeDrill(platform, caller, {
      scenario: body.scenario,
      speed: body.speed,
      replayOf: null,
    });
    return { ...(await shown(platform, caller, made.id)), keys: made.keys, warnings: made.warnings };
  });

  handle(app, authenticator, replayDrill, async ({ principal, params, body }) => {
    const caller = coordinatorOf(principal);
    const run = await ownRun(platform, caller, params.id);
    const made = await makeDrill(platform, caller, {
      scenario: run.scenario,
      speed: body.speed ?? run.speed,
      replayOf: run.id,
    });
    return { ...(await shown(platform, caller, made.id)), keys: made.keys, warnings: made.warnings };
  });

  handle(app, authenticator, listDrills, async ({ principal, query }) => {
    const { id } = coordinatorOf(principal).organisation;
    const found = await selectRuns(platform.core, id, parseListPlace(query.after), query.limit + 1);
    const { rows, ...next } = cutNewest(found, query.limit);
    return { items: await Promise.all(rows.map((run) => describe(platform, run))), ...next };
  });

  handle(
    app,
    authenticator,
    getDrill,
    async ({ principal, params }) => await shown(platform, coordinatorOf(principal), params.id),
  );
  registerControls(app, platform);
  registerEnd(app, platform);
}

function registerControls(app: FastifyInstance, platform: Platform): void {
  const { authenticator } = platform;
  for (const control of CONTROLS) {
    handle(app, authenticator, control.route, async ({ principal, params }) => {
      const caller = coordinatorOf(principal);
      await ownRun(platform, caller, params.id);
      const ended = await transaction(platform.core, async (db) => {
        const run = await lockRun(db, params.id, true);
        if (run === undefined) throw new AppError("not-found");
        if (!control.from.includes(run.state)) throw new AppError("conflict", `The drill is ${run.state}`);
        const { state, segments } = control.change(run, Date.now());
        await updateRun(db, run.id, state, segments);
        return state === "ended";
      });
      // The players' keys read on, and change nothing from here.
      if (ended) platform.signals.send(channels.credentials);
      return await shown(platform, caller, params.id);
    });
  }
}

function registerEnd(app: FastifyInstance, platform: Platform): void {
  const { authenticator } = platform;
  handle(app, authenticator, archiveDrill, async ({ principal, params }) => {
    const caller = coordinatorOf(principal);
    const run = await ownRun(platform, caller, params.id);
    if (run.state !== "ended") throw new AppError("conflict", `The drill is ${run.state}; end it first`);
    await transaction(platform.core, async (db) => {
      await archiveRealm(db, run.realm);
      await updateRun(db, run.id, "archived", run.segments);
    });
    platform.signals.send(channels.realms);
    platform.signals.send(channels.credentials);
    await dropRealm({ adminUrl: platform.adminUrl, secrets: platform.secrets, log: platform.log }, run.realm);
    return await shown(platform, caller, run.id);
  });

  handle(app, authenticator, drillDeliveries, async ({ principal, params, query }) => {
    const run = await ownRun(platform, coordinatorOf(principal), params.id);
    if (run.state === "archived") throw new AppError("not-found", "The drill is archived");
    const realm = await platform.realms.named(run.realm);
    const rows = await selectDeliveries(realm.write, query.after, query.limit);
    const participants = Object.keys(scenarioOf(run).participants);
    const items = await Promise.all(
      rows.map(async (row) => ({
        seq: row.seq,
        at: row.at.toISOString(),
        scenarioTime: formatDuration(Math.round(scenarioTimeAt(run.segments, row.at.getTime()))),
        kind: row.kind,
        producer: (await platform.directory.byId(row.producer))?.code ?? "?",
        object: hasPlainIds(row.type) ? row.stix_id : row.type,
        tlp: row.tlp,
        receivedBy: await receiversOf(platform, row, participants),
      })),
    );
    return { items, next: rows.at(-1)?.seq ?? query.after };
  });
}

/** An audience names whole communities; in a drill's realm the participants alone have keys, and receive. */
async function receiversOf(
  platform: Platform,
  { audience }: Pick<DeliveryRow, "audience">,
  participants: readonly string[],
): Promise<string[]> {
  const addressed = await Promise.all((audience ?? []).map((id) => platform.directory.byId(id)));
  return addressed.flatMap((one) => (one !== undefined && participants.includes(one.code) ? [one.code] : []));
}

/** Drills are made and steered from the live realm; a drill's own credentials steer nothing. */
function coordinatorOf(principal: Principal): OrganisationCaller {
  if (principal.realm !== "live") throw new AppError("forbidden", "A drill's keys steer no drill");
  return requireOrganisation(principal);
}

async function ownRun(platform: Platform, caller: OrganisationCaller, id: string): Promise<RunRow> {
  const run = await selectRun(platform.core, id, caller.organisation.id);
  if (run === undefined) throw new AppError("not-found");
  return run;
}

async function shown(platform: Platform, caller: OrganisationCaller, id: string): Promise<Drill> {
  return await describe(platform, await ownRun(platform, caller, id));
}

async function describe(platform: Platform, run: RunRow): Promise<Drill> {
  const scenario = scenarioOf(run);
  const rows = new Map((await selectInjects(platform.core, run.id)).map((row) => [row.inject, row]));
  return {
    id: run.id,
    realm: run.realm,
    title: scenario.title as Record<string, string>,
    state: run.state,
    speed: run.speed,
    scenarioTime: formatDuration(Math.round(scenarioTimeAt(run.segments, Date.now()))),
    duration: scenario.duration,
    participants: Object.keys(scenario.participants),
    injects: scenario.injects.map((inject) => {
      const row = rows.get(inject.id);
      return {
        id: inject.id,
        state: row?.state ?? "waiting",
        firedAt: row?.fired_at?.toISOString() ?? null,
        scenarioTime: typeof row?.scenario_ms === "number" ? formatDuration(row.scenario_ms) : null,
        lateBy: typeof row?.late_by_ms === "number" ? formatDuration(row.late_by_ms) : null,
        by: inject.submit?.by ?? null,
        submissionId: row?.submission_id ?? null,
        problem: row?.problem ?? null,
      };
    }),
    replayOf: run.replay_of,
    createdAt: run.created_at.toISOString(),
  };
}
