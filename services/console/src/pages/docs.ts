import { escapeHtml, layout } from "./layout.ts";

type Operation = {
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    schema?: Record<string, unknown>;
  }[];
  requestBody?: { content?: Record<string, { schema?: unknown }> };
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: unknown }> }>;
};

/** The API's reference, from the OpenAPI document, readable without script. */
export function docsPage(document: Record<string, unknown>): string {
  const byTag = new Map<string, string[]>();
  for (const [path, methods] of Object.entries(
    (document.paths ?? {}) as Record<string, Record<string, Operation>>,
  )) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags?.[0] ?? "other";
      byTag.set(tag, [...(byTag.get(tag) ?? []), describe(method, path, operation)]);
    }
  }
  const sections = [...byTag].map(
    ([tag, operations]) => `<h2 id="${tag}">${escapeHtml(tag)}</h2>${operations.join("")}`,
  );
  return layout(
    "API · Suar",
    `<h1>API</h1>
<p>Send <code>Authorization: Bearer suar_…</code>. Errors are <a href="/problems">problem documents</a>. The same as data: <a href="/openapi.json">OpenAPI 3.1</a>.</p>
${sections.join("")}`,
  );
}

function describe(method: string, path: string, operation: Operation): string {
  const parameters = (operation.parameters ?? []).map(
    ({ name, in: place, required, description, schema }) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}${required === true ? ", required" : ""}</td><td>${escapeHtml(description ?? String(schema?.type ?? ""))}</td></tr>`,
  );
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  const answers = Object.entries(operation.responses ?? {}).map(([status, { description, content }]) => {
    const schema = content?.["application/json"]?.schema;
    const shown =
      Number(status) < 300 && schema !== undefined
        ? `<pre>${escapeHtml(JSON.stringify(schema, null, 1))}</pre>`
        : escapeHtml(description ?? "");
    return `<tr><td>${status}</td><td>${shown}</td></tr>`;
  });
  return `<details><summary><span class="method">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code> ${escapeHtml(operation.summary ?? "")}</summary>
<p>${escapeHtml(operation.description ?? "")}</p>
${parameters.length > 0 ? `<table>${parameters.join("")}</table>` : ""}
${body === undefined ? "" : `<p>Body</p><pre>${escapeHtml(JSON.stringify(body, null, 1))}</pre>`}
<table>${answers.join("")}</table></details>`;
}
