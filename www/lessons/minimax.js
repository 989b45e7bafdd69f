/** Is there a best way to play? */
/** @type {import("./list.js").Lesson} */
export const minimax = {
  name: "minimax",
  link: "v=2&data=point&family=matrix",
  pace: 100,
  title: {
    en: "Is there a best way to play?",
    zh: "有没有最好的打法？",
  },
  watch: {
    en: "Matching pennies: G pays D 1 if both show the same side of a coin, and D pays G 1 if not. Across is how often G shows heads, upwards how often D does; the colours are what G pays on average, and both follow their slopes.",
    zh: "猜硬币：两枚硬币同面，G 付给 D 1；不同面，D 付给 G 1。横轴是 G 出正面的概率，纵轴是 D 的；颜色是 G 平均要付多少，双方各沿自己的坡度走。",
  },
  figures: ["gapnow", "gap", "paid"],
  task: {
    en: "Let it run for 2,000 steps, then let them learn in another way. Compare the gap of how they play now with that of their averages.",
    zh: "让它走 2000 步，再换一种学法。比较“现在的打法”与“平均打法”各自的对偶间隙。",
  },
  deeds: [
    { what: { en: "Both move at once", zh: "双方同时走" }, changes: "learning=gradient&order=simultaneous" },
    { what: { en: "Look a step ahead (extragradient)", zh: "先看一步再走（外梯度）" }, changes: "learning=gradient&order=extragradient" },
    { what: { en: "Answer all that was played so far", zh: "针对对方迄今的全部出手" }, changes: "learning=fictitious&order=simultaneous" },
    { what: { en: "Rock, paper, scissors for 1, 2 and 3 (starts anew)", zh: "赌注为 1、2、3 的石头剪刀布（重新开始）" }, changes: "game=prizes" },
  ],
  ask: {
    en: "Half and half is best for both, and nobody can be made to lose by it. Why does nobody stay there?",
    zh: "一半一半对双方都最好，谁也无法让你因此吃亏。为什么谁都不停在那里？",
  },
  answer: {
    en: "Von Neumann proved in 1928 that such a way to play exists: mixed, the least that G can be made to pay is the most that D can be sure of. Learning is another matter. Each player is pulled to what is best against the other as it plays now, and that pull goes around the equilibrium, not towards it; moving at once drives both to the edge. But what each has played on average comes ever nearer, for every one of these ways, even where a player only ever shows one side. Looking a step ahead brings the play itself to rest. A GAN is such a game with millions of numbers instead of two, and what it shows is its last play, not its average, unless one averages G’s weights.",
    zh: "冯·诺伊曼在 1928 年证明了这样的打法存在：允许混合时，G 至少会被迫付出的，恰是 D 能确保得到的。学习却是另一回事。每一方都被拉向“针对对方此刻打法”的最好应对，而这股拉力绕着均衡点转，并不指向它；同时走会把双方推到边缘。但是双方平均下来的打法却越来越近，这里的每种学法都如此，哪怕其中一方每次只出一面。先看一步再走，才让打法本身停下来。GAN 就是这样的博弈，只是把两个数换成了几百万个；它展示的是最后一手，而不是平均，除非对 G 的权重取平均。",
  },
  from: { what: { en: "von Neumann 1928", zh: "冯·诺伊曼 1928" }, href: "https://doi.org/10.1007/BF01448847" },
};
