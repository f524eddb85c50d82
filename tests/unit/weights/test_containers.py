"""State dicts of others: their containers, and what is refused."""

import os
import pickle
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from bimaco_gui.errors import ModelError
from bimaco_gui.weights.containers import read_state

STATE = OrderedDict(
    {
        "a.weight": torch.arange(6.0).reshape(2, 3),
        "a.index": torch.tensor([1, 2], dtype=torch.int64),
    }
)


def saved(path: Path, content: object, **options: Any) -> Path:
    torch.save(content, path, **options)
    return path


def prefixed() -> dict[str, torch.Tensor]:
    return {f"module.{name}": value for name, value in STATE.items()}


@pytest.mark.parametrize(
    "content",
    [
        STATE,
        dict(STATE),
        prefixed(),
        {"state_dict": STATE, "iters_start": 3, "log_step": {"train": 5}},
        {"state_dict": prefixed(), "log_step_img": None},
    ],
)
@pytest.mark.parametrize("zipped", [True, False])
def test_the_authors_containers_are_unwrapped(
    tmp_path: Path, content: object, zipped: bool
) -> None:
    path = saved(tmp_path / "model.pth", content, _use_new_zipfile_serialization=zipped)
    state = read_state(path)
    assert list(state) == list(STATE)
    assert all(torch.equal(state[name], value) for name, value in STATE.items())


def test_safetensors_are_read_too(tmp_path: Path) -> None:
    save_file(dict(STATE), tmp_path / "model.safetensors")
    assert torch.equal(read_state(tmp_path / "model.safetensors")["a.index"], STATE["a.index"])


class Malicious:
    def __init__(self, call: Callable[..., object], *arguments: object) -> None:
        self.call, self.arguments = call, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.call, self.arguments


def made_by_eval(victim: Path) -> Malicious:
    return Malicious(eval, f"__import__('os').mkdir({str(victim)!r})")


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("deep", [True, False])
@pytest.mark.parametrize(
    ("bomb_for", "name"),
    [(lambda victim: Malicious(os.mkdir, str(victim)), "mkdir"), (made_by_eval, "eval")],
)
def test_code_in_a_file_is_refused_and_not_run(
    tmp_path: Path, bomb_for: Callable[[Path], Malicious], name: str, zipped: bool, deep: bool
) -> None:
    victim = tmp_path / "victim"
    bomb = bomb_for(victim)
    content = {"state_dict": {**STATE, "b": bomb}} if deep else bomb
    path = saved(tmp_path / "evil.pth", content, _use_new_zipfile_serialization=zipped)
    with pytest.raises(ModelError, match=rf"evil\.pth asks for “.*{name}” .*Nothing was run"):
        read_state(path)
    assert not victim.exists()
    assert os.listdir(tmp_path) == ["evil.pth"]  # noqa: PTH208


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
def test_a_plain_pickle_that_would_run_code_is_refused(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    path = tmp_path / "evil.pth"
    path.write_bytes(pickle.dumps(Malicious(os.mkdir, str(victim))))
    with pytest.raises(ModelError):
        read_state(path)
    assert not victim.exists()


def test_the_bombs_of_these_tests_would_go_off(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    path = saved(tmp_path / "evil.pth", made_by_eval(victim))
    torch.load(path, weights_only=False)
    assert victim.exists()


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.99])
def test_a_cut_off_file_is_refused(tmp_path: Path, share: float, zipped: bool) -> None:
    big = {"a": torch.randn(50, 50), "b": torch.randn(50)}
    path = saved(tmp_path / "model.pth", big, _use_new_zipfile_serialization=zipped)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ModelError, match=r"model\.pth"):
        read_state(path)


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
@pytest.mark.parametrize("content", [b"", b"my notes", b"\x89PNG" + bytes(100), b"PK\3\4"])
def test_files_of_another_kind_are_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"file{suffix}"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=rf"file\{suffix}"):
        read_state(path)


@pytest.mark.parametrize(
    "content", [torch.zeros(3), [torch.zeros(3)], {}, {"a": 3}, {3: torch.zeros(2)}, None]
)
def test_what_holds_no_weights_by_name_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(ModelError, match="weights by name"):
        read_state(saved(tmp_path / "other.pth", content))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"There is no file .*gone\.pth"):
        read_state(tmp_path / "gone.pth")
