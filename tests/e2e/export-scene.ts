import { ExportFormat } from "@suar/formats";
import { expect } from "vitest";
import { type Answer, type Caller, caller, submitAndWait } from "../support/api.ts";

/** Formats that have something to say of a domain: CSAF speaks of products. */
export const OF_DOMAINS = ExportFormat.options.filter(
  (format) => (!format.startsWith("list-") && !format.startsWith("csaf")) || format === "list-domain",
);

export async function exported(by: Caller, format: string, query = "", headers = {}): Promise<Answer> {
  return await by.get(`/v1/export/${format}${query}`, headers);
}

/** Asks for a link's address as it was told, wherever the platform listens. */
export async function follow(platform: { url: string }, link: string, headers = {}): Promise<Answer> {
  const { pathname, search } = new URL(link);
  return await caller(platform.url, undefined).get(`${pathname}${search}`, headers);
}

/** The formats, of those that speak of domains, in which a text stands. A name in Snort's rules stands label by label. */
export async function formatsWith(by: Caller, host: string, query = ""): Promise<string[]> {
  const found: string[] = [];
  const label = host.split(".")[0] ?? "";
  for (const format of OF_DOMAINS) {
    const { status, text } = await exported(by, format, query);
    expect(status, text).toBe(200);
    if (text.includes(label)) found.push(format);
  }
  return found;
}

/** Submits one object; all of it is taken. */
export async function postStix(by: Caller, query: string, object: object): Promise<void> {
  const text = JSON.stringify(object);
  const { body } = await submitAndWait(by, `${query}&format=stix`, text, "application/json");
  expect([body.status, body.counts.rejected]).toEqual(["done", 0]);
}
