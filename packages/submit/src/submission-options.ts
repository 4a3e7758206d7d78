import { Origin } from "@suar/contract";
import { Limits } from "@suar/policy";
import { Pap, Tlp } from "@suar/stix";
import { z } from "zod";
import { NamedPerson } from "./parse-people.ts";

/** What the submitter said besides the bytes; kept with them, so that normalization can begin again. */
export const SubmissionOptions = z.object({
  tlp: Tlp.optional(),
  pap: Pap.optional(),
  to: z.array(z.string()),
  /** What narrows it beside its marking; absent where nothing was said. */
  limits: Limits.optional(),
  /** TLP:RED, all of it: for these people, and shown to nobody else but who submits it. */
  people: z.array(NamedPerson).min(1).optional(),
  kind: z.enum(["incident"]).optional(),
  /** Posted to a TAXII collection: which, and how many objects there were, as its status tells. */
  taxii: z.object({ collection: z.uuid(), objects: z.int() }).optional(),
  /** What another server says, and not the submitter: what it holds already is not stated again. */
  origin: Origin.optional(),
});
export type SubmissionOptions = z.infer<typeof SubmissionOptions>;
