"""Check + save against the floor: python -m benchmarks.load [ROWS ...]

Each measurement is a fresh process, so that its peak memory is its own. The floor reads the file with the standard
library's csv and hands it to sqlite3.executemany: no checks, no key, no journal.
"""

import csv
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def floor(path: Path, database: Path) -> int:
    """Every row into a table without a key, unchecked: the least that loading a file can cost."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    with path.open(newline="", encoding="utf-8") as lines:
        reader = csv.reader(lines)
        header = next(reader)
        connection.execute(f"CREATE TABLE t ({', '.join(header)})")
        connection.execute("BEGIN")
        connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(header))})", reader)
        connection.execute("COMMIT")
    return int(connection.execute("SELECT count(*) FROM t").fetchone()[0])


def prepare(schools: Path, database: Path) -> None:
    """A new database that holds the schools."""
    from access.scope import EVERYWHERE
    from data_model.catalogue import DATASETS
    from data_model.store import open_database
    from loaders.files import load_table, read_file, sha256_of
    from loaders.save import Consent
    from loaders.upload_record import Sender

    engine = open_database(f"sqlite:///{database}")
    table = read_file(schools, "schools.csv")
    load_table(
        engine,
        table,
        sha256_of(schools),
        DATASETS["schools"],
        Sender("benchmark", EVERYWHERE),
        consent=Consent(accept_queries=True),
    )


def ours(path: Path, database: Path, save: bool) -> dict[str, float]:
    """Read, check and save the file; returns the seconds of each step and what was found."""
    from access.scope import EVERYWHERE
    from data_model.catalogue import DATASETS
    from data_model.severity import Severity
    from data_model.store import open_database, reading
    from loaders.check import check
    from loaders.files import read_file, sha256_of
    from loaders.reach import Reach
    from loaders.save import Consent
    from loaders.save import save as save_report
    from loaders.surroundings import SavedRows
    from loaders.upload_record import Sender

    engine = open_database(f"sqlite:///{database}")
    dataset = DATASETS["suspensions"]
    started = time.perf_counter()
    table = read_file(path, path.name)
    read = time.perf_counter()
    with reading(engine) as connection:
        report = check(table, dataset, SavedRows(connection, Reach(connection, EVERYWHERE)))
    checked = time.perf_counter()
    result = {"read": read - started, "check": checked - read, "rejected": report.rejected}
    if save:
        sender, consent = Sender("benchmark", EVERYWHERE), Consent(good_rows=True, accept_queries=True)
        save_report(engine, report, sha256_of(path), sender, consent)
        result["save"] = time.perf_counter() - checked
    result["seconds"] = time.perf_counter() - started
    found = {issue.line: issue.column for issue in report.issues(Severity.ERROR)}
    Path(f"{path}.found.json").write_text(json.dumps(found))
    return result


def measure(step: str, *arguments: str) -> dict[str, float]:
    """Run one step in a process of its own; adds its seconds (`wall`) and its peak memory in megabytes."""
    command = [sys.executable, "-m", "benchmarks.load", f"--step={step}", *arguments]
    started = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result | {"wall": time.perf_counter() - started}


def run_step(step: str, arguments: list[str]) -> dict[str, float]:
    """What a measuring process does."""
    paths = [Path(argument) for argument in arguments]
    started = time.perf_counter()
    if step == "floor":
        result: dict[str, float] = {"rows": floor(*paths)}
    elif step == "prepare":
        prepare(*paths)
        result = {}
    else:
        result = ours(*paths, save=step == "load")
    result.setdefault("seconds", time.perf_counter() - started)
    return result | {"peak_mb": peak_mb()}


def peak_mb() -> float:
    """This process's own peak: getrusage would count what the parent held when it started us."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def compare(rows: int, faulty: float) -> None:
    """Measure one size and print its lines."""
    from benchmarks import suspensions_file

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        schools, file, faults = suspensions_file.write(folder, rows, faulty)
        base = measure("floor", str(file), str(folder / "floor.db"))
        measure("prepare", str(schools), str(folder / "ours.db"))
        loaded = measure("load", str(file), str(folder / "ours.db"))
        found = {int(line): column for line, column in json.loads(Path(f"{file}.found.json").read_text()).items()}
        exact = "every planted fault at its line and column, and no other" if found == faults else "FAULTS DIFFER"
        print(f"{rows:>9,} rows, {len(faults):,} faulty: {exact}")
        print(f"  floor        {base['seconds']:7.2f} s   peak {base['peak_mb']:6.0f} MB")
        steps = ", ".join(f"{step} {loaded[step]:.2f}" for step in ("read", "check", "save"))
        print(f"  check + save {loaded['seconds']:7.2f} s   peak {loaded['peak_mb']:6.0f} MB   ({steps})")
        print(f"  ratio        {loaded['seconds'] / base['seconds']:7.2f}")


def main() -> None:
    """Measure each size asked for (30,000 and 1,000,000 rows), each clean and with one row in a hundred faulty."""
    if len(sys.argv) > 1 and sys.argv[1].startswith("--step="):
        print(json.dumps(run_step(sys.argv[1].removeprefix("--step="), sys.argv[2:])))
        return
    for rows in [int(argument) for argument in sys.argv[1:]] or [30_000, 1_000_000]:
        for faulty in (0.0, 0.01):
            compare(rows, faulty)


if __name__ == "__main__":
    main()
