import {
  CLOSE,
  ClientMessage,
  ITEM_KINDS,
  ServerMessage,
  WebhookHeaders,
  webhookTypeOf,
} from "@suar/contract";
import { openApiDocument } from "@suar/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { docsPage } from "./docs.ts";

let page: string;

beforeAll(async () => {
  page = docsPage(await openApiDocument("/"));
});

/** What stands under a heading, up to the next one. */
const under = (id: string) => page.split(`id="${id}"`)[1]?.split(/<h[23]/)[0] ?? "";

describe("/docs", () => {
  it.each(
    [...ClientMessage.options, ...ServerMessage.options].map(({ shape }) => [shape.op.value, shape] as const),
  )("has the live message %s with its fields", (op, shape) => {
    const table =
      page.split("<h3").find((part) => part.includes(`<td><code>&#34;${op}&#34;</code></td>`)) ?? "";
    for (const field of Object.keys(shape)) expect(table).toContain(`<td><code>${field}</code></td>`);
  });

  it("has every close code, with its meaning", () => {
    for (const code of Object.values(CLOSE))
      expect(under("LiveCloseCode")).toMatch(new RegExp(`<code>${code}</code></td><td>\\w+`));
  });

  it("has the events of an event stream, and that /v1/live answers with them", () => {
    for (const field of ["id", "event", "retry", "data"])
      expect(under("LiveStreamEvent")).toContain(`<td><code>${field}</code></td>`);
    expect(page).toContain('<code>text/event-stream</code> of <a href="#LiveStreamEvent">');
  });

  it("has what is posted to webhooks: types, headers and fields", () => {
    const [, posted = ""] = page.split('id="webhook-messages"');
    for (const type of [...ITEM_KINDS.map(webhookTypeOf), "test"])
      expect(posted).toContain(`<code>${type}</code>`);
    for (const header of Object.keys(WebhookHeaders.shape))
      expect(posted).toContain(`<td><code>${header}</code></td><td>header, required</td>`);
    expect(posted).toContain("<td><code>data.cursor</code></td>");
  });

  it("links to nothing on itself that is not there", () => {
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((id) => id !== "main" && !page.includes(`id="${id}"`))).toEqual([]);
  });
});
