import { dnsAgent as schema } from "../model/resources/dns";
import { agentInstaller } from "./agentInstaller";
import { DNS } from "./control/runtimes";

export const dnsAgent = agentInstaller("DnsAgent", schema, DNS, ({ server }) => server);
