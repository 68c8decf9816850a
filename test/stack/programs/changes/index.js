// Declares what the file beside it, named after the stack, says: resources by name, each with its type and arguments.
// Among these, "@web1" is the resource web1, { $secret: value } a secret, { $of: "web1.containerId" } an output, and
// { $after: "web1", value } a value that nobody knows before web1 is made.
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const switchyard = require("pulumi-switchyard");

const shape = JSON.parse(readFileSync(`${pulumi.getStack()}.json`, "utf8"));
const made = {};

function make(name) {
    if (made[name]) return made[name];
    const { type, args, alias } = shape[name];
    const options = alias && { aliases: [{ name: alias }] };
    made[name] =
        type === "fromContainer"
            ? switchyard.VirtualMachine.fromContainer(name, valueOf(args), options)
            : new switchyard[type](name, valueOf(args), options);
    return made[name];
}

function valueOf(given) {
    if (typeof given === "string" && given.startsWith("@")) return make(given.slice(1));
    if (Array.isArray(given)) return given.map(valueOf);
    if (typeof given !== "object" || given === null) return given;
    if ("$secret" in given) return pulumi.secret(given.$secret);
    if ("$after" in given) return make(given.$after).id.apply(() => given.value);
    if ("$of" in given) {
        const [name, output] = given.$of.split(".");
        return make(name)[output];
    }
    return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, valueOf(value)]));
}

Object.keys(shape).forEach(make);
