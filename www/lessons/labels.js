/** What is a label worth? */
/** @type {import("./list.js").Lesson} */
export const labels = {
  name: "labels",
  link: "v=2&data=ring8&family=cgan&d=8,8",
  title: {
    en: "What is a label worth?",
    zh: "一个标签值多少？",
  },
  watch: {
    en: "A conditional GAN: each point of the data comes with the number of its cloud, G is told which cloud it is to paint, and D is told which it is looking at. A colour for each. The networks are those of the ring that hops: a D of two layers of eight.",
    zh: "条件 GAN：每个数据点都带着它所在那一团的编号，G 被告知要画哪一团，D 被告知它在看哪一团。每团一种颜色。网络和“跳来跳去”的环一样：D 只有两层，每层八个。",
  },
  figures: ["modes", "hq", "sw"],
  task: {
    en: "Let it run for 3,000 steps. Then take the labels away: the same D beside a G that is told nothing.",
    zh: "跑 3000 步。然后拿走标签：同样的 D，配一个什么也不被告知的 G。",
  },
  deeds: [
    { what: { en: "Without labels", zh: "没有标签" }, link: "v=2&data=ring8&d=8,8" },
    { what: { en: "With labels, D only names the cloud", zh: "有标签，D 只负责说出是哪一团" }, link: "v=2&data=ring8&family=acgan&d=8,8" },
  ],
  ask: {
    en: "Why can the samples not leave a cloud here, as they do without labels? And would a share of 100 % on the clouds, which some seeds reach, be better than the ideal of 98.9 %?",
    zh: "为什么这里的样本不会离开一团，而没有标签时会？有的种子落在团上的比例达到 100 %，比理想的 98.9 % 更好吗？",
  },
  answer: {
    en: "Without labels D only asks whether a point is real: when it has learned that the samples’ cloud is crowded, any other cloud looks better, and all samples leave at once. With labels it asks whether a point is a real one of cloud three. Another cloud is then no way out but plainly wrong, so the game falls into eight small games, each of one cloud, and of those none can hop. In 5 of 5 runs all eight are held, where the same D without labels holds none. That is much of why pictures made to order are better than pictures of anything. It asks for labels, and for a D that sees them. And 100 % would be no better: of the data itself 98.9 % lie within 3σ, so such clouds are narrower than the data’s.",
    zh: "没有标签时，D 只问一个点是不是真的：一旦它学会样本所在的那一团太挤，别的哪一团都显得更好，于是所有样本一起搬走。有标签时，它问的是：这是不是第三团的真点？去别的团就不再是出路，而是明显的错，于是这场博弈分成八场小博弈，每场只有一团，谁也跳不了。五次训练里五次都占住全部八团，而同样的 D 没有标签时一团也占不住。按要求画的图比随便画的图好，很大程度上就因为这个。代价是要有标签，还要有看得见标签的 D。另外，100 % 并不更好：数据本身也只有 98.9 % 落在 3σ 以内，所以那样的团比数据的窄。",
  },
  from: { what: { en: "Mirza and Osindero 2014", zh: "Mirza 与 Osindero 2014" }, href: "https://arxiv.org/abs/1411.1784" },
};
