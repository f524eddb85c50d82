import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bimaco_gui.errors import Cancelled, UsageError
from bimaco_gui.services import batch
from bimaco_gui.services.batch import BatchRequest, Filters, Look, Plan, preflight
from bimaco_gui.services.collect import find_pictures
from bimaco_gui.services.estimate import Experience
from bimaco_gui.services.jobs import Job, JobOptions
from tests.unit.services.fakes import save_picture


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def eight_by_six(path: Path) -> tuple[int, int]:
    return 8, 6


def plan(
    inputs: list[Path], output: Path | None = None, look: Look = eight_by_six, **rest: object
) -> Plan:
    return preflight(BatchRequest(tuple(inputs), output=output, **rest), look=look)  # type: ignore[arg-type]


def outputs(inputs: list[Path], output: Path | None = None, **rest: object) -> list[Path | None]:
    return [one.job.output for one in plan(inputs, output, **rest).jobs]  # type: ignore[arg-type]


def reasons(found: Plan) -> dict[str, str]:
    return {one.path.name: one.reason for one in found.left_out}


def test_files_keep_their_order_and_come_once(tmp_path: Path) -> None:
    b, a = tmp_path / "b.png", tmp_path / "a.png"
    touch(a, b)
    again = tmp_path / "x" / ".." / "b.png"
    (tmp_path / "x").mkdir()
    assert [one.path for one in find_pictures([b, a, again, b])] == [b, a]


def test_a_named_file_is_tried_whatever_it_is_called(tmp_path: Path) -> None:
    odd, missing = tmp_path / "photo.dat", tmp_path / "missing.png"
    touch(odd)
    assert [one.path for one in find_pictures([odd, missing])] == [odd, missing]


def test_a_folder_gives_its_pictures_by_name_and_nothing_else(tmp_path: Path) -> None:
    touch(*(tmp_path / name for name in ("b.JPG", "a.png", "Thumbs.db", ".hidden.png", "c.txt")))
    touch(tmp_path / "deep" / "d.png")
    assert [one.path.name for one in find_pictures([tmp_path])] == ["a.png", "b.JPG"]


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
    found = plan([tmp_path])
    assert [one.job.input.name for one in found.jobs] == ["a.png", "b_x4.png"]
    assert reasons(found) == {"a_x4.png": "result", "a_x2.5 (2).jpg": "result"}
    assert "“a.png”" in found.left_out[0].message
    assert [one.job.input.name for one in plan([tmp_path / "a_x4.png"]).jobs] == ["a_x4.png"]


def test_results_are_told_by_the_chosen_template_too(tmp_path: Path) -> None:
    touch(*(tmp_path / name for name in ("a.png", "big-a.png", "a (2).png")))
    found = plan([tmp_path], options=JobOptions(template="big-{name}"))
    assert reasons(found) == {"big-a.png": "result"}
    assert plan([tmp_path], options=JobOptions(template="{name}")).left_out == ()


def test_equal_stems_get_different_results_even_when_overwriting(tmp_path: Path) -> None:
    inputs = [tmp_path / "a.png", tmp_path / "a.jpg", tmp_path / "deep" / "a.png"]
    touch(*inputs)
    out = tmp_path / "out"
    for existing in ("number", "skip", "overwrite"):
        options = JobOptions(format="png", existing=existing)
        assert outputs(inputs, out, options=options) == [
            out / "a_x4.png",
            out / "a_x4 (2).png",
            out / "a_x4 (3).png",
        ]


def test_overwriting_never_replaces_an_input_of_the_batch(tmp_path: Path) -> None:
    inputs = [tmp_path / "a.png", tmp_path / "a_x4.png"]
    touch(*inputs)
    assert set(outputs(inputs, options=JobOptions(existing="overwrite"))) == {
        tmp_path / "a_x4 (2).png",
        tmp_path / "a_x4_x4.png",
    }


def test_searched_folders_are_made_again_below_the_output(tmp_path: Path) -> None:
    photos, out = tmp_path / "photos", tmp_path / "out"
    touch(photos / "a.png", photos / "x" / "a.png")
    mirrored = outputs([photos], out, recursive=True)
    assert mirrored == [out / "a_x4.png", out / "x" / "a_x4.png"]
    together = outputs([photos], out, recursive=True, mirrored=False)
    assert together == [out / "a_x4.png", out / "a_x4 (2).png"]
    beside = outputs([photos], recursive=True)
    assert beside == [photos / "a_x4.png", photos / "x" / "a_x4.png"]
    assert not out.exists()


def test_results_below_the_searched_folder_are_not_enlarged_again(tmp_path: Path) -> None:
    touch(tmp_path / "a.png", tmp_path / "out" / "a_x4.png")
    found = plan([tmp_path], tmp_path / "out", recursive=True)
    assert [one.job.input for one in found.jobs] == [tmp_path / "a.png"]


def test_one_output_file_is_for_one_input(tmp_path: Path) -> None:
    inputs = [tmp_path / "a.png", tmp_path / "b.png"]
    with pytest.raises(UsageError, match="name a folder"):
        plan(inputs, tmp_path / "out.png")
    (one,) = plan(inputs[:1], tmp_path / "out.webp").jobs
    assert one.job.output == tmp_path / "out.webp"
    assert one.job.options.format == "webp"


def test_an_output_that_is_called_like_nothing_is_a_folder(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    assert outputs([source], tmp_path / "v1.2") == [tmp_path / "v1.2" / "a_x4.png"]
    forced = outputs([source], tmp_path / "b.png", output_is_folder=True)
    assert forced == [tmp_path / "b.png" / "a_x4.png"]


def test_a_name_that_contradicts_the_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not end like"):
        plan([tmp_path / "a.png"], tmp_path / "b.png", options=JobOptions(format="jpg"))
    with pytest.raises(UsageError, match="cannot be written"):
        plan([tmp_path / "a.png"], tmp_path / "b.gif")


def test_nothing_to_do_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no picture in"):
        plan([tmp_path])


def test_thousands_of_pictures_are_planned_at_once(tmp_path: Path) -> None:
    inputs = [tmp_path / f"{number}.png" for number in range(3000)]
    assert len(set(outputs(inputs))) == 3000


def test_what_cannot_be_opened_is_named_with_its_reason_before_the_work(tmp_path: Path) -> None:
    save_picture(tmp_path / "good.png", (10, 20))
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.jpg").write_text("no picture")
    found = preflight(BatchRequest((tmp_path,)))
    assert [(one.size, one.out_size) for one in found.jobs] == [((10, 20), (40, 80))]
    assert {one.path.name: one.message for one in found.unreadable} == {
        "empty.png": "“empty.png” is empty (0 bytes).",
        "text.jpg": found.unreadable[1].message,
    }
    assert "“text.jpg” is a text file" in found.unreadable[1].message
    assert [job.input.name for job, _ in found.queue] == ["empty.png", "good.png", "text.jpg"]
    assert [size for _, size in found.queue] == [None, (10, 20), None]


def test_filters_choose_by_kind_and_size_but_not_among_named_files(tmp_path: Path) -> None:
    (tmp_path / "small.png").write_bytes(b"x" * 10)
    (tmp_path / "large.png").write_bytes(b"x" * 1000)
    (tmp_path / "other.webp").write_bytes(b"x" * 100)
    suffixes = Filters(suffixes=frozenset({".png"}))
    assert reasons(plan([tmp_path], filters=suffixes)) == {"other.webp": "filtered"}
    sizes = Filters(smallest_bytes=50, largest_bytes=500)
    assert reasons(plan([tmp_path], filters=sizes)) == {
        "small.png": "filtered",
        "large.png": "filtered",
    }
    assert plan([tmp_path / "other.webp"], filters=suffixes).left_out == ()


def test_what_is_done_or_large_already_is_left_out_on_request(tmp_path: Path) -> None:
    save_picture(tmp_path / "small.png", (30, 20))
    save_picture(tmp_path / "large.png", (20, 60))
    save_picture(tmp_path / "done.png", (30, 20))
    save_picture(tmp_path / "out" / "done_x4.png")
    request = BatchRequest(
        (tmp_path,), JobOptions(existing="skip"), tmp_path / "out", skip_above=50
    )
    found = preflight(request)
    assert [one.job.input.name for one in found.jobs] == ["small.png"]
    assert reasons(found) == {"large.png": "large", "done.png": "exists"}
    larger = preflight(replace(request, options=JobOptions(longest_side=25), skip_above=None))
    assert set(reasons(larger).values()) == {"large"}


def test_names_follow_the_template_with_the_size_of_each_result(tmp_path: Path) -> None:
    save_picture(tmp_path / "a.png", (30, 20))
    save_picture(tmp_path / "b.png", (15, 10))
    options = JobOptions(template="{counter:2}-{name}-{width}x{height}", longest_side=60)
    found = outputs([tmp_path], options=options, look=header_size)
    assert found == [tmp_path / "01-a-60x40.png", tmp_path / "02-b-60x40.png"]


def header_size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def test_the_plan_says_how_much_time_and_space_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = [tmp_path / "a.png", tmp_path / "b.png"]
    request = BatchRequest(tuple(inputs), output=tmp_path / "not yet" / "there")
    unknown = preflight(request, look=lambda path: (1000, 500))
    assert unknown.seconds is None
    known = (
        Experience()
        .with_speed(JobOptions(), (1000, 1000), 20.2)
        .with_bytes(Job(inputs[0]), (4000, 4000), 32_000_000)
    )
    monkeypatch.setattr(batch, "free_bytes", lambda folder: 10_000_000)
    measured = preflight(request, known, look=lambda path: (1000, 500))
    assert measured.seconds == pytest.approx(2 * (0.2 + 10))
    assert measured.output_bytes == pytest.approx(2 * 16_000_000)
    (disk,) = measured.disks
    assert disk.folder == tmp_path
    assert not disk.is_enough
    monkeypatch.setattr(batch, "free_bytes", lambda folder: 10**12)
    assert preflight(request, known, look=lambda path: (1000, 500)).disks[0].is_enough


def test_a_long_look_can_be_followed_and_stopped(tmp_path: Path) -> None:
    inputs = tuple(tmp_path / f"{number}.png" for number in range(5))
    stop = threading.Event()
    seen = []

    def follow(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 3:
            stop.set()

    with pytest.raises(Cancelled):
        preflight(BatchRequest(inputs), look=eight_by_six, progress=follow, cancel=stop)
    assert seen == [(1, 5), (2, 5), (3, 5)]


def test_a_result_of_an_earlier_run_beside_its_photo_is_found_again(tmp_path: Path) -> None:
    for name in ("a.png", "a_x4.png"):
        save_picture(tmp_path / name)
    skip = preflight(BatchRequest((tmp_path,), JobOptions(existing="skip")))
    assert skip.jobs == ()
    assert sorted(one.reason for one in skip.left_out) == ["exists", "result"]
    replace_it = preflight(BatchRequest((tmp_path,), JobOptions(existing="overwrite")))
    assert [one.job.output for one in replace_it.jobs] == [tmp_path / "a_x4.png"]
