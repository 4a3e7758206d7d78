import { Tlp } from "@suar/stix";
import { z } from "zod";
import { isRsitType, RSIT, RSIT_CLASSES } from "./rsit.ts";

const line = (most: number) => z.string().trim().min(1).max(most);
const code = z.string().regex(/^[A-Z]{2}$/, "An ISO 3166-1 alpha-2 code, as SG");

/** RFC 3339 with its offset, which is kept: the hour it was where it happened is evidence. */
const TimeWithOffset = z.iso.datetime({
  offset: true,
  error: "A time with its offset, as 2026-03-01T09:30:00+08:00",
});

const Rsit = z
  .strictObject({
    class: z.enum(RSIT_CLASSES).describe("Class of the Reference Security Incident Taxonomy"),
    type: line(60).optional().describe("Type within the class"),
  })
  .superRefine(({ class: rsitClass, type }, context) => {
    if (type === undefined || isRsitType(rsitClass, type)) return;
    const message = `One of ${Object.keys(RSIT[rsitClass].types).join(", ")}`;
    context.addIssue({ code: "custom", path: ["type"], message });
  });

const Help = z.strictObject({
  action: line(200).describe("What is asked for, as take-down, sinkholing, contact"),
  note: line(5_000).optional(),
});

const ReportedIndicator = z.union([
  line(8_000).describe("A value, plain or defanged; its kind is found out"),
  z.strictObject({
    value: line(8_000),
    kind: line(40).optional().describe("As domain, ipv4, url, sha256, email; found out when absent"),
    note: line(5_000).optional(),
  }),
]);

/** An incident as one CERT reports it to others. */
export const IncidentReport = z
  .strictObject({
    title: line(300).describe("What happened, in a line"),
    narrative: line(200_000).describe("The whole account, as text"),
    reference: line(200)
      .optional()
      .describe("Your own case number: a later report under it is a newer version"),
    rsit: Rsit.optional(),
    severity: z.enum(["low", "medium", "high", "critical"]).optional(),
    severityScore: z.int().min(0).max(100).optional().describe("Severity as a number, where you have one"),
    occurred: TimeWithOffset.optional().describe("When it began"),
    detected: TimeWithOffset.optional().describe("When it was noticed"),
    affected: z
      .strictObject({
        countries: z.array(code).max(250).optional().describe("ISO 3166-1 alpha-2"),
        sectors: z.array(line(100)).max(100).optional(),
      })
      .optional(),
    helpWanted: z
      .union([line(5_000), z.array(Help).min(1).max(50)])
      .optional()
      .describe("What other CERTs could do: text, or a list of actions"),
    indicators: z.array(ReportedIndicator).max(10_000).optional(),
    tlp: Tlp.optional().describe("Traffic Light Protocol 2.0"),
    to: z
      .array(line(80))
      .min(1)
      .max(500)
      .optional()
      .describe("Codes of the organisations it is for, as MY or SG:power-grid"),
    language: z
      .string()
      .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, "An RFC 5646 tag, as en or zh-Hans")
      .optional()
      .describe("Language of title and narrative"),
  })
  .describe("An incident report");
export type IncidentReport = z.infer<typeof IncidentReport>;

/** The published schema of an incident report. */
export function incidentReportJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(IncidentReport, { io: "input", unrepresentable: "any" }) as Record<string, unknown>;
}
