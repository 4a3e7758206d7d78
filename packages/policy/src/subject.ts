import { Pap, Tlp } from "@suar/stix";
import { z } from "zod";

/**
 * A recipient or a producer. A member CERT's code is its member's ("SG"); an agency's is its own
 * ("SG:csa-bank"). `public`, the thirteenth importer, will be a third kind: until its policy exists, the
 * rule `recipient-known` withholds from every kind that is not listed here.
 */
export const Organisation = z.object({
  id: z.number().int(),
  code: z.string().min(1),
  member: z.string().min(1),
  kind: z.enum(["cert", "agency"]),
});
export type Organisation = z.infer<typeof Organisation>;

/**
 * What the decision needs to know of an object. `tlp` and `pap` are the effective markings (after
 * inheritance); `to` holds the codes that the originator named, and is empty where none was. `ends` has, for
 * each end of a relationship that somebody stated, the ids of those who may know of it.
 */
export const Subject = z.object({
  type: z.string().min(1),
  tlp: Tlp,
  pap: Pap.optional(),
  producer: Organisation,
  to: z.array(z.string()).readonly(),
  ends: z.array(z.array(z.int()).readonly()).readonly().optional(),
});
export type Subject = z.infer<typeof Subject>;
