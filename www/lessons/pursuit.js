/** What does G do when D stands still? */
/** @type {import("./list.js").Lesson} */
export const pursuit = {
  name: "pursuit",
  link: "v=2&ema=0&300:dsteps=0",
  title: {
    en: "What does G do when D stands still?",
    zh: "D 不动时，G 会做什么？",
  },
  watch: {
    en: "From step 300 on only G is updated. D, and with it the colour, stays as it is.",
    zh: "从第 300 步起只更新 G。D 不再改变，底色也就不变。",
  },
  figures: ["modes", "loss_g"],
  task: {
    en: "Watch where the orange points go from step 300 on, then let D play again.",
    zh: "看看第 300 步以后橙点去了哪里，然后让 D 重新加入。",
  },
  deeds: [
    { what: { en: "D plays again", zh: "让 D 重新加入" }, changes: "dsteps=1" },
  ],
  ask: {
    en: "G’s loss falls all the while. Is G getting better?",
    zh: "G 的损失一直在下降。G 变好了吗？",
  },
  answer: {
    en: "Better at its task, which is to please this one D. All its samples run to the few places where D is surest, or out of the picture, where D has never looked: nothing in G’s loss asks for variety. Variety comes from D alone, which lowers its opinion of a place as soon as too many samples lie there.",
    zh: "是更会讨好眼前这个 D 了，它的任务就是这个。所有样本都跑向 D 最有把握的少数几处，或者跑出画面，到 D 从没看过的地方：G 的损失里没有任何东西要求多样。多样性只来自 D：某处样本一多，D 就会降低对那里的评价。",
  },
  from: { what: { en: "Goodfellow 2016, NIPS tutorial, section 5", zh: "Goodfellow 2016，NIPS 教程，第 5 节" }, href: "https://arxiv.org/abs/1701.00160" },
};
