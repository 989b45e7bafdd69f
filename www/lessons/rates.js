/** Who should be faster? */
/** @type {import("./list.js").Lesson} */
export const rates = {
  name: "rates",
  link: "v=2&ema=0&dlr=0.0001",
  title: {
    en: "Who should be faster?",
    zh: "谁该更快？",
  },
  watch: {
    en: "Both networks move by Adam, whose steps are about as large as the learning rate. Here D’s are a twentieth of G’s: 0.0001 beside 0.002. Watch where the samples go, and how long D’s map takes to answer.",
    zh: "两个网络都用 Adam，它每步的大小约等于学习率。这里 D 的学习率是 G 的二十分之一：0.0001 对 0.002。看样本往哪里去，D 的图过多久才跟上。",
  },
  figures: ["modes", "hq", "sw"],
  task: {
    en: "Let it run for 3,000 steps. Then let D be half as fast as G, as fast, and faster: each for 3,000 steps.",
    zh: "跑 3000 步。然后让 D 是 G 的一半快、一样快、更快：每种各跑 3000 步。",
  },
  deeds: [
    { what: { en: "Half as fast: 0.001", zh: "一半快：0.001" }, link: "v=2&ema=0&dlr=0.001" },
    { what: { en: "As fast: 0.002", zh: "一样快：0.002" }, link: "v=2&ema=0&dlr=0.002" },
    { what: { en: "Faster: 0.005", zh: "更快：0.005" }, link: "v=2&ema=0&dlr=0.005" },
  ],
  ask: {
    en: "A judge who learns faster than the forger: is the game not lost then? And what does G learn from a D that knows only where the samples were twenty steps ago?",
    zh: "裁判比伪造者学得还快，这场博弈不就输定了吗？如果 D 只知道样本二十步之前在哪里，G 能从它那里学到什么？",
  },
  answer: {
    en: "A slow D points at where the samples were. G runs to where D has not looked yet, D follows late, and all samples chase it around the ring: in 5 of 5 runs at most one mode is held. At half of G’s rate all eight are found, with 79 to 95 % of the samples on them; as fast as G, with 93 to 96 %; at 0.005 with 95 to 96 % in each of five runs. What G follows is D’s slope, and that is worth most when D is near its best answer to the samples as they are now. It is also why D may be updated several times a step, and why each player may have a rate of its own. It is no law without limits: at 0.01 one of five loses a mode, and where both clouds and samples can be told apart at once, a D that has won gives no slope at all under log(1 − D): that is another lesson.",
    zh: "慢的 D 指的是样本从前所在的地方。G 跑到 D 还没看过的地方，D 晚一步跟来，于是所有样本绕着环追逐：五次训练里五次都最多占住一团。D 有 G 的一半快时，五次都找到全部八团，落在团上的样本有 79 到 95 %；一样快时 93 到 96 %；0.005 时五次都有 95 到 96 %。G 跟随的是 D 的斜率，D 越接近对当前样本的最佳回答，这斜率就越有价值。所以 D 每步可以更新几次，两个玩家也可以各有各的学习率。但这不是没有限度的规律：0.01 时五次里有一次丢了一团；而当真假一眼就能分开时，赢了的 D 在 log(1 − D) 下完全没有斜率：那是另一课。",
  },
  from: { what: { en: "Heusel et al. 2017, two time scales", zh: "Heusel 等 2017，两个时间尺度" }, href: "https://arxiv.org/abs/1706.08500" },
};
