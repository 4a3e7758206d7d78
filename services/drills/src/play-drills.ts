import { AppError } from "@suar/contract";
import {
  channels,
  directoryOf,
  type Loop,
  type Platform,
  type PoolClient,
  type Realm,
  startLoop,
  transaction,
} from "@suar/runtime";
import {
  type DrillEvent,
  dueInjects,
  type Inject,
  parseDuration,
  parseScenario,
  pauseAt,
  type Scenario,
  scenarioTimeAt,
} from "@suar/scenario";
import { acceptSubmission, parseOptions } from "@suar/submit";
import {
  lockRun,
  markFired,
  type RunRow,
  selectInjects,
  selectRunning,
  updateRun,
} from "./store/drill-run.ts";
import { selectActivity } from "./store/realm-log.ts";

const LOOK_EVERY_MS = 100;
const IDLE_MS = 500;
const LARGEST_INJECT = 1024 * 1024;

/**
 * Plays all running drills: every look fires what is due by the run's own clock. A run is one process's at a
 * time (row lock), and an inject's submission carries an idempotency key, so that a crash between firing and
 * noting it fires nothing twice. What is late fires with `late_by`; it is never dropped.
 */
export function startPlaying(platform: Platform): Loop {
  return startLoop({
    name: "drills",
    log: platform.log,
    busyMs: LOOK_EVERY_MS,
    idleMs: IDLE_MS,
    step: async () => {
      const running = await selectRunning(platform.core);
      for (const id of running) await playOnce(platform, id);
      if (running.length > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      return running.length > 0;
    },
  });
}

async function playOnce(platform: Platform, id: string): Promise<void> {
  const ended = await transaction(platform.core, async (db) => {
    const run = await lockRun(db, id, false);
    if (run === undefined || run.state !== "running") return false;
    const scenario = scenarioOf(run);
    const now = scenarioTimeAt(run.segments, Date.now());
    const realm = await platform.realms.named(run.realm);
    const injects = await selectInjects(db, run.id);
    const fired = new Map(
      injects.flatMap(({ inject, scenario_ms }) =>
        scenario_ms === null ? [] : [[inject, scenario_ms] as const],
      ),
    );
    const events = await eventsOf(platform, realm, run);
    for (const { inject, lateBy } of dueInjects(scenario, fired, now, events)) {
      await fire(platform, db, realm, run, inject, now, lateBy);
    }
    if (now < parseDuration(scenario.duration)) return false;
    await updateRun(db, run.id, "ended", pauseAt(run.segments, Date.now()));
    return true;
  });
  // The players' keys read on, and change nothing from here.
  if (ended) platform.signals.send(channels.credentials);
}

/** A stored scenario was checked when the run was made. */
export function scenarioOf(run: Pick<RunRow, "id" | "scenario">): Scenario {
  const parsed = parseScenario(run.scenario);
  if (!parsed.ok) throw new Error(`the stored scenario of ${run.id} does not parse`);
  return parsed.scenario;
}

async function fire(
  platform: Platform,
  db: PoolClient,
  realm: Realm,
  run: RunRow,
  inject: Inject,
  now: number,
  lateBy: number,
): Promise<void> {
  const firing = { runId: run.id, inject: inject.id, scenarioMs: now, lateByMs: lateBy };
  try {
    const submissionId =
      inject.submit === undefined ? null : await submitInject(platform, realm, inject.id, inject.submit);
    await markFired(db, { ...firing, state: "fired", submissionId, problem: null });
  } catch (error) {
    // What the platform refuses (an unknown member, say) is the scenario's fault and shown; the rest is tried again.
    if (!(error instanceof AppError) || error.code === "unavailable") throw error;
    await markFired(db, {
      ...firing,
      state: "failed",
      submissionId: null,
      problem: `${error.code}: ${error.detail ?? ""}`,
    });
  }
}

/** Through the one way in, as any player's report would come, into the drill's realm. */
async function submitInject(
  platform: Platform,
  realm: Realm,
  injectId: string,
  submit: NonNullable<Inject["submit"]>,
): Promise<string> {
  const directory = directoryOf(realm, platform.directory);
  const member = await directory.byCode(submit.by);
  if (member === undefined) throw new AppError("unknown-member", `There is no ${submit.by}`);
  const query = { tlp: submit.tlp, to: submit.to?.join(","), kind: submit.kind };
  const options = await parseOptions(query, directory);
  const content = typeof submit.content === "string" ? submit.content : JSON.stringify(submit.content);
  const { id } = await acceptSubmission(realm, platform.queue, {
    organisationId: member.id,
    actor: `drill:${submit.by}`,
    format: submit.format,
    options,
    source: oneChunk(content),
    maxBytes: LARGEST_INJECT,
    idempotencyKey: `inject/${injectId}`,
  });
  return id;
}

async function* oneChunk(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** `submission-received.v1` of the activity log is the trigger `submission.received`. */
async function eventsOf(platform: Platform, realm: Realm, run: RunRow): Promise<DrillEvent[]> {
  const rows = await selectActivity(realm.write);
  return await Promise.all(
    rows.map(async ({ type, at, fields }) => {
      const organisation =
        typeof fields.organisationId === "number"
          ? await platform.directory.byId(fields.organisationId)
          : undefined;
      return {
        type: type.replace(/\.v\d+$/, "").replace("-", "."),
        by: organisation?.code ?? "",
        at: scenarioTimeAt(run.segments, at.getTime()),
        fields,
      };
    }),
  );
}
