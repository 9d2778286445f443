"""What single cells may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from data_model.columns import (
    UPN_LETTERS,
    AcademicYear,
    Closures,
    Laestab,
    PupilRef,
    closure_days,
    is_temporary_upn,
    looks_like_upn,
    one_form,
    upn_check_letter,
)


def fault(kind: object, cell: str) -> str:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(cell)
    return caught.value.errors()[0]["type"]


@pytest.mark.parametrize("upn", ["A950000178301", "H243278544154"])
def test_upns_whose_check_letter_is_right(upn: str) -> None:
    assert upn_check_letter(upn[1:]) == upn[0]
    assert TypeAdapter(PupilRef).validate_python(upn) == upn
    assert TypeAdapter(PupilRef).validate_python(upn.lower()) == upn


@pytest.mark.parametrize("upn", ["R247962919251", "X428558133462"])
def test_upns_whose_check_letter_is_wrong(upn: str) -> None:
    assert upn_check_letter(upn[1:]) != upn[0]
    assert fault(PupilRef, upn) == "upn_check_letter"


@given(st.text("0123456789", min_size=11, max_size=11), st.sampled_from("0123456789" + UPN_LETTERS))
def test_the_check_letter_is_the_weighted_sum_of_the_guide(eleven: str, last: str) -> None:
    total = 0
    for place, character in enumerate(eleven + last, start=2):
        total += place * (int(character) if character.isdigit() else UPN_LETTERS.find(character))
    assert upn_check_letter(eleven + last) == "ABCDEFGHJKLMNPQRTUVWXYZ"[total % 23]
    assert is_temporary_upn("A" + eleven + last) == last.isalpha()


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.sampled_from("0123456789"))
def test_one_digit_mistyped_is_always_noticed(twelve: str, place: int, digit: str) -> None:
    mistyped = twelve[:place] + digit + twelve[place + 1 :]
    assert (upn_check_letter(mistyped) == upn_check_letter(twelve)) == (mistyped == twelve)


@pytest.mark.parametrize("upn", ["A95000017830I", "A95000017830O", "A95000017830S"])
def test_no_upn_has_the_letters_i_o_and_s(upn: str) -> None:
    assert fault(PupilRef, upn) == "upn_letter"


@pytest.mark.parametrize("reference", ["P000123", "0012345", "4E12", "NA", "None", "True", "1E5", "Å-17/b"])
def test_the_las_own_references_stay_as_they_are_but_for_capitals(reference: str) -> None:
    assert not looks_like_upn(reference)
    assert TypeAdapter(PupilRef).validate_python(reference) == reference.upper() == one_form(reference)


@pytest.mark.parametrize("reference", ["\u042000101", "P\u201300101", "\uff3000101", "P001\u0660", "P\u2019001"])
def test_a_character_that_looks_like_another_is_refused_in_a_reference(reference: str) -> None:
    assert fault(PupilRef, reference) == "look_alike"


@pytest.mark.parametrize("reference", ["1.23457E+12", "1E+12", "1.2e12", "-4.5E-03"])
def test_a_reference_that_a_spreadsheet_shortened_is_refused(reference: str) -> None:
    assert fault(PupilRef, reference) == "scientific"


@pytest.mark.parametrize(("cell", "year"), [("202526", "202526"), ("2025/26", "202526"), ("2025-2026", "202526")])
def test_academic_years(cell: str, year: str) -> None:
    assert TypeAdapter(AcademicYear).validate_python(cell) == year


@pytest.mark.parametrize("cell", ["2025", "2025/27", "2025/2126", "2025/1926", "999900", "1899/00", "٢٠٢٥٢٦", "25/26"])
def test_what_is_no_academic_year(cell: str) -> None:
    assert fault(AcademicYear, cell) == "academic_year"


@pytest.mark.parametrize(("cell", "number"), [("9992001", 9992001), ("999/2001", 9992001)])
def test_laestabs(cell: str, number: int) -> None:
    assert TypeAdapter(Laestab).validate_python(cell) == number


@pytest.mark.parametrize("cell", ["2025-10-27/2025-10-31; 2025-12-01", "2025-10-27/2025-10-31;2025-12-01;"])
def test_closures_are_days_and_spans(cell: str) -> None:
    tidy = TypeAdapter(Closures).validate_python(cell)
    assert tidy == "2025-10-27/2025-10-31; 2025-12-01"
    assert [(str(first), str(last)) for first, last in closure_days(tidy)] == [
        ("2025-10-27", "2025-10-31"),
        ("2025-12-01", "2025-12-01"),
    ]


@pytest.mark.parametrize("cell", ["half term", "2025-10-31/2025-10-27", "2025-02-30", "27/10/2025"])
def test_what_are_no_closures(cell: str) -> None:
    assert fault(Closures, cell) == "closures"
