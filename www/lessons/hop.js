/** Why does the ring hop? */
/** @type {import("./list.js").Lesson} */
export const hop = {
  name: "hop",
  link: "v=2&d=8,8&ema=0",
  title: {
    en: "Why does the ring hop?",
    zh: "为什么样本在环上跳来跳去？",
  },
  watch: {
    en: "This discriminator has two layers of 8 units. All samples sit together on one cloud or two, and jump on as soon as D has found out.",
    zh: "这个判别器只有两层、每层 8 个单元。所有样本挤在一两团上，D 一发现，它们就一起跳走。",
  },
  figures: ["modes", "hq"],
  task: {
    en: "Let it run for 2,000 steps, then try the changes, one after the other.",
    zh: "先让它训练 2000 步，再逐一试试这些改变。",
  },
  deeds: [
    { what: { en: "Five D updates a step", zh: "每步更新 D 五次" }, changes: "dsteps=5" },
    { what: { en: "Judge two samples as one (starts anew)", zh: "把两个样本当作一个来判别（重新开始）" }, changes: "pac=2" },
    { what: { en: "Tell D how much its batch differs (starts anew)", zh: "告诉 D 同批样本之间差多少（重新开始）" }, changes: "mb=deviation" },
    { what: { en: "A wider D (starts anew)", zh: "更宽的 D（重新开始）" }, changes: "d=64,64" },
  ],
  ask: {
    en: "Every sample that D sees is on the data. What does D not see?",
    zh: "D 看到的每个样本都落在数据上。那么 D 看不到什么？",
  },
  answer: {
    en: "That all the others are there too. D judges samples one by one, and one on a cloud is as good as real; what is missing elsewhere shows only in how often it sees what, and a small D is too slow and too coarse to raise its opinion of seven clouds before G has moved on. A D that is wider keeps up, and finds all eight; one that is updated five times a step finds five to eight of them from where the run is; one that judges two samples at a time sees at once that both are alike; and one that is told by how much the samples of a batch differ sees it in a single number.",
    zh: "看不到其他样本也都在那里。D 逐个判断样本，落在数据团上的就和真的一样好；别处缺了什么，只能从见到的频率里看出来，而小小的 D 太慢太粗，还没来得及提高对另外七团的评价，G 已经走了。更宽的 D 跟得上，能找到全部八团；每步更新五次的 D 能从当前状态找回五到八团；一次判断两个样本的 D 立刻看出它们是一样的；而告诉它同批样本差多少，D 从一个数里就能看出来。",
  },
  tried: {
    about: {
      en: "Each from this small D, over five seeds: how many of the eight clouds hold samples, and which share of all samples lies on clouds.",
      zh: "都从这个小 D 出发，各跑五个种子：八团中有几团有样本，以及落在数据团上的样本占多少。",
    },
    head: [{ en: "steps", zh: "步数" }, { en: "clouds, of 8", zh: "数据团（共 8）" }, { en: "on them", zh: "落在其上" }],
    rows: [
      { what: { en: "nothing", zh: "什么也不改" }, found: ["3,000", "1 0 1 0 3", "—"], helps: false },
      { what: { en: "D of 64 and 64 units, from the start", zh: "D 为 64、64 个单元，从头开始" }, found: ["3,000", "8 8 8 8 8", "94 %"], helps: true },
      { what: { en: "D is told of neighbours in its batch (mb=kernels), from the start", zh: "告诉 D 同批样本的邻近程度（mb=kernels），从头开始" }, found: ["3,000", "8 8 8 8 8", "83 %"], helps: true },
      { what: { en: "D is told how much its batch differs (mb=deviation), from the start", zh: "告诉 D 同批样本差多少（mb=deviation），从头开始" }, found: ["3,000", "7 8 8 7 8", "75 %"], helps: true },
      { what: { en: "two samples judged as one, from the start", zh: "两个样本当作一个来判别，从头开始" }, found: ["6,000", "8 8 8 7 8", "80 %"], helps: true },
      { what: { en: "G foresees five answers of D (unroll=5), from the start", zh: "G 预想 D 的五步应答（unroll=5），从头开始" }, found: ["3,000", "5 7 6 6 8", "55 %"], helps: false },
      { what: { en: "five updates of D a step, as it runs", zh: "每步更新 D 五次，中途改变" }, found: ["+3,000", "7 8 5 6 6", "65 %"], helps: false },
      { what: { en: "G at a quarter of its rate, as it runs", zh: "G 的学习率降到四分之一，中途改变" }, found: ["+3,000", "7 5 6 0 8", "32 %"], helps: false },
      { what: { en: "consensus of .1, from the start", zh: "共识优化 0.1，从头开始" }, found: ["3,000", "1 1 5 6 7", "35 %"], helps: false },
      { what: { en: "extragradient, from the start", zh: "外梯度，从头开始" }, found: ["3,000", "2 1 3 3 1", "15 %"], helps: false },
    ],
  },
  from: { what: { en: "Lin et al. 2018, PacGAN", zh: "Lin 等 2018，PacGAN" }, href: "https://arxiv.org/abs/1712.04086" },
};
