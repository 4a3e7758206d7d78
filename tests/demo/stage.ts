import { SuarClient } from "@suar/client";
import { Webhook } from "standardwebhooks";
import type { PlatformProcess, Role } from "../support/platform.ts";
import { type Received, type Receiver, startReceiver } from "../support/receiver.ts";
import { type Reader, startReader } from "./reader.ts";

/** Who plays: the platform, its members' clients, and those who receive. */
export type Stage = {
  platform: PlatformProcess;
  /** A client that holds a member's key of this role. */
  as(member: string, role: Role): SuarClient;
  /** Malaysia and China, each at a WebSocket. */
  my: Reader;
  cn: Reader;
  /** Thailand's receiver of webhooks. */
  th: Receiver;
  /** True when the signature was made with the secret that Thailand was given, over exactly this body. */
  isGenuine(received: Pick<Received, "headers" | "body">): boolean;
  close(): Promise<void>;
};

/** Opens the doors through which the members receive. */
export async function setStage(platform: PlatformProcess): Promise<Stage> {
  const as = (member: string, role: Role): SuarClient =>
    new SuarClient({ url: platform.url, key: platform.key(member, role) });
  const th = await startReceiver();
  const { secret } = await as("TH", "subscriber").webhooks.create({
    url: th.url,
    description: "ThaiCERT's duty desk",
  });
  const verifier = new Webhook(secret);
  const my = await startReader("MY", as("MY", "subscriber"));
  const cn = await startReader("CN", as("CN", "subscriber"));
  return {
    platform,
    as,
    my,
    cn,
    th,
    isGenuine: ({ headers, body }) => {
      try {
        verifier.verify(body, headers as Record<string, string>);
        return true;
      } catch {
        return false; // the answer that was asked for; the package says no more than that it is not
      }
    },
    close: async () => {
      await Promise.all([my.stop(), cn.stop(), th.close()]);
    },
  };
}
