import { routes, type SightingReport, type SightingReports } from "@suar/contract";
import type { Caller } from "../call.ts";

/** What you saw, did not see, or know to be over. */
export class Sightings {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Of one object, by its id. */
  of(id: string, report: SightingReport) {
    return this.#caller.call(routes.reportSighting, { params: { id }, body: report });
  }

  /** Of many, by id or by value: all of them, or none. */
  report(reports: SightingReports) {
    return this.#caller.call(routes.reportSightings, { body: reports });
  }

  /** What they would become, and who would receive them; nothing is stored. */
  preview(reports: SightingReports) {
    return this.#caller.call(routes.previewSightings, { body: reports });
  }
}
