"""What the CUDA driver is told: a stand-in reads memory as the driver's header lays it out."""

from __future__ import annotations

import contextlib
import ctypes
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from bimaco_gui.ops import cuda_driver

IMAGE = b"machine code"
STREAM = 0x7F00_1234_5678
REFUSED = 701
CONFIG = struct.calcsize("7I2PI0P")  # bytes of the driver's structures: 56 where pointers have 8
ATTRIBUTE = 72
OVERLAP = (6, 1)  # may begin while the kernel before ends


class Call(ctypes.Structure):
    """Some kernel's arguments."""

    _fields_ = [("first", ctypes.c_int), ("second", ctypes.c_float)]


@dataclass(frozen=True)
class Launched:
    """What one launch came to."""

    kernel: str
    grid: tuple[int, ...]
    block: tuple[int, ...]
    shared: int
    stream: int
    attributes: list[tuple[int, int]]
    arguments: tuple[int, float]


class Function:
    """A function of the driver, which ctypes lets give types to."""

    def __init__(self, body: Callable[..., int]) -> None:
        self._body = body
        self.argtypes: tuple[Any, ...] = ()

    def __call__(self, *arguments: Any) -> int:
        return self._body(*arguments)


def at(pointer: Any) -> int:
    """The address in a pointer, however it is passed."""
    address = ctypes.cast(pointer, ctypes.c_void_p).value
    assert address is not None
    return address


def put(pointer: Any, kind: str, value: int) -> None:
    """Write where the caller wants a result."""
    ctypes.memmove(at(pointer), struct.pack(kind, value), struct.calcsize(kind))


def read(address: int, kind: str) -> tuple[Any, ...]:
    """What lies there."""
    return struct.unpack(kind, ctypes.string_at(address, struct.calcsize(kind)))


@dataclass
class Driver:
    """Keeps what it is given; `refuses` names the functions that fail, `lacks` those not there."""

    version: int = 12030
    refuses: set[str] = field(default_factory=set)
    lacks: set[str] = field(default_factory=set)
    launched: list[Launched] = field(default_factory=list)
    allowed: list[tuple[str, int, int]] = field(default_factory=list)
    kernels: list[str] = field(default_factory=list)
    text: ctypes.Array[ctypes.c_char] = field(
        default_factory=lambda: ctypes.create_string_buffer(b"too many resources requested")
    )

    def __getattr__(self, name: str) -> Function:
        if not name.startswith("cu") or name in self.lacks:
            raise AttributeError(name)

        def body(*arguments: Any) -> int:
            if name in self.refuses:
                return REFUSED
            getattr(self, f"_{name}")(*arguments)
            return 0

        # As ctypes does, one object for a name, so that its types stay.
        self.__dict__[name] = Function(body)
        return self.__dict__[name]  # type: ignore[no-any-return]

    def _cuModuleLoadData(self, module: Any, image: bytes) -> None:
        assert image == IMAGE
        put(module, "P", 77)

    def _cuModuleGetFunction(self, function: Any, module: ctypes.c_void_p, name: bytes) -> None:
        assert module.value == 77
        self.kernels.append(name.decode())
        put(function, "P", len(self.kernels))

    def _cuFuncSetAttribute(self, function: ctypes.c_void_p, attribute: int, value: int) -> None:
        self.allowed.append((self._named(function), attribute, value))

    def _cuCtxGetDevice(self, device: Any) -> None:
        put(device, "i", 3)

    def _cuDeviceGetAttribute(self, value: Any, attribute: int, device: int) -> None:
        assert (attribute, device) == (97, 3)
        put(value, "i", 227 * 1024)

    def _cuDriverGetVersion(self, version: Any) -> None:
        put(version, "i", self.version)

    def _cuGetErrorString(self, status: int, text: Any) -> None:
        assert status == REFUSED
        put(text, "P", ctypes.addressof(self.text))

    def _cuLaunchKernelEx(
        self, config: Any, function: ctypes.c_void_p, values: Any, extra: None
    ) -> None:
        # CUlaunchConfig: grid, block, shared bytes; stream, attributes; how many.
        numbers = read(at(config), "7I2PI")
        grid, block, (shared, stream, first, count) = numbers[:3], numbers[3:6], numbers[6:]
        # CUlaunchAttribute: identity, padding, 64 bytes of value.
        attributes = [read(first + ATTRIBUTE * i, "i4xi60x") for i in range(count)]
        (only,) = read(at(values), "P")
        assert extra is None
        self.launched.append(
            Launched(
                self._named(function),
                grid,
                block,
                shared,
                stream,
                [(identity, value) for identity, value in attributes],
                read(only, "if"),
            )
        )

    def _named(self, function: ctypes.c_void_p) -> str:
        assert function.value is not None
        return self.kernels[function.value - 1]


Load = Callable[..., tuple[cuda_driver.Gpu, Driver]]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Loads the kernels with a driver of that version, on a GPU of that compute capability."""

    def loaded(
        capability: tuple[int, int] = (9, 0), version: int = 12030, *refuses: str
    ) -> tuple[cuda_driver.Gpu, Driver]:
        driver = Driver(version, set(refuses))
        current: list[int] = []

        @contextlib.contextmanager
        def device(index: int) -> Iterator[None]:
            current.append(index)
            try:
                yield
            finally:
                current.pop()

        def stream() -> SimpleNamespace:
            assert current == [1]  # else it would be another device's
            return SimpleNamespace(cuda_stream=STREAM, synchronize=lambda: None)

        monkeypatch.setattr(ctypes, "CDLL", lambda name: driver)
        monkeypatch.setattr(torch.cuda, "device", device)
        monkeypatch.setattr(torch.cuda, "current_stream", stream)
        monkeypatch.setattr(torch.cuda, "get_device_capability", lambda index: capability)
        monkeypatch.setattr(
            torch.cuda,
            "get_device_properties",
            lambda index: SimpleNamespace(multi_processor_count=132),
        )
        return cuda_driver.Gpu(1, IMAGE), driver

    return loaded


def test_a_launch_says_all_that_the_kernel_needs(load: Load) -> None:
    gpu, driver = load()
    gpu.launch("bimaco_some", Call(5, 0.25), (70000, 3), 192, 1024)
    assert driver.launched == [
        Launched("bimaco_some", (70000, 3, 1), (192, 1, 1), 1024, STREAM, [OVERLAP], (5, 0.25))
    ]
    assert not driver.allowed
    assert (gpu.processors, gpu.most_shared) == (132, 227 * 1024)
    assert "12030" in gpu.build


def test_structures_are_as_long_as_the_driver_reads() -> None:
    assert ctypes.sizeof(cuda_driver._Launch) == CONFIG
    assert ctypes.sizeof(cuda_driver._Attribute) == ATTRIBUTE


@pytest.mark.parametrize(
    ("capability", "version", "attributes"),
    [
        ((9, 0), 12030, [OVERLAP]),
        ((12, 0), 13000, [OVERLAP]),
        ((9, 0), 12020, []),
        ((8, 9), 13000, []),
        ((8, 0), 12000, []),
    ],
)
def test_kernels_overlap_where_the_gpu_and_the_driver_can(
    load: Load, capability: tuple[int, int], version: int, attributes: list[tuple[int, int]]
) -> None:
    gpu, driver = load(capability, version)
    for _ in range(2):
        gpu.launch("bimaco_some", Call(), (1, 1), 32, 0)
    assert [launch.attributes for launch in driver.launched] == [attributes] * 2


def test_much_shared_memory_is_asked_for_once(load: Load) -> None:
    gpu, driver = load()
    usual, more, most = 48 * 1024, 48 * 1024 + 16, 100 * 1024
    for shared in (usual, more, more, usual, most, more, most):
        gpu.launch("bimaco_some", Call(), (1, 1), 32, shared)
    gpu.launch("bimaco_other", Call(), (1, 1), 32, more)
    gpu.launch("bimaco_some", Call(), (1, 1), 32, most)
    assert driver.allowed == [
        ("bimaco_some", 8, more),
        ("bimaco_some", 8, most),
        ("bimaco_other", 8, more),
    ]
    assert driver.kernels == ["bimaco_some", "bimaco_other"]
    assert [launch.shared for launch in driver.launched][-3:] == [most, more, most]


@pytest.mark.parametrize(
    "function", ["cuModuleGetFunction", "cuFuncSetAttribute", "cuLaunchKernelEx"]
)
def test_a_refusal_is_told_in_the_drivers_words(load: Load, function: str) -> None:
    gpu, driver = load()
    driver.refuses = {function}
    with pytest.raises(RuntimeError, match="CUDA error: too many resources requested"):
        gpu.launch("bimaco_some", Call(), (1, 1), 32, 64 * 1024)
    assert not driver.launched
    driver.refuses = set()
    gpu.launch("bimaco_some", Call(), (1, 1), 32, 64 * 1024)
    assert driver.allowed == [("bimaco_some", 8, 64 * 1024)] and len(driver.launched) == 1


def test_an_error_without_words_is_told_by_its_number(load: Load) -> None:
    gpu, _ = load((9, 0), 12030, "cuLaunchKernelEx", "cuGetErrorString")
    with pytest.raises(RuntimeError, match=f"error {REFUSED}"):
        gpu.launch("bimaco_some", Call(), (1, 1), 32, 0)


@pytest.mark.parametrize(
    ("driver", "why"),
    [
        (
            Driver(refuses={"cuModuleLoadData"}),
            "the driver refuses the kernels: too many resources requested",
        ),
        (Driver(lacks={"cuLaunchKernelEx"}), "the CUDA driver is older than 11.8"),
    ],
)
def test_a_driver_that_cannot_run_the_kernels_leaves_the_gpu_to_torch(
    driver: Driver, why: str, load: Load, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    load()  # the stand-ins
    monkeypatch.setattr(ctypes, "CDLL", lambda name: driver)
    file = tmp_path / "kernels"
    file.write_bytes(IMAGE)
    monkeypatch.setenv("BIMACO_CUDA_LIBRARY", str(file))
    cuda_driver._loaded.cache_clear()
    try:
        device = torch.device("cuda", 1)
        assert cuda_driver.gpu(device) is None
        assert cuda_driver.why_not(device) == why
    finally:
        cuda_driver._loaded.cache_clear()
