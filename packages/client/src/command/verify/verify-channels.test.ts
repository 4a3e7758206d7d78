import { bodyHash } from "@suar/merkle";
import { revocationOf, tlpMarkingDefinition, tlpMarkingId } from "@suar/stix";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { closeFixture } from "../../testing/command-fixture.ts";
import { indicator, keep, keepAll, log, openLog, reconcile, write } from "../../testing/verify-fixture.ts";

/* What came by channels that tell no place in the log, and what was saved of streams. */

beforeEach(openLog);
afterEach(closeFixture);

describe("verify reconcile", () => {
  beforeEach(() => keepAll());

  test("holds for what came without its place in the log: envelopes, bundles, streams and answers about objects", async () => {
    const objects = [1, 2, 3].map(indicator);
    write("inbox/log.ndjson", "");
    write("inbox/envelope", JSON.stringify({ objects, more: false }));
    write("inbox/bundle.stix", JSON.stringify({ type: "bundle", id: "bundle--1", objects: [indicator(4)] }));
    write("inbox/last-page.taxii", "{}");
    const [fifth, sixth] = [5, 6].map((seq) => JSON.parse(log.item(seq)));
    write(
      "inbox/live.sse",
      `: hello\r\nid: abc.5\r\nevent: event\r\ndata: ${JSON.stringify({ op: "event", ...fifth })}\r\n\r\nevent: caught-up\r\ndata: {"op":"caught-up","cursor":"abc.5"}\r\n\r\n`,
    );
    const { seq, at, tlp, producer, object } = sixth;
    const assertions = [{ producer, tlp, seq, at, withdrawn: false, object }];
    write("inbox/object.txt", JSON.stringify({ id: object.id, assertions, alsoReportedBy: 0 }));
    expect(await reconcile()).toEqual([]);
  });

  test("finds an object without a place that no receipt shows, by id or by content, and a version that is listed so", async () => {
    const other = { ...indicator(2), name: "other.example" };
    write("inbox/envelope.json", JSON.stringify({ objects: [other, indicator(99)], more: false }));
    expect(await reconcile()).toEqual(["no-receipt -", "no-receipt -"]);
    const listed = (added: string) => ({ id: "indicator--1", date_added: added, version: added });
    const loggedAt = JSON.parse(log.item(1)).at;
    const manifest = { objects: [listed(loggedAt), listed("2026-05-01T00:00:00.000000Z")] };
    write("inbox/envelope.json", JSON.stringify(manifest));
    expect(await reconcile()).toEqual(["no-receipt -"]);
  });

  test("takes the version that revokes an object for its withdrawal, where it is the one that this commits to", async () => {
    const [id, created] = [`indicator--${crypto.randomUUID()}`, "2026-01-01T00:00:00.000Z"];
    const stated = { ...indicator(1), id, created, modified: created };
    const times = { modified: "2026-02-01T00:00:00.000Z", author: "identity--1", markings: [] };
    const revoked = revocationOf(stated, times);
    const tell = (one: object) =>
      write("inbox/envelope.json", JSON.stringify({ objects: [one], more: false }));
    log.append({ object: stated });
    log.append({
      object: { type: "indicator", id },
      kind: "withdrawn",
      revocation: bodyHash(JSON.stringify(revoked)),
    });
    for (const seq of [7, 8]) keep(seq, log.receipt(seq, "MY"));
    tell({ ...revoked });
    expect(await reconcile()).toEqual([]);
    tell({ ...revoked, modified: "2026-03-01T00:00:00.000Z" });
    expect(await reconcile()).toEqual(["no-delivery 8", "no-receipt -"]);
    tell({ ...revoked, name: "and a word more" });
    expect(await reconcile()).toEqual(["no-delivery 8", "no-receipt -"]);
  });

  test("passes over what collections hold beside the log, as long as it says nothing else", async () => {
    const id = "identity--f431f809-377b-45e0-aa1c-6a4751cae5ff";
    const at = "2026-01-01T00:00:00.000Z";
    const common = {
      type: "identity",
      spec_version: "2.1",
      id,
      created_by_ref: id,
      created: at,
      modified: at,
    };
    const known = { ...common, name: "A CERT", identity_class: "organization" };
    const marked = { ...known, object_marking_refs: [tlpMarkingId("clear")] };
    write("inbox/envelope.json", JSON.stringify({ objects: [tlpMarkingDefinition("green"), marked] }));
    expect(await reconcile()).toEqual([]);
    const more = { ...marked, description: "and what nobody logged" };
    const other = { ...tlpMarkingDefinition("green"), name: "TLP:OTHER" };
    write("inbox/envelope.json", JSON.stringify({ objects: [more, other] }));
    expect(await reconcile()).toEqual(["no-receipt -", "no-receipt -"]);
  });
});
