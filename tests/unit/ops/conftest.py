"""What the tests of the GPU kernels share."""

import pytest
import torch

from bimaco_gui.ops import cuda_driver
from bimaco_gui.ops.cuda_layers import Launcher
from tests.unit.ops.cuda_emulation import EmulatedGpu, build


@pytest.fixture(scope="session")
def gpu(tmp_path_factory: pytest.TempPathFactory) -> EmulatedGpu:
    """The GPU kernels on this processor; built once."""
    return EmulatedGpu(build(tmp_path_factory.mktemp("emulator")))


@pytest.fixture(scope="session")
def card(request: pytest.FixtureRequest) -> tuple[Launcher, torch.device]:
    """The GPU kernels on this machine's card; on its processor where it has none."""
    device = torch.device("cuda")
    loaded = cuda_driver.gpu(device) if torch.cuda.is_available() else None
    if loaded is not None:
        return loaded, device
    emulated: EmulatedGpu = request.getfixturevalue("gpu")
    return emulated, torch.device("cpu")
