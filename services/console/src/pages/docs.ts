import { escapeHtml, layout } from "./layout.ts";
import { defaultText, link, namedSchemas, prose, type Schema, schemaTable } from "./schema.ts";

type Content = Record<string, { schema?: Schema }>;
type Parameter = {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
};
type Socket = { subprotocol: string; send: Schema; receive: Schema; closeCodes: Schema };
type Operation = {
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { content?: Content };
  responses?: Record<string, { description?: string; content?: Content }>;
  "x-websocket"?: Socket;
};
type Document = {
  paths?: Record<string, Record<string, Operation>>;
  webhooks?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
};

/** The API's reference, from the OpenAPI document, readable without script. */
export function docsPage(document: Document): string {
  const byTag = new Map<string, string[]>();
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags?.[0] ?? "other";
      byTag.set(tag, [...(byTag.get(tag) ?? []), describe(method, path, operation)]);
    }
  }
  const sections = [...byTag].map(
    ([tag, operations]) => `<h2 id="${tag}">${escapeHtml(tag)}</h2>${operations.join("")}`,
  );
  const posts = Object.values(document.webhooks ?? {}).flatMap((methods) => Object.values(methods));
  return layout(
    "API · Suar",
    `<h1>API</h1>
<p>Send <code>Authorization: Bearer suar_…</code>. Errors are <a href="/problems">problem documents</a>. The same as data: <a href="/openapi.json">OpenAPI 3.1</a>.</p>
<p>Beside the calls: <a href="#live-messages">what the live log says</a>, and <a href="#webhook-messages">what is posted to your webhooks</a>.</p>
${sections.join("")}
<h2 id="live-messages">Messages of the live log</h2>${namedSchemas(document.components?.schemas ?? {})}
<h2 id="webhook-messages">What is posted to your webhooks</h2>${posts.map(describePost).join("")}`,
  );
}

function describe(method: string, path: string, operation: Operation): string {
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  const socket = operation["x-websocket"];
  return `<details><summary><span class="method">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code> ${escapeHtml(operation.summary ?? "")}</summary>
<p>${prose(operation.description ?? "")}</p>
${socket === undefined ? "" : socketText(socket)}
${parameterTable(operation)}
${body === undefined ? "" : `<p>Body</p><pre>${escapeHtml(JSON.stringify(body, null, 1))}</pre>`}
${answerTable(operation)}</details>`;
}

function socketText({ subprotocol, send, receive, closeCodes }: Socket): string {
  const [sent, received, codes] = [send, receive, closeCodes].map(({ $ref }) => link($ref ?? ""));
  return `<p>By WebSocket (<code>${escapeHtml(subprotocol)}</code>): send ${sent}, receive ${received}; it is closed with ${codes}.</p>`;
}

function parameterTable({ parameters = [] }: Operation): string {
  const rows = parameters.map(({ name, in: place, required, description, schema = {} }) => {
    const told = [prose(description ?? String(schema.type ?? "")), defaultText(schema)];
    return `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}${required === true ? ", required" : ""}</td><td>${told.filter((text) => text !== "").join("; ")}</td></tr>`;
  });
  return rows.length > 0 ? `<table>${rows.join("")}</table>` : "";
}

function answerTable({ responses = {} }: Operation): string {
  const rows = Object.entries(responses).map(([status, { description = "", content = {} }]) => {
    const good = Number(status) < 300 ? Object.entries(content) : [];
    const shown = good.map(([type, { schema = {} }]) => answerText(type, schema, description));
    return `<tr><td>${status}</td><td>${shown.length > 0 ? shown.join("") : prose(description)}</td></tr>`;
  });
  return `<table>${rows.join("")}</table>`;
}

function answerText(type: string, schema: Schema, description: string): string {
  if (schema.$ref === undefined) return `<pre>${escapeHtml(JSON.stringify(schema, null, 1))}</pre>`;
  return `${prose(description)}: <code>${escapeHtml(type)}</code> of ${link(schema.$ref)}`;
}

function describePost(operation: Operation): string {
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  return `<p>${prose(operation.summary ?? "")}. ${prose(operation.description ?? "")}</p>
<h3>Headers</h3>${parameterTable(operation)}
<h3>Body</h3>${body === undefined ? "" : schemaTable(body)}
<h3>Your answer</h3>${answerTable(operation)}`;
}
