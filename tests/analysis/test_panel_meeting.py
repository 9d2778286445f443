"""A panel's meeting: who is on the list and by when, what is told of earlier ones, and places that are free."""

from datetime import date

import pandas as pd
import pytest
from worlds import LA, World

from access.roles import Role
from access.scope import Grant, OutOfScope, Scope
from analysis import queries as figures
from analysis.alternative_provision import views
from analysis.alternative_provision.occupancy import NOT_REGISTERED
from analysis.alternative_provision.queries import provision
from analysis.hiding.protection import is_hidden
from analysis.panel_meeting import minutes, places_free, queries, sentences

HERE, THERE, PRIMARY = 900001, 900002, 900003
ON = date(2026, 3, 10)
MANAGER = Scope.of(Role.MANAGER, frozenset({Grant(LA)}))
COUNTS = Scope(frozenset({LA}))
PANEL = Scope.of(Role.PANEL, frozenset({Grant(LA, panel="secondary")}))


@pytest.fixture
def panels(world: World) -> World:
    """Two secondaries in two districts and a primary, with the term's dates."""
    for urn, phase, district in (
        (HERE, "secondary", "North"),
        (THERE, "secondary", "South"),
        (PRIMARY, "primary", "North"),
    ):
        world.school(urn, phase, district=district)
    days = {"first_day": date(2026, 1, 5), "last_day": date(2026, 3, 27)}
    world.save("term_dates", applies_to=LA, academic_year="202526", term="SPR", **days)
    return world


def refer(world: World, number: int, *decisions: str, urn: int | None = HERE, **cells: object) -> None:
    """A referral, and what meetings from 3 March on decided of it."""
    usual = {"referral_date": date(2026, 3, 1), "panel": "secondary", "business": "inclusion_and_placement"}
    world.save("fap_referrals", fap_ref=f"F{number}", pupil_ref=f"P{number}", urn=urn, **{**usual, **cells})
    for day, decision in enumerate(decisions, 3):
        world.save("fap_decisions", fap_ref=f"F{number}", meeting_date=date(2026, 3, day), decision=decision)


def agenda(world: World, scope: Scope = MANAGER, panel: str = "secondary", on: date = ON) -> pd.DataFrame:
    return queries.agenda(world.connection, scope, la=LA, panel=panel, on=on)


def test_the_list_is_what_is_undecided_and_asked_by_then(panels: World) -> None:
    refer(panels, 1)
    refer(panels, 2, "place_school")
    refer(panels, 3, "defer")
    refer(panels, 4, referral_date=date(2026, 3, 11))
    refer(panels, 5, panel="primary", urn=PRIMARY)
    rows = agenda(panels)
    assert rows["fap_ref"].tolist() == ["F1", "F3"]
    assert rows["deferred_words"].tolist() == ["New", "Deferred on 3 March 2026"]
    assert rows["waiting_days"].tolist() == [9, 9]
    assert agenda(panels, panel="primary")["fap_ref"].tolist() == ["F5"]


@pytest.mark.parametrize("panel", ["primary", "secondary", "North", "South"])
def test_a_panel_member_finds_on_the_list_whom_a_manager_finds(panels: World, panel: str) -> None:
    refer(panels, 1)
    refer(panels, 2, panel=None, urn=THERE)
    refer(panels, 3, panel="district")
    refer(panels, 4, panel="district", urn=THERE)
    refer(panels, 5, panel="primary", urn=PRIMARY)
    refer(panels, 6, panel=None, urn=PRIMARY)
    own = Scope.of(Role.PANEL, frozenset({Grant(LA, panel=panel)}))
    theirs = agenda(panels, own, panel)["fap_ref"].tolist()
    assert theirs and theirs == agenda(panels, MANAGER, panel)["fap_ref"].tolist()


def test_a_place_is_due_twenty_school_days_after_it_was_agreed_and_the_nearest_comes_first(panels: World) -> None:
    asked = {"business": "admission_under_protocol", "category": "d"}
    refer(panels, 1)
    refer(panels, 2, **asked, agreed_date=date(2026, 2, 20))
    refer(panels, 3, **asked, agreed_date=date(2026, 1, 30))
    rows = agenda(panels)
    assert rows["fap_ref"].tolist() == ["F3", "F2", "F1"]
    assert rows["due"].dt.date.tolist()[:2] == [date(2026, 2, 27), date(2026, 3, 20)]
    assert rows["due_words"].tolist()[0] == "27 February 2026: late by 7 school days"
    assert rows["due_words"].tolist()[1] == "20 March 2026: 8 school days left"
    assert rows["category_words"].tolist()[2] == "None"
    assert rows["category_words"].tolist()[0].startswith("(d) In alternative provision")
    said = "3 children are on the list: for 2 a place is due within 20 school days, and for 1 that day is over."
    assert sentences.agenda(rows, ON) == said


def test_a_decision_takes_the_child_out_of_a_panel_members_sight(panels: World) -> None:
    refer(panels, 1)
    panels.suspension(HERE, "P1", "2026-02-03")
    items = agenda(panels, PANEL).to_dict("records")
    assert len(queries.children(panels.connection, PANEL, items=items, on=ON)) == 1
    panels.save("fap_decisions", fap_ref="F1", meeting_date=ON, decision="place_school", allocated_urn=THERE)
    assert agenda(panels, PANEL).empty
    assert queries.children(panels.connection, PANEL, items=items, on=ON) == (), "also with what was read before"
    assert len(queries.children(panels.connection, MANAGER, items=items, on=ON)) == 1


def test_nobody_without_rows_about_pupils_is_shown_a_list(panels: World) -> None:
    for role in (Role.LEADER, Role.PANEL, Role.ADMIN):
        with pytest.raises(OutOfScope):
            agenda(panels, Scope.of(role, frozenset({Grant(LA)})))


def test_a_child_is_told_in_counts_and_days(panels: World) -> None:
    refer(panels, 1, plan_id="B1", strategies_exhausted="N", child_heard="N")
    for day, sessions in (("2026-02-03", 3), ("2025-10-01", 2), ("2024-10-01", 9)):
        panels.suspension(HERE, "P1", day, sessions)
    panels.exclusion(HERE, "2026-02-20", pupil="P1")
    for plan, strategy, exhausted in (("B1", "mentor", "Y"), ("B1", "reward", "N"), ("B0", "check_in", "Y")):
        cells = {"start_date": date(2026, 1, 5), "exhausted": exhausted}
        panels.save("behaviour_plans", plan_id=plan, strategy=strategy, pupil_ref="P1", urn=HERE, **cells)
    for week, present in ((2, 5), (9, 8)):
        cells = {"week_start": date(2026, 2, week), "possible": 10, "present": present}
        panels.save("attendance", pupil_ref="P1", urn=HERE, **cells)
    (child,) = queries.children(panels.connection, PANEL, items=agenda(panels).to_dict("records"), on=ON)
    assert child.exhausted == "No: 1 of 2 strategies in the plan"
    assert ("Child", "Not heard: ask before you decide") in child.heard
    assert ("Parents", "Not said: ask before you decide") in child.heard
    told = dict(child.history)
    assert told["Suspensions"] == "2 in twelve months (2.5 days), the last on 3 February 2026"
    assert told["Permanent exclusion"].startswith("20 February 2026, School 900001")
    assert told["Attendance"] == "65% (13 of 20 half days) in the twelve weeks to 9 February 2026"
    assert any("sixth school day" in sentence or "must" in sentence for sentence in child.clocks)


def test_what_became_of_the_last_meetings_decisions(panels: World) -> None:
    for number in range(4):
        refer(panels, number)
    for number, cells in enumerate(
        (
            {"decision": "place_school", "allocated_urn": THERE, "start_date": date(2026, 3, 9)},
            {"decision": "place_school", "allocated_urn": THERE, "refused": "Y", "refusal_ground": "full"},
            {"decision": "ap_t2"},
            {"decision": "no_action"},
        )
    ):
        panels.save("fap_decisions", fap_ref=f"F{number}", meeting_date=date(2026, 3, 3), **cells)
    panels.save("fap_decisions", fap_ref="F3", meeting_date=date(2026, 2, 3), decision="defer")
    every = queries.decisions(panels.connection, MANAGER, la=LA, panel="secondary")
    assert not {"pupil_ref", "reason"} & set(every)
    found = minutes.last_meeting(every, ON)
    assert found is not None and found[0] == date(2026, 3, 3)
    rows = minutes.with_what_became(found[1], figures.schools(panels.connection, MANAGER), ON)
    assert rows["became"].tolist() == [
        "Started on 9 March 2026",
        "The school refused: Year group full",
        "Not started: 7 days since the meeting",
        "Nothing was to start",
    ]
    said = "On 3 March 2026 the panel decided of 4 children: 1 started, 1 not started yet, 1 refused by the school."
    assert sentences.minutes(rows, found[0]) == said
    assert minutes.last_meeting(every, date(2026, 2, 3)) is None


def test_a_panel_is_shown_counts_of_five_or_more_and_whole_kinds_are_hidden() -> None:
    decided = pd.DataFrame({"decision": ["place_school"] * 6 + ["ap_t2"] * 5 + ["no_action"] * 2})
    decided = decided.assign(start_date=pd.to_datetime(["2026-03-09"] * 6 + [None] * 7), refused=None)
    table = minutes.counted_by_decision(decided, ON, 5).set_index("decision_words")
    place, tier, none = "A school place is allocated", "Time-limited placement (tier 2)", "No action"
    assert table.loc[place, ["children", "started", "waiting"]].tolist() == [6, 6, 0]
    assert table.loc[tier, ["children", "started", "waiting"]].tolist() == [5, 0, 5]
    assert table.loc[none, ["children", "started", "refused", "waiting"]].isna().all()
    assert minutes.counted_by_decision(decided, ON, None)["children"].sum() == 13


def test_places_free_are_those_commissioned_less_the_placements_that_are_open(panels: World) -> None:
    for ref, places in (("AP1", 8), ("AP2", 3), ("AP3", None)):
        cells = {"valid_from": date(2025, 9, 1), "la_code": LA, "name": f"Centre {ref}", "kind": "pru"}
        panels.save("providers", provider_ref=ref, places=places, **cells)
    for ref, open_ones in (("AP1", 6), ("AP2", 2)):
        for number in range(open_ones):
            end = date(2026, 3, 20 + number)
            panels.placement(HERE, "2026-01-12", provider_ref=ref, planned_end_date=end)
    panels.placement(HERE, "2025-10-01", "2026-01-30", provider_ref="AP1")
    found = provision(panels.connection, MANAGER, LA)
    assert found is not None
    rows = places_free.places_free(found, ON, None).set_index("provider")
    assert rows["free"].to_dict() == {"Centre AP1": 2, "Centre AP2": 1}
    assert rows.loc["Centre AP1", "next_words"] == "20 March 2026"
    hidden = places_free.places_free(found, ON, 5)
    assert is_hidden(hidden, "free").tolist() == [True, True], "the Overview tells all eight: six would tell two"
    assert hidden.loc[1, ["taken", "free", "free_words", "next_words"]].isna().all() and hidden.loc[1, "places"] == 3
    said = "0 of 2 providers have a commissioned place free on 10 March 2026 (2 hidden to protect small numbers)."
    assert places_free.finding(hidden, ON) == said


def test_a_panel_is_shown_no_provider_that_the_page_of_alternative_provision_hides(panels: World) -> None:
    for ref in ("AP1", "AP2", "AP3"):
        cells = {"valid_from": date(2025, 9, 1), "la_code": LA, "name": f"Centre {ref}", "kind": "pru"}
        panels.save("providers", provider_ref=ref, places=9, **cells)
    for ref, stay, gone in (("AP1", 6, 0), ("AP2", 7, 0), ("AP3", 8, 0), ("AP1", 0, 3)):
        for number in range(stay + gone):
            panels.placement(HERE, "2026-01-12", "2026-02-20" if number < gone else None, provider_ref=ref)
    # The others of the year are three, who were at no provider of the register: they are hidden, and one beside them.
    for _ in range(3):
        panels.placement(HERE, "2026-01-12", "2026-02-20")
    found = provision(panels.connection, MANAGER, LA)
    assert found is not None
    read = views.placed(panels.connection, COUNTS, LA, 80.0, 20)
    assert read is not None
    page = views.told(read, "tier", None).occupancy
    there = set(page.loc[is_hidden(page, "open_now"), "provider"]) - {NOT_REGISTERED}
    rows = places_free.places_free(found, ON, 5)
    assert there and there == set(rows.loc[is_hidden(rows, "taken"), "provider"])
    assert not is_hidden(rows, "taken").all()
