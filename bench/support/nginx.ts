import type { RunningProcess, Topology } from "../../test/runtime/support";
import { temporaryPath, writeTemporary } from "./temporary";

/** Starts nginx in a namespace. In a namespace of processes too: its workers end with it, however it ends. */
export function nginx(net: Topology, namespace: string, configuration: string): RunningProcess {
    const pid = `daemon off; pid ${temporaryPath("nginx.pid")};`;
    const file = writeTemporary("nginx.conf", configuration);
    const command = ["nginx", "-c", file, "-e", "stderr", "-g", pid];
    return net.processes.start(namespace, ["unshare", "--pid", "--fork", "--kill-child=SIGKILL", ...command]);
}
