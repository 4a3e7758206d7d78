import { Importer, Member, type PolicySet, pairOf } from "@suar/policy";
import { escapeHtml, layout } from "./layout.ts";

/** `/policies`: every exporter with every importer, and the public; each leads to the page of its pair. */
export function policiesPage(policies: PolicySet): string {
  const heading = Importer.options.map((importer) => `<th scope="col">${escapeHtml(importer)}</th>`);
  const rows = Member.options.map((exporter) => {
    const cells = Importer.options.map((importer) => cellOf(policies, exporter, importer));
    return `<tr><th scope="row">${escapeHtml(exporter)}</th>${cells.join("")}</tr>`;
  });
  return layout(
    "Policies of pairs · Suar",
    `<h1>Policies of pairs</h1>
<p>What may go from one member to another, after whose approval, and with what taken out. From the member at the left to the one above; the last column is what a member tells everybody.</p>
<div class="scroll"><table class="matrix"><thead><tr><th scope="col">from</th>${heading.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>
<p><b>s</b>: signed by both members. <b>d</b>: the default that Suar ships, in force until they sign another. The number is the version.</p>`,
  );
}

function cellOf(policies: PolicySet, exporter: string, importer: string): string {
  const pair = pairOf(policies, exporter, importer);
  if (pair === undefined) return "<td>·</td>";
  const word = pair.standing === "signed" ? "s" : "d";
  const name = escapeHtml(`${exporter}-${importer}`);
  return `<td><a href="/policies/${name}" aria-label="${name}">${word}${pair.policy.version}</a></td>`;
}
