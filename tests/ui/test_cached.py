"""The cache: keyed on the data version, the scope and the question."""

from datetime import UTC, date, datetime

from sqlalchemy import Engine, insert
from streamlit.testing.v1 import AppTest

from access.roles import Role
from data_model.catalogue import DATASETS
from data_model.store import writing
from data_model.uploads import uploads


def _save_school(engine: Engine, urn: int, la: int = 999) -> None:
    school = {
        "urn": urn,
        "laestab": la * 10_000 + urn % 10_000,
        "school_name": f"School {urn}",
        "phase": "primary",
        "establishment_type_group": "Academies",
        "open_date": date(2010, 9, 1),
    }
    table = DATASETS["schools"].table
    with writing(engine) as connection:
        if urn == 900001:
            connection.execute(insert(uploads).values(_UPLOAD))
        connection.execute(insert(table).values(dict.fromkeys(DATASETS["schools"].columns) | school | {"upload_id": 1}))


_UPLOAD = {
    "upload_id": 1,
    "dataset": "schools",
    "source": "LA notification",
    "file_name": "schools.csv",
    "sha256": "0" * 64,
    "uploaded_by": "test",
    "uploaded_at": datetime(2026, 5, 1, tzinfo=UTC),
    **dict.fromkeys(("rows_accepted", "rows_rejected", "rows_queried", "rows_new", "rows_changed", "rows_removed"), 0),
}


def _schools() -> None:
    import streamlit as st

    from analysis import queries
    from ui import cached

    st.text(str(sorted(cached.answer(queries.schools)["urn"])))
    st.text(str(len(cached.records().schools)))
    st.text(str(cached.scope().pupil_rows))


def _seen_by(role: Role) -> list[str]:
    drawn = AppTest.from_function(_schools, default_timeout=30)
    drawn.user = {"who": f"demonstration:{role}"}
    drawn.run()
    assert not drawn.exception
    return [text.value for text in drawn.text]


def test_a_write_is_seen_at_once(empty_database: Engine) -> None:
    _save_school(empty_database, 900001)
    assert _seen_by(Role.LEADER)[:2] == ["[900001]", "1"]
    _save_school(empty_database, 900002)
    assert _seen_by(Role.LEADER)[:2] == ["[900001, 900002]", "2"]


def test_nobody_is_served_what_another_scope_asked(empty_database: Engine) -> None:
    _save_school(empty_database, 900001)
    assert _seen_by(Role.MANAGER) == ["[900001]", "1", "True"]
    assert _seen_by(Role.LEADER) == ["[900001]", "1", "False"]
    assert _seen_by(Role.ADMIN) == ["[]", "0", "False"]
