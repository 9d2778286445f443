"""Alternative provision and return: children for those who work with them, and figures alone for everybody else."""

import pytest
from places import LA, DrawPage, records_of
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from access.roles import Role
from access.scope import EVERYWHERE, OutOfScope, Scope
from analysis.alternative_provision.pupils import back_again, due_back
from data_model.store import reading
from data_model.thresholds import USUAL

CHILDREN = "Children"


def _references(engine: Engine) -> set[str]:
    now = records_of(engine).by_la[LA].now
    assert now
    with reading(engine) as connection:
        found = [due_back(connection, EVERYWHERE, LA, now), back_again(connection, EVERYWHERE, LA, now, USUAL)]
    references = {reference for rows in found for reference in rows["pupil_ref"]}
    assert references, "nobody is due back, so nothing is tested"
    return references


def _written(drawn: AppTest) -> str:
    frames = " ".join(frame.value.to_csv() for frame in drawn.dataframe)
    return frames + " ".join(str(getattr(each, "proto", "")) for each in drawn.main)


@pytest.mark.parametrize("role", [Role.LEADER, Role.STEWARD])
def test_who_works_with_no_child_sees_none_even_by_its_address(
    draw_page: DrawPage, fictional_la: Engine, role: Role
) -> None:
    drawn = draw_page("alternative_provision", role, view=CHILDREN)
    assert not drawn.exception
    written = _written(drawn)
    assert not [reference for reference in _references(fictional_la) if reference in written]


def test_a_manager_sees_who_is_due_back(draw_page: DrawPage, fictional_la: Engine) -> None:
    drawn = draw_page("alternative_provision", Role.MANAGER, view=CHILDREN)
    assert not drawn.exception
    assert "due back within six school weeks" in drawn.header[0].value
    written = _written(drawn)
    assert [reference for reference in _references(fictional_la) if reference in written], "the other test cannot fail"


def test_rows_about_children_are_refused_without_them(fictional_la: Engine) -> None:
    now = records_of(fictional_la).by_la[LA].now
    assert now
    with reading(fictional_la) as connection, pytest.raises(OutOfScope):
        due_back(connection, Scope(frozenset({LA}), full_figures=True), LA, now)
