import type { FeedPlan } from "./plan-feed.ts";

/** A MISP reads the manifest, and then event by event: the events of one subscription are looked for once. */
const KEPT = { plans: 16, ms: 5 * 60_000 };

/** Plans that were made lately, by whom they are for. They name entries and hold none: each file is read anew. */
export class FeedPlans {
  readonly #kept = new Map<string, { plan: FeedPlan; until: number }>();

  keep(of: string, plan: FeedPlan): void {
    this.#kept.delete(of);
    this.#kept.set(of, { plan, until: Date.now() + KEPT.ms });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT.plans && oldest !== undefined) this.#kept.delete(oldest);
  }

  known(of: string): FeedPlan | undefined {
    const kept = this.#kept.get(of);
    if (kept === undefined || kept.until > Date.now()) return kept?.plan;
    this.#kept.delete(of);
    return undefined;
  }
}
