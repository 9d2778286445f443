"""Which column of the data dictionary each header of a file means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from data_model.catalogue import DATASETS
from data_model.dataset import Dataset
from data_model.severity import Severity
from loaders.issues import Issue
from loaders.layout import normalise_header
from loaders.text_table import TextTable

# What a corrected file carries beside the dictionary's columns: written by loaders.correct, ignored on the way back.
CORRECTION_COLUMNS = ("line", "what_to_put_right")


_CORRECTION_NAMES = frozenset(map(normalise_header, CORRECTION_COLUMNS))


def is_correction(headers: Iterable[str]) -> bool:
    """Whether these are the headers of a file that `loaders.correct` wrote."""
    return set(map(normalise_header, headers)) >= _CORRECTION_NAMES


@dataclass(frozen=True)
class HeaderMatch:
    """Where each column of the dataset is found (`places`: column name to position in the file), and what is left over.

    `unknown` are the headers that mean nothing here, and `issues` what stops the whole file.
    """

    places: Mapping[str, int]
    unknown: tuple[str, ...]
    issues: tuple[Issue, ...]
    notes: tuple[str, ...]


@cache
def known_names(dataset: Dataset) -> dict[str, str]:
    """Every name that a header may go by, normalised, to the column's name. Declared names win over aliases."""
    names: dict[str, str] = {}
    for column in dataset.columns.values():
        for alias in (*column.aliases, column.title):
            names.setdefault(normalise_header(alias), column.name)
    return names | {normalise_header(name): name for name in dataset.columns}


def match_headers(table: TextTable, dataset: Dataset, remembered: Mapping[str, str] | None = None) -> HeaderMatch:
    """Find the dataset's columns among the file's headers.

    `remembered` maps normalised headers to column names, as a user confirmed them for this source; an empty name means
    that the user said to ignore the header. Nothing is guessed: a header that is not known is left out and named.
    """
    names = {**known_names(dataset), **(remembered or {})}
    places: dict[str, int] = {}
    unknown: list[str] = []
    twice: list[Issue] = []
    for place, header in enumerate(table.headers):
        name = names.get(normalise_header(header))
        if name and name in places:
            twice.append(_twice(name, table.headers[places[name]], header))
        elif name:
            places[name] = place
        elif name is None and normalise_header(header) not in _CORRECTION_NAMES:
            unknown.append(header)
    missing = [name for name, column in dataset.columns.items() if column.required and name not in places]
    issues = [*twice, *_missing(table, dataset, missing, unknown)]
    return HeaderMatch(places, tuple(unknown), tuple(issues), tuple(_notes(table, dataset, places, unknown)))


def _twice(name: str, first: str, second: str) -> Issue:
    message = f"Both {first!r} and {second!r} mean {name}. Remove one of them, or give it another name."
    return Issue(None, name, None, "E-HEADER-TWICE", Severity.ERROR, message)


def _missing(table: TextTable, dataset: Dataset, missing: list[str], unknown: list[str]) -> list[Issue]:
    if not missing:
        return []
    other = better_fit(table, dataset)
    if other:
        message = (
            f"This looks like a file of {other.title.lower()}, not {dataset.title.lower()}. Load it as {other.name}."
        )
        return [Issue(None, None, None, "E-WRONG-DATASET", Severity.ERROR, message)]
    issues = []
    for name in missing:
        column = dataset.columns[name]
        close = get_close_matches(normalise_header(name), map(normalise_header, unknown), n=1, cutoff=0.6)
        hint = next((f" Is it {header!r}?" for header in unknown if [normalise_header(header)] == close), "")
        message = f"There is no column {name} ({column.title}). Add it, or say which of the file's columns it is.{hint}"
        issues.append(Issue(None, name, None, "E-COLUMN-MISSING", Severity.ERROR, message))
    return issues


def better_fit(table: TextTable, dataset: Dataset) -> Dataset | None:
    """The dataset that the file's headers fit best, if it is another and nothing that it requires is missing.

    It must know a header that `dataset` does not: a file of suspensions whose reasons are headed oddly has all that
    internal suspensions require.
    """
    headers = {normalise_header(header) for header in table.headers}

    def fit(candidate: Dataset) -> float:
        names = known_names(candidate)
        found = {names[header] for header in headers if header in names}
        required = {name for name, column in candidate.columns.items() if column.required}
        return len(found) / len(headers) if required <= found else 0.0

    best = max(DATASETS.values(), key=fit)
    is_better = fit(best) > fit(dataset) and not headers & set(known_names(best)) <= set(known_names(dataset))
    return best if best is not dataset and is_better else None


def _notes(table: TextTable, dataset: Dataset, places: Mapping[str, int], unknown: list[str]) -> list[str]:
    notes = []
    renamed = [
        f"{table.headers[place]!r} as {name}"
        for name, place in places.items()
        if normalise_header(table.headers[place]) != normalise_header(name)
    ]
    if renamed:
        notes.append(f"Read {', '.join(renamed)}.")
    if unknown:
        notes.append(f"Columns that {dataset.title.lower()} do not have were ignored: {', '.join(unknown)[:400]}.")
    return notes
