"""As root, as root in a container without user namespaces, and as an ordinary user."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import ROOT
from tests.serve.conftest import SERVE, Serve

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("serve"),
    pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else"),
]
SOMEBODY = 12345
AS_SOMEBODY = ["setpriv", f"--reuid={SOMEBODY}", f"--regid={SOMEBODY}", "--clear-groups", "--"]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that somebody else may enter; pytest's own may not be."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_root_in_a_container_without_user_namespaces(serve: Serve, tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    (tmp_path / "unshare").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "unshare").chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    served = serve(private / "data", PATH=path).wait_until_ready()
    assert served.get("readyz") == "ready\n"
    assert served.stop() == 0
    assert served.left_behind() == []
    assert [oct(folder.stat().st_mode & 0o777) for folder in (private, private / "data")] == [
        "0o700",
        "0o700",
    ]
    # The next time namespaces are allowed: the files follow.
    again = serve(private / "data").wait_until_ready()
    assert again.stop() == 0


def test_an_ordinary_user(serve: Serve, open_folder: Path) -> None:
    # Asked by a child: what setpriv starts itself is still looked up with root's rights.
    ask = f"import subprocess; subprocess.check_call([{SERVE[0]!r}, '-c', 'import config, django'])"
    reads = subprocess.run([*AS_SOMEBODY, SERVE[0], "-c", ask], cwd=ROOT, capture_output=True)
    if reads.returncode:
        pytest.skip("this checkout or its Python lies in a folder closed to other users")
    data = open_folder / "data"
    data.mkdir()
    os.chown(data, SOMEBODY, SOMEBODY)
    served = serve(data, command=[*AS_SOMEBODY, *SERVE], HOME=str(data)).wait_until_ready()
    assert served.get("readyz") == "ready\n"
    assert (data / "pg").stat().st_uid == SOMEBODY
    assert served.stop() == 0
