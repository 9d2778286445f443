"""What the fictional children are called: put together by chance from plain forenames and from surnames of no place."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data_model.pupil_names import PUPIL_NAMES
from sample_data.arrays import Random
from sample_data.frames import dataset_frame
from sample_data.story import Story

_GIRLS = (
    *("Aisha", "Alba", "Bea", "Cerys", "Dina", "Edie", "Efe", "Faye", "Gwen", "Hana", "Ines", "Joni", "Kezia", "Lena"),
    *("Maya", "Niamh", "Orla", "Priya", "Roza", "Sana", "Tess", "Uma", "Vera", "Wren", "Yara", "Zofia"),
)
_BOYS = (
    *("Adil", "Bram", "Caleb", "Dev", "Emre", "Finn", "Gio", "Hari", "Idris", "Jago", "Kofi", "Leon", "Milo", "Nikhil"),
    *("Otis", "Piotr", "Rafi", "Samir", "Teo", "Umar", "Viktor", "Wes", "Xander", "Yusuf", "Zac"),
)
_BEGINNINGS = ("Alder", "Briar", "Cinder", "Dapple", "Ember", "Fallow", "Gorse", "Hazel", "Larch", "Mallow", "Nettle")
_ENDS = ("beck", "combe", "dale", "fold", "garth", "holme", "mere", "rigg", "shaw", "thwaite", "wick")
_WORKED_WITH = (
    *("suspensions", "permanent_exclusions", "ap_placements", "outreach_referrals", "outreach_cases"),
    *("fap_referrals", "transitions"),
)


def pupil_names_frame(story: Story, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A name and a birthday for each pupil whom somebody works with, in order of the reference."""
    rng = story.random("names")
    told = pd.concat([frames[name]["pupil_ref"].astype(object) for name in _WORKED_WITH]).dropna()
    pupils = frames["pupils"].drop_duplicates("pupil_ref", keep="last").set_index("pupil_ref")
    known = pupils.loc[pupils.index.isin(told.unique())].sort_index()
    days = rng.integers(1, 29, len(known))
    values = pd.DataFrame(
        {
            "pupil_ref": known.index.astype(object),
            "forename": np.where(known["sex"].eq("F"), _any(rng, _GIRLS, len(known)), _any(rng, _BOYS, len(known))),
            "surname": _any(rng, [start + end for start in _BEGINNINGS for end in _ENDS], len(known)),
            "date_of_birth": [f"{month}-{day:02d}" for month, day in zip(known["birth_month"], days, strict=True)],
        }
    )
    return dataset_frame(PUPIL_NAMES, values)


def _any(rng: Random, names: tuple[str, ...] | list[str], size: int) -> np.ndarray:
    return np.array(names, dtype=object)[rng.integers(0, len(names), size)]
