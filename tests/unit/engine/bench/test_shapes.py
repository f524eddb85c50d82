"""The shapes are those of the networks: their products add up to what the networks multiply."""

from bimaco_gui.engine.bench.shapes import (
    BUNDLED,
    RELEASED,
    LayerShape,
    bundled_shapes,
    released_shapes,
)
from bimaco_gui.model.packed_layers import PackedBinaryConv2d, PackedBinaryLinear
from bimaco_gui.weights import find_model, load_model


def test_the_released_shapes_are_all_its_binary_layers() -> None:
    shapes = released_shapes()
    assert {shape.model for shape in shapes} == {RELEASED}
    # The authors' UNet multiplies 50.7 G times a tile, first and last layer and attention included.
    products = sum(shape.products * count for shape, count in shapes.items())
    assert 0.98 * 50.7e9 < products < 50.7e9
    assert sum(shapes.values()) == 178
    assert LayerShape(RELEASED, 3, 1, 320, 320, 64, 64) in shapes
    assert LayerShape(RELEASED, 3, 2, 160, 160, 64, 64) in shapes


def test_the_bundled_shapes_are_all_its_binary_layers() -> None:
    shapes = bundled_shapes()
    assert {shape.model for shape in shapes} == {BUNDLED}
    model = load_model(find_model(None).path)
    kinds = (PackedBinaryConv2d, PackedBinaryLinear)
    layers = [layer for layer in model.modules() if isinstance(layer, kinds)]
    assert sum(shapes.values()) == len(layers)
    widths = {(layer.in_channels, layer.out_channels) for layer in layers}
    assert {(shape.in_channels, shape.out_channels) for shape in shapes} == widths


def test_products_count_output_pixels_and_taps() -> None:
    assert LayerShape(BUNDLED, 3, 2, 4, 6, 8, 10).products == 4 * 5 * 9 * 4 * 6
    assert LayerShape(BUNDLED, 0, 1, 4, 6, 1, 70).products == 70 * 4 * 6
    assert LayerShape(BUNDLED, 0, 1, 4, 6, 1, 70).title == "linear 70 rows 4->6"
    assert LayerShape(BUNDLED, 3, 2, 4, 6, 8, 10).title == "conv3x3 8x10 4->6, stride 2"
