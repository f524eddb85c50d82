"""The seam to the kernels: binary layers over packed signs, with torch as the fallback."""

from bimaco_gui.ops.cuda import is_at_home as is_on_gpu
from bimaco_gui.ops.cuda_choice import why_not as why_not_cuda
from bimaco_gui.ops.full_precision import full_conv2d, group_norm_affine, window_attention
from bimaco_gui.ops.native import (
    active_instruction_set,
    backend_name,
    instruction_sets,
    library_path,
    library_warning,
    native_available,
    why_not_native,
)
from bimaco_gui.ops.reference import pack_signs
from bimaco_gui.ops.schema import (
    binary_conv2d,
    binary_conv2d_dot,
    binary_linear,
    binary_linear_dot,
)

__all__ = [
    "active_instruction_set",
    "backend_name",
    "binary_conv2d",
    "binary_conv2d_dot",
    "binary_linear",
    "binary_linear_dot",
    "full_conv2d",
    "group_norm_affine",
    "instruction_sets",
    "is_on_gpu",
    "library_path",
    "library_warning",
    "native_available",
    "pack_signs",
    "why_not_cuda",
    "why_not_native",
    "window_attention",
]
