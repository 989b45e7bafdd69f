/** Who sees what? */
/** @type {import("./list.js").Lesson} */
export const sight = {
  name: "sight",
  link: "v=2&ema=0",
  title: {
    en: "Who sees what?",
    zh: "谁看得到什么？",
  },
  watch: {
    en: "Blue points are real, orange ones come from the generator G, and the colour is what the discriminator D says: blue where it takes a point for real.",
    zh: "蓝点是真实数据，橙点来自生成器 G，底色是判别器 D 的看法：蓝色处它认为是真的。",
  },
  figures: ["loss_d", "d_real", "d_generated"],
  task: {
    en: "Begin again, then let D move alone a few times, and then G.",
    zh: "从头开始，先让 D 单独走几步，再让 G 单独走几步。",
  },
  deeds: [
    { what: { en: "D moves alone", zh: "让 D 单独走一步" }, move: "d" },
    { what: { en: "G moves alone", zh: "让 G 单独走一步" }, move: "g" },
  ],
  ask: {
    en: "G never sees a blue point. How does it learn where they are?",
    zh: "G 从来看不到蓝点。它怎么知道它们在哪里？",
  },
  answer: {
    en: "Only from D. A move of D leaves every orange point where it is and changes the colour; a move of G leaves the colour alone and moves the points, each the way that the colour says is uphill. D in turn never sees the noise that G starts from. At first D cannot tell the two apart: it says about one half everywhere, and its loss is near log 4 = 1.39.",
    zh: "只能通过 D。D 走一步，橙点都不动，只有底色改变；G 走一步，底色不变，橙点沿着底色所指的上坡方向移动。反过来，D 也从来看不到 G 所用的噪声。一开始 D 分不清两者：它处处说大约一半，损失接近 log 4 = 1.39。",
  },
  from: { what: { en: "Goodfellow et al. 2014, algorithm 1", zh: "Goodfellow 等 2014，算法 1" }, href: "https://arxiv.org/abs/1406.2661" },
};
