"""What follows a child hangs together: with the other files, and within itself."""

import numpy as np
import pandas as pd
import pytest
from views import phases

from data_model.codes import Concern
from data_model.outcome_measures import OUTCOME_RANGES
from data_model.rules import school_days_between
from sample_data.generate import Frames

LAST_DAY = pd.Timestamp("2026-07-22")
NEVER = pd.Timestamp("2100-01-01")


def objects(frames: Frames, dataset: str) -> pd.DataFrame:
    frame = frames[dataset]
    return frame.astype(dict.fromkeys(frame.select_dtypes("category"), object))


def main_school(frames: Frames, rows: pd.DataFrame, day: str) -> pd.Series:
    """The school whose roll each row's pupil is on by the pupils file on a day of the row."""
    pupils = objects(frames, "pupils")[["pupil_ref", "valid_from", "main_urn"]].sort_values("valid_from")
    asked = rows[["pupil_ref", day]].rename(columns={day: "on"}).reset_index().dropna()
    asked = asked.astype({"on": "datetime64[s]"}).sort_values("on")
    found = pd.merge_asof(asked, pupils, left_on="on", right_on="valid_from", by="pupil_ref")
    return found.set_index("index")["main_urn"].reindex(rows.index)


def full_time_places(frames: Frames) -> pd.DataFrame:
    """Every stay of a pupil in one place for the whole week: `pupil_ref, place, start, end`."""
    placements = objects(frames, "ap_placements").query("attendance_pattern == 'FT'")
    place = placements["provider_urn"].astype(object).fillna(placements["setting_type"]).fillna("ukprn")
    directions = objects(frames, "off_site_directions").query("attendance_pattern == 'FT'")
    moves = objects(frames, "managed_moves")
    until = moves["on_roll_to_date"].fillna(moves["end_date"])
    parts = [
        placements.assign(place=place, start=placements["start_date"], end=placements["end_date"]),
        directions.assign(place=directions["to_urn"], start=directions["start_date"], end=directions["end_date"]),
        moves.assign(place=moves["to_urn"], start=moves["start_date"], end=until),
    ]
    columns = ["pupil_ref", "place", "start", "end"]
    return pd.concat([part[columns].astype({"place": str}) for part in parts], ignore_index=True)


def test_no_pupil_is_in_two_full_time_places_at_once(larkshire: Frames) -> None:
    stays = full_time_places(larkshire)
    # A direction to an AP school and the placement there are two records of one stay.
    stays = stays.drop_duplicates().assign(end=stays["end"].fillna(NEVER)).sort_values(["pupil_ref", "start"])
    before = stays.groupby("pupil_ref")["end"].transform(lambda ends: ends.cummax().shift())
    assert len(stays) > 500
    assert not (stays["start"] < before).any()


def test_nobody_is_suspended_by_the_home_school_while_away_at_another(larkshire: Frames) -> None:
    events = objects(larkshire, "suspensions").query("category == 'SUSP'")[["pupil_ref", "urn", "start_date"]]
    for name in ("managed_moves", "off_site_directions"):
        stays = objects(larkshire, name)
        end = stays["on_roll_to_date"].fillna(stays["end_date"]) if name == "managed_moves" else stays["end_date"]
        pairs = events.merge(stays.assign(until=end.fillna(NEVER)), on="pupil_ref", suffixes=("", "_stay"))
        during = pairs["start_date"].ge(pairs["start_date_stay"]) & (pairs["start_date"] < pairs["until"])
        full_time = pairs.get("attendance_pattern", pd.Series("FT", index=pairs.index)).eq("FT")
        assert not (during & full_time & pairs["urn"].eq(pairs["from_urn"])).any(), name


def stays_at_another_school(frames: Frames) -> pd.DataFrame:
    """Every stay at another mainstream school: `pupil_ref, from_urn, to_urn, start_date, until` (missing: goes on)."""
    moves, directions = objects(frames, "managed_moves"), objects(frames, "off_site_directions")
    moves["until"] = moves["end_date"].fillna(moves["on_roll_to_date"] - pd.Timedelta(days=1))
    directions["until"] = directions["end_date"]
    to_schools = directions[directions["to_urn"].map(phases(frames)).isin(["primary", "secondary"])]
    columns = ["pupil_ref", "from_urn", "to_urn", "start_date", "until"]
    return pd.concat([moves[columns], to_schools[columns]], ignore_index=True)


def test_who_is_at_another_school_is_on_both_rolls_and_attends_there(larkshire: Frames) -> None:
    stays = stays_at_another_school(larkshire)
    weeks = objects(larkshire, "attendance").merge(stays, on="pupil_ref")
    during = weeks["week_start"].ge(weeks["start_date"]) & ~weeks["week_start"].gt(weeks["until"])
    assert during.sum() > 1000
    assert weeks.loc[during, "urn"].eq(weeks.loc[during, "to_urn"]).all()
    events = objects(larkshire, "suspensions").merge(stays, on="pupil_ref")
    there = events["start_date_x"].ge(events["start_date_y"]) & ~events["start_date_x"].gt(events["until"])
    assert there.sum() > 20
    assert events.loc[there, "urn"].eq(events.loc[there, "to_urn"]).all()
    internal = objects(larkshire, "internal_suspensions").merge(stays, on="pupil_ref")
    assert not (
        internal["start_date_x"].ge(internal["start_date_y"]) & ~internal["start_date_x"].gt(internal["until"])
    ).any()
    asked = stays.assign(on=stays["start_date"]).sort_values("on")
    rolls = objects(larkshire, "pupils").sort_values("valid_from")
    then = pd.merge_asof(asked, rolls, left_on="on", right_on="valid_from", by="pupil_ref")
    assert then["enrol_status"].eq("M").all()
    assert then["main_urn"].eq(then["from_urn"]).all()


def test_attendance_is_known_before_and_after_moves_as_it_is_of_outreach(larkshire: Frames) -> None:
    weeks = objects(larkshire, "attendance")[["pupil_ref", "week_start", "possible"]]
    cases = objects(larkshire, "outreach_cases").query("case_type == 'pupil'")
    moves = objects(larkshire, "managed_moves").query("start_date < '2026-03-01'")
    for name, starts in (("outreach", cases), ("moved", moves)):
        own = starts.reset_index()[["index", "pupil_ref", "start_date"]].merge(weeks, on="pupil_ref")
        days = (own["week_start"] - own["start_date"]).dt.days
        for window in (days.between(-70, -1), days.between(1, 140)):
            sessions = own[window].groupby("index")["possible"].sum().reindex(starts.index).fillna(0)
            assert sessions.ge(20).mean() > 0.9, name


def test_a_managed_move_that_holds_is_a_change_of_roll_and_others_are_none(larkshire: Frames) -> None:
    moves = objects(larkshire, "managed_moves")
    held = moves["outcome"].eq("sustained")
    assert 0.4 < held.mean() < 0.8
    assert moves["on_roll_to_date"].notna().eq(held).all()
    assert main_school(larkshire, moves, "start_date").eq(moves["from_urn"]).all()
    assert main_school(larkshire, moves[held], "on_roll_to_date").eq(moves.loc[held, "to_urn"]).all()
    ended = moves[moves["end_date"].notna()]
    assert main_school(larkshire, ended, "end_date").eq(ended["from_urn"]).all()
    assert moves["end_date"].isna().eq(moves["outcome"].isin(["sustained", "ongoing"])).all()
    weeks = (moves["on_roll_to_date"].fillna(moves["end_date"]).fillna(LAST_DAY) - moves["start_date"]).dt.days / 7
    assert weeks.between(0, 13.5).all()
    assert moves["parent_agreed"].eq("Y").all()


def test_a_move_follows_the_panel_that_agreed_to_it(larkshire: Frames) -> None:
    moves = objects(larkshire, "managed_moves")
    decisions = objects(larkshire, "fap_decisions").query("decision == 'managed_move'")
    referrals = objects(larkshire, "fap_referrals")
    asked = moves[moves["panel_ref"].notna()]
    assert 0.5 < len(asked) / len(moves) < 0.95
    joined = asked.merge(decisions, left_on="panel_ref", right_on="fap_ref", suffixes=("", "_panel"))
    assert len(joined) == len(asked) == len(decisions)
    assert (joined["meeting_date"] < joined["start_date"]).all()
    assert joined["start_date_panel"].eq(joined["start_date"]).all()
    own = joined.merge(referrals, on="fap_ref", suffixes=("", "_asked"))
    assert own["pupil_ref"].eq(own["pupil_ref_asked"]).all()
    assert own["urn"].eq(own["from_urn"]).all()
    assert own["business"].eq("inclusion_and_placement").all()


def test_a_panel_decides_in_about_twenty_school_days(larkshire: Frames) -> None:
    referrals, decisions = objects(larkshire, "fap_referrals"), objects(larkshire, "fap_decisions")
    joined = decisions.merge(referrals, on="fap_ref")
    assert len(joined) == len(decisions)
    assert (joined["agreed_date"] >= joined["referral_date"]).all()
    assert (joined["meeting_date"] > joined["agreed_date"]).all()
    term_dates = larkshire["term_dates"].astype({"applies_to": int})
    days = school_days_between(
        joined["agreed_date"], joined["meeting_date"], pd.Series(-1, index=joined.index), term_dates
    )
    placed = joined["decision"].isin(["place_school", "la_direction"]) & joined["refused"].ne("Y")
    assert (days[placed] - 1 <= 20).mean() > 0.85
    assert days.max() <= 30
    last = decisions.groupby("fap_ref")["decision"].last()
    deferred = decisions[decisions["fap_ref"].map(last).eq("defer")]
    assert deferred["meeting_date"].eq(decisions["meeting_date"].max()).all(), "what is deferred comes again"
    assert decisions.groupby("fap_ref").size().max() == 2
    refused = decisions["refused"].eq("Y")
    assert refused.any()
    assert last[decisions.loc[refused, "fap_ref"]].eq("la_direction").all()


def test_a_list_waits_for_the_next_meeting(larkshire: Frames) -> None:
    referrals, decisions = objects(larkshire, "fap_referrals"), objects(larkshire, "fap_decisions")
    waiting = referrals[~referrals["fap_ref"].isin(decisions["fap_ref"])]
    assert 8 <= len(waiting) <= 40
    assert set(waiting["business"]) == {"admission_under_protocol", "inclusion_and_placement"}
    assert waiting["referral_date"].min() > pd.Timestamp("2026-06-15")


def test_categories_are_of_children_without_a_place_alone(larkshire: Frames) -> None:
    referrals = objects(larkshire, "fap_referrals")
    assert referrals["category"].notna().eq(referrals["business"].eq("admission_under_protocol")).all()
    from_ap = referrals["category"].eq("d")
    assert referrals["current_status"].eq("AP").eq(from_ap).all()
    assert referrals["category"].nunique() >= 8
    assert len(referrals) / 5 == pytest.approx(125, abs=40)


def test_what_a_panel_decides_is_what_came_next(larkshire: Frames) -> None:
    decisions = objects(larkshire, "fap_decisions").merge(objects(larkshire, "fap_referrals"), on="fap_ref")
    placements = objects(larkshire, "ap_placements")
    tier_2 = decisions.query("decision == 'ap_t2'").merge(
        placements, on=["pupil_ref", "start_date"], suffixes=("", "_placed")
    )
    assert tier_2["tier"].eq("2").all()
    assert len(tier_2) == decisions["decision"].eq("ap_t2").sum() > 50
    admitted = decisions[decisions["start_date"].notna() & decisions["business"].eq("admission_under_protocol")]
    assert main_school(larkshire, admitted, "start_date").eq(admitted["allocated_urn"]).mean() > 0.99
    referred = objects(larkshire, "outreach_referrals").query("source == 'fap'")
    outreach = decisions.query("decision == 'outreach_t1'").merge(referred, on="pupil_ref")
    assert (outreach["received_date"] > outreach["meeting_date"]).any()
    assert set(decisions.query("decision == 'outreach_t1'")["pupil_ref"]) <= set(referred["pupil_ref"])


def test_a_referral_says_of_a_behaviour_plan_what_the_plans_say(larkshire: Frames) -> None:
    plans = objects(larkshire, "behaviour_plans").drop_duplicates("plan_id")
    referrals = objects(larkshire, "outreach_referrals").dropna(subset=["pupil_ref"])
    pairs = referrals.merge(plans, on="pupil_ref")
    started = pairs["start_date"] < pairs["received_date"]
    lately = started & (pairs["received_date"] - pairs["start_date"]).dt.days.le(365)
    running = started & (pairs["end_date"].fillna(NEVER) >= pairs["received_date"])
    with_plan = set(pairs.loc[lately, "referral_id"])
    said = referrals.set_index("referral_id")["psp_in_place"]
    early = referrals["received_date"] < pd.Timestamp("2021-10-15")
    yes = set(said.index[said.eq("Y") & ~early.to_numpy()])
    assert yes <= with_plan
    assert not set(said.index[said.eq("N")]) & set(pairs.loc[running, "referral_id"])
    moves = objects(larkshire, "managed_moves")
    assert 0.6 < moves["behaviour_plan"].eq("Y").mean() <= 1


def test_the_plan_before_the_panel_is_the_pupils_own(larkshire: Frames) -> None:
    referrals = objects(larkshire, "fap_referrals").dropna(subset=["plan_id"])
    plans = objects(larkshire, "behaviour_plans").drop_duplicates("plan_id").set_index("plan_id")
    own = plans.loc[referrals["plan_id"]]
    assert (own["pupil_ref"].to_numpy() == referrals["pupil_ref"].to_numpy()).all()
    assert (own["start_date"].to_numpy() < referrals["referral_date"].to_numpy()).all()
    assert referrals["strategies_exhausted"].isin(["Y", "N"]).all()
    assert len(referrals) > 150


def test_measures_are_those_of_the_forms_and_lie_in_their_ranges(larkshire: Frames) -> None:
    measures = objects(larkshire, "outcome_measures")
    cases = objects(larkshire, "outreach_cases").set_index("case_id")
    for measure, (lowest, highest) in OUTCOME_RANGES.items():
        assert measures.loc[measures["measure"].eq(measure), "value"].between(lowest, highest).all()
    by_stage = measures.set_index("case_id")
    closure = by_stage[by_stage["stage"].eq("closure")]
    assert (closure["measured_on"] == cases["end_date"].reindex(closure.index)).all()
    risk = closure[closure["measure"].eq("risk_1_10")]["value"]
    assert risk.eq(cases["risk_close_1_10"].astype(float).reindex(risk.index)).all()
    referrals = objects(larkshire, "outreach_referrals").set_index("referral_id")
    baseline = by_stage[by_stage["stage"].eq("baseline")]
    for measure, column in (("risk_1_10", "risk_1_10"), ("attendance_pct", "attendance_pct")):
        own = baseline[baseline["measure"].eq(measure)]["value"]
        said = referrals.loc[cases.loc[own.index, "referral_id"], column].astype(float)
        assert (own.to_numpy() == said.to_numpy()).all()
    started = measures.query("stage == 'baseline'")[["case_id", "measure"]].apply(tuple, axis=1)
    closed = measures.query("stage == 'closure'")[["case_id", "measure"]].apply(tuple, axis=1)
    assert set(closed) <= set(started)


def test_children_are_doing_better_later_no_more_than_a_bad_moment_explains(larkshire: Frames) -> None:
    measures = objects(larkshire, "outcome_measures").query("measure == 'SDQ_total'")
    wide = measures.pivot(index="case_id", columns="stage", values="value").dropna(subset=["baseline", "closure"])
    change = (wide["closure"] - wide["baseline"]).mean()
    assert -4 < change < -1
    assert np.corrcoef(wide["baseline"], wide["closure"] - wide["baseline"])[0, 1] < -0.3


def test_agencies_are_those_of_the_contacts(larkshire: Frames) -> None:
    contacts = objects(larkshire, "outreach_contacts").dropna(subset=["agency", "case_id"])
    involved = objects(larkshire, "agency_involvement")
    assert len(involved) == len(contacts.drop_duplicates(["case_id", "agency"]))
    first = contacts.groupby(["case_id", "agency"])["date"].min().sort_values()
    assert sorted(first) == sorted(involved["referred_date"])
    met = contacts["threshold_met"].eq("Y").groupby([contacts["case_id"], contacts["agency"]]).any()
    assert involved["answer"].eq("accepted").sum() <= met.sum()
    assert 0.3 < involved["answer"].eq("threshold_not_met").mean() < 0.65
    assert involved["start_date"].notna().eq(involved["answer"].eq("accepted") & involved["wait_weeks"].notna()).all()


def test_calls_are_anonymous_but_for_those_that_are_followed(larkshire: Frames) -> None:
    calls = objects(larkshire, "first_response")
    named = calls["pupil_ref"].notna()
    assert named.mean() < 0.5
    followed = calls["kind"].eq("pex_considered") | calls["referral_id"].notna()
    assert (followed | ~named).all()
    assert calls["referral_id"].notna().eq(calls["became"].ne("nothing")).all()
    assert calls["theme"].isin([str(concern) for concern in Concern]).all()


def test_calls_that_became_referrals_came_before_them(larkshire: Frames) -> None:
    calls = objects(larkshire, "first_response").dropna(subset=["referral_id"])
    referrals = objects(larkshire, "outreach_referrals")
    joined = calls.merge(referrals, on="referral_id", suffixes=("", "_referral"))
    assert (joined["received_date"] <= joined["received_date_referral"]).all()
    assert joined["pupil_ref"].fillna("").eq(joined["pupil_ref_referral"].fillna("")).all()
    assert set(referrals.query("source == 'phone_line'")["referral_id"]) == set(calls["referral_id"])
    worked = joined["referral_id"].isin(objects(larkshire, "outreach_cases")["referral_id"])
    assert joined["became"].eq("case").eq(worked).all()


def test_calls_among_the_contacts_are_in_the_log(larkshire: Frames) -> None:
    contacts = objects(larkshire, "outreach_contacts")
    own = contacts[contacts["case_id"].isna() & contacts["kind"].eq("phone_line")]
    logged = objects(larkshire, "first_response")[["received_date", "urn", "worker_ref"]].apply(tuple, axis=1)
    assert len(own) > 100
    assert set(own[["date", "urn", "worker_ref"]].apply(tuple, axis=1)) <= set(logged)


def test_where_a_child_was_after_a_head_considered_exclusion_is_what_the_files_say(larkshire: Frames) -> None:
    calls = objects(larkshire, "first_response").query("kind == 'pex_considered'")
    exclusions = objects(larkshire, "permanent_exclusions")
    assert calls["pupil_ref"].notna().all()
    assert calls["whereabouts_5"].notna().mean() > 0.95
    late = calls[calls["whereabouts_20"].eq("excluded")]
    pairs = late.merge(exclusions, on="pupil_ref")
    assert set(late["call_id"]) == set(pairs.loc[pairs["head_decision_date"] >= pairs["received_date"], "call_id"])
    year = calls["received_date"].dt.year + calls["received_date"].dt.month.ge(8)
    assert calls["whereabouts_20"].eq("excluded").groupby(year).mean().between(0.15, 0.5).all(), "one in three"
    assert len(late) / len(calls) == pytest.approx(1 / 3, abs=0.06)
    assert calls["whereabouts_20"].nunique() >= 4
    assert not objects(larkshire, "first_response").query("kind != 'pex_considered'")["whereabouts_5"].notna().any()


def test_transitions_lead_from_year_6_to_the_roll_of_year_7(larkshire: Frames) -> None:
    transitions = objects(larkshire, "transitions")
    phase = larkshire["schools"].astype({"urn": int}).set_index("urn")["phase"].astype(object)
    assert phase.reindex(transitions["from_urn"]).eq("primary").all()
    coming = transitions["academic_year"].eq("202627")
    placed = transitions["to_urn"].notna()
    assert phase.reindex(transitions.loc[placed, "to_urn"]).eq("secondary").all()
    arrived = transitions[placed & ~coming]
    october = pd.to_datetime(arrived["academic_year"].str[:4] + "-09-20")
    on_roll = main_school(larkshire, arrived.assign(on=october), "on")
    assert on_roll.eq(arrived["to_urn"]).mean() > 0.97
    year_group = objects(larkshire, "pupils").sort_values("valid_from")
    then = pd.merge_asof(
        transitions.sort_values("identified_date"),
        year_group[["pupil_ref", "valid_from", "ncyg"]],
        left_on="identified_date",
        right_on="valid_from",
        by="pupil_ref",
    )
    assert then["ncyg"].eq("6").all()
    assert coming.sum() > 20
    assert transitions.loc[coming, ["settled", "started"]].isna().all(axis=None)
    cases = objects(larkshire, "outreach_cases").query("case_type == 'transition_y6_7'")
    assert set(transitions["case_id"].dropna()) <= set(cases["case_id"])
    of_year_6 = pd.merge_asof(
        cases.sort_values("start_date"),
        year_group[["pupil_ref", "valid_from", "ncyg"]],
        left_on="start_date",
        right_on="valid_from",
        by="pupil_ref",
    ).query("ncyg == '6'")
    assert set(of_year_6["case_id"]) == set(transitions["case_id"].dropna())
    assert len(of_year_6) >= 10


def test_in_july_there_is_work_left_for_the_coming_year_7(larkshire: Frames) -> None:
    transitions = objects(larkshire, "transitions")
    coming = transitions[transitions["academic_year"].eq("202627")]
    told, known_place = coming["told_date"].notna(), coming["to_urn"].notna()
    assert 0.5 < told.mean() < known_place.mean() < 1
    assert coming["plan_date"].notna().all()
    nowhere = transitions[transitions["to_urn"].isna()]
    assert nowhere["told_date"].isna().all() and nowhere["key_adult"].eq("N").all() and nowhere["visits"].isna().all()
    offers = pd.to_datetime(transitions["academic_year"].str[:4] + "-03-01")
    assert not (transitions["told_date"] < offers).any(), "nobody knows the school before places are offered"


def test_providers_are_those_that_placements_name_and_are_nearly_full(larkshire: Frames) -> None:
    providers, placements = objects(larkshire, "providers"), objects(larkshire, "ap_placements")
    for own, named in (("urn", "provider_urn"), ("ukprn", "provider_ukprn"), ("setting_type", "setting_type")):
        assert set(placements[named].dropna()) == set(providers[own].dropna())
    newest = providers[providers["valid_until"].isna()]
    assert newest["provider_ref"].is_unique
    assert len(newest) == providers["provider_ref"].nunique() == 9
    schools = newest[newest["urn"].notna()]
    load = []
    for day in pd.date_range("2025-09-15", "2026-07-10", freq="14D"):
        here = placements[placements["start_date"].le(day) & ~placements["end_date"].lt(day)]
        load.append((here["sessions_per_week"].astype(float) / 10).groupby(here["provider_urn"]).sum())
    taken = pd.concat(load, axis=1).mean(axis=1)
    places = schools.set_index("urn")["places"].astype(float)
    assert 0.7 < taken.reindex(places.index).sum() / places.sum() < 1.05
    directions = objects(larkshire, "off_site_directions").dropna(subset=["provider_ref"])
    assert set(directions["provider_ref"]) <= set(schools["provider_ref"])


def test_the_workforce_has_every_worker_and_room_for_most_cases(larkshire: Frames) -> None:
    posts, cases = objects(larkshire, "workforce"), objects(larkshire, "outreach_cases")
    named = set(cases["worker_ref"]) | set(objects(larkshire, "family_support")["worker_ref"])
    assert named <= set(posts["worker_ref"])
    assert posts["start_date"].min() < cases["start_date"].min()
    open_now = cases[cases["end_date"].isna()]["worker_ref"].value_counts()
    capacity = posts[posts["end_date"].isna()].set_index("worker_ref")["capacity_cases"].astype(float)
    over = (open_now > capacity.reindex(open_now.index)).mean()
    assert over < 0.7
    assert open_now.sum() < 1.1 * capacity.reindex(sorted(set(cases["worker_ref"]))).sum()
    assert posts["vacancy"].eq("Y").sum() == 1


def test_families_have_no_outreach_case_when_they_are_referred(larkshire: Frames) -> None:
    families = objects(larkshire, "family_support")
    pairs = families.merge(objects(larkshire, "outreach_cases"), on="pupil_ref", suffixes=("", "_case"))
    during = pairs["referred_date"].ge(pairs["start_date_case"]) & ~(pairs["referred_date"] > pairs["end_date_case"])
    assert not during.any()
    assert families["close_reason"].notna().eq(families["end_date"].notna()).all()
    rise = families["attendance_after_pct"] - families["attendance_before_pct"]
    assert 3 < rise.mean() < 8
    on, no_action = families["referrals_on"].sum(), families["referrals_no_action"].sum()
    assert 0.15 < no_action / on < 0.35


def test_internal_suspensions_are_as_many_as_referrals_count(larkshire: Frames) -> None:
    internal = objects(larkshire, "internal_suspensions")[["pupil_ref", "start_date"]]
    referrals = objects(larkshire, "outreach_referrals").dropna(subset=["pupil_ref"])
    pairs = referrals.merge(internal, on="pupil_ref", how="left")
    days = (pairs["received_date"] - pairs["start_date"]).dt.days
    counted = days.between(1, 84).groupby(pairs["referral_id"]).sum().loc[referrals["referral_id"]].to_numpy()
    said = referrals["internal_12w"].to_numpy(int)
    early = referrals["received_date"].lt(pd.Timestamp("2021-12-01")).to_numpy()
    assert (counted == said)[~early].mean() > 0.99


def test_nobody_is_suspended_in_school_while_suspended_from_it(larkshire: Frames) -> None:
    internal = objects(larkshire, "internal_suspensions")
    events = objects(larkshire, "suspensions").query("category == 'SUSP'")
    pairs = internal.merge(events, on="pupil_ref", suffixes=("", "_out"))
    during = pairs["start_date"].between(pairs["start_date_out"], pairs["end_date_out"])
    assert not (during & pairs["urn"].eq(pairs["urn_out"])).any()
    assert main_school(larkshire, internal, "start_date").eq(internal["urn"]).mean() > 0.98


def test_nothing_that_follows_a_child_happens_after_the_last_day(larkshire: Frames) -> None:
    names = list(larkshire)[list(larkshire).index("attendance") + 1 :]
    assert len(names) == 15
    for name in names:
        frame = larkshire[name]
        days = [column for column in frame if frame[column].dtype.kind == "M" and "planned" not in column]
        days = [column for column in days if column not in ("qa_due", "valid_until")]
        assert frame[days].max().max() <= pd.Timestamp("2026-07-31"), name


def test_everything_that_closed_says_why(larkshire: Frames) -> None:
    for name, reason in (
        ("outreach_cases", "close_reason"),
        ("family_support", "close_reason"),
        ("ap_placements", "end_reason"),
        ("off_site_directions", "next_step"),
    ):
        frame = larkshire[name]
        assert frame[reason].notna().eq(frame["end_date"].notna()).all(), name
