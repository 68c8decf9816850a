/** Azure's sizes of 2012. Its ExtraSmall shared a core of 1 GHz, which is about a half of the others'. */
export const SIZES = {
    ExtraSmall: { cpus: 0.5, memory: "768MiB" },
    Small: { cpus: 1, memory: "1792MiB" },
    Medium: { cpus: 2, memory: "3584MiB" },
    Large: { cpus: 4, memory: "7GiB" },
    ExtraLarge: { cpus: 8, memory: "14GiB" },
} as const;
export type SizeName = keyof typeof SIZES;
