import { parseDuration } from "./duration.ts";
import { checkIndicators } from "./indicators.ts";
import type { Problem } from "./problem.ts";
import type { Inject, Scenario } from "./schema.ts";

type Path = readonly (string | number)[];

/** What the schema cannot see: names that lead nowhere, times that cannot be kept, values that look real. */
export function checkScenario(scenario: Scenario): Problem[] {
  return [
    ...checkIds(scenario),
    ...checkReferences(scenario),
    ...checkParticipants(scenario),
    ...checkTimes(scenario),
    ...checkHaste(scenario),
    ...checkSubmissions(scenario),
    ...checkIndicators(scenario),
  ];
}

const error = (code: string, path: Path, message: string): Problem => ({
  code,
  severity: "error",
  message,
  path,
});
const warning = (code: string, path: Path, message: string): Problem => ({
  code,
  severity: "warning",
  message,
  path,
});

function expectationsOf({ injects }: Scenario) {
  return injects.flatMap((inject, i) =>
    inject.expect.map((expectation, e) => ({ expectation, path: ["injects", i, "expect", e] as Path })),
  );
}

function checkIds(scenario: Scenario): Problem[] {
  const repeated = (ids: { id: string; path: Path }[]) => {
    const seen = new Set<string>();
    return ids.flatMap(({ id, path }) => {
      if (seen.has(id)) return [error("repeated-id", [...path, "id"], `the id ${id} is taken`)];
      seen.add(id);
      return [];
    });
  };
  return [
    ...repeated(scenario.injects.map(({ id }, i) => ({ id, path: ["injects", i] }))),
    ...repeated(expectationsOf(scenario).map(({ expectation, path }) => ({ id: expectation.id, path }))),
  ];
}

function checkReferences(scenario: Scenario): Problem[] {
  const injectIds = new Set(scenario.injects.map(({ id }) => id));
  const expectations = expectationsOf(scenario);
  const expectationIds = new Set(expectations.map(({ expectation }) => expectation.id));
  return [
    ...scenario.injects.flatMap(({ after }, i) =>
      after && !injectIds.has(after.inject)
        ? [error("unknown-inject", ["injects", i, "after", "inject"], `there is no inject ${after.inject}`)]
        : [],
    ),
    ...expectations.flatMap(({ expectation: { since, obj }, path }) => [
      ...(since !== undefined && !expectationIds.has(since)
        ? [error("unknown-expectation", [...path, "since"], `there is no expectation ${since}`)]
        : []),
      ...(obj !== undefined && !Object.hasOwn(scenario.objectives, obj)
        ? [error("unknown-objective", [...path, "obj"], `there is no objective ${obj}`)]
        : []),
    ]),
  ];
}

function checkParticipants(scenario: Scenario): Problem[] {
  const named: { code: string; path: Path }[] = scenario.injects.flatMap(({ to, when, submit }, i) => [
    ...to.map((code, t) => ({ code, path: ["injects", i, "to", t] })),
    ...(when?.by ? [{ code: when.by, path: ["injects", i, "when", "by"] }] : []),
    ...(submit ? [{ code: submit.by, path: ["injects", i, "submit", "by"] }] : []),
    ...(submit?.to ?? []).map((code, t) => ({ code, path: ["injects", i, "submit", "to", t] })),
  ]);
  for (const { expectation, path } of expectationsOf(scenario)) {
    if (expectation.by) named.push({ code: expectation.by, path: [...path, "by"] });
  }
  return named.flatMap(({ code, path }) => {
    const [member = code] = code.split(":");
    if (Object.hasOwn(scenario.participants, member)) return [];
    return [error("unknown-participant", path, `${member} does not take part`)];
  });
}

/** Each inject's latest time: `when` counts as its `else_at`, `after` as all the delays behind it. */
function checkTimes(scenario: Scenario): Problem[] {
  const end = parseDuration(scenario.duration);
  const byId = new Map(scenario.injects.map((inject) => [inject.id, inject]));
  return scenario.injects.flatMap((inject, i) => {
    const latest = latestTime(inject, byId);
    if (latest === "cycle") {
      return [error("cycle", ["injects", i, "after"], `${inject.id} waits, through others, for itself`)];
    }
    if (latest === undefined || latest <= end) return [];
    return [error("after-the-end", ["injects", i], `${inject.id} may come after the end of the drill`)];
  });
}

function latestTime(inject: Inject, byId: ReadonlyMap<string, Inject>): number | "cycle" | undefined {
  const passed = new Set<string>();
  let current: Inject | undefined = inject;
  let delays = 0;
  while (current?.after) {
    if (passed.has(current.id)) return "cycle";
    passed.add(current.id);
    delays += parseDuration(current.after.delay);
    current = byId.get(current.after.inject);
  }
  const base = current?.at ?? current?.else_at;
  return base === undefined ? undefined : delays + parseDuration(base);
}

/** Nobody can be asked to act faster than `min_human`, which is wall time. */
function checkHaste(scenario: Scenario): Problem[] {
  const { speed, min_human } = scenario.clock;
  const least = parseDuration(min_human) * speed;
  return expectationsOf(scenario).flatMap(({ expectation: { id, within, never }, path }) => {
    if (within === undefined || never || parseDuration(within) >= least) return [];
    const message = `at speed ${speed}, ${id} leaves less than ${min_human} of real time`;
    return [error("too-hasty", [...path, "within"], message)];
  });
}

/** What intake would refuse when the inject fires. */
function checkSubmissions({ injects }: Scenario): Problem[] {
  return injects.flatMap(({ submit }, i) => {
    if (!submit) return [];
    const path = ["injects", i, "submit"];
    const { tlp, format } = submit;
    if (tlp === "red")
      return [warning("red-needs-people", [...path, "tlp"], "RED is for people, not for a feed")];
    const saysItself = format === "stix" || format === "misp" || format === "incident";
    if (tlp === undefined && !saysItself) return [warning("unmarked", path, `${format} needs a tlp`)];
    return [];
  });
}
