"""The fictional LA into an empty database, through the same doors as every other file."""

from datetime import date

from sqlalchemy import Engine, select

from access.scope import EVERYWHERE
from data_model.catalogue import DATASETS
from data_model.store import current_version, reading
from data_model.uploads import uploads
from loaders.files import check_table, read_file, sha256_of
from loaders.published import load_reference
from loaders.save import save
from loaders.upload_record import Sender
from sample_data.decisions import seed_decisions
from sample_data.figures import LAST_YEAR
from sample_data.frames import csv_bytes
from sample_data.generate import SCHOOLS, SEED, YEARS, Frames, generate

_SENDER = Sender("the fictional LA", EVERYWHERE, is_sample=True)
_AFTER_THE_SAMPLE = date(LAST_YEAR + 1, 8, 1)  # events after today are errors, whatever day a computer thinks it is


def seed_if_empty(engine: Engine) -> None:
    """Load the fictional LA into a database that nothing was ever saved in, or go on where that was interrupted.

    What its manager decided about children comes with it, and the real published figures that it is compared with.

    A database that holds anything else, or that the fictional LA was removed from, is left as it is.
    """
    missing = _missing(engine)
    if missing:
        _load(engine, {name: frame for name, frame in generate().items() if name in missing})
        seed_decisions(engine, SEED)
        load_reference(engine)


def seed(engine: Engine, schools: int = SCHOOLS, years: int = YEARS, seed: int = SEED) -> None:
    """Load every dataset of the fictional LA into an empty database, each as an upload that is marked as sample data.

    Raises NotSaved, and leaves out what follows, where a file cannot be saved; ValueError for numbers out of range.
    """
    _load(engine, generate(schools, years, seed))


def _missing(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        never_written = current_version(connection) == 0
        rows = connection.execute(select(uploads.c.dataset, uploads.c.is_sample, uploads.c.undone_at)).all()
    if never_written:
        return set(DATASETS)
    interrupted = bool(rows) and all(row.is_sample and row.undone_at is None for row in rows)
    return set(DATASETS) - {row.dataset for row in rows} if interrupted else set()


def _load(engine: Engine, frames: Frames) -> None:
    today = max(date.today(), _AFTER_THE_SAMPLE)
    for name, frame in frames.items():
        if frame.empty:  # in the smallest LAs nobody is permanently excluded
            continue
        content = csv_bytes(frame)
        sha256 = sha256_of(content)
        table, scope = read_file(content, f"{name}.csv"), _SENDER.scope
        checked = check_table(engine, table, sha256, DATASETS[name], scope=scope, today=today)
        save(engine, checked.report, sha256, _SENDER, seen_version=checked.comparison.version)
