"""The funnels: which schools lie further from the average than chance explains."""

import pandas as pd

from analysis.sources import PUBLISHED
from analysis.targeting import funnel_sentences as sentences
from analysis.targeting.funnel import Funnel, funnel_of
from charts.funnel import funnel
from data_model.codes import Phase
from data_model.terms import Period
from ui import cached, show
from ui.opening import Place
from ui.show import Source

_COLUMNS = {
    "school_name": "School",
    "observed": "Suspensions",
    "expected": "Expected",
    "ratio": "Times the average",
    "usual": "By chance, usually",
    "place_name": "Where it lies",
    "pupils": "Pupils",
}


def funnels(place: Place, period: Period, phase: str | None, *, leads_to: str) -> None:
    """Show the funnel of a phase, or one for each; nothing where there are no schools, which the list says.

    `leads_to` is as in `show.table`.
    """
    found = cached.counted(funnel_of, period=period, la=place.la, phase=phase)
    phases = found.phases if found else ()
    if found is None or not phases:
        return
    source = place.source([PUBLISHED]) if found.published else place.local
    show.captions([sentences.HOW_TO_READ])
    for each in phases:
        _funnel(found, each, source, place, period, leads_to)
    show.notes(sentences.notes(found, in_full=not cached.hides_small_numbers()))


def _funnel(found: Funnel, phase: Phase, source: Source, place: Place, period: Period, leads_to: str) -> None:
    rows, lines = (frame[frame["phase"].eq(str(phase))] for frame in (found.rows, found.lines))
    title = sentences.title(found, phase)
    if rows.empty:
        show.nothing(title)
        return
    show.finding(
        funnel(
            rows,
            lines,
            name="school_name",
            value="ratio",
            expected="expected",
            said="said",
            place="place",
            small="small",
            key="key",
            unit=sentences.unit(found, phase),
            across="Suspensions expected in a year",
        ),
        rows,
        columns=_COLUMNS,
        title=title,
        source=source,
        name=f"funnel-{phase}",
        links="key",
        leads_to=leads_to,
        publish=lambda: _again(place, period, phase),
    )


def _again(place: Place, period: Period, phase: Phase) -> pd.DataFrame:
    found = cached.counted(funnel_of, period=period, la=place.la, phase=str(phase))
    assert found is not None, "it was there in full"
    return found.rows
