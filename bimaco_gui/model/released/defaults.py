"""The configurations of the published checkpoints, under the authors' names.

They stand in where no configuration file is given: the UNet of BiMaCoSR (118.6 million weights),
the VQ-f4 autoencoder (55.3 million) and the schedule of 15 steps.
"""

from __future__ import annotations

from typing import Any

UNET: dict[str, Any] = {
    "image_size": 64,
    "in_channels": 6,
    "out_channels": 3,
    "model_channels": 160,
    "channel_mult": [1, 2, 2, 4],
    "num_res_blocks": [2, 2, 2, 2],
    "attention_resolutions": [64, 32, 16, 8],
    "swin_depth": 2,
    "swin_embed_dim": 192,
    "window_size": 8,
    "num_head_channels": 32,
    "mlp_ratio": 4,
    "dropout": 0,
    "cond_lq": True,
    "conv_resample": True,
    "dims": 2,
    "use_fp16": False,
    "use_scale_shift_norm": True,
    "resblock_updown": False,
}

BINARIZATION: dict[str, Any] = {
    "binary_linear": True,
    "conv_quant_modules": "BinaryConv2d_ours_with_skip_and_lora",
    "conv_quant_config": {"rank": 8, "if_LRMB": True, "if_SMB": True},
    "linear_quant_modules": "BinaryLinear_ours_with_skip_and_lora",
    "linear_quant_config": {"rank": 8, "if_LRMB": True, "if_SMB": True},
    "which_fp_conv": [
        {
            "skip_keywords": ["input_blocks.0.0", "out.2"],
            "param_threshold": 0.2,
            "use_for_fp": "nn.Conv2d",
        }
    ],
    "which_fp_linear": [],
}
"""What is added to `UNET` for the binary network."""

AUTOENCODER: dict[str, Any] = {
    "embed_dim": 3,
    "n_embed": 8192,
    "ddconfig": {
        "double_z": False,
        "z_channels": 3,
        "resolution": 256,
        "in_channels": 3,
        "out_ch": 3,
        "ch": 128,
        "ch_mult": [1, 2, 4],
        "num_res_blocks": 2,
        "attn_resolutions": [],
        "dropout": 0.0,
        "padding_mode": "zeros",
    },
}

DIFFUSION: dict[str, Any] = {
    "sf": 4,
    "schedule_name": "exponential",
    "schedule_kwargs": {"power": 0.3},
    "etas_end": 0.99,
    "steps": 15,
    "min_noise_level": 0.04,
    "kappa": 2.0,
    "weighted_mse": False,
    "predict_type": "xstart",
    "timestep_respacing": None,
    "scale_factor": 1.0,
    "normalize_input": True,
    "latent_flag": True,
}
