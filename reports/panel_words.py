"""What a panel's pack says of the list and of each child: words out of what the circulation list may read."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.panel_meeting.child import Child, Fact
from analysis.panel_meeting.circulation import Circulation
from reports.panel_pack import ChildPages, Part, Table

_LIST = {
    "year_group": "Year",
    "school_name": "School",
    "business_words": "Asked for",
    "category_words": "Category",
    "waiting_days": "Days waiting",
    "limits_words": "Limits",
    "deferred_words": "Before",
}
_TRIED = {"strategy_words": "Tried", "weeks": "Weeks", "helped_words": "Did it help?", "exhausted_words": "Exhausted"}
_AGENCIES = {"agency_words": "Agency", "answer_words": "Answer", "when": "Asked on"}


def called(items: pd.DataFrame, circulation: Circulation, names: Mapping[str, str]) -> dict[str, str]:
    """What each child of a list is called in the pack, by the panel's reference. `names` are by the child's own."""
    rows = items[["fap_ref", "pupil_ref"]].astype(str).itertuples(index=False)
    return {
        row.fap_ref: f"{names.get(row.pupil_ref, row.pupil_ref)}, {row.fap_ref}" if circulation.by_name else row.fap_ref
        for row in rows
    }


def the_list(items: pd.DataFrame, names: Mapping[str, str]) -> Table | None:
    """The list as a table; None where nobody is on it. `names` are those of `called`."""
    columns = {name: heading for name, heading in _LIST.items() if name in items}
    rows = [[names[str(row["fap_ref"])], *(str(row[name]) for name in columns)] for row in items.to_dict("records")]
    notes = ("Category: School Admissions Code 2021, paragraph 3.17.",) if "category_words" in columns else ()
    return Table("Children on the list", ["Child", *columns.values()], rows, notes) if rows else None


def of_child(child: Child, circulation: Circulation, names: Mapping[str, str]) -> ChildPages:
    """A child's pages: what the panel is asked, what was tried and who was heard; for members what else is known."""
    item = child.item
    asked = [
        ("At", f"{item['school_name']}, {item['year_group']}"),
        ("Asked for", str(item["business_words"])),
        ("Waiting", f"{item['waiting_days']} days"),
        ("Place due by", str(item["due_words"])),
        ("Strategies exhausted", child.exhausted),
    ]
    parts = [
        Part("What the panel is asked", _facts("What the panel is asked", asked)),
        Part(
            "What was tried", _table("What was tried", child.tried, _TRIED), _unless(child.tried, "No plan is loaded.")
        ),
        Part("Who was heard", _facts("Who was heard", child.heard)),
    ]
    if circulation.tells_history:
        parts.append(Part("What happened", _facts("What happened", child.history), child.clocks))
    if child.needs and circulation.tells_history:
        parts.append(Part("Needs", _facts("Needs", child.needs)))
    if child.agencies is not None:
        table = _table("Agencies", child.agencies, _AGENCIES)
        parts.append(Part("Agencies", table, _unless(child.agencies, "None is recorded.")))
    return ChildPages(names[str(item["fap_ref"])], parts)


def _facts(caption: str, facts: Sequence[Fact]) -> Table | None:
    return Table(caption, ("What", "What is known"), [list(fact) for fact in facts]) if facts else None


def _table(caption: str, rows: pd.DataFrame, columns: Mapping[str, str]) -> Table | None:
    cells = [[_cell(row[name]) for name in columns] for row in rows.to_dict("records")]
    return Table(caption, list(columns.values()), cells) if cells else None


def _unless(rows: pd.DataFrame, sentence: str) -> tuple[str, ...]:
    return (sentence,) if rows.empty else ()


def _cell(value: object) -> str:
    if pd.isna(value):
        return "Not said"
    return f"{value:.0f}" if isinstance(value, float) else str(value)
