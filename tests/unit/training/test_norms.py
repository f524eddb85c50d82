import torch
from torch import nn

from bimaco_gui.training.norms import calibrate_norms


def test_statistics_become_those_of_all_batches() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.BatchNorm2d(3), nn.Conv2d(3, 2, 1), nn.BatchNorm2d(2))
    model[0].running_mean.fill_(100)
    batches = [torch.randn(8, 3, 6, 6) * 2 + 5 for _ in range(12)]
    source = iter(batches)
    calibrate_norms(model, [], lambda: model(next(source)), len(batches))
    everything = torch.cat(batches)
    torch.testing.assert_close(
        model[0].running_mean, everything.mean((0, 2, 3)), rtol=1e-4, atol=1e-4
    )
    torch.testing.assert_close(
        model[0].running_var, everything.var((0, 2, 3)), rtol=0.02, atol=0.02
    )
    assert not model.training and not model[0].training
    assert model[0].momentum == 0.1
    normalized = model(everything)
    assert float(normalized.detach().mean().abs()) < 0.05


def test_fixed_parts_and_weights_stay() -> None:
    model = nn.Sequential(nn.BatchNorm2d(3), nn.BatchNorm2d(3))
    model[0].running_mean.fill_(7)
    weight = model[1].weight.clone()
    calibrate_norms(model, [model[0]], lambda: model(torch.randn(4, 3, 5, 5)), 3)
    assert bool((model[0].running_mean == 7).all())
    assert not bool((model[1].running_mean == 0).all())
    assert torch.equal(model[1].weight, weight)


def test_no_batches_change_nothing() -> None:
    model = nn.BatchNorm2d(3)
    model.running_mean.fill_(7)
    calibrate_norms(model, [], lambda: None, 0)
    assert bool((model.running_mean == 7).all()) and not model.training
