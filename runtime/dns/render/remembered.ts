/**
 * Renders what is the same from plan to plan once: after a verdict nearly everything is.
 * @param render for a thing and the words that go with it
 */
export function remembered<Thing extends object, Words extends readonly string[]>(
    render: (thing: Thing, ...words: Words) => string,
): (thing: Thing, ...words: Words) => string {
    const texts = new WeakMap<Thing, { words: Words; text: string }>();
    return (thing, ...words) => {
        const known = texts.get(thing);
        if (known?.words.every((word, index) => word === words[index])) return known.text;
        const text = render(thing, ...words);
        texts.set(thing, { words, text });
        return text;
    };
}
