import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareEvents, type Difference, unexplained } from "../testing/compare-events.ts";
import { type Told, thereAndBack } from "../testing/misp-there-and-back.ts";

const CORPUS = resolve(import.meta.dirname, "../../../../../shared/corpus/misp");
const files = existsSync(CORPUS) ? readdirSync(CORPUS).filter((file) => file.endsWith(".json")) : [];

type Json = Record<string, unknown>;

async function differing(
  text: string,
): Promise<{ unnamed: Difference[]; idle: Told[]; found: Difference[] }> {
  const { events, told } = await thereAndBack(text);
  const document = JSON.parse(text) as { Event?: Json; response?: { Event: Json }[] };
  const all =
    document.Event !== undefined
      ? [{ event: document.Event, base: "/Event" }]
      : (document.response ?? []).map(({ Event: event }, n) => ({ event, base: `/response/${n}/Event` }));
  const found = all.flatMap(({ event, base }) => compareEvents(event, events, base));
  const { unnamed, idle } = unexplained(found, told);
  // That sharing does not follow it is true, whether or not it comes to the same.
  const left = (idle as Told[]).filter(({ field }) => field !== "distribution");
  return { unnamed, idle: left, found };
}

describe.skipIf(files.length === 0)("MISP to STIX and back, over the corpus", () => {
  it.each(files)("%s: every difference is told, and nothing else is", async (file) => {
    const { unnamed, idle, found } = await differing(readFileSync(resolve(CORPUS, file), "utf8"));
    expect(found.length).toBeGreaterThan(0);
    expect(unnamed).toEqual([]);
    expect(idle).toEqual([]);
  });
});

const host = fc.integer({ min: 1, max: 99_999 }).map((n) => `h${n}.example`);
const address = fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `45.77.${a}.${b}`);
const hex = (length: number) =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length })
    .map((all) => all.join(""));
const word = fc
  .constantFrom("alpha", "beta", "gamma", "delta")
  .chain((one) => fc.nat(9_999).map((n) => `${one}${n}`));

/** Types with values of each, and what MISP would put beside them. */
const typed = fc.oneof(
  fc.tuple(fc.constantFrom("domain", "hostname"), host),
  fc.tuple(fc.constantFrom("ip-src", "ip-dst"), address),
  fc.tuple(
    fc.constant("url"),
    fc.tuple(host, word).map(([at, path]) => `http://${at}/${path}`),
  ),
  fc.tuple(
    fc.constantFrom("email-src", "email-dst", "email"),
    fc.tuple(word, host).map((all) => all.join("@")),
  ),
  fc.tuple(fc.constant("md5"), hex(32)),
  fc.tuple(fc.constant("sha256"), hex(64)),
  fc.tuple(fc.constant("imphash"), hex(32)),
  fc.tuple(
    fc.constant("filename|sha1"),
    fc.tuple(word, hex(40)).map(([name, hash]) => `${name}.exe|${hash}`),
  ),
  fc.tuple(
    fc.constant("filename"),
    word.map((name) => `${name}.dll`),
  ),
  fc.tuple(fc.constant("mutex"), word),
  fc.tuple(
    fc.constant("regkey"),
    word.map((key) => `HKEY_LOCAL_MACHINE\\Software\\${key}`),
  ),
  fc.tuple(
    fc.constant("domain|ip"),
    fc.tuple(host, address).map((all) => all.join("|")),
  ),
  fc.tuple(
    fc.constant("user-agent"),
    word.map((name) => `Mozilla/5.0 (${name})`),
  ),
  fc.tuple(
    fc.constant("vulnerability"),
    fc.integer({ min: 1_000, max: 99_999 }).map((n) => `CVE-2024-${n}`),
  ),
  fc.tuple(
    fc.constant("link"),
    word.map((path) => `https://report.example/${path}`),
  ),
  fc.tuple(fc.constantFrom("jarm-fingerprint", "pdb", "hex"), word),
);

const generated = fc
  .uniqueArray(
    fc.record({
      typed,
      category: fc.constantFrom("Network activity", "Payload delivery", "External analysis"),
      to_ids: fc.boolean(),
      comment: fc.constantFrom("", "seen by a sensor"),
      tags: fc.subarray(["botnet", "c2"]),
    }),
    { minLength: 1, maxLength: 12, selector: ({ typed: [, value] }) => value.split("|").join(" ") },
  )
  .map((all) =>
    all.map(
      ({ typed: [type, value], category, to_ids, comment, tags }, n): Json => ({
        uuid: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
        type,
        value,
        category: type === "link" ? "External analysis" : category,
        to_ids: type === "link" ? false : to_ids,
        comment,
        timestamp: "1767225600",
        distribution: "5",
        Tag: tags.map((name) => ({ name })),
      }),
    ),
  );

describe("MISP to STIX and back, over events that were made up", () => {
  it("tells every difference, and nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(
        generated,
        fc.constantFrom("1", "2", "3", "4"),
        fc.constantFrom("0", "1", "2"),
        async (Attribute, threat_level_id, analysis) => {
          const event = {
            uuid: "00000000-0000-4000-8000-00000000aaaa",
            info: "A campaign",
            date: "2026-01-01",
            timestamp: "1767225600",
            distribution: "1",
            threat_level_id,
            analysis,
            Orgc: { name: "Example CERT" },
            Tag: [{ name: "tlp:green" }, { name: "apt" }],
            Attribute,
          };
          const { unnamed, idle } = await differing(JSON.stringify({ Event: event }));
          expect(unnamed).toEqual([]);
          expect(idle).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("finds what is not told: a difference without its loss, and a loss without its difference", () => {
    const at = "/Event/Attribute/0";
    const difference = { at, field: "comment", before: "x", after: "" };
    expect(unexplained([difference], [])).toEqual({ unnamed: [difference], idle: [] });
    const loss = { at: "/Event/Attribute/1/comment", field: "comment" };
    expect(unexplained([difference], [loss])).toEqual({ unnamed: [difference], idle: [loss] });
    expect(unexplained([difference], [{ at: `${at}/comment`, field: "comment" }])).toEqual({
      unnamed: [],
      idle: [],
    });
  });
});
