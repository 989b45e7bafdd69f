/** Experiments to open, by what they are called in i18n. Each is a whole experiment, so each is a plain link. */

// Both, and their cures, are measured over five seeds in `tests/lessons.rs`, which reads them here.
/** D runs ahead, and G settles on few of the eight clouds. */
export const collapse = "v=1&glr=0.0003&dlr=0.01&dsteps=2";
/** G moves four times as fast as D, and its samples jump from cloud to cloud. */
export const instability = "v=1&glr=0.004";

/** The ways in, on the first screen. @type {[name: string, link: string][]} */
export const ways = [
  ["way.break", collapse],
  ["way.fix", instability],
  ["way.digits", "v=2&data=mnist&family=cgan"],
];

/** @type {[name: string, link: string][]} */
export const examples = [
  ["example.ring", "v=2"],
  ["example.grid", "v=2&data=grid25"],
  ["example.moons", "v=2&data=moons"],
  ["example.line", "v=2&data=bimodal"],
  ["example.mnist", "v=2&data=mnist&family=dcgan"],
  ["example.cgan", "v=2&data=mnist&family=cgan"],
  ["example.cycle", "v=2&family=cyclegan"],
  ["example.vae", "v=2&data=mnist&family=vae"],
  ["example.classifier", "v=2&data=fashion&family=classifier"],
  ["example.collapse", collapse],
  ["example.instability", instability],
];
