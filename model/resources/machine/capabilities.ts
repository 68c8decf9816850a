import { z } from "zod";
import { list, unlessEmpty } from "../../schema/kit";

/** capabilities(7) */
const KNOWN = new Set(
    `AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER
    FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE
    NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE
    SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM`.split(/\s+/),
);

const capability = z
    .string()
    .transform((name) => name.toUpperCase().replace(/^CAP_/, ""))
    .refine((name) => KNOWN.has(name), 'must be one capability of Linux, such as "NET_ADMIN"');

/** What the machine's root may do beside what Docker grants every container; in one order, each once. */
export const capabilities = unlessEmpty(
    list(capability).transform((names) => (Array.isArray(names) ? [...new Set(names)].sort() : names)),
);
