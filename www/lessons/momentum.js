/** Does momentum help? */
/** @type {import("./list.js").Lesson} */
export const momentum = {
  name: "momentum",
  link: "v=2&ema=0&gb1=0.9&gb2=0.999&db1=0.9&db2=0.999",
  title: {
    en: "Does momentum help?",
    zh: "动量有帮助吗？",
  },
  watch: {
    en: "Adam with the memory that works for most networks, .9 and .999, here for both players.",
    zh: "Adam 用对多数网络都好用的记忆：.9 和 .999，两个玩家都用它。",
  },
  figures: ["modes", "hq"],
  task: {
    en: "Look at step 1,500. Then begin again without momentum, and look at the same step. At last let the first run go on to step 8,000.",
    zh: "看第 1500 步。然后去掉动量从头开始，看同一步。最后让第一次训练跑到第 8000 步。",
  },
  deeds: [
    { what: { en: "Without momentum", zh: "不用动量" }, link: "v=2&ema=0" },
    { what: { en: "With momentum", zh: "用动量" }, link: "v=2&ema=0&gb1=0.9&gb2=0.999&db1=0.9&db2=0.999" },
  ],
  ask: {
    en: "You change something at step 1,500, and by step 8,000 all is well. Did the change cure it?",
    zh: "你在第 1500 步改了某个设置，到第 8000 步一切都好了。是这个改变治好的吗？",
  },
  answer: {
    en: "Nobody knows without a second run that was left alone. With momentum all clouds are lost at step 1,500; with none the ring is learned by then. But most of the runs with momentum heal by themselves, sooner or later, whatever one has changed. The reason for the trouble: in a game the slope turns as the other player moves, and a memory of old slopes pushes past the point where to turn.",
    zh: "没有另一次未动过的训练作对照，谁也不知道。用动量时，第 1500 步所有的团都丢了；不用动量时，那时环已经学会。但是用动量的训练大多迟早会自己好起来，不管改了什么。麻烦的原因：在博弈里，对手一动坡度就变，而对旧坡度的记忆会把人推过该转弯的地方。",
  },
};
