"""What the Schools page's figures say, a sentence each: the titles of its charts."""

import pandas as pd

from analysis.every_school.figures import NOT_REACHED, REACHED, EverySchool
from analysis.hiding.protection import is_hidden
from analysis.measures import OUTREACH_COVERAGE, Measure
from analysis.wording import amount, counted, listed
from data_model.codes import Phase

SHOWN = " among those that can be shown"


def counts_what(measure: Measure) -> str:
    """What a measure counts, in its own words: `suspensions` for suspensions per 100 pupils."""
    return measure.unit.split(" per ")[0]


def picture(found: EverySchool, phase: str | None) -> str:
    """Where the schools lie: the middle of each phase, or of one phase the highest school and the middle."""
    rated = found.rows.dropna(subset=["rate"])
    if rated.empty and is_hidden(found.rows, "rate").any():
        return f"Too few pupils at every school to show {found.measure.name.lower()} in {found.period.label}."
    if rated.empty:
        return f"No school has a figure for {found.measure.name.lower()} in {found.period.label}."
    if found.measure is OUTREACH_COVERAGE:
        return _reached(found.rows)
    if phase is None:
        return _phases(found)
    return _highest(rated, found.measure, bool(is_hidden(found.rows, "rate").any()))


def _reached(rows: pd.DataFrame) -> str:
    reached, missed = (int(rows["band"].eq(band).sum()) for band in (REACHED, NOT_REACHED))
    return f"Outreach was in {reached} of the {counted(reached + missed, 'school')} with the highest suspension rates."


def _phases(found: EverySchool) -> str:
    hidden = is_hidden(found.rows, "rate")
    parts = []
    for phase in (Phase.SECONDARY, Phase.PRIMARY, Phase.SPECIAL):
        own = found.rows["phase"].eq(phase)
        rates = found.rows.loc[own, "rate"].dropna()
        if withheld := int((own & hidden).sum()):
            parts.append(_spread(rates, withheld, phase.label.lower()))
        elif len(rates) > 1:
            words = "have none" if rates.median() == 0 else f"are below {amount(rates.median())}"
            parts.append(f"half of the {len(rates)} {phase.label.lower()} schools {words}")
    if not parts:
        return f"{counted(int(found.rows['rate'].count()), 'school')} with a figure for {found.measure.name.lower()}."
    said = ("; " if hidden.any() else " and ").join(parts) if len(parts) < 3 or hidden.any() else listed(parts)
    return f"{said[0].upper()}{said[1:]} ({found.measure.unit})."


def _spread(rates: pd.Series, withheld: int, phase: str) -> str:
    """Where a phase's schools lie when some are hidden: half of those shown says nothing of all."""
    none, some = int(rates.eq(0).sum()), rates[rates.gt(0)]
    parts = [f"{none} {'has' if none == 1 else 'have'} none"] if none else []
    if len(some):
        span = amount(some.min()) if len(some) == 1 else f"{amount(some.min())} to {amount(some.max())}"
        parts.append(f"{len(some)} {'has' if len(some) == 1 else 'have'} {span}")
    parts.append(f"{withheld} cannot be shown")
    return f"of {len(rates) + withheld} {phase} schools {listed(parts)}"


def _highest(rated: pd.DataFrame, measure: Measure, some_hidden: bool) -> str:
    firm = rated[~rated["small"]]
    what = counts_what(measure)
    if firm.empty:
        return f"No school has {measure.minimum} or more {what}: one child can move every rate, so none is singled out."
    top, phase = firm.iloc[0], str(rated["phase_name"].iloc[0]).lower()
    figure = f"{amount(top['rate'])} {measure.unit} (count {amount(top['count'])})"
    said = f"{top['school_name']} has the most{SHOWN if some_hidden else ''}, {figure}"
    if some_hidden:
        return f"{said}."
    if len(rated) == 1:
        return f"{said}; it is the only {phase} school with a figure."
    middle = amount(rated["rate"].median())
    return f"{said}; half of the {len(rated)} {phase} schools are below {middle}."


def where(found: EverySchool) -> str:
    """In which district most of the schools are that the map picks out."""
    picked = found.rows[found.rows["band"].eq(found.bands[0])]
    if found.measure is OUTREACH_COVERAGE:
        what = counted(len(picked), "highest-rate school") + " without outreach"
    else:
        shown = SHOWN if is_hidden(found.rows, "rate").any() else ""
        what = counted(len(picked), "school") + " in the highest fifth of their phase" + shown
    districts = picked["district"].dropna().value_counts()
    if districts.empty:
        return f"Where the {what} are."
    ties = [str(name) for name in districts[districts.eq(districts.iloc[0])].index]
    each = "each of " if len(ties) > 1 else ""
    return f"Of the {what}, {districts.iloc[0]} {'is' if districts.iloc[0] == 1 else 'are'} in {each}{listed(ties)}."


def small(measure: Measure) -> str:
    """What is drawn hollow and noted as a small number."""
    least = f"fewer than {measure.minimum} {counts_what(measure)}"
    return f"Hollow, or noted as a small number: {least}. One child can move such a school’s rate."
