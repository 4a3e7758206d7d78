import { submitAndWait } from "../support/api.ts";
import { redTo } from "../support/sessions.ts";
import type { People } from "./plant-red.ts";
import type { Reader } from "./readers.ts";

const REPORTS = [
  ["SG", "?tlp=green"],
  ["CN", "?tlp=amber%2Bstrict"],
  ["MY", "?tlp=amber&to=SG"],
] as const;

/** One value, reported by three members to different others, and by a person under TLP:RED, which no count holds. */
export async function plantCounted(value: string, readers: readonly Reader[], people: People): Promise<void> {
  const row = `value\n${value}\n`;
  for (const [code, query] of REPORTS) {
    const analyst = readers.find(
      ({ party, role, realm }) => realm === "live" && party?.code === code && role === "analyst",
    );
    if (analyst === undefined) throw new Error(`there is no analyst of ${code}`);
    await submitAndWait(analyst.api, query, row, "text/csv");
  }
  await submitAndWait(people.neighbour.api, redTo(people.addressee.person), row, "text/csv");
}
