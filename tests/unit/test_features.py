"""The table of features claims nothing that no test proves."""

import re
from pathlib import Path


def rows(page: str) -> list[list[str]]:
    lines = [line for line in page.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] not in ("feature", "wish") and set(row[0]) != {"-"}]


def test_every_yes_names_tests_that_exist(repo: Path) -> None:
    table = rows((repo / "docs" / "features.md").read_text())
    assert len(table) > 50
    for row in table:
        *_, here, proof = row
        links = re.findall(r"`([^`]+)::([^`]+)`", proof)
        assert bool(links) == here.startswith("yes"), row[0]
        for file, name in links:
            source = (repo / "tests" / file).read_text()
            assert re.search(rf"^def {name}\(", source, re.MULTILINE), f"{file}::{name}"
