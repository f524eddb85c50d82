"""Train one stage: ``python -m bimaco_gui.training.train CONFIG --data PHOTOS --out FOLDER``.

Writes ``FOLDER/<stage>.safetensors`` (16-bit weights) and appends one row of held-out figures to
``FOLDER/history.csv`` at every evaluation. ``--start`` is the checkpoint to go on from; a run that
was cut off goes on from its own last checkpoint in the same way.
"""

from __future__ import annotations

import argparse
import copy
import csv
import math
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from bimaco_gui.model import OneStepUpscaler
from bimaco_gui.training.checkpoints import read_checkpoint, save_checkpoint
from bimaco_gui.training.data import PhotoBank, photo_paths
from bimaco_gui.training.degradation import Degradation
from bimaco_gui.training.discriminator import PatchDiscriminator
from bimaco_gui.training.feature_distance import FeatureDistance
from bimaco_gui.training.held_out import HeldOut
from bimaco_gui.training.losses import Adversary, at_random_phase, picture_gradient
from bimaco_gui.training.norms import calibrate_norms
from bimaco_gui.training.run_config import RunConfig, load_run_config
from bimaco_gui.training.stages import Batch, Stage, make_stage

LOG_EVERY_SECONDS = 10.0
EVALUATE_EVERY_SECONDS = 60.0


class MovingAverage:
    """Exponential average of a model's parameters; other state is copied."""

    def __init__(self, model: OneStepUpscaler, decay: float) -> None:
        self.model = copy.deepcopy(model).eval().requires_grad_(False)
        self._decay = decay
        self._pairs = list(zip(self.model.parameters(), model.parameters(), strict=True))
        self._copies = list(zip(self.model.buffers(), model.buffers(), strict=True))

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Move towards the model; early steps count more, so the start is soon forgotten."""
        decay = min(self._decay, (1 + step) / (10 + step))
        averages: list[Tensor] = [a for a, _ in self._pairs]
        torch._foreach_lerp_(averages, [p for _, p in self._pairs], 1 - decay)
        for kept, current in self._copies:
            kept.copy_(current)


def learning_rate(config: RunConfig, step: int, progress: float) -> float:
    """Linear warm-up, then cosine to zero over the run."""
    warm = min(1.0, (step + 1) / max(1, config.warmup))
    return config.learning_rate * warm * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))


class Trainer:
    """The loop of one run."""

    def __init__(
        self, config: RunConfig, stage: Stage, data: Path, metric: Path, device: torch.device
    ) -> None:
        self.config, self.stage, self.device = config, stage, device
        torch.manual_seed(config.seed)
        self.generator = torch.Generator().manual_seed(config.seed)
        train, held_out = photo_paths(data)
        self.bank = PhotoBank(train, device)
        self.degrade = Degradation(config.degradation, self.generator)
        stage.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.feature = FeatureDistance(metric).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.held_out = HeldOut(held_out, config, self.feature, device)
        self.average = MovingAverage(stage.model, config.average)
        self.optimizer = torch.optim.AdamW(
            stage.parameters, lr=config.learning_rate, betas=(0.9, 0.99), weight_decay=0.0
        )
        self.adversary = Adversary(PatchDiscriminator().to(device), config.learning_rate)
        self.predict = torch.compile(stage.predict) if config.compile else stage.predict
        self.distance = torch.compile(self.feature) if config.compile else self.feature

    def batch(self) -> Batch:
        """Draw and degrade photos."""
        config = self.config
        sharp = self.bank.crops(config.batch, config.crop, self.generator)
        sharp = sharp.contiguous(memory_format=torch.channels_last)
        low = self.degrade(sharp).contiguous(memory_format=torch.channels_last)
        side = config.crop // 4
        latent_channels = self.stage.model.latent_channels
        noise = torch.randn(config.batch, latent_channels, side, side, device=self.device)
        return Batch(sharp, low, noise)

    def step(self, batch: Batch, progress: float) -> dict[str, Tensor]:
        """One update of the model, and of the adversary once it takes part."""
        loss = self.config.loss
        with torch.autocast(self.device.type, torch.bfloat16):
            prediction = self.predict(batch)
        picture = prediction.picture.float()
        seen = picture.detach().requires_grad_()
        with torch.autocast(self.device.type, torch.bfloat16):
            pixel = (seen - batch.sharp).abs().mean()
            feature = self.distance(*at_random_phase((seen, batch.sharp), self.generator)).mean()
        adversary = None
        if loss.adversarial and progress >= loss.adversarial_from:
            adversary = self.adversary
        gradient, figures = picture_gradient(
            seen, batch, loss.pixel * pixel + loss.feature * feature, adversary, loss.adversarial
        )
        self.optimizer.zero_grad(set_to_none=True)
        latent = loss.latent * prediction.latent_loss
        heads, gradients = [picture], [gradient]
        if latent.requires_grad:
            heads.append(latent)
            gradients.append(torch.ones_like(latent))
        torch.autograd.backward(heads, gradients)
        torch.nn.utils.clip_grad_norm_(self.stage.parameters, 1.0)
        self.optimizer.step()
        return {
            "pixel": pixel.detach(),
            "feature": feature.detach(),
            "latent": prediction.latent_loss.detach(),
            **figures,
        }

    def run(self, out: Path, history: list[dict[str, Any]]) -> None:
        """Train until the clock or the step limit says stop; evaluate and save on the way."""
        config, model = self.config, self.stage.model
        model.train()
        for part in self.stage.fixed:
            part.eval()
        record: dict[str, Any] = {"run": _without_model(config), "steps": 0}
        step, progress = 0, 0.0 if config.minutes else 1.0
        first = time.monotonic()
        started = logged = evaluated = first
        while progress < 1.0:
            for group in self.optimizer.param_groups:
                group["lr"] = learning_rate(config, step, progress)
            figures = self.step(self.batch(), progress)
            self.average.update(step)
            step += 1
            if step == 1:  # compilation is not training time
                started = logged = evaluated = time.monotonic()
                print(f"{config.stage}: first step {started - first:.1f} s", flush=True)
            now = time.monotonic()
            progress = (now - started) / (60 * config.minutes)
            if config.steps:
                progress = max(progress, step / config.steps)
            if now - logged > LOG_EVERY_SECONDS:
                logged = now
                rate = (step - 1) / (now - started)
                values = " ".join(f"{k} {float(v):.4f}" for k, v in figures.items())
                print(f"{config.stage} {step} {rate:.2f}/s {values}", flush=True)
                if not math.isfinite(float(figures["pixel"])):
                    raise SystemExit("the loss is not finite; nothing was saved")
            record["steps"], record["seconds"] = step, round(now - started, 1)
            if now - evaluated > EVALUATE_EVERY_SECONDS:
                self._keep(out, history, record)
                evaluated = time.monotonic()
                started += evaluated - now  # evaluating is not training time either
        self._calibrate()
        self._keep(out, history, record)

    def _calibrate(self) -> None:
        """Give the averaged weights statistics of their own."""
        model = self.stage.model
        model.load_state_dict(self.average.model.state_dict())

        def run() -> None:
            batch = self.batch()
            with torch.autocast(self.device.type, torch.bfloat16, self.device.type == "cuda"):
                self.stage.predict(batch)

        calibrate_norms(model, self.stage.fixed, run, self.config.calibration)
        self.average.model.load_state_dict(model.state_dict())

    def _keep(self, out: Path, history: list[dict[str, Any]], record: dict[str, Any]) -> None:
        """Evaluate and write the averaged weights."""
        record["held_out"] = self._evaluate(out, record["steps"], record.get("seconds", 0.0))
        path = out / f"{self.config.stage}.safetensors"
        save_checkpoint(self.average.model, path, [*history, record])

    def _evaluate(self, out: Path, step: int, seconds: float) -> dict[str, float]:
        figures = self.held_out.evaluate(self.average.model, self.stage.evaluate_codec)
        row = {"stage": self.config.stage, "step": step, "seconds": round(seconds, 1), **figures}
        table = out / "history.csv"
        new = not table.exists()
        with table.open("a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(row))
            if new:
                writer.writeheader()
            writer.writerow(row)
        print("held out:", row, flush=True)
        return figures


def _without_model(config: RunConfig) -> dict[str, Any]:
    return {k: v for k, v in asdict(config).items() if k != "model"}


def main(arguments: list[str] | None = None) -> None:
    """Command line of a run."""
    parser = argparse.ArgumentParser(prog="bimaco_gui.training.train", description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder of training photos")
    parser.add_argument("--metric", type=Path, required=True, help="SqueezeNet 1.1 weights (npz)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="checkpoint of the stage before")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction)
    options = parser.parse_args(arguments)
    overrides = {
        key: getattr(options, key)
        for key in ("minutes", "steps", "batch", "compile")
        if getattr(options, key) is not None
    }
    config = load_run_config(options.config, overrides)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.manual_seed(config.seed)
    start, history = read_checkpoint(options.start) if options.start else (None, [])
    stage = make_stage(config, start, device)
    options.out.mkdir(parents=True, exist_ok=True)
    Trainer(config, stage, options.data, options.metric, device).run(options.out, history)


if __name__ == "__main__":
    main()
