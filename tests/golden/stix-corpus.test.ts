import { canonicalJson, parseBundle, parseStixObject, type StixBundle } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { corpusTexts } from "../support/stix-files.ts";

const files = [...corpusTexts()];
if (files.length === 0)
  process.stdout.write("the corpus is not beside the repository: its tests are skipped\n");

describe.skipIf(files.length === 0)("the STIX of others", () => {
  it.each(files)("%s comes out byte for byte as it went in, in canonical form", (name, text) => {
    const given = JSON.parse(text) as StixBundle;
    const before = canonicalJson(given);
    const parsed = parseBundle(given);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues.slice(0, 10), undefined, 1));
    expect(canonicalJson(parsed.bundle)).toBe(before);
    const objects = parsed.bundle.objects ?? [];
    for (const object of objects) expect(parseStixObject(object)).toEqual({ ok: true, object });
    process.stdout.write(`corpus stix/${name}: ${objects.length} objects\n`);
  });
});
