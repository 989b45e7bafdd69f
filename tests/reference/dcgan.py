"""The DCGAN recipe of eriklindernoren/PyTorch-GAN on MNIST at 28 px, measured as this project's DCGAN is.

    python3 tests/reference/dcgan.py --site DIR [--steps 1000,2000] [--seeds 3] [--device cuda]

DIR is a built site (`cargo xtask site`): its `data/mnist` holds the images and the classifier that judges them. Needs PyTorch and
SciPy. Batches of 64 of all 60,000 images, as many as the project's link trains on, so that equal steps are equal numbers of images.
Prints, first, what the classifier's port makes of real images (0 for the test images themselves, the floor for training images).
"""

import argparse
import gzip
import json
import pathlib
import struct

import numpy as np
import scipy.linalg
import torch
import torch.nn.functional as F
from torch import nn

SIDE, LATENT, BATCH, MADE = 28, 100, 64, 10_000


class Judge:
    """The project's classifier: two convolutions with pooling, features, scores; images are one channel, last."""

    def __init__(self, path, device):
        raw = path.read_bytes()
        (length,) = struct.unpack("<Q", raw[:8])
        header = json.loads(raw[8 : 8 + length])

        def tensor(name):
            kind = {"F32": np.float32, "F64": np.float64}[header[name]["dtype"]]
            start, end = header[name]["data_offsets"]
            return np.frombuffer(raw[8 + length :][start:end], kind).reshape(header[name]["shape"])

        facts = json.loads(header["__metadata__"]["gan-playground"])
        half, width, features, classes = facts["width"] // 2, facts["width"], facts["features"], facts["classes"]
        self.mean, self.covariance = tensor("mean"), tensor("covariance")
        rest = torch.tensor(tensor("weights").copy(), device=device)

        def take(*shape):
            nonlocal rest
            count = int(np.prod(shape))
            first, rest = rest[:count], rest[count:]
            return first.reshape(shape)

        def kernel(given, made):
            return take(5, 5, given, made).permute(3, 2, 0, 1), take(made)

        self.convolutions = [kernel(1, half), kernel(half, width)]
        self.seen = take(4 * 4 * width, features), take(features)
        self.scored = take(features, classes), take(classes)

    @torch.no_grad()
    def __call__(self, images):
        """The features, before their activation, and the scores."""
        x = images
        for weights, bias in self.convolutions:
            x = F.max_pool2d(F.relu(F.conv2d(x, weights, bias)), 2)
        features = x.permute(0, 2, 3, 1).flatten(1) @ self.seen[0] + self.seen[1]
        return features, F.relu(features) @ self.scored[0] + self.scored[1]

    def distance(self, features):
        x = features.double().cpu().numpy()
        mean, covariance = x.mean(0), np.cov(x, rowvar=False)
        root = scipy.linalg.sqrtm(covariance @ self.covariance).real
        return ((mean - self.mean) ** 2).sum() + np.trace(covariance + self.covariance - 2 * root)


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(LATENT, 128 * 7 * 7)
        self.rest = nn.Sequential(
            nn.BatchNorm2d(128),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(128, 128, 3, padding=1),
            nn.BatchNorm2d(128, 0.8),
            nn.LeakyReLU(0.2),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(128, 64, 3, padding=1),
            nn.BatchNorm2d(64, 0.8),
            nn.LeakyReLU(0.2),
            nn.Conv2d(64, 1, 3, padding=1),
            nn.Tanh(),
        )

    def forward(self, z):
        return self.rest(self.first(z).view(-1, 128, 7, 7))


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        for given, made in [(1, 16), (16, 32), (32, 64), (64, 128)]:
            layers += [nn.Conv2d(given, made, 3, 2, 1), nn.LeakyReLU(0.2), nn.Dropout2d(0.25)]
            if given > 1:
                layers.append(nn.BatchNorm2d(made, 0.8))
        self.body = nn.Sequential(*layers)
        self.last = nn.Linear(128 * 2 * 2, 1)

    def forward(self, x):
        return self.last(self.body(x).flatten(1)).squeeze(1)


def begin(module):
    if isinstance(module, nn.Conv2d):
        nn.init.normal_(module.weight, 0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1, 0.02)
        nn.init.zeros_(module.bias)


def train(images, judge, seed, stops, device):
    torch.manual_seed(seed)
    g, d = Generator().to(device).apply(begin), Discriminator().to(device).apply(begin)
    adam = [torch.optim.Adam(net.parameters(), 2e-4, (0.5, 0.999)) for net in (g, d)]
    ones, zeros = torch.ones(BATCH, device=device), torch.zeros(BATCH, device=device)
    order = torch.Generator().manual_seed(seed)
    visits = torch.cat([torch.randperm(len(images), generator=order) for _ in range(1 + max(stops) * BATCH // len(images))])
    for step in range(1, max(stops) + 1):
        real = images[visits[(step - 1) * BATCH : step * BATCH].to(images.device)].to(device)
        made = g(torch.randn(BATCH, LATENT, device=device))
        adam[0].zero_grad()
        F.binary_cross_entropy_with_logits(d(made), ones).backward()
        adam[0].step()
        adam[1].zero_grad()
        losses = [F.binary_cross_entropy_with_logits(d(x), y) for x, y in [(real, ones), (made.detach(), zeros)]]
        (sum(losses) / 2).backward()
        adam[1].step()
        if step in stops:
            g.eval()
            with torch.no_grad():
                samples = torch.cat([g(torch.randn(500, LATENT, device=device)) for _ in range(MADE // 500)])
            g.train()
            features, scores = judge(samples)
            sure = (scores.softmax(1).max(1).values > 0.9).double().mean().item()
            print(f"seed {seed} step {step}: Fréchet distance {judge.distance(features):.1f}, recognised {100 * sure:.1f} %", flush=True)


def main():
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--site", type=pathlib.Path, required=True)
    wanted.add_argument("--steps", default="1000,2000")
    wanted.add_argument("--seeds", type=int, default=3)
    wanted.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    given = wanted.parse_args()
    folder = given.site / "data" / "mnist"

    def shard(n):
        raw = np.frombuffer(gzip.decompress((folder / f"{n}.shard").read_bytes()), np.uint8)
        pixels = raw[: 10_000 * SIDE * SIDE].reshape(-1, 1, SIDE, SIDE)
        return torch.tensor(pixels.astype(np.float32) / 127.5 - 1, device=given.device)

    judge = Judge(folder / "judge", given.device)
    images = torch.cat([shard(n) for n in range(6)])
    print(f"test images: {judge.distance(judge(shard(6))[0]):.4f}; the first 10,000 training images: {judge.distance(judge(images[:10_000])[0]):.2f}")
    for seed in range(1, given.seeds + 1):
        train(images, judge, seed, [int(n) for n in given.steps.split(",")], given.device)


main()
