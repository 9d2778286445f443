"""The same number stands on every page: of a school, of the casework and of a child, in the latest year."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from html import unescape

import pytest
from html_of import html_of
from places import DrawPage, said
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from access.roles import Role
from access.scope import EVERYWHERE
from analysis.every_school.figures import NOT_REACHED
from analysis.measures import OUTREACH_COVERAGE
from analysis.outcomes.asking import outcome
from data_model.store import reading
from data_model.terms import Period

YEAR = Period("202526").label
LA = 999
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]+>")


@pytest.fixture
def drawn(draw_page: DrawPage, fictional_la: Engine) -> dict[str, AppTest]:
    pages = ("overview", "targeting", "schools")
    return {page: draw_page(page, Role.MANAGER, period=YEAR) for page in pages}


def _rows(drawn: AppTest, caption: str) -> Iterator[dict[str, str]]:
    """The rows of the first table whose caption has these words, by heading."""
    table = next(each for each in _TABLE.findall(html_of(drawn)) if caption in each.split("</caption>")[0])
    headings, *rows = [[unescape(_MARKUP.sub("", cell)) for cell in _CELL.findall(row)] for row in _ROW.findall(table)]
    return (dict(zip(headings, row, strict=True)) for row in rows)


def _listed(drawn: AppTest) -> dict[str, dict[str, str]]:
    return {row["School"]: row for row in _rows(drawn, "most to gain first")}


def _every_school(drawn: AppTest) -> dict[str, dict[str, object]]:
    return {row["School"]: row for row in drawn.dataframe[0].value.to_dict("records")}


def _metrics(drawn: AppTest) -> dict[str, str]:
    return {metric.label: metric.value.replace(",", "") for metric in drawn.metric}


def _open_cases(words: str) -> int:
    found = re.match(r"(\d+) open case", words)
    return int(found.group(1)) if found else 0


def test_a_schools_suspensions_are_the_same_on_every_list(drawn: dict[str, AppTest]) -> None:
    listed, known = _listed(drawn["targeting"]), _every_school(drawn["schools"])
    assert len(listed) == 20
    said = {school: int(row["Suspensions (average)"].split(" (")[0]) for school, row in listed.items()}
    assert said == {school: known[school]["Count"] for school in said}
    curve = {row["School"]: int(row["Suspensions"]) for row in _rows(drawn["overview"], "make up half of all")}
    both = said.keys() & curve.keys()
    assert len(both) >= 10
    assert {school: curve[school] for school in both} == {school: said[school] for school in both}


def test_the_headline_is_the_sum_of_the_schools_that_it_counts(drawn: dict[str, AppTest]) -> None:
    headline = _metrics(drawn["overview"])["Suspensions"]
    # Alternative provision is counted apart, on the Overview as in its own words there.
    headlined = [
        row for row in _every_school(drawn["schools"]).values() if row["Phase"] in ("Primary", "Secondary", "Special")
    ]
    assert int(headline) == sum(row["Count"] for row in headlined)


def test_open_cases_are_the_same_on_every_page(drawn: dict[str, AppTest]) -> None:
    listed, known = _listed(drawn["targeting"]), _every_school(drawn["schools"])
    said = {school: _open_cases(row["Outreach"]) for school, row in listed.items()}
    assert sum(said.values()) > 0
    assert said == {school: known[school]["Outreach cases open"] for school in said}
    assert int(_metrics(drawn["overview"])["Outreach cases open"]) == sum(
        row["Outreach cases open"] for row in known.values()
    )


def test_schools_without_outreach_are_the_same_on_every_page(
    drawn: dict[str, AppTest], draw_page: DrawPage, fictional_la: Engine
) -> None:
    """The Overview counts those of the highest rates, and Where next all: of the same schools both say the same."""
    page = draw_page("schools", Role.MANAGER, period=YEAR, measure=OUTREACH_COVERAGE.name)
    highest = {row["School"]: row["Outreach"] == NOT_REACHED for row in _rows(page, "outreach first")}
    without = {school: "o outreach" in row["Outreach"] for school, row in _listed(drawn["targeting"]).items()}
    both = highest.keys() & without.keys()
    assert len(both) >= 5
    assert {school: highest[school] for school in both} == {school: without[school] for school in both}
    reached = re.search(r"Outreach was in (\d+) of the (\d+) schools", said(drawn["overview"]))
    assert reached is not None
    assert (int(reached[1]), int(reached[2])) == (list(highest.values()).count(False), len(highest))
    assert "Where next" in said(drawn["overview"]), "why the two lists name different schools is said"


def test_a_schools_own_page_says_what_the_lists_say(
    drawn: dict[str, AppTest], draw_page: DrawPage, fictional_la: Engine
) -> None:
    links = dict(re.findall(r'school=(\d+)">([^<]+)</a></th>', html_of(drawn["targeting"])))
    listed = _listed(drawn["targeting"])
    for key in list(links)[:4]:
        row = listed[unescape(links[key])]
        page = _metrics(draw_page("school", Role.MANAGER, school=key, period=YEAR))
        assert page["Suspensions"] == row["Suspensions (average)"].split(" (")[0]
        assert page["Permanent exclusions decided"] == row["PEX"]


def _commanded(engine: Engine, measure: str, by: str) -> dict[str, int]:
    """What `python -m analysis outcomes` says of the latest year, by group."""
    with reading(engine) as connection:
        rows = outcome(connection, EVERYWHERE, measure=measure, la=LA, year="202526", by=by)
    return dict(zip(rows["group"], rows["count"].astype(int), strict=True))


def test_open_placements_are_the_same_on_every_page_and_in_the_command(
    drawn: dict[str, AppTest], draw_page: DrawPage, fictional_la: Engine
) -> None:
    page = draw_page("alternative_provision", Role.MANAGER, view="Places and waits")
    tiers = {row["Tier"]: int(row["Open now"]) for row in _rows(page, "Placements by tier")}
    assert sum(tiers.values()) > 0
    assert int(_metrics(drawn["overview"])["AP placements open"]) == sum(tiers.values())
    assert _commanded(fictional_la, "ap_tier", "tier") == tiers


def test_open_cases_of_workers_are_those_of_the_overview_and_of_the_command(
    drawn: dict[str, AppTest], draw_page: DrawPage, fictional_la: Engine
) -> None:
    workers = re.search(r"(\d+) open cases", said(draw_page("caseload", Role.MANAGER)))
    assert workers is not None
    told = int(_metrics(drawn["overview"])["Outreach cases open"])
    assert int(workers[1]) == told
    assert sum(_commanded(fictional_la, "caseload", "all").values()) == told


def test_a_childs_suspensions_are_those_of_the_childs_story(draw_page: DrawPage, fictional_la: Engine) -> None:
    listed = draw_page("children_without_support", Role.MANAGER).dataframe[0].value.head(6).to_dict("records")
    assert len(listed) == 6
    for child in listed:
        reference = child["Child"].split("(")[-1].rstrip(")")
        page = draw_page("pupil", Role.MANAGER)
        page.text_input[0].set_value(reference).run()
        story = page.button(key="child 0").click().run()
        happened = [row for row in _rows(story, "One line of time") if row["What"] == "Suspension"]
        days = [datetime.strptime(row["From"], "%d %B %Y").date() for row in happened]
        assert sum(day >= date(2025, 8, 1) for day in days) == child["Suspensions"], "since 1 August 2025"
