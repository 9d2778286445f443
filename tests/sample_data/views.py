"""The fictional LA's events as analysis would count them."""

import pandas as pd

from data_model.terms import periods_of
from sample_data.generate import Frames

PHASES = ("primary", "secondary", "special")


def phases(frames: Frames) -> pd.Series:
    """The phase of each URN."""
    schools = frames["schools"]
    return pd.Series(schools["phase"].astype(str).to_numpy(), index=schools["urn"].to_numpy(int))


def dated(frames: Frames, dataset: str, day: str) -> pd.DataFrame:
    """Events with `phase`, `academic_year` and `term`; of suspensions, those that count."""
    rows = frames[dataset].astype({"urn": int})
    if dataset == "suspensions":
        rows = rows[rows["category"].eq("SUSP") & rows["status"].ne("cancelled")]
    return rows.assign(phase=rows["urn"].map(phases(frames)), **periods_of(rows[day]))


def suspensions(frames: Frames) -> pd.DataFrame:
    """Suspensions that count, with their phase, year and term."""
    return dated(frames, "suspensions", "start_date")


def rolls(frames: Frames) -> pd.DataFrame:
    """January's headcounts: `phase, academic_year, urn, headcount`."""
    rows = frames["headcounts"]
    rows = rows[rows["characteristic_group"].eq("Total") & rows["census_term"].eq("SPR")].astype({"urn": int})
    return rows.assign(phase=rows["urn"].map(phases(frames)))[["phase", "academic_year", "urn", "headcount"]]


def rates(frames: Frames, events: pd.DataFrame) -> pd.DataFrame:
    """Events per 100 pupils on roll in January: a row for each phase, a column for each year."""
    out_of = rolls(frames).astype({"academic_year": str}).groupby(["phase", "academic_year"])["headcount"].sum()
    counts = events.groupby(["phase", "academic_year"]).size()
    return (100 * counts.reindex(out_of.index, fill_value=0) / out_of.astype(float)).unstack()


def school_rates(frames: Frames, phase: str) -> pd.DataFrame:
    """Each school's suspension rate relative to all of its phase: a row for each school, a column for each year."""
    own = rolls(frames).astype({"academic_year": str}).query("phase == @phase")
    headcount = own.set_index(["urn", "academic_year"])["headcount"].astype(float)
    counts = suspensions(frames).query("phase == @phase").groupby(["urn", "academic_year"]).size()
    table = pd.DataFrame({"count": counts.reindex(headcount.index, fill_value=0), "headcount": headcount})
    usual = table.groupby("academic_year").transform("sum")
    relative = (table["count"] / table["headcount"]) / (usual["count"] / usual["headcount"])
    return relative.unstack()


def per_pupil(frames: Frames) -> pd.Series:
    """Suspensions of each pupil at each school and year that has any, by phase."""
    return suspensions(frames).groupby(["phase", "academic_year", "urn", "pupil_ref"], observed=True).size()
