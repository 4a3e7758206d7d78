import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { programOrSkip } from "../support/needed.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

const program = programOrSkip("chromium");

describe.skipIf(program === undefined)("pages in a browser", () => {
  let platform: PlatformProcess;
  let browser: Browser;
  beforeAll(async () => {
    platform = await startPlatform();
    browser = await chromium.launch({
      executablePath: program as string,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.remove();
  });

  it.each([
    "/",
    "/docs",
    "/problems",
    "/sign-in#token",
    "/policies",
    "/policies/CN-SG",
    "/policies/VN-public",
  ])("shows %s without an error, a script or anything from elsewhere", async (path) => {
    const page = await browser.newPage();
    const troubles: string[] = [];
    page.on("console", (message) => troubles.push(message.text()));
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(platform.url)) troubles.push(request.url());
    });
    const response = await page.goto(`${platform.url}${path}`);
    expect(response?.status()).toBe(200);
    expect(await page.locator("h1").count()).toBe(1);
    expect(await page.locator("script").count()).toBe(0);
    expect(troubles.filter((text) => !text.includes("favicon"))).toEqual([]);
    await page.close();
  });

  it("tells the next three commands on the first page", async () => {
    const page = await browser.newPage();
    await page.goto(platform.url);
    expect(((await page.locator("pre").textContent()) ?? "").trim().split("\n")).toHaveLength(3);
    await page.close();
  });
});
