/** Several samples at once? */
/** @type {import("./list.js").Lesson} */
export const packs = {
  name: "packs",
  link: "v=2&d=8,8&ema=0",
  title: {
    en: "What if D judged several samples at once?",
    zh: "如果 D 一次评判好几个样本呢？",
  },
  watch: {
    en: "A narrow D, and samples that sit on a cloud or two and jump together to the next. D looks at one sample at a time: each of them lies where data are, so no single one gives G away.",
    zh: "D 很窄，样本挤在一两团上，又一起跳到下一团。D 一次只看一个样本：每个样本都落在有数据的地方，单看哪一个都露不出破绽。",
  },
  figures: ["modes", "hq"],
  task: {
    en: "Give the same narrow D two samples at a time, then four, and let each run for 3,000 steps.",
    zh: "让同样窄的 D 一次看两个样本，再看四个，各跑 3000 步。",
  },
  deeds: [
    { what: { en: "Two at a time", zh: "一次两个" }, link: "v=2&d=8,8&ema=0&pac=2" },
    { what: { en: "Four at a time", zh: "一次四个" }, link: "v=2&d=8,8&ema=0&pac=4" },
    { what: { en: "One at a time", zh: "一次一个" }, link: "v=2&d=8,8&ema=0" },
  ],
  ask: {
    en: "D has not become wider. What does it see in two samples that it cannot see in one?",
    zh: "D 并没有变宽。它从两个样本里看到了什么，是从一个样本里看不到的？",
  },
  answer: {
    en: "That they are alike. Two real points lie on the same cloud once in eight times; two samples of a G that knows one cloud, always. So lack of variety, which no single sample shows, becomes something that D can point at, and G has to spread to pass. It finds four to eight clouds where it held none to three, in every run that was tried; but many samples still lie between them, since D is as narrow as before. A wider D helps more.",
    zh: "看到它们彼此相像。两个真实的点八次里才有一次落在同一团；而只会一团的 G，两个样本总在同一团。缺乏多样性在单个样本上看不出来，现在却成了 D 可以指出的东西，G 必须分散开才能过关。试过的每一次里，它都从零到三团变成四到八团；不过仍有许多样本落在团与团之间，因为 D 还是那么窄。把 D 加宽更有用。",
  },
  from: { what: { en: "Lin et al. 2018, PacGAN", zh: "Lin 等 2018，PacGAN" }, href: "https://arxiv.org/abs/1712.04086" },
};
