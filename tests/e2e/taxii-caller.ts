import { randomUUID } from "node:crypto";
import { type StixObject, type Tlp, tlpMarkingId } from "@suar/stix";
import { expect } from "vitest";
import { type Answer, caller, until } from "../support/api.ts";

const TAXII = "application/taxii+json;version=2.1";

type Collected = { objects: any[]; pages: number; last: string | undefined };

export type TaxiiCaller = {
  get(path: string): Promise<Answer>;
  post(path: string, body: object, contentType?: string): Promise<Answer>;
  send(method: string, path: string): Promise<Answer>;
  /** Every page, as a client follows `next`; checks on the way that the dates of the pages go up. */
  all(path: string): Promise<Collected>;
};

/** A TAXII client that keeps to the specification and to nothing else. */
export function taxiiCaller(
  url: string,
  key: string | undefined,
  scheme: "basic" | "bearer" = "bearer",
): TaxiiCaller {
  const api = caller(url, scheme === "bearer" ? key : undefined);
  const headers: Record<string, string> = { accept: TAXII };
  if (scheme === "basic" && key !== undefined) {
    const [, id, ...secret] = key.split("_");
    headers.authorization = `Basic ${Buffer.from(`${id}:${secret.join("_")}`).toString("base64")}`;
  }
  const get = async (path: string): Promise<Answer> => await api.get(path, headers);
  return {
    get,
    post: async (path, body, contentType = TAXII) =>
      await api.raw(path, JSON.stringify(body), { ...headers, "content-type": contentType }),
    send: async (method, path) => await api.send(method, path, undefined, headers),
    all: async (path) => {
      const collected: Collected = { objects: [], pages: 0, last: undefined };
      for (let next = ""; ; ) {
        const answer = await get(
          `${path}${next === "" ? "" : `${path.includes("?") ? "&" : "?"}next=${next}`}`,
        );
        if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
        const first = answer.headers.get("x-taxii-date-added-first") ?? "";
        if (collected.last !== undefined && answer.body.objects !== undefined && first <= collected.last)
          throw new Error(`a page from ${first} came after one up to ${collected.last}`);
        collected.objects.push(...(answer.body.objects ?? []));
        collected.pages += 1;
        if (answer.body.objects !== undefined)
          collected.last = answer.headers.get("x-taxii-date-added-last") ?? "";
        if (answer.body.more !== true) return collected;
        next = encodeURIComponent(answer.body.next);
      }
    },
  };
}

type Wanted = { value: string; type?: string; name?: string; tlp?: Tlp };

/** Objects to post: domains, or a type that has a name and versions. */
export function wantedObjects(wanted: readonly Wanted[]): StixObject[] {
  return wanted.map(({ value, type = "domain-name", name, tlp }) => ({
    type,
    spec_version: "2.1",
    id: `${type}--${randomUUID()}`,
    ...(name === undefined
      ? { value }
      : { name, created: "2026-01-01T00:00:00.000Z", modified: "2026-01-01T00:00:00.000Z" }),
    ...(tlp && { object_marking_refs: [tlpMarkingId(tlp)] }),
  }));
}

/** Posts to the members' own collection, and waits until all of it is accepted. */
export async function postAll(analyst: TaxiiCaller, objects: readonly object[]): Promise<void> {
  const { body } = await analyst.post("/taxii2/live/collections/tlp-green/objects/", { objects });
  await until(30_000, "what was posted", async () => {
    const status = (await analyst.get(`/taxii2/live/status/${body.id}/`)).body;
    if (status.status !== "complete") return undefined;
    expect(status.failure_count).toBe(0);
    return true;
  });
}
