/** Why do they circle? */
/** @type {import("./list.js").Lesson} */
export const circles = {
  name: "circles",
  link: "v=2&data=point&family=toy&objective=wasserstein",
  pace: 100,
  title: {
    en: "Why do they circle?",
    zh: "为什么会绕圈？",
  },
  watch: {
    en: "The smallest GAN there is: G has one number θ, where it puts its one sample, and D has one number ψ, its slope. Short lines show which way a state is pulled, the curve the way that this game has taken.",
    zh: "最小的 GAN：G 只有一个数 θ，也就是它唯一的样本所在；D 只有一个数 ψ，也就是它的斜率。短线表示各状态被拉向何方，曲线是这场博弈走过的路。",
  },
  figures: ["radius", "re", "im", "factor"],
  task: {
    en: "Let it run, then change who moves when, and put a penalty on D’s slope.",
    zh: "先让它走一会儿，再改变谁先谁后，然后给 D 的斜率加上惩罚。",
  },
  deeds: [
    { what: { en: "Both move at once", zh: "双方同时走" }, changes: "order=simultaneous&penalty=none" },
    { what: { en: "Look a step ahead (extragradient)", zh: "先看一步再走（外梯度）" }, changes: "order=extragradient&penalty=none" },
    { what: { en: "In turn, with R1", zh: "轮流走，加 R1" }, changes: "order=alternating&penalty=r1&r1=1" },
    { what: { en: "In turn, without", zh: "轮流走，不加" }, changes: "order=alternating&penalty=none" },
  ],
  ask: {
    en: "Both players follow their slopes, and neither makes a mistake. Why do they not arrive?",
    zh: "双方都沿着自己的坡度走，谁也没有犯错。为什么走不到终点？",
  },
  answer: {
    en: "Because the slopes point along circles around the equilibrium and never towards it: the eigenvalues there are ±i, without a real part. Moving in turn, small steps stay on such a ring; moving at once, each step leads outwards, to √(1 + h²) times the distance. Looking a step ahead turns each step inwards. R1 pulls D’s slope to 0 where data are, which gives the eigenvalues a negative real part: then the same steps spiral in.",
    zh: "因为坡度沿着围绕均衡点的圆，从不指向它：那里的特征值是 ±i，没有实部。轮流走时，小步会留在这样的环上；同时走时，每一步都向外，距离变成 √(1 + h²) 倍。先看一步再走，每一步就转向里。R1 在有数据的地方把 D 的斜率拉向 0，使特征值有了负的实部：同样的步子便螺旋地走进去。",
  },
  from: { what: { en: "Mescheder et al. 2018", zh: "Mescheder 等 2018" }, href: "https://arxiv.org/abs/1801.04406" },
};
