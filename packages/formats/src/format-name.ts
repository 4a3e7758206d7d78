import { z } from "zod";

/** The formats that a submission may come in. */
export const FormatName = z.enum([
  "stix",
  "misp",
  "csv",
  "text",
  "incident",
  "csaf",
  "shadowserver",
  "email",
  "iodef",
  "openioc",
  "xarf",
]);
export type FormatName = z.infer<typeof FormatName>;
