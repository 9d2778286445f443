"""Where figures come from: the word in a table's `source`, and what people call it."""

import pandas as pd

from analysis.measures import Measure
from analysis.records import Records
from data_model.catalogue import DATASETS
from data_model.codes import Source

LOCAL, CENSUS, PUBLISHED = "local", "census", "published"
SOURCES = {LOCAL: Source.NOTIFIED.label, CENSUS: Source.CENSUS.label, PUBLISHED: "DfE, as published"}
"""The first word of a table's `source`, as people read it."""


def own_source(records: Records, measure: Measure, provisional: bool) -> str:
    """The `source` of an authority's own figures: `census` only for what comes by source, and only from the census."""
    by_source = any(DATASETS[name].by_source for name in measure.datasets)
    word = CENSUS if by_source and records.source is Source.CENSUS else LOCAL
    return f"{word} (provisional)" if provisional else word


def kinds(sources: pd.Series) -> pd.Series:
    """The first word of each `source`: figures of one kind may be compared, provisional or not."""
    return sources.str.split(" ").str[0]
