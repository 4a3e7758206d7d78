import { describe, expect, it } from "vitest";
import { dueOf } from "./due.ts";

const asked = { size: 10, epoch: "e1", age: 500, witnessed: false };
const at = (work: Partial<Parameters<typeof dueOf>[0]>) =>
  dueOf({ seq: 10, epoch: "e1", last: { size: 10, age: 5_000 }, asked, ...work });

describe("a checkpoint", () => {
  it("is due when the log has grown and the last one is a second old", () => {
    expect(at({}).sign).toBe(false);
    expect(at({ seq: 11 }).sign).toBe(true);
    expect(at({ seq: 11, last: { size: 10, age: 999 } }).sign).toBe(false);
    expect(at({ seq: 1, last: null, asked: null })).toEqual({ sign: true, ask: true });
    expect(at({ seq: 0, last: null, asked: null })).toEqual({ sign: false, ask: false });
  });

  it("is asked of witnesses until enough have cosigned it, and for a minute at the most", () => {
    const grown = { seq: 20, last: { size: 20, age: 100 } };
    expect(at({ ...grown, asked: { ...asked, age: 59_999 } }).ask).toBe(false);
    expect(at({ ...grown, asked: { ...asked, age: 60_000 } }).ask).toBe(true);
  });

  it("is asked of them ten seconds after the one before that enough have cosigned", () => {
    const grown = { seq: 20, last: { size: 20, age: 100 } };
    expect(at({ ...grown, asked: { ...asked, age: 9_999, witnessed: true } }).ask).toBe(false);
    expect(at({ ...grown, asked: { ...asked, age: 10_000, witnessed: true } }).ask).toBe(true);
  });

  it("is asked of them at once in a new epoch, and never twice", () => {
    expect(at({ seq: 20, last: { size: 20, age: 100 }, epoch: "e2" }).ask).toBe(true);
    expect(at({ asked: { ...asked, age: 90_000 } }).ask).toBe(false);
  });
});
