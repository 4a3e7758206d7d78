import { Pap, Tlp } from "@suar/stix";
import { z } from "zod";
import { ContentClass } from "./content-class.ts";
import { PiiFinding } from "./personal-data.ts";

/** `public` is anybody at all, the thirteenth importer; people read RED, in their own inbox and nowhere else. */
export const RecipientKind = z.enum(["cert", "agency", "public", "person"]);
export type RecipientKind = z.infer<typeof RecipientKind>;

/** What the originator shares it for; where nobody says, defence. */
export const Purpose = z.enum(["defence", "response", "research", "law-enforcement"]);
export type Purpose = z.infer<typeof Purpose>;

/**
 * A recipient or a producer. A member CERT's code is its member's ("SG"); an agency's is its own ("SG:csa-bank").
 * `jurisdiction` is the law that it stands under, where that is not its member's: it then crosses both borders.
 */
export const Organisation = z.object({
  id: z.number().int(),
  code: z.string().min(1),
  member: z.string().min(1),
  kind: RecipientKind,
  jurisdiction: z.string().min(1).optional(),
  /** Names of agreements that it is party to. */
  agreements: z.array(z.string()).readonly().optional(),
  /** Of each of them, by its name, what was agreed: the SHA-256 of its terms. */
  terms: z.record(z.string(), z.string()).optional(),
});
export type Organisation = z.infer<typeof Organisation>;

/** The organisation that stands for everybody: what reaches it may be printed in a newspaper. */
export const PUBLIC: Organisation = { id: -1, code: "public", member: "public", kind: "public" };

/**
 * What the markings' rules need to know of an object. `tlp` and `pap` are the effective markings (after
 * inheritance); `to` holds the codes that the originator named, and is empty where none was. `ends` has, for
 * each end of a relationship that somebody stated, the ids of those who may know of it.
 */
export const MarkedSubject = z.object({
  type: z.string().min(1),
  tlp: Tlp,
  pap: Pap.optional(),
  producer: Organisation,
  to: z.array(z.string()).readonly(),
  ends: z.array(z.array(z.int()).readonly()).readonly().optional(),
  /** Markings of what contains it, as far as `tlp` and `pap` do not hold them already. */
  parents: z
    .array(z.object({ tlp: Tlp.optional(), pap: Pap.optional() }))
    .readonly()
    .optional(),
  /** The organisations or members that it may be released to at all; absent: its marking alone decides. */
  releasableTo: z.array(z.string()).readonly().optional(),
  /** True: nobody but those who are named themselves; not their clients. */
  noForward: z.boolean().optional(),
  /** A timestamp; from then on nobody receives it any more. */
  expires: z.string().optional(),
});
export type MarkedSubject = z.infer<typeof MarkedSubject>;

/** What a decision needs to know of an object, policies of pairs included. */
export const Subject = MarkedSubject.extend({
  contentClass: ContentClass,
  /** Personal data that was found in it; absent would mean that nobody looked, and is not an answer. */
  findings: z.array(PiiFinding).readonly(),
  /** Several, where it was stated again for another. */
  purpose: z.union([Purpose, z.array(Purpose).min(1).readonly()]).optional(),
  labels: z.array(z.string()).readonly().optional(),
  sectors: z.array(z.string()).readonly().optional(),
});
export type Subject = z.infer<typeof Subject>;
