import { Tlp } from "@suar/stix";
import { z } from "zod";

/** The kinds of items there are now; the set is open and clients ignore what they do not know. */
export const ITEM_KINDS = ["released", "withdrawn", "alert", "advisory"] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** One entry of the log as every channel carries it. `seq` is dense per realm; `at` strictly increases with it. */
export const Item = z.object({
  seq: z.int().positive(),
  cursor: z.string(),
  at: z.string().describe("RFC 3339, six decimals"),
  realm: z.string(),
  kind: z.string().describe(`One of ${ITEM_KINDS.join(", ")}, or a later kind`),
  tlp: Tlp,
  producer: z.string().describe("Code of the organisation that states this"),
  // Its fields keep their order, which a loose object's do not: receipts are about the bytes that were sent.
  object: z
    .intersection(z.record(z.string(), z.unknown()), z.looseObject({ type: z.string(), id: z.string() }))
    .describe("STIX 2.1 object"),
});
export type Item = z.infer<typeof Item>;
