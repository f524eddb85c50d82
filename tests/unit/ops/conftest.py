"""What the tests of the GPU kernels share."""

import pytest

from tests.unit.ops.cuda_emulation import EmulatedGpu, build


@pytest.fixture(scope="session")
def gpu(tmp_path_factory: pytest.TempPathFactory) -> EmulatedGpu:
    """The GPU kernels on this processor; built once."""
    return EmulatedGpu(build(tmp_path_factory.mktemp("emulator")))
