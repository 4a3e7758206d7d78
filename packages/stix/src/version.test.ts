import fc from "fast-check";
import { expect, test } from "vitest";
import { idOf, sample } from "./testing/objects.ts";
import { contentOf, judgeVersion, type StixVersion } from "./version.ts";

const SG = idOf("identity", 1);

function version(modified: string, more: Partial<StixVersion> = {}): StixVersion {
  return { modified, creator: SG, isRevoked: false, content: modified, ...more };
}

/** The verdict's kind, or the code of its refusal. */
function judged(next: StixVersion, known: readonly StixVersion[]): string {
  const verdict = judgeVersion(next, known);
  return verdict.kind === "refused" ? verdict.code : verdict.kind;
}

const [first, second] = [version("2024-01-01T00:00:00.000Z"), version("2024-01-02T00:00:00.000Z")];

test.each([
  ["what nobody knew", version("2024-01-01T00:00:00.000Z"), [], "first"],
  ["a later instant", second, [first], "newer"],
  ["an instant later by less than a microsecond", version("2024-01-01T00:00:00.0000001Z"), [first], "newer"],
  ["an earlier instant", first, [second], "older"],
  ["one between two", version("2024-01-01T12:00:00.000Z"), [second, first], "older"],
  [
    "the same instant and content",
    version("2024-01-01T00:00:00Z", { content: first.content }),
    [first],
    "same",
  ],
  ["an older one again", first, [first, second], "same"],
  [
    "the same instant with other content",
    version("2024-01-01T00:00:00.0Z", { content: "other" }),
    [first],
    "another-content",
  ],
  [
    "one after a revocation",
    version("2024-01-03T00:00:00.000Z"),
    [first, { ...second, isRevoked: true }],
    "revoked",
  ],
  ["the revocation", { ...second, isRevoked: true }, [first], "newer"],
  ["a second revocation", { ...second, isRevoked: true }, [{ ...first, isRevoked: true }], "revoked"],
  ["another's", { ...second, creator: idOf("identity", 2) }, [first], "another-creator"],
  [
    "another's revocation",
    { ...second, creator: idOf("identity", 2), isRevoked: true },
    [first],
    "another-creator",
  ],
  ["one that names nobody any more", { ...second, creator: undefined }, [first], "another-creator"],
  [
    "one that names nobody, as before",
    { ...second, creator: undefined },
    [{ ...first, creator: undefined }],
    "newer",
  ],
  ["the first that names its creator", second, [{ ...first, creator: undefined }], "newer"],
] as const)("%s", (_, next, known, expected) => {
  expect(judged(next, known)).toBe(expected);
});

test("says which known version decided", () => {
  const revoked = { ...second, isRevoked: true, row: 7 };
  expect(judgeVersion(version("2024-01-03T00:00:00.000Z"), [{ ...first, row: 1 }, revoked])).toMatchObject({
    by: { row: 7 },
  });
});

test.each([
  ["another created", "2024-01-02T00:00:00.000Z", true],
  ["the same, spelled otherwise", "2024-01-01T00:00:00Z", false],
  ["none", undefined, false],
])("notes whether a newer version moves created: %s", (_, created, movesCreated) => {
  const known = { ...first, created: "2024-01-01T00:00:00.000Z" };
  expect(judgeVersion({ ...second, created }, [known])).toMatchObject({ kind: "newer", movesCreated });
  expect(judgeVersion({ ...second, created }, [first])).toMatchObject({ movesCreated: false });
});

test("the order of the known ones does not matter", () => {
  const times = fc.integer({ min: 0, max: 9 }).map((second) => `2024-01-01T00:00:0${second}.000Z`);
  const some = fc.record({
    modified: times,
    creator: fc.constantFrom(undefined, SG),
    isRevoked: fc.boolean(),
    content: fc.constantFrom("a", "b"),
  });
  const known = fc.uniqueArray(some, { selector: ({ modified }) => modified });
  fc.assert(
    fc.property(some, known, (next, versions) => {
      expect(judged(next, versions.toReversed())).toBe(judged(next, versions));
    }),
  );
});

test("content is equal however times are spelled and keys are ordered, and no further", () => {
  const object = sample("campaign");
  const respelled = Object.fromEntries(
    Object.entries({ ...object, modified: "2024-05-06T07:08:09Z" }).reverse(),
  );
  expect(contentOf(respelled)).toBe(contentOf(object));
  expect(contentOf({ ...object, first_seen: "2024-01-01T00:00:00.10Z" })).not.toBe(contentOf(object));
  expect(contentOf({ ...object, x_note: null })).not.toBe(contentOf(object));
  expect(contentOf({ ...object, created: "now" }, ["created"])).toBe(contentOf(object, ["created"]));
});
