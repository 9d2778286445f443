"""The list of schools in numbers: python -m benchmarks.targeting [TRIES]

How long it takes and how much memory, for an authority of 600 schools and 15 terms from its own suspensions and for
England's 24,000 from DfE's published statistics, each in a process of its own beside a peer: a plain table of rates by
school, without anything that allows for chance. And how often the funnel cries wolf on simulated schools.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from access.scope import EVERYWHERE, Scope
from analysis import queries
from analysis.records import Records
from analysis.targeting.funnel import funnel_of
from analysis.targeting.history import terms_back
from analysis.targeting.where_next import where_next
from benchmarks.load import peak_mb
from benchmarks.simulated_schools import PUPILS, RATE, alarms
from data_model.catalogue import DATASETS
from data_model.codes import Phase
from data_model.store import open_database, reading
from data_model.terms import Period, Term
from loaders.files import check_table, read_file, sha256_of
from loaders.save import Consent, save
from loaders.upload_record import Sender
from sample_data.frames import csv_bytes
from sample_data.generate import generate

LA = 999
SCHOOLS, ENGLAND, AUTHORITIES = 600, 24_000, 150
NEEDED = ("schools", "term_dates", "headcounts", "suspensions")
SENDER = Sender("benchmark", EVERYWHERE)


def prepare(path: str) -> None:
    """Save the fictional authority's schools, headcounts and suspensions of five years."""
    engine = open_database(f"sqlite:///{path}")
    frames = generate(SCHOOLS, 5)
    for name in NEEDED:
        content = csv_bytes(frames[name])
        table, sha256 = read_file(content, f"{name}.csv"), sha256_of(content)
        day = date(2027, 8, 1)  # after the last of them
        checked = check_table(engine, table, sha256, DATASETS[name], scope=EVERYWHERE, today=day)
        consent = Consent(accept_queries=True)
        save(engine, checked.report, sha256, SENDER, consent, seen_version=checked.comparison.version)
    engine.dispose()


def own(path: str, *, full: bool = True) -> tuple[Records, Period]:
    """The records of that authority, as read anew after an upload, in full or with small numbers hidden."""
    engine = open_database(f"sqlite:///{path}")
    with reading(engine) as connection:
        return queries.records(connection, Scope(frozenset({LA}), full_figures=full)), Period("202526", Term.SUM)


def england(path: str) -> tuple[Records, Period]:
    """Records of made-up published statistics: 24,000 schools of 150 authorities by 15 terms."""
    engine = open_database(f"sqlite:///{path}")
    with reading(engine) as connection:
        empty = queries.records(connection, Scope(frozenset({1})))
    last = Period("202425", Term.SUM)
    rng = np.random.default_rng(1)
    number = np.arange(ENGLAND)
    phase = rng.choice([str(each) for each in RATE], ENGLAND, p=[0.8, 0.16, 0.04])
    size = np.maximum(
        20, pd.Series(phase).map({"primary": 270, "secondary": 950, "special": 110}) * rng.lognormal(0, 0.4)
    )
    rate = pd.Series(phase).map({str(each): a_year / 3 for each, a_year in RATE.items()}).to_numpy()
    codes = 200 + np.arange(AUTHORITIES)
    school = pd.DataFrame({"phase": phase, "headcount": size.round(), "laestab": 1_000_000 + number})
    school = school.assign(urn=100_000 + number, la_code=codes[number % len(codes)], geographic_level="school")
    school = school.assign(area_code=school["laestab"].astype("str"), school_name="School", suspensions_marker="")
    terms = []
    for period in terms_back(last, 5):
        counts = rng.poisson(school["headcount"] * rate * rng.gamma(1.5, 1 / 1.5, ENGLAND))
        terms.append(school.assign(academic_year=period.year, term=str(period.term), suspensions=counts.astype(float)))
    every = pd.concat(terms, ignore_index=True).reindex(columns=empty.published.columns)
    category = dict.fromkeys(("phase", "academic_year", "term", "geographic_level"), "category")
    return replace(empty, published=every.astype(category)), last


def own_rates(records: Records) -> pd.DataFrame:
    """The peer: suspensions per 100 pupils by school and quarter of a year, whatever comes by chance."""
    events = records.suspensions
    counts = events.groupby([events["urn"], events["start_date"].dt.to_period("Q")]).size().unstack(fill_value=0)
    rolls = records.headcounts.groupby("urn")["headcount"].last()
    return 100 * counts.div(rolls, axis=0)


def england_rates(records: Records) -> pd.DataFrame:
    """The same by school and term from the published statistics."""
    rows = records.published
    by = rows.groupby(["laestab", "academic_year", "term"], observed=True)[["suspensions", "headcount"]].sum()
    return (100 * by["suspensions"] / by["headcount"]).unstack(["academic_year", "term"])


STEPS: dict[str, tuple[Callable[[str], tuple[Records, Period]], Callable[[Records, Period], object]]] = {
    "own, list": (own, lambda records, period: where_next(records, period, LA)),
    "own, hidden": (partial(own, full=False), lambda records, period: where_next(records, period, LA)),
    "own, funnel": (own, lambda records, period: funnel_of(records, period, LA)),
    "own, peer": (own, lambda records, _: own_rates(records)),
    "England, list": (england, where_next),
    "England, peer": (england, lambda records, _: england_rates(records)),
}


def run(step: str, path: str) -> dict[str, float]:
    """Read the records and work a step out twice: seconds of the processor and what the memory came to."""
    read, work = STEPS[step]
    records, period = read(path)
    before = peak_mb()
    taken = []
    for _ in range(2):
        started = time.process_time()
        work(records, period)
        taken.append(time.process_time() - started)
    return {"first": taken[0], "again": taken[1], "before_mb": before, "peak_mb": peak_mb()}


def measure(step: str, path: str) -> dict[str, float]:
    """Run a step in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.targeting", f"--step={step}", path]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def speed() -> None:
    """Print seconds and memory of each step beside its peer's."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/{Path(__file__).stem}.db"
        prepare(path)
        found = {step: measure(step, path) for step in STEPS}
    print("seconds of the processor: first asked, asked again; peak memory after it (before it)")
    for step, taken in found.items():
        peer = found[step.split(",")[0] + ", peer"]
        ratio = f"{taken['again'] / peer['again']:5.1f} times the peer" if "peer" not in step else ""
        memory = f"{taken['peak_mb']:5.0f} MB ({taken['before_mb']:.0f})"
        print(f"{step:14} {taken['first']:6.2f} s {taken['again']:6.2f} s   {memory}   {ratio}")


def wolf(tries: int) -> None:
    """Print how often schools that differ by chance alone lie above the limits, and how often a real one is found."""
    for name, pupils in PUPILS.items():
        for words, plain in (("repeat pattern", False), ("plain Poisson", True)):
            for phase, found in alarms(pupils, 1, tries, plain=plain).items():
                shares = f"{found.inner:6.2%} above the inner limit, {found.outer:7.3%} above the outer"
                print(f"{name}, {words:14} {phase:9} {shares}, of {found.schools:,} alike")
        found = alarms(pupils, 2, tries)[Phase.SECONDARY]
        shares = f"{found.inner:.0%} above the inner limit, {found.outer:.0%} above the outer"
        print(f"{name}, a secondary at twice the rate: {shares}")


def main() -> None:
    """Measure the speed, then simulate as many authorities' years as asked for (300)."""
    if len(sys.argv) > 1 and sys.argv[1].startswith("--step="):
        print(json.dumps(run(sys.argv[1].removeprefix("--step="), sys.argv[2])))
        return
    speed()
    wolf(int(sys.argv[1]) if len(sys.argv) > 1 else 300)


if __name__ == "__main__":
    main()
