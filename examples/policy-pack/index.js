const { PolicyPack } = require("@pulumi/policy");
const rules = require("./rules");

/** Dynamic resources are known to policies by their type tokens, with what their providers' checks made of the inputs. */
/** @returns {import("@pulumi/policy").ResourceValidationPolicy} */
const policyOf = ({ name, description, type, violations }) => ({
    name,
    description,
    enforcementLevel: "mandatory",
    validateResource: (args, report) => {
        if (args.type !== `pulumi-nodejs:dynamic/switchyard:${type}`) return;
        for (const violation of violations(args.props)) report(`${args.name}: ${violation}`);
    },
});

new PolicyPack("switchyard", { policies: rules.map(policyOf) });
