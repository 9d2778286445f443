"""Every measure says of itself what a page, an export and a reader need."""

import pickle
from datetime import date

import pytest
from worlds import World

from analysis.measures import MEASURES, Measure
from data_model.catalogue import DATASETS
from data_model.published import COUNTS

EVERY = pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)


@EVERY
def test_it_is_complete(measure: Measure) -> None:
    assert MEASURES[measure.id] is measure
    assert measure.minimum >= 1
    assert measure.per in (1, 100, 1000)
    assert measure.reviewed_on <= date(2026, 12, 31)
    for text in (measure.plain, measure.caveat, measure.why_it_matters, measure.method):
        assert text.endswith(".")
    for text in (measure.name, measure.unit, measure.source):
        assert text
        assert not text.endswith(".")


@EVERY
def test_its_data_is_there_to_load_and_its_columns_are_published(measure: Measure) -> None:
    assert set(measure.datasets) <= set(DATASETS)
    assert set(measure.published or ()) <= set(COUNTS)


@EVERY
def test_its_table_can_be_kept_in_a_cache(world: World, measure: Measure) -> None:
    table = world.table(measure.id, "la")
    assert pickle.loads(pickle.dumps(table)).measure is measure
