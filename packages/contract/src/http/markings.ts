import { Limits } from "@suar/policy";
import { Pap, Tlp } from "@suar/stix";
import { z } from "zod";
import { defineRoute } from "./define.ts";

const MOST_NAMED = 500;

const To = z.union([z.literal("community"), z.array(z.string())]);

const SaidOfVersion = z.object({
  version: z.string(),
  named: z.array(z.string()).nullable().describe("All who were ever named for it"),
  community: z.boolean(),
  isVictims: z.boolean().describe("Whether a submission said that it is about a victim"),
  limits: Limits,
});

export const ObjectMarking = z.object({
  id: z.string(),
  tlp: Tlp,
  pap: Pap.nullable(),
  to: To.describe(
    "Whom it is for: those who are named, or, under a marking that lets it, the community; nobody but you where the list is empty",
  ),
  versions: z
    .array(SaidOfVersion)
    .describe(
      "What you say by now of each version, those that you took back among them, the newest first, at most 64. It only ever grows: keep it for `suar verify words`",
    ),
  tag: z.string().describe("The ETag's text, which If-Match sends back in quotes"),
});
export type ObjectMarking = z.infer<typeof ObjectMarking>;

/** What is left out stays as it is. */
export const MarkingChange = z
  .strictObject({
    tlp: Tlp.optional(),
    pap: Pap.nullable().optional().describe("Null takes it away"),
    to: z
      .union([z.literal("community"), z.array(z.string().min(1).max(60)).min(1).max(MOST_NAMED)])
      .optional()
      .describe("Members, agencies and groups, in place of those who were addressed before"),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), "Nothing is to change");
export type MarkingChange = z.infer<typeof MarkingChange>;

const tag = "reading";
const params = z.object({ id: z.string().max(200) });

export const getMarking = defineRoute({
  method: "GET",
  path: "/v1/objects/:id/marking",
  tag,
  summary: "The marking that holds for what your organisation stated about this id, with its ETag",
  roles: ["analyst", "officer"],
  params,
  status: 200,
  reply: ObjectMarking,
  problems: ["not-found"],
});

export const changeMarking = defineRoute({
  method: "POST",
  path: "/v1/objects/:id/marking",
  tag,
  summary:
    "Mark what your organisation stated about this id otherwise, or address it to others; needs If-Match",
  description: [
    "For the originator alone, and its own statements alone. Whoever may not have it any more loses every version at once and is told; who newly may gets it, as far as policies of pairs let it, and after approvals where they ask for one; who keeps it gets a version under the new marking.",
    "It holds for the id until it is changed here again: what is stated anew, by hand or by a feed, is under no weaker marking and goes to nobody else. TLP:RED is neither reached nor left: it goes to people.",
  ].join(" "),
  roles: ["analyst"],
  headers: { "if-match": { description: "ETag of the marking that is to be changed", required: true } },
  params,
  body: MarkingChange,
  status: 200,
  reply: ObjectMarking.extend({
    lost: z.int().describe("Members, and agencies of your own, that have none of it any more"),
    gained: z.int().describe("Those that had none of it before"),
  }),
  problems: ["not-found", "already-withdrawn", "edited-meanwhile", "unknown-member", "red-needs-people"],
});

export const markingRoutes = { getMarking, changeMarking };
