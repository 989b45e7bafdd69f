/** What do the losses tell? */
/** @type {import("./list.js").Lesson} */
export const losses = {
  name: "losses",
  link: "v=2&d=8,8&ema=0",
  title: {
    en: "What do the losses tell?",
    zh: "损失说明了什么？",
  },
  watch: {
    en: "The chart of losses, and the picture. Here nearly everything is missing: the samples sit on one cloud or two.",
    zh: "看损失曲线，再看图。这里几乎什么都缺：样本只挤在一两团上。",
  },
  figures: ["modes", "hq", "loss_d", "loss_g"],
  task: {
    en: "Let each of the two runs go on for 3,000 steps, and compare their losses.",
    zh: "让两次训练各跑 3000 步，比较它们的损失。",
  },
  deeds: [
    { what: { en: "The same with a D that is wide enough", zh: "同样的设置，D 足够宽" }, link: "v=2&ema=0" },
  ],
  ask: {
    en: "Could you tell from the losses alone which run is the good one?",
    zh: "只看损失，你能说出哪一次训练是好的吗？",
  },
  answer: {
    en: "Hardly. In both D’s loss lies about log 4 = 1.39 and G’s about log 2 = 0.69, their values where D can only guess; the bad run’s only swing more widely. A loss of a GAN says how the two stand to each other, not how far G is from the data. For that one measures samples: modes held, the share of samples on them, distances.",
    zh: "几乎不能。两次训练里 D 的损失都在 log 4 = 1.39 上下，G 的都在 log 2 = 0.69 上下，也就是 D 只能瞎猜时的值；坏的那次只是摆动得更厉害。GAN 的损失说的是双方谁占上风，而不是 G 离数据有多远。要知道这一点，得测量样本：占住的模式、落在其上的比例、距离。",
  },
};
