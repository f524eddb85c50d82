from bimaco_gui.model import Form, OneStepUpscaler
from bimaco_gui.training.export import fp32_bytes
from bimaco_gui.weights import find_model, read_card
from tests.unit.model.configs import TINY


def test_a_network_in_fp32_takes_four_bytes_a_parameter() -> None:
    state = OneStepUpscaler(TINY, Form.FULL).named_parameters()
    assert fp32_bytes(TINY) == sum(4 * parameter.numel() for _, parameter in state)


def test_the_bundled_model_is_small() -> None:
    """The paper's ratio, here with the codec, and the size that the app promises."""
    path = find_model(None).path
    size = path.stat().st_size
    assert size < 8_000_000
    assert fp32_bytes(read_card(path).config) / size >= 23.8
