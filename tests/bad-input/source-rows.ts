import { get, NOBODY_ID } from "./asking.ts";
import type { Row } from "./row.ts";

const URL = "https://taxii.example.com/taxii2/";

/** An analyst makes sources. */
const make =
  (body: object): Row["ask"] =>
  async ({ analyst }) =>
    await analyst.post("/v1/sources", { url: URL, ...body });
const act =
  (name: string): Row["ask"] =>
  async ({ analyst }) =>
    await analyst.post(`/v1/sources/${NOBODY_ID}/${name}`);

/** Servers to pull from. */
export const SOURCE_ROWS: readonly Row[] = [
  { it: "a source at no URL", code: "bad-request", ask: make({ url: "nowhere" }) },
  { it: "a source at FTP", code: "bad-request", ask: make({ url: "ftp://192.0.2.1/" }) },
  {
    it: "a source at an address of 3,000 characters",
    code: "bad-request",
    ask: make({ url: URL.padEnd(3_000, "a") }),
  },
  { it: "a source without an address", code: "bad-request", ask: make({ url: undefined }) },
  { it: "a source of a kind that there is not", code: "bad-request", ask: make({ kind: "ftp" }) },
  { it: "a feed without an address", code: "bad-request", ask: make({ kind: "misp", url: undefined }) },
  { it: "a feed with a collection", code: "bad-request", ask: make({ kind: "misp", collection: "c" }) },
  { it: "a feed that is read as CSV", code: "bad-request", ask: make({ kind: "misp", format: "csv" }) },
  {
    it: "a file from a date on",
    code: "bad-request",
    ask: make({ kind: "url", after: "2026-01-02T03:04:05Z" }),
  },
  {
    it: "a file of a format that there is not",
    code: "bad-request",
    ask: make({ kind: "url", format: "pdf" }),
  },
  { it: "a collection with a format", code: "bad-request", ask: make({ format: "csv" }) },
  { it: "a mailbox at an address", code: "bad-request", ask: make({ kind: "mailbox", folder: "inbox" }) },
  ...["../SG", "..", "a/b", "A", "-a", "", "a".repeat(64), "a\u0000"].map((folder) => ({
    it: `a mailbox at the folder ${JSON.stringify(folder).slice(0, 20)}`,
    code: "bad-request" as const,
    ask: make({ kind: "mailbox", url: undefined, folder }),
  })),
  {
    it: "a mailbox with a credential",
    code: "bad-request",
    ask: make({ kind: "mailbox", url: undefined, folder: "inbox", credential: { token: "a" } }),
  },
  {
    it: "a mailbox where the operator has none",
    code: "conflict",
    ask: make({ kind: "mailbox", url: undefined, folder: "inbox" }),
  },
  { it: "a source with a name of spaces", code: "bad-request", ask: make({ name: "   " }) },
  { it: "a source whose name has NUL", code: "bad-request", ask: make({ name: "a\u0000b" }) },
  { it: "a source with what is not known", code: "bad-request", ask: make({ every: 60 }) },
  { it: "a source that pulls every second", code: "bad-request", ask: make({ everySeconds: 1 }) },
  { it: "a source that pulls every month", code: "bad-request", ask: make({ everySeconds: 2_592_000 }) },
  {
    it: "a source from a date that is none",
    code: "bad-request",
    ask: make({ after: "2026-02-30T00:00:00Z" }),
  },
  {
    it: "a source under a marking that there is none of",
    code: "unknown-marking",
    ask: make({ tlp: "blue" }),
  },
  { it: "a source under TLP:RED", code: "red-needs-people", ask: make({ tlp: "red" }) },
  { it: "a source for somebody unknown", code: "unknown-member", ask: make({ to: "XX" }) },
  { it: "a source for nobody", code: "unknown-member", ask: make({ to: "," }) },
  { it: "a user with a colon", code: "bad-request", ask: make({ credential: { user: "a:b", secret: "x" } }) },
  {
    it: "a user with a line's end",
    code: "bad-request",
    ask: make({ credential: { user: "a\r\nb", secret: "x" } }),
  },
  { it: "a user without a secret", code: "bad-request", ask: make({ credential: { user: "a" } }) },
  {
    it: "a token with a line's end",
    code: "bad-request",
    ask: make({ credential: { token: "a\r\nhost: b" } }),
  },
  {
    it: "a token and a user",
    code: "bad-request",
    ask: make({ credential: { token: "a", user: "b", secret: "c" } }),
  },
  { it: "a source that is not there", code: "not-found", ask: get(`/v1/sources/${NOBODY_ID}`) },
  { it: "a source's id that is no UUID", code: "bad-request", ask: get("/v1/sources/17") },
  { it: "the pause of a source that is not there", code: "not-found", ask: act("pause") },
  { it: "the resumption of a source that is not there", code: "not-found", ask: act("resume") },
  { it: "the pull of a source that is not there", code: "not-found", ask: act("pull") },
  { it: "sources after what is no place", code: "bad-cursor", ask: get("/v1/sources?after=x") },
  {
    it: "a source of somebody who does not submit",
    code: "forbidden",
    ask: async ({ officer }) => await officer.post("/v1/sources", { url: URL }),
  },
  {
    it: "the sources of somebody who only subscribes",
    code: "forbidden",
    ask: async ({ subscriber }) => await subscriber.get("/v1/sources"),
  },
  {
    it: "the fifty-first source",
    code: "quota-exceeded",
    ask: async ({ platform, analyst }) => {
      const { body } = await analyst.get("/v1/sources?limit=500");
      for (let n = body.items.length; n < 50; n++)
        await analyst.post("/v1/sources", { url: URL, name: platform.url });
      const answer = await analyst.post("/v1/sources", { url: URL });
      const { body: all } = await analyst.get("/v1/sources?limit=500");
      for (const { id } of all.items) await analyst.send("DELETE", `/v1/sources/${id}`);
      return answer;
    },
  },
];
