from pathlib import Path

import pytest

from bimaco_gui.errors import UsageError
from bimaco_gui.services.batch import plan_jobs
from bimaco_gui.services.collect import collect_pictures, find_pictures
from bimaco_gui.services.jobs import JobOptions


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_files_keep_their_order_and_come_once(tmp_path: Path) -> None:
    b, a = tmp_path / "b.png", tmp_path / "a.png"
    touch(a, b)
    again = tmp_path / "x" / ".." / "b.png"
    (tmp_path / "x").mkdir()
    assert collect_pictures([b, a, again, b]) == [b, a]


def test_a_named_file_is_tried_whatever_it_is_called(tmp_path: Path) -> None:
    odd, missing = tmp_path / "photo.dat", tmp_path / "missing.png"
    touch(odd)
    assert collect_pictures([odd, missing]) == [odd, missing]


def test_a_folder_gives_its_pictures_by_name_and_nothing_else(tmp_path: Path) -> None:
    touch(*(tmp_path / name for name in ("b.JPG", "a.png", "Thumbs.db", ".hidden.png", "c.txt")))
    touch(tmp_path / "deep" / "d.png")
    assert collect_pictures([tmp_path]) == [tmp_path / "a.png", tmp_path / "b.JPG"]


def test_a_recursive_search_gives_the_folders_too(tmp_path: Path) -> None:
    touch(tmp_path / "a.png", tmp_path / "x" / "y" / "b.png", tmp_path / ".trash" / "c.png")
    (tmp_path / "x" / "round").symlink_to(tmp_path)
    found = find_pictures([tmp_path], recursive=True)
    assert [(picture.path, picture.folder) for picture in found] == [
        (tmp_path / "a.png", Path()),
        (tmp_path / "x" / "y" / "b.png", Path("x/y")),
    ]


def test_a_second_run_does_not_enlarge_the_results_of_the_first(tmp_path: Path) -> None:
    touch(*(tmp_path / name for name in ("a.png", "a_x4.png", "a_x2.5 (2).jpg", "b_x4.png")))
    assert [path.name for path in collect_pictures([tmp_path])] == ["a.png", "b_x4.png"]
    assert collect_pictures([tmp_path / "a_x4.png"]) == [tmp_path / "a_x4.png"]


def test_equal_stems_get_different_results_even_when_overwriting(tmp_path: Path) -> None:
    inputs = [tmp_path / "a.png", tmp_path / "a.jpg", tmp_path / "deep" / "a.png"]
    touch(*inputs)
    out = tmp_path / "out"
    for overwrite in (False, True):
        options = JobOptions(format="png", overwrite=overwrite)
        outputs = [job.output for job in plan_jobs(inputs, out, options)]
        assert outputs == [out / "a_x4.png", out / "a_x4 (2).png", out / "a_x4 (3).png"]


def test_overwriting_never_replaces_an_input_of_the_batch(tmp_path: Path) -> None:
    inputs = [tmp_path / "a.png", tmp_path / "a_x4.png"]
    touch(*inputs)
    outputs = {job.output for job in plan_jobs(inputs, None, JobOptions(overwrite=True))}
    assert outputs == {tmp_path / "a_x4 (2).png", tmp_path / "a_x4_x4.png"}


def test_searched_folders_are_made_again_below_the_output(tmp_path: Path) -> None:
    photos, out = tmp_path / "photos", tmp_path / "out"
    touch(photos / "a.png", photos / "x" / "a.png")
    jobs = plan_jobs([photos], out, JobOptions(), recursive=True)
    assert [job.output for job in jobs] == [out / "a_x4.png", out / "x" / "a_x4.png"]
    assert not out.exists()


def test_results_below_the_searched_folder_are_not_enlarged_again(tmp_path: Path) -> None:
    touch(tmp_path / "a.png", tmp_path / "out" / "a_x4.png")
    jobs = plan_jobs([tmp_path], tmp_path / "out", JobOptions(), recursive=True)
    assert [job.input for job in jobs] == [tmp_path / "a.png"]


def test_one_output_file_is_for_one_input(tmp_path: Path) -> None:
    inputs = [tmp_path / "a.png", tmp_path / "b.png"]
    with pytest.raises(UsageError, match="name a folder"):
        plan_jobs(inputs, tmp_path / "out.png", JobOptions())
    (job,) = plan_jobs(inputs[:1], tmp_path / "out.webp", JobOptions())
    assert job.output == tmp_path / "out.webp"
    assert job.options.format == "webp"


def test_an_output_that_is_called_like_nothing_is_a_folder(tmp_path: Path) -> None:
    (job,) = plan_jobs([tmp_path / "a.png"], tmp_path / "v1.2", JobOptions())
    assert job.output == tmp_path / "v1.2" / "a_x4.png"
    (job,) = plan_jobs(
        [tmp_path / "a.png"], tmp_path / "b.png", JobOptions(), output_is_folder=True
    )
    assert job.output == tmp_path / "b.png" / "a_x4.png"


def test_a_name_that_contradicts_the_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not end like"):
        plan_jobs([tmp_path / "a.png"], tmp_path / "b.png", JobOptions(format="jpg"))
    with pytest.raises(UsageError, match="cannot be written"):
        plan_jobs([tmp_path / "a.png"], tmp_path / "b.gif", JobOptions())


def test_nothing_to_do_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no picture in"):
        plan_jobs([tmp_path], None, JobOptions())


def test_thousands_of_pictures_are_planned_at_once(tmp_path: Path) -> None:
    inputs = [tmp_path / f"{number}.png" for number in range(3000)]
    assert len({job.output for job in plan_jobs(inputs, None, JobOptions())}) == 3000
