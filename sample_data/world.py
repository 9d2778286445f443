"""What every dataset of one local authority is written from."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample_data.arrays import Array
from sample_data.calendars import Calendars
from sample_data.population import Population
from sample_data.schools import Register
from sample_data.upns import upns


@dataclass(frozen=True)
class World:
    """One LA's schools, pupils and school days. `known` are the pupils that any dataset names, and `upns` theirs."""

    register: Register
    population: Population
    calendars: Calendars
    known: Array
    upns: pd.Index

    @classmethod
    def of(cls, register: Register, population: Population, calendars: Calendars, *pupils: Array) -> "World":
        """The world in which the datasets name these pupils; -1 is nobody."""
        everybody = np.unique(np.concatenate(pupils))
        known = everybody[everybody >= 0]
        return cls(register, population, calendars, known, upns(known, register.la_code))

    def references(self, pupil: Array) -> pd.Categorical:
        """The reference of each pupil, blank for -1."""
        codes = np.where(pupil < 0, -1, np.searchsorted(self.known, pupil))
        return pd.Categorical.from_codes(codes, categories=self.upns)
