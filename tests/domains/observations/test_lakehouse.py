"""Files that cannot be reached are told in a sentence, whether they are in a folder or in a bucket."""

from __future__ import annotations

from pathlib import Path

import pytest

from belvedere.domains.observations import lakehouse
from belvedere.domains.observations.errors import LakeUnreadable
from belvedere.engines import lake


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(LakeUnreadable, match="cannot be read now") as caught:
        lakehouse.ask(f"SELECT * FROM read_parquet('{tmp_path}/gone.parquet')")
    assert caught.value.status == 503


def test_a_bucket_that_does_not_answer_is_told_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELVEDERE_LAKE_URL", "s3://lake/a?endpoint=127.0.0.1:9&ssl=false&region=here")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "one")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not to be shown")
    monkeypatch.setattr(lake, "PATIENCE_S", 1)
    lakehouse.forget_reader()
    try:
        with pytest.raises(LakeUnreadable, match=r"127\.0\.0\.1") as caught:
            lakehouse.ask("SELECT * FROM read_parquet('s3://lake/a/main/reading/x.parquet')")
    finally:
        lakehouse.forget_reader()
    assert "not to be shown" not in str(caught.value)
