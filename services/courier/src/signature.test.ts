import { createSecrets } from "@suar/runtime";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { keyOf, liveKeys, newSecret, rotated, signedHeaders, storeSecret } from "./signature.ts";

const secrets = createSecrets("a".repeat(40));

describe("signature", () => {
  it("verifies with the reference library, and fails for another body or secret", () => {
    const secret = newSecret();
    const body = '{"type":"test"}';
    const headers = signedHeaders({ id: "msg_1", at: new Date(), body, keys: [keyOf(secret)] });
    expect(new Webhook(secret).verify(body, headers)).toEqual({ type: "test" });
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
    expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow();
  });

  it("signs with both secrets for a day after a rotation, then with the new one alone", () => {
    const [old, next] = [newSecret(), newSecret()];
    const now = new Date("2027-01-01T00:00:00Z");
    const stored = rotated([storeSecret(secrets, old)], storeSecret(secrets, next), now);
    const keysAt = (time: string) => liveKeys(secrets, stored, new Date(time)).map((key) => key.export());
    expect(keysAt("2027-01-01T23:59:00Z")).toEqual([keyOf(next).export(), keyOf(old).export()]);
    expect(keysAt("2027-01-02T00:01:00Z")).toEqual([keyOf(next).export()]);
  });

  it("keeps secrets sealed at rest", () => {
    const secret = newSecret();
    expect(storeSecret(secrets, secret).sealed).not.toContain(secret.slice(6, 20));
  });
});
