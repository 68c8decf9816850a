import { costOf, type Cost } from "../support/cost";
import { clear } from "../support/docker";
import { undoAtExit } from "../support/undo";

/** The same containers without Pulumi: what a shell script does with the docker command. */
export class Containers {
    readonly #endForGood = undoAtExit(() => this.clear());

    constructor(
        readonly project: string,
        readonly machines: number,
        readonly image: string,
    ) {}

    /** @param atOnce how many commands run at the same time */
    create(atOnce: number): Promise<Cost> {
        const label = `--label io.switchyard.project=${this.project}`;
        const network = `${this.project}-network`;
        const run = `docker run --detach --name ${this.project}-{} --network ${network} --memory 32m ${label} ${this.image}`;
        const script = [
            `docker network create ${label} ${network}`,
            `seq ${this.machines} | xargs -P ${atOnce} -I {} ${run}`,
        ];
        return costOf(["sh", "-ec", script.join("\n")]);
    }

    clear(): void {
        clear(this.project);
    }

    remove(): void {
        this.#endForGood();
    }
}
