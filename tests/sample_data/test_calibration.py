"""The fictional LA looks like England: published figures and the statistics of real schools are the oracle."""

import numpy as np
import pandas as pd
import pytest
from views import PHASES, dated, per_pupil, phases, rates, rolls, school_rates, suspensions

from sample_data.figures import FIRST_YEAR, PERMANENT_EXCLUSION_RATE, SUSPENSION_RATE
from sample_data.generate import Frames


def published(table: np.ndarray, years: list[str]) -> pd.DataFrame:
    columns = [int(year[:4]) - FIRST_YEAR for year in years]
    return pd.DataFrame(table[:, columns], index=list(PHASES), columns=years)


def test_suspension_rates_are_the_published_ones(county: Frames, larkshire: Frames) -> None:
    for frames, within in ((county, 0.12), (larkshire, 0.25)):
        found = rates(frames, suspensions(frames)).loc[list(PHASES)]
        assert (found / published(SUSPENSION_RATE, list(found.columns)) - 1).abs().max(axis=None) < within


def test_permanent_exclusion_rates_are_the_published_ones(county: Frames) -> None:
    found = rates(county, dated(county, "permanent_exclusions", "head_decision_date")).loc[["primary", "secondary"]]
    wanted = published(PERMANENT_EXCLUSION_RATE, list(found.columns)).loc[["primary", "secondary"]]
    assert (found / wanted - 1).abs().max(axis=None) < 0.15


def test_pupil_referral_units_suspend_more_than_any_other_phase(larkshire: Frames) -> None:
    found = rates(larkshire, suspensions(larkshire)).mean(axis=1)
    assert found.idxmax() == "ap"
    assert found["primary"] < found["special"] < found["secondary"] < found["ap"]


def test_the_terms_share_the_year_as_in_england(larkshire: Frames) -> None:
    shares = suspensions(larkshire)["term"].value_counts(normalize=True)
    assert shares["AUT"] == pytest.approx(0.36, abs=0.03)
    assert shares["AUT"] > shares["SPR"] > 0.29
    assert shares["SUM"] > 0.28


def test_days_lost_in_a_term_have_the_published_shape(county: Frames) -> None:
    sessions = suspensions(county).groupby(["pupil_ref", "academic_year", "term"], observed=True)["sessions"].sum()
    assert (sessions <= 2).mean() == pytest.approx(0.304, abs=0.03)
    assert (sessions <= 4).mean() == pytest.approx(0.498, abs=0.03)
    assert (sessions <= 8).mean() == pytest.approx(0.696, abs=0.03)


def test_half_of_all_reasons_are_persistent_disruption(county: Frames) -> None:
    def share(dataset: str) -> float:
        reasons = pd.concat([county[dataset][f"reason_{number}"].astype(object) for number in (1, 2, 3)])
        return float(reasons.dropna().eq("DB").mean())

    assert share("suspensions") == pytest.approx(0.51, abs=0.03)
    assert share("permanent_exclusions") == pytest.approx(0.39, abs=0.04)


@pytest.mark.parametrize("phase", PHASES)
def test_a_few_children_have_many_suspensions(county: Frames, phase: str) -> None:
    counts = per_pupil(county)[phase].to_numpy()
    assert 3.3 <= (counts**2).sum() / counts.sum() <= 6, "the repeat pattern: 4.3, 4.5 and 5.0 in England"
    assert 1.8 <= counts.mean() <= 2.8, "suspensions of each suspended pupil in a year"


def test_the_same_children_are_suspended_again_the_year_after(county: Frames) -> None:
    own = suspensions(county).query("phase == 'secondary'")
    by_year = [set(rows["pupil_ref"]) for _, rows in own.groupby("academic_year")]
    again = len(by_year[0] & by_year[1]) / len(by_year[0])
    assert 0.2 < again < 0.5, "Year 11 leaves, most of the others are not suspended again"
    assert again > 2 * len(by_year[1]) / rolls(county).query("phase == 'secondary'")["headcount"].sum() * 3


@pytest.mark.parametrize(("phase", "fall"), [("primary", (-0.38, -0.2)), ("secondary", (-0.27, -0.08))])
def test_the_worst_schools_of_a_year_fall_back_by_themselves(
    county: Frames, phase: str, fall: tuple[float, float]
) -> None:
    """Real schools: the worst tenth falls by 34 % (primary) and 17 % (secondary) relative to the others."""
    table = school_rates(county, phase).dropna()
    before, after = [], []
    for first, second in zip(table.columns, table.columns[1:], strict=False):
        worst = table[first].nlargest(round(len(table) / 10)).index
        before.append(table.loc[worst, first].mean())
        after.append(table.loc[worst, second].mean())
    assert fall[0] < np.mean(after) / np.mean(before) - 1 < fall[1]
    assert np.mean(after) > 1.8, "and stays far above the others"


def test_years_9_and_10_peak(larkshire: Frames) -> None:
    events = suspensions(larkshire).query("phase == 'secondary'")
    counts = events["ncyg"].astype(str).value_counts()
    assert set(counts.index[:2]) == {"9", "10"}


@pytest.mark.parametrize(
    ("column", "value", "other", "times"),
    [("sex", "M", "F", (1.3, 2.4)), ("fsm6", "Y", "N", (2.4, 5)), ("sen_provision", "K", "N", (2.5, 5.5))],
)
def test_some_children_are_suspended_more_than_others(
    county: Frames, column: str, value: str, other: str, times: tuple[float, float]
) -> None:
    """England: boys 1.7 times girls, free school meals over 4 times, SEN support 4 times those with no needs."""
    group = {"sex": "Sex", "fsm6": "FSM", "sen_provision": "SEN provision"}[column]
    heads = county["headcounts"].query(
        "characteristic_group == @group and urn not in @ap",
        local_dict={"group": group, "ap": phases(county)[lambda of: of == "ap"].index.tolist()},
    )
    out_of = heads.groupby(heads["characteristic"].astype(str))["headcount"].sum()
    known = county["pupils"].drop_duplicates("pupil_ref").set_index("pupil_ref")[column].astype(str)
    events = suspensions(county).query("phase != 'ap'")
    of = events["sen_provision"].astype(str) if column == "sen_provision" else events["pupil_ref"].map(known)
    rate = of.value_counts() / out_of
    assert times[0] < rate[value] / rate[other] < times[1]


def test_younger_children_return_from_placements_more_often(county: Frames) -> None:
    placements = county["ap_placements"].query("tier == '2' and end_reason == end_reason")
    phase = placements["home_urn"].astype(int).map(phases(county))
    returned = placements["end_reason"].eq("returned_home_school").groupby(phase).mean()
    assert returned["primary"] > returned["secondary"] + 0.1


def test_outreach_reaches_about_60_percent_of_the_schools_that_suspend_most(county: Frames) -> None:
    contacts = dated(county, "outreach_contacts", "date")
    found = {}
    for high in (True, False):
        reached = []
        for phase in ("primary", "secondary"):
            table = school_rates(county, phase).dropna()
            for first, second in zip(table.columns, table.columns[1:], strict=False):
                is_high = table[first] >= table[first].quantile(0.75)
                own = contacts[contacts["academic_year"].eq(second)]["urn"]
                reached.append(table.index[is_high == high].isin(own).mean())
        found[high] = np.mean(reached)
    assert 0.5 < found[True] < 0.75
    assert found[False] < 0.45
