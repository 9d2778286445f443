"""Which free text is taken to name somebody."""

import pandas as pd
import pytest

from data_model.names_in_text import seems_to_name_somebody


def named(text: str | None) -> bool:
    return bool(seems_to_name_somebody(pd.Series([text], dtype=object)).iloc[0])


@pytest.mark.parametrize(
    "text",
    [
        "Aisha was calm",
        "met Oliver's mother",
        "Rang Mrs Okafor",
        "Dr. Lund will write",
        "Ms O'Dell agreed",
        "Tea with James at St Thomas Church",
        "a talk with Tyler\nand his tutor",
    ],
)
def test_names_are_found(text: str) -> None:
    assert named(text)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "Calmer since half term; mum and dad agree to the plan",
        "Will meet in March. Grace period. Mark of respect",
        "Boxall and Leuven done, CAMHS and Early Help told, Year 8, ELSA starts on Monday",
        "St Thomas More School, Queen Elizabeth Hospital, Charlotte Street, Oliver Goldsmith Primary",
        "Pupil stayed calm. Miss Monday if need be",
        "oliver, OLIVER",
    ],
)
def test_other_words_are_left_alone(text: str | None) -> None:
    assert not named(text)


def test_each_text_has_its_answer_where_it_stands() -> None:
    texts = pd.Series(["Oliver", None, "calm"], index=[5, 2, 9])
    assert seems_to_name_somebody(texts).to_dict() == {5: True, 2: False, 9: False}
