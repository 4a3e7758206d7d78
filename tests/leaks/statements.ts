import { scoId } from "@suar/stix";
import { afterAll, beforeAll, expect } from "vitest";
import { type Caller, caller, submitAndWait, wholeLog } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

export const STIX = "application/stix+json;version=2.1";
const AT = "2026-05-01T00:00:00.000Z";

/** Members whose logs are looked into. */
export const READERS = ["SG", "MY", "TH", "CN", "VN"];

export type Stated = Record<string, unknown> & { type: string; id: string };

let made = 0;

export function newId(type: string): string {
  made += 1;
  return `${type}--00000000-0000-4000-8000-${String(made).padStart(12, "0")}`;
}

export function thing(type = "malware", more: object = { is_family: false }): Stated {
  const times = { spec_version: "2.1", created: AT, modified: AT };
  return { type, id: newId(type), ...times, name: `thing ${made}`, ...more };
}

export function tie(source: string, target: string): Stated {
  const ends = { source_ref: source, target_ref: target };
  return thing("relationship", { relationship_type: "related-to", name: undefined, ...ends });
}

let addresses = 0;

export function address(more: object = {}): Stated {
  addresses += 1;
  const value = `198.51.100.${addresses}`;
  return { type: "ipv4-addr", spec_version: "2.1", id: scoId({ type: "ipv4-addr", value }), value, ...more };
}

export function report(refs: readonly string[], more: object = {}): Stated {
  return thing("report", { published: "2026-05-01T00:00:00Z", object_refs: refs, ...more });
}

/** A platform for the tests of a file, and what members state on it. */
export function useStatements(): { said: Statements } {
  let platform: PlatformProcess | undefined;
  let said: Statements | undefined;
  beforeAll(async () => {
    platform = await startPlatform();
    said = new Statements(platform);
  }, 120_000);
  afterAll(async () => await platform?.remove());
  return {
    get said() {
      if (said === undefined) throw new Error("the platform is not running");
      return said;
    },
  };
}

/** What members state, and what others find of it. */
class Statements {
  readonly #platform: PlatformProcess;

  constructor(platform: PlatformProcess) {
    this.#platform = platform;
  }

  as(member: string, role: "analyst" | "officer" = "analyst"): Caller {
    return caller(this.#platform.url, this.#platform.key(member, role));
  }

  /** States objects, all of which have to be accepted. */
  async state(by: string, query: string, ...objects: object[]): Promise<void> {
    const done = await submitAndWait(this.as(by), query, bundleOf(...objects), STIX);
    expect(done.body.status, done.text).toBe("done");
    expect(done.body.counts, done.text).toMatchObject({ accepted: objects.length, rejected: 0 });
  }

  /** States objects, of which each may become what it likes. */
  async counted(by: string, query: string, ...objects: object[]): Promise<Record<string, number>> {
    return (await submitAndWait(this.as(by), query, bundleOf(...objects), STIX)).body.counts;
  }

  async log(member: string): Promise<any[]> {
    return await wholeLog(this.as(member));
  }

  async text(member: string): Promise<string> {
    return JSON.stringify(await this.log(member));
  }

  /** The log items of a member that carry this name. */
  async named(member: string, name: unknown): Promise<any[]> {
    return (await this.log(member)).filter(({ object }) => object.name === name);
  }

  /** Members that find the object in their log. */
  async reached(objectId: string): Promise<string[]> {
    const found: string[] = [];
    for (const member of READERS) {
      const log = await this.log(member);
      if (log.some(({ object }) => object.id === objectId)) found.push(member);
    }
    return found;
  }

  /** Members that a dry run of SG names as recipients of the objects, with how many each would get redacted. */
  async foretold(query: string, ...objects: object[]): Promise<Record<string, number>> {
    const type = { "content-type": STIX };
    const answer = await this.as("SG").raw(`/v1/submissions${query}&dryRun=true`, bundleOf(...objects), type);
    expect(answer.status, answer.text).toBe(200);
    const told = answer.body.recipients as { organisation: string; redacted: number }[];
    return Object.fromEntries(
      READERS.flatMap((code) => {
        const one = told.find(({ organisation }) => organisation === code);
        return one === undefined ? [] : [[code, one.redacted]];
      }),
    );
  }
}
