/** The page's own words in English. What the core says (fields, datasets, sentences) comes from the core. */

/** @type {Record<string, string>} */
export const en = {
  "mark": ".",
  "page.language": "中文",
  "page.languageLabel": "Switch the page to Chinese",

  "play": "Play", "pause": "Pause", "step": "One step: D, then G", "stepD": "Update only D; G stays fixed",
  "stepG": "Update only G; D stays fixed", "reset": "Start again from step 0", "newSeed": "New seed",
  "transport": "Training", "steps": "step", "rate": "{rate} steps/s", "key": "key {key}",
  "share": "Share", "share.done": "Link copied", "share.manual": "Copy this link:", "share.close": "Close",

  "status.loading": "Loading", "status.running": "Learning", "status.paused": "Paused", "status.stopped": "Stopped",
  "status.collapsed": "Collapsed", "status.saturated": "Saturated", "status.diverged": "Diverged", "status.failed": "Failed",
  "act.seed": "Another seed", "act.slower": "Halve both rates", "act.slowerD": "Halve D's rate", "act.slowerG": "Halve G's rate",
  "act.restart": "Start again", "act.onward": "Train on from here",
  "stopped.about": "The link asks for an end at step {step}, and here it is.",
  "paused.about": "Step {step}.",
  "failed.about": "The run could not go on.",

  "card.health": "Health", "card.losses": "Losses", "card.metrics": "How close", "card.engine": "Engine",
  "card.flow": "The game", "card.run": "Run",
  "group.data": "Data", "group.game": "Game", "group.generator": "Generator", "group.discriminator": "Discriminator", "group.run": "Run",

  "metrics.at": "Measured at step {step}.", "metrics.none": "The first measurement comes after a few steps.",
  "metrics.perfect": "perfect {value}", "metrics.floor": "floor {value}", "metrics.near": "ideal {value}",
  "metrics.of": "{value} of {of}",
  "metrics.about": "The floor is what samples of the real data score against the real data, with as many samples: nothing can do better for long.",

  "fingerprint": "fingerprint", "fingerprint.at": "at step {step}",
  "fingerprint.about": "Eight digits of the weights. On the engines cpu and ndarray the same link gives the same digits at the same step, in every browser; a GPU rounds differently. Click to copy.",
  "fingerprint.copied": "Fingerprint copied",
  "fingerprint.detour": "Moved by hand: the link alone no longer gives these weights. Start again to return to it.",

  "layer.real": "real", "layer.generated": "generated", "layer.field": "D's map", "layer.show": "Show {layer}",
  "stage.points": "Samples in the plane", "stage.images": "Samples as pictures",
  "stage.label": "{title}. Step {step}: {real} real points, {generated} generated points over the discriminator's map. {sentence}",
  "stage.labelImages": "{title}. Step {step}: {generated} generated pictures from fixed noise, and real ones for comparison. {sentence}",
  "stage.hint": "Point anywhere to ask D",
  "stage.probe": "D(x) = {value} at ({x}, {y})",
  "images.generated": "generated, always from the same noise", "images.real": "real",

  "flow.noise": "noise", "flow.samples": "samples", "flow.real": "real data", "flow.losses": "losses", "flow.parameters": "{n} parameters",
  "flow.noiseShape": "{z}-D {kind}", "flow.g": "generator", "flow.d": "discriminator",
  "flow.turnD": "G fixed, D learns to tell real from generated", "flow.turnG": "D fixed, G learns to be taken for real",
  "flow.times": "{n}× a step", "flow.label": "Noise goes through the generator G and becomes samples; the discriminator D sees them beside real data; its mistakes are the losses of both.",

  "series.losses": "Losses", "series.equilibrium": "equilibrium {value}",
  "series.label": "Losses up to step {step}: D {d}, G {g}.", "series.step": "step",

  "engine.about": "{engine} runs at {rate} steps per second.", "engine.waiting": "No engine runs yet.",
  "why.asked": "The link asks for it.", "why.adapter": "The GPU is {name}.",
  "why.adapterSoftware": "The adapter, {name}, is a software GPU: right, but slower than cpu.",
  "why.first": "{engine} started at once; after a second of training it is clear whether a GPU could be quicker.",
  "why.quick": "A step takes {step} ms here. A GPU step cannot be quicker than about {floor} ms of dispatches, so the GPU was not loaded.",
  "why.racing": "{engine} trains; the GPU is being tried on the same experiment in the background.",
  "why.slower": "{engine} stays: it made {cpu} steps/s here, the GPU {gpu}.",
  "why.faster": "The GPU won the race on this experiment: {gpu} steps/s against {cpu} on {engine}. It goes on from the same step.",
  "why.stays": "{engine} stays.", "why.cutShort": "The race with the GPU ended before it was decided.",
  "why.not": "{engine} could not be used.",
  "why.noSimd": "This browser's WebAssembly has no SIMD, which cpu needs; ndarray does without.",
  "why.noWebgpu": "This browser offers no WebGPU to workers.",
  "why.noAdapter": "The browser has WebGPU but found no usable GPU.",
  "why.software": "The only adapter ({name}) is a software GPU: it computes on the same processor, more slowly.",
  "why.selfTest": "The GPU gave wrong numbers in the self-test: {detail}",
  "why.silent": "The GPU did not answer.",
  "why.broke": "{message}",

  "busy.start": "Starting the run…", "busy.engine": "Loading the engine {engine}…",
  "busy.selfTest": "Checking the GPU against known values…",
  "data.loading": "Loading {title}, file {shard} of {of}", "data.percent": "{percent} %",
  "data.more": "{title}: file {shard} of {of} is loading in the background, {percent} %",
  "data.failed": "{title}, file {shard}, could not be loaded: {message}", "data.retry": "Try again",

  "notice.notResumed": "The trained weights could not be taken over, so this run begins again at step 0.",
  "problem.dismiss": "Dismiss", "problem.title": "Part of the link was not understood; the rest applies.",
  "field.default": "Back to {value}", "field.less": "Less: {field}", "field.more": "More: {field}", "field.about": "What is “{field}”?",
  "layers.width": "{field}: width of layer {n}", "layers.add": "{field}: add a layer", "layers.remove": "{field}: remove layer {n}",
  "layers.in": "Inputs", "layers.out": "Outputs", "seed.dice": "Draw a new seed",

  "foot.what": "What is a GAN?",
  "foot.about": "Two networks play a game. The generator G turns random noise into samples. The discriminator D sees real data and samples, and learns to tell them apart; G learns to make D mistake its samples for real. When neither can improve, D answers one half everywhere and G's samples follow the data. Getting there is the hard part: the game can collapse, stall or blow up, and here you can watch it happen.",
  "foot.examples": "Try", "foot.licence": "MIT or Apache-2.0. Everything runs in this tab; nothing is sent anywhere.",
  "foot.paper": "Goodfellow et al., Generative Adversarial Nets, 2014",
  "example.ring": "8-Gaussian ring", "example.grid": "25-Gaussian grid", "example.moons": "two moons", "example.mnist": "MNIST digits",
  "example.collapse": "lesson: mode collapse", "example.instability": "lesson: instability",
};
