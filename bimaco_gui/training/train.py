"""Train one stage: ``python -m bimaco_gui.training.train CONFIG --data PHOTOS --out FOLDER``.

Writes ``FOLDER/<stage>.safetensors`` (16-bit weights) and appends one row of held-out figures to
``FOLDER/history.csv`` at every evaluation. ``--start`` is the checkpoint to go on from; a run that
was cut off goes on from its own last checkpoint in the same way. ``--devices 2`` trains on two
devices.
"""

from __future__ import annotations

import argparse
import copy
import csv
import math
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from bimaco_gui.model.blocks import Downsample, ResBlock, Upsample
from bimaco_gui.model.swin import SwinBlock
from bimaco_gui.training.checkpoints import read_network, save_checkpoint
from bimaco_gui.training.data import PairPool, PhotoBank, photo_paths
from bimaco_gui.training.degradation import Degradation
from bimaco_gui.training.discriminator import PatchDiscriminator
from bimaco_gui.training.feature_distance import FeatureDistance
from bimaco_gui.training.group import Group, launch
from bimaco_gui.training.held_out import HeldOut
from bimaco_gui.training.losses import (
    Adversary,
    at_random_phase,
    grid_loss,
    picture_gradient,
    structure_loss,
)
from bimaco_gui.training.norms import calibrate_norms
from bimaco_gui.training.run_config import RunConfig, load_run_config
from bimaco_gui.training.stages import Batch, Network, Prediction, Stage, make_stage
from bimaco_gui.training.throughput import operations, peak_rate

LOG_EVERY_SECONDS = 10.0
EVALUATE_EVERY_SECONDS = 60.0
POOL_GROUP = 64  # pairs made at a time
COUNTED = 2  # pictures of the batch whose operations are counted
FORMS_OF_A_BLOCK = 64  # that torch.compile may make of one block's code
_STAYS = "the checkpoint stays as it was"

COMPILED = (ResBlock, SwinBlock, Downsample, Upsample)


class MovingAverage:
    """Exponential average of a network's parameters; other state is copied."""

    def __init__(self, network: Network, decay: float) -> None:
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self._decay = decay
        self._pairs = list(zip(self.network.parameters(), network.parameters(), strict=True))
        self._copies = list(zip(self.network.buffers(), network.buffers(), strict=True))

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Move towards the network; early steps count more, so the start is soon forgotten."""
        decay = min(self._decay, (1 + step) / (10 + step))
        averages: list[Tensor] = [a for a, _ in self._pairs]
        torch._foreach_lerp_(averages, [p for _, p in self._pairs], 1 - decay)
        torch._foreach_copy_([kept for kept, _ in self._copies], [now for _, now in self._copies])


def learning_rate(config: RunConfig, step: int, progress: float) -> float:
    """Linear warm-up, then cosine to zero over the run."""
    warm = min(1.0, (step + 1) / max(1, config.warmup))
    return config.learning_rate * warm * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))


def compile_blocks(network: nn.Module) -> None:
    """Compile block by block: equal blocks share their code, so depth costs no compilation."""
    torch._dynamo.config.recompile_limit = FORMS_OF_A_BLOCK
    for module in network.modules():
        if isinstance(module, COMPILED):
            module.compile(dynamic=False)


class Trainer:
    """The loop of one run."""

    def __init__(
        self, config: RunConfig, stage: Stage, data: Path, metric: Path, group: Group
    ) -> None:
        self.config, self.stage, self.group = config, stage, group
        device = self.device = group.device
        group.share_weights(stage.network)
        torch.manual_seed(config.seed + group.rank)
        self.generator = torch.Generator().manual_seed(config.seed + group.rank)
        train, held_out = photo_paths(data)
        self.pool = PairPool(
            PhotoBank(train, device),
            Degradation(config.degradation, self.generator),
            config.pool,
            config.crop,
            min(POOL_GROUP, config.pool),
            self.generator,
        )
        for network in stage.networks:
            network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.feature = FeatureDistance(metric).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.held_out = None
        if not group.rank:
            channels = stage.latent_channels
            self.held_out = HeldOut(held_out, config.crop, channels, self.feature, device)
        self.average = MovingAverage(stage.network, config.average)
        self.optimizer = torch.optim.AdamW(
            stage.parameters,
            lr=config.learning_rate,
            betas=(0.9, 0.99),
            weight_decay=0.0,
            fused=device.type == "cuda",
        )
        self.adversary = Adversary(PatchDiscriminator().to(device), config.learning_rate)
        self.operations = operations(stage, self.batch(COUNTED))
        self.optimizer.zero_grad(set_to_none=True)
        self.peak = peak_rate(device)
        self.distance = torch.compile(self.feature) if config.compile else self.feature
        if config.compile:
            for network in stage.networks:
                compile_blocks(network)

    def batch(self, count: int) -> Batch:
        """Draw pairs and noise."""
        sharp, low = self.pool.draw(count)
        side = self.config.crop // 4
        shape = (count, self.stage.latent_channels, side, side)
        noise = torch.randn(shape, device=self.device)
        return Batch(sharp, low, noise)

    def step(self, batch: Batch, progress: float) -> dict[str, Tensor]:
        """One update of the network, and of the adversary once it takes part."""
        with torch.autocast(self.device.type, torch.bfloat16):
            prediction = self.stage.predict(batch)
        heads: list[Tensor] = []
        gradients: list[Tensor] = []
        figures: dict[str, Tensor] = {}
        for name, loss in prediction.latent_losses.items():
            figures[name] = loss.detach()
            heads.append(getattr(self.config.loss, name) * loss)
            gradients.append(torch.ones_like(loss))
        if prediction.picture is not None:
            picture = prediction.picture.float()
            gradient, terms = self._picture_gradient(picture, batch, progress)
            figures |= terms
            heads.append(picture)
            gradients.append(gradient)
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(heads, gradients)
        self.group.average(parameter.grad for parameter in self.stage.parameters)
        torch.nn.utils.clip_grad_norm_(self.stage.parameters, 1.0)
        self.optimizer.step()
        return figures

    def _picture_gradient(
        self, picture: Tensor, batch: Batch, progress: float
    ) -> tuple[Tensor, dict[str, Tensor]]:
        loss = self.config.loss
        seen = picture.detach().requires_grad_()
        with torch.autocast(self.device.type, torch.bfloat16):
            terms = {
                "pixel": (seen - batch.sharp).abs().mean(),
                "structure": structure_loss(seen, batch.sharp),
                "grid": grid_loss(seen, batch.sharp),
                "feature": self.distance(
                    *at_random_phase((seen, batch.sharp), self.generator)
                ).mean(),
            }
        total = torch.stack([getattr(loss, name) * term for name, term in terms.items()]).sum()
        adversary = None
        if loss.adversarial and progress >= loss.adversarial_from:
            adversary = self.adversary
        gradient, more = picture_gradient(seen, batch, total, adversary, loss.adversarial)
        return gradient, {name: term.detach() for name, term in terms.items()} | more

    def run(self, out: Path, history: list[dict[str, Any]], ends: float | None = None) -> None:
        """Train until the clock or the step limit says stop; evaluate and save on the way.

        Args:
            ends: Unix time at which training ends, whatever start-up and evaluations take, instead
                of the config's minutes.
        """
        config = self.config
        self.stage.network.train()
        for part in self.stage.fixed:
            part.eval()
        record: dict[str, Any] = {"run": _without_model(config), "steps": 0}
        record["devices"] = self.group.size
        step, progress = 0, 0.0 if config.minutes else 1.0
        first = time.monotonic()
        started = logged = evaluated = first
        seconds = 60 * config.minutes
        while progress < 1.0:
            for parameters in self.optimizer.param_groups:
                parameters["lr"] = learning_rate(config, step, progress)
            figures = self.step(self.batch(config.batch), progress)
            if step * config.renewed // POOL_GROUP != (step + 1) * config.renewed // POOL_GROUP:
                self.pool.renew()
            self.average.update(step)
            step += 1
            if step == 1:  # compilation is not training time
                self._wait()
                started = logged = evaluated = time.monotonic()
                self._say(f"first step {started - first:.1f} s")
                if ends is not None:
                    seconds = max(1.0, ends - time.time())
            now = time.monotonic()
            progress = (now - started) / seconds
            if config.steps:
                progress = max(progress, step / config.steps)
            progress = self.group.from_first(progress)
            if now - logged > LOG_EVERY_SECONDS:
                values = " ".join(f"{k} {float(v):.4f}" for k, v in figures.items())
                if not all(math.isfinite(float(value)) for value in figures.values()):
                    raise SystemExit(f"a loss is not finite; {_STAYS}: {values}")
                logged = time.monotonic()
                record |= self._rates(step - 1, logged - started)
                self._say(
                    f"{step} {record['steps_per_second']:.2f}/s, {record['tflops']:.0f} TFLOP/s a "
                    f"device, {100 * record['share_of_peak']:.0f} % of its peak; {values}"
                )
            record["steps"], record["seconds"] = step, round(now - started, 1)
            if now - evaluated > EVALUATE_EVERY_SECONDS and progress < 1.0:
                self._keep(out, history, record)
                evaluated = time.monotonic()
                if ends is None:
                    started += evaluated - now  # evaluating is not training time either
        if not self.group.rank:
            self._calibrate()
            self._keep(out, history, record)

    def _wait(self) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def _say(self, text: str) -> None:
        if not self.group.rank:
            print(f"{self.config.stage}: {text}", flush=True)

    def _rates(self, steps: int, seconds: float) -> dict[str, float]:
        rate = steps / seconds
        arithmetic = rate * self.config.batch * self.operations
        return {
            "steps_per_second": round(rate, 2),
            "tflops": round(arithmetic / 1e12, 1),
            "share_of_peak": round(arithmetic / self.peak, 3) if self.peak else 0.0,
        }

    def _calibrate(self) -> None:
        """Give the averaged weights statistics of their own."""
        network = self.stage.network
        network.load_state_dict(self.average.network.state_dict())

        def run() -> Prediction:
            batch = self.batch(self.config.batch)
            with torch.autocast(self.device.type, torch.bfloat16, self.device.type == "cuda"):
                return self.stage.predict(batch)

        # Blocks are compiled for training alone; a second form of each would take longer.
        with torch.compiler.set_stance("force_eager"):
            calibrate_norms(network, self.stage.fixed, run, self.config.calibration)
        self.average.network.load_state_dict(network.state_dict())

    def _keep(self, out: Path, history: list[dict[str, Any]], record: dict[str, Any]) -> None:
        """Evaluate and write the averaged weights, in the first process."""
        if self.held_out is None:
            return
        network = self.average.network
        figures = self.held_out.evaluate(lambda batch: self.stage.render(network, batch))
        if any(math.isnan(value) for value in figures.values()):
            raise SystemExit(f"the pictures are not finite; {_STAYS}: {figures}")
        record["held_out"] = figures
        _append(
            out / "history.csv",
            {
                "stage": self.config.stage,
                "step": record["steps"],
                "seconds": record.get("seconds", 0.0),
                **figures,
            },
        )
        self._say(f"held out: {figures}")
        save_checkpoint(network, out / f"{self.config.stage}.safetensors", [*history, record])


def _append(table: Path, row: dict[str, Any]) -> None:
    new = not table.exists()
    with table.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(row))
        if new:
            writer.writeheader()
        writer.writerow(row)


def _without_model(config: RunConfig) -> dict[str, Any]:
    return {k: v for k, v in asdict(config).items() if k != "model"}


def main(arguments: list[str] | None = None) -> None:
    """Command line of a run."""
    parser = argparse.ArgumentParser(prog="bimaco_gui.training.train", description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder of training photos")
    parser.add_argument("--metric", type=Path, required=True, help="SqueezeNet 1.1 weights (npz)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="checkpoint of the stage before, or of this one")
    parser.add_argument("--teacher", type=Path, help="checkpoint of another teacher than --start")
    parser.add_argument("--devices", type=int, default=1, help="processes, one on each device")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--ends", type=float, help="Unix time to end at, instead of --minutes")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--rank", type=int, help="of the low-rank branches, 0 for none")
    parser.add_argument("--sparse-per-channel", type=int, help="sparse weights, 0 for none")
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction)
    options = parser.parse_args(arguments)
    if options.devices > 1 and "RANK" not in os.environ:
        command = [sys.executable, "-m", "bimaco_gui.training.train"]
        sys.exit(
            launch([*command, *(sys.argv[1:] if arguments is None else arguments)], options.devices)
        )
    names = ("minutes", "steps", "batch", "rank", "sparse_per_channel", "compile")
    overrides = {k: v for k in names if (v := getattr(options, k)) is not None}
    config = load_run_config(options.config, overrides)
    group = Group.join()
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.manual_seed(config.seed)
    start = read_network(options.start) if options.start else None
    teacher = read_network(options.teacher) if options.teacher else None
    stage = make_stage(
        config,
        start.network if start else None,
        group.device,
        teacher.network if teacher else None,
    )
    options.out.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(config, stage, options.data, options.metric, group)
    trainer.run(options.out, start.history if start else [], options.ends)
    group.leave()


if __name__ == "__main__":
    main()
