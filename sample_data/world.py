"""What every dataset of one local authority is written from."""

from dataclasses import dataclass

import pandas as pd

from sample_data.calendars import Calendars
from sample_data.population import Population
from sample_data.schools import Register


@dataclass(frozen=True)
class World:
    """One LA's schools, pupils and school days, and the reference of each pupil."""

    register: Register
    population: Population
    calendars: Calendars
    upns: pd.Index
