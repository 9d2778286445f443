"""Running `python -m analysis` within a test, as somebody at a terminal does."""

import sys
from collections.abc import Callable

import pytest

from analysis.__main__ import main


class Ran:
    """What a command printed, and its exit code."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> None:
        monkeypatch.setattr(sys, "argv", ["python -m analysis", *words])
        with pytest.raises(SystemExit) as stopped:
            main()
        self.code = stopped.value.code
        self.out, self.err = capsys.readouterr()


Run = Callable[[str], Ran]
