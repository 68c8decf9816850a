import { ZodError } from "zod";
import { nounOf, type FoundRuntime } from "../provider/control/found";
import { describeFailure } from "../provider/docker/errors";

/** What a runtime answered, or why it did not. */
export type Asked<T> = { readonly runtime: FoundRuntime } & (
    { readonly answer: T; readonly problem?: undefined } | { readonly answer?: undefined; readonly problem: string }
);
export type Answered<T> = Extract<Asked<T>, { problem?: undefined }>;

export async function ask<T>(runtime: FoundRuntime, question: (of: FoundRuntime) => Promise<T>): Promise<Asked<T>> {
    try {
        return { runtime, answer: await question(runtime) };
    } catch (error) {
        return { runtime, problem: error instanceof ZodError ? ofAnotherVersion(runtime) : describeFailure(error) };
    }
}

/** All at once. */
export function askEach<T>(
    runtimes: readonly FoundRuntime[],
    question: (of: FoundRuntime) => Promise<T>,
): Promise<Asked<T>[]> {
    return Promise.all(runtimes.map((runtime) => ask(runtime, question)));
}

export const answered = <T>(asked: readonly Asked<T>[]): Answered<T>[] =>
    asked.filter((one): one is Answered<T> => one.problem === undefined);

/** One element for each runtime: what it answered, or its `problem`. */
export function dataOf<T>(asked: readonly Asked<T>[], shape: (answer: T) => object): object[] {
    return asked.map((one) => {
        const { container, kind, stack, host } = one.runtime;
        const said = one.problem === undefined ? shape(one.answer) : { problem: one.problem };
        return { name: container, kind, stack, host: host.address, ...said };
    });
}

/** A part for each runtime, under a line that says whose it is. */
export function textOf<T>(asked: readonly Asked<T>[], text: (answer: T) => string): string {
    return asked
        .map((one) => {
            const { kind, container, stack, host } = one.runtime;
            const body = one.problem === undefined ? text(one.answer) : `problem: ${one.problem}`;
            return `${nounOf(kind)} ${container} of stack ${stack} on ${host.address}\n${body}\n`;
        })
        .join("\n")
        .trimEnd();
}

function ofAnotherVersion({ kind, container }: FoundRuntime): string {
    return (
        `the agent of ${nounOf(kind)} ${container} is of another version than this command, and not understood; ` +
        `run the command in the folder of the program that made it`
    );
}
