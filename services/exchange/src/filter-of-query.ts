import { AppError, type Filter, filterFromQuery } from "@suar/contract";
import { placesOf } from "@suar/runtime";
import { ZodError } from "zod";

/** The filter that query parameters make. Throws `bad-filter`. */
export function filterOfQuery(query: Parameters<typeof filterFromQuery>[0]): Filter {
  try {
    return filterFromQuery(query);
  } catch (error) {
    if (error instanceof ZodError)
      throw new AppError("bad-filter", "See errors", { errors: placesOf(error) });
    throw error;
  }
}
