import { PROBLEMS, type RouteDefinition, routes } from "@suar/contract";
import { beforeAll, describe, expect, it } from "vitest";
import { openApiDocument } from "./openapi.ts";

let document: any;

beforeAll(async () => {
  document = await openApiDocument("https://suar.example");
});

const answersOf = (path: string, method: string) =>
  document.paths[path.replace(/:([a-z]+)/gi, "{$1}")]?.[method.toLowerCase()]?.responses ?? {};
const schemaAt = (path: string, method: string, status: number) =>
  answersOf(path, method)[status]?.content?.["application/json"]?.schema;

describe("the OpenAPI document", () => {
  it.each(Object.entries(routes) as [string, RouteDefinition][])(
    "has every answer of %s, with its schema",
    (_name, route) => {
      const answers = answersOf(route.path, route.method);
      const good = [route.status, ...Object.keys(route.otherReplies ?? {}).map(Number)];
      const refusals = (route.problems ?? []).map((code) => PROBLEMS[code].status);
      expect(Object.keys(answers).map(Number)).toEqual(expect.arrayContaining([...good, ...refusals]));
      for (const status of good) {
        if (status !== 204) expect(schemaAt(route.path, route.method, status)).toBeDefined();
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
      const reads = route.params ?? route.query ?? route.body ?? route.rawBodies;
      if (reads !== undefined) expect(answers).toHaveProperty("400");
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
    const [test, item] = post.requestBody.content["application/json"].schema.anyOf;
    expect(test.properties.type.const).toBe("test");
    expect(item.properties.data.required).toContain("cursor");
  });
});
