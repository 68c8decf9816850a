import * as pulumi from "@pulumi/pulumi";

// The program as it is after each step. Yours would be one file that you edit: compare step1.ts to step4.ts.
const step = new pulumi.Config().requireNumber("step");
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { url, virtualIp } = require(`./step${step}`) as { url: string; virtualIp: pulumi.Output<string> };
export { url, virtualIp };
