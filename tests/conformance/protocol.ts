import { readFileSync } from "node:fs";
import { Fixture } from "@suar/taxii/testing/fixture-source";
import { afterEach, beforeEach } from "vitest";
import { type FixtureServer, serveFixture } from "./serve-fixture.ts";

/** TAXII 2.1 by its own text: a test for each rule, named by its section. */
const FIXTURE = readFileSync(new URL("fixture.example.json", import.meta.url), "utf8");
export const TAXII = "application/taxii+json;version=2.1";
export const [ALL, EMPTY, WRITE_ONLY, CLOSED] = [1, 2, 3, 4].map(
  (n) => `472c94ae-3113-4e3e-a4dd-a9f4ac74715${n}`,
);
export const ID = (n: number): string => `indicator--00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
export const IP = "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4";

let server: FixtureServer;
/** Serves the fixture anew to each test of a file. */
export function serveEachTest(): void {
  beforeEach(async () => {
    server = await serveFixture(Fixture.parse(JSON.parse(FIXTURE)), { port: 0, users: ["tester:word"] });
  });
  afterEach(async () => await server.close());
}

export type Told = { status: number; body: any; headers: Headers; text: string };
type Ask = { method?: string; headers?: Record<string, string>; body?: string };

export async function ask(path: string, { method = "GET", headers = {}, body }: Ask = {}): Promise<Told> {
  const authorization = `Basic ${Buffer.from("tester:word").toString("base64")}`;
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { accept: TAXII, authorization, ...headers },
    redirect: "manual",
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === "" ? undefined : JSON.parse(text),
  };
}

export const objects = (query = "", collection = ALL): string =>
  `/api1/collections/${collection}/objects/${query}`;
export const manifest = (query = ""): string => `/api1/collections/${ALL}/manifest/${query}`;
export const versionsOf = ({ body }: Told): string[] =>
  (body.objects ?? []).map(({ id, modified }: any) => `${id.slice(-2)} ${modified?.slice(8, 10) ?? "-"}`);
export const post = async (
  body: unknown,
  more: Record<string, string> = {},
  collection = ALL,
): Promise<Told> =>
  await ask(objects("", collection), {
    method: "POST",
    headers: { "content-type": TAXII, ...more },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
