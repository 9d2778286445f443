"""What somebody gave, checked against its row model: a row, or sentences that say what is wrong and what to do."""

from collections.abc import Mapping
from typing import Any, TypeVar

import pandas as pd
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from data_model.dataset import Row
from data_model.labelled import Labelled
from data_model.names_in_text import seems_to_name_somebody

Checked = TypeVar("Checked", bound=Row)


class NotRecorded(Exception):
    """Nothing was written. The message is sentences that say why and what to do, without any cell's value."""


class SeemsToName(NotRecorded):
    """Nothing was written, for words in it seem to name a person. Whoever has read them can say that they do not."""


def checked(model: type[Checked], given: Mapping[str, Any], *, names_nobody: bool = False) -> Checked:
    """The row of what was given; blank text counts as not given.

    Raises NotRecorded with a sentence for each fault, and SeemsToName where words seem to name a person, unless
    somebody has said that they do not (`names_nobody`).
    """
    filled = {name: value for name, value in given.items() if not (isinstance(value, str) and not value.strip())}
    try:
        row = model.model_validate(filled)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        raise NotRecorded(" ".join(dict.fromkeys(_sentence(model, fault) for fault in faults))) from None
    named = [] if names_nobody else [_title(model, (name,)) for name in _naming(row)]
    if named:
        raise SeemsToName(
            f"{' and '.join(named)}: the words seem to name a person. Write what somebody is instead, such as the "
            "pupil, the mother or the head. If they name no child, say so and record them again."
        )
    return row


def _naming(row: Row) -> list[str]:
    """The fields whose words seem to name a person."""
    words = {name: cell for name, cell in row if isinstance(cell, str) and not isinstance(cell, Labelled)}
    found = seems_to_name_somebody(pd.Series(words, dtype=object))
    return list(found[found].index)


def _title(model: type[Row], where: tuple[int | str, ...]) -> str:
    field = model.model_fields.get(str(where[0]))
    title = field.title if field and field.title else "What was given"
    return f"{title}, row {where[1] + 1}" if len(where) > 1 and isinstance(where[1], int) else title


def _sentence(model: type[Row], fault: ErrorDetails) -> str:
    """What is wrong and how to put it right, by the kind of the fault, never by its wording.

    Raises LookupError for a fault that nobody has written a sentence for: a test goes through them.
    """
    title, context = _title(model, fault["loc"]), fault.get("ctx", {})
    match fault["type"]:
        case "missing" | "string_too_short" | "too_short":
            return f"{title} is missing. Fill it in."
        case "string_too_long":
            return f"{title} has more than {context['max_length']:,} characters. Shorten it."
        case "too_long":
            return f"{title} has more than {context['max_length']:,} parts. Take some out."
        case "enum":
            return f"{title} must be one of those that are offered."
        case "date_type" | "date_parsing" | "date_from_datetime_parsing" | "date_from_datetime_inexact":
            return f"{title} must be a day, such as 2025-10-06."
        case "whole_number" | "int_type" | "int_parsing" | "int_from_float":
            return f"{title} must be a whole number."
        case "float_type" | "float_parsing" | "finite_number":
            return f"{title} must be a number."
        case "greater_than_equal":
            return f"{title} must be at least {context['ge']:,.0f}."
        case "greater_than":
            return f"{title} must be more than {context['gt']:,.0f}."
        case "less_than_equal":
            return f"{title} must be at most {context['le']:,.0f}."
        case "string_type" | "string_unicode" | "nested":
            return f"{title} must be plain text or a number."
        case "hidden_character":
            return f"{title} holds an invisible character. Type it again."
        case "names_pupil":
            return f"{title} holds a pupil's reference. Take it out: nothing here may be about one child."
        case "day_of_year":
            return f"{title} must be a day that every year has, such as 05-31."
        case "period":
            return f"{title} must be written like 202526-AUT, or 202526 for a whole year."
        case "dict_type" | "tuple_type" | "model_type" | "extra_forbidden":
            return f"{title} cannot be read. Load the page again."
        case "no_urn":
            return "Every school of the list needs its URN."
        case "urn_twice":
            return "A school is in the list twice. Take one out."
    raise LookupError(f"no sentence for {fault['type']!r} in {title}")
