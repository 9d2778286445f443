"""What was written down about the fictional LA goes with it, and nothing of another's does."""

import pytest
from panel_world import (
    OTHERS,
    OURS,
    STRANGER,
    TABLES,
    THEIRS,
    decide,
    decide_support,
    freeze,
    reply,
    rows,
    send,
    set_thresholds,
)
from sqlalchemy import Engine, insert, update

from access.noting import moment
from data_model.right_of_reply import school_replies, school_reports
from data_model.schools import SCHOOLS
from data_model.store import writing
from data_model.uploads import uploads
from loaders.undo import remove_sample

pytestmark = pytest.mark.both_databases


def test_records_of_the_fictional_schools_go_with_them(engine: Engine) -> None:
    sample = {"upload_id": 7, "dataset": "schools", "source": "notified", "file_name": "a.csv", "sha256": "0" * 64}
    sample |= {"uploaded_by": "the test", "uploaded_at": moment(), "is_sample": True}
    sample |= {f"rows_{kind}": 0 for kind in ("accepted", "rejected", "queried", "new", "changed", "removed")}
    with writing(engine) as connection:
        connection.execute(insert(uploads).values(sample))
        ours = SCHOOLS.table.c.laestab // 10_000 == OURS
        connection.execute(update(SCHOOLS.table).where(ours).values(upload_id=7))
    reply(engine, send(engine).report_id)
    freeze(engine)
    decide(engine)
    set_thresholds(engine)
    decide_support(engine)
    theirs = send(engine, STRANGER, urn=THEIRS, figures={"observed": 3}).report_id
    reply(engine, theirs, STRANGER)
    remove_sample(engine, "the test")
    assert {table.name: len(rows(engine, table)) for table in TABLES} == {
        "school_reports": 1,
        "school_replies": 1,
        "frozen_lists": 0,
        "allocation_decisions": 0,
        "thresholds_set": 0,
        "support_decisions": 0,
    }
    assert rows(engine, school_reports)[0]["la_code"] == OTHERS
    assert rows(engine, school_replies)[0]["report_id"] == theirs
