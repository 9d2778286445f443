"""Placements that broke down, and signs that one should never have been made: facts to ask about, one by one."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.alternative_provision.queries import Provision
from analysis.alternative_provision.stays import Ending
from analysis.statistics.intervals import wilson
from data_model.codes import AttendancePattern, PlacementReason, Tier, YesNo
from data_model.labelled import Labelled

SHORT = 28
"""Days within which a placement that ended otherwise than by a return was perhaps the wrong one."""
FEWEST = 20
"""Placements, below which no share is said."""
FIGURES = ["count", "out_of", "share", "low", "high"]


class Sign(Labelled):
    """What is counted, and out of what."""

    BROKE_DOWN = "broke_down", "Broke down, of those that ended"
    SHORT = "short", "Ended within four weeks and not by a return, of those that started four weeks ago or earlier"
    NOT_REGISTERED = "not_registered", "Full time with a provider that is not registered, of full-time placements"
    MEDICAL = "medical", "For a medical need, but placed where behaviour is the work (tier 2 or 3), of medical ones"


def signs(found: Provision, rows: pd.DataFrame) -> pd.DataFrame:
    """Each Sign among stays (`stays.stays`): `sign, count, out_of, share` in percent with its range, and a `note`."""
    table = pd.DataFrame([_row(sign, *counted(found, rows, sign)) for sign in Sign])
    return table.reindex(columns=["sign", *FIGURES, "note"])


def counted(found: Provision, rows: pd.DataFrame, sign: Sign) -> "tuple[pd.Series[bool], pd.Series[bool]]":
    """Which stays have a sign, and among which it is asked for."""
    match sign:
        case Sign.BROKE_DOWN:
            return rows["ends"].eq(Ending.BROKE_DOWN.number), rows["ends"].gt(0)
        case Sign.SHORT:
            old = rows["start_date"].le(pd.Timestamp(found.now or date.min) - pd.Timedelta(days=SHORT))
            ended = rows["ends"].gt(0) & rows["weeks"].le(SHORT / 7)
            return ended & rows["ends"].ne(Ending.RETURNED.number), old
        case Sign.NOT_REGISTERED:
            newest = found.providers.drop_duplicates("provider_ref", keep="last").astype({"provider_ref": "str"})
            without = newest.loc[newest["registered"].astype("str").eq(str(YesNo.NO)), "provider_ref"]
            full_time = rows["attendance_pattern"].astype("str").eq(str(AttendancePattern.FULL_TIME))
            return full_time & rows["register"].isin(without), full_time
        case Sign.MEDICAL:
            medical = (
                rows["placement_reason"]
                .astype("str")
                .isin([str(PlacementReason.MENTAL_HEALTH), str(PlacementReason.PHYSICAL_HEALTH)])
            )
            away = rows["tier_code"].astype("str").isin([str(Tier.TIME_LIMITED), str(Tier.TRANSITIONAL)])
            return medical & away, medical


def _row(sign: Sign, has: "pd.Series[bool]", among: "pd.Series[bool]") -> dict[str, object]:
    count, out_of = int((has & among).sum()), int(among.sum())
    row: dict[str, object] = {"sign": sign.label, "count": count, "out_of": out_of, "note": ""}
    if out_of < FEWEST:
        return {**row, "note": f"Too small to say: fewer than {FEWEST}"}
    low, high = (float(np.asarray(end)) for end in wilson(count, out_of))
    return {**row, "share": 100 * count / out_of, "low": 100 * low, "high": 100 * high}
