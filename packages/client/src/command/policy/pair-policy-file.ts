import { readFile } from "node:fs/promises";
import { PairPolicy } from "@suar/policy";
import { UsageError } from "../shell/exit-codes.ts";

/** A policy of a pair, as a file. */
export async function readPolicyFile(file: string): Promise<PairPolicy> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new UsageError(`${file} cannot be read`, { cause });
  });
  const parsed = PairPolicy.safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${file}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${file} is not JSON`, { cause });
  }
}
