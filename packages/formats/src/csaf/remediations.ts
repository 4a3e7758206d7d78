import { drop } from "../drop.ts";
import type { Fields } from "../fields.ts";
import { referenceTo } from "../reference-to.ts";
import type { Place, ReportReading } from "../report-reading.ts";
import type { Products } from "./product-tree.ts";
import { productsIn } from "./products-in.ts";

const LONGEST_NAME = 120;

/** Categories that say that nothing can be done, or not yet: no course of action (CSAF 3.2.3.12.1). */
const NOTHING_TO_DO: ReadonlySet<string> = new Set(["none_available", "no_fix_planned", "fix_planned"]);

/** What to do about a vulnerability. What is said of several vulnerabilities alike is one course of action. */
export function readRemediations(
  fields: Fields,
  vulnerability: string,
  products: Products,
  reading: ReportReading,
): void {
  for (const remediation of fields.each("remediations")) {
    const category = remediation.text("category") ?? "mitigation";
    const details = remediation.text("details") ?? category;
    const place = reading.record(remediation.at);
    const text = [details, ...moreOf(remediation), forWhich(remediation, products)];
    const description = text.filter((part) => part !== "").join("\n");
    const url = remediation.text("url");
    remediation.rest("No field of a remediation (CSAF 3.2.3.12)");
    if (NOTHING_TO_DO.has(category))
      reading.note(
        place,
        vulnerability,
        `Remediation: ${category}`,
        url === undefined ? description : `${description}\n${url}`,
      );
    else draftAction(place, { category, details, description, url }, vulnerability, reading);
  }
}

type Action = { category: string; details: string; description: string; url: string | undefined };

function draftAction(place: Place, action: Action, target: string, reading: ReportReading): void {
  const { category, details, description, url } = action;
  const first = details.split("\n", 1)[0] ?? details;
  const source = reading.object(place, `${category}/${description}/${url ?? ""}`, {
    type: "course-of-action",
    ...drop({
      name: first.length > LONGEST_NAME ? `${first.slice(0, LONGEST_NAME - 1).toWellFormed()}…` : first,
      description,
      labels: [`csaf:remediation=${category}`],
      external_references: url === undefined ? undefined : [referenceTo("remediation", { url })],
    }),
  });
  reading.relate(place, { type: "mitigates", source, target });
}

function moreOf(remediation: Fields): string[] {
  const date = remediation.text("date");
  const restart = remediation.inner("restart_required");
  const [category, details] = [restart.text("category"), restart.text("details")];
  restart.rest("No field of a restart (CSAF 3.2.3.12.7)");
  return [
    ...remediation.texts("entitlements").map((one) => `Entitlement: ${one}`),
    ...(category === undefined ? [] : [`Restart: ${[category, details].filter(Boolean).join(": ")}`]),
    ...(date === undefined ? [] : [`Date: ${date}`]),
  ];
}

function forWhich(remediation: Fields, products: Products): string {
  const names = productsIn(remediation, products);
  return names.length === 0 ? "" : `For: ${names.join("; ")}`;
}
