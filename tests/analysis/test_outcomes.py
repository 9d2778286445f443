"""The measures of what follows a child, each against a slow obvious loop over the rows of the fictional LA."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from app_database import app_database
from commands import Run
from sqlalchemy import Connection, Engine
from worlds import World

from access.scope import Scope
from analysis import queries
from analysis.alternative_provision import views
from analysis.clocks.definitions import CLOCKS
from analysis.hiding.masks import OPEN_CASES
from analysis.hiding.protection import HIDDEN, is_hidden
from analysis.moves_and_outreach.queries import moves_and_outreach
from analysis.outcomes.asking import COLUMNS, outcome
from analysis.outcomes.measures import OUTCOMES
from analysis.overview.figures import headlines
from data_model.codes import PexStatus
from data_model.exclusions import PEX_STATUS
from data_model.store import open_database, reading
from data_model.terms import Period, academic_year
from sample_data.generate import SEED, generate
from sample_data.seed import seed

LA, YEAR, SCHOOLS, YEARS = 999, "202425", 24, 3
FULL = Scope(frozenset({LA}), full_figures=True)
LEADER = Scope(frozenset({LA}))
BACK = {"returned_home_school", "new_mainstream"}
MEASURES = list(OUTCOMES)

Row = dict[str, Any]
Rows = dict[str, list[Row]]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A small fictional LA of three years: do not write."""
    path = tmp_path_factory.mktemp("outcomes") / "outreach.db"
    made = open_database(f"sqlite:///{path}")
    seed(made, schools=SCHOOLS, years=YEARS)
    made.dispose()
    with app_database(path) as found:
        yield found


@pytest.fixture(scope="module")
def rows() -> Rows:
    """The same rows as they were made, days as days and what is missing as None."""
    frames = generate(SCHOOLS, YEARS, SEED)
    return {name: [_plain(row) for row in frame.to_dict("records")] for name, frame in frames.items()}


def _plain(row: Row) -> Row:
    return {
        name: None if pd.isna(value) else value.date() if isinstance(value, pd.Timestamp) else value
        for name, value in row.items()
    }


def now(rows: Rows) -> date:
    days = [row["head_decision_date"] for row in rows["permanent_exclusions"]]
    days += [row["start_date"] for row in rows["suspensions"] if counts(row)]
    days += [row["received_date"] for row in rows["outreach_referrals"]]
    days += [row["date"] for row in rows["outreach_contacts"]]
    for name in ("ap_placements", "outreach_cases"):
        days += [row[day] for row in rows[name] for day in ("start_date", "end_date") if row[day]]
    return max(days)


def counts(row: Row) -> bool:
    return row["category"] in ("SUSP", "FIXD") and row["status"] not in ("cancelled", "reinstated")


def in_year(day: date | None) -> bool:
    return day is not None and academic_year(day) == YEAR


def found(engine: Engine, measure: str, by: str, scope: Scope = FULL) -> dict[str, Row]:
    with reading(engine) as connection:
        table = outcome(connection, scope, measure=measure, la=LA, year=YEAR, by=by)
    return {row["group"]: row for row in table.to_dict("records")}


def counted(engine: Engine, measure: str, by: str = "all") -> tuple[float, float]:
    row = found(engine, measure, by)["All"]
    return row["count"], row["out_of"]


def test_placements_open_by_tier(engine: Engine, rows: Rows) -> None:
    last = min(date(2025, 7, 31), now(rows))
    there = Counter(
        row["tier"]
        for row in rows["ap_placements"]
        if row["start_date"] <= last and (row["end_date"] is None or row["end_date"] >= last)
    )
    shown = {group.split(":")[0]: row["value"] for group, row in found(engine, "ap_tier", "tier").items()}
    assert shown == {f"Tier {tier}": there[tier] for tier in sorted({row["tier"] for row in rows["ap_placements"]})}
    assert sum(there.values()) == found(engine, "ap_tier", "all")["All"]["value"]


def school_days(rows: Rows, area: int = LA) -> list[date]:
    """The school days of the authority, or of a school that has its own, from term dates."""
    days = []
    for term in rows["term_dates"]:
        if term["applies_to"] != area:
            continue
        closed = set()
        for part in filter(None, str(term["closures"] or "").split("; ")):
            first, _, last = part.partition("/")
            day = date.fromisoformat(first)
            while day <= date.fromisoformat(last or first):
                closed.add(day)
                day += timedelta(days=1)
        day = term["first_day"]
        while day <= term["last_day"]:
            if day.weekday() < 5 and day not in closed:
                days.append(day)
            day += timedelta(days=1)
    return sorted(days)


def test_the_use_of_places_day_by_day(engine: Engine, rows: Rows) -> None:
    days = [day for day in school_days(rows) if in_year(day) and day <= now(rows)]
    identity = {"urn": "provider_urn", "ukprn": "provider_ukprn", "setting_type": "setting_type"}
    for ref in {row["provider_ref"] for row in rows["providers"]}:
        own = [row for row in rows["providers"] if row["provider_ref"] == ref]
        used = there = 0.0
        for day in days:
            valid = [each for each in own if each["valid_from"] <= day and (each["valid_until"] or day) >= day]
            there += (valid[-1]["places"] or 0) if valid else 0
            for placement in rows["ap_placements"]:
                here = any(own[0][theirs] and own[0][theirs] == placement[ours] for theirs, ours in identity.items())
                if here and placement["start_date"] <= day <= (placement["end_date"] or day):
                    used += placement["sessions_per_week"] / 10
        if there:
            shown = found(engine, "ap_occupancy", "provider")[own[-1]["name"]]
            assert (shown["count"], shown["out_of"]) == (pytest.approx(used), there)
            assert shown["value"] == pytest.approx(100 * used / there)


def test_waits_for_a_place(engine: Engine, rows: Rows) -> None:
    pupil = {row["fap_ref"]: row["pupil_ref"] for row in rows["fap_referrals"]}
    wanted = [row for row in rows["fap_decisions"] if row["decision"] in ("ap_t2", "ap_t3")]
    started = decided = 0
    for row in wanted:
        if not in_year(row["meeting_date"]):
            continue
        own = [each["meeting_date"] for each in wanted if pupil[each["fap_ref"]] == pupil[row["fap_ref"]]]
        after = min((day for day in own if day > row["meeting_date"]), default=date.max)
        decided += 1
        started += any(
            row["meeting_date"] <= each["start_date"] < after
            for each in rows["ap_placements"]
            if each["pupil_ref"] == pupil[row["fap_ref"]] and each["tier"] != "1"
        )
    assert counted(engine, "ap_wait") == (started, decided)


def incidence(stays: list[tuple[int, str]], of: str, until: int) -> float:
    """Aalen and Johansen's incidence, day by day, as it is written down in books."""
    still, share = 1.0, 0.0
    for day in range(until + 1):
        there = sum(length >= day for length, _ in stays)
        ended = [how for length, how in stays if length == day and how != "open"]
        if there:
            share += still * ended.count(of) / there
            still *= 1 - len(ended) / there
    return 100 * share


def stays(rows: Rows) -> list[tuple[int, str]]:
    kinds = dict.fromkeys(BACK, "Back in mainstream")
    kinds |= dict.fromkeys(("special", "other_ap"), "Special school or other provision")
    kinds |= dict.fromkeys(("post16", "ehe", "moved_la", "custody"), "Left school, the area or the rolls")
    kinds |= {"breakdown": "Broke down"}
    return [
        (((row["end_date"] or now(rows)) - row["start_date"]).days, kinds.get(row["end_reason"], "Other"))
        if row["end_date"]
        else ((now(rows) - row["start_date"]).days, "open")
        for row in rows["ap_placements"]
        if in_year(row["start_date"])
    ]


def test_returns_and_other_ends_are_the_incidence_of_the_books(engine: Engine, rows: Rows) -> None:
    own = stays(rows)
    shown = found(engine, "outcomes", "ending")
    for ending in ("Back in mainstream", "Special school or other provision", "Broke down"):
        assert shown[ending]["count"] == sum(how == ending for _, how in own)
        assert shown[ending]["out_of"] == len(own)
        assert shown[ending]["value"] == pytest.approx(incidence(own, ending, 364))
    back = found(engine, "reintegrated", "all")["All"]
    assert back["value"] == pytest.approx(incidence(own, "Back in mainstream", 364))
    assert back["low"] < back["value"] < back["high"]
    by_tier = found(engine, "reintegrated", "tier")
    assert sum(row["out_of"] for row in by_tier.values()) == len(own)


def after(rows: Rows, day: date, number: int, urn: int | None) -> date:
    """The numberth school day after a day, by the school's own term dates or the authority's."""
    area = urn if urn in {term["applies_to"] for term in rows["term_dates"]} else LA
    return [each for each in school_days(rows, area) if each > day][number - 1]


def test_returns_that_lasted(engine: Engine, rows: Rows) -> None:
    held = due = 0
    for row in rows["ap_placements"]:
        if row["end_reason"] not in BACK or not in_year(row["end_date"]):
            continue
        day = after(rows, row["end_date"], 60, row["destination_urn"] or row["home_urn"])
        if day > now(rows):
            continue
        events = [each["head_decision_date"] for each in _of(rows, "permanent_exclusions", row)]
        events += [each["start_date"] for each in _of(rows, "off_site_directions", row)]
        others = _of(rows, "ap_placements", row)
        events += [each["start_date"] for each in others if each is not row and each["tier"] != "1"]
        expected = present = 0.0
        for week in _of(rows, "attendance", row):
            if row["end_date"] < week["week_start"] and week["week_start"] + timedelta(days=4) <= day:
                possible = max(week["possible"] - (week["code_e"] or 0), 0)
                if week["present"] is not None:
                    expected, present = expected + possible, present + min(week["present"], possible)
        broken = any(row["end_date"] < each <= day for each in events)
        away = expected >= 20 and 100 * present / expected < 80
        due, held = due + 1, held + (not broken and not away)
    assert due
    assert counted(engine, "sustained") == (held, due)


def _of(rows: Rows, name: str, row: Row) -> list[Row]:
    return [each for each in rows[name] if each["pupil_ref"] == row["pupil_ref"]]


@pytest.mark.parametrize("weeks", [6, 12])
def test_suspended_after_a_case_closed(engine: Engine, rows: Rows, weeks: int) -> None:
    again = due = 0
    for case in rows["outreach_cases"]:
        if not case["pupil_ref"] or not in_year(case["end_date"]):
            continue
        until = after(rows, case["end_date"], 5 * weeks, case["urn"])
        if until <= now(rows):
            own = [each["start_date"] for each in _of(rows, "suspensions", case) if counts(each)]
            due, again = due + 1, again + any(case["end_date"] < day <= until for day in own)
    assert due
    assert counted(engine, f"resusp_{weeks}") == (again, due)


def test_calls_that_became_a_referral(engine: Engine, rows: Rows) -> None:
    calls = [row for row in rows["first_response"] if in_year(row["received_date"])]
    became = sum(row["became"] in ("referral", "case") for row in calls)
    assert counted(engine, "first_response_conversion") == (became, len(calls))


def test_open_cases_for_each_worker(engine: Engine, rows: Rows) -> None:
    last = min(date(2025, 7, 31), now(rows))

    def there(row: Row) -> bool:
        return row["start_date"] <= last and (row["end_date"] is None or row["end_date"] >= last)

    cases = sum(there(row) for row in rows["outreach_cases"])
    hours = sum(
        row["fte"] or 0
        for row in rows["workforce"]
        if there(row) and row["vacancy"] != "Y" and row["role"] in ("outreach_worker", "senior")
    )
    shown = found(engine, "caseload", "all")["All"]
    assert (shown["count"], shown["out_of"], shown["value"]) == (
        cases,
        pytest.approx(hours),
        pytest.approx(cases / hours),
    )


def test_managed_moves_that_held(engine: Engine, rows: Rows) -> None:
    held = due = 0
    known = max(row["start_date"] for row in rows["suspensions"])
    for row in rows["managed_moves"]:
        if not in_year(row["start_date"]) or row["outcome"] == "withdrawn":
            continue
        day = after(rows, row["start_date"], 60, row["to_urn"])
        if day <= max(known, now(rows)):
            ended = row["end_date"] is not None and row["end_date"] < day
            broke = row["end_date"] is None and row["outcome"] in ("returned", "ap", "pex")
            due, held = due + 1, held + (not ended and not broke)
    assert counted(engine, "mm_success") == (held, due)


def between(rows: Rows, day: date, until: date, urn: int | None) -> int:
    """How many school days come after a day, up to and with another."""
    area = urn if urn in {term["applies_to"] for term in rows["term_dates"]} else LA
    return sum(day < each <= until for each in school_days(rows, area))


def first_contact(rows: Rows, referral: Row, until: date) -> date | None:
    days = []
    for case in rows["outreach_cases"]:
        if case["referral_id"] != referral["referral_id"]:
            continue
        days += [case["first_contact_date"], case["first_visit_date"]]
        for contact in rows["outreach_contacts"]:
            own = contact["case_id"] == case["case_id"]
            if own and contact["kind"] not in ("admin", "panel") and contact["outcome"] != "no_show":
                days.append(contact["date"])
    return min((day for day in days if day and day <= until), default=None)


def test_first_contacts_in_time(engine: Engine, rows: Rows) -> None:
    until = min(date(2025, 7, 31), now(rows))
    within = due = 0
    for referral in rows["outreach_referrals"]:
        received = referral["received_date"]
        if referral["decision"] != "accepted" or not in_year(received):
            continue
        if between(rows, received, until, referral["urn"]) > 15:
            first = first_contact(rows, referral, until)
            due += 1
            within += first is not None and between(rows, received, first, referral["urn"]) <= 15
    assert 0 < within < due
    assert counted(engine, "first_contact") == (within, due)


def attended(weeks: list[Row]) -> tuple[float, float]:
    """Half days that were possible and not suspended, and those present, of weeks of which presence is known."""
    expected = present = 0.0
    for week in weeks:
        suspended = week["code_e"] or 0
        there = week["present"]
        if there is None and week["authorised"] is not None and week["unauthorised"] is not None:
            there = week["possible"] - week["authorised"] - week["unauthorised"]
        if there is not None and week["possible"]:
            expected += max(week["possible"] - suspended, 0)
            present += min(there, week["possible"] - suspended)
    return expected, present


def test_attendance_after_a_case_against_before(engine: Engine, rows: Rows) -> None:
    last = now(rows)
    known = sorted(
        {row["week_start"] for row in rows["attendance"] if attended([row])[0] and row["week_start"] <= last}
    )
    first: dict[str, date] = {}
    for case in rows["outreach_cases"]:
        if case["pupil_ref"] and in_year(case["start_date"]):
            first[case["pupil_ref"]] = min(case["start_date"], first.get(case["pupil_ref"], date.max))
    due, changes = 0, []
    for pupil, start in first.items():
        monday = start - timedelta(days=start.weekday())
        before, after_it = [day for day in known if day < monday][-6:], [day for day in known if day > monday][:12]
        if len(after_it) < 12:
            continue
        due += 1
        own = _of(rows, "attendance", {"pupil_ref": pupil})
        (then, there), (now_, here) = (
            attended([week for week in own if week["week_start"] in weeks]) for weeks in (before, after_it)
        )
        if then >= 20 and now_ >= 20:
            changes.append(100 * here / now_ - 100 * there / then)
    assert changes
    row = found(engine, "att_change", "all")["All"]
    assert (row["count"], row["out_of"]) == (len(changes), due)
    assert row["value"] == pytest.approx(sum(changes) / len(changes))


Deadline = tuple[str, date, date | None]
"""The clock, the day that is due, and the day on which it was met."""


def of_exclusions(rows: Rows) -> Iterator[Deadline]:
    for row in rows["permanent_exclusions"]:
        status, decided, urn = PEX_STATUS.get(row["review_outcome"]), row["head_decision_date"], row["urn"]
        back = status == PexStatus.REINSTATED
        if status == PexStatus.WITHDRAWN:
            continue
        places = _of(rows, "ap_placements", row)
        days = [place["start_date"] for place in places if place["attendance_pattern"] == "FT"]
        days = [day for day in (row["day6_start"], row["next_start_date"], *days) if day and decided <= day]
        educated = min((day for day in days if day <= now(rows)), default=None)
        if row["ncyg"] not in ("12", "13", "14") and (educated or not back):
            yield "day_6_exclusion", after(rows, decided, 6, urn), educated
        if row["gb_meeting_date"] or not back:
            yield "board_must_meet", after(rows, row["gb_notified_date"] or decided, 15, urn), row["gb_meeting_date"]
        if row["irp_requested_date"]:
            yield "review_hearing", after(rows, row["irp_requested_date"], 15, urn), row["irp_date"]


def of_referrals(rows: Rows) -> Iterator[Deadline]:
    for row in rows["fap_referrals"]:
        own = [each for each in rows["fap_decisions"] if each["fap_ref"] == row["fap_ref"]]
        over = any(each["decision"] == "no_action" for each in own)
        if row["business"] == "admission_under_protocol" and row["agreed_date"] and not over:
            given = [each for each in own if each["decision"] in ("place_school", "direction")]
            days = [each["meeting_date"] for each in given if each["refused"] != "Y"]
            yield "fair_access", after(rows, row["agreed_date"], 20, LA), min(days, default=None)


def of_suspensions(rows: Rows) -> Iterator[Deadline]:
    pupils: dict[str, list[Row]] = {}
    for row in sorted(rows["suspensions"], key=lambda each: each["start_date"]):
        pupils.setdefault(row["pupil_ref"], []).append(row)
    for own in pupils.values():
        standing = [row for row in own if row["status"] != "cancelled"]
        for place, row in enumerate(standing):
            term = Period.of(row["start_date"])
            before = [each for each in standing[:place] if Period.of(each["start_date"]) == term]
            if sum(each["sessions"] for each in (*before, row)) > 30:
                yield "board_must_meet", after(rows, row["start_date"], 15, row["urn"]), row["gb_considered_date"]
        for row in standing:
            in_a_row = row["category"] != "LNCH" and row["status"] != "reinstated"
            if in_a_row and row["sessions"] > 10 and row["ncyg"] not in ("12", "13", "14"):
                due = after(rows, row["start_date"] - timedelta(days=1), 6, row["urn"])
                yield "day_6_suspension", due, row["day6_start"]


def test_clocks_that_were_met(engine: Engine, rows: Rows) -> None:
    figures: dict[str, tuple[int, int]] = {}
    for clock, due, done in (*of_exclusions(rows), *of_referrals(rows), *of_suspensions(rows)):
        met = done is not None and done <= now(rows)
        if in_year(due) and (met or due < now(rows)):
            count, out_of = figures.get(clock, (0, 0))
            figures[clock] = count + (met and done is not None and done <= due), out_of + 1
    names = {clock.id: clock.name for clock in CLOCKS}
    shown = {group: (row["count"], row["out_of"]) for group, row in found(engine, "clocks_met", "clock").items()}
    assert {"day_6_exclusion", "board_must_meet", "fair_access"} <= set(figures)
    assert shown == {names[clock]: figure for clock, figure in figures.items()}
    assert counted(engine, "clocks_met") == tuple(map(sum, zip(*figures.values(), strict=True)))


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_says_its_figures_or_why_there_are_none(engine: Engine, measure: str) -> None:
    for by in OUTCOMES[measure].by[:2]:
        for row in found(engine, measure, str(by)).values():
            if pd.isna(row["value"]):
                assert row["note"].startswith(("Too small to say", "No places")), row
            elif not pd.isna(row["low"]):
                assert row["low"] <= row["value"] <= row["high"]


@pytest.mark.parametrize("measure", MEASURES)
def test_who_may_not_see_small_numbers_sees_none(engine: Engine, measure: str) -> None:
    for by in OUTCOMES[measure].by[:1]:
        full, shown = found(engine, measure, str(by)), found(engine, measure, str(by), LEADER)
        assert list(full) == list(shown)
        for group, row in shown.items():
            if row[HIDDEN]:
                assert all(pd.isna(row[name]) for name in ("count", "out_of", "value", "low", "high", "note"))
            elif OUTCOMES[measure].unit != "% of place-days":
                assert not 0 < row["count"] < 5
                assert row["count"] == full[group]["count"]


def told(connection: Connection, measure: str, year: str, by: str = "all", scope: Scope = LEADER) -> dict[str, Row]:
    table = outcome(connection, scope, measure=measure, la=LA, year=year, by=by)
    return {row["group"]: row for row in table.to_dict("records")}


def moved(world: World, year: int, held: int, broke: int, urn: int = 900001) -> None:
    """Managed moves in the autumn of a year, some of which held."""
    for place in range(held + broke):
        days = {"start_date": date(year, 9, 8), "end_date": date(year, 10, 1) if place < broke else None}
        cells = {"from_urn": urn, "to_urn": 900003, "parent_agreed": "Y", "outcome": None}
        world.save("managed_moves", move_id=f"M{year}{urn}{place}", pupil_ref=f"M{year}{urn}{place}", **cells, **days)


def test_years_of_moves_that_held_do_not_give_away_the_one_that_is_hidden(world: World) -> None:
    for urn, phase in ((900001, "primary"), (900002, "secondary"), (900003, "secondary")):
        world.school(urn, phase)
    moved(world, 2022, 12, 9)
    moved(world, 2023, 7, 8, 900001)
    moved(world, 2023, 6, 6, 900002)
    moved(world, 2024, 8, 2)
    world.suspension(900001, "P1", "2025-07-01")
    page = moves_and_outreach(world.connection, LEADER, LA)
    assert page is not None and page.held.startswith("33 of the 58 managed moves that are due held")
    rows = {year: told(world.connection, "mm_success", year)["All"] for year in ("202223", "202324", "202425")}
    hidden = [year for year, row in rows.items() if row[HIDDEN]]
    assert hidden == ["202223", "202425"], "two of ten are hidden, and another year that they are not what is left"
    assert rows["202324"]["count"] == 13
    phases = told(world.connection, "mm_success", "202425", "phase")
    assert all(row[HIDDEN] for row in phases.values()), "nor are they told by phase"
    by_phase = told(world.connection, "mm_success", "202324", "phase")
    assert [row["count"] for row in by_phase.values()] == [7, 6]
    full = told(world.connection, "mm_success", "202425", scope=FULL)["All"]
    assert (full["count"], full["out_of"]) == (8, 10)


def test_moves_that_came_due_since_the_page_was_cut_are_not_the_difference(world: World) -> None:
    for urn in (900001, 900003):
        world.school(urn, "secondary")
    moved(world, 2023, 12, 9)
    moved(world, 2024, 8, 7)
    cells = {"from_urn": 900001, "to_urn": 900003, "parent_agreed": "Y", "start_date": date(2025, 3, 3)}
    for place in range(2):
        world.save("managed_moves", move_id=f"L{place}", pupil_ref=f"L{place}", **cells)
    world.suspension(900001, "P1", "2025-03-10")
    world.case(900001, "2025-07-01")
    page = moves_and_outreach(world.connection, LEADER, LA)
    assert page is not None and page.held.startswith("20 of the 36 managed moves that are due held")
    for year, held in (("202324", 12), ("202425", 10)):
        assert told(world.connection, "mm_success", year, scope=FULL)["All"]["count"] == held
        assert told(world.connection, "mm_success", year)["All"][HIDDEN], "22 less 20 are two"


def test_open_cases_are_hidden_where_the_overview_hides_them(world: World) -> None:
    world.school(900001, "primary")
    for place in range(6):
        world.case(900001, "2025-01-06", pupil_ref=f"P{place % 3}")
    days = {"start_date": date(2024, 9, 1), "end_date": None}
    world.save("workforce", worker_ref="W1", la_code=LA, role="outreach_worker", fte=1, vacancy="N", **days)
    records = queries.records(world.connection, LEADER)
    shown = headlines(records, LA, Period("202425")).rows
    assert is_hidden(shown[shown["measure"].eq(OPEN_CASES) & shown["phase"].eq("total")], "count").all()
    row = told(world.connection, "caseload", "202425")["All"]
    assert pd.isna(row["count"]) and pd.isna(row["value"]), "six cases of three children"
    assert told(world.connection, "caseload", "202425", scope=FULL)["All"]["count"] == 6


def test_open_cases_are_told_where_the_overview_tells_them(world: World) -> None:
    world.school(900001, "primary")
    for place in range(6):
        world.case(900001, "2025-01-06", pupil_ref=f"P{place}")
    shown = headlines(queries.records(world.connection, LEADER), LA, Period("202425")).rows
    assert shown.loc[shown["measure"].eq(OPEN_CASES) & shown["phase"].eq("total"), "count"].tolist() == [6]
    assert told(world.connection, "caseload", "202425")["All"]["count"] == 6


def test_a_shorter_time_is_hidden_where_few_were_suspended_between_it_and_the_longer(world: World) -> None:
    world.school(900001, "primary")
    for place in range(30):
        world.case(900001, "2024-09-09", "2024-11-04", pupil_ref=f"P{place}")
        if place < 12:
            world.suspension(900001, f"P{place}", "2024-11-20" if place < 10 else "2025-01-08", status=None)
    world.suspension(900001, "P99", "2025-07-01", status=None)
    full = {weeks: told(world.connection, f"resusp_{weeks}", "202425", scope=FULL)["All"] for weeks in (6, 12)}
    assert {weeks: (row["count"], row["out_of"]) for weeks, row in full.items()} == {6: (10, 30), 12: (12, 30)}
    assert told(world.connection, "resusp_12", "202425")["All"]["count"] == 12
    assert told(world.connection, "resusp_6", "202425")["All"][HIDDEN], "two were suspended between the two"


def test_what_became_of_calls_is_not_told_by_phase(world: World) -> None:
    for urn, phase in ((900001, "primary"), (900002, "secondary")):
        world.school(urn, phase)
        for place in range(30):
            became = "referral" if place < 10 else "case" if place < 20 else "advice_only"
            cells = {"received_date": date(2024, 10, 1), "kind": "advice", "urn": urn, "became": became}
            world.save("first_response", call_id=f"T{urn}{place}", **cells)
    assert told(world.connection, "first_response_conversion", "202425")["All"]["count"] == 40
    by_phase = told(world.connection, "first_response_conversion", "202425", "phase")
    assert len(by_phase) == 2 and all(row[HIDDEN] and pd.isna(row["count"]) for row in by_phase.values())
    full = told(world.connection, "first_response_conversion", "202425", "phase", FULL)
    assert [row["count"] for row in full.values()] == [20, 20]


def test_the_page_and_the_command_say_the_same(engine: Engine, run: Run) -> None:
    with reading(engine) as connection:
        page = views.provided(connection, FULL, LA, "tier", YEAR, 80.0, 20)
    assert page is not None

    def said(measure: str, by: str) -> dict[str, Row]:
        ran = run(f"outcomes {measure} --year {YEAR} --by {by} --json")
        assert ran.code == 0, ran.err
        rows = json.loads(ran.out)
        assert all(list(row) == ["la_code", *COLUMNS] for row in rows)
        return {row["group"]: row for row in rows}

    def same(shown: pd.DataFrame, key: str, value: str, theirs_by: dict[str, Row]) -> None:
        for row in shown.to_dict("records"):
            theirs = theirs_by[row[key]]["value"]
            assert (None if pd.isna(row[value]) else pytest.approx(row[value])) == theirs

    same(page.returns.rows, "group", "share", said("reintegrated", "tier"))
    same(page.lasted, "after", "share", said("sustained", "weeks"))
    same(page.lasted_by, "group", "share", said("sustained", "tier"))
    same(page.tiers, "group", "open", said("ap_tier", "tier"))
    same(page.waits, "group", "median", said("ap_wait", "tier"))
    places = page.occupancy[page.occupancy["occupancy"].notna()]
    same(places, "provider", "occupancy", said("ap_occupancy", "provider"))


def test_what_cannot_be_asked_is_said_in_a_sentence(engine: Engine, run: Run) -> None:
    for line in (
        "outcomes nothing --year 202425",
        "outcomes sustained --year 202425 --by clock",
        "outcomes sustained --year x",
    ):
        ran = run(line)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.count("\n") == 1
