import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../support/compose-stack.ts";

// What a platform may have run already: it would never see a change. A new file takes the next number, and a line here.
const RUN: Record<string, string> = {
  "core/0001_core.sql": "9726fed6f7ea5943",
  "core/0002_sectors.sql": "5b0d4a9ac9151539",
  "core/0003_witnesses.sql": "62d336faf09e12ea",
  "core/0004_agreements.sql": "a388a9422d96ea37",
  "core/0005_contacts.sql": "ffcb557162a8be06",
  "core/0006_policies.sql": "8d0c708553f165ec",
  "core/0007_public.sql": "2a154c0c80d705fd",
  "core/0008_trust.sql": "83562b45751c9560",
  "core/0009_once.sql": "ed364409d375c576",
  "core/0010_sealed.sql": "47cda7b872d147b9",
  "core/0011_reading.sql": "7b027365fcef9077",
  "core/0012_closing.sql": "61f75b77ca4e9c7d",
  "core/0013_exports.sql": "b59821698d138a54",
  "core/0014_rotated_links.sql": "bfcbd2d19a1df3af",
  "core/0015_warning_lists.sql": "e3fd17ac0d017ec2",
  "realm/0001_realm.sql": "2165e5d6fbc0b935",
  "realm/0002_version_creator.sql": "b36a2df433c81a52",
  "realm/0003_taxii.sql": "342a3cfd6e3f2540",
  "realm/0004_sources.sql": "827d22e61565fdc7",
  "realm/0005_withdrawn_content.sql": "42a6afcf55b0d7c8",
  "realm/0006_version_created.sql": "50d48b9a8ae0df53",
  "realm/0007_tree.sql": "c903c94cbfe9934e",
  "realm/0008_receipts.sql": "51462c67255a7891",
  "realm/0009_inbox.sql": "95375205db916ba3",
  "realm/0010_decisions.sql": "0356da346025e0a4",
  "realm/0011_approvals.sql": "47c47cbce9e758bc",
  "realm/0012_reevaluation.sql": "965893ccacff5f16",
  "realm/0013_options.sql": "38738aa3b53d8ab2",
  "realm/0014_cost.sql": "52b04a1d0e3a33e0",
  "realm/0015_victims.sql": "6d1580e5146f7fd5",
  "realm/0016_recall.sql": "134f2f38572325d7",
  "realm/0017_once.sql": "4587343f2830ec42",
  "realm/0018_search.sql": "244065f0c7aca255",
  "realm/0019_loss.sql": "916977d8858b58bf",
  "realm/0020_closing.sql": "70e199e38db9c7b6",
  "realm/0021_victims.sql": "140994c748c14b49",
  "realm/0022_sealed.sql": "12be9deface54923",
  "realm/0023_reading.sql": "f7a8c1a39c310ebd",
  "realm/0024_stuck.sql": "a86d05685c677e48",
  "realm/0025_signed.sql": "9b8426ebb0986359",
  "realm/0026_sealed_more.sql": "4801538198b8c2d7",
  "realm/0027_old_rows.sql": "7e4aefab4e5fdec0",
  "realm/0028_turns.sql": "cc1f3b06c334cdc8",
  "realm/0029_sightings.sql": "56add2b9ce3a6173",
  "realm/0030_source_kinds.sql": "f7cab75219a2faa0",
  "realm/0031_watch.sql": "2bac6c455b0f7740",
  "realm/0032_portions.sql": "9de82d852396247f",
  "realm/0033_sightings_by.sql": "20842a1111cf780d",
};

const files = ["core", "realm"].flatMap((folder) =>
  readdirSync(join(ROOT, "migrations", folder)).map((name) => `${folder}/${name}`),
);

test("every migration is the one that platforms have run, and none is gone", () => {
  const found = files.map((file) => {
    const text = readFileSync(join(ROOT, "migrations", file));
    return [file, createHash("sha256").update(text).digest("hex").slice(0, 16)];
  });
  expect(Object.fromEntries(found)).toEqual(RUN);
});

test("their numbers follow one another", () => {
  for (const folder of ["core", "realm"]) {
    const numbers = readdirSync(join(ROOT, "migrations", folder)).map((name) => Number(name.slice(0, 4)));
    expect(numbers.sort((a, b) => a - b)).toEqual(numbers.map((_, index) => index + 1));
  }
});
