// What the comments leave out that a reader of the reference needs.

/** One line for each export or property without a comment, and each argument that may be left out without a default. */
export function missing(items) {
    return [...items].flatMap(([name, { doc, members }]) => [
        ...(doc.text ? [] : [`${name} has no comment`]),
        ...members.flatMap((member) => {
            const property = `${name}.${member.name}`;
            const hasNoDefault =
                name.endsWith("Args") && member.isOptional && member.doc.defaults.every((text) => !text);
            return [
                ...(member.doc.text ? [] : [`${property} has no comment`]),
                ...(hasNoDefault ? [`${property} is optional: say its @default`] : []),
            ];
        }),
    ]);
}
