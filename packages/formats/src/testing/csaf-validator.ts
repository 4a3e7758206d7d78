import * as mandatory21 from "@secvisogram/csaf-validator-lib/csaf_2_1/mandatoryTests.js";
import { csaf_2_1 } from "@secvisogram/csaf-validator-lib/csaf_2_1/schemaTests.js";
import * as mandatory20 from "@secvisogram/csaf-validator-lib/mandatoryTests.js";
import { csaf_2_0_strict } from "@secvisogram/csaf-validator-lib/schemaTests.js";
import validate from "@secvisogram/csaf-validator-lib/validate.js";

type Advisory = { document: { csaf_version: string } };
type Result = { name: string; isValid: boolean; errors: unknown };

/** What the validator of those who made CSAF finds wrong: by the published schema, and by the mandatory tests (6.1). */
export async function csafFaults(advisory: unknown): Promise<string[]> {
  const isNew = (advisory as Advisory).document.csaf_version === "2.1";
  const tests = isNew
    ? [csaf_2_1, ...Object.values(mandatory21)]
    : [csaf_2_0_strict, ...Object.values(mandatory20)];
  const { tests: results } = await validate(tests as never, advisory as object);
  return results.flatMap(({ name, isValid, errors }: Result) =>
    isValid ? [] : [`${name}: ${JSON.stringify(errors)}`],
  );
}
