import { z } from "zod";
import { OrganisationCode } from "../principal.ts";
import { defineRoute } from "./define.ts";
import { IdParams, Instant, PageQuery, pageOf } from "./shared.ts";

/** `withdrawn`: its sender took it back, and its reader owes a word about that. */
export const InboxItemState = z.enum([
  "unread",
  "read",
  "acknowledged",
  "withdrawn",
  "withdrawal-acknowledged",
]);
export type InboxItemState = z.infer<typeof InboxItemState>;

/** What one submission says to one person under TLP:RED, without what it says. */
export const InboxItem = z.object({
  id: z.uuid(),
  producer: OrganisationCode.describe("The organisation that says it"),
  receivedAt: Instant,
  objects: z.int(),
  state: InboxItemState.describe("`withdrawn`: you have still to acknowledge that it was taken back"),
  unread: z.boolean(),
  acknowledgedAt: Instant.nullable(),
  withdrawnAt: Instant.nullable().describe("Its sender took it back: there is nothing left to read"),
  withdrawalAcknowledgedAt: Instant.nullable(),
});
export type InboxItem = z.infer<typeof InboxItem>;

export const OpenedInboxItem = InboxItem.extend({
  content: z
    .array(z.looseObject({ type: z.string(), id: z.string() }))
    .describe("STIX 2.1 objects; none once it is withdrawn"),
});
export type OpenedInboxItem = z.infer<typeof OpenedInboxItem>;

/** What became of a TLP:RED submission at one of the people whom it named. */
export const SentTo = z.object({
  person: z.uuid(),
  organisation: OrganisationCode,
  title: z.string().nullable().describe("Null once the inbox is closed"),
  objects: z.int(),
  open: z.boolean().describe("False once the person, or the person's organisation, lost the inbox"),
  reads: z.int().describe("How often it was read in all"),
  readAt: z.array(Instant).describe("The newest times that it was read, at most 100"),
  acknowledgedAt: Instant.nullable(),
  withdrawalAcknowledgedAt: Instant.nullable().describe(
    "When the reader said to know that it was taken back; null while that is owed, or nothing was taken back",
  ),
});
export type SentTo = z.infer<typeof SentTo>;

export const SentRed = z.object({
  id: z.uuid().describe("The submission's"),
  sentAt: Instant,
  withdrawnAt: Instant.nullable(),
  changed: z
    .boolean()
    .describe("Somebody changed what the platform keeps of it, so that nothing is told of whom it went to"),
  to: z.array(SentTo),
});
export type SentRed = z.infer<typeof SentRed>;

const tag = "inbox";
const own =
  "For a person's own signed-in session alone: no machine key opens it, also not one that was issued for the person.";

export const listInbox = defineRoute({
  method: "GET",
  path: "/v1/inbox",
  tag,
  summary: "What was sent to you under TLP:RED, newest first, without its content",
  description: own,
  roles: [],
  query: PageQuery.extend({
    state: InboxItemState.optional().describe("`withdrawn`: what you owe a word about"),
  }),
  status: 200,
  reply: pageOf(InboxItem),
  problems: ["bad-cursor"],
});

export const readInboxItem = defineRoute({
  method: "GET",
  path: "/v1/inbox/:id",
  tag,
  summary: "Read it; the sender sees that and when you did",
  description: own,
  roles: [],
  params: IdParams,
  status: 200,
  reply: OpenedInboxItem,
  problems: ["not-found"],
});

export const acknowledgeInboxItem = defineRoute({
  method: "POST",
  path: "/v1/inbox/:id/acknowledgement",
  tag,
  summary: "Tell the sender that you have it in hand, or know that it was taken back; a repeat is harmless",
  description: `${own} Of what was taken back it says so by name: a word about the letter is none about its withdrawal.`,
  roles: [],
  params: IdParams,
  body: z
    .strictObject({
      withdrawal: z
        .literal(true)
        .optional()
        .describe("That you know it was taken back, and keep none of it; absent: that you have it in hand"),
    })
    .nullish(),
  status: 200,
  reply: InboxItem,
  problems: ["not-found", "already-withdrawn", "conflict"],
});

const sender =
  "For signed-in sessions alone. What a person submitted is that person's to see and to take back; what a machine key without a person did, any analyst's of the organisation; what a person did who is removed, its officers'.";

export const listSent = defineRoute({
  method: "GET",
  path: "/v1/inbox/sent",
  tag,
  summary: "What you sent under TLP:RED, newest first, and who has read it when",
  description: sender,
  roles: ["analyst", "officer"],
  query: PageQuery,
  status: 200,
  reply: pageOf(SentRed),
  problems: ["bad-cursor"],
});

export const withdrawSent = defineRoute({
  method: "DELETE",
  path: "/v1/inbox/sent/:id",
  tag,
  summary: "Take back what you sent under TLP:RED: its content is erased from every inbox at once",
  description: `${sender} Those who had it see that it was withdrawn, and each is to acknowledge that; who has, is told where it is listed.`,
  roles: ["analyst", "officer"],
  params: IdParams,
  status: 200,
  reply: SentRed,
  problems: ["not-found", "already-withdrawn"],
});

export const inboxRoutes = { listInbox, readInboxItem, acknowledgeInboxItem, listSent, withdrawSent };
