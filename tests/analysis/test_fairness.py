"""Who is suspended more often: ratios by hand and by a slow loop, minima, denominators, and nothing small shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pytest
from disclosure_attack import FREE, Attack
from worlds import LA, World

from access.scope import Scope
from analysis import queries
from analysis.fairness.characteristics import CHARACTERISTICS
from analysis.fairness.comparison import Fairness, drawn, fairness, years_known
from analysis.fairness.queries import WHOLE_LA, Affected, affected
from analysis.fairness.sentences import how_to_read
from analysis.hiding.protection import hidden_rows
from analysis.records import Records
from analysis.statistics.intervals import risk_ratio
from analysis.table import table_of
from data_model.codes import Phase
from data_model.store import open_database, reading
from data_model.terms import Period
from sample_data.seed import seed

SCHOOL, YEAR = 900001, "202425"
PLACES = (*map(str, Phase), WHOLE_LA)


def _roll(world: World, group: str, year: str = YEAR, urn: int = SCHOOL, **parts: int) -> None:
    """A January roll by a group, and its total where there is none yet."""
    for value, headcount in parts.items():
        world.save(
            "headcounts",
            urn=urn,
            academic_year=year,
            census_term="SPR",
            characteristic_group=group,
            characteristic=value,
            headcount=headcount,
        )


def _suspended(world: World, number: int, name: str, day: str = "2024-10-01", times: int = 1, **cells: str) -> None:
    for pupil in range(number):
        for _ in range(times):
            world.suspension(SCHOOL, f"{name}{pupil}", day, **cells)
            day = (pd.Timestamp(day) + pd.Timedelta(days=1)).date().isoformat()


def _found(world: World, year: str | None = YEAR, phase: str | None = None) -> Fairness:
    counts = affected(world.connection, world.scope, LA)
    return fairness(world.records, counts, LA, year, phase)


def _row(found: Fairness, value: str, characteristic: str = "sen_provision") -> pd.Series:
    rows = found.rows
    return rows[rows["characteristic"].eq(characteristic) & rows["value"].eq(value)].iloc[0]


@pytest.fixture
def sen(world: World) -> World:
    """A school of 400: 20 of 100 pupils with SEN support were suspended, and 15 of 300 others."""
    world.school(SCHOOL, "secondary")
    world.roll(SCHOOL, 400)
    _roll(world, "SEN provision", K=100, N=290, E=10)
    _suspended(world, 20, "K", times=2, sen_provision="K")
    _suspended(world, 15, "N", sen_provision="N")
    return world


def test_pupils_are_counted_and_not_incidents(sen: World) -> None:
    support = _row(_found(sen), "K")
    assert (support["suspended"], support["on_roll"], support["rate"], support["others_rate"]) == (20, 100, 20, 5)
    expected = risk_ratio(20, 100, 15, 300)
    assert (support["ratio"], support["low"], support["high"]) == (4, float(expected.low), float(expected.high))
    assert support["standing"] == "More likely than other pupils"
    assert _row(_found(sen), "N")["standing"] == "Less likely than other pupils"


def test_the_finding_is_a_sentence_with_its_range_and_says_that_it_is_no_cause(sen: World) -> None:
    found = _found(sen)
    assert found.sentence.startswith(
        "Pupils with SEN support were 4 times as likely to be suspended as other pupils (r"
    )
    assert any("not a cause" in note for note in found.notes)
    assert list(drawn(found.rows)["group"]) == ["Pupils with SEN support"]
    assert "Too small to say: Pupils with an EHC plan." in how_to_read(found.rows)


def test_below_ten_suspended_or_thirty_on_roll_it_is_too_small_to_say(sen: World) -> None:
    plan = _row(_found(sen), "E")
    assert plan["standing"] == "Too small to say: 10 on roll"
    assert pd.isna(plan["ratio"])
    _suspended(sen, 9, "E", sen_provision="E")
    _roll(sen, "Sex", M=60, F=340)
    assert pd.isna(_row(_found(sen), "E")["ratio"])


def test_nine_pupils_are_too_few_and_ten_are_enough(sen: World) -> None:
    sen.roll(SCHOOL, 400, "202324")
    _roll(sen, "SEN provision", "202324", K=100, N=300)
    _suspended(sen, 9, "K", "2023-10-02", sen_provision="K")
    _suspended(sen, 30, "N", "2023-10-02", sen_provision="N")
    assert _row(_found(sen, "202324"), "K")["standing"] == "Too small to say: 9 suspended pupils"
    _suspended(sen, 1, "L", "2023-10-02", sen_provision="K")
    assert _row(_found(sen, "202324"), "K")["ratio"] == pytest.approx(1)


def test_years_together_count_a_pupil_in_each_and_widen_the_range(sen: World) -> None:
    sen.roll(SCHOOL, 400, "202324")
    _roll(sen, "SEN provision", "202324", K=100, N=300)
    _suspended(sen, 20, "K", "2023-10-02", sen_provision="K")
    _suspended(sen, 15, "N", "2023-10-02", sen_provision="N")
    found = _found(sen, None)
    support = _row(found, "K")
    assert found.years == ("202324", YEAR)
    assert (support["suspended"], support["on_roll"]) == (40, 200)
    same = risk_ratio(40, 200, 30, 600, repeat=2)  # everybody was suspended in both years
    assert (support["low"], support["high"]) == (float(same.low), float(same.high))


def test_what_pupils_are_comes_from_the_pupils_file_as_it_was_on_the_day(sen: World) -> None:
    _roll(sen, "Sex", M=200, F=200)
    for pupil in range(20):
        sen.save("pupils", pupil_ref=f"K{pupil}", valid_from=pd.Timestamp("2024-09-01").date(), sex="M")
        sen.save("pupils", pupil_ref=f"K{pupil}", valid_from=pd.Timestamp("2025-06-01").date(), sex="F")
    for pupil in range(15):
        sen.save("pupils", pupil_ref=f"N{pupil}", valid_from=pd.Timestamp("2024-09-01").date(), sex="F")
    found = _found(sen)
    assert _row(found, "M", "sex")["suspended"] == 20
    assert _row(found, "F", "sex")["suspended"] == 15


def test_a_characteristic_that_is_not_known_is_not_compared(sen: World) -> None:
    _roll(sen, "Sex", M=200, F=200)
    assert any(said.startswith("Sex: not compared, because it is not known") for said in _found(sen).refused)


def test_without_the_roll_of_every_school_it_is_not_compared(sen: World) -> None:
    _roll(sen, "Sex", M=200, F=200)
    sen.school(900002, "secondary")
    sen.roll(900002, 300)
    _roll(sen, "Sex", urn=900002, M=100, F=200)
    assert any(said.startswith("Special educational needs: not compared") for said in _found(sen).refused)
    sen.school(900003, "secondary")
    assert _found(sen).sentence.startswith("No denominator")


def test_care_is_compared_where_the_pupils_file_holds_the_whole_roll(world: World) -> None:
    world.school(SCHOOL, "secondary")
    world.roll(SCHOOL, 200)
    for pupil in range(200):
        care = "CLA" if pupil < 40 else "none"
        day = pd.Timestamp("2024-09-01").date()
        world.save("pupils", pupil_ref=f"P{pupil}", valid_from=day, main_urn=SCHOOL, social_care=care)
    for pupil in [*range(12), *range(100, 112)]:
        world.suspension(SCHOOL, f"P{pupil}", "2024-10-01", cla="Y" if pupil < 40 else "N")
    found = _found(world)
    looked_after = _row(found, "Y", "care")
    assert (looked_after["suspended"], looked_after["on_roll"], looked_after["ratio"]) == (12, 40, pytest.approx(4))
    assert any("the pupils file, which holds the whole roll" in note for note in found.notes)


def test_small_rolls_of_the_pupils_file_are_hidden_beside_headcounts_of_another_characteristic(world: World) -> None:
    world.school(SCHOOL, "secondary")
    world.roll(SCHOOL, 200)
    _roll(world, "SEN provision", K=100, N=100)
    for pupil in range(200):
        care = "CLA" if pupil < 3 else "none"
        day = pd.Timestamp("2024-09-01").date()
        world.save("pupils", pupil_ref=f"P{pupil}", valid_from=day, main_urn=SCHOOL, social_care=care)
    for pupil in range(100, 112):
        world.suspension(SCHOOL, f"P{pupil}", "2024-10-01", cla="N", sen_provision="K")
    counts = affected(world.connection, world.scope, LA)
    protected = queries.records(world.connection, Scope(frozenset({LA})))
    assert _row(_found(world), "Y", "care")["on_roll"] == 3
    shown = fairness(protected, counts, LA, YEAR)
    assert pd.isna(_row(shown, "Y", "care")["on_roll"])
    assert pd.isna(_row(shown, "N", "care")["on_roll"]), "the rest of the roll would give it away"


def test_care_is_refused_where_it_does_not(sen: World) -> None:
    assert any(said.startswith("Care: not compared. The census does not count it") for said in _found(sen).refused)


def test_who_reaches_a_part_of_an_authority_is_told_that_it_needs_the_whole(sen: World) -> None:
    part = Scope(districts=frozenset({(LA, "North")}), full_figures=True)
    assert affected(sen.connection, part, LA) is None
    assert "you reach a part" in fairness(sen.records, None, LA).sentence


def test_counts_are_of_the_authority_alone_and_name_nobody(sen: World) -> None:
    before = affected(sen.connection, sen.scope, LA)
    sen.school(900009, "secondary", la=331)
    sen.roll(900009, 400)
    _roll(sen, "SEN provision", urn=900009, K=400)
    sen.suspension(900009, "THEIRS", "2024-10-01", sen_provision="K")
    after = affected(sen.connection, sen.scope, LA)
    assert before is not None
    assert after is not None
    for name in ("suspended", "repeats", "rolls"):
        pd.testing.assert_frame_equal(getattr(before, name), getattr(after, name))
    assert "K1" not in after.suspended.to_csv(), "no pupil's reference leaves"
    assert affected(sen.connection, Scope(frozenset({331})), LA) is None


def test_without_rolls_it_says_what_it_needs(world: World) -> None:
    world.school(SCHOOL)
    world.suspension(SCHOOL, "P1", "2024-10-01")
    assert "needs suspensions, and January headcounts" in _found(world).sentence


@dataclass(frozen=True, eq=False)
class Fiction:
    """A fictional authority in full and with small numbers hidden, its counts, and every answer of both by place."""

    full: Records
    protected: Records
    counts: Affected

    @cached_property
    def answers(self) -> dict[tuple[str, str, bool], pd.DataFrame]:
        """The rows for each phase (or WHOLE_LA) and year, hidden or not."""
        return {
            (phase, year, hides): fairness(
                self.protected if hides else self.full, self.counts, LA, year, None if phase == WHOLE_LA else phase
            ).rows
            for phase in PLACES
            for year in years_known(self.counts)
            for hides in (True, False)
        }


@pytest.fixture(scope="module")
def fiction(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fiction]:
    engine = open_database(f"sqlite:///{Path(tmp_path_factory.mktemp('fairness')) / 'outreach.db'}")
    seed(engine, schools=40, years=3)
    full, protected = Scope(frozenset({LA}), full_figures=True), Scope(frozenset({LA}))
    with reading(engine) as connection:
        counts = affected(connection, full, LA)
        assert counts is not None
        yield Fiction(queries.records(connection, full), queries.records(connection, protected), counts)
    engine.dispose()


def test_groups_add_up_to_the_pupils_of_the_measure(fiction: Fiction) -> None:
    sums = fiction.counts.suspended.groupby(["phase", "academic_year", "characteristic"])["pupils"].sum()
    for phase in PLACES:
        for year in years_known(fiction.counts):
            asked = None if phase == WHOLE_LA else phase
            table = table_of(fiction.full, "one_plus_suspension_rate", "la", Period(year), asked, LA)
            found = {int(sums.get((phase, year, each), 0)) for each in CHARACTERISTICS}
            assert found == {int(table.rows["count"].iloc[0])}


def test_counts_are_those_of_a_slow_loop(fiction: Fiction) -> None:
    first: dict[int, str] = {}
    for row in fiction.full.suspensions.sort_values("start_date", kind="stable").itertuples():
        if row.phase == "secondary" and Period.of(row.start_date.date()).year == YEAR:
            first.setdefault(row.pupil, str(row.sen_provision))
    own = fiction.counts.suspended.query(f"phase == 'secondary' and academic_year == '{YEAR}'")
    found = own[own["characteristic"].eq("sen_provision")].set_index("value")["pupils"].to_dict()
    assert found == pd.Series(list(first.values())).value_counts().to_dict()


def test_years_together_show_no_group_that_a_year_hides(fiction: Fiction) -> None:
    """Else what one year hides would be what is left of the three."""
    together = fairness(fiction.protected, fiction.counts, LA)
    shown = together.rows.dropna(subset=["suspended"]).set_index(["characteristic", "value"]).index
    assert len(shown)
    for year in together.years:
        rows = fiction.answers[WHOLE_LA, year, True].set_index(["characteristic", "value"])
        assert rows.loc[rows.index.intersection(shown), "suspended"].notna().all()


@pytest.mark.parametrize("figure", ["suspended", "on_roll"])
@pytest.mark.parametrize("characteristic", CHARACTERISTICS)
def test_nothing_hidden_can_be_worked_out(fiction: Fiction, characteristic: str, figure: str) -> None:
    """Every phase and year laid side by side, with the totals that other pages show."""
    attack = Attack()
    for year in years_known(fiction.counts):
        sides: dict[tuple[str, str], tuple[dict[int, float], float]] = {}
        for phase in PLACES:
            true, shown = (
                _figures(fiction.answers[phase, year, hides], characteristic, figure) for hides in (False, True)
            )
            for value, number in shown.items():
                if pd.isna(number):
                    sides[phase, value] = {attack.unknown((phase, year, value), true[value], 0, FREE): 1.0}, 0.0
                else:
                    assert number == true[value], "what is shown is true"
                    assert not 0 < number < 5
                    sides[phase, value] = {}, number
            if not hidden_rows(fiction.protected, "one_plus_suspension_rate", Period(year), [phase]):
                _knows_the_total(attack, fiction.counts, sides, characteristic, figure, phase, year)
        if figure == "on_roll":  # a pupil suspended in two phases is one of the authority's; rolls just add up
            _knows_that_phases_add_up(attack, sides)
    # That nothing is unknown of anybody, or of many, may be found out.
    found = [name for name in attack.recovered() if name[0] != "not known" or 0 < name[-1] < 5]
    assert found == []


def _figures(rows: pd.DataFrame, characteristic: str, figure: str) -> dict[str, float]:
    return rows[rows["characteristic"].eq(characteristic)].set_index("value")[figure].to_dict()


Sides = dict[tuple[str, str], tuple[dict[int, float], float]]


def _knows_the_total(
    attack: Attack, counts: Affected, sides: Sides, characteristic: str, figure: str, phase: str, year: str
) -> None:
    """All groups, and those of whom nothing is known, make up the pupils of the phase."""
    frame = counts.suspended if figure == "suspended" else counts.rolls
    here = frame["phase"].eq(phase) & frame["academic_year"].eq(year) & frame["characteristic"].eq(characteristic)
    total = frame.loc[here, "pupils"].sum()
    own = [side for (place, _), side in sides.items() if place == phase]
    parts = {at: sign for unknown, _ in own for at, sign in unknown.items()}
    shown = sum(number for _, number in own)
    rest = total - shown - sum(attack.values[at] for at in parts)
    parts[attack.unknown(("not known", phase, year, rest), rest, 0, FREE)] = 1.0
    attack.says(parts, total - shown)


def _knows_that_phases_add_up(attack: Attack, sides: Sides) -> None:
    for value in {value for phase, value in sides if phase == WHOLE_LA}:
        own = [sides[phase, value] for phase in ("primary", "secondary", "special") if (phase, value) in sides]
        unknown, number = sides[WHOLE_LA, value]
        parts = {at: sign for each, _ in own for at, sign in each.items()} | dict.fromkeys(unknown, -1.0)
        attack.says(parts, number - sum(shown for _, shown in own))
