"""Where a link may lead: to a page of this app and nowhere else."""

import re

# One slash, then neither a second one nor a backslash, and nothing that a browser would drop: all those lead elsewhere.
_LOCAL_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


def local_path(path: str) -> str:
    """The path itself if it leads to a page of this app, else `/`."""
    return path if _LOCAL_PATH.fullmatch(path) else "/"
