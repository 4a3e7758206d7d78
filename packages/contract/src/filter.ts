import { Tlp } from "@suar/stix";
import { z } from "zod";

const word = z.string().min(1).max(200);
const words = (most: number) => z.array(word).min(1).max(most);

/** Among `values`: whatever the reader's organisation watches at the moment (`PUT /v1/watch`). */
export const WATCHED = "@watch";

const value = word.refine((text) => !text.startsWith("@") || text === WATCHED, {
  error: `of words with an @ before them there is only ${WATCHED}`,
});

/**
 * The one filter that every channel takes (DESIGN 4). Fields are joined by AND, the values of one field by
 * OR. `values` are what the reader owns or watches: domains (and what is below them), addresses, CIDRs,
 * hashes, AS numbers, CVEs, products by their CPE names or what they are called.
 */
export const Filter = z
  .strictObject({
    types: words(40).describe("STIX object types").optional(),
    kinds: words(20).describe("Kinds of items: released, withdrawn, alert, advisory…").optional(),
    severity: z
      .array(z.enum(["low", "medium", "high", "critical"]))
      .min(1)
      .max(4)
      .optional(),
    tlp: z.array(Tlp).min(1).max(5).optional(),
    producers: words(100).describe("Codes of organisations").optional(),
    sectors: words(50).optional(),
    countries: words(50).describe("ISO 3166-1 alpha-2").optional(),
    labels: words(100).optional(),
    values: z
      .array(value)
      .min(1)
      .max(1000)
      .describe(`Own or watched assets; ${WATCHED} stands for all that your organisation watches`)
      .optional(),
    text: z.string().min(2).max(200).describe("Words that name or description must hold").optional(),
  })
  .describe("Fields are joined by AND, the values of one field by OR");
export type Filter = z.infer<typeof Filter>;

/** Whether it asks for what the reader's organisation watches. */
export function isWatching({ values }: Filter): boolean {
  return values?.includes(WATCHED) ?? false;
}

const LISTS = [
  "types",
  "kinds",
  "severity",
  "tlp",
  "producers",
  "sectors",
  "countries",
  "labels",
  "values",
] as const;

/** The same filter as query parameters: lists are written with commas. */
export const FilterQuery = z.object({
  ...Object.fromEntries(LISTS.map((name) => [name, z.string().max(20_000).optional()])),
  text: z.string().max(200).optional(),
} as Record<(typeof LISTS)[number] | "text", z.ZodOptional<z.ZodString>>);
export type FilterQuery = z.infer<typeof FilterQuery>;

/** Turns query parameters into a filter; throws a ZodError when they do not fit. */
export function filterFromQuery(query: FilterQuery): Filter {
  const filter: Record<string, unknown> = {};
  for (const name of LISTS) {
    const text = query[name];
    if (text !== undefined)
      filter[name] = text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== "");
  }
  if (query.text !== undefined) filter.text = query.text;
  return Filter.parse(filter);
}
