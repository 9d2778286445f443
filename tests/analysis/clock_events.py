"""Events for clocks, said in short: `S A 2025-10-06/2025-10-08 6 pm; X B 2025-11-03 told=2025-11-04; P 2025-11-10`."""

import pandas as pd

from analysis.clocks.table import Events

LA, SCHOOLS = 999, {"A": 900001, "B": 900002}
PUPIL = 1
_SUSPENSION = {"considered": "gb_considered_date", "day6": "day6_start", "year": "ncyg"}
_EXCLUSION = {
    "told": "gb_notified_date",
    "met": "gb_meeting_date",
    "asked": "irp_requested_date",
    "heard": "irp_date",
    "day6": "day6_start",
    "next": "next_start_date",
    "status": "status",
}


def events(text: str, term_dates: pd.DataFrame) -> Events:
    """The events of one pupil. S is a suspension (school, days, half days), X a permanent exclusion, P a placement
    (PT: part time), R a referral to the Fair Access Panel."""
    found: dict[str, list[dict[str, object]]] = {"S": [], "X": [], "P": [], "R": []}
    for said in filter(None, (each.strip() for each in text.split(";"))):
        kind, *words = said.split()
        found[kind].append({"pupil": PUPIL, **_READ[kind](words)})
    return Events(
        suspensions=_frame(found["S"], ["start_date", "sessions", "category", "status", "urn", "pupil"]),
        exclusions=_frame(found["X"], ["head_decision_date", "status", "urn", "pupil"]),
        placements=_frame(found["P"], ["start_date", "attendance_pattern", "pupil"]),
        referrals=_frame(found["R"], ["agreed_date", "allocated_date", "urn", "pupil"]),
        term_dates=term_dates,
    )


def _frame(rows: list[dict[str, object]], columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(dict.fromkeys([*columns, *(name for row in rows for name in row)])))
    days = [name for name in frame if name.endswith("_date") or name == "day6_start"]
    return frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in days})


def _options(words: list[str]) -> dict[str, str]:
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def _suspension(words: list[str]) -> dict[str, object]:
    school, days, sessions, *more = words
    first, _, last = days.partition("/")
    said = _options(more)
    row = {
        "urn": SCHOOLS[school],
        "start_date": first,
        "end_date": last or None,
        "sessions": int(sessions),
        "category": "LNCH" if "lunch" in said else "SUSP",
        "am_pm_start": "PM" if "pm" in said else None,
        "status": next((word for word in ("cancelled", "reinstated") if word in said), "active"),
        "cancelled_date": said.get("cancelled") or None,
        "gb_considered_date": said.get("reinstated") or None,
    }
    return row | {column: said[word] for word, column in _SUSPENSION.items() if word in said}


def _exclusion(words: list[str]) -> dict[str, object]:
    school, day, *more = words
    said = _options(more)
    row = {"urn": SCHOOLS[school], "head_decision_date": day, "status": "not_recorded"}
    return row | {column: said[word] for word, column in _EXCLUSION.items() if word in said}


def _placement(words: list[str]) -> dict[str, object]:
    return {"start_date": words[0], "attendance_pattern": "PT" if "PT" in words else "FT"}


def _referral(words: list[str]) -> dict[str, object]:
    said = _options(words[1:])
    school = next((SCHOOLS[word] for word in words[1:] if word in SCHOOLS), None)
    return {"urn": school, "agreed_date": words[0], "allocated_date": said.get("place")}


_READ = {"S": _suspension, "X": _exclusion, "P": _placement, "R": _referral}
