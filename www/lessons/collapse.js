/** Can lost modes come back? */
/** @type {import("./list.js").Lesson} */
export const collapse = {
  name: "collapse",
  link: "v=1&glr=0.0003&dlr=0.01&dsteps=2",
  title: {
    en: "Can lost modes come back?",
    zh: "丢掉的模式还能回来吗？",
  },
  watch: {
    en: "D runs far ahead, and G settles on a few of the eight clouds.",
    zh: "D 遥遥领先，G 只停在八团中的几团上。",
  },
  figures: ["modes", "hq"],
  task: {
    en: "Let it run for 4,000 steps. Change rates, the objective, the batch: does any of it bring the others back? Then begin again by rules that learn these data.",
    zh: "让它训练 4000 步。改改学习率、目标函数、批量：有哪个能把其余的找回来吗？然后用能学会这些数据的规则重新开始。",
  },
  deeds: [
    { what: { en: "Equal rates", zh: "学习率相等" }, changes: "glr=0.001&dlr=0.001&dsteps=1" },
    { what: { en: "From the start by better rules", zh: "用更好的规则从头开始" }, link: "v=2" },
  ],
  ask: {
    en: "Where would a sample have to go to find a cloud that is missing?",
    zh: "样本要到哪里去，才能找到缺失的那一团？",
  },
  answer: {
    en: "Through a gap in which D takes everything for false. A sample follows D’s slope, and from the clouds that it sits on every way leads down; what lies behind the gap it never sees. Fourteen ways of tuning the run that has collapsed were tried, and none brings all eight back; a new start by better rules does.",
    zh: "要穿过一道空隙，而 D 认为那里的一切都是假的。样本沿着 D 的坡度走，从它所在的那一团出发，每条路都是下坡；空隙后面有什么，它永远看不到。对已经崩塌的训练试过十四种调整，没有一种能找回全部八团；用更好的规则重新开始则可以。",
  },
};
