"""The term dates dataset: the LA's and two schools' own, with a year to come so that newer files can be judged."""

import pandas as pd

from data_model.term_dates import TERM_DATES
from data_model.terms import year_starting
from sample_data.calendars import CALENDARS, LA, school_year
from sample_data.frames import dataset_frame
from sample_data.schools import Register


def term_dates_frame(register: Register, first_year: int, years: int) -> pd.DataFrame:
    """Three terms for each year of the sample and the next, for the LA and for each school with its own dates."""
    rows = [
        {
            "applies_to": area,
            "academic_year": year_starting(year),
            "term": term.term,
            "first_day": term.first,
            "last_day": term.last,
            "closures": term.closures_text,
        }
        for area, calendar in _areas(register)
        for year in range(first_year, first_year + years + 1)
        for term in school_year(year, calendar)
    ]
    return dataset_frame(TERM_DATES, pd.DataFrame(rows))


def _areas(register: Register) -> list[tuple[int, int]]:
    """The LA code, then the URNs of schools with dates of their own, each with its calendar."""
    own = {
        int(urn): calendar
        for calendar in CALENDARS
        if calendar != LA
        for site in (register.sites.calendar == calendar).nonzero()[0]
        for urn in register.urns[register.row_of[site]]
    }
    return [(register.la_code, LA), *sorted(own.items())]
