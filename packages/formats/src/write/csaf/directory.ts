import { createHash } from "node:crypto";
import type { JsonRecord } from "../../json-value.ts";
import { tarEntry } from "./tar-entry.ts";

type Listed = { path: string; current: string };

const LONGEST_NAME = 80;

/**
 * The folders of a provider (7.1.11 to 7.1.14, 7.1.18): one for each that states advisories, in it a folder for each year,
 * and what there is of them. A file is called as §5.1 wants it.
 */
export class Directory {
  readonly #listed = new Map<string, Listed[]>();
  readonly #paths = new Set<string>();
  /** Content of one time is of one form, whenever it is made. */
  #last = 0;

  /** A document with its hash; nothing where another of that number has been written. */
  add(producer: string, document: JsonRecord): string {
    const { tracking } = document.document as { tracking: JsonRecord };
    const folder = producer.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    const year = /^\d{4}/.exec(String(tracking.initial_release_date))?.[0] ?? "0000";
    const [name, current] = [fileNameOf(String(tracking.id)), String(tracking.current_release_date)];
    const path = `${folder}/${year}/${name}`;
    if (this.#paths.has(path)) return "";
    this.#paths.add(path);
    const at = Date.parse(current);
    this.#last = Math.max(this.#last, at);
    this.#listed.set(folder, [...(this.#listed.get(folder) ?? []), { path: `${year}/${name}`, current }]);
    const text = `${JSON.stringify(document, null, 2)}\n`;
    const hash = createHash("sha256").update(text).digest("hex");
    return tarEntry(path, text, at) + tarEntry(`${path}.sha256`, `${hash}  ${name}\n`, at);
  }

  /** `index.txt` and `changes.csv` of each provider, the newest change first (7.1.12, 7.1.13). */
  lists(): string {
    return [...this.#listed]
      .map(([folder, listed]) => {
        const newest = listed.toSorted((a, b) => Date.parse(b.current) - Date.parse(a.current));
        const index = newest.map(({ path }) => `${path}\n`).sort();
        const changes = newest.map(({ path, current }) => `"${path}","${current}"\n`);
        const at = this.#last;
        return (
          tarEntry(`${folder}/index.txt`, index.join(""), at) +
          tarEntry(`${folder}/changes.csv`, changes.join(""), at)
        );
      })
      .join("");
  }
}

/** §5.1: in small letters, and what is none of `+`, `-`, a letter or a digit is one underscore. */
export function fileNameOf(id: string): string {
  const name = id.toLowerCase().replace(/[^+\-a-z0-9]+/g, "_");
  const hash = createHash("sha256").update(id).digest("hex").slice(0, 16);
  return `${name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 17)}_${hash}` : name}.json`;
}
