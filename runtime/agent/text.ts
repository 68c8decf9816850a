export { table, time } from "../../model/text";
