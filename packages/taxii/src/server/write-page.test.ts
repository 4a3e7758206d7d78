import { expect, test } from "vitest";
import { type PageKind, writePage } from "./write-page.ts";

const KINDS: PageKind[] = ["objects", "manifest", "versions"];

async function written(kind: PageKind, next?: string): Promise<unknown> {
  return JSON.parse((await Array.fromAsync(writePage(kind, { records: [], next }))).join(""));
}

test("a page without records is an empty object (3.7)", async () => {
  for (const kind of KINDS) expect(await written(kind)).toEqual({});
});

test("a page without records leads on where there are more (3.5)", async () => {
  for (const kind of KINDS) expect(await written(kind, "n")).toEqual({ more: true, next: "n" });
});
