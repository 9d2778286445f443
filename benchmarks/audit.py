"""What being kept track of costs: python -m benchmarks.audit

Milliseconds to record an event in a transaction of its own, about no pupil, a hundred and a thousand; seconds to check
ten thousand events; and seconds to make a hundred thousand pseudonyms, once for each distinct reference.
"""

import tempfile
import time
from collections.abc import Callable

from pydantic import SecretStr

from access import audit
from access.audit import Action
from access.keeping.pseudonyms import Pseudonyms
from access.noting import noting
from data_model.store import open_database, reading

_TIMES = 20


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """How long one of several goes takes."""
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/audit.db")
        for pupils in (0, 100, 1_000):
            subjects = [audit.subject_of_pupil(f"P{number}") for number in range(pupils)]

            def record(subjects: list[str] = subjects) -> None:
                with noting(engine) as connection:
                    audit.record_about(connection, "somebody", Action.SAW_PUPILS, subjects, "Data quality")

            print(f"an event about {pupils:>5,} pupils   {1_000 * seconds(record, _TIMES):8.1f} ms")
        with noting(engine) as connection:
            for _ in range(10_000):
                audit.record(connection, "somebody", Action.DOWNLOADED, "schools.csv", rows=1_200, kind="full")
        with reading(engine) as connection:
            print(f"checking 10,000 events      {seconds(lambda: audit.verify(connection)):8.1f} s")
        made = Pseudonyms(SecretStr("a key for the benchmark alone, 0123456789"), "k1")
        references = [f"P{number}" for number in range(100_000)]
        print(f"100,000 pseudonyms          {seconds(lambda: [made.of(each) for each in references]):8.1f} s")
        print(f"  and what was sent, sealed {seconds(lambda: [made.seal(each) for each in references]):8.1f} s")
        engine.dispose()


if __name__ == "__main__":
    main()
