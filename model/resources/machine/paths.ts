/** Why a text is no path of one file or folder in a machine; undefined when it is. */
export function pathProblem(path: string): string | undefined {
    const isPlain = path
        .split("/")
        .slice(1)
        .every((part) => part !== "" && part !== "." && part !== "..");
    if (path.startsWith("/") && isPlain && !path.includes("\0")) return undefined;
    return `has a path ${JSON.stringify(path)}; paths must start with "/", name something, and hold no empty, "." or ".." part`;
}
