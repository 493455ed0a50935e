import threading
from pathlib import Path

import pytest

from app.system.recent_files import still_there
from graph_editor.background.background import Background


def test_what_is_gone_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "here").touch()
    names = [str(tmp_path / "here"), str(tmp_path / "gone"), "zero \0 byte"]
    assert still_there(Background(), names, 30) == names[:1]


def test_a_network_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = threading.Event()
    monkeypatch.setattr(Path, "exists", lambda _self: answer.wait(60))
    assert still_there(Background(), ["/net/host/p.lamella"]) == ["/net/host/p.lamella"]
    answer.set()
