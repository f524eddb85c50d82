import datetime
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bimaco_gui.errors import UsageError
from bimaco_gui.services.name_template import (
    LONGEST_NAME_BYTES,
    NameFacts,
    NameTemplate,
)


def example_name(template: str, facts: NameFacts, suffix: str) -> str:
    return NameTemplate(template).render(facts, suffix)


FACTS = NameFacts(
    name="photo",
    scale=4.0,
    model="photo",
    width=4480,
    height=3360,
    counter=7,
    date=datetime.date(2026, 3, 9),
)


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{name}_x{scale}", "photo_x4.png"),
        ("{name}-{width}x{height}", "photo-4480x3360.png"),
        ("{date} {counter}", "2026-03-09 7.png"),
        ("{counter:4}_{model}", "0007_photo.png"),
        ("{name}.png", "photo.png"),
        ("{name}.PNG", "photo.png"),
        ("large {name} {{1}}", "large photo {1}.png"),
        ("größer–{name} 🙂", "größer–photo 🙂.png"),
        ("{name}. . ", "photo.png"),
    ],
)
def test_a_template_gives_a_name(template: str, name: str) -> None:
    assert example_name(template, FACTS, ".png") == name


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("", "is empty"),
        (" . ", "is empty"),
        ("{nme}", "“{nme}” is not known: use {name}, {scale}"),
        ("{}", "“{}” is not known"),
        ("{0}", "not known"),
        ("{name!r}", "not known"),
        ("{name.x}", "not known"),
        ("{name", "has no partner"),
        ("name}", "has no partner"),
        ("a/b", "may not hold “/”"),
        ("a\\b", "may not hold"),
        ("a\x07{name}", "may not hold"),
        ("what?", "may not hold “?”"),
        (".{name}", "begins with a dot"),
        ("{name:4}", "only {counter} takes"),
        ("{counter:x}", "only {counter} takes"),
        ("{counter:{name}}", "only {counter} takes"),
    ],
)
def test_what_is_wrong_with_a_template_is_said(template: str, sentence: str) -> None:
    with pytest.raises(UsageError) as refused:
        NameTemplate(template)
    assert sentence in refused.value.message


def test_a_scale_that_is_no_round_number_is_short() -> None:
    facts = NameFacts("a", scale=3.3333333)
    assert example_name("{name}_x{scale}", facts, ".jpg") == "a_x3.33.jpg"


def test_a_model_named_by_its_path_gives_no_folders() -> None:
    assert example_name("{model}", NameFacts("a", model="my/own"), ".png") == "my-own.png"


def test_only_the_name_is_cut_where_the_whole_is_too_long() -> None:
    facts = NameFacts("ü" * 200)
    name = example_name("{counter:3} {name}_x{scale}", facts, ".tiff")
    assert name.startswith("001 ü")
    assert name.endswith("ü_x4.tiff")
    assert LONGEST_NAME_BYTES - 2 < len(os.fsencode(name)) <= LONGEST_NAME_BYTES
    with pytest.raises(UsageError, match="too long"):
        example_name("y" * 300 + "{name}", facts, ".png")


@given(
    name=st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1),
    template=st.sampled_from(["{name}_x{scale}", "{name}", "{counter}{name}", "{name} ({date})"]),
)
def test_any_name_gives_one_usable_component(name: str, template: str) -> None:
    given = example_name(template, NameFacts(name), ".png")
    assert given.endswith(".png")
    assert given.strip(" ") == given
    assert "/" not in given
    assert 4 < len(os.fsencode(given)) <= LONGEST_NAME_BYTES


def test_results_are_told_from_photos_by_the_template() -> None:
    usual = NameTemplate("{name}_x{scale}")
    assert usual.source_name("a_x4") == "a"
    assert usual.source_name("a_x2.5 (3)") == "a"
    assert usual.source_name("a_xmas") is None
    assert usual.source_name("a") is None
    assert NameTemplate("{date}-{name}-{model}").source_name("2026-01-02-me-photo") == "me"
    assert NameTemplate("{name}").source_name("a") is None, "it says nothing"
    assert NameTemplate("{counter}-{width}").source_name("1-200") is None, "it names no photo"
