import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { collect } from "../testing/collect-drafts.ts";
import { issuesOf } from "../testing/invalid-drafts.ts";
import { mispReader } from "./read-misp.ts";

const CORPUS = resolve(import.meta.dirname, "../../../../../shared/corpus/misp");
const files = existsSync(CORPUS) ? readdirSync(CORPUS).filter((file) => file.endsWith(".json")) : [];

type Said = { at: string; value: string };
type Attributes = { value: string; deleted?: boolean }[];
type MispEvent = { Attribute?: Attributes; Object?: { Attribute?: Attributes; deleted?: boolean }[] };

/** Every value of an event with its place. */
function saidIn(event: MispEvent, base: string): Said[] {
  const of = (list: Attributes | undefined, at: string): Said[] =>
    (list ?? []).map(({ value }, n) => ({ at: `${at}/Attribute/${n}`, value }));
  const objects = (event.Object ?? []).flatMap(({ Attribute }, n) => of(Attribute, `${base}/Object/${n}`));
  return [...of(event.Attribute, base), ...objects];
}

function eventsOf(text: string): { event: MispEvent; base: string }[] {
  const document = JSON.parse(text) as { Event?: MispEvent; response?: { Event: MispEvent }[] };
  if (document.Event !== undefined) return [{ event: document.Event, base: "/Event" }];
  return (document.response ?? []).map(({ Event: event }, n) => ({ event, base: `/response/${n}/Event` }));
}

describe.skipIf(files.length === 0)("the corpus of MISP", () => {
  it.each(files)("is carried or told, value by value: %s", async (file) => {
    const text = readFileSync(resolve(CORPUS, file), "utf8");
    const collected = await collect(mispReader, text);
    expect(issuesOf(collected)).toEqual([]);
    expect([collected.untold, collected.rejects]).toEqual([0, []]);
    // Registry keys are written out in full, and names in lower case.
    const carried = JSON.stringify(collected.drafts).toLowerCase();
    const told = new Set(collected.losses.map(({ at }) => at));
    const isCarried = (value: string): boolean =>
      value
        .split("|")
        .map((half) => half.trim().replace(/^HK(?:LM|CU|CR|U)\\/i, ""))
        .every((half) => carried.includes(JSON.stringify(half).slice(1, -1).toLowerCase()));
    const said = eventsOf(text).flatMap(({ event, base }) => saidIn(event, base));
    expect(said.length).toBeGreaterThan(0);
    expect(said.filter(({ at, value }) => !told.has(at) && !isCarried(value))).toEqual([]);
  });

  it("has no loss of a field or a type that is not known", async () => {
    for (const file of files) {
      const { losses } = await collect(mispReader, readFileSync(resolve(CORPUS, file)));
      expect(losses.filter(({ reason }) => /that is known/.test(reason))).toEqual([]);
    }
  });
});
