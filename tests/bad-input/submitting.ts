import { formOf, type Part } from "../support/form.ts";
import { rawRequest } from "../support/raw-request.ts";
import type { Row } from "./row.ts";

export const GOOD_TABLE = "value\nevil.example.com\n";

export function indicator(n: number, more: object = {}): object {
  return {
    type: "indicator",
    spec_version: "2.1",
    id: `indicator--8e2e2d2b-17d4-4cbf-938f-${String(n).padStart(12, "0")}`,
    created: "2024-05-01T00:00:00.000Z",
    modified: "2024-05-01T00:00:00.000Z",
    pattern: `[domain-name:value = 'bad${n}.example.com']`,
    pattern_type: "stix",
    valid_from: "2024-05-01T00:00:00Z",
    ...more,
  };
}

export const post = (
  path: string,
  body: string | Uint8Array,
  headers: Record<string, string>,
): Row["ask"] => {
  return async ({ analyst }) => await analyst.raw(`/v1/submissions${path}`, body, headers);
};
export const inChunks = (path: string, body: string, headers: Record<string, string>): Row["ask"] => {
  return async ({ platform }) =>
    await rawRequest(platform.url, {
      method: "POST",
      path: `/v1/submissions${path}`,
      headers: { ...headers, authorization: `Bearer ${platform.key("SG")}` },
      chunks: body.match(/[\s\S]{1,65536}/g) ?? [],
    });
};
export const FILE: Part = { file: GOOD_TABLE, type: "text/csv" };
export const form = (parts: readonly Part[]): Row["ask"] => {
  const { body, headers } = formOf(parts);
  return post("?tlp=green", body, headers);
};
