/**
 * The lessons: each a question, an experiment to watch, something to do to it, and an answer. Every claim is measured over five
 * seeds in `tests/lessons/`, which reads the links and the changes of these files. A new one is a file, its claim, and a line here.
 */
import { averaging } from "./averaging.js";
import { circles } from "./circles.js";
import { collapse } from "./collapse.js";
import { critic } from "./critic.js";
import { hop } from "./hop.js";
import { instability } from "./instability.js";
import { labels } from "./labels.js";
import { likelihood } from "./likelihood.js";
import { losses } from "./losses.js";
import { minimax } from "./minimax.js";
import { momentum } from "./momentum.js";
import { overlap } from "./overlap.js";
import { packs } from "./packs.js";
import { price } from "./price.js";
import { pursuit } from "./pursuit.js";
import { rates } from "./rates.js";
import { saturation } from "./saturation.js";
import { sight } from "./sight.js";

/** @import { Text } from "../types.d.ts" */

/**
 * @typedef {object} Deed  something to do, behind a button
 * @property {Text} what
 * @property {string} [changes]  of the run that runs, as in a link
 * @property {string} [link]     another experiment
 * @property {string} [move]     a move by hand
 */

/**
 * @typedef {object} Lesson
 * @property {string} name   in the address
 * @property {string} link   the experiment that it opens with
 * @property {number} [pace]  steps per second to watch it at; as fast as it goes, where none is said
 * @property {Text} title    its question
 * @property {Text} watch    what is seen, and where to look
 * @property {string[]} figures  measurements to keep an eye on
 * @property {Text} task     what to do
 * @property {Deed[]} deeds
 * @property {Text} ask      what to think about before the answer is opened
 * @property {Text} answer
 * @property {{about: Text, head: Text[], rows: {what: Text, found: (string | number)[], helps: boolean}[]}} [tried]  what was tried, and what came of it
 * @property {{what: Text, href: string}} [from]
 */

/** In the order in which they are best taken. @type {Lesson[]} */
export const lessons = [sight, pursuit, saturation, overlap, losses, hop, rates, packs, labels, momentum, averaging, critic, minimax, circles, instability, collapse, likelihood, price];
