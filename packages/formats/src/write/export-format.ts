import { z } from "zod";

/** The forms that the log goes out in. Those from `list-ipv4` on are for devices: values that they match by themselves. */
export const ExportFormat = z.enum([
  "stix",
  "csv",
  "atom",
  "csaf",
  "csaf-2.1",
  "list-ipv4",
  "list-ipv6",
  "list-domain",
  "list-url",
  "list-email",
  "list-md5",
  "list-sha1",
  "list-sha256",
  "hosts",
  "rpz",
  "suricata",
  "snort",
  "zeek",
  "sigma",
  "misp",
]);
export type ExportFormat = z.infer<typeof ExportFormat>;

/** Those that are written a rendition at a time. Events of MISP are written as wholes, of all that belongs together. */
export const ItemFormat = ExportFormat.exclude(["misp"]);
export type ItemFormat = z.infer<typeof ItemFormat>;
