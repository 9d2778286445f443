"""A child's story against a child made by hand, and who may read it."""

from datetime import date
from typing import Any

import pandas as pd
import pytest
from worlds import World

from access.roles import Permission, Role
from access.scope import EVERYWHERE, Grant, OutOfScope, Scope
from analysis.pupil_story import views
from analysis.pupil_story.clocks import clocks_of
from analysis.pupil_story.events import Kind
from analysis.pupil_story.queries import Story, children, story
from data_model.thresholds import USUAL

CHILD, OTHER = "C-1", "C-2"
SCHOOL, NEXT = 900001, 900002
ON = date(2025, 11, 14)
"""A Friday. Half term was from 27 to 31 October."""


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def life(world: World) -> World:
    """One child at two schools, with something in every dataset; another of whom there is one suspension."""
    for urn, name in ((SCHOOL, "Lanternmere School"), (NEXT, "Quillbrook School")):
        world.school(urn, "secondary", school_name=name)
    dates = {"first_day": day("2025-09-02"), "last_day": day("2025-12-19"), "closures": "2025-10-27/2025-10-31"}
    world.save("term_dates", applies_to=999, academic_year="202526", term="AUT", **dates)
    world.suspension(SCHOOL, CHILD, "2025-09-15", 6, end_date=day("2025-09-17"))
    world.suspension(SCHOOL, CHILD, "2025-10-06", 16, end_date=day("2025-10-15"), day6_start=day("2025-10-14"))
    world.suspension(NEXT, OTHER, "2025-10-06", 2)
    internal = {"urn": SCHOOL, "pupil_ref": CHILD, "start_date": day("2025-09-08"), "sessions": 2}
    world.save("internal_suspensions", internal_id="I1", **internal)
    world.exclusion(SCHOOL, "2025-11-04", pupil=CHILD, reason_1="DB", gb_notified_date=day("2025-11-04"), ncyg="9")
    world.save(
        "safeguarding_separations", separation_id="G1", pupil_ref=CHILD, urn=SCHOOL, start_date=day("2025-09-22")
    )
    world.save(
        "ap_placements",
        placement_id="A9",
        pupil_ref=CHILD,
        home_urn=SCHOOL,
        setting_type="OOT",
        tier="2",
        sessions_per_week=10,
        start_date=day("2025-11-13"),
    )
    world.save(
        "managed_moves",
        move_id="M1",
        pupil_ref=CHILD,
        from_urn=SCHOOL,
        to_urn=NEXT,
        start_date=day("2025-06-02"),
        parent_agreed="Y",
    )
    world.save(
        "off_site_directions",
        direction_id="D1",
        pupil_ref=CHILD,
        from_urn=SCHOOL,
        to_urn=NEXT,
        start_date=day("2025-05-01"),
        end_date=day("2025-05-23"),
    )
    world.save(
        "outreach_referrals",
        referral_id="R1",
        received_date=day("2025-09-18"),
        urn=SCHOOL,
        pupil_ref=CHILD,
        primary_concern="SEMH",
        source="school",
    )
    case = world.case(SCHOOL, "2025-09-25", pupil_ref=CHILD, referral_id="R1", provider_type="la_team")
    world.save(
        "outreach_contacts",
        contact_id="K1",
        case_id=case,
        date=day("2025-10-01"),
        minutes=45,
        kind="1to1",
        contact_with="child",
        notes="Lessons are too loud.",
    )
    world.save("agency_involvement", case_id=case, agency="camhs", referred_date=day("2025-10-02"), answer="waiting")
    measured = {"case_id": case, "measure": "engagement_0_100", "rater": "child"}
    world.save("outcome_measures", stage="baseline", measured_on=day("2025-09-26"), value=40.0, **measured)
    plan = {"plan_id": "B1", "pupil_ref": CHILD, "urn": SCHOOL, "kind": "psp", "start_date": day("2025-09-16")}
    world.save("behaviour_plans", strategy="mentor", helped="no", exhausted="Y", **plan)
    world.save("behaviour_plans", strategy="check_in", helped="too_soon", exhausted="N", weeks=3, **plan)
    call = {"kind": "pex_considered", "caller": "head", "pupil_ref": CHILD}
    world.save("first_response", call_id="L1", received_date=day("2025-10-20"), urn=SCHOOL, **call)
    world.save("family_support", family_id="H1", pupil_ref=CHILD, urn=SCHOOL, referred_date=day("2025-09-29"))
    world.save(
        "fap_referrals",
        fap_ref="F1",
        referral_date=day("2025-11-05"),
        pupil_ref=CHILD,
        urn=SCHOOL,
        business="admission_under_protocol",
        agreed_date=day("2025-11-06"),
        panel="secondary",
        child_heard="Y",
        strategies_exhausted="Y",
    )
    world.save("fap_decisions", fap_ref="F1", meeting_date=day("2025-11-12"), decision="defer", reason="No papers.")
    world.save("transitions", pupil_ref=CHILD, academic_year="202526", identified_date=day("2025-04-01"), to_urn=SCHOOL)
    for monday, present in (("2025-09-08", 10), ("2025-09-29", 4)):
        week = {"pupil_ref": CHILD, "urn": SCHOOL, "week_start": day(monday), "possible": 10, "present": present}
        world.save("attendance", **week)
    return world


MANAGER = Scope.of(Role.MANAGER, frozenset({Grant(999)}))


def told(world: World, scope: Scope = MANAGER, reference: str = CHILD, on: date = ON) -> Story | None:
    return story(world.connection, scope, reference=reference, on=on)


def of(world: World, **asked: Any) -> Story:
    found = told(world, **asked)
    assert found is not None
    return found


def test_one_line_of_time_has_every_kind_of_event_once_and_nobody_elses(life: World) -> None:
    events = of(life).events
    assert set(events["kind"]) == {str(kind) for kind in Kind}
    assert len(events) == len(Kind) + 1, "there are two suspensions, and a plan of two strategies stands once"
    assert events["day"].is_monotonic_decreasing
    assert events["day"].iloc[0] == pd.Timestamp("2025-11-13")


def test_each_event_says_what_is_recorded_of_it(life: World) -> None:
    said = of(life).events.groupby("kind")["sentence"].agg(" / ".join)
    assert "16 half days" in said[Kind.SUSPENSION]
    assert said[Kind.INTERNAL].startswith("2 half days out of lessons and in school")
    assert said[Kind.MOVE].startswith("From Lanternmere School to Quillbrook School; parents agreed")
    assert said[Kind.SEPARATION] == "Kept apart because of an alleged harm, which is no suspension."
    assert "Mentor or key adult (it did not help, exhausted)" in said[Kind.PLAN]
    assert said[Kind.AGENCY] == "Referred to Child and adolescent mental health services; No answer yet."
    assert said[Kind.DECISION] == "Deferred to a later meeting; why: No papers."
    assert said[Kind.MEASURE] == "Engagement with learning (0 to 100): 40; At the start; by: The child."
    assert "still open" in said[Kind.CASE]
    assert "note: Lessons are too loud" in said[Kind.CONTACT]


def test_clocks_are_counted_in_school_days_of_the_authority(life: World) -> None:
    clocks = of(life).clocks.set_index("clock")
    # Told on 4 November, a Tuesday; the fifteenth school day after it, no holiday between.
    assert clocks.loc["board_must_meet", "due"] == pd.Timestamp("2025-11-25")
    assert clocks.loc["fair_access", "due"] == pd.Timestamp("2025-12-04"), "twenty school days from 6 November"
    assert clocks.loc["days_in_year", "school_days_left"] == 45 - 11
    assert clocks.loc["day_6_suspension", "state"] == "met_late", "the sixth of its days was 13 October"
    assert clocks.loc["days_in_term", "state"] == "near", "11 of 15 days"


def test_what_is_due_soon_or_late_comes_first(life: World) -> None:
    found = of(life, on=date(2025, 11, 27))
    attention = len(found.attention)
    assert attention
    assert set(found.clocks["clock"].head(attention)) == set(found.attention["clock"])
    assert "board_must_meet" in set(found.attention["clock"]), "two school days late"
    assert "needs attention" in views.title(found) or "need attention" in views.title(found)
    assert found.attention["explanation"].str.len().min() > 40, "each is explained"


def test_a_place_that_the_school_did_not_refuse_stops_the_clock_of_the_panel(life: World) -> None:
    meetings = (("2025-11-19", "Y", "met"), ("2025-11-26", None, "met"))
    life.save("fap_decisions", fap_ref="F1", meeting_date=day(meetings[0][0]), decision="place_school", refused="Y")
    life.save("fap_decisions", fap_ref="F1", meeting_date=day(meetings[1][0]), decision="place_school")
    clock = of(life, on=date(2025, 11, 28)).clocks.set_index("clock").loc["fair_access"]
    assert (clock["state"], clock["met"]) == ("met", pd.Timestamp("2025-11-26"))


def test_a_child_on_whom_the_panel_takes_no_action_waits_for_no_place(life: World) -> None:
    life.save("fap_decisions", fap_ref="F1", meeting_date=day("2025-11-19"), decision="no_action")
    assert "fair_access" not in set(of(life).clocks["clock"])


def test_rows_of_the_census_are_not_counted_beside_those_that_were_notified(life: World) -> None:
    life.suspension(SCHOOL, CHILD, "2025-09-15", 6, source="census")
    found = of(life)
    assert found.events["kind"].eq(str(Kind.SUSPENSION)).sum() == 2
    assert found.clocks.set_index("clock").loc["days_in_year", "school_days_left"] == 45 - 11


def test_attendance_and_what_was_tried_and_measured(life: World) -> None:
    found = of(life)
    assert found.weeks["percent"].tolist() == [100.0, 40.0]
    assert found.strategies.set_index("strategy")["exhausted"].to_dict() == {
        "Mentor or key adult": "Yes",
        "Daily check-in": "No",
    }
    assert found.measures["value"].tolist() == ["40"]


def test_a_story_says_how_old_its_attendance_is(life: World) -> None:
    fewest = USUAL.model_copy(update={"fewest_sessions": 1})

    def attendance(on: date) -> str:
        found = story(life.connection, MANAGER, reference=CHILD, on=on, thresholds=fewest)
        assert found is not None
        return found.attendance

    assert attendance(ON).endswith(" No attendance is recorded after 3 October 2025.")
    assert "No attendance" not in attendance(date(2025, 10, 6))


def test_year_group_and_roll_are_those_of_the_day(life: World) -> None:
    assert of(life).roll == "Year group and roll are not recorded."
    life.save("pupils", pupil_ref=CHILD, valid_from=day("2024-09-01"), main_urn=NEXT, ncyg="8", enrol_status="C")
    life.save("pupils", pupil_ref=CHILD, valid_from=day("2025-09-01"), main_urn=SCHOOL, ncyg="9", enrol_status="M")
    now = "Year 9, at Lanternmere School (Current main, dual registration). So recorded from 1 September 2025."
    assert of(life).roll == now
    assert of(life, on=date(2025, 6, 1)).roll.startswith("Year 8, at Quillbrook School (Current, single registration).")


@pytest.mark.parametrize(
    ("role", "grant", "said"),
    [
        (Role.MANAGER, Grant(999), ""),
        (Role.MANAGER, Grant(999, district="North"), "schools in your districts"),
        (Role.MANAGER, Grant(999, service="la_team"), "what your service may read"),
        (Role.PANEL, Grant(999, panel="secondary"), "what a panel may read"),
    ],
    ids=["whole", "district", "service", "panel"],
)
def test_who_reads_a_part_is_told_so_whatever_else_there_is(life: World, role: Role, grant: Grant, said: str) -> None:
    life.school(900003, "secondary", district="North")
    life.suspension(900003, CHILD, "2025-09-22")
    part = of(life, scope=Scope.of(role, frozenset({grant}))).in_part
    assert (said in part) and bool(part) == bool(said)


def test_the_childs_own_words_are_kept_apart(life: World) -> None:
    voice = of(life).voice
    assert voice == (
        "The child’s own rating on 26 September 2025, at the start: Engagement with learning (0 to 100), 40.",
        "1 of 1 outreach contact was with the child.",
        "Written down on 1 October 2025: “Lessons are too loud.”",
        "For the panel referral of 5 November 2025 the child’s view is with the papers.",
    )


def test_columns_that_the_scope_may_not_read_are_in_no_sentence(life: World) -> None:
    bare = Scope(frozenset({999}), pupil_rows=True, full_figures=True)
    found = of(life, scope=bare)
    everything = " ".join([*found.events["sentence"], *found.voice])
    for told_of in ("mental health", "40", "worker"):
        assert told_of not in everything, told_of
    assert found.measures.empty


def test_the_table_of_the_chart_has_the_weeks_too(life: World) -> None:
    found = of(life)
    whole = views.whole_timeline(found)
    assert len(whole) == len(found.events) + len(found.weeks)
    assert "Attended 4 of 10 half days." in set(whole["sentence"])
    events, weeks = views.line(found)
    assert len(events) == len(found.events)
    assert weeks["said"].iloc[0] == "Week of 8 September 2025: attended 10 of 10 half days"
    running = events.set_index("kind").loc[str(Kind.PLACEMENT), "end"]
    assert running == pd.Timestamp(ON)


def test_only_some_kinds_may_be_asked_for(life: World) -> None:
    found = of(life)
    assert views.timeline(found, [Kind.EXCLUSION])["what"].tolist() == ["Permanent exclusion"]
    assert len(views.timeline(found)) == len(found.events)


def test_no_story_of_a_child_of_whom_nothing_is_recorded(life: World) -> None:
    assert told(life, reference="nobody") is None


def test_a_service_reads_its_own_childrens_stories(life: World) -> None:
    own, other = (Scope.of(Role.MANAGER, frozenset({Grant(999, service=name)})) for name in ("la_team", "pru"))
    assert told(life, scope=own) is not None
    assert children(life.connection, own) == (CHILD,)
    assert told(life, scope=other) is None
    assert children(life.connection, other) == ()


def test_another_authority_reads_nothing(life: World) -> None:
    assert told(life, scope=Scope.of(Role.MANAGER, frozenset({Grant(331)}))) is None


def test_a_member_of_a_panel_finds_the_children_of_its_list_alone(life: World) -> None:
    secondary, primary = (
        Scope.of(Role.PANEL, frozenset({Grant(999, panel=name)})) for name in ("secondary", "primary")
    )
    assert children(life.connection, secondary) == (CHILD,)
    assert children(life.connection, primary) == ()
    assert told(life, scope=primary) is None
    assert told(life, scope=secondary, reference=OTHER) is None
    found = of(life, scope=secondary)
    assert set(found.events["kind"]) == {str(kind) for kind in Kind}
    everything = " ".join([*found.events["sentence"], *found.voice])
    assert "too loud" not in everything, "notes are for the service that wrote them"
    assert "worker" not in everything.lower()


def test_a_child_leaves_the_panels_list_when_it_has_decided(life: World) -> None:
    panel = Scope.of(Role.PANEL, frozenset({Grant(999, panel="secondary")}))
    assert told(life, scope=panel) is not None
    life.save(
        "fap_decisions", fap_ref="F1", meeting_date=day("2025-11-19"), decision="place_school", allocated_urn=NEXT
    )
    assert told(life, scope=panel) is None
    assert children(life.connection, panel) == ()


def test_a_leader_has_no_story_and_no_clocks(life: World) -> None:
    leader = Scope.of(Role.LEADER, frozenset({Grant(999)}))
    assert children(life.connection, leader) == ()
    with pytest.raises(OutOfScope):
        told(life, scope=leader)
    with pytest.raises(OutOfScope):
        clocks_of(life.connection, leader, on=ON)


def test_clocks_of_everybody_are_those_of_each(life: World) -> None:
    every = clocks_of(life.connection, EVERYWHERE, on=ON)
    assert set(every["pupil_ref"]) == {CHILD, OTHER}
    own = every[every["pupil_ref"].eq(CHILD)].reset_index(drop=True)
    pd.testing.assert_frame_equal(own, of(life, scope=EVERYWHERE).clocks)
    assert Permission.HEALTH in EVERYWHERE.columns


def test_the_last_day_of_a_placement_still_counts_as_everywhere(life: World) -> None:
    off_site = {"pupil_ref": OTHER, "home_urn": NEXT, "setting_type": "OOT", "tier": "2", "sessions_per_week": 10}
    life.save("ap_placements", placement_id="A10", start_date=day("2025-11-03"), end_date=ON, **off_site)
    on_the_day, after = (
        " ".join(views.in_short(found)) for on in (ON, day("2025-11-17")) if (found := told(life, MANAGER, OTHER, on))
    )
    assert "Recorded as running: alternative provision since 3 November 2025." in on_the_day
    assert "No case, placement, direction or plan is running." in after
