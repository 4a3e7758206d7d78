import {
  CLOSE,
  ClientMessage,
  PROBLEMS,
  type RouteDefinition,
  routes,
  ServerMessage,
  StreamMessage,
} from "@suar/contract";
import { beforeAll, describe, expect, it } from "vitest";
import { openApiDocument } from "./openapi.ts";

let document: any;

beforeAll(async () => {
  document = await openApiDocument("https://suar.example");
});

const answersOf = (path: string, method: string) =>
  document.paths[path.replace(/:([a-z]+)/gi, "{$1}").replace("*", "{*}")]?.[method.toLowerCase()]
    ?.responses ?? {};
const schemaAt = (path: string, method: string, status: number, type = "application/json") =>
  answersOf(path, method)[status]?.content?.[type]?.schema;
const named = ({ $ref }: { $ref: string }) =>
  document.components.schemas[$ref.replace("#/components/schemas/", "")];
const opsOf = (union: { oneOf: { $ref: string }[] }) =>
  union.oneOf.map((one) => named(one).properties.op.const);

describe("the OpenAPI document", () => {
  it.each(Object.entries(routes) as [string, RouteDefinition][])(
    "has every answer of %s, with its schema",
    (_name, route) => {
      const answers = answersOf(route.path, route.method);
      const good = [route.status, ...Object.keys(route.otherReplies ?? {}).map(Number)];
      const refusals = (route.problems ?? []).map((code) => PROBLEMS[code].status);
      expect(Object.keys(answers).map(Number)).toEqual(expect.arrayContaining([...good, ...refusals]));
      for (const status of good) {
        const type =
          route.path === "/v1/live" ? "text/event-stream" : (route.replyType ?? "application/json");
        if (status !== 204) expect(schemaAt(route.path, route.method, status, type)).toBeDefined();
      }
      for (const status of refusals)
        expect(Object.keys(answers[status].content)).toEqual(["application/problem+json"]);
    },
  );

  it("has both answers of a submission: accepted, and tried only", () => {
    expect(schemaAt("/v1/submissions", "POST", 202).required).toEqual(["id", "status", "links"]);
    const dryRun = schemaAt("/v1/submissions", "POST", 200);
    expect(dryRun.required).toEqual(expect.arrayContaining(["dryRun", "recipients"]));
  });

  it("has a submission's bodies by their media types, a form with its parameters among them", () => {
    const { content } = document.paths["/v1/submissions"].post.requestBody;
    expect(Object.keys(content)).toEqual(
      expect.arrayContaining(["application/json", "text/csv", "text/plain"]),
    );
    expect(Object.keys(content["multipart/form-data"].schema.properties)).toEqual(
      expect.arrayContaining(["file", "tlp", "to", "dryRun"]),
    );
  });

  it.each(Object.entries(routes) as [string, RouteDefinition][])(
    "has the refusals of %s that are every route's of its kind",
    (_name, route) => {
      const answers = answersOf(route.path, route.method);
      expect(answers).toHaveProperty("400");
      if (route.body !== undefined) expect(answers).toHaveProperty("415");
      if (route.roles !== "anyone") expect(answers).toHaveProperty("401");
      expect(answers).toHaveProperty("429");
    },
  );

  it("has the headers that calls may and must carry", () => {
    const headersOf = (path: string, method: string) =>
      Object.fromEntries(
        (document.paths[path][method].parameters as { name: string; in: string; required: boolean }[])
          .filter((one) => one.in === "header")
          .map(({ name, required }) => [name, required === true]),
      );
    expect(headersOf("/v1/advisories/{id}", "put")).toEqual({ "if-match": true, "idempotency-key": false });
    expect(headersOf("/v1/keys", "post")).toEqual({ "idempotency-key": false });
    expect(headersOf("/v1/live", "get")).toEqual({ "last-event-id": false });
    expect(headersOf("/v1/log", "get")).toEqual({});
  });

  it("has every message of the live log by WebSocket, as the contract parses it", () => {
    const { send, receive, closeCodes, subprotocol } = document.paths["/v1/live"].get["x-websocket"];
    expect(subprotocol).toBe("suar.v1");
    expect(opsOf(named(send))).toEqual(ClientMessage.options.map(({ shape }) => shape.op.value));
    expect(opsOf(named(receive))).toEqual(ServerMessage.options.map(({ shape }) => shape.op.value));
    const { LiveEvent, LiveSubscribe } = document.components.schemas;
    expect(LiveEvent.required).toEqual(expect.arrayContaining(["op", "seq", "cursor", "object"]));
    expect(Object.keys(named(LiveSubscribe.properties.filter).properties)).toContain("producers");
    const codes = named(closeCodes).anyOf as { const: number; description: string }[];
    expect(codes.map((one) => one.const)).toEqual(Object.values(CLOSE));
    expect(codes.every(({ description }) => description.length > 0)).toBe(true);
  });

  it("has the events of an event stream, the change of protocol, and the refusal of other forms", () => {
    const answers = answersOf("/v1/live", "GET");
    expect(Object.keys(answers)).toEqual(expect.arrayContaining(["101", "200", "406"]));
    expect(Object.keys(answers[200].content)).toEqual(["text/event-stream"]);
    const event = named(schemaAt("/v1/live", "GET", 200, "text/event-stream"));
    expect(opsOf(event.properties.data)).toEqual(StreamMessage.options.map(({ shape }) => shape.op.value));
  });

  it("refers to nothing that it does not have", () => {
    const references = JSON.stringify(document).match(/#\/components\/schemas\/\w+/g) ?? [];
    expect(references.length).toBeGreaterThan(10);
    for (const $ref of references) expect(named({ $ref })).toBeDefined();
  });

  it("has the states of a drill as they are stored", () => {
    expect(schemaAt("/v1/drills/:id/end", "POST", 200).properties.state.enum).toEqual([
      "ready",
      "running",
      "paused",
      "ended",
      "archived",
    ]);
  });

  it("has what is posted to webhooks", () => {
    const { post } = document.webhooks.item;
    expect(post.parameters.map(({ name }: { name: string }) => name)).toEqual([
      "webhook-id",
      "webhook-timestamp",
      "webhook-signature",
    ]);
    expect(post.description).toContain("`object.released`, `object.withdrawn`, `alert.raised`");
    const [test, item] = post.requestBody.content["application/json"].schema.anyOf;
    expect(test.properties.type.const).toBe("test");
    expect(item.properties.data.required).toContain("cursor");
  });
});
