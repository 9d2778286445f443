"""The fictional LA as CSV files."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from data_model.catalogue import DATASETS
from sample_data.frames import csv_bytes
from sample_data.generate import SCHOOLS, SEED, YEARS, local_authorities
from sample_data.messy import messy_files


def write(folder: Path, schools: int = SCHOOLS, years: int = YEARS, seed: int = SEED) -> Iterator[str]:
    """Write `<dataset>.csv` for every dataset and a few untidy files under `messy/`; yields a line on each file.

    One LA after another, so that all England fits in memory. Raises ValueError for numbers out of range and OSError
    where the folder cannot be written.
    """
    parts = local_authorities(schools, years, seed)
    first = next(parts)
    folder.mkdir(parents=True, exist_ok=True)
    rows = dict.fromkeys(DATASETS, 0)
    with ExitStack() as stack:
        files = {name: stack.enter_context((folder / f"{name}.csv").open("wb")) for name in DATASETS}
        for number, frames in enumerate((first, *parts)):
            for name, file in files.items():
                file.write(csv_bytes(frames[name], header=number == 0))
                rows[name] += len(frames[name])
    yield from (f"{folder / name}.csv: {count:,} rows" for name, count in rows.items())
    (folder / "messy").mkdir(exist_ok=True)
    for file_name, content in messy_files(first).items():
        path = folder / "messy" / file_name
        path.write_bytes(content)
        yield str(path)
