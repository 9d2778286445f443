"""The panels of an authority, and the schools that come before each: by name, never by rank."""

from dataclasses import dataclass

import pandas as pd

from analysis.denominators import HEADLINE
from analysis.hiding.protection import is_hidden
from analysis.targeting.bands import STAY_ABOVE, Band
from analysis.wording import counted, some
from data_model.codes import Phase

_MOST_NAMED = 6


@dataclass(frozen=True)
class Panel:
    """A panel: of a phase or of a district. Grants name it by the phase's code or the district's name."""

    name: str

    @property
    def column(self) -> str:
        """The column of a list of schools that says whose panel each is before."""
        return "phase" if self.name in set(Phase) else "district"

    @property
    def label(self) -> str:
        """Whose schools they are."""
        return f"{Phase(self.name).label} schools" if self.column == "phase" else f"Schools in {self.name}"

    def of(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The schools of a list that come before it, by name."""
        own = rows[rows[self.column].eq(self.name)]
        return own.sort_values(["school_name", "key"], kind="stable", ignore_index=True)


def panels(rows: pd.DataFrame, own: frozenset[str] = frozenset()) -> tuple[Panel, ...]:
    """The panels that a list of schools can come before: those named in `own`, or all where none of these is here."""
    phases = [str(phase) for phase in (Phase.SECONDARY, *HEADLINE) if phase in set(rows["phase"])]
    districts = sorted(rows["district"].dropna().astype("str").unique())
    every = tuple(Panel(name) for name in dict.fromkeys([*phases, *districts]))
    return tuple(panel for panel in every if panel.name in own) or every


def finding(rows: pd.DataFrame, panel: Panel) -> str:
    """How many of a panel's schools stand much higher than average, which, and how sure that is."""
    hidden = int(is_hidden(rows, "steadied_ratio").sum())
    far = rows[rows["band"].eq(str(Band.MUCH_HIGHER))]
    label = f"{panel.label[0].lower()}{panel.label[1:]}"
    among = f" that can be shown ({hidden} cannot)" if hidden else ""
    whole = f"the {len(rows) - hidden} {label}{among}"
    if far.empty:
        return f"None of {whole} has far more suspensions than schools of its size and phase here."
    stay = min(STAY_ABOVE[Phase(phase)] for phase in far["phase"])
    have = "has" if len(far) == 1 else "have"
    return (
        f"{len(far)} of {whole} {have} far more suspensions than schools of their size and phase here: "
        f"{some(far['school_name'], _MOST_NAMED)}. About {round(10 * stay)} in 10 such schools stay above average."
    )


def ready(rows: pd.DataFrame) -> str:
    """How many schools' heads have had their say; `rows` have `may_go_to_panel`."""
    done = int(rows["may_go_to_panel"].sum())
    if not done:
        return (
            "No head here has answered the report on their school yet, so none of these figures is agreed with a head."
        )
    return f"{done} of {counted(len(rows), 'school')} may come before the panel: their heads have had their say."
