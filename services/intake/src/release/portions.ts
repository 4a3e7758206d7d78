import { FIRST_RELEASE_PAGE } from "../store/outcome.ts";
import type { StagedPlace } from "../store/staged.ts";
import { type OutcomePages, WHOLE } from "./settle-outcomes.ts";

/** What of a submission is planned together: its places, which of all they are, and where its outcomes stand. */
export type Portion = {
  places: readonly StagedPlace[];
  from: number;
  to: number;
  isLast: boolean;
  /** It is the whole submission. */
  isAlone: boolean;
  outcomes: OutcomePages;
};

/** A submission's portions, in the order of their release; one without a place where nothing is to be released. */
export function portionsOf(places: readonly StagedPlace[]): Portion[] {
  const groups = [...Map.groupBy(places, ({ portion }) => portion).values()];
  if (groups.length < 2)
    return [{ places, from: 0, to: places.length, isLast: true, isAlone: true, outcomes: WHOLE }];
  let from = 0;
  return groups.map((own, index) => {
    const next = groups[index + 1]?.[0];
    const range = { from, to: from + own.length };
    from = range.to;
    return {
      places: own,
      ...range,
      isLast: next === undefined,
      isAlone: false,
      outcomes: pagesOf(own, next, range),
    };
  });
}

function pagesOf(
  own: readonly StagedPlace[],
  next: StagedPlace | undefined,
  { from, to }: { from: number; to: number },
): OutcomePages {
  return {
    staging: { from: own[0]?.outcomes ?? 0, to: next?.outcomes ?? WHOLE.staging.to },
    release: {
      from: FIRST_RELEASE_PAGE + from,
      to: next === undefined ? WHOLE.release.to : FIRST_RELEASE_PAGE + to,
    },
  };
}
