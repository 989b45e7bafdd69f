/** Likelihood or samples? */
/** @type {import("./list.js").Lesson} */
export const likelihood = {
  name: "likelihood",
  link: "v=2&family=kde",
  title: {
    en: "Likelihood or samples?",
    zh: "看似然，还是看样本？",
  },
  watch: {
    en: "No game: a model that puts a small bell on every point of the data that it has been given, and can say how likely anything is. Its log-likelihood is of points that it has not seen; beside it stands what the true law would give.",
    zh: "没有博弈：这个模型在它得到的每个数据点上放一个小钟形，因此能说出任何东西有多可能。它的对数似然针对没见过的点；旁边是真实分布会给出的值。",
  },
  figures: ["loglik", "hq"],
  task: {
    en: "Look at four models of the same ring, each for some hundred steps. Which of them finds points that it has not seen likeliest, and which makes the best samples?",
    zh: "看看同一个环的四种模型，各跑几百步。哪一种认为没见过的点最可能，哪一种的样本最好？",
  },
  deeds: [
    { what: { en: "One Gaussian", zh: "一个高斯" }, link: "v=2&family=gaussian" },
    { what: { en: "A mixture of Gaussians", zh: "高斯混合" }, link: "v=2&family=mixture" },
    { what: { en: "A bell on every point", zh: "每个点一个钟形" }, link: "v=2&family=kde" },
    { what: { en: "A GAN, which has no likelihood", zh: "GAN，它没有似然" }, link: "v=2" },
  ],
  ask: {
    en: "Sort the three that have a likelihood by it, and then by the share of samples on the clouds. Is it the same order, and must it be?",
    zh: "把有似然的三种按似然排序，再按落在团上的样本比例排序。两个顺序一样吗？一定会一样吗？",
  },
  answer: {
    en: "Here it is the same, whichever two are compared. One Gaussian has the right mean and the right spread, and puts one sample in fourteen on a cloud. The bells lose a tenth of a nat to the true law on points that they have not seen, and make good samples. The mixture comes within a few hundredths of the truth, unless it is caught with two bells on one cloud, which both numbers show. But they are two questions: a model that is right one time in a hundred and noise otherwise loses log 100 = 4.6 nats at the most, which is nothing beside the hundreds of nats of an image, and 99 of its samples are noise. A GAN answers only the second question.",
    zh: "在这里一样，任取两种比较都一样。单个高斯的均值和离散程度都对，十四个样本里却只有一个落在团上。那些钟形在没见过的点上比真实分布少十分之一奈特，样本不错。混合模型与真实分布只差百分之几，除非两个钟形挤在同一团上，那时两个数都看得出来。但这是两个问题：一个模型若一百次里只有一次对、其余都是噪声，似然最多损失 log 100 = 4.6 奈特，与图像的数百奈特相比微不足道，而一百个样本里有九十九个是噪声。GAN 只回答第二个问题。",
  },
  from: { what: { en: "Theis et al. 2016", zh: "Theis 等 2016" }, href: "https://arxiv.org/abs/1511.01844" },
};
