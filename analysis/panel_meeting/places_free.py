"""Places in alternative provision that are free: those commissioned less the placements that are open, by provider."""

from datetime import date

import pandas as pd

from analysis.alternative_provision.queries import Provision
from analysis.alternative_provision.views import use_is_hidden
from analysis.hiding.parts import hidden_groups
from analysis.hiding.protection import withheld
from analysis.wording import counted, labels
from data_model.casework_codes import ProviderKind
from data_model.terms import in_words

_FIGURES = ("taken", "free", "free_words", "next_words")


def places_free(found: Provision, on: date, fewest: int | None) -> pd.DataFrame:
    """One row a provider with commissioned places on a day: `provider, kind_words, places, taken` (open placements),
    `free` (below 0 where there are more placements than places; `free_words`) and `next_words`: when the next is
    planned to end.

    With `fewest`, a row with placements of fewer pupils than that, and some, is hidden but for its places. So are rows
    that would tell of it beside all open placements, and those that the page of alternative provision hides.
    """
    rows = [_row(found, provider, on) for provider in _now(found.providers, on).to_dict("records")]
    columns = ["provider", "ref", "kind", "places", *_FIGURES]
    table = pd.DataFrame(rows, columns=columns).sort_values("provider", kind="stable", ignore_index=True)
    table = table.assign(kind_words=labels(table["kind"], ProviderKind).fillna("Not said"))
    if fewest is None:
        return table.drop(columns="ref").assign(hidden="")
    gone = _few(found, table["ref"], on, fewest) | use_is_hidden(found, table["ref"], fewest)
    return withheld(table.drop(columns="ref"), gone, _FIGURES)


def finding(rows: pd.DataFrame, on: date) -> str:
    """How many providers have a place free on a day, of those that can be told."""
    if rows.empty:
        return "No commissioned places are in the register of providers."
    known = rows[rows["free"].notna()]
    free = int(known["free"].gt(0).sum())
    hidden = len(rows) - len(known)
    rest = f" ({hidden} hidden to protect small numbers)" if hidden else ""
    have = "has" if free == 1 else "have"
    return f"{free} of {counted(len(rows), 'provider')} {have} a commissioned place free on {in_words(on)}{rest}."


def _now(providers: pd.DataFrame, on: date) -> pd.DataFrame:
    """The latest row of each provider that is true on a day and commissions places."""
    begun = providers["valid_from"].le(pd.Timestamp(on))
    over = providers["valid_until"].lt(pd.Timestamp(on))
    latest = (
        providers[begun & ~over].sort_values("valid_from", kind="stable").drop_duplicates("provider_ref", keep="last")
    )
    return latest[latest["places"].gt(0)]


def _few(found: Provision, refs: "pd.Series[str]", on: date, fewest: int) -> "pd.Series[bool]":
    """The rows to hide by their own counts. All other open placements are a row beside them."""
    there = _open(found.placements, on)
    register = there["register"].where(there["register"].isin(refs), "")
    pupils = there.groupby(register)["pupil"].nunique().reindex([*refs, ""], fill_value=0)
    hidden = hidden_groups(pd.DataFrame({"pupils": pupils.to_numpy()}), fewest)
    return pd.Series(hidden.to_numpy()[:-1], index=refs.index, dtype=bool)


def _open(placements: pd.DataFrame, on: date) -> pd.DataFrame:
    return placements[placements["start_date"].le(pd.Timestamp(on)) & ~placements["end_date"].lt(pd.Timestamp(on))]


def _row(found: Provision, provider: dict[str, object], on: date) -> dict[str, object]:
    there = _open(found.placements[found.placements["register"].eq(str(provider["provider_ref"]))], on)
    coming = there.loc[there["planned_end_date"].ge(pd.Timestamp(on)), "planned_end_date"].min()
    places = float(str(provider["places"]))
    left = int(places) - len(there)
    return {
        "provider": str(provider["name"]),
        "ref": str(provider["provider_ref"]),
        "kind": provider["kind"],
        "places": places,
        "taken": float(len(there)),
        "free": float(left),
        "free_words": f"{left} free" if left >= 0 else f"{-left} more than places",
        "next_words": "None planned" if pd.isna(coming) else in_words(coming.date()),
    }
