import { freePort } from "../../../test/runtime/dns/host";
import { spawnServer } from "../spawned";
import type { Server } from "../server";

/** Sends each query back, marked as an answer: what the sockets alone take. */
const PROGRAM = `
use Socket;
socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die $!;
bind($socket, sockaddr_in($ARGV[0], inet_aton("127.0.0.1"))) or die $!;
my $query;
while (defined(my $peer = recv($socket, $query, 512, 0))) {
    vec($query, 2, 8) |= 0x84;
    send($socket, $query, 0, $peer);
}
`;

export async function echo(): Promise<Server> {
    const port = await freePort();
    return spawnServer(port, ["perl", "-e", PROGRAM, String(port)]);
}
