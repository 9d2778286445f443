"""What one file says another one does not deny."""

import numpy as np
import pandas as pd
import pytest
from views import phases, suspensions

from sample_data.generate import YEARS, Frames, generate


def objects(frames: Frames, dataset: str) -> pd.DataFrame:
    return frames[dataset].astype(dict.fromkeys(frames[dataset].select_dtypes("category"), object))


def test_there_are_the_schools_of_a_usual_la(larkshire: Frames) -> None:
    schools = larkshire["schools"]
    assert schools["phase"].astype(str).value_counts().to_dict() == {
        "primary": 88,
        "secondary": 20,
        "special": 8,
        "ap": 4,
    }
    assert schools["admissions_policy"].eq("Selective").sum() in (1, 2)
    assert schools["link_type"].astype(str).value_counts().reindex(["converter", "merger"]).tolist() == [1, 1]
    assert schools["status"].eq("closed").sum() == 4, "the converted, the two merged and the closed one"
    assert 0.3 < schools["trust_name"].notna().mean() < 0.7


def test_closed_schools_have_no_events_and_successors_go_on(larkshire: Frames) -> None:
    schools = larkshire["schools"].astype({"urn": int})
    converter = schools[schools["link_type"].eq("converter")].iloc[0]
    starts = suspensions(larkshire).groupby("urn")["start_date"].agg(["min", "max"])
    assert (
        starts.loc[converter["predecessor_urn"], "max"] < converter["open_date"] <= starts.loc[converter["urn"], "min"]
    )


def test_rolls_change_little_and_parts_add_up(larkshire: Frames) -> None:
    rows = larkshire["headcounts"].astype({"urn": int, "headcount": int})
    totals = rows[rows["characteristic_group"].eq("Total")].set_index(["urn", "census_term", "academic_year"])
    change = totals["headcount"].groupby(["urn", "census_term"], observed=True).pct_change().abs()
    assert change.max() < 0.15
    january = totals["headcount"].xs("SPR", level="census_term")
    parts = rows[rows["characteristic_group"].ne("Total")]
    sums = parts.groupby(["characteristic_group", "urn", "academic_year"], observed=True)["headcount"].sum()
    for group in ("NC year", "FSM", "SEN provision", "Ethnicity", "Sex"):
        assert (
            sums[group]
            .sort_index()
            .equals(january.rename("headcount").sort_index().loc[sums[group].sort_index().index])
        )
        assert len(sums[group]) == len(january)


def test_every_pupil_of_any_event_is_known(larkshire: Frames) -> None:
    known = set(larkshire["pupils"]["pupil_ref"])
    for name, frame in larkshire.items():
        if "pupil_ref" in frame:
            assert set(frame["pupil_ref"].dropna()) <= known, name


def test_some_children_are_suspended_at_two_schools(larkshire: Frames) -> None:
    schools = suspensions(larkshire).groupby(["academic_year", "pupil_ref"], observed=True)["urn"].nunique()
    assert 0.001 < (schools > 1).mean() < 0.08


def test_sessions_fit_their_days_and_longer_ones_have_a_sixth_day(larkshire: Frames) -> None:
    rows = larkshire["suspensions"]
    assert rows["sessions"].between(1, 30).all()
    assert (rows["end_date"] >= rows["start_date"]).all()
    longer = rows["sessions"] > 10
    assert longer.any()
    assert rows["day6_start"].notna().eq(longer).all()
    assert (rows["day6_start"] > rows["start_date"])[longer].all()
    assert rows["category"].eq("LNCH").mean() == pytest.approx(0.01, abs=0.01)
    assert rows["status"].eq("cancelled").mean() == pytest.approx(0.006, abs=0.004)
    assert rows["cancelled_date"].notna().eq(rows["status"].eq("cancelled")).all()


def test_nobody_is_suspended_by_a_school_while_in_a_full_time_placement(larkshire: Frames) -> None:
    events = objects(larkshire, "suspensions")[["pupil_ref", "urn", "start_date"]]
    placements = objects(larkshire, "ap_placements").query("attendance_pattern == 'FT'")
    pairs = events.merge(placements, on="pupil_ref", suffixes=("", "_placement"))
    during = pairs["start_date"].ge(pairs["start_date_placement"]) & ~(pairs["start_date"] >= pairs["end_date"])
    assert pairs[during]["urn"].eq(pairs[during]["provider_urn"]).all()
    assert during.any()


def test_permanent_exclusions_lead_to_a_place_in_time(larkshire: Frames) -> None:
    exclusions = objects(larkshire, "permanent_exclusions")
    stands = exclusions[~exclusions["review_outcome"].isin(["FRE", "HWD", "JRE", "KRE"])]
    tier_3 = objects(larkshire, "ap_placements").query("tier == '3'")
    joined = stands.merge(tier_3, left_on=["pupil_ref", "day6_start"], right_on=["pupil_ref", "start_date"], how="left")
    assert joined["placement_id"].notna().mean() > 0.95
    assert (stands["day6_start"] - stands["head_decision_date"]).dt.days.between(4, 30).all()
    newest = exclusions["review_outcome"].tail(5).fillna("NOG")
    assert newest.isin(["NOG", "EON", "DNO", "GNO"]).sum() >= 3, (
        "most of the newest are still before a board or a panel"
    )
    assert exclusions["review_outcome"].eq("ANO").mean() > 0.7


def test_placements_have_one_provider_and_some_are_open(larkshire: Frames) -> None:
    placements = objects(larkshire, "ap_placements")
    providers = placements[["provider_urn", "provider_ukprn", "setting_type"]]
    assert providers.notna().sum(axis=1).eq(1).all()
    assert providers.notna().all(axis=1).sum() == 0
    assert set(placements["provider_urn"].dropna()) <= set(phases(larkshire)[lambda of: of == "ap"].index)
    assert placements.groupby("tier")["end_date"].agg(lambda ends: ends.isna().sum()).gt(3).all()
    assert placements["end_reason"].isna().eq(placements["end_date"].isna()).all()
    destination = placements["destination_urn"].notna()
    assert destination.eq(placements["end_reason"].isin(["returned_home_school", "new_mainstream", "special"])).all()


def test_no_pupil_is_in_two_placements_at_once(larkshire: Frames) -> None:
    rows = objects(larkshire, "ap_placements").sort_values(["pupil_ref", "start_date"])
    rows["end_date"] = rows["end_date"].fillna(pd.Timestamp("2100-01-01"))
    before = rows.groupby("pupil_ref")["end_date"].transform(lambda ends: ends.cummax().shift())
    assert not (rows["start_date"] <= before).any()


def test_cases_follow_from_accepted_referrals_of_the_same_pupil(larkshire: Frames) -> None:
    cases = objects(larkshire, "outreach_cases")
    referrals = objects(larkshire, "outreach_referrals").set_index("referral_id")
    own = cases[cases["referral_id"].notna()]
    referred = referrals.loc[own["referral_id"]]
    assert referred["decision"].eq("accepted").all()
    assert (own["pupil_ref"].fillna("").to_numpy() == referred["pupil_ref"].fillna("").to_numpy()).all()
    assert (own["start_date"].to_numpy() > referred["decision_date"].to_numpy()).all()
    assert cases[cases["referral_id"].isna()]["case_type"].isin(["reintegration", "ap_to_school"]).all()
    assert referrals["decision"].nunique() == 5


def test_contacts_fall_inside_their_case(larkshire: Frames) -> None:
    contacts = objects(larkshire, "outreach_contacts")
    own = contacts[contacts["case_id"].notna()].merge(
        objects(larkshire, "outreach_cases"), on="case_id", suffixes=("", "_case")
    )
    assert (own["date"] >= own["start_date"]).all()
    assert not (own["date"] > own["end_date"]).any()
    assert own["urn"].eq(own["urn_case"]).all()
    assert own["worker_ref"].eq(own["worker_ref_case"]).all()
    first = own.groupby("case_id")["date"].min()
    cases = objects(larkshire, "outreach_cases").set_index("case_id")["first_contact_date"]
    assert cases.loc[first.index].eq(first).all()
    assert 5 < len(own) / own["case_id"].nunique() < 15


def test_workers_have_loads_that_people_can_carry(larkshire: Frames) -> None:
    cases = objects(larkshire, "outreach_cases")
    assert set(cases["worker_ref"]) == {f"W{number:02d}" for number in range(1, 13)}
    still_open = cases[cases["end_date"].isna()]["worker_ref"].value_counts()
    assert still_open.max() <= 20


def test_referrals_count_the_suspensions_that_are_on_record(larkshire: Frames) -> None:
    events = objects(larkshire, "suspensions").query("category == 'SUSP'")
    referrals = objects(larkshire, "outreach_referrals").dropna(subset=["pupil_ref"])
    pairs = referrals.merge(events, on="pupil_ref", how="left")
    days = (pairs["received_date"] - pairs["start_date"]).dt.days
    counted = days.between(1, 84).groupby(pairs["referral_id"]).sum()
    assert counted.loc[referrals["referral_id"]].to_numpy().tolist() == referrals["susp_12w"].tolist()


def test_attendance_is_of_pupils_with_a_placement_a_case_or_a_move_alone(larkshire: Frames) -> None:
    rows = objects(larkshire, "attendance")
    named = ("ap_placements", "outreach_cases", "managed_moves", "off_site_directions")
    of = {pupil for name in named for pupil in larkshire[name]["pupil_ref"].dropna()}
    assert set(rows["pupil_ref"]) <= of
    assert len(set(rows["pupil_ref"])) > 0.9 * len(of)
    sessions = rows[["present", "authorised", "unauthorised"]].sum(axis=1)
    assert sessions.eq(rows["possible"]).all()
    assert rows["possible"].between(1, 10).all()
    assert (rows["code_e"] <= rows["authorised"]).all()
    assert rows["code_e"].gt(0).any()
    assert rows["code_d"].gt(0).any()
    assert 0.6 < rows["present"].sum() / rows["possible"].sum() < 0.9


def test_the_last_year_is_2025_26_and_nothing_happens_after_it(larkshire: Frames) -> None:
    last = pd.Timestamp("2026-07-31")
    for name in ("suspensions", "permanent_exclusions", "ap_placements", "outreach_referrals", "outreach_cases"):
        day = larkshire[name].columns[larkshire[name].columns.str.contains("start_date|head_decision|received")][0]
        assert larkshire[name][day].max() <= last
        assert larkshire[name][day].max() > pd.Timestamp("2026-07-01")
    assert larkshire["headcounts"]["academic_year"].nunique() == YEARS
    assert larkshire["term_dates"]["academic_year"].astype(str).max() == "202627", "newer files can be judged"


@pytest.mark.parametrize(("schools", "years"), [(0, 5), (24_001, 5), (10, 0), (10, 7)])
def test_numbers_out_of_range_are_refused_with_a_sentence(schools: int, years: int) -> None:
    with pytest.raises(ValueError, match=r"must be from 1 to \d+"):
        generate(schools, years)


def test_the_same_seed_gives_the_same_la_and_another_seed_another(larkshire: Frames) -> None:
    again = generate()
    assert all(again[name].equals(larkshire[name]) for name in larkshire)
    other = generate(seed=8)
    assert not other["suspensions"].equals(larkshire["suspensions"])
    assert np.isin(other["schools"]["urn"], larkshire["schools"]["urn"]).all()
