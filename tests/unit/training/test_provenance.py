from pathlib import Path

import pytest

from bimaco_gui.training import provenance


def test_the_table_of_the_bundled_model_is_the_one_in_the_docs(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    provenance.main([str(repo / "resources" / "models" / "photo.safetensors")])
    printed = capsys.readouterr().out
    table = printed.partition("\n\n")[2].strip()
    assert table.count("\n") >= 5
    assert table in (repo / "docs" / "training.md").read_text()
    assert "Apache-2.0" in printed
