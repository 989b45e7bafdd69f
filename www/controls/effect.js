/** What a change of a field does to the running run. */
/** @import { Field } from "../types.d.ts" */

/** Fields that give another run whatever happens, where the core does not say it itself. */
const ANEW = new Set(["data", "images", "family", "z", "g", "d", "seed"]);

/** Whether a change of the field starts the run anew. @param {Field & {effect?: string}} field */
export const anew = ({ name, effect }) => (effect === undefined ? ANEW.has(name) : effect === "anew");
