/** What if the samples and the data never meet? */
/** @type {import("./list.js").Lesson} */
export const overlap = {
  name: "overlap",
  link: "v=2&ema=0&gsteps=0&objective=minimax",
  title: {
    en: "What if samples and data never meet?",
    zh: "如果样本和数据从不相遇呢？",
  },
  watch: {
    en: "G stands still and D learns to tell its samples from the ring. They lie apart, so D can be right about every one of them: its loss falls to 0, its map is two flat colours with a cliff between. Look at the pull on G, the length of its gradient: on a plain there is no slope.",
    zh: "G 不动，D 学着把它的样本和环分开。两者相隔，所以 D 每一个都能判对：它的损失降到 0，它的图是两片平坦的颜色，中间一道悬崖。看“G 所受的拉力”，也就是它的梯度的长度：平地上没有坡。",
  },
  figures: ["grad_g", "d_sure", "modes", "sw"],
  task: {
    en: "Wait for 1,500 steps and let G play. Then start again, wait as long, and let G play while D sees everything through noise: each point, real or generated, is moved at random before D sees it, at first by .5, and less and less.",
    zh: "等 1500 步，让 G 加入。然后重新开始，等同样久，让 G 加入，同时让 D 隔着噪声看一切：每个点，真的或生成的，D 看之前都随机挪动，起初 0.5，然后越来越小。",
  },
  deeds: [
    { what: { en: "G plays, by plain gradient descent", zh: "G 加入，用普通梯度下降" }, changes: "gsteps=1&gopt=sgd&glr=0.01" },
    { what: { en: "Noise of .5, G still frozen", zh: "0.5 的噪声，G 仍不动" }, changes: "inoise=0.5" },
    { what: { en: "G plays, with noise that fades", zh: "G 加入，噪声逐渐消失" }, changes: "gsteps=1&gopt=sgd&glr=0.01&inoise=0.5&inoisespan=4000" },
  ],
  ask: {
    en: "The noise makes D worse at its task. Why does G learn better from a worse judge? And why may the noise not stay?",
    zh: "噪声让 D 判得更差。为什么 G 从更差的裁判那里反而学得更好？为什么噪声又不能一直留着？",
  },
  answer: {
    en: "Samples lie on a thin sheet, data on another, and two thin sheets in a plane or in the space of images hardly ever meet. Then some D is right everywhere, the distance that the game measures stands at its largest, log 2, wherever the samples are, and a G that moves a little changes nothing: its gradient is under .001. Noise makes both into clouds that cover the plane and overlap, so D can no longer be sure, and the nearer the samples come, the less sure it is. After 500 steps of D the gradient is 400 times as long or more in 5 of 5 runs. By plain descent G holds no mode without noise, in 5 of 5; with noise that fades over 4,000 steps it holds 8, 6, 6, 8 and 8. While the noise is there the two blurred laws are matched, not the data, so it fades. −log D and Adam are other ways past the flat loss: they make the little slope count. A Wasserstein critic is a third: its distance falls also while nothing meets.",
    zh: "样本落在一张薄片上，数据落在另一张上；平面里也好，图像空间里也好，两张薄片几乎从不相遇。于是有一个 D 处处判对，博弈所量的距离停在最大值 log 2，不管样本在哪里；G 挪动一点也毫无变化：它的梯度不到 0.001。噪声把两者变成铺满平面、互相重叠的云，D 不再有把握，样本越近它越没把握。D 再学 500 步之后，五次训练里五次梯度都长了 400 倍以上。用普通下降，没有噪声时 G 五次都一团也占不住；噪声在 4000 步里消失时，占住 8、6、6、8、8 团。噪声还在时，对上的是两个模糊了的分布，而不是数据本身，所以它要消失。−log D 和 Adam 是绕过平坦损失的另外两条路：它们让微小的坡也起作用。Wasserstein 评论家是第三条：即使什么也没有相遇，它的距离也会下降。",
  },
  from: { what: { en: "Arjovsky and Bottou 2017", zh: "Arjovsky 与 Bottou 2017" }, href: "https://arxiv.org/abs/1701.04862" },
};
