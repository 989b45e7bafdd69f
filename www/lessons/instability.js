/** What calms a game that swings? */
/** @type {import("./list.js").Lesson} */
export const instability = {
  name: "instability",
  link: "v=1&glr=0.004",
  title: {
    en: "What calms a game that swings?",
    zh: "怎样让摇摆的博弈平静下来？",
  },
  watch: {
    en: "G moves four times as fast as D. Its samples jump from cloud to cloud, or leave the data altogether.",
    zh: "G 的速度是 D 的四倍。它的样本从一团跳到另一团，或者干脆离开数据。",
  },
  figures: ["modes", "sw"],
  task: {
    en: "Let it run for 3,000 steps. Then give G the rate of D, 0.001, or press the button of the health card.",
    zh: "让它训练 3000 步。然后把 G 的学习率改成和 D 一样的 0.001，或者按健康卡片上的按钮。",
  },
  deeds: [
    { what: { en: "G as fast as D", zh: "让 G 和 D 一样快" }, changes: "glr=0.001" },
  ],
  ask: {
    en: "Why is it D that should be ahead, and not G?",
    zh: "为什么应该领先的是 D，而不是 G？",
  },
  answer: {
    en: "G only ever follows what D says at this moment. A D that lags says where G’s samples have been, so G runs to places that D has not looked at yet, and D comes after. With equal rates D has caught up before G has moved far, and what G follows is true.",
    zh: "G 只会跟随 D 此刻所说的。落后的 D 说的是样本曾经在哪里，于是 G 跑到 D 还没看过的地方，D 再追过去。学习率相等时，G 还没走远 D 就已跟上，G 所跟随的就是真实的差别。",
  },
  from: { what: { en: "Heusel et al. 2017, two time scales", zh: "Heusel 等 2017，双时间尺度" }, href: "https://arxiv.org/abs/1706.08500" },
};
