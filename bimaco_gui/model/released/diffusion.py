"""The noise schedule of the released model, and the one step of it that is taken.

Fifteen steps shift the clean latent towards that of the LR picture; the released model starts at
the last of them and jumps to the clean latent at once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from bimaco_gui.errors import ModelError
from bimaco_gui.model.released.mapping import (
    TITLE,
    check_names,
    fixed_values,
    number,
    whole_number,
)

WHERE = "The diffusion's configuration"

# The first step's sqrt(eta) is never above this, so that step 0 is all but noiseless.
MOST_AT_FIRST_STEP = math.sqrt(0.001)

FIXED = {
    "schedule_name": "exponential",
    "predict_type": "xstart",
    "timestep_respacing": None,
    "normalize_input": True,
    "latent_flag": True,
}


@dataclass(frozen=True)
class ReleasedDiffusion:
    """The exponential residual-shifting schedule.

    Attributes:
        scale: How many times the picture is enlarged, also the autoencoder's reduction.
        steps: Steps of the whole schedule.
        power: Below 1 the schedule rises early.
        last_sqrt_eta: sqrt(eta) of the last step.
        least_noise: Bounds the first step's noise.
        kappa: Noise strength.
        latent_factor: Latents are multiplied by it after the encoder.
    """

    scale: int = 4
    steps: int = 15
    power: float = 0.3
    last_sqrt_eta: float = 0.99
    least_noise: float = 0.04
    kappa: float = 2.0
    latent_factor: float = 1.0

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> ReleasedDiffusion:
        """Read the authors' names.

        Raises:
            ModelError: names are missing, or a value is none this code can follow.
        """
        check_names(
            mapping,
            {"sf", "schedule_kwargs", "etas_end", "steps", "min_noise_level", "kappa"},
            {"weighted_mse", "scale_factor", *FIXED},
            WHERE,
        )
        fixed_values(mapping, FIXED, WHERE)
        check_names(mapping["schedule_kwargs"], {"power"}, (), f"{WHERE}, schedule_kwargs,")
        steps = whole_number(mapping, "steps", WHERE)
        if steps < 2:
            raise ModelError(TITLE, f"{WHERE} has steps = {steps}, fewer than two.")
        return cls(
            scale=whole_number(mapping, "sf", WHERE),
            steps=steps,
            power=number(mapping["schedule_kwargs"], "power", WHERE),
            last_sqrt_eta=number(mapping, "etas_end", WHERE),
            least_noise=number(mapping, "min_noise_level", WHERE),
            kappa=number(mapping, "kappa", WHERE),
            latent_factor=number({"scale_factor": 1.0, **mapping}, "scale_factor", WHERE),
        )

    @property
    def last_timestep(self) -> int:
        """The timestep that the UNet is told."""
        return self.steps - 1

    @property
    def sqrt_etas(self) -> tuple[float, ...]:
        """sqrt(eta) of every step: a geometric rise over a warped time."""
        first = min(self.least_noise / self.kappa, self.least_noise, MOST_AT_FIRST_STEP)
        rise = self.last_sqrt_eta / first
        return tuple(
            first * rise ** ((step / self.last_timestep) ** self.power)
            for step in range(self.steps)
        )

    def start_latent(self, encoded: Tensor, noise: Tensor) -> Tensor:
        """z_T of the last step from the encoded LR picture and standard normal noise.

        Args:
            encoded: [N, C, h, w], already multiplied by `latent_factor`.
            noise: The same shape.
        """
        return encoded + (self.kappa * self.sqrt_etas[-1]) * noise

    def network_input(self, noisy: Tensor) -> Tensor:
        """z_T scaled to unit variance, given that latents have unit variance."""
        return noisy / math.sqrt((self.kappa * self.sqrt_etas[-1]) ** 2 + 1)
