import { assetText, LONGEST_ASSET, parseAsset } from "@suar/stix";
import { z } from "zod";
import { WATCHED } from "../filter.ts";
import { defineRoute } from "./define.ts";
import { Instant } from "./shared.ts";

const MOST_WATCHED = 5_000;

/** One asset in its one spelling; each that is none is refused at its place. */
const WatchedValue = z
  .string()
  .max(LONGEST_ASSET)
  .describe(
    "An AS number (`AS64496`), an address or CIDR, a domain, or a product by its CPE 2.3 name, defanged or not",
  )
  .transform((raw, refusal) => {
    const read = parseAsset(raw);
    if (read.ok && !read.asset.value.endsWith("/0")) return assetText(read.asset);
    refusal.addIssue({ code: "custom", message: read.ok ? "every address is nobody's own" : read.message });
    return z.NEVER;
  });

export const WatchList = z.object({
  values: z.array(z.string()).describe("Each in its one spelling, and once"),
  version: z.int().describe("Goes up with each change; also the ETag. 0: nothing was ever said"),
  changedAt: Instant.nullable(),
});
export type WatchList = z.infer<typeof WatchList>;

const tag = "watch";
const stands = `In filters \`values=${WATCHED}\` stands for it, on every channel. Nobody else learns what is in it.`;

export const getWatch = defineRoute({
  method: "GET",
  path: "/v1/watch",
  tag,
  summary: "What your organisation watches: its AS numbers, networks, domains and products",
  description: stands,
  roles: ["analyst", "subscriber", "coordinator", "officer"],
  status: 200,
  reply: WatchList,
});

export const setWatch = defineRoute({
  method: "PUT",
  path: "/v1/watch",
  tag,
  summary: "Say anew what your organisation watches; needs If-Match",
  description: `${stands} Streams, webhooks, alert rules and links that are there already take it up within seconds; no cursor moves, and what passed is not gone through again.`,
  roles: ["analyst", "officer"],
  headers: {
    "if-match": { description: 'ETag of the list that was edited; `"0"` for the first', required: true },
  },
  body: z.strictObject({
    values: z
      .array(WatchedValue)
      .max(MOST_WATCHED)
      .transform((values) => [...new Set(values)]),
  }),
  status: 200,
  reply: WatchList,
  problems: ["edited-meanwhile"],
});

export const watchRoutes = { getWatch, setWatch };
