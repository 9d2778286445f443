"""Loads one small file after another into the database named, and prints the number of each once it is saved.

Run by test_interrupted.py, which kills it. Usage: python load_until_killed.py DATABASE FIRST_NUMBER
"""

import sys

from access.scope import EVERYWHERE
from data_model.catalogue import DATASETS
from data_model.store import connect
from loaders import files
from loaders.save import Consent
from loaders.upload_record import Sender

ROWS = 400


def main(database: str, first: int) -> None:
    """Each file corrects a row of the one before, so that every load deletes, inserts and keeps what it replaced."""
    engine = connect(f"sqlite:///{database}")
    for number in range(first, first + 10_000):
        lines = ["pupil_ref,urn,start_date,sessions,category,reason_1"]
        lines += [f"P{number}X{row},900001,2025-10-06,2,SUSP,DB" for row in range(ROWS)]
        lines += [f"P{number - 1}X0,900001,2025-10-06,3,SUSP,DB"]
        content = "\n".join(lines).encode()
        table = files.read_file(content, f"{number}.csv")
        files.load_table(
            engine,
            table,
            files.sha256_of(content),
            DATASETS["suspensions"],
            Sender("tester", EVERYWHERE),
            consent=Consent(accept_queries=True),
        )
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
