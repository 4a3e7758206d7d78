import { ExportFormat } from "@suar/formats";
import { z } from "zod";
import { Filter, FilterQuery } from "../filter.ts";
import { defineRoute } from "./define.ts";
import { Instant, Label, PageQuery, pageOf } from "./shared.ts";

export { ExportFormat };

const tag = "exports";
const readers = ["analyst", "subscriber", "coordinator", "officer"] as const;
const headers = {
  "if-none-match": {
    description: "The ETag of an earlier answer: 304 where the same would be answered",
    required: false,
  },
};
const whatIsIn =
  "What you may see at this moment, by its newest versions: what was withdrawn, recalled, closed to you, revoked or superseded, and what is over, is not in it; nor is TLP:RED. Formats for devices hold the values that indicators name by themselves, and nothing of PAP:AMBER or PAP:RED.";

export const exportLog = defineRoute({
  method: "GET",
  path: "/v1/export/:format",
  tag,
  summary: "Everything released to you that a filter lets through, in a format of other tools",
  description: `${whatIsIn} Its ETag changes with what is in it and with nothing else. It is made as it is read: a connection that takes nothing for half a minute is closed.`,
  roles: readers,
  headers,
  params: z.object({ format: ExportFormat }),
  query: FilterQuery,
  status: 200,
  reply: z.string().describe("In the format's own media type"),
  replyType: "*/*",
  problems: ["bad-filter", "too-many-at-once"],
});

const feedFile = z
  .string()
  .max(50)
  .describe("`manifest.json`, `hashes.csv`, or an event of the manifest's, `<uuid>.json`");

export const exportFeedFile = defineRoute({
  method: "GET",
  path: "/v1/export/misp/:file",
  tag,
  summary: "A file of the feed that a MISP reads, which sends your key as a header",
  description: `The feed's address is \`/v1/export/misp\`: a MISP appends the names of files itself. ${whatIsIn}`,
  roles: readers,
  headers,
  params: z.object({ file: feedFile }),
  status: 200,
  reply: z.string().describe("JSON, or CSV"),
  replyType: "*/*",
  problems: ["not-found", "too-many-at-once"],
});

export const openLinkedFeedFile = defineRoute({
  method: "GET",
  path: "/v1/linked-export/:key/:file",
  tag,
  summary: "A file of the feed that a link as `misp` is: a MISP needs its address and nothing else",
  description: "A link in another format, or one that has ended, is answered as one that never was.",
  roles: "anyone",
  headers,
  params: z.object({ key: z.string().max(100), file: feedFile }),
  status: 200,
  reply: z.string().describe("JSON, or CSV"),
  replyType: "*/*",
  problems: ["not-found", "too-many-at-once"],
});

export const openExportLink = defineRoute({
  method: "GET",
  path: "/v1/linked-export/:key",
  tag,
  summary: "The export that a link was made for; the key in its address is all that it needs",
  description: `For machines that poll a fixed address. ${whatIsIn} A link that has ended is answered as one that never was.`,
  roles: "anyone",
  headers,
  params: z.object({ key: z.string().max(100) }),
  status: 200,
  reply: z.string().describe("In the format's own media type"),
  replyType: "*/*",
  problems: ["not-found", "bad-filter", "too-many-at-once"],
});

export const ExportLink = z.object({
  id: z.string(),
  name: z.string(),
  format: ExportFormat,
  filter: Filter,
  madeBy: z.string().describe("The person or key that it was made by, with which it ends"),
  createdAt: Instant,
  expiresAt: Instant,
  revokedAt: Instant.nullable(),
  lastUsedAt: Instant.nullable().describe("To the minute"),
});
export type ExportLink = z.infer<typeof ExportLink>;

export const IssuedExportLink = ExportLink.extend({
  url: z.string().describe("With its key; shown once. Whoever has it reads what the link shows"),
});
export type IssuedExportLink = z.infer<typeof IssuedExportLink>;

const days = z
  .int()
  .min(1)
  .max(90)
  .default(90)
  .describe("How long it is good; no longer than the key it is made with");
const LinkParams = z.object({ id: z.string().max(40) });

export const createExportLink = defineRoute({
  method: "POST",
  path: "/v1/export-links",
  tag,
  summary: "Make an address under which a machine reads one export without another key",
  description:
    "It shows what your organisation may see, in this format and through this filter, and opens nothing else. It ends with the key it was made with, with the person, or with the organisation. Not in drills.",
  roles: readers,
  body: z.strictObject({ name: Label, format: ExportFormat, filter: Filter.default({}), days }),
  status: 201,
  reply: IssuedExportLink,
  problems: ["bad-filter", "quota-exceeded"],
});

export const listExportLinks = defineRoute({
  method: "GET",
  path: "/v1/export-links",
  tag,
  summary: "Your organisation's links, newest first, and when each was last used",
  roles: readers,
  query: PageQuery,
  status: 200,
  reply: pageOf(ExportLink),
  problems: ["bad-cursor"],
});

export const rotateExportLink = defineRoute({
  method: "POST",
  path: "/v1/export-links/:id/rotate",
  tag,
  summary: "Make the same link anew under another key; the old one ends a day later",
  roles: readers,
  params: LinkParams,
  status: 201,
  reply: IssuedExportLink,
  problems: ["not-found", "quota-exceeded"],
});

export const revokeExportLink = defineRoute({
  method: "DELETE",
  path: "/v1/export-links/:id",
  tag,
  summary: "End one of your organisation's links at once",
  roles: readers,
  params: LinkParams,
  status: 200,
  reply: ExportLink,
  problems: ["not-found"],
});

export const exportRoutes = {
  exportLog,
  exportFeedFile,
  openExportLink,
  openLinkedFeedFile,
  createExportLink,
  listExportLinks,
  rotateExportLink,
  revokeExportLink,
};
