"""Published statistics, unchanged as DfE and GIAS publish them: each file recognised by its header, and loaded."""

from loaders.published.kinds import KINDS, Kind, published_kind, recognise
from loaders.published.load import load_published, load_reference
from loaders.published.report import PublishedReport

__all__ = ["KINDS", "Kind", "PublishedReport", "load_published", "load_reference", "published_kind", "recognise"]
