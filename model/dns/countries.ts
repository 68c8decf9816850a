import type { Coordinates } from "./location";

/** The world as Azure's Geographic method divides it. */
export const GROUPINGS = ["GEO-AF", "GEO-AP", "GEO-AS", "GEO-EU", "GEO-ME", "GEO-NA", "GEO-SA"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Country {
    readonly grouping: Grouping;
    /** About the middle of its land, in whole degrees. */
    readonly center: Coordinates;
}

/** ISO 3166-1 codes, each with latitude and longitude. */
const TABLE: Record<Grouping, string> = {
    // Africa
    "GEO-AF": `
        AO -12 18, BF 12 -2, BI -3 30, BJ 9 2, BV -54 3, BW -22 24, CD -3 24, CF 7 21, CG -1 15, CI 8 -6, CM 6 12, CV 16 -24,
        DJ 12 43, DZ 28 3, EG 27 30, EH 25 -13, ER 15 39, ET 9 40, GA -1 12, GH 8 -1, GM 13 -15, GN 11 -10, GQ 2 10, GW 12 -15,
        IO -7 72, KE 0 38, KM -12 44, LR 6 -9, LS -30 28, LY 27 17, MA 32 -6, MG -19 47, ML 17 -4, MR 20 -11, MU -20 58,
        MW -13 34, MZ -18 35, NA -22 17, NE 17 8, NG 10 8, RE -21 56, RW -2 30, SC -5 55, SD 15 30, SH -16 -6, SL 8 -12,
        SN 14 -14, SO 5 46, SS 7 30, ST 0 7, SZ -27 31, TD 15 19, TF -49 70, TG 8 1, TN 34 9, TZ -6 35, UG 1 32, YT -13 45,
        ZA -29 24, ZM -13 28, ZW -19 30`,
    // Australia and the Pacific
    "GEO-AP": `
        AS -14 -171, AU -25 134, CC -12 97, CK -21 -160, CX -10 106, FJ -18 178, FM 7 158, GU 13 145, HM -53 74, KI 1 173,
        MH 7 171, MP 15 146, NC -21 165, NF -29 168, NR -1 167, NU -19 -170, NZ -41 174, PF -18 -149, PG -6 144, PN -25 -130,
        PW 7 134, SB -9 160, TK -9 -172, TO -21 -175, TV -8 178, UM 19 167, VU -16 167, WF -13 -176, WS -14 -172`,
    // Asia
    "GEO-AS": `
        AF 34 66, AM 40 45, AZ 40 48, BD 24 90, BN 5 115, BT 27 90, CN 35 104, GE 42 44, HK 22 114, ID -2 118, IN 22 79,
        JP 36 138, KG 41 75, KH 13 105, KP 40 127, KR 36 128, KZ 48 67, LA 18 104, LK 8 81, MM 21 96, MN 47 104, MO 22 114,
        MV 3 73, MY 4 109, NP 28 84, PH 12 123, PK 30 69, SG 1 104, TH 15 101, TJ 39 71, TL -9 126, TM 39 59, TW 24 121,
        UZ 42 63, VN 16 107`,
    // Europe
    "GEO-EU": `
        AD 43 2, AL 41 20, AT 48 14, AX 60 20, BA 44 18, BE 51 5, BG 43 25, BY 54 28, CH 47 8, CY 35 33, CZ 50 15, DE 51 10,
        DK 56 10, EE 59 26, ES 40 -4, FI 64 26, FO 62 -7, FR 47 2, GB 54 -2, GG 49 -3, GI 36 -5, GR 39 22, HR 45 16, HU 47 19,
        IE 53 -8, IM 54 -5, IS 65 -18, IT 43 12, JE 49 -2, LI 47 10, LT 55 24, LU 50 6, LV 57 25, MC 44 7, MD 47 29, ME 43 19,
        MK 42 22, MT 36 14, NL 52 5, NO 62 10, PL 52 19, PT 40 -8, RO 46 25, RS 44 21, RU 58 70, SE 62 15, SI 46 15, SJ 78 16,
        SK 49 19, SM 44 12, UA 49 31, VA 42 12, XK 43 21`,
    // Middle East
    "GEO-ME": `
        AE 24 54, BH 26 51, IL 31 35, IQ 33 44, IR 32 54, JO 31 36, KW 29 48, LB 34 36, OM 21 57, PS 32 35, QA 25 51,
        SA 24 45, SY 35 38, TR 39 35, YE 16 48`,
    // North and Central America, the Caribbean
    "GEO-NA": `
        AG 17 -62, AI 18 -63, AW 13 -70, BB 13 -60, BL 18 -63, BM 32 -65, BQ 12 -68, BS 25 -78, BZ 17 -89, CA 55 -100,
        CR 10 -84, CU 22 -79, CW 12 -69, DM 15 -61, DO 19 -70, GD 12 -62, GL 72 -40, GP 16 -62, GT 16 -90, HN 15 -87,
        HT 19 -73, JM 18 -77, KN 17 -63, KY 19 -81, LC 14 -61, MF 18 -63, MQ 15 -61, MS 17 -62, MX 24 -102, NI 13 -85,
        PA 9 -80, PM 47 -56, PR 18 -66, SV 14 -89, SX 18 -63, TC 22 -72, TT 10 -61, US 39 -97, VC 13 -61, VG 18 -65,
        VI 18 -65`,
    // South America; nobody lives in Antarctica, whose cables would land there
    "GEO-SA": `
        AQ -75 0, AR -35 -65, BO -17 -65, BR -11 -53, CL -33 -71, CO 4 -73, EC -1 -78, FK -52 -60, GF 4 -53, GS -54 -37,
        GY 5 -59, PE -9 -75, PY -23 -58, SR 4 -56, UY -33 -56, VE 7 -66`,
};

function parse(): [string, Country][] {
    return GROUPINGS.flatMap((grouping) =>
        TABLE[grouping].split(",").map((row): [string, Country] => {
            const [code, latitude, longitude] = row.trim().split(" ");
            return [code!, { grouping, center: { latitude: Number(latitude), longitude: Number(longitude) } }];
        }),
    );
}

export const COUNTRIES: Readonly<Record<string, Country>> = Object.fromEntries(parse());

/** Codes of the countries in a regional grouping. */
export function countriesOf(grouping: Grouping): string[] {
    return Object.keys(COUNTRIES).filter((code) => COUNTRIES[code]!.grouping === grouping);
}

/** Codes that hold for a place, the most specific first: `US-CA`, `US`, `GEO-NA`. (`WORLD` holds everywhere.) */
export function codesOf({ country, state }: Place): string[] {
    if (country === undefined) return [];
    const codes = state === undefined ? [country] : [`${country}-${state}`, country];
    return Object.hasOwn(COUNTRIES, country) ? [...codes, COUNTRIES[country]!.grouping] : codes;
}

/** Where a client is, as far as the database knows: ISO 3166-1 and the second part of ISO 3166-2 (`US` and `CA`). */
export interface Place {
    readonly country?: string | undefined;
    readonly state?: string | undefined;
}
