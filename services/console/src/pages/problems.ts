import { PROBLEMS } from "@suar/contract";
import { escapeHtml, layout } from "./layout.ts";

/** Every problem code with its status: what the `type` of a problem document points to. */
export function problemsPage(): string {
  const rows = Object.entries(PROBLEMS).map(
    ([code, { status, title }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escapeHtml(title)}</td></tr>`,
  );
  return layout(
    "Problems · Suar",
    `<h1>Problems</h1>
<p>Errors are RFC 9457 documents. <code>code</code> is stable; translate it, never the prose.</p>
<table><thead><tr><th>code</th><th>status</th><th>meaning</th></tr></thead><tbody>${rows.join("")}</tbody></table>`,
  );
}
