import { type LoadedWarningList, routes, type WarningListDetail } from "@suar/contract";
import type { Caller } from "../call.ts";
import { bodyOf, type Source } from "../upload.ts";

/** Lists of what is no threat, as MISP has them. */
export class WarningListResource {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  async list() {
    return (await this.#caller.call(routes.listWarningLists, {})).items;
  }

  /** All of it or nothing; a newer version takes the place of the older. `from` says where it was had from. */
  load(source: Source, from?: string, signal?: AbortSignal): Promise<LoadedWarningList> {
    const raw = { ...bodyOf(source), contentType: "application/json" };
    return this.#caller.call(routes.loadWarningList, { query: { source: from }, raw, signal });
  }

  /** One list, with a page of its entries. */
  get(id: string, page: { after?: string; limit?: number } = {}): Promise<WarningListDetail> {
    return this.#caller.call(routes.readWarningListEntries, { params: { id }, query: page });
  }

  remove(id: string) {
    return this.#caller.call(routes.removeWarningList, { params: { id } });
  }

  /** Which lists a value is on, as they count for you. */
  try(value: string) {
    return this.#caller.call(routes.tryWarningLists, { query: { value } });
  }
}
