import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType, type Report } from "../type/object-type.ts";
import { Float, OpenVocabulary, Text } from "../type/property-types.ts";
import { needs } from "../type/rules.ts";

/** §4.10 A place: a region, a country, or a pair of coordinates. */
export const StixLocation = z.looseObject({
  ...domainProperties("location"), // 3.2
  name: Text.optional(), // 4.10.1
  description: Text.optional(), // 4.10.1
  latitude: Float.min(-90).max(90).optional(), // 4.10.1
  longitude: Float.min(-180).max(180).optional(), // 4.10.1
  precision: Float.optional(), // 4.10.1
  region: OpenVocabulary.optional(), // 4.10.1, region-ov
  country: Text.optional(), // 4.10.1
  administrative_area: Text.optional(), // 4.10.1
  city: Text.optional(), // 4.10.1
  street_address: Text.optional(), // 4.10.1
  postal_code: Text.optional(), // 4.10.1
});
export type StixLocation = z.infer<typeof StixLocation>;

export const location = defineType({
  type: "location",
  section: "4.10",
  family: "sdo",
  schema: StixLocation,
  rules: [
    needs("latitude", "longitude"),
    needs("longitude", "latitude"),
    needs("precision", "latitude"),
    saysWhere,
  ], // 4.10.1
});

/** §4.10.1: at least one of region, country, and latitude with longitude. */
function saysWhere(object: StixLocation, report: Report): void {
  const coordinates = object.latitude !== undefined || object.longitude !== undefined;
  if (object.region !== undefined || object.country !== undefined || coordinates) return;
  report("", "missing-property", "needs a region, a country, or latitude and longitude");
}
