import { randomBytes } from "node:crypto";
import { scoId } from "@suar/stix";
import type { Reader } from "./readers.ts";

/** A text that stands in one place only, and those who may read it there. */
export type Canary = {
  text: string;
  /** What was planted, for the message of a failure. */
  what: string;
  /** `content` travels through the log; `own` stays with those who made it. */
  kind: "content" | "own";
  may(reader: Reader): boolean;
  /** Who read it before its originator narrowed it; absent: the same. */
  mightBefore?(reader: Reader): boolean;
  /** Not shown where only the newest version is. */
  superseded?: boolean;
  /** Told by alerts, which are in the log and no objects of a TAXII collection. */
  inAlerts?: boolean;
  /** Everybody reads it, without a key, where what is public is read. */
  isPublic?: boolean;
  /** Was content once; now nobody may read it. */
  withdrawn?: boolean;
};

/** Letters and digits only, of one length: it survives every canonical form, and is found in every text. */
const CANARY = /kanari[0-9a-f]{8}[0-9]{4}/g;
const RUN = randomBytes(4).toString("hex");
/** A domain's id is worked out from its value: whoever reads the one can guess the other. */
const DOMAIN_ID = /domain-name--[0-9a-f-]{36}/g;

export class Canaries {
  readonly #planted: Canary[] = [];
  readonly #byText = new Map<string, Canary>();

  plant(
    what: string,
    kind: Canary["kind"],
    may: Canary["may"],
    more: Pick<Canary, "superseded" | "inAlerts" | "mightBefore" | "isPublic"> = {},
  ): Canary {
    const text = `kanari${RUN}${String(this.#planted.length).padStart(4, "0")}`;
    const canary: Canary = { text, what, kind, may, ...more };
    this.#planted.push(canary);
    this.#byText.set(text, canary);
    for (const value of [`${text}v.example.com`, `${text}d.example.net`])
      this.#byText.set(domainId(value), canary);
    return canary;
  }

  all(): Canary[] {
    return [...this.#planted];
  }

  content(): Canary[] {
    return this.all().filter(({ kind }) => kind === "content");
  }

  /** The canaries in a text. */
  in(text: string): Set<Canary> {
    const found = new Set<Canary>();
    const lower = text.toLowerCase();
    for (const [match] of lower.matchAll(CANARY)) {
      const canary = this.#byText.get(match);
      if (canary !== undefined) found.add(canary);
    }
    for (const [match] of lower.matchAll(DOMAIN_ID)) {
      const canary = this.#byText.get(match);
      // Of what is withdrawn the id is left, for those who had it.
      if (canary !== undefined && canary.withdrawn !== true) found.add(canary);
    }
    return found;
  }
}

export function domainId(value: string): string {
  return scoId({ type: "domain-name", value });
}

/** A sentence for each canary that a reader saw and may not see. What came `asItHappened` came before it was narrowed. */
export function leaksTo(
  reader: Reader,
  where: string,
  seen: Iterable<Canary>,
  asItHappened = false,
): string[] {
  const may = (canary: Canary): boolean =>
    canary.may(reader) || (asItHappened && canary.mightBefore?.(reader) === true);
  return [...seen]
    .filter((canary) => canary.withdrawn === true || !may(canary))
    .map((canary) => `${reader.name} saw ${canary.what} in ${where}`);
}

/** Kept nowhere that anybody reads, also not those who sent it. */
export const NEVER_SHOWN = new Set(["a cell that is lost", "a value that is refused", "an idempotency key"]);

/** A sentence for each canary that a reader should have seen and did not. */
export function missingFor(
  reader: Reader,
  where: string,
  seen: ReadonlySet<Canary>,
  expected: Iterable<Canary>,
): string[] {
  return [...expected]
    .filter((canary) => canary.withdrawn !== true && canary.may(reader) && !seen.has(canary))
    .map((canary) => `${reader.name} did not see ${canary.what} in ${where}`);
}
