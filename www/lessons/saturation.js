/** Why −log D and not log(1 − D)? */
/** @type {import("./list.js").Lesson} */
export const saturation = {
  name: "saturation",
  link: "v=2&ema=0&gsteps=0&objective=minimax",
  title: {
    en: "Why −log D and not log(1 − D)?",
    zh: "为什么用 −log D 而不用 log(1 − D)？",
  },
  watch: {
    en: "Only D is updated, and after a few hundred steps it is sure of every sample. Among the measurements, “pull on G” is the length of the gradient that G would follow.",
    zh: "这里只更新 D，几百步以后它对每个样本都确信无疑。测量里的“G 所受的拉力”是 G 将要跟随的梯度的长度。",
  },
  figures: ["grad_g", "d_sure"],
  task: {
    en: "At step 1,500 or so, switch the objective, and look at the pull at the next measurement. Switch back, and let G play.",
    zh: "大约到第 1500 步时换一个目标函数，看下一次测量时的拉力。再换回来，让 G 加入。",
  },
  deeds: [
    { what: { en: "−log D (non-saturating)", zh: "−log D（非饱和）" }, changes: "objective=nonsaturating" },
    { what: { en: "log(1 − D) (minimax)", zh: "log(1 − D)（极小极大）" }, changes: "objective=minimax" },
    { what: { en: "G plays, by plain gradient descent", zh: "G 加入，用普通梯度下降" }, changes: "gsteps=1&gopt=sgd&glr=0.01" },
    { what: { en: "G plays, by Adam", zh: "G 加入，用 Adam" }, changes: "gsteps=1&gopt=adam&glr=0.002" },
  ],
  ask: {
    en: "Both objectives ask for the same: samples that D takes for real. Why does one pull, and the other not?",
    zh: "两个目标函数要的是同一件事：让 D 把样本当真。为什么一个有拉力，另一个没有？",
  },
  answer: {
    en: "Because log(1 − D) is flat where D is near 0, which is where all samples begin; −log D is steepest there. With a D that is sure, the pull of the one is less than a thousandth of the other’s. By plain gradient descent G then stays where it is, or is thrown off: in none of five runs did it hold a single cloud 3,000 steps later, where with −log D it held two to six. Adam divides a gradient by its own size, so with Adam nothing of this is seen: both learn the ring.",
    zh: "因为在 D 接近 0 的地方，log(1 − D) 是平的，而所有样本都从那里开始；−log D 在那里最陡。当 D 确信无疑时，前者的拉力不到后者的千分之一。用普通梯度下降，G 要么停在原地，要么被甩出去：五次训练中没有一次在 3000 步之后占住哪怕一团，而用 −log D 占住了两到六团。Adam 会把梯度除以它自身的大小，所以用 Adam 就看不到这一点：两者都能学会环。",
  },
  from: { what: { en: "Goodfellow et al. 2014, section 3", zh: "Goodfellow 等 2014，第 3 节" }, href: "https://arxiv.org/abs/1406.2661" },
};
