import { describe, expect, it } from "vitest";
import type { Loss } from "./upgrade-object.ts";
import { upgradePattern } from "./upgrade-pattern.ts";

const upgraded = (pattern: string): { pattern: string; losses: Loss[] } => {
  const losses: Loss[] = [];
  return { pattern: upgradePattern(pattern, losses), losses };
};

describe("a pattern of STIX 2.0", () => {
  it.each([
    ["[file:created > '2016-01-01T00:00:00Z']", "[file:ctime > t'2016-01-01T00:00:00Z']"],
    ["[file:created > t'2016-01-01T00:00:00Z']", "[file:ctime > t'2016-01-01T00:00:00Z']"],
    ["[process:binary_ref.name = 'a.exe']", "[process:image_ref.name = 'a.exe']"],
    [
      "[process:binary_ref.created < t'2016-01-01T00:00:00Z']",
      "[process:image_ref.ctime < t'2016-01-01T00:00:00Z']",
    ],
    ["[process:created = t'2016-01-01T00:00:00Z']", "[process:created_time = t'2016-01-01T00:00:00Z']"],
    [
      "[file:parent_directory_ref.modified = t'2016-01-01T00:00:00Z']",
      "[file:parent_directory_ref.mtime = t'2016-01-01T00:00:00Z']",
    ],
    [
      "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = 'x']",
      "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'[0] = 'x']",
    ],
    [
      "[file:hashes.ssdeep = 'x' OR file:hashes.'ssdeep' = 'x']",
      "[file:hashes.SSDEEP = 'x' OR file:hashes.'SSDEEP' = 'x']",
    ],
    [
      "[file:name = 'a'] START '2016-06-01T00:00:00Z' STOP '2016-07-01T00:00:00Z'",
      "[file:name = 'a'] START t'2016-06-01T00:00:00Z' STOP t'2016-07-01T00:00:00Z'",
    ],
    // What is said in a literal, or of a name that another type has, is no path.
    [
      "[file:name = 'process:created file:created > \\' START']",
      "[file:name = 'process:created file:created > \\' START']",
    ],
    [
      "[file:extensions.'x'.created = 'a' AND domain-name:created = 'b']",
      "[file:extensions.'x'.created = 'a' AND domain-name:created = 'b']",
    ],
    [
      "[constructor:toString = 'a' AND file:hashes.constructor = 'b']",
      "[constructor:toString = 'a' AND file:hashes.constructor = 'b']",
    ],
  ])("has the names and times of 2.1: %s", (pattern, expected) => {
    expect(upgraded(pattern)).toEqual({ pattern: expected, losses: [] });
  });

  it.each([
    "process:name",
    "process:arguments[*]",
    "file:is_encrypted",
    "process:binary_ref.is_encrypted",
    "network-traffic:extensions.'socket-ext'.protocol_family",
  ])("tells of what 2.1 has no more: %s", (path) => {
    const pattern = `[${path} = 'x']`;
    expect(upgraded(pattern)).toMatchObject({
      losses: [{ field: "pattern", reason: expect.stringContaining(path) }],
    });
  });

  it.each([
    "a",
    "\\'",
    "'",
    "a:",
    "a:b.",
    "[",
    "\\",
    "a:b.'\\'",
    "a:b.c",
    "a:b.request_header.",
    "a:bbbbbbbbbbbbbbbbbb",
  ])("of 300,000 characters of %s is read within a second", (part) => {
    const start = process.cpuUsage().user;
    const pattern = `[${part.repeat(300_000 / part.length)}`;
    expect(upgraded(pattern).pattern.length).toBeGreaterThanOrEqual(pattern.length);
    expect(process.cpuUsage().user - start).toBeLessThan(1_000_000);
  });
});
