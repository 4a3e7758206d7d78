import { ObservableKind } from "@suar/stix";
import { z } from "zod";
import { OrganisationCode } from "../principal.ts";
import { defineRoute } from "./define.ts";
import { Instant } from "./shared.ts";

const tag = "warning lists";
const loading = ["operator", "officer"] as const;

/** A list of what is no threat, without its entries. */
export const WarningListHead = z.object({
  id: z.string().describe("Of a list that is built in, a name"),
  name: z.string(),
  version: z.int(),
  description: z.string(),
  type: z.string().describe("As MISP names them: string, substring, hostname, cidr or regex"),
  attributes: z
    .array(z.string())
    .describe("Types of MISP's attributes that it speaks of (`matching_attributes`); none: of all"),
  entries: z.int().nullable().describe("How many; null of what is asked by rule"),
  of: z
    .enum(["built-in", "platform", "own"])
    .describe("Who sees to it: Suar, the operator for all, or your organisation for itself alone"),
  source: z.string().nullable().describe("Where whoever loaded it had it from"),
  sha256: z.string().nullable().describe("Of its entries as a JSON list"),
  loadedBy: z.string().nullable(),
  loadedAt: Instant.nullable(),
});
export type WarningListHead = z.infer<typeof WarningListHead>;

export const WarningListDetail = WarningListHead.extend({
  list: z.array(z.string()).describe("A page of its entries, as they were loaded"),
  next: z.string().optional().describe("`after` of the next page of entries"),
});
export type WarningListDetail = z.infer<typeof WarningListDetail>;

/** What came of loading a list. */
export const LoadedWarningList = z.object({
  outcome: z.enum(["loaded", "unchanged"]).describe("`unchanged`: this very version was loaded before"),
  replaced: z.int().nullable().describe("The version that it takes the place of"),
  list: WarningListHead,
  notes: z
    .array(z.object({ path: z.string(), code: z.string(), message: z.string() }))
    .describe("Entries that hold more than their author may mean, at most 20"),
  notesInAll: z.int(),
});
export type LoadedWarningList = z.infer<typeof LoadedWarningList>;

/** A list that a value is on. */
export const WarningHit = z.object({ list: z.string(), version: z.int() });
export type WarningHit = z.infer<typeof WarningHit>;

export const listWarningLists = defineRoute({
  method: "GET",
  path: "/v1/warning-lists",
  tag,
  summary: "The warning lists that count for you: those built in, the operator's, and your organisation's",
  roles: [],
  status: 200,
  reply: z.object({ items: z.array(WarningListHead) }),
});

export const tryWarningLists = defineRoute({
  method: "GET",
  path: "/v1/warning-lists/hits",
  tag,
  summary: "Which of them a value is on",
  roles: [],
  query: z.object({ value: z.string().min(1).max(4_096).describe("Also defanged") }),
  status: 200,
  reply: z.object({
    kind: ObservableKind,
    value: z.string().describe("In its canonical form"),
    hits: z.array(WarningHit),
  }),
});

export const loadWarningList = defineRoute({
  method: "POST",
  path: "/v1/warning-lists",
  tag,
  summary: "Load a warning list in MISP's format: the operator for all, an officer for the own organisation",
  description:
    "All of it or nothing. A newer version takes the place of the older one of the same name; the same version with the same entries changes nothing. What it holds is marked when it is submitted, and is in no blocklist from then on; nothing is dropped.",
  roles: loading,
  query: z.object({
    source: z
      .string()
      .trim()
      .min(1)
      .max(500)
      .regex(/^[^\p{Cc}\p{Cf}]*$/u)
      .optional()
      .describe("Where it comes from: an address, or the name of a file"),
  }),
  rawBodies: { "application/json": z.string().describe("A list as misp-warninglists has them: `list.json`") },
  status: 201,
  reply: LoadedWarningList,
  problems: [
    "malformed-json",
    "malformed-utf8",
    "forbidden-key",
    "too-deep",
    "too-large",
    "empty",
    "bad-list",
    "conflict",
    "quota-exceeded",
  ],
});

export const readWarningListEntries = defineRoute({
  method: "GET",
  path: "/v1/warning-lists/:id",
  tag,
  summary: "One list, with its entries",
  roles: [],
  params: z.object({ id: z.string().min(1).max(40) }),
  query: z.object({
    after: z.string().max(20).optional(),
    limit: z.coerce.number().int().min(1).max(5_000).default(500),
  }),
  status: 200,
  reply: WarningListDetail,
  problems: ["not-found", "bad-cursor"],
});

export const removeWarningList = defineRoute({
  method: "DELETE",
  path: "/v1/warning-lists/:id",
  tag,
  summary: "End a list that you loaded; those that are built in stay",
  roles: loading,
  params: z.object({ id: z.string().min(1).max(40) }),
  status: 200,
  reply: WarningListHead,
  problems: ["not-found"],
});

const MOST_DOMAINS = 100;

export const setMemberDomains = defineRoute({
  method: "PUT",
  path: "/v1/members/:code/domains",
  tag: "identity",
  summary: "Say which domains are a member's own: they and all below them are in no blocklist of anybody's",
  description:
    "The member's own officer says so, or the operator. A name below which strangers are is refused.",
  roles: loading,
  params: z.object({ code: OrganisationCode }),
  body: z.strictObject({ domains: z.array(z.string().min(1).max(300)).max(MOST_DOMAINS) }),
  status: 200,
  reply: z.object({ code: OrganisationCode, domains: z.array(z.string()) }),
  problems: ["not-found", "bad-list"],
});

export const warningListRoutes = {
  listWarningLists,
  tryWarningLists,
  loadWarningList,
  readWarningListEntries,
  removeWarningList,
  setMemberDomains,
};
