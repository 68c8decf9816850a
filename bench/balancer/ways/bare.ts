import type { Topology } from "../../../test/runtime/support";
import { ip } from "../../../test/runtime/support/namespaces";

/** A gateway with nothing of Switchyard's in it, as members know it: their default route. */
export async function bareGateway(net: Topology): Promise<void> {
    const { privateGateway, privateSubnet } = net.network;
    await net.commands(net.gateway).run(["nft", "flush", "ruleset"]);
    ip("-n", net.gateway, "address", "add", `${privateGateway}/${privateSubnet.split("/")[1]}`, "dev", "eth1");
}
