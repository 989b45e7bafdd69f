/** What holds a critic? */
/** @type {import("./list.js").Lesson} */
export const critic = {
  name: "critic",
  link: "v=2&objective=wasserstein&ema=0",
  title: {
    en: "What holds a critic?",
    zh: "拿什么约束评论家？",
  },
  watch: {
    en: "Here D does not say how likely a point is real. It gives every point a number, and only differences count: high where data are, low where samples are. Nothing says how high.",
    zh: "这里 D 不说一个点有多可能是真的，而是给每个点一个数，只有差别算数：有数据的地方高，有样本的地方低。没有什么规定可以多高。",
  },
  figures: ["modes", "hq", "loss_d"],
  task: {
    en: "Watch for 2,000 steps, and try another seed or two. Then hold the critic: by keeping its weights small, or by a penalty on how fast it changes.",
    zh: "先看 2000 步，再换一两个随机种子。然后约束评论家：把它的权重限制在小范围内，或者惩罚它变化得太快。",
  },
  deeds: [
    { what: { en: "Weights of 0.01 at most", zh: "权重不超过 0.01" }, link: "v=2&objective=wasserstein&ema=0&penalty=clip" },
    { what: { en: "A gradient penalty, two critic steps", zh: "梯度惩罚，评论家走两步" }, link: "v=2&objective=wasserstein&ema=0&penalty=gp&dsteps=2" },
    { what: { en: "Held by nothing", zh: "不加约束" }, link: "v=2&objective=wasserstein&ema=0" },
  ],
  ask: {
    en: "If D may give any numbers, what does it gain by making all of them ten times larger?",
    zh: "如果 D 可以给任何数，把它们都放大十倍对它有什么好处？",
  },
  answer: {
    en: "Ten times the gain, without being any more right. So nothing stops its numbers from growing, G is pulled by their size as much as by where data lie, and the run is a gamble: of five that were tried, two held all clouds after 2,000 steps and three held none to three. Clipped weights do hold it, and leave it so blunt that it sees hardly more than the middle: none to three clouds in all five. A penalty on how fast it changes leaves it sharp, with a slope of about 1: eight of eight in all five, and then its loss is a distance.",
    zh: "收益变成十倍，却并没有判断得更对。于是没有什么能阻止这些数越来越大，拉动 G 的既是数据所在，也是这些数的大小，训练成了碰运气：试过的五次里，2000 步后两次占住全部团，三次只有零到三团。截断权重确实约束了它，却让它钝得只看得见大致的中心：五次都只有零到三团。惩罚它变化的快慢，则让它保持敏锐，斜率约为 1：五次都是八团全占，这时它的损失就是一种距离。",
  },
  from: { what: { en: "Gulrajani et al. 2017", zh: "Gulrajani 等 2017" }, href: "https://arxiv.org/abs/1704.00028" },
};
