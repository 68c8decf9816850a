import { z } from "zod";

export const certificates = z
    .string()
    .regex(
        /^\s*(?:-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/,
        "must be certificates in PEM (-----BEGIN CERTIFICATE----- …)",
    );

export const privateKey = z
    .string()
    .refine((pem) => !pem.includes("ENCRYPTED"), "must be a key without a passphrase")
    .regex(
        /^\s*(?:-----BEGIN EC PARAMETERS-----[^-]+-----END EC PARAMETERS-----\s*)?-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----[A-Za-z0-9+/=\s]+-----END \1-----\s*$/,
        "must be a private key in PEM (-----BEGIN PRIVATE KEY----- …)",
    );
