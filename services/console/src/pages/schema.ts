import { escapeHtml } from "./layout.ts";

/** JSON Schema, as far as the contract's schemas use it. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  default?: unknown;
  description?: string;
};

/** Text whose names stand between backticks. */
export function prose(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

/** The schemas that have names, each under a heading that others link to. */
export function namedSchemas(schemas: Record<string, Schema>): string {
  return Object.entries(schemas)
    .map(
      ([name, schema]) =>
        `<h3 id="${escapeHtml(name)}">${escapeHtml(name)}</h3><p>${prose(schema.description ?? "")}</p>${schemaTable(schema)}`,
    )
    .join("");
}

/** An object's fields, a choice's members: one a row. */
export function schemaTable(schema: Schema): string {
  if (schema.properties !== undefined) return `<table>${fieldRows(schema).join("")}</table>`;
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices === undefined) return `<p>${typeText(schema)}</p>`;
  if (choices.some(({ properties }) => properties !== undefined))
    return choices.map(schemaTable).join("<p>or</p>");
  const rows = choices.map(
    (choice) => `<tr><td>${typeText(choice)}</td><td>${prose(choice.description ?? "")}</td></tr>`,
  );
  return `<table>${rows.join("")}</table>`;
}

// What is below a field stands in rows of its own, under its whole path.
function fieldRows(schema: Schema, above = ""): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${above}${name}`;
    const need = schema.required?.includes(name) === true ? "" : ", optional";
    const told = [prose(field.description ?? ""), defaultText(field)].filter((text) => text !== "");
    return [
      `<tr><td><code>${escapeHtml(path)}</code></td><td>${typeText(field)}${need}</td><td>${told.join("; ")}</td></tr>`,
      ...fieldRows(field, `${path}.`),
    ];
  });
}

export function defaultText(schema: Schema): string {
  return schema.default === undefined ? "" : `${code(schema.default)} when absent`;
}

/** What a value may be, in a few words. */
function typeText(schema: Schema): string {
  const choices = schema.oneOf ?? schema.anyOf;
  if (schema.$ref !== undefined) return link(schema.$ref);
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(" or ");
  if (choices !== undefined) return choices.map(typeText).join(" or ");
  if (schema.items !== undefined) return `list of ${typeText(schema.items)}`;
  return escapeHtml([schema.type ?? "anything"].flat().join(" or "));
}

function code(value: unknown): string {
  return `<code>${escapeHtml(JSON.stringify(value))}</code>`;
}

/** A link to a named schema's heading. */
export function link(reference: string): string {
  const name = escapeHtml(reference.split("/").at(-1) ?? "");
  return `<a href="#${name}">${name}</a>`;
}
