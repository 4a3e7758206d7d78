import { z } from "zod";

/** The members by the ISO 3166-1 code of their jurisdiction. */
export const Member = z.enum(["BN", "CN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"]);
export type Member = z.infer<typeof Member>;

/** Where an object goes: another member, or everybody, who are the thirteenth importer. */
export const Importer = z.enum([...Member.options, "public"]);
export type Importer = z.infer<typeof Importer>;

/** Every ordered pair: 132 of members, and what each member says to the public. */
export const ALL_PAIRS: readonly { exporter: Member; importer: Importer }[] = Member.options.flatMap(
  (exporter) =>
    Importer.options.filter((importer) => importer !== exporter).map((importer) => ({ exporter, importer })),
);
