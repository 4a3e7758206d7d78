import type { StixObject } from "../stix-object.ts";
import { formatTlp, type Tlp } from "./tlp.ts";

/** The extension by which a marking definition speaks of TLP 2.0. */
export const TLP_2_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/** The five common objects that OASIS publishes for TLP 2.0. */
const TLP_2_IDS: Readonly<Record<Tlp, string>> = {
  clear: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
  green: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
  amber: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
  "amber+strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
  red: "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
};

/** The four ids that §7.2.1.4 fixes for TLP 1, by their colour. */
const TLP_1_IDS = {
  white: "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
  green: "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
  amber: "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
  red: "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
} as const;
type Tlp1 = keyof typeof TLP_1_IDS;

/** OpenCTI's connectors mark AMBER+STRICT by a statement object of their own. */
const OPENCTI_AMBER_STRICT = "marking-definition--826578e1-40ad-459f-bc73-ede076f81f37";

const BY_ID: ReadonlyMap<string, Tlp> = new Map<string, Tlp>([
  ...Object.entries(TLP_2_IDS).map(([tlp, id]): [string, Tlp] => [id, tlp as Tlp]),
  [TLP_1_IDS.white, "clear"],
  [TLP_1_IDS.green, "green"],
  [TLP_1_IDS.amber, "amber"],
  [TLP_1_IDS.red, "red"],
  [OPENCTI_AMBER_STRICT, "amber+strict"],
]);

/** The id of the TLP 2.0 marking definition. */
export function tlpMarkingId(tlp: Tlp): string {
  return TLP_2_IDS[tlp];
}

/** The TLP 2.0 marking definition, exactly as OASIS publishes it. */
export function tlpMarkingDefinition(tlp: Tlp): StixObject {
  return {
    type: "marking-definition",
    spec_version: "2.1",
    id: TLP_2_IDS[tlp],
    created: "2022-10-01T00:00:00.000Z",
    name: formatTlp(tlp),
    extensions: { [TLP_2_EXTENSION]: { extension_type: "property-extension", tlp_2_0: tlp } },
  };
}

/** The TLP 1 marking definition, exactly as §7.2.1.4 prints it. */
function tlp1Definition(colour: Tlp1): StixObject {
  return {
    type: "marking-definition",
    spec_version: "2.1",
    id: TLP_1_IDS[colour],
    created: "2017-01-20T00:00:00.000Z",
    definition_type: "tlp",
    name: formatTlp(colour),
    definition: { tlp: colour },
  };
}

const FIXED: ReadonlyMap<string, StixObject> = new Map(
  [
    ...(Object.keys(TLP_1_IDS) as Tlp1[]).map(tlp1Definition),
    ...(Object.keys(TLP_2_IDS) as Tlp[]).map(tlpMarkingDefinition),
  ].map((definition) => [definition.id, definition]),
);

/** The definition that has to stand under an id of TLP 1 or TLP 2; `undefined` for all other ids. */
export function fixedTlpDefinition(id: string): StixObject | undefined {
  return FIXED.get(id.toLowerCase());
}

/** The TLP that a reference stands for: TLP 2, TLP 1 or OpenCTI's; `undefined` for any other marking. */
export function tlpOfMarking(markingRef: string): Tlp | undefined {
  return BY_ID.get(markingRef);
}
