import { DeliveredEntry, IndividualCount, Receipt } from "@suar/contract";
import type { z } from "zod";
import type { Finding } from "./findings.ts";
import { documentsOf, textsIn } from "./item-files.ts";

type Placed<T> = { place: string; told: T };
/** What the platform tells of deliveries and counts, beside what it delivered. */
export type Told = {
  /** Of what one stated oneself, to whomever it went: `suar receipts ID`. */
  sent: Placed<Receipt>[];
  /** Of what was handed to oneself: `suar deliveries`. */
  own: Placed<DeliveredEntry>[];
  /** `suar individuals`. */
  individuals: Placed<IndividualCount>[];
};

/** All answers in a folder, as they were printed with `--json`, each told by what it holds. */
export async function readTold(folder: string): Promise<{ told: Told; findings: Finding[] }> {
  const told: Told = { sent: [], own: [], individuals: [] };
  const findings: Finding[] = [];
  for await (const { place, text } of textsIn(folder))
    for (const document of documentsOf(text, place))
      for (const value of Array.isArray(document.value) ? document.value : [document.value])
        if (!addTo(told, document.place, value))
          findings.push({
            code: "unreadable",
            seq: null,
            place: document.place,
            message: "no answer of suar receipts, deliveries or individuals",
          });
  return { told, findings };
}

function addTo(told: Told, place: string, value: unknown): boolean {
  const add = <T>(schema: z.ZodType<T>, to: Placed<T>[]): boolean => {
    const read = schema.safeParse(value);
    if (read.success) to.push({ place, told: read.data });
    return read.success;
  };
  return add(Receipt, told.sent) || add(DeliveredEntry, told.own) || add(IndividualCount, told.individuals);
}
