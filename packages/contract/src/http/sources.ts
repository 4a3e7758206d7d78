import { FormatName } from "@suar/formats";
import { Purpose } from "@suar/policy";
import { isTimestamp } from "@suar/stix";
import { z } from "zod";
import { defineRoute } from "./define.ts";
import { IdParams, Instant, Label, PageQuery, pageOf } from "./shared.ts";
import { SubmissionQuery } from "./submission-input.ts";

export const SourceState = z.enum(["active", "paused", "disabled"]);
export type SourceState = z.infer<typeof SourceState>;

export const SourceKind = z.enum(["taxii", "misp", "url", "mailbox"]);
export type SourceKind = z.infer<typeof SourceKind>;

export const Source = z.object({
  id: z.uuid(),
  kind: SourceKind,
  name: z.string(),
  url: z.string().nullable().describe("Where it pulls from; null of a mailbox"),
  folder: z.string().nullable().describe("Of a mailbox: the folder that messages are dropped into"),
  format: FormatName.nullable().describe("Of a URL: what its file is read as; null: what its content shows"),
  collection: z.string().nullable().describe("Of TAXII: id, alias or title that was asked for"),
  found: z
    .object({ id: z.string(), title: z.string() })
    .nullable()
    .describe("The collection that it pulls from; null until the server was reached"),
  credential: z.enum(["none", "basic", "bearer"]).describe("What it shows the server; never which"),
  tlp: z.string().nullable(),
  to: z.string().nullable(),
  purpose: Purpose.nullable(),
  noForward: z.boolean(),
  releasableTo: z.string().nullable(),
  everySeconds: z.int(),
  state: SourceState,
  stateReason: z.string().nullable(),
  problem: z
    .object({ code: z.string(), detail: z.string(), at: Instant })
    .nullable()
    .describe("Why the last pull failed; null when it did not"),
  failures: z.int().describe("Pulls in a row that failed"),
  nextAt: Instant.nullable().describe("When it pulls next; null while it is not active"),
  lastPullAt: Instant.nullable(),
  lastSuccessAt: Instant.nullable(),
  addedUpTo: z
    .string()
    .nullable()
    .describe(
      "Everything that was added there up to this date is pulled; `after` of another source goes on from it. Of a feed: when the last event changed; of a URL: when its file did; of a mailbox: when the last message was dropped",
    ),
  objects: z
    .int()
    .describe(
      "What was pulled in all: objects of a collection, events of a feed, else files with new content",
    ),
  returned: z
    .int()
    .describe("Of these, events that came from here, or that you state already: they are not stated again"),
  leftOut: z
    .int()
    .describe(
      "Of these, those that could not be submitted: too large, no JSON that is taken, or a marking that the server does not define; messages that lie in failed/",
    ),
  troubles: z
    .array(
      z.object({
        event: z.string().describe("UUID of the event"),
        code: z.string(),
        detail: z.string(),
        tries: z.int().describe("How often it was asked for, as the feed lists it"),
        at: Instant,
      }),
    )
    .describe(
      "Of a feed: events that it lists and that could not be taken, the latest fifty; each is asked for again at the next look, then ever more seldom, and when its entry changes. None holds up another",
    ),
  untaken: z.int().describe("Of a feed: how many such events there are in all"),
  lastSubmission: z.uuid().nullable().describe("What became of the objects that were pulled last"),
  createdAt: Instant,
});
export type Source = z.infer<typeof Source>;

const tag = "sources";
const reading = ["analyst", "officer"] as const;
const submitting = ["analyst"] as const;
const VISIBLE = /^[\x21-\x7e]+$/;

const Credential = z.union([
  z.strictObject({
    user: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^:\p{Cc}]+$/u, "No colon and no control character (RFC 7617)"),
    secret: z.string().min(1).max(1000),
  }),
  z.strictObject({ token: z.string().max(4000).regex(VISIBLE, "Visible ASCII characters (RFC 6750)") }),
]);

/** What a source of each kind is made with, beside what all have. */
const OF_KINDS: Readonly<Record<SourceKind, { needs: readonly string[]; takes: readonly string[] }>> = {
  taxii: { needs: ["url"], takes: ["collection", "credential", "after"] },
  misp: { needs: ["url"], takes: ["credential", "after"] },
  url: { needs: ["url"], takes: ["credential", "format"] },
  mailbox: { needs: ["folder"], takes: [] },
};
const OF_SOME = [...new Set(Object.values(OF_KINDS).flatMap(({ needs, takes }) => [...needs, ...takes]))];

const NewSource = z
  .strictObject({
    kind: SourceKind.default("taxii"),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional()
      .describe("Of all kinds but `mailbox`: the server, the feed's folder or manifest.json, or the file"),
    folder: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "Letters a to z, digits and hyphens")
      .optional()
      .describe("Of `mailbox`: a folder within your organisation's own, which the platform's operator made"),
    format: FormatName.optional().describe(
      "Of `url`: what the file is read as; else by its type and content",
    ),
    name: Label.optional().describe("What you call it; else the server's host, or the folder"),
    collection: z
      .string()
      .trim()
      .min(1)
      .max(500)
      .optional()
      .describe("Of `taxii`: id, alias or title; needed where the server has several"),
    credential: Credential.optional(),
    tlp: SubmissionQuery.shape.tlp,
    to: SubmissionQuery.shape.to,
    purpose: SubmissionQuery.shape.purpose,
    noForward: z.boolean().default(false).describe("As of submissions"),
    releasableTo: SubmissionQuery.shape.releasableTo,
    everySeconds: z.int().min(60).max(604_800).default(900),
    after: z
      .string()
      .refine(isTimestamp, "Has to be a timestamp such as 2026-01-02T03:04:05Z")
      .optional()
      .describe("Of `taxii` and `misp`: pull only what was added or changed there later; else everything"),
  })
  .superRefine((body, context) => {
    const { needs, takes } = OF_KINDS[body.kind];
    for (const name of OF_SOME) {
      const isThere = body[name as keyof typeof body] !== undefined;
      const isKnown = needs.includes(name) || takes.includes(name);
      if (isThere ? isKnown : !needs.includes(name)) continue;
      const message = isThere
        ? `A source of kind ${body.kind} has none`
        : `A source of kind ${body.kind} needs it`;
      context.addIssue({ code: "custom", path: [name], message });
    }
  });

export const createSource = defineRoute({
  method: "POST",
  path: "/v1/sources",
  tag,
  summary: "Have a TAXII collection, a MISP feed, a file or a mailbox pulled and submitted, now and again",
  description:
    "`taxii`: a TAXII 2.1 collection; the address may be a bare host, a server's discovery, an API root, or a collection. `misp`: a feed of MISP; only events that changed are asked for. `url`: a file in any format that is read, submitted when its content has changed. `mailbox`: a folder into which messages (.eml, .mbox) are dropped. What is pulled is submitted in your organisation's name under its own marking; what it leaves unmarked gets `tlp`, and is rejected without one. What you hold already is unchanged, so that platforms that pull from each other do not hand the same round. The credential is kept sealed and never shown.",
  roles: submitting,
  body: NewSource,
  status: 201,
  reply: Source,
  problems: [
    "address-refused",
    "unknown-marking",
    "red-needs-people",
    "unknown-member",
    "quota-exceeded",
    "conflict",
  ],
});

export const listSources = defineRoute({
  method: "GET",
  path: "/v1/sources",
  tag,
  summary: "Your organisation's sources",
  roles: reading,
  query: PageQuery,
  status: 200,
  reply: pageOf(Source),
  problems: ["bad-cursor"],
});

export const getSource = defineRoute({
  method: "GET",
  path: "/v1/sources/:id",
  tag,
  summary: "One source: how far it has come, and what went wrong last",
  roles: reading,
  params: IdParams,
  status: 200,
  reply: Source,
  problems: ["not-found"],
});

export const deleteSource = defineRoute({
  method: "DELETE",
  path: "/v1/sources/:id",
  tag,
  summary: "Delete a source, its credential and its place; what it submitted stays",
  roles: reading,
  params: IdParams,
  status: 204,
  reply: z.undefined(),
  problems: ["not-found"],
});

const action = (name: string, roles: typeof reading | typeof submitting, summary: string) =>
  defineRoute({
    method: "POST",
    path: `/v1/sources/:id/${name}`,
    tag,
    summary,
    roles,
    params: IdParams,
    status: 200,
    reply: Source,
    problems: ["not-found", "conflict"],
  });

export const pauseSource = action("pause", reading, "Stop pulling; its place is kept, nothing is lost");
export const resumeSource = action(
  "resume",
  submitting,
  "Pull on from its place, also after it was disabled",
);
export const pullNow = action("pull", submitting, "Pull now, whenever it would be its turn");

export const sourceRoutes = {
  createSource,
  listSources,
  getSource,
  deleteSource,
  pauseSource,
  resumeSource,
  pullNow,
};
