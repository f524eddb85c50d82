import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bimaco_gui.model.side_branches import LowRank, Sparse, copy_split, sparse_count, split_weight

channels = st.integers(1, 20)


@settings(max_examples=40, deadline=None)
@given(channels, channels, st.integers(1, 10), st.integers(0, 2**31))
def test_the_three_parts_sum_to_the_weight(o: int, i: int, rank: int, seed: int) -> None:
    weight = torch.randn(o, i, generator=torch.Generator().manual_seed(seed))
    count = sparse_count(i, o, 2)
    (values, rows, columns), (down, up), rest = split_weight(weight, rank, count)
    dense = torch.zeros(o, i)
    dense[rows.long(), columns.long()] = values
    torch.testing.assert_close(dense + up @ down + rest, weight, rtol=0, atol=1e-5)
    assert values.numel() == count
    assert down.shape[0] == up.shape[1] == min(rank, o, i)


def test_sparse_takes_the_largest_weights() -> None:
    weight = torch.arange(-12.0, 12.0).reshape(4, 6)
    (values, rows, columns), _, _ = split_weight(weight, 2, 5)
    assert sorted(values.abs().tolist(), reverse=True) == [12, 11, 11, 10, 10]
    assert torch.equal(weight[rows.long(), columns.long()], values)


def test_low_rank_is_the_best_approximation_of_what_sparse_leaves() -> None:
    weight = torch.randn(12, 9, generator=torch.Generator().manual_seed(3))
    (values, rows, columns), (down, up), rest = split_weight(weight, 3, 4)
    left = weight.clone()
    left[rows.long(), columns.long()] = 0
    singular = torch.linalg.svdvals(left)
    assert values.numel() == 4
    torch.testing.assert_close(torch.linalg.matrix_norm(rest), singular[3:].square().sum().sqrt())
    torch.testing.assert_close(up.norm(dim=0), down.norm(dim=1))


def test_branches_hold_what_was_split_off() -> None:
    weight = torch.randn(6, 10, generator=torch.Generator().manual_seed(5))
    sparse, low_rank = Sparse(10, 6, 7), LowRank(10, 6, 4)
    parts = split_weight(weight, 4, 7)
    copy_split(sparse, low_rank, parts[0], parts[1])
    torch.testing.assert_close(sparse.matrix() + low_rank.matrix() + parts[2], weight)


def test_gradients_reach_sparse_values_and_both_factors() -> None:
    sparse, low_rank = Sparse(5, 4, 6), LowRank(5, 4, 2)
    torch.nn.init.normal_(low_rank.up)
    low_rank.matrix().square().sum().backward()
    (sparse.matrix() * 3).sum().backward()
    assert low_rank.up.grad is not None and low_rank.up.grad.abs().sum() > 0
    assert low_rank.down.grad is not None and low_rank.down.grad.abs().sum() > 0
    assert sparse.values.grad is not None and bool((sparse.values.grad == 3).all())
