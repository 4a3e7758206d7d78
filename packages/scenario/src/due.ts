import { parseDuration } from "./duration.ts";
import type { Inject, Scenario } from "./schema.ts";

/** An event of the run's ordinary log, as far as triggers look at it; `at` is scenario time. */
export type DrillEvent = {
  type: string;
  by: string;
  at: number;
  fields: Readonly<Record<string, unknown>>;
};

export type Trigger = {
  on: string;
  by?: string | undefined;
  match?: Readonly<Record<string, string | number | boolean>> | undefined;
};

/** `dueAt` and `lateBy` are scenario time; `cause` says which of its triggers fired the inject. */
export type DueInject = {
  inject: Inject;
  cause: "at" | "after" | "when" | "else_at";
  dueAt: number;
  lateBy: number;
};

type Fired = ReadonlyMap<string, number>;

/**
 * The injects that are due now and have not fired, the earliest first, then in the order of the scenario.
 * What waits for one of these (`after`) counts from the moment when that one really fired: ask again after
 * firing.
 */
export function dueInjects(
  scenario: Scenario,
  fired: Fired,
  nowScenarioMs: number,
  events: readonly DrillEvent[],
): DueInject[] {
  return scenario.injects
    .filter(({ id }) => !fired.has(id))
    .flatMap((inject) => {
      const [first] = [...timedCauses(inject, fired), ...eventCauses(inject, events)].sort(
        (a, b) => a.dueAt - b.dueAt,
      );
      if (!first || first.dueAt > nowScenarioMs) return [];
      return [{ inject, ...first, lateBy: nowScenarioMs - first.dueAt }];
    })
    .sort((a, b) => a.dueAt - b.dueAt);
}

/** The next scenario time at which an inject becomes due by itself: how long a runner may sleep. */
export function nextDueAt(scenario: Scenario, fired: Fired): number | undefined {
  const times = scenario.injects
    .filter(({ id }) => !fired.has(id))
    .flatMap((inject) => timedCauses(inject, fired).map(({ dueAt }) => dueAt));
  return times.length === 0 ? undefined : Math.min(...times);
}

/**
 * Does this event answer that trigger? Each key of `match` must equal the field of that name or be one of its
 * values. `L4+` means that level or a higher one.
 */
export function triggerMatches({ on, by, match = {} }: Trigger, event: DrillEvent): boolean {
  if (event.type !== on || (by !== undefined && event.by !== by)) return false;
  return Object.entries(match).every(([key, wanted]) => {
    const value = event.fields[key];
    return (Array.isArray(value) ? value : [value]).some(
      (each) => each === wanted || isLevelFrom(wanted, each),
    );
  });
}

type Cause = Pick<DueInject, "cause" | "dueAt">;

function timedCauses(inject: Inject, fired: Fired): Cause[] {
  if (inject.at !== undefined) return [{ cause: "at", dueAt: parseDuration(inject.at) }];
  if (inject.else_at !== undefined) return [{ cause: "else_at", dueAt: parseDuration(inject.else_at) }];
  const base = inject.after && fired.get(inject.after.inject);
  if (!inject.after || base === undefined) return [];
  return [{ cause: "after", dueAt: base + parseDuration(inject.after.delay) }];
}

function eventCauses({ when }: Inject, events: readonly DrillEvent[]): Cause[] {
  if (!when) return [];
  return events
    .filter((event) => triggerMatches(when, event))
    .map(({ at }) => ({ cause: "when" as const, dueAt: at }));
}

function isLevelFrom(wanted: unknown, value: unknown): boolean {
  const least = /^L([1-5])\+$/.exec(String(wanted))?.[1];
  const level = /^L([1-5])$/.exec(String(value))?.[1];
  return least !== undefined && level !== undefined && level >= least;
}
