import { type IndicatorFacts, type Lifecycle, lifeOf, type ObservableKind } from "@suar/stix";

/** Whether what an indicator says of values of a kind is over, each kind by its own lifetime. */
export function overByKind(
  facts: IndicatorFacts,
  lifecycle: Lifecycle,
): (kind: ObservableKind, now: number) => boolean {
  return (kind, now) => lifeOf(facts, lifecycle.kinds[kind], lifecycle).isOver(now);
}
