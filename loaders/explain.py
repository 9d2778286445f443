"""Sentences for faulty cells: what is wrong and how to put it right, by the kind of the fault, never by its wording."""

from collections.abc import Mapping
from typing import Any

from data_model.dataset import Column


def explain(column: Column, fault: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """The code and the sentence for a fault of a cell. `fault` is pydantic's error type or one of ours.

    Raises LookupError for a fault that nobody has written a sentence for: a test goes through them all.
    """
    title = column.title
    match fault:
        case "blank":
            return "E-BLANK", f"{title} is blank. Fill it in: every row needs it."
        case "hidden_character":
            return (
                "E-HIDDEN-CHARACTER",
                f"{title} holds an invisible character ({context['names']}). Type the cell again.",
            )
        case "scientific":
            return (
                "E-SCIENTIFIC",
                f"{title} was shortened by a spreadsheet and its digits are lost. Format the column as text and export again.",
            )
        case "whole_number" if _is_urn(column):
            return "E-NUMBER", f"{title} must be six digits, such as {column.example}."
        case "whole_number":
            return "E-NUMBER", f"{title} must be a whole number, such as {column.example}."
        case "number_commas":
            return "E-NUMBER", f"{title} must be written without commas, such as {column.example}."
        case "decimal":
            return "E-NUMBER", f"{title} must be a number without signs or commas, such as {column.example}."
        case "greater_than_equal" | "less_than_equal":
            return "E-RANGE", _range(column)
        case "string_too_long":
            return "E-TOO-LONG", f"{title} has more than {context['max_length']} characters. Shorten it."
        case "string_pattern_mismatch":
            return "E-FORM", f"{title} must look like {column.example}."
        case "laestab_short":
            return (
                "E-LEADING-ZERO",
                f"{title} must have seven digits: has a spreadsheet dropped a leading zero, or is it the establishment number alone?",
            )
        case "upn_check_letter":
            return (
                "E-UPN",
                "The check letter of this UPN is wrong, so a character is mistyped. Copy the UPN from the school's system.",
            )
        case "upn_letter":
            return (
                "E-UPN",
                "A UPN never has the letters I, O or S: is it a 1, a 0 or a 5? Copy the UPN from the school's system.",
            )
        case "upn_shape":
            return (
                "E-UPN",
                "A UPN is a letter and 12 digits (a temporary one ends in a letter). Copy it from the school's system.",
            )
        case "look_alike":
            return (
                "E-LOOK-ALIKE",
                f"{title} holds a character that only looks like a letter, digit or dash ({context['name']}). Type the reference again.",
            )
        case "reference_space":
            return "E-FORM", f"{title} has a space inside it. Remove the space."
        case "academic_year":
            return "E-YEAR", f"{title} must be written like 202526 or 2025/26."
        case "month":
            return "E-MONTH", f"{title} must be a year and a month, such as 2012-05."
        case "closures":
            return (
                "E-CLOSURES",
                f"{title} must be days, or first and last day with a slash, separated by semicolons: {column.example}.",
            )
        case "area":
            return "E-AREA", f"{title} must be a three-digit LA code or a six-digit URN."
        case "code":
            return "E-CODE", _code(column)
        case "code_refused":
            return "E-CODE", str(context["sentence"])
        case "date_two_digit_year":
            return "E-DATE-TWO-DIGIT-YEAR", f"{title} has a year of two digits. Write all four, such as 06/10/2025."
        case "date_serial":
            return (
                "E-DATE-SERIAL",
                f"{title} is a spreadsheet's day number: {context['number']} is {context['day']}. Format the column as a date and export again.",
            )
        case "date_time":
            return "E-DATE-TIME", f"{title} has a time of day. Give the date alone, such as 06/10/2025."
        case "date_impossible":
            return "E-DATE", f"{title} is not a day in the calendar. Correct it."
        case "date_year":
            return "E-DATE", f"{title} has a year before {context['first']} or after {context['last']}. Correct it."
        case "date_form":
            return "E-DATE", f"{title} must be a date written like 2025-10-06 or 06/10/2025."
        case "date_other_format":
            return (
                "E-DATE-MIXED",
                f"{title} is not written like most other dates of the file. Write all dates in one format.",
            )
        case "date_month_first":
            return (
                "E-DATE-MONTH-FIRST",
                f"{title} has the month first. Write all dates as day, month, year, or as 2025-10-06.",
            )
        case "date_future":
            return (
                "E-DATE-FUTURE",
                f"{title} is after today ({context['today']}). Correct it, or load the row once it has happened.",
            )
    raise LookupError(f"no sentence for {fault!r} in {column.name}")


def _is_urn(column: Column) -> bool:
    return (column.lowest, column.highest) == (100_000, 999_999)


def _range(column: Column) -> str:
    low, high = column.lowest, column.highest
    if _is_urn(column):
        return f"{column.title} must be six digits, such as {column.example}."
    kind = "whole number" if column.kind is int else "number"
    assert low is not None, "every bounded column has a lowest value"
    reach = f"from {low:,.0f} to {high:,.0f}" if high is not None else f"of at least {low:,.0f}"
    return f"{column.title} must be a {kind} {reach}, such as {column.example}."


def _code(column: Column) -> str:
    assert column.codes
    codes = [str(code) for code in column.codes]
    shown = (
        ", ".join(codes)
        if len(codes) <= 12
        else f"the {len(codes)} codes in the data dictionary, such as {column.example}"
    )
    return f"{column.title} must be one of {shown}."
