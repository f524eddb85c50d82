"""The whole recipe by the clock: codec, teacher, student and binary in turn, in so many minutes.

``python -m bimaco_gui.training.recipe --minutes 30 --devices 2 --data PHOTOS --metric M --out RUN``
gives every stage its share of the time, what start-up and compilation take included. A stage that
fails is tried once more without compilation. Every stage writes its checkpoint once a minute and at
its end, so what there is when the time is over lies in ``RUN``. ``--stages student binary`` goes on
from the checkpoints that lie there.

``--ablate N`` trains the variants of `ablation` for N steps each instead, side by side on all
devices, from ``RUN/student.safetensors``.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bimaco_gui.training.ablation import VARIANTS
from bimaco_gui.training.run_config import STAGES

SHARES = {"codec": 0.07, "teacher": 0.12, "student": 0.41, "binary": 0.4}
"""Of the time that is left to the stages that run."""

CONFIGS = Path(__file__).parent / "configs"
CLOSING_SECONDS = 20.0  # that a stage takes after its training: statistics, evaluation, writing
PATIENCE_SECONDS = 180.0  # after the end of its training until a stage counts as hanging
RETRY_SECONDS = 60.0  # of training for a stage that failed late


@dataclass(frozen=True)
class Recipe:
    """What all stages of a run share.

    Attributes:
        out: Folder of the checkpoints.
        configs: Folder of the stages' configs, named ``<prefix><stage>.toml``.
        common: Arguments of ``bimaco_gui.training.train`` for every stage.
        devices: To train on.
    """

    out: Path
    configs: Path = CONFIGS
    prefix: str = "photo_"
    common: tuple[str, ...] = ()
    devices: int = 1

    def command(self, stage: str, ends: float) -> list[str]:
        """How a stage is started, from the newest checkpoint of the stages before it.

        Args:
            ends: Unix time at which its training ends.
        """
        command = [sys.executable, "-m", "bimaco_gui.training.train"]
        command += [str(self.configs / f"{self.prefix}{stage}.toml"), "--out", str(self.out)]
        command += [*self.common, "--devices", str(self.devices), "--ends", f"{ends:.1f}"]
        start = self.newest_before(stage)
        return command if start is None else [*command, "--start", str(start)]

    def newest_before(self, stage: str) -> Path | None:
        """The checkpoint that a stage starts from, None where there is none."""
        for name in reversed(STAGES[: STAGES.index(stage)]):
            path = self.out / f"{name}.safetensors"
            if path.is_file():
                return path
        return None


def run(recipe: Recipe, stages: Sequence[str], minutes: float) -> list[str]:
    """Train `stages` in turn; the clock starts now.

    Returns:
        Those that failed twice and left no checkpoint.
    """
    over = time.time() + 60 * minutes
    failed = []
    for index, stage in enumerate(stages):
        began = time.time()
        share = SHARES[stage] / sum(SHARES[name] for name in stages[index:])
        ends = began + share * (over - began) - CLOSING_SECONDS
        if not _succeeds(recipe.command(stage, ends), ends + PATIENCE_SECONDS):
            print(f"{stage} failed, again without compilation", flush=True)
            again = max(ends, time.time() + RETRY_SECONDS)
            plain = [*recipe.command(stage, again), "--no-compile"]
            _succeeds(plain, again + PATIENCE_SECONDS)
        kept = recipe.out / f"{stage}.safetensors"
        if not kept.is_file() or kept.stat().st_mtime < began:
            failed.append(stage)
    return failed


def _succeeds(command: Sequence[str], latest: float) -> bool:
    """Run a command and all that it starts; end them at the Unix time `latest`."""
    process = subprocess.Popen(command, start_new_session=True)
    try:
        return process.wait(max(1.0, latest - time.time())) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False


def ablate(recipe: Recipe, steps: int, minutes: float) -> list[str]:
    """Train all variants at once, spread over the devices.

    Returns:
        Those that failed.
    """
    student = recipe.out / "student.safetensors"
    running = {}
    for index, name in enumerate(VARIANTS):
        command = [sys.executable, "-m", "bimaco_gui.training.ablation", "run", str(student)]
        command += ["--config", str(recipe.configs / f"{recipe.prefix}binary.toml")]
        command += ["--out", str(recipe.out / "ablation"), "--only", name]
        command += ["--steps", str(steps), "--minutes", f"{minutes:.3f}", *recipe.common]
        # Compiling six variants takes longer than it saves in so short a training.
        command += ["--no-compile"]
        environment = {**os.environ, "CUDA_VISIBLE_DEVICES": str(index % recipe.devices)}
        running[name] = subprocess.Popen(command, env=environment)
    return [name for name, process in running.items() if process.wait()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; the status is 1 if a stage failed."""
    parser = argparse.ArgumentParser(
        prog="bimaco_gui.training.recipe",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--minutes", type=float, required=True, help="wall clock, all in all")
    parser.add_argument("--data", required=True, help="folder of training photos")
    parser.add_argument("--metric", required=True, help="SqueezeNet 1.1 weights (npz)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--devices", type=int, default=1)
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=list(STAGES))
    parser.add_argument("--configs", type=Path, default=CONFIGS)
    parser.add_argument("--prefix", default="photo_", help="of the configs' names")
    parser.add_argument("--ablate", type=int, metavar="STEPS")
    options, more = parser.parse_known_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    common = ("--data", options.data, "--metric", options.metric, *more)
    recipe = Recipe(options.out, options.configs, options.prefix, common, options.devices)
    if options.ablate:
        failed = ablate(recipe, options.ablate, options.minutes)
    else:
        failed = run(recipe, options.stages, options.minutes)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
