import { createHash } from "node:crypto";
import { loadPolicySet } from "@suar/policy";
import { suarId } from "@suar/stix";
import { describe, expect, it } from "vitest";
import type { ReleaseContext, ReleaseItem } from "../context/release-item.ts";
import { judge, type KnownVersion, type Verdict } from "./judge.ts";

const context: ReleaseContext = {
  gate: {
    realm: "live",
    trust: {} as never,
    admits: () => true,
    readers: [],
    leafMac: (text) => text,
    saltPages: () => new Uint8Array(64),
    leafSalts: () => new Uint8Array(64),
    renditionMac: (text) => text,
    copyTag: (text) => text,
    redactionKeys: { hmac: (text) => text, cryptopan: (ip) => ip },
    audiences: new Map(),
    decisions: new Map(),
    freeIds: [],
  },
  policies: loadPolicySet([]),
  now: Date.now(),
  standing: "",
  writes: false,
  word: "person:1",
  producer: { id: 1, code: "SG", member: "SG", kind: "cert" },
  organisations: [],
  submissionId: "s2",
  receivedAt: "2027-01-01T00:00:10.000Z",
};

function item(
  content: string,
  more: Partial<ReleaseItem> = {},
  modified: string | undefined = "2027-01-01T00:00:00.000Z",
): ReleaseItem {
  return {
    kind: "released",
    object: { type: "indicator", id: "indicator--1", ...(modified && { modified }) } as never,
    tlp: "green",
    pap: undefined,
    to: [],
    contentHash: createHash("sha256").update(content).digest(),
    generated: false,
    keys: [],
    ...more,
  };
}

/** What the producer would have on record after stating an item in an earlier submission. */
function stated(one: ReleaseItem, more: Partial<KnownVersion> = {}): KnownVersion {
  const verdict = judge(one, [], { ...context, submissionId: "s1", receivedAt: "2027-01-01T00:00:05.000Z" });
  if (verdict.kind !== "new") throw new Error("not new");
  const { version, rank, hash, lineage } = verdict;
  return {
    stix_id: one.object.id,
    version,
    rank,
    tlp: one.tlp,
    pap: null,
    content_hash: hash,
    rendition_id: 1,
    audience_id: 1,
    submission_id: "s1",
    withdrawn_at: null,
    ...lineage,
    keptOver: new Set(),
    many: 1,
    first_rank: rank,
    redactions: [],
    named: null,
    community: true,
    is_victims: false,
    limits: {},
    kind: "released",
    form: 2,
    first_said: null,
    ...more,
  };
}

const outcomeOf = (verdict: Verdict): string =>
  verdict.kind === "done" && verdict.outcome.outcome === "rejected" ? verdict.outcome.code : verdict.kind;

describe("judge, of versions that the producer gives", () => {
  it("takes the first", () => {
    expect(judge(item("a"), [], context).kind).toBe("new");
  });

  it("knows the same again, however its time is spelled", () => {
    expect(judge(item("a", {}, "2027-01-01T00:00:00Z"), [stated(item("a"))], context).kind).toBe("known");
  });

  it("refuses other content, or another marking, under the same version", () => {
    expect(outcomeOf(judge(item("b"), [stated(item("a"))], context))).toBe("same-version-differs");
    expect(outcomeOf(judge(item("a", { tlp: "amber" }), [stated(item("a"))], context))).toBe(
      "same-version-differs",
    );
  });

  it("takes a newer version and refuses an older one", () => {
    expect(judge(item("b", {}, "2027-01-02T00:00:00.000Z"), [stated(item("a"))], context).kind).toBe("new");
    expect(outcomeOf(judge(item("b", {}, "2026-12-31T00:00:00.000Z"), [stated(item("a"))], context))).toBe(
      "older-version",
    );
  });

  it("does not take a withdrawn version back, but a newer one", () => {
    const withdrawn = stated(item("a"), { withdrawn_at: new Date() });
    expect(outcomeOf(judge(item("a"), [withdrawn], context))).toBe("older-version");
    expect(judge(item("a", {}, "2027-01-02T00:00:00.000Z"), [withdrawn], context).kind).toBe("new");
  });
});

describe("judge, of who made the versions before", () => {
  const says = (content: string, modified: string, properties: object): ReleaseItem => {
    const one = item(content, {}, modified);
    return { ...one, object: { ...one.object, ...properties } };
  };
  const [early, late] = ["2027-01-01T00:00:00.000Z", "2027-01-02T00:00:00.000Z"];

  it("takes nothing after a revocation, but the revocation again", () => {
    const revoked = says("gone", early, { revoked: true });
    expect(outcomeOf(judge(says("back", late, {}), [stated(revoked)], context))).toBe("revoked");
    expect(outcomeOf(judge(revoked, [stated(revoked)], context))).toBe("known");
    expect(outcomeOf(judge(says("gone", late, { revoked: true }), [stated(item("a"))], context))).toBe("new");
  });

  it("takes the versions of one creator only", () => {
    const theirs = stated(says("a", early, { created_by_ref: "identity--1" }));
    const next = (created_by_ref: string) => judge(says("b", late, { created_by_ref }), [theirs], context);
    expect(outcomeOf(next("identity--2"))).toBe("another-creator");
    expect(outcomeOf(next("identity--1"))).toBe("new");
  });

  it("takes what names nobody any more from the producer itself alone", () => {
    const own = suarId("identity", "SG");
    const created = (created_by_ref: string) => stated(says("a", early, { created_by_ref }));
    const nameless = says("b", late, {});
    expect(outcomeOf(judge(nameless, [created("identity--1")], context))).toBe("another-creator");
    const verdict = judge(nameless, [created(own)], context);
    // The creator stays known to the versions after it.
    expect(verdict).toMatchObject({ kind: "new", lineage: { creator: own } });
    const after = says("c", "2027-01-03T00:00:00.000Z", { created_by_ref: "identity--1" });
    const known = stated(nameless, { creator: own });
    expect(outcomeOf(judge(after, [known], context))).toBe("another-creator");
    const unnamed = stated(says("a", early, {}));
    expect(outcomeOf(judge(says("b", late, { created_by_ref: own }), [unnamed], context))).toBe("new");
  });

  it.each(["2256-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"])(
    "refuses a time whose neighbours have no order of their own: %s",
    (modified) => {
      expect(outcomeOf(judge(item("a", {}, modified), [], context))).toBe("modified-out-of-range");
    },
  );

  it("takes old times, orders them, and nothing after the last that there is", () => {
    const [old, next] = ["0001-01-01T00:00:00.000000Z", "0001-01-01T00:00:00.000001Z"];
    const first = stated(item("a", {}, old));
    expect(judge(item("b", {}, next), [first], context)).toMatchObject({ kind: "new", rank: first.rank + 1 });
    const last = stated(item("a", {}, "2255-06-05T23:47:34.740991Z"));
    expect(outcomeOf(judge(item("b", {}, "2255-06-05T23:47:34.7409912Z"), [last], context))).toBe(
      "modified-out-of-range",
    );
    expect(outcomeOf(judge(item("b", { generated: true }), [last], context))).toBe("modified-out-of-range");
  });

  it("tells versions apart that no microsecond does", () => {
    const known = stated(item("a", {}, "2027-01-01T00:00:00.0000001Z"));
    const verdict = judge(item("b", {}, "2027-01-01T00:00:00.0000002Z"), [known], context);
    expect(verdict).toMatchObject({ kind: "new", rank: known.rank + 1 });
    expect(outcomeOf(judge(item("c", {}, "2027-01-01T00:00:00Z"), [known], context))).toBe("older-version");
  });
});

describe("judge, of observables, which have no versions", () => {
  const sco = (content: string): ReleaseItem => ({
    ...item(content),
    object: { type: "domain-name", id: "domain-name--1", value: content } as never,
  });

  it("knows the same again", () => {
    expect(judge(sco("a"), [stated(sco("a"))], context).kind).toBe("known");
  });

  it("reads no version in a property of theirs that is no time", () => {
    const odd = sco("a");
    const named = { ...odd, object: { ...odd.object, modified: "yesterday" } };
    expect(judge(named, [stated(sco("b"))], context).kind).toBe("new");
  });

  it("takes one again after its withdrawal, once", () => {
    const withdrawn = stated(sco("a"), { withdrawn_at: new Date() });
    const again = judge(sco("a"), [withdrawn], context);
    expect(again.kind).toBe("new");
    if (again.kind !== "new") return;
    expect(again.version).not.toBe(withdrawn.version);
    const live = { ...withdrawn, version: again.version, rank: again.rank, withdrawn_at: null };
    expect(judge(sco("a"), [withdrawn, live], context).kind).toBe("known");
  });
});

describe("judge, of what Suar generated", () => {
  const generated = (content: string): ReleaseItem => item(content, { generated: true }, context.receivedAt);

  it("knows equal content whatever its times", () => {
    expect(judge(generated("a"), [stated(generated("a"))], context).kind).toBe("known");
  });

  it("makes other content the next version, created when the first was", () => {
    const first = stated(generated("a"));
    const verdict = judge(generated("b"), [first], context);
    if (verdict.kind !== "new") throw new Error(verdict.kind);
    expect(verdict.rank).toBeGreaterThan(first.rank);
    expect(verdict.times?.created).toBe("2027-01-01T00:00:05.000000Z");
    expect(verdict.times?.modified).toBe("2027-01-01T00:00:10.000000Z");
  });

  it("keeps the first of two details in one submission, and knows both when they come again", () => {
    const first = stated(generated("a"), { submission_id: "s2" });
    const second = judge(generated("b"), [first], context);
    if (second.kind !== "kept" || second.over === undefined) throw new Error("not kept");
    const later = { ...first, keptOver: new Set([second.over?.toString("base64") ?? ""]) };
    const again = judge(generated("b"), [later], { ...context, submissionId: "s3" });
    expect(again).toMatchObject({ kind: "kept" });
    expect(again).not.toHaveProperty("over");
  });
});
