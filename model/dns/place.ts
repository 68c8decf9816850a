import { z } from "zod";

/**
 * Codes of places, as in Azure: `WORLD`; a regional grouping (`GEO-EU`); a country (ISO 3166-1 alpha-2: `DE`); a state
 * (ISO 3166-2: `US-CA`). The most specific code that holds for a client decides.
 */
export const placeCode = z
    .string()
    .transform((text) => text.toUpperCase())
    .refine(
        (code) => /^(?:WORLD|GEO-(?:AF|AP|AS|EU|ME|NA|SA)|[A-Z]{2}(?:-[A-Z0-9]{1,3})?)$/.test(code),
        "must be WORLD, a regional grouping (GEO-AF, GEO-AP, GEO-AS, GEO-EU, GEO-ME, GEO-NA, GEO-SA), a country such as DE, or a state such as US-CA",
    );
