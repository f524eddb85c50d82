"""Which graphics cards are offered. There is none where this runs: torch is told of some."""

import pytest
import torch

from bimaco_gui.engine.device import choose_device
from bimaco_gui.errors import DeviceError
from bimaco_gui.services.devices import Gpu, list_gpus


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: bool(names))
    monkeypatch.setattr(torch.cuda, "device_count", lambda: len(names))
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: names[index])
    return names


def test_without_a_card_none_is_offered(cards: list[str]) -> None:
    assert list_gpus() == []


def test_a_single_card_needs_no_number(cards: list[str]) -> None:
    cards.append("Ada 2000")
    assert list_gpus() == [Gpu("cuda", "Ada 2000")]


def test_each_of_several_cards_is_what_its_number_says(cards: list[str]) -> None:
    cards += ["Ada 2000", "Ada 4000"]
    assert list_gpus() == [Gpu("cuda:0", "Ada 2000"), Gpu("cuda:1", "Ada 4000")]
    assert choose_device("cuda:1") == torch.device("cuda", 1)
    with pytest.raises(DeviceError, match="no GPU 2"):
        choose_device("cuda:2")
