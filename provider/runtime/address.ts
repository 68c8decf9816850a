import { objectBaseName, type ResourceIdentity } from "../../model/names";
import { defaultAddress } from "../../model/network/addresses";
import { isUnknown, UNKNOWN } from "../../model/schema/unknown";

/** The address of a runtime that is given none: it follows from its name, so a preview shows it and a replacement keeps it. */
export function chosenAddress(publicSubnet: string, identity: ResourceIdentity): string {
    return isUnknown(publicSubnet) ? UNKNOWN : defaultAddress(objectBaseName(identity), publicSubnet);
}
