import { compileFilter, type Matcher } from "@suar/log";
import { describe, expect, it } from "vitest";
import { createMatchers } from "./match-endpoint.ts";

function counting() {
  const compiled: Matcher[] = [];
  const matchers = createMatchers({
    filterFor: async (filter) => {
      const matches = compileFilter(filter);
      compiled.push(matches);
      return matches;
    },
  });
  return { matchers, compiled };
}

const endpoint = (id: string, type: string) => ({ id, filter: { types: [type] }, organisation_id: 1 });

describe("filters of endpoints", () => {
  it("are compiled once, and anew where they were edited", async () => {
    const { matchers, compiled } = counting();
    const first = await matchers.of(endpoint("a", "report"));
    expect(await matchers.of(endpoint("a", "report"))).toBe(first);
    expect(await matchers.of(endpoint("a", "indicator"))).not.toBe(first);
    expect(compiled).toHaveLength(2);
  });

  it("are forgotten with their endpoints, and those of others are not", async () => {
    const { matchers, compiled } = counting();
    const kept = await matchers.of(endpoint("kept", "report"));
    const gone = await matchers.of(endpoint("gone", "report"));
    matchers.keepOnly(["kept", "other"]);
    expect(await matchers.of(endpoint("kept", "report"))).toBe(kept);
    expect(await matchers.of(endpoint("gone", "report"))).not.toBe(gone);
    expect(compiled).toHaveLength(3);
  });
});
