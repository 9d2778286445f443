"""The command line: python -m loaders. Made for an LA data team's scheduled jobs; the output is a promise (README)."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from traceback import walk_tb
from typing import Annotated, Any, NoReturn

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from access.command_line import By, who_runs
from access.people import Person
from access.roles import Permission
from access.sign_in.accounts import Refused
from data_model import inert, logs
from data_model.catalogue import DATASETS
from data_model.codes import Agreement, Source
from data_model.dataset import Dataset
from data_model.reference import local_authorities
from data_model.store import database
from data_model.terms import Period
from loaders import caseload_sheet, files, template
from loaders.history import every_upload
from loaders.issues import Unreadable
from loaders.published import load_published, published_kind
from loaders.remember import remembered_headers, remembered_senders
from loaders.save import AlreadyLoaded, Consent, NotSaved
from loaders.sheet_headers import recognise
from loaders.undo import undo as undo_upload
from loaders.upload_record import Sender

_WOULD_LOAD, _HAS_ERRORS, _UNREADABLE = 0, 1, 2

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value and nothing else.")]
File = Annotated[Path, typer.Argument(help="The file to read.", show_default=False)]
Name = Annotated[str, typer.Argument(help="The dataset: `python -m loaders datasets` lists them.", show_default=False)]
FileOf = Annotated[
    str, typer.Argument(help="The dataset, or caseload_sheet for one row per child.", show_default=False)
]
Agreed = Annotated[
    Agreement | None,
    typer.Option("--parent-agreement", help="The parents' answer in the rows of a caseload sheet that give none."),
]
Term = Annotated[str | None, typer.Option("--period", help="The term the file is for, such as 202526-AUT.")]
From = Annotated[
    Source, typer.Option("--source", help="Where suspensions and permanent exclusions come from: kept side by side.")
]
SentBy = Annotated[
    str | None,
    typer.Option(
        "--sender", help="Who sent the file: headers that were explained for them on the Upload page are known."
    ),
]


class _Stop(Exception):
    """Ends a command: what to print instead of a result, and the exit code."""

    def __init__(self, code: str, message: str, exit_code: int = _UNREADABLE) -> None:
        super().__init__(message)
        self.code, self.message, self.exit_code = code, message, exit_code


@cli.command()
def datasets(as_json: AsJson = False) -> None:
    """List the datasets in the order to load them."""
    if as_json:
        _print_json(template.describe_all())
        return
    for dataset in DATASETS.values():
        required = ", ".join(name for name, column in dataset.columns.items() if column.required)
        typer.echo(f"{dataset.name:22} {dataset.plain}\n{'':22} needs: {required}")


@cli.command("template")
def print_template(dataset: Name) -> None:
    """Print the CSV that a sender starts from."""
    with _told(False, dataset, ""):
        typer.echo(template.template(_dataset(dataset)), nl=False)


@cli.command()
def check(
    dataset: FileOf,
    file: File,
    as_json: AsJson = False,
    period: Term = None,
    source: From = Source.NOTIFIED,
    parent_agreement: Agreed = None,
    sender: SentBy = None,
    by: By = None,
) -> None:
    """Check a file and write nothing. Exit 0: would load; 1: has errors; 2: unreadable, or wrong usage."""
    with _told(as_json, dataset, str(file)):
        runs = who_runs(by, Permission.UPLOAD)
        if dataset == caseload_sheet.NAME:
            sheet = _check_sheet(file, _period(period), parent_agreement, sender, runs)
            result, loaded_before = caseload_sheet.summary(sheet), bool(sheet.loaded_before)
        else:
            _refuse_agreement(parent_agreement)
            chosen, term = _dataset(dataset), _period(period)
            table, sha256 = files.read_file(file, file.name), files.sha256_of(file)
            engine = _database()
            headers = _remembered(engine, sender, chosen.name)
            given: dict[str, Any] = {"scope": runs.loads_for, "period": term, "source": source, "headers": headers}
            checked = files.check_table(engine, table, sha256, chosen, **given)
            result, loaded_before = _summary(checked), checked.loaded_before is not None
        _print(result, as_json)
        raise typer.Exit(_WOULD_LOAD if loaded_before or not result["errors"] else _HAS_ERRORS)


@cli.command()
def load(
    dataset: FileOf,
    file: File,
    as_json: AsJson = False,
    period: Term = None,
    good_rows: Annotated[bool, typer.Option(help="Save the rows without errors, and leave the others.")] = False,
    accept_queries: Annotated[bool, typer.Option(help="Save rows that have open queries.")] = False,
    remove_gone: Annotated[bool, typer.Option(help="Remove saved rows that this file no longer has.")] = False,
    source: From = Source.NOTIFIED,
    nil_schools: Annotated[list[int] | None, typer.Option("--urn", help="A school that a nil return is for.")] = None,
    parent_agreement: Agreed = None,
    sender: SentBy = None,
    by: By = None,
) -> None:
    """Check a file and save it in one transaction. Saves nothing on any error or open query, unless told to."""
    consent = Consent(good_rows, accept_queries, remove_gone)
    with _told(as_json, dataset, str(file)):
        runs, term = who_runs(by, Permission.SAVE_UPLOADS), _period(period)
        if dataset == caseload_sheet.NAME:
            if nil_schools:
                raise _Stop("E-USAGE", "--urn is for a dataset's nil return, not for a caseload sheet.")
            result, exit_code = _load_sheet(file, term, parent_agreement, sender, consent, runs)
        else:
            _refuse_agreement(parent_agreement)
            given = {"consent": consent, "period": term, "source": source, "nil_schools": nil_schools or ()}
            result, exit_code = _load_dataset(_dataset(dataset), file, sender, runs, given)
        _print(result, as_json)
        raise typer.Exit(exit_code)


def _load_dataset(
    dataset: Dataset, file: Path, sender: str | None, runs: Person, given: dict[str, Any]
) -> tuple[dict[str, Any], int]:
    """What to print of a file that was loaded, or was not, and the exit code."""
    table, sha256, engine = files.read_file(file, file.name), files.sha256_of(file), _database()
    headers = _remembered(engine, sender, dataset.name)
    try:
        checked, saved = files.load_table(engine, table, sha256, dataset, Sender.of(runs), headers=headers, **given)
    except NotSaved as reason:
        found: files.Checked = reason.found
        before = reason.upload_ids[0] if isinstance(reason, AlreadyLoaded) else found.loaded_before
        result = _summary(found) | {"upload_id": before}
        result["notes"] = list(dict.fromkeys([*result["notes"], str(reason)]))
        return result, _WOULD_LOAD if before is not None else _HAS_ERRORS
    return files.summary(checked) | asdict(saved), _WOULD_LOAD


def _summary(checked: files.Checked) -> dict[str, Any]:
    """The report on a file, with a hint where it is a published one, which another command loads."""
    result, report = files.summary(checked), checked.report
    kind = published_kind(report.table.headers) if report.file_issues else None
    if kind:
        result["notes"].append(f"This looks like {kind.title}: load it with `python -m loaders published`.")
    return result


def _remembered(engine: Engine, sender: str | None, name: str) -> dict[str, str]:
    """What was explained on the Upload page about the headers of a sender's files of this kind."""
    if sender is None:
        return {}
    sender, known = " ".join(sender.split()), remembered_senders(engine)
    if sender not in known:
        those = f"Nothing is remembered for the sender {sender[:60]!r}"
        raise _Stop(
            "E-SENDER", f"{those}. Choose one of {', '.join(known)}." if known else f"{those}, nor for any other."
        )
    return remembered_headers(engine, sender, name)


def _check_sheet(
    file: Path, period: Period | None, agreement: Agreement | None, sender: str | None, runs: Person
) -> caseload_sheet.SheetChecked:
    """A caseload sheet, checked with its columns read as their headers propose, or as they were explained."""
    table, sha256, engine = files.read_file(file, file.name), files.sha256_of(file), _database()
    mapping = recognise(table, _remembered(engine, sender, caseload_sheet.NAME))
    given: dict[str, Any] = {"scope": runs.loads_for, "parent_agreement": agreement, "period": period}
    return caseload_sheet.check_sheet(engine, table, sha256, mapping, **given)


def _load_sheet(
    file: Path,
    period: Period | None,
    agreement: Agreement | None,
    sender: str | None,
    consent: Consent,
    runs: Person,
) -> tuple[dict[str, Any], int]:
    """What to print of a caseload sheet that was loaded, or was not, and the exit code."""
    table, sha256, engine = files.read_file(file, file.name), files.sha256_of(file), _database()
    mapping = recognise(table, _remembered(engine, sender, caseload_sheet.NAME))
    given: dict[str, Any] = {"parent_agreement": agreement, "period": period, "consent": consent}
    try:
        checked, saved = caseload_sheet.load_sheet(engine, table, sha256, mapping, Sender.of(runs), **given)
    except NotSaved as reason:
        found: caseload_sheet.SheetChecked = reason.found
        result = caseload_sheet.summary(found) | {"uploads": [{"upload_id": it} for it in found.loaded_before]}
        result["notes"] = list(dict.fromkeys([*result["notes"], str(reason)]))
        return result, _WOULD_LOAD if found.loaded_before else _HAS_ERRORS
    uploads = [{"dataset": name, **asdict(upload)} for name, upload in saved.items()]
    return caseload_sheet.summary(checked) | {"uploads": uploads}, _WOULD_LOAD


def _refuse_agreement(agreement: Agreement | None) -> None:
    if agreement is not None:
        raise _Stop("E-USAGE", "--parent-agreement is for a caseload sheet alone: a dataset has a column for it.")


@cli.command()
def published(
    file: File,
    as_json: AsJson = False,
    la_codes: Annotated[list[int] | None, typer.Option("--la", help="Of schools, keep those of this LA alone.")] = None,
    by: By = None,
) -> None:
    """Load a file of published statistics, recognised by its header: DfE, GIAS, LA rates, statistical neighbours."""
    with _told(as_json, None, str(file)):
        runs = who_runs(by, Permission.SAVE_UPLOADS)
        for code in la_codes or ():
            if code not in local_authorities():
                raise _Stop("E-USAGE", f"There is no local authority {code}. Give its three-digit code, such as 331.")
        report = load_published(_database(), file, file.name, Sender.of(runs), la_codes=la_codes or ())
        result = report.to_dict()
        _print(result, as_json)
        raise typer.Exit(_HAS_ERRORS if result["errors"] else _WOULD_LOAD)


@cli.command("uploads")
def list_uploads(as_json: AsJson = False, by: By = None) -> None:
    """List the uploads, newest first."""
    with _told(as_json, None, ""):
        rows = every_upload(_database(), who_runs(by, Permission.UPLOAD).loads_for)
        if as_json:
            _print_json(rows)
            return
        for row in rows:
            undone = " (undone)" if row["undone_at"] else ""
            _say(
                f"{row['upload_id']:>5} {row['uploaded_at']:%Y-%m-%d %H:%M} {row['dataset']:22} "
                f"{row['rows_accepted']:>9,} rows  {row['file_name']}{undone}"
            )


@cli.command()
def undo(
    upload_id: Annotated[int, typer.Argument(help="The upload's number.")], as_json: AsJson = False, by: By = None
) -> None:
    """Take an upload back: its rows go, and those it replaced return."""
    with _told(as_json, None, ""):
        count = undo_upload(_database(), upload_id, Sender.of(who_runs(by, Permission.UNDO_UPLOADS)))
        message = f"Upload {upload_id} was undone: {count:,} rows went or returned."
        if as_json:
            _print_json({"upload_id": upload_id, "rows": count})
        else:
            typer.echo(message)


@contextmanager
def _told(as_json: bool, dataset: str | None, file: str) -> Iterator[None]:
    """Whatever goes wrong is told in a sentence, or with --json as the object that the command promises."""
    try:
        yield
    except _Stop as stop:
        _fail(as_json, dataset, file, stop.code, stop.message, stop.exit_code)
    except Unreadable as problem:
        _fail(as_json, dataset, file, problem.code, str(problem), _UNREADABLE)
    except Refused as problem:
        _fail(as_json, dataset, file, "E-NOT-ALLOWED", str(problem), _UNREADABLE)
    except NotSaved as problem:
        _fail(as_json, dataset, file, "E-NOT-SAVED", str(problem), _HAS_ERRORS)
    except (typer.Exit, BrokenPipeError):  # whoever reads stdout may stop reading: typer knows what to do
        raise
    except (SQLAlchemyError, OSError) as problem:
        message = (
            f"The database or a file could not be used ({type(problem).__name__}). "
            "Nothing was saved. Try again, or ask whoever runs it."
        )
        _fail(as_json, dataset, file, "E-UNAVAILABLE", message, _UNREADABLE)
    except Exception as problem:  # a fault of ours: a scheduled job still gets its one object, and no pupil's data
        message = (
            f"Something went wrong that should not ({_place_of(problem)}). "
            "Please report it, and look at `python -m loaders uploads` for what was saved."
        )
        _fail(as_json, dataset, file, "E-INTERNAL", message, _UNREADABLE)


def _place_of(problem: Exception) -> str:
    """Where an exception arose, without its message: that may hold what a cell says."""
    *_, last = walk_tb(problem.__traceback__)
    return f"{type(problem).__name__} in {last[0].f_globals['__name__']}, line {last[1]}"


def _fail(as_json: bool, dataset: str | None, file: str, code: str, message: str, exit_code: int) -> NoReturn:
    if as_json:
        _print_json(files.unreadable_summary(dataset, file, code, message))
    else:
        _say(message, err=True)
    raise typer.Exit(exit_code)


def _dataset(name: str) -> Dataset:
    if name not in DATASETS:
        raise _Stop("E-DATASET", f"There is no dataset {name[:40]!r}. Choose one of {', '.join(DATASETS)}.")
    return DATASETS[name]


def _period(text: str | None) -> Period | None:
    try:
        return Period.parse(text) if text else None
    except ValueError as problem:
        raise _Stop("E-PERIOD", str(problem)) from None


def _database() -> Engine:
    try:
        return database()
    except SystemExit as problem:
        raise _Stop("E-DATABASE", str(problem)) from None


def _print(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        _print_json(result)
        return
    counts = f"{result['accepted']:,} of {result['rows']:,} rows accepted, {result['rejected']:,} rejected"
    _say(f"{result['file']}: {counts}.")
    for issue in (*result["errors"], *result["queries"]):
        where = f"line {issue['line']}" if issue["line"] else "the whole file"
        column = f", {issue['column']}" if issue["column"] else ""
        _say(f"  {issue['severity']}: {where}{column}: {issue['message']} [{issue['code']}]")
    for note in result["notes"]:
        _say(f"  note: {note}")
    for upload in result.get("uploads", [result]):
        if "new" in upload and "upload_id" in upload:
            _say(_saved(upload))


def _saved(upload: dict[str, Any]) -> str:
    """What an upload did, and which saved rows it left."""
    names = ("new", "changed", "unchanged", "removed")
    stayed = (
        f" {upload['gone']:,} saved rows are not in the file and stay: see --remove-gone." if upload["gone"] else ""
    )
    return f"Saved as upload {upload['upload_id']}: {', '.join(f'{upload[name]:,} {name}' for name in names)}.{stayed}"


def _print_json(value: Any) -> None:
    sys.stdout.write(inert.one_line(json.dumps(value, default=str, ensure_ascii=False)) + "\n")


def _say(line: str, err: bool = False) -> None:
    """Print a line. Names of files and cells may hold what a terminal obeys."""
    typer.echo(inert.one_line(line), err=err)


def main() -> None:
    """Run the command line. Wrong usage is told in one sentence, as JSON where --json was asked for."""
    # A file's name may hold bytes that are no text: they are written as escapes, which JSON reads too.
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        sys.exit(cli(standalone_mode=False) or 0)
    except typer.TyperException as problem:
        message = f"{problem.format_message().rstrip('.')}. Add --help to see how it is used."
        if "--json" in sys.argv:
            _print_json(files.unreadable_summary(None, "", "E-USAGE", message))
        else:
            _say(message, err=True)
        sys.exit(_UNREADABLE)


if __name__ == "__main__":
    logs.run(main)
