/** Experiments to open, by what they are called in i18n. Each is a whole experiment, so each is a plain link; or it is a lesson's. */

/** The family that images are learned by where the one at hand cannot. */
export const IMAGES_BY = "dcgan";

/** The ways in, on the first screen. @type {{name: string, lesson?: string, link?: string}[]} */
export const ways = [
  { name: "way.break", lesson: "hop" },
  { name: "way.fix", lesson: "instability" },
  { name: "way.digits", link: "v=2&data=mnist&family=cgan" },
];

/** @type {[name: string, link: string][]} */
export const examples = [
  ["example.ring", "v=2"],
  ["example.grid", "v=2&data=grid25"],
  ["example.moons", "v=2&data=moons"],
  ["example.line", "v=2&data=bimodal"],
  ["example.mnist", "v=2&data=mnist&family=dcgan"],
  ["example.emoji", "v=2&data=emoji&family=dcgan"],
  ["example.cgan", "v=2&data=mnist&family=cgan"],
  ["example.cycle", "v=2&family=cyclegan"],
  ["example.vae", "v=2&data=mnist&family=vae"],
  ["example.classifier", "v=2&data=fashion&family=classifier"],
];
