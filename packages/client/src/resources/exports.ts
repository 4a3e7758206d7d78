import { type ExportFormat, type ExportLink, type Filter, routes } from "@suar/contract";
import type { Caller } from "../call.ts";
import { pages } from "../pages.ts";
import { queryOf } from "./log.ts";

export type ExportOptions = { filter?: Filter; signal?: AbortSignal };

/** Views of the log for other tools. */
export class Exports {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** What stands now, in pieces; where it breaks off, it throws. */
  read(format: ExportFormat, { filter = {}, signal }: ExportOptions = {}): AsyncGenerator<string> {
    return this.#caller.texts(routes.exportLog, { params: { format }, query: queryOf(filter), signal });
  }

  /** A file of the feed that a MISP reads: `manifest.json`, `hashes.csv`, or an event's. */
  feedFile(file: string, { signal }: Pick<ExportOptions, "signal"> = {}): AsyncGenerator<string> {
    return this.#caller.texts(routes.exportFeedFile, { params: { file }, signal });
  }

  /** The answer holds the address with its key, which is shown once. */
  createLink(link: { name: string; format: ExportFormat; filter?: Filter; days?: number | undefined }) {
    return this.#caller.call(routes.createExportLink, { body: link });
  }

  links(): AsyncGenerator<ExportLink> {
    return pages((after) => this.#caller.call(routes.listExportLinks, { query: { after } }));
  }

  /** Another key for the same; the old one ends a day later. */
  rotateLink(id: string) {
    return this.#caller.call(routes.rotateExportLink, { params: { id } });
  }

  revokeLink(id: string) {
    return this.#caller.call(routes.revokeExportLink, { params: { id } });
  }
}
