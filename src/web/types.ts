/**
 * What an engine module exports, for TypeScript. This file is the package's `.d.ts`, but for what starts the module; the
 * page's types are these too (`www/types.d.ts`).
 */

/** The name of an engine. */
export type EngineName = "cpu" | "ndarray" | "webgpu";
/** Points in the plane, or grey pictures. */
export type Kind = "points" | "images";
/**
 * What a session says of itself. `running`: learning, not there yet; `good`: the samples match the data as far as is
 * measured; `far`: far off; `stalled`: no nearer for long; `frozen`: a player has no turns; `won`: D has won;
 * `hopping`: samples jump from mode to mode; `lagging`: D cannot tell what is far apart; `doubled`: two codes stand for one class;
 * `copying`: samples lie too near to training images; `partial`: some modes have been missing for long; `collapsed`: all but a quarter of
 * them at most, or samples hardly differ.
 */
export type SessionStatus =
  | "running" | "good" | "far" | "stalled" | "frozen" | "won" | "hopping" | "lagging" | "copying" | "doubled" | "partial" | "collapsed" | "waiting" | "stopped" | "diverged";

/** Something that the core says: its code and what fills it in, for a translation; its English. */
export interface Message { code: string; args: Record<string, string>; text: string }

// ---- what there is to choose from -------------------------------------------------------------

/** The same in English and in Chinese. */
export interface Text { en: string; zh: string }
/** Everything there is to choose from. */
export interface Catalog { version: number; families: Family[]; datasets: Dataset[]; fields: Field[] }
/** A move of a family, its name in a letter, what it does when made alone and in a step, and the field that says how often. */
export interface Turn { name: string; short: string; only: Text; about: Text; times: string | null }
/** A family of models; a step is its moves in turn. */
export interface Family {
  name: string; title: Text; about: Text; paper: string; year: number;
  /** The family that it grew from. */
  parent: string | null;
  moves: Turn[];
  /** The names of its fields, and of the datasets that it learns. */
  fields: string[]; datasets: string[];
}
/** A dataset; `source` cites it, and `attribution` is to be named wherever its images are shown. */
export interface Dataset {
  name: string; title: Text; about: Text; kind: Kind; source: string; attribution: string;
  /** What makes the files of a set of images, for who serves a page without them. */
  command: string;
  /** A picture of a set of images: lines of pixels, `#` dark and `+` half as dark. */
  icon: string;
  /** Whether it is of a person's own images, which no server has. */
  own: boolean;
  /** What the labels of a set of images stand for. */
  classes: Text[];
}
/** A value that a field of the kind `choice` may have. */
export interface Option { value: string; title: Text; about: Text; /** What the option does over its span, from its beginning to its end, where that can be drawn. */ curve?: number[]; }
/** A field of an experiment: what a link may set. Which of them an experiment has, its `values` say. */
export interface Field {
  name: string; title: Text; about: Text;
  group: "data" | "game" | "generator" | "discriminator" | "run" | "hand";
  kind: "choice" | "integer" | "number" | "layers" | "seed" | "classes" | "pick";
  options?: Option[];
  /** Bounds of an integer or a number; of a layer's width for `layers`. */
  min?: number; max?: number;
  /** How a control moves a number: by factors, or a memory from 0 to 1 by factors of its distance from 1. */
  scale?: "factors" | "decay";
  max_layers?: number;
  /** It matters only where every listed field that there is (or `kind`: points, images) has one of these values. */
  only?: { field: string; is: string[] }[];
  /**
   * What a change does to a run that has begun: `anew` starts it again, `live` holds from the next step and is recorded in
   * the link with its step, `free` changes no weight.
   */
  effect: "anew" | "live" | "free";
}

// ---- links ------------------------------------------------------------------------------------

/** What could not be used of a link, and what is used instead. */
export interface Problem { field: string | null; what: Message; instead: Message | null }
/** A link as it was understood. */
export interface Opened {
  /** Canonical text, `v=1&…`: only what differs from the defaults. */
  link: string;
  /** The version of links whose defaults hold. */
  version: number;
  /** Every field's value at the start and, for this version and dataset, its default, as in a link. */
  values: Record<string, string>; defaults: Record<string, string>;
  /** What changes on the way, in the order of the steps. */
  changes: Change[];
  /** What goes badly together, or does nothing, by field. */
  remarks: { field: string; what: Message }[];
  problems: Problem[]; title: Text; kind: Kind;
  /** Numbers in a sample: what D takes in and G puts out. */
  features: number;
  /** What a sample is, if it is an image: square, with one number for a grey pixel, three for a coloured one, and two for one without blue. */
  image: { side: number; channels: number } | null;
  /** The family's networks: whose each is, and what passes through it, the input first. */
  networks: { player: string; title: Text; stages: Stage[] }[];
  /** Whether threads would share the work of a step. */
  large: boolean;
  cost: Cost;
}
/** A field that takes another value after `step` steps. */
export interface Change { step: number; field: string; value: string }
/** What an experiment costs, known before it runs. */
export interface Cost {
  /** Floating-point operations of a step's matrix products. */
  flops: number;
  /** About how many seconds a step takes on `cpu`, on one core of a machine of 2025. */
  seconds: number;
  /** Bytes of memory that the run takes at most. */
  bytes: number;
  /** Why `Session.create` refuses it, and the field to lower. */
  refusal: Message | null; field: string | null;
}

// ---- a run ------------------------------------------------------------------------------------

/** A piece of the data that a run must have before it can go on: its number, and where it lies relative to the page. */
export interface Need { shard: number; url: string }
/** What a call has done: steps since the beginning, steps of this call, whether a part of the next is done, and how the run fares. */
export interface Advance { step: number; ran: number; half: boolean; status: SessionStatus; sentence: Message[] }

/** The state of a run at one step. */
export interface Snapshot {
  step: number; status: SessionStatus; sentence: Message[];
  /** Some moves of the next step are done, and others are not. */
  half: boolean;
  /** What may help: fields and values to `tune` the run with, or to `change` its start. */
  cures: Cure[];
  /** Eight hexadecimal digits of the weights at `step`. */
  fingerprint: string;
  /** True once a network moved out of turn: the link no longer reproduces the weights. */
  detour: boolean;
  /** Figures of the evaluation at `metricsStep`. */
  metrics: Metric[]; metricsStep: number;
  /**
   * The best that the first of them has been, and after how many steps; null before the first evaluation. Between equals the distance of
   * the samples from the data has decided, where it is known.
   */
  best: { step: number; value: number; distance?: number } | null;
  /** Its state is held: `saveBest` gives it. */
  bestHeld: boolean;
  /** The states of the run's health so far, each from the step at which it was named to that of the next; of very many the last 64. */
  states: Passage[];
  panels: Panel[];
  /** How many weights each player has. */
  parameters: Record<string, number>;
}
/** A state of the run: which, the step at which its sign was first seen, and the one at which it had lasted long enough to be named. */
export interface Passage { state: SessionStatus; began: number; named: number }
/** Changes that may help, and what they do; `anew`: they help a run from the start, not this one as it is. */
export interface Cure { what: Message; changes: Record<string, string>; anew: boolean }
/** A figure of merit; the first of a snapshot is the one to look at first. */
export interface Metric {
  name: string; title: string; value: number;
  /** "%", "nats", "bits", or "" for counts and data units. */
  unit: string;
  /** The most that there can be, for counts. */
  of: number | null;
  /** What a generator that matches the data exactly would score with as many samples, and the spread of that score. */
  ideal: number | null; spread: number | null;
  better: "higher" | "lower" | "near";
  /** What it is, and why it can stay off its ideal. */
  about: string;
}
/** What there is after a layer of a network: an image of so many lines and columns, or 1 × 1 for plain numbers. */
export interface Stage {
  layer: "input" | "dense" | "conv" | "transposed" | "norm" | "resize" | "pool" | "batch";
  height: number; width: number; channels: number;
}
/** Something to draw; a view is chosen by its kind. */
export type Panel = PointsPanel | FieldPanel | GraphPanel | ImagesPanel | MatrixPanel | SeriesPanel | SpectrumPanel | VectorsPanel;
/** What all panels have: a name among those of the run, what it shows in a phrase, and the part of the page that it belongs to. */
export interface AnyPanel { name: string; title: Text; place: "stage" | "side" | "metrics"; shape: number[] }
/** Whose samples a panel shows. */
export type Role = "real" | "generated" | "both";
/** x0, y0, x1, y1 in data units. */
export type Extent = [number, number, number, number];
/** `[n, 2]` coordinates, x and y in turn, in data units; the class of each, if these matter, and what classes are called, if they have names. */
export interface PointsPanel extends AnyPanel { kind: "points"; role: Role; data: Float32Array; labels: Uint8Array; names: Text[]; extent: Extent }
/** Lines in the plane, `[n, 4]`: x and y from where, x and y to where, in data units; and whether it matters which is which. */
export interface VectorsPanel extends AnyPanel { kind: "vectors"; data: Float32Array; directed: boolean; extent: Extent }
/** A function of the plane, `[rows, columns]`; row 0 is the lowest (y0). */
export interface FieldPanel extends AnyPanel {
  kind: "field"; data: Float32Array; extent: Extent;
  /** What a value is called: D(x). */
  symbol: string;
  /** The values at the ends of the colours. */
  range: [number, number];
  /** A value whose line is drawn, and what it is called; the colours part there. */
  level: { value: number; name: string } | null;
}
/** Functions of the line at `xs`, `[functions, xs]`, and where noise goes. */
export interface GraphPanel extends AnyPanel {
  kind: "graph"; xs: Float32Array; extent: [number, number]; functions: LineFunction[];
  /** A noise and the sample that it becomes, in turn. */
  links: Float32Array;
}
/** `share`: its values are from 0 to 1, and not a density. They are NaN where there is none. */
export interface LineFunction {
  name: string; title: Text; role: "real" | "generated" | "discriminator" | "optimal"; share: boolean; data: Float32Array;
}
/** `[n, height, width, channels]`: how light each channel of a pixel is, 0 dark to 1 light, one for grey, three for red, green, blue, two for red and green; what is said of each, or of none; how likely D takes each for real, if it says; and in how many columns they belong (0: any). */
export interface ImagesPanel extends AnyPanel { kind: "images"; role: Role; data: Float32Array; captions: Caption[]; believed: Float32Array; columns: number }
/** `right`: whether it is as it should be; null where that is not known. */
export interface Caption { text: Text; right: boolean | null }
/** A number for each pair of a row and a column, `[rows, columns]`. */
export interface MatrixPanel extends AnyPanel { kind: "matrix"; data: Float32Array; rows: Lines; columns: Lines }
/** What the rows, or the columns, of a matrix are: all, and each. */
export interface Lines { title: Text; names: Text[] }
/** Complex numbers beside the unit circle, `[n, 2]`: real and imaginary part. */
export interface SpectrumPanel extends AnyPanel { kind: "spectrum"; data: Float32Array }
/** Curves over steps. */
export interface SeriesPanel extends AnyPanel { kind: "series"; steps: Float64Array; curves: Curve[] }
/** A value for each step of its panel; NaN where there is none. */
export interface Curve {
  name: string; role: "generator" | "discriminator" | "other" | "metric"; data: Float32Array;
  /** The value at the game's equilibrium, or a metric's ideal, where it is known. */
  equilibrium: number | null;
}
/** Whether the engine computed known values rightly, and what came instead. */
export interface SelfTest { ok: boolean; detail: string }

// ---- what the module exports ------------------------------------------------------------------

/** The name of this module's engine. */
export declare function engineName(): EngineName;
/** Families, datasets and fields. */
export declare function catalog(): Catalog;
/** The experiment of a link. What is wrong with the link is listed in `problems`; only what is no text throws. */
export declare function open(link: string): Opened;
/**
 * The experiment of a link with some fields replaced: name to text, as in a link; an empty text resets the field. Where
 * that makes it another run, it starts with what held after `step` steps (0).
 */
export declare function change(link: string, changes: Record<string, string>, step?: number): Opened;
/**
 * The experiment of a run in which fields change after `step` steps; an empty text is the default. What cannot change
 * during a run, or is not a value, is listed in `problems` and left out.
 */
export declare function tune(link: string, step: number, changes: Record<string, string>): Opened;
/** What a saved run is of: the link that leads to it, and its step. Throws if the bytes are no whole saved run. */
export declare function inspect(bytes: Uint8Array): { link: string; step: number };
/** `count` points of a dataset (at most a million), x and y in turn, in data units; empty for images or an unknown name. */
export declare function preview(dataset: string, count: number): Float32Array;
/** Checks the engine against known values: all of it, or, if told, only what layers of images take (`true`) or only the rest (`false`). */
export declare function selfTest(images?: boolean): Promise<SelfTest>;

/** Samples that were made by hand. */
export interface Handmade {
  /** Numbers of a code. */
  columns: number;
  /** How many classes may be asked for; 0, if none. */
  classes: number;
  /** What they are called, where they have names. */
  names: Text[];
  /** The codes, row by row. */
  codes: Float32Array;
  /** The samples: points in data units, or grey values from 0 to 1, row by row. */
  samples: Float32Array;
  /** Of each: the class that was asked for, D's probability that it is real, and what the judge takes it for, and how surely. */
  about: { class: number | null; believed: number | null; taken: [Text, number] | null }[];
}

/** A training image: its place, what it is of, how far it is (root mean square of grey values), and its grey values. */
export interface Near { index: number; label: Text; distance: number; pixels: Float32Array }

/** One run. It bears one call at a time. */
export declare class Session {
  private constructor();
  /** The run of a link, at step 0. Throws if the text is no link, or the experiment is refused (`open(link).cost`). */
  static create(link: string): Promise<Session>;
  /** Goes on under another link, which must agree with the run as far as it has come; throws if it does not. */
  tune(link: string): void;
  /** The canonical link of the run. */
  link(): string;
  /** G's samples for `count` rows of fresh noise, row by row: points in data units, or grey values from 0 to 1. */
  samples(count: number): Promise<Float32Array>;
  /** The piece of data that the run must have before it can go on. */
  needs(): Need | undefined;
  /** How many pieces of data the whole run uses. */
  shards(): number;
  /** Where a piece lies, relative to the page; undefined if the run has no such piece. */
  url(shard: number): string | undefined;
  /** Provides a piece as its file holds it; throws if it is truncated or altered. */
  provide(shard: number, bytes: Uint8Array): void;
  /**
   * Trains until `milliseconds` are over or `steps` steps are done; 0 stands for no such bound. With neither bound it does
   * one step. It ends early where the run needs data or is over, and, where it has a time, within a step that takes long.
   */
  advance(milliseconds: number, steps?: number): Promise<Advance>;
  /**
   * What is left of a step or a whole one (`step`), or only the moves of that name in the family's `moves`: all of them in
   * turn are a step, and no other order is.
   */
  move(which: string): Promise<Advance>;
  /** Measures at the current step; the next snapshot carries the result. */
  evaluate(): Promise<Metric[]>;
  /** What there is to see. */
  snapshot(): Promise<Snapshot>;
  /** What the field shows at a point (data units); undefined for images. */
  probe(x: number, y: number): Promise<number | undefined>;
  /**
   * Samples of codes that are put together by hand, each as the field `look` of a link has it: `12` is the sample of that number,
   * `12~31:0.4` lies between two, `1.4-2.3_5` is the mean of some less that of others and more that of still others, `@3:-0.5` sets the
   * number of the code in that place, counted from 0, and `@y:7` asks for a class. Numbers go to 255. All empty for a family that makes no samples from codes.
   */
  byCode(picks: string[]): Promise<Handmade>;
  /** The training image that is nearest to such a sample, of those that have arrived; undefined where the data are no images. */
  nearest(pick: string): Promise<Near | undefined>;
  /** The whole state, for `load` on any engine. */
  save(): Promise<Uint8Array>;
  /**
   * The state after the step at which the first metric was best, to `load`; nothing where it is too large to be held (over 24 MiB), or lies
   * before the state that this run was loaded from.
   */
  saveBest(): Promise<Uint8Array | undefined>;
  /** Continues from a saved state of the same experiment. */
  load(bytes: Uint8Array): Promise<void>;
  /** Gives the run's memory back; the session is of no use afterwards. */
  free(): void;
}
