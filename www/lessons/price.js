/** What does a VAE pay? */
/** @type {import("./list.js").Lesson} */
export const price = {
  name: "price",
  link: "v=2&family=vae&data=ring8",
  title: {
    en: "What does a VAE pay?",
    zh: "VAE 付出了什么？",
  },
  watch: {
    en: "No game: an encoder turns a point into a small cloud of codes, a decoder turns codes back into points, and codes drawn from N(0, I) become samples. Two things cost: points that do not come back, and nats by which the clouds of codes differ from N(0, I). The weight β says how the two are traded.",
    zh: "没有博弈：编码器把一个点变成一小团编码，解码器把编码变回点，从 N(0, I) 抽取的编码就成了样本。有两样东西要付代价：没有还原的点，以及编码团与 N(0, I) 相差的奈特数。权重 β 决定二者如何交换。",
  },
  figures: ["hq", "iw", "loss_kl", "loss_rec"],
  task: {
    en: "Let it run for 4,000 steps. Then look at a β of a tenth and at a β of 4, for as many steps each.",
    zh: "先跑 4000 步。再看 β 为十分之一和 β 为 4 的情形，各跑同样多步。",
  },
  deeds: [
    { what: { en: "Codes are cheap: β = 0.1", zh: "编码便宜：β = 0.1" }, link: "v=2&family=vae&data=ring8&beta=0.1" },
    { what: { en: "Codes are dear: β = 4", zh: "编码昂贵：β = 4" }, link: "v=2&family=vae&data=ring8&beta=4" },
    { what: { en: "A GAN on the same ring", zh: "同一个环上的 GAN" }, link: "v=2" },
  ],
  ask: {
    en: "Which β brings points back best, and which makes the best samples? Why are these not the same? And what are the codes worth when they are dear?",
    zh: "哪个 β 最能还原点，哪个 β 的样本最好？为什么不是同一个？编码昂贵时，它们还值什么？",
  },
  answer: {
    en: "The cheap codes bring points back best: they spend some 12 nats to say exactly which point it was. But such clouds of codes are small and leave gaps, and a code drawn from N(0, I) falls into a gap more often than not: one sample in five lies on a cloud of the data. With β = 1, which makes the sum a bound of the likelihood, a point costs about 3.4 nats and seven samples in ten lie on clouds; the others are the price, strings where codes of two neighbours meet, since one smooth decoder leads from one to the other. With β = 4 the encoder finds that no code is worth what it costs: the clouds all become N(0, I) itself, the codes say nothing (0 nats), and whatever the code, the decoder answers with the middle of the ring, give or take all of the ring. That is called a collapse of the posterior; what it paints looks nothing like the data. The GAN pays none of this; it has no code to ask for and no likelihood to show.",
    zh: "便宜的编码最能还原点：它花约 12 奈特说清到底是哪一个点。但这样的编码团很小，彼此留有空隙，从 N(0, I) 抽出的编码多半落进空隙：五个样本里只有一个落在数据的团上。β = 1 时总和正好是似然的下界，一个点约花 3.4 奈特，十个样本里有七个落在团上；其余的就是代价：相邻两团的编码相接处连成丝，因为同一个平滑的解码器要从一处走到另一处。β = 4 时编码器发现没有哪个编码值这个价：所有编码团都变成 N(0, I) 本身，编码什么也不说（0 奈特），无论给什么编码，解码器都答以环的正中，误差大到整个环。这叫后验塌缩，它的图像一点也不像数据。GAN 不付这些代价；它没有编码可问，也没有似然可看。",
  },
  from: { what: { en: "Kingma and Welling 2014; β: Higgins et al. 2017", zh: "Kingma 与 Welling 2014；β：Higgins 等 2017" }, href: "https://arxiv.org/abs/1312.6114" },
};
