/** What does averaging show? */
/** @type {import("./list.js").Lesson} */
export const averaging = {
  name: "averaging",
  link: "v=2",
  title: {
    en: "What does averaging show?",
    zh: "求平均能看到什么？",
  },
  watch: {
    en: "The samples come from a running mean of G’s weights over about 500 updates, not from the weights that play.",
    zh: "样本来自 G 的权重约 500 次更新的滑动平均，而不是正在博弈的权重。",
  },
  figures: ["modes", "hq"],
  task: {
    en: "Switch the mean off and on, early and late. Then look at the hopping run through a mean.",
    zh: "在早期和晚期分别关掉和打开平均。再透过平均看看跳来跳去的那次训练。",
  },
  deeds: [
    { what: { en: "Without the mean", zh: "不求平均" }, changes: "ema=0" },
    { what: { en: "With the mean", zh: "求平均" }, changes: "ema=0.998" },
    { what: { en: "The hopping run, through a mean", zh: "透过平均看跳跃的训练" }, link: "v=2&d=8,8" },
  ],
  ask: {
    en: "A mean makes the picture calmer. Does it make a bad run good?",
    zh: "平均让画面更平静。它能让坏的训练变好吗？",
  },
  answer: {
    en: "No. A mean takes the trembling out of a run that circles about its goal, so a larger share of the samples lies on the clouds: clearly so at step 200, by a point or two on average later. But a mean over weights that jump from cloud to cloud lies on none of them: it shows a smear in the middle, and it changes nothing in the game, since nobody plays against it.",
    zh: "不能。平均会去掉围绕目标打转时的抖动，所以落在数据团上的样本更多：在第 200 步很明显，之后平均只多一两个百分点。但是如果权重在各团之间跳跃，它们的平均不在任何一团上：看到的只是中间的一片模糊。而且它对博弈毫无影响，因为没有人和它对局。",
  },
  from: { what: { en: "Yazıcı et al. 2019", zh: "Yazıcı 等 2019" }, href: "https://arxiv.org/abs/1806.04498" },
};
