import type { ByClient, ByPlace, Chosen, Decision, Random, Several } from "./decision";
import { divisionBy, elsewhere } from "./divisions";
import { MOST_CHOICES, type Addresses, type Alias, type Answer, type Division, type Pool, type Switch } from "./plan";
import { familyOf } from "./subnet";

/** What a policy answers, with all that the answer refers to. */
export interface PolicyAnswer {
    /** Absent: nobody is told anything. */
    readonly answer?: Answer;
    readonly pools: ReadonlyMap<string, Pool>;
    readonly switches: ReadonlyMap<string, Switch>;
    readonly divisions: readonly Division[];
}

/** @param knowsPlaces whether there is a database that tells where clients are */
export function answerOf(name: string, decision: Decision, knowsPlaces: boolean): PolicyAnswer {
    const compiler = new Compiler(name, knowsPlaces);
    const answer = compiler.answer(decision);
    const { pools, switches, divisions } = compiler;
    return { answer, pools, switches, divisions };
}

class Compiler {
    readonly pools = new Map<string, Pool>();
    readonly switches = new Map<string, Switch>();
    readonly divisions: Division[] = [];
    /** Equal ones, such as those of two classes of clients, are one. */
    #references = new Map<string, string>();
    #name: string;
    #knowsPlaces: boolean;

    constructor(name: string, knowsPlaces: boolean) {
        this.#name = name;
        this.#knowsPlaces = knowsPlaces;
    }

    answer(decision: Decision): Answer | undefined {
        switch (decision.kind) {
            case "nothing":
                return undefined;
            case "endpoint":
                return direct(decision);
            case "random":
                return this.#random(decision);
            case "several":
                return this.#several(decision);
            case "byClient":
                return this.#byClient(decision);
        }
    }

    #random({ choices }: Random): Answer | undefined {
        if (choices.length < 2) return choices[0] && direct(choices[0].of);
        this.#refuseTooMany(choices.length);
        return this.#pool({
            kind: "oneOf",
            choices: choices.map(({ weight, of }) => ({ weight, answer: direct(of) })),
        });
    }

    #several({ atMost, of }: Several): Answer | undefined {
        const addresses = of.map(addressOf);
        if (addresses.length === 0) return undefined;
        const most = Math.max(ofFamily(addresses, 4).length, ofFamily(addresses, 6).length);
        if (most <= atMost) return { kind: "addresses", addresses };
        this.#refuseTooMany(most);
        return this.#pool({ kind: "some", count: atMost, addresses });
    }

    #byClient({ classifier, cases }: ByClient): Answer | undefined {
        const answers = new Map<string, Answer>();
        for (const [name, decision] of Object.entries(cases)) {
            const answer = this.answer(decision);
            if (answer) answers.set(name, answer);
        }
        if (classifier.kind === "places") return this.#byPlace(classifier, answers);
        const { otherwise } = classifier;
        return this.#switch(
            divisionBy(classifier),
            answers,
            typeof otherwise === "object" ? this.#byPlace(otherwise, answers) : undefined,
        );
    }

    #byPlace(classifier: ByPlace, answers: ReadonlyMap<string, Answer>): Answer | undefined {
        if (this.#knowsPlaces) return this.#switch(divisionBy(classifier), answers);
        // Nobody knows where anybody is.
        return answers.get(classifier.places["WORLD"] ?? classifier.otherwise ?? "");
    }

    #switch(division: Division, answers: ReadonlyMap<string, Answer>, others?: Answer): Answer | undefined {
        const cases = new Map<string, Answer>();
        for (const [first, seconds] of byFirstDigit(division)) {
            const answer = this.#ofDigit(division, seconds, answers);
            if (answer) cases.set(first, answer);
        }
        if (others) cases.set(elsewhere(division), others);
        return this.#cases(division, cases);
    }

    /** The answer of all classes that begin with the same digit; `seconds` has their classes by second digit. */
    #ofDigit(division: Division, seconds: ReadonlyMap<string, string>, answers: ReadonlyMap<string, Answer>) {
        const own = [...seconds].map(([second, name]) => [second, answers.get(name)] as const);
        if (new Set(own.map(([, answer]) => JSON.stringify(answer))).size === 1) return own[0]![1];
        return this.#cases(division, new Map(own.filter((pair): pair is [string, Answer] => pair[1] !== undefined)));
    }

    #cases({ id, ...rest }: Division, cases: ReadonlyMap<string, Answer>): Answer | undefined {
        const [first] = cases.values();
        if (!first) return undefined;
        this.divisions.push({ id, ...rest });
        const of = this.#reference(JSON.stringify([id, ...cases]), (name) =>
            this.switches.set(name, { division: id, cases }),
        );
        return { kind: "switch", of, gives: givesOf(first) };
    }

    #pool(pool: Pool): Answer {
        const of = this.#reference(JSON.stringify(pool), (name) => this.pools.set(name, pool));
        return { kind: "pool", of, gives: pool.kind === "some" ? "addresses" : givesOf(pool.choices[0]!.answer) };
    }

    /** Names hold an underscore, which prefixes do not: none is a word of gdnsd's. */
    #reference(content: string, add: (name: string) => void): string {
        let name = this.#references.get(content);
        if (name === undefined) {
            name = `${this.#name}_${this.#references.size}`;
            this.#references.set(content, name);
            add(name);
        }
        return name;
    }

    #refuseTooMany(count: number): void {
        if (count > MOST_CHOICES)
            throw new Error(`policy ${this.#name} chooses among ${count} endpoints; ${MOST_CHOICES} are the most`);
    }
}

function byFirstDigit({ names }: Division): Map<string, Map<string, string>> {
    const digits = new Map<string, Map<string, string>>();
    for (const [name, [first, second]] of names) {
        const seconds = digits.get(first!) ?? new Map<string, string>();
        digits.set(first!, seconds.set(second ?? "", name));
    }
    return digits;
}

function direct({ target }: Chosen): Addresses | Alias {
    return target.kind === "name"
        ? { kind: "name", name: target.name }
        : { kind: "addresses", addresses: [target.address] };
}

function addressOf({ target, policies }: Chosen): string {
    if (target.kind === "address") return target.address;
    throw new Error(`policy ${policies[0]} would answer several names at once, which DNS does not allow`);
}

export function ofFamily(addresses: readonly string[], family: 4 | 6): string[] {
    return addresses.filter((address) => familyOf(address) === family);
}

function givesOf(answer: Answer): "addresses" | "name" {
    return "gives" in answer ? answer.gives : answer.kind;
}
