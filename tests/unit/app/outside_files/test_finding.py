"""What lies outside of a project's folder is known from its name, and is not looked at for that."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.outside_files.finding import is_network, is_outside, named_files, network_files, outside_files
from graph_editor.document.document import Document

NETWORK = [r"\\host\share\x.csv", "//host/share/x.csv", "file://host/x", "smb://host/x", "/net/host/x", "/afs/cell/x",
           "https://host/x.h5", r"\\?\UNC\host\x", "//./pipe/x"]  # fmt: skip


@pytest.mark.parametrize("name", NETWORK)
def test_other_machines(name: str, tmp_path: Path) -> None:
    assert is_network(name)
    assert is_outside(name, tmp_path)


@pytest.mark.parametrize(
    "name", ["/dev/zero", "/etc/passwd", "../data.csv", "a/../../x", "a/../x", "~/x.csv", "~root/x", "x\0.csv"]
)
def test_outside(name: str, tmp_path: Path) -> None:
    assert is_outside(name, tmp_path)
    assert not is_network(name)


def test_at_home(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in (
        "data.csv",
        "data/deep/x.h5",
        "./x",
        "sample:digits.h5",
        str(tmp_path / "data" / "x.csv"),
        "half \udce9",
    ):
        assert not is_outside(name, tmp_path), name


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_leads_out_and_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "x.csv").symlink_to("/net/host/never-mounted")
    (tmp_path / "folder").symlink_to("/dev")
    (tmp_path / "round").symlink_to("round")
    for name in ("x.csv", "folder/zero", "round", str(tmp_path / "x.csv")):
        assert is_outside(name, tmp_path), name


def test_all_that_a_project_names(tmp_path: Path) -> None:
    document = Document()
    document.data = {"sources": [{"kind": "csv", "path": "//host/x.csv"}]}
    document.training = {"initial_weights": "/elsewhere/w.h5"}
    document.extra = {"custom_code": {"files": ["layers.py", "../theirs.py"]}}
    assert named_files(document) == ("//host/x.csv", "/elsewhere/w.h5", "layers.py", "../theirs.py")
    assert outside_files(document, tmp_path) == ("//host/x.csv", "/elsewhere/w.h5", "../theirs.py")
    assert network_files(document) == ("//host/x.csv",)
    document.data, document.training, document.extra = {"sources": 3}, {"initial_weights": [1]}, {}
    assert named_files(document) == ()
