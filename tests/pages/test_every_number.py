"""Every number on every page has n, a range, or "too small to say": the walk over what is really drawn, and its rule.

The rule, in what a machine can check (`number_rules.py`) and a statistician would accept:

* A **plain count** is its own n: whole numbers under a heading that speaks of nothing worked out (no %, rate, share,
  average, "times the …", chance, "expected"), and hours, days and counts of half days.
* Every other number is a **figure**: whatever has decimals, a %, or such a heading. In a **table** each column of
  figures is proved, for all its rows (where each tells of a measure: for all of one measure) in one way:
  - two columns of its row give it, a count over another (times 1, 100 or 1,000): the rate is worked out anew from what
    is shown, to the last digit shown; or it is a count times one over another (an average expected); or
  - a range beside it holds it: two columns "from" and "to", or a text such as "1.2 to 1.9" or "up to 17"; or
  - it is the difference of two columns of figures that counts prove; or
  - it is a share of its column's sum, or of what stands beside it as "Of all", running or not; or
  - it is the average that a count of its row is compared with, and the row holds a range; or
  - it is a mean, and its row says how many school-years, schools or pupils it is of (not enough for a rate); or
  - its row says "too small to say", or that it was published without its counts.
  What is hidden (`[c]`) or missing shows no number.
* A **rate below its measure's minimum** (a count under 5, where no measure is named) has "small number" or "too small
  to say" in its row.
* In a **text cell or a sentence** a figure stands in a range that is written there, or two counts there give it, or it
  is the outcome of a sum that is written out and right; a chance, median or mean may instead name its count ("half of
  the 18 primary schools"). A sentence may also repeat what the tables and tiles under it, up to the next heading, show
  (a title), or those of its page (any other). Or it says in words that it says little.
* A **tile** has its counts or its range on itself; what is said when it is pointed at is part of it.
* What a **chart** says at its points is in the table under it; a row that the table notes as small is hollow in the
  chart, says so, or has its count beside it.
* **No rank**: no numbered places, no column that counts 1, 2, 3 down a table, no "3rd". Where schools stand in an order
  of figures (Where next, Share out the hours, Schools before the panel) no row of a school has a figure and no range.

It is driven by the elements of the page: a new page, view or column is caught without being listed here, and an element
of a kind that nobody told the test of is refused. The fragments at the end show that each part of the rule can fail.
"""

from collections.abc import Iterator

import pytest
from app_database import app_database
from drawn_page import Chart, Piece, Point, Sentence, Table, Tile, pieces
from number_rules import faults
from panel_world import decide, freeze, reply, send
from places import LA, DrawPage, fictional, records_of
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from access.roles import PAGES, Role, may
from analysis.measures import MEASURES
from analysis.targeting.beside import list_with_context
from analysis.targeting.changes import FROZEN
from data_model.codes import Phase
from data_model.terms import Period

YEAR, BEFORE = Period("202526"), Period("202425")
IN_ORDER = ("targeting", "allocation", "panel_schools")
"""Pages on which schools stand in an order of figures."""
PRIMARY, SECONDARY, SPECIAL = "900001", "900021", "900023"
_MANAGER, _LEADER, _PANEL = Role.MANAGER, Role.LEADER, Role.PANEL
_VIEWS = ("Need and outreach", "How few schools", "Map", "What chance explains", "What changed")

Walk = tuple[str, Role, dict[str, str]]


def _default(page: str) -> dict[str, str]:
    return {"school": PRIMARY} if page == "school" else {}


_SEES_ALIKE = {Role.STEWARD: Role.MANAGER, Role.PANEL: Role.LEADER}
"""Who sees the figures of a page as another role does: walked as that one, and in full among the widest."""


def _is_walked_as_another(role: Role, page: str) -> bool:
    return role in _SEES_ALIKE and may(_SEES_ALIKE[role], PAGES[page])


ALL: list[Walk] = [
    (page, role, _default(page)) for page, permission in PAGES.items() for role in Role if may(role, permission)
]
EVERY_PAGE = [walk for walk in ALL if not _is_walked_as_another(walk[1], walk[0])]
CHOICES: list[Walk] = [
    ("overview", _MANAGER, {"period": YEAR.label, "phase": "Special"}),
    ("schools", _MANAGER, {"period": YEAR.label, "phase": "Primary"}),
    ("schools", _LEADER, {"period": YEAR.label, "measure": "Suspensions per suspended pupil"}),
    ("schools", _MANAGER, {"period": YEAR.label, "measure": "Outreach in the highest-rate schools"}),
    ("school", _MANAGER, {"school": SECONDARY, "period": YEAR.label}),
    ("school", _MANAGER, {"school": SPECIAL, "by": "Term"}),
    ("school", _LEADER, {"school": SECONDARY, "by": "Term"}),
    *(("targeting", _MANAGER, {"view": view}) for view in _VIEWS),
    ("targeting", _MANAGER, {"school": PRIMARY}),
    ("targeting", _LEADER, {"school": SECONDARY, "period": YEAR.label}),
    ("targeting", _LEADER, {"view": "How few schools", "of": "Suspensions"}),
    ("targeting", _MANAGER, {"phase": "Primary", "order": "Most unusual"}),
    ("panel_schools", _PANEL, {"period": BEFORE.label, "panel": "Primary schools"}),
    ("fairness", _MANAGER, {"phase": "Primary", "years": YEAR.label}),
    ("fairness", _LEADER, {"phase": "Secondary"}),
    ("children_without_support", _MANAGER, {"view": "Avoiding school"}),
    ("children_without_support", _MANAGER, {"view": "Thresholds"}),
]
WIDEST: list[Walk] = [
    *(walk for walk in ALL if walk not in EVERY_PAGE),
    *(("schools", role, {"measure": each.name}) for each in MEASURES.values() for role in (_MANAGER, _LEADER)),
    *(
        ("overview", role, {"period": BEFORE.label, "phase": each.label})
        for each in Phase
        for role in (_MANAGER, _LEADER)
    ),
    *(("targeting", _LEADER, {"view": view}) for view in _VIEWS[:-1]),
    *(("school", role, {"school": str(900001 + n)}) for n in range(24) for role in (_MANAGER, _LEADER)),
    *(("targeting", _MANAGER, {"school": str(900001 + n)}) for n in range(23)),
]


def _named(walk: Walk) -> str:
    page, role, chosen = walk
    return "-".join([page, str(role), *chosen.values()])


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A fictional LA of three years, with a frozen list, hours decided and a head's reply: do not write."""
    with app_database(fictional(tmp_path_factory.mktemp("numbers") / "outreach.db")) as engine:
        _record(engine)
        yield engine


def _record(engine: Engine) -> None:
    found = list_with_context(records_of(engine), LA, BEFORE)
    assert found is not None
    rows = found.rows[list(FROZEN)].astype(object)
    question = {"period": str(BEFORE), "phase": None, "filters": {}, "order": "Most to gain"}
    freeze(engine, question=question, rows=rows.where(rows.notna(), None).to_dict("records"))
    decide(engine)
    reply(engine, send(engine).report_id)


@pytest.mark.parametrize("walk", [*EVERY_PAGE, *CHOICES], ids=_named)
def test_every_number_has_n_a_range_or_words(draw_page: DrawPage, recorded: Engine, walk: Walk) -> None:
    _prove(draw_page, walk)


@pytest.mark.slow
@pytest.mark.parametrize("walk", WIDEST, ids=_named)
def test_every_number_of_every_school_and_measure(draw_page: DrawPage, recorded: Engine, walk: Walk) -> None:
    _prove(draw_page, walk)


@pytest.mark.parametrize("page", ["overview", "schools", "school", "targeting", "panel_schools", "can_we_trust_this"])
def test_every_number_of_published_statistics(draw_page: DrawPage, published_only: Engine, page: str) -> None:
    _prove(draw_page, (page, Role.LEADER, {}))


def _prove(draw_page: DrawPage, walk: Walk) -> None:
    page, role, chosen = walk
    drawn: AppTest = draw_page(page, role, **chosen)
    found = _faults_of(page, drawn)
    if drawn.toggle:  # what a page shows on request
        for each in drawn.toggle:
            each.set_value(True)
        found += _faults_of(page, drawn.run())
    where = f"{page}, as {role.label}, {chosen or 'as it opens'}"
    assert not found, f"{where}:\n" + "\n".join(f"* {fault}" for fault in dict.fromkeys(found))


def _faults_of(page: str, drawn: AppTest) -> list[str]:
    assert not drawn.exception
    return faults(pieces(drawn), about_schools=page in IN_ORDER)


# The rule can fail: fragments of pages that break a part of it each, and the same mended.


def _table(headings: str, *rows: str) -> Table:
    cells = [tuple(cell.strip() for cell in row.split("|")) for row in (headings, *rows)]
    return Table("Schools", cells[0], tuple(cells[1:]))


def _chart(words: str, hollow: bool = False) -> Chart:
    return Chart("Chart of rates.", "suspensions per 100 pupils", (Point(words, hollow),))


_RATES = "School | Count | Pupils on roll | Per 100 pupils | Note"
_SMALL_RATE = _table(_RATES, "Ash | 2 | 80 | 2.5 | small number")
_RANGED = _table("School | How high", "Ash | 2.8 (2.5 to 3.1)", "Oak | 1.1 (0.6 to 1.6)")

BROKEN: list[tuple[str, list[Piece]]] = [
    ("neither counts", [_table("School | Per 100 pupils", "Ash | 3.1", "Oak | 2.2")]),
    ("neither counts", [_table("School | Pupils | Rate", "Ash | 100 | 3.1")]),
    ("neither counts", [_table(_RATES, "Ash | 9 | 300 | 3.0 |", "Oak | 6 | 300 | 2.2 |")]),
    ("neither counts", [_table("Phase | Had outreach | %", "Primary | 3 | 75")]),
    ("neither counts", [_table("School | Times the average | Range from | to", "Ash | 2.8 | 3.1 | 3.9")]),
    ("neither counts", [_table("School | Change of rate | Rate before", "Ash | 1.5 | 2.5")]),
    ("neither counts", [_table("School | Count | Running share, %", "Ash | 3 | 60.0", "Oak | 1 | 80.0")]),
    ("not marked as small", [_table(_RATES, "Ash | 2 | 80 | 2.5 |")]),
    ("neither a count nor a range", [_table("School | How sure", "Ash | about 9 in 10")]),
    ("neither its count", [Sentence("header", "Suspensions fell by 37%.")]),
    ("neither its count", [Sentence("header", "3.1 suspensions per 100 pupils."), Sentence("header", "Next")]),
    ("neither its count", [Sentence("header", "3.1 suspensions per 100 pupils."), Sentence("header", "Next"), _RANGED]),
    ("neither its count", [Sentence("markdown", "Secondary schools had 596 of the 700 suspensions (95%).")]),
    ("is wrong", [Sentence("markdown", "(18 + 2) ÷ (4 + 2) = 4.5")]),
    ("without the counts", [Tile("Suspensions", "20", "5.4 per 100 pupils")]),
    ("without the counts", [Tile("How high", "2.8 times the average", "")]),
    ("no table under it", [_chart("Ash: 3.1")]),
    ("is not in its table", [_chart("Ash: 3.9 times"), _RANGED]),
    ("looks like any other", [_chart("Ash: 2.5"), _SMALL_RATE]),
    ("a rank", [_table("Rank | School", "1 | Ash")]),
    ("a rank", [_table("Place here | School", "1 | Ash", "2 | Oak", "3 | Elm")]),
    ("a rank", [Sentence("header", "Ash is 3rd of 24 schools.")]),
    ("a rank", [_table("School | Standing", "Ash | ranked 4")]),
    ("without any range", [_table(_RATES, "Ash | 9 | 300 | 3.0 |")]),
]
SOUND: list[Piece] = [
    Sentence("header", "Ash had 2.5 suspensions per 100 pupils."),
    _chart("Ash: 2.5", hollow=True),
    _SMALL_RATE,
    Sentence("header", "Ash stands out: 2.8 times the average."),
    _RANGED,
    _table("School | Times the average | Range from | to", "Ash | 2.8 | 2.5 | 3.1"),
    _table("School | Hours | Pupils | Rate | Outreach", "Ash | 12.5 | 30 | [c] | not available"),
    _table("School | Count | Of all | Running share, %", "Ash | 3 | 5 | 60.0", "Oak | 1 | 5 | 80.0"),
    Sentence("markdown", "Secondary schools had 596 of the 700 suspensions (85%)."),
    Sentence("markdown", "Half of the 18 primary schools are below 0.40."),
    Sentence("markdown", "(18 + 2) ÷ (4 + 2) = 3.3"),
    Sentence("caption", "As at 17 July 2026, the 80% range."),
    Tile("Suspensions", "20", "5.4 per 100 pupils; 20 ÷ 371 × 100 = 5.4"),
    Tile("How high", "2.8 times", "the average; range 2.5 to 3.1"),
    Tile("Days lost", "46.5", ""),
]


@pytest.mark.parametrize(("fault", "fragment"), BROKEN, ids=[f"{n}-{fault}" for n, (fault, _) in enumerate(BROKEN)])
def test_a_page_that_breaks_the_rule_is_told_where(fault: str, fragment: list[Piece]) -> None:
    found = faults(fragment, about_schools=fault == "without any range")
    assert found, "nothing was found"
    assert fault in found[0]
    assert any(each in found[0] for each in ("“Schools”", "chart", "header", "markdown", "tile")), "not told where"


def test_a_page_that_keeps_the_rule_passes() -> None:
    assert faults(SOUND) == []
