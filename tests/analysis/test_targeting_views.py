"""The list chosen, in order and in words; and what changed since it was frozen."""

import pandas as pd
import pytest

from analysis.targeting import list_sentences as sentences
from analysis.targeting import list_views as views
from analysis.targeting.bands import Band
from analysis.targeting.beside import Outreach
from analysis.targeting.changes import FROZEN, Change, changes
from analysis.targeting.list_views import Order
from analysis.targeting.printed import chance, suspensions, times
from analysis.targeting.swings import swing
from data_model.codes import Phase

_HAS = {
    "phase": "secondary",
    "phase_name": "Secondary",
    "pupils": 900.0,
    "observed": 40.0,
    "expected": 20.0,
    "low80": 1.2,
    "high80": 2.4,
    "chance_above": 0.86,
    "band": str(Band.HIGHER),
    "words": "Higher than average for its phase; could be partly a bad year",
    "outreach": str(Outreach.NONE),
    "open_cases": 0.0,
    "contacts": 0.0,
    "hours": 0.0,
    "three_plus": 5.0,
    "pupils_suspended": float("nan"),
    "permanent_exclusions": 1.0,
    "placements_open": 0.0,
    "district": "North",
    "trust_name": None,
    "governance": "Academies",
    "admissions": "Selective",
    "size": "large",
    "changed": "",
    "swing": "",
    "reply": "",
    "priority": "",
    "hidden": "",
}


def _rows(*schools: dict[str, object]) -> pd.DataFrame:
    rows = pd.DataFrame(
        [_HAS | {"key": n, "urn": 900000 + n, "school_name": f"S{n}"} | s for n, s in enumerate(schools)]
    )
    high = rows["band"].isin(["higher", "much_higher"])
    rows = rows.assign(gain_low=rows["gain"] * 0.5, gain_high=rows["gain"] * 1.5, high_need=high)
    return rows.assign(unmet=high & rows["outreach"].eq("none"))


THREE = (
    {"gain": 20.0, "steadied_ratio": 1.5},
    {"gain": 50.0, "steadied_ratio": 1.2, "outreach": "now", "open_cases": 2.0, "contacts": 3.0, "hours": 4.4},
    {"gain": 10.0, "steadied_ratio": 3.0, "band": "much_higher", "outreach": "earlier", "contacts": 1.0, "hours": 1.0},
    {"gain": 5.0, "steadied_ratio": 1.1, "band": "in_line", "admissions": "Non-selective"},
)


def test_most_to_gain_and_most_unusual_are_two_orders() -> None:
    assert views.in_order(_rows(*THREE), Order.GAIN)["school_name"].tolist() == ["S1", "S0", "S2", "S3"]
    assert views.in_order(_rows(*THREE), Order.UNUSUAL)["school_name"].tolist() == ["S2", "S0", "S1", "S3"]


def test_the_finding_names_the_first_three_and_how_sure() -> None:
    rows = views.in_order(_rows(*THREE), Order.GAIN)
    assert sentences.finding(rows, Order.GAIN) == (
        "S1, S0 and S2 have most to gain: more suspensions than schools of their size and phase average here, and each "
        "about 9 in 10 sure to be above average next year."
    )
    alone = _rows({"gain": 5.0, "steadied_ratio": 4.0, "band": "much_higher", "chance_above": 0.71})
    assert sentences.finding(alone, Order.UNUSUAL) == (
        "S0 stands out most: far more suspensions than schools of its size and phase average here, and about 7 in 10 "
        "sure to be above average next year."
    )
    assert sentences.finding(_rows(THREE[3]), Order.GAIN) == "No school here is clearly above the average of its phase."


def test_high_need_without_outreach_is_said_in_words_with_a_symbol() -> None:
    assert sentences.unmet(_rows(*THREE)) == "▲ High need, no outreach: S0."
    shown = views.in_words(_rows(*THREE))
    assert shown["outreach_words"].tolist() == [
        "▲ High need, no outreach",
        "2 open cases; 3 contacts, 4 hours in the year",
        "none open now; 1 contact, 1 hour in the year",
        "No outreach now",
    ]
    assert shown["outreach_brief"].tolist()[1] == "2 open cases; 4 hours in the year"


def test_a_contested_school_is_named_with_its_date() -> None:
    rows = _rows(THREE[0] | {"reply": "Contested: census error, 4 October 2026"}, THREE[1] | {"reply": "Not sent"})
    assert sentences.contested(rows) == "S0 (contested: census error, 4 October 2026)."
    assert "Contested: census error, 4 October 2026" in views.pointed_at(views.in_words(rows))[0]
    assert views.card(views.in_words(rows).iloc[0])["Right of reply"] == "Contested: census error, 4 October 2026"
    assert sentences.contested(_rows(THREE[0])) == ""


def test_no_number_stands_without_its_range() -> None:
    row = views.in_words(_rows(*THREE)).iloc[0]
    assert row[["counted", "how_high", "how_much", "how_sure"]].tolist() == [
        "40 (average 20)",
        "1.5 (1.2 to 2.4)",
        "20 (10 to 30)",
        "about 9 in 10",
    ]
    small = views.in_words(_rows({"gain": 1.0, "steadied_ratio": 1.1, "band": "too_small"})).iloc[0]
    assert small[["how_high", "how_much", "how_sure"]].tolist() == ["too small to say"] * 3


def test_a_card_says_that_a_school_fell() -> None:
    fell = swing(637, 377, (250, 225), Phase.SECONDARY)
    assert fell == (
        "Down from 637 to 377: more than usual swings (a school of this size and phase went from 250 to 225)."
    )
    card = views.card(views.in_words(_rows(THREE[0] | {"swing": fell})).iloc[0])
    assert card["Year before"] == fell
    assert "Year before" not in views.card(views.in_words(_rows(THREE[0])).iloc[0])


def test_what_is_hidden_is_in_no_words() -> None:
    nothing = dict.fromkeys(("observed", "expected", "low80", "high80", "chance_above", "band", "words"))
    gone = {"gain": float("nan"), "steadied_ratio": float("nan"), "hidden": "steadied_ratio words", **nothing}
    rows = views.in_words(_rows(THREE[0], gone))
    row = rows.iloc[1]
    assert row[["counted", "how_high", "how_much", "how_sure", "standing"]].isna().all()
    assert sentences.why_title(row) == "S1: its figures are hidden, to protect pupils"
    assert views.in_order(rows, Order.GAIN)["school_name"].tolist() == ["S0", "S1"], "the hidden come last"
    assert len(views.running(rows, "gain")) == 1


@pytest.mark.parametrize(("column", "value", "left"), [("admissions", "Selective", 3), ("district", "South", 0)])
def test_schools_are_chosen(column: str, value: str, left: int) -> None:
    rows = _rows(*THREE)
    assert len(views.chosen(rows, **{column: value})) == left
    assert len(views.chosen(rows, **{column: None})) == len(rows)
    assert views.options(rows, "admissions") == ("Non-selective", "Selective")


def test_how_few_schools_make_up_half() -> None:
    table = views.running(_rows(*THREE), "gain")
    running, total = 0.0, sum(float(each["gain"]) for each in THREE)  # type: ignore[arg-type]
    for row in table.to_dict("records"):
        running += row["gain"]
        assert row["percent"] == pytest.approx(100 * running / total)
    assert sentences.few_schools(table, "suspensions above average", "gain") == (
        "1 of 4 schools makes up half of all suspensions above average."
    )


def test_numbers_are_printed_as_a_calculator_rounds() -> None:
    assert [times(each) for each in (2.25, 0.04, 0.06, 1.0)] == ["2.3", "under 0.1", "0.1", "1.0"]
    assert [suspensions(each) for each in (10.5, 9.96, 0.0, 1234.4, 7.25)] == ["11", "10", "0", "1,234", "7.3"]
    assert [chance(each) for each in (0.0, 0.44, 0.86, 0.999)] == [
        "about 1 in 10",
        "about 4 in 10",
        "about 9 in 10",
        "about 9 in 10",
    ]


def _list(**schools: dict[str, object]) -> pd.DataFrame:
    rows = [
        _HAS | {"urn": int(name[1:]), "school_name": name, "steadied_ratio": 1.5} | s for name, s in schools.items()
    ]
    table = pd.DataFrame(rows)
    return table.assign(gain_low=table["gain"] * 0.8, gain_high=table["gain"] * 1.2)[list(FROZEN)]


def test_what_changed_since_a_list_was_frozen() -> None:
    before = _list(
        S1={"gain": 10.0, "band": "in_line"},
        S2={"gain": 30.0, "band": "higher"},
        S3={"gain": 20.0, "band": "higher"},
        S4={"gain": 20.0, "band": "higher"},
        S5={"gain": 9.0},
    )
    now = _list(
        S1={"gain": 30.0, "band": "much_higher"},
        S2={"gain": 5.0, "band": "in_line"},
        S3={"gain": 21.0, "band": "higher"},
        S4={"gain": 20.0, "band": "higher", "outreach": "now"},
        S6={"gain": 8.0},
    )
    found = changes(before, now)
    by_name = found.rows.set_index("school_name")
    assert by_name["change"].to_dict() == {
        "S1": str(Change.CAME),
        "S2": str(Change.WENT),
        "S6": str(Change.JOINED),
        "S5": str(Change.LEFT),
        "S4": str(Change.OTHER),
        "S3": str(Change.SAME),
    }
    assert by_name.loc["S1", "words"] == (
        "was “in line, or we cannot tell”, now “much higher than average”; more to gain than before, beyond both ranges"
    )
    assert by_name.loc["S2", "words"].endswith("less to gain than before, beyond both ranges")
    assert by_name.loc["S4", "words"] == "has had outreach since"
    assert (by_name.loc["S3", "before"], by_name.loc["S3", "now"]) == ("20 (16 to 24)", "21 (17 to 25)")
    assert found.changed["school_name"].tolist() == ["S1", "S2", "S6", "S5", "S4"], "what is as before is a sentence"
    assert found.unchanged == "As before, within both ranges: 1 school (S3)."
    assert (by_name.loc["S6", "before"], by_name.loc["S5", "now"]) == ("", "")
    assert found.sentence == (
        "1 school came into high need (S1), 1 school went out of it (S2) and 1 school that had no outreach has had "
        "some since."
    )


def test_a_list_beside_itself_has_not_changed() -> None:
    rows = _list(S1={"gain": 10.0}, S2={"gain": 9.0})
    found = changes(rows, rows)
    assert set(found.rows["change"]) == {str(Change.SAME)}
    assert found.rows["words"].eq("").all()
    assert found.changed.empty
    assert found.unchanged == "As before, within both ranges: 2 schools (S1 and S2)."
    assert found.sentence == "The same schools are in high need, and none was newly reached."
