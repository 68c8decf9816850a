import { expect, it } from "vitest";
import { noAnswer } from "../../runtime/agent/probe-failures";

it.each([
    [0.4999971019999998, "0.5 s"],
    [0.25, "0.25 s"],
    [10, "10 s"],
])("silence for %d s is told as %s", (seconds, text) => {
    expect(noAnswer("10.0.0.1:80", seconds).reason).toBe(`no answer from 10.0.0.1:80 within ${text}`);
});
