import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../support/compose-stack.ts";

const pages = ["README.md", "CONTRIBUTING.md", ...globSync("docs/**/*.md", { cwd: ROOT })];
const textOf = (page: string) => readFileSync(join(ROOT, page), "utf8").replaceAll(/^```[\s\S]*?^```/gm, "");

/** The names by which headings are linked to: small letters, digits and hyphens, as code hosts make them. */
const anchorsOf = (page: string) =>
  [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

test.each(pages)("every link of %s leads somewhere", (page) => {
  const links = [...textOf(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, to = ""]) => to);
  const dead = links.filter((link) => {
    const [path = "", anchor] = link.split("#");
    const to = path === "" ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(ROOT, to))) return true;
    return anchor !== undefined && !anchorsOf(to).includes(anchor);
  });
  expect(dead).toEqual([]);
});

test("the documentation is linked throughout", () => {
  expect(pages.length).toBeGreaterThan(30);
  expect(textOf("README.md")).toContain("](docs/proofs.md)");
});
