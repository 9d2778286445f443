"""The upload page: check, put right, confirm, save, undo; and nothing is saved before it is confirmed."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from html_of import html_of
from sqlalchemy import Engine, select
from upload_page import ASKED, GOOD, HEADER, OTHER, WRONG, UploadPage, csv, load, load_schools

from access.people import Person
from access.roles import Role
from access.scope import Grant
from data_model.catalogue import DATASETS
from data_model.codes import Agreement, Source
from data_model.settings import settings
from data_model.store import reading
from data_model.suspensions import SUSPENSIONS
from data_model.terms import Period, Term
from data_model.uploads import TYPED, header_mappings, upload_schools
from loaders.entering import enter
from loaders.files import read_file
from loaders.text_table import TextTable
from ui.uploading.corrections import edits_in

Open = Callable[..., UploadPage]


@pytest.fixture
def page(draw_page, empty_database: Engine) -> UploadPage:
    """The page as an outreach manager opens it, the schools loaded, for a file of suspensions."""
    load_schools(empty_database)
    opened = UploadPage(draw_page("upload", Role.MANAGER), empty_database)
    opened.choose("suspensions")
    return opened


def suspensions(engine: Engine) -> dict[str, tuple[int, int]]:
    """The school and the sessions of each pupil's suspension."""
    table = SUSPENSIONS.table
    with reading(engine) as connection:
        rows = connection.execute(select(table.c.pupil_ref, table.c.urn, table.c.sessions))
        return {pupil: (urn, sessions) for pupil, urn, sessions in rows}


def test_a_good_file_is_saved_when_it_is_confirmed_and_not_before(page: UploadPage) -> None:
    page.drop(csv(GOOD, OTHER), "autumn.csv")
    assert "2 rows: all can be saved." in page.words
    assert page.counts == {"New": "2", "Changed": "0", "The same": "0", "Not in this file": "0"}
    assert suspensions(page.engine) == {}
    page.press("Save 2 rows")
    assert "Saved as upload 2 (Suspensions): 2 rows added." in page.words
    assert suspensions(page.engine) == {"P1": (900001, 2), "P2": (900001, 3)}
    upload = page.uploads[0]
    assert (upload.uploaded_by, upload.file_name, upload.period) == ("Outreach manager", "autumn.csv", "202526-AUT")
    assert 'href="/school?school=900001"' in html_of(page.drawn)
    assert 'href="/overview"' in html_of(page.drawn)
    assert page.drawn.file_uploader[0].value is None


def test_errors_and_questions_are_counted_said_and_offered_for_download(page: UploadPage) -> None:
    page.drop(csv(GOOD, WRONG, WRONG.replace("P3", "P5"), ASKED))
    assert "4 rows: 2 can be saved, 2 have errors, 1 has questions." in page.words
    assert "2 rows in **sessions**: Sessions must be a whole number, such as 3. On lines 3 and 4." in page.words
    assert "1 row in **start_date**: 11 October 2025 is a Saturday or Sunday. Check the date. On line 5." in page.words
    assert "Download the 3 rows to put right" in page.downloads
    assert ">two<" in html_of(page.drawn)


def test_nothing_is_saved_over_errors_or_questions_until_each_is_ticked(page: UploadPage) -> None:
    page.drop(csv(GOOD, WRONG, ASKED))
    assert not page.can_press("Save 2 rows")
    assert "To save, tick that the good rows are saved and the others left out" in page.words
    page.tick("leave out the 1 row with errors")
    assert not page.can_press("Save 2 rows")
    assert "To save, tick that you have looked at the questions" in page.words
    page.tick("I have looked at the question")
    assert suspensions(page.engine) == {}
    page.press("Save 2 rows")
    assert "2 rows added. 1 row with errors left out." in page.words
    assert set(suspensions(page.engine)) == {"P1", "P4"}
    assert (page.uploads[0].rows_rejected, page.uploads[0].rows_queried) == (1, 1)


def test_a_file_whose_every_row_is_wrong_cannot_be_saved(page: UploadPage) -> None:
    page.drop(csv(WRONG))
    assert "1 row: none can be saved, 1 has errors." in page.words
    assert "Nothing can be saved until the errors are put right." in page.words
    assert not any(button.startswith("Save") for button in page.buttons)


def test_how_the_file_was_read_is_said(page: UploadPage) -> None:
    header = "UPN or ref;School URN;Date From;No of sessions;category;reason 1;Form"
    rows = "P1;900001;06/10/2025;2;FIXD;PP;9X\nTotal;;;2;;;\n"
    page.drop(f"Autumn exports – all schools\n\n{header}\n{rows}".encode("cp1252"), "SIMS export.csv")
    page.select("Pupil reference", "UPN or ref", run=False)
    page.press("Read the file like this")
    assert "semicolons between cells and the header on line 3" in page.words
    assert "Dates were read as day/month/year" in page.words
    assert "'Date From' as start_date" in page.words
    assert "The totals row on line 5 was left out." in page.words
    assert "1 row: it can be saved." in page.words


_ZIP = io.BytesIO()
with zipfile.ZipFile(_ZIP, "w") as _archive:
    _archive.writestr("xl/workbook.xml", "<workbook/>")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (_ZIP.getvalue(), "This is an Excel workbook"),
        (b"%PDF-1.7 ...", "This is a PDF"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "This is a web page"),
        (b"pupil_ref,urn\nP1,9\x000001\n", "NUL"),
        (b"a,a\n1,2\n", "stands over"),
    ],
    ids=["empty", "xlsx", "pdf", "html", "nul", "header twice"],
)
def test_what_is_no_csv_is_refused_in_one_sentence(page: UploadPage, content: bytes, sentence: str) -> None:
    page.drop(content)
    assert len(page.drawn.error) == 1
    assert sentence in page.words
    assert "Save" not in page.headings


def test_a_file_over_the_limit_is_refused(draw_page, empty_database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_MAX_FILE_MB", "1")
    settings.cache_clear()
    page = UploadPage(draw_page("upload", Role.MANAGER), empty_database)
    page.choose("suspensions")
    page.drop(csv(*[GOOD] * 40_000))
    assert "at most 1.0 MB are taken here" in page.words
    assert len(page.drawn.error) == 1


def test_the_wrong_kind_of_file_is_recognised_and_checked_as_what_it_is(page: UploadPage) -> None:
    page.choose("permanent_exclusions")
    page.drop(csv(GOOD))
    assert "This looks like a file of suspensions, not permanent exclusions." in page.words
    page.press("Check it as suspensions")
    assert "1 row: it can be saved." in page.words


def test_a_published_file_in_the_wrong_box_is_recognised(page: UploadPage) -> None:
    page.choose("schools")
    page.drop((Path(__file__).parents[1] / "published" / "gias_schema_sample_anonymised.csv").read_bytes())
    assert "This looks like a published file (Get Information about Schools: establishments)" in page.words
    page.press("Load it as published statistics")
    assert "establishments: 60 rows." in page.words


def test_without_schools_one_sentence_says_what_to_load_first(draw_page, empty_database: Engine) -> None:
    page = UploadPage(draw_page("upload", Role.STEWARD), empty_database)
    assert "Start with the schools file" in page.words
    page.choose("suspensions")
    page.drop(csv(GOOD, OTHER))
    assert [error.value.replace("\\", "") for error in page.drawn.error] == [
        "No schools are loaded yet, so nothing can be said of these rows. Load the schools file first."
    ]


def test_a_file_without_a_kind_is_asked_for_one(draw_page, empty_database: Engine) -> None:
    page = UploadPage(draw_page("upload", Role.MANAGER), empty_database)
    page.drop(csv(GOOD))
    assert "Choose above what is in the file." in page.words


UNKNOWN = csv(GOOD, header=HEADER.replace("reason_1", "Why"))


def test_an_unknown_header_is_explained_once_and_remembered_for_its_sender(page: UploadPage, draw_page) -> None:
    page.say_sender("Bromcom, Lanternmere")
    page.drop(UNKNOWN)
    assert "There is no column reason_1" in page.words
    page.select("Reason 1", "Why", run=False)
    page.press("Read the file like this, and remember it for Bromcom, Lanternmere")
    assert "“Why” is reason_1" in page.words
    assert "1 row: it can be saved." in page.words

    another_day = UploadPage(draw_page("upload", Role.STEWARD), page.engine)
    another_day.choose("suspensions")
    another_day.drop(UNKNOWN)
    assert "There is no column reason_1" in another_day.words
    another_day.say_sender("Bromcom,  Lanternmere ")
    assert "1 row: it can be saved." in another_day.words


def test_what_was_remembered_can_be_asked_again(page: UploadPage) -> None:
    page.say_sender("Bromcom")
    page.drop(UNKNOWN)
    page.select("Reason 1", "Why", run=False)
    page.press("Read the file like this")
    page.press("Ask me again which column is which")
    assert "There is no column reason_1" in page.words
    with reading(page.engine) as connection:
        assert connection.execute(select(header_mappings)).all() == []


def test_without_a_sender_a_header_is_explained_for_this_file_alone(page: UploadPage) -> None:
    page.drop(UNKNOWN)
    page.select("Reason 1", "Why", run=False)
    page.press("Read the file like this")
    assert "1 row: it can be saved." in page.words
    page.drop(UNKNOWN + OTHER + "\n")
    assert "There is no column reason_1" in page.words


def test_of_two_headers_for_one_column_the_right_one_is_asked_for(page: UploadPage) -> None:
    page.drop(csv(f"{GOOD},99", header=f"{HEADER},no of sessions"))
    page.select("Sessions (sessions): which", "no of sessions", run=False)
    page.press("Read the file like this")
    assert "1 row in **no of sessions**: Sessions must be a whole number from 1 to 90" in page.words


def test_an_unknown_column_can_be_said_to_be_another(page: UploadPage) -> None:
    page.drop(csv(f"{GOOD},K", header=f"{HEADER},Prov"))
    page.select("Prov", "sen_provision", run=False)
    page.press("Read the file like this")
    assert "“Prov” is sen_provision" in page.words


def test_two_columns_cannot_be_one_header(page: UploadPage) -> None:
    page.drop(csv("P1,900001,2025-10-06,2,SUSP,PP", header="pupil_ref,urn,start_date,sessions,A,B"))
    page.select("Category", "A", run=False)
    page.select("Reason 1", "A", run=False)
    page.press("Read the file like this")
    assert "Each column can be chosen once." in page.words


def test_cells_are_put_right_in_the_page_and_checked_again(page: UploadPage) -> None:
    page.drop(csv(GOOD, WRONG, WRONG.replace("P3", "P5")))
    assert [row[:2] for row in page.editor] == [
        (3, "sessions: Sessions must be a whole number, such as 3."),
        (4, "sessions: Sessions must be a whole number, such as 3."),
    ]
    page.type({0: {"sessions": "4"}})
    assert [row[1] for row in page.editor] == ["✓ Right now", "sessions: Sessions must be a whole number, such as 3."]
    assert "3 rows: 2 can be saved, 1 has errors." in page.words
    page.type({0: {"sessions": "4"}, 1: {"sessions": "6", "urn": "900002"}})
    assert "3 rows: all can be saved." in page.words
    assert "3 cells changed here." in page.words
    page.press("Save 3 rows")
    assert suspensions(page.engine) == {"P1": (900001, 2), "P3": (900001, 4), "P5": (900002, 6)}


def test_corrections_belong_to_one_file(page: UploadPage) -> None:
    page.drop(csv(WRONG, GOOD))
    page.type({0: {"sessions": "4"}})
    assert "2 rows: all can be saved." in page.words
    page.drop(csv(WRONG, OTHER))
    assert "2 rows: 1 can be saved, 1 has errors." in page.words


def test_corrections_can_be_taken_back(page: UploadPage) -> None:
    page.drop(csv(WRONG, GOOD))
    page.type({0: {"sessions": "4"}})
    page.press("Take my changes back")
    assert "2 rows: 1 can be saved, 1 has errors." in page.words


def test_a_mended_file_that_was_loaded_in_part_before_brings_its_rest(page: UploadPage) -> None:
    page.drop(csv(GOOD, WRONG))
    page.tick("leave out the 1 row")
    page.press("Save 1 row")
    page.drop(csv(GOOD, WRONG))
    assert "This file is already loaded, as upload 2." in page.words
    page.type({0: {"sessions": "4"}})
    page.press("Save 2 rows")
    assert set(suspensions(page.engine)) == {"P1", "P3"}


def test_more_faulty_rows_than_are_shown(page: UploadPage) -> None:
    page.drop(csv(*(f"P{number},900001,2025-10-08,two,SUSP,DB" for number in range(45))))
    assert len(page.editor) == 40
    assert "5 more rows to put right: the download has all of them." in page.words
    page.type({place: {"sessions": "1"} for place in range(40)})
    page.press("Show the next rows")
    assert [row[0] for row in page.editor] == [42, 43, 44, 45, 46]


def test_a_row_of_a_wrong_shape_is_left_to_the_file(page: UploadPage) -> None:
    page.drop(csv(GOOD, "P2,900001,2025-10-07,3"))
    assert "These rows can only be put right in the file itself" in page.words


@pytest.fixture
def table() -> TextTable:
    return read_file(csv(GOOD, WRONG).encode(), "file.csv")


@pytest.mark.parametrize(
    "changed",
    [
        {"edited_rows": {2: {"sessions": "9"}}},
        {"edited_rows": {-1: {"sessions": "9"}}},
        {"edited_rows": {"0": {"sessions": "9"}}},
        {"edited_rows": {0: {"line": "9", "what_to_put_right": "", "upload_id": "9", "no such column": "9"}}},
        {"edited_rows": {0: {"sessions": 9, "urn": ["900002"], "category": {"a": 1}}}},
        {"added_rows": [{"sessions": "9"}], "deleted_rows": [0]},
        {},
    ],
)
def test_what_the_editor_may_not_change_is_ignored(table: TextTable, changed: dict[str, object]) -> None:
    assert edits_in(changed, table, (2, 3)) == {}


def test_a_cell_that_is_cleared_is_blank(table: TextTable) -> None:
    assert edits_in({"edited_rows": {1: {"sessions": None}}}, table, (2, 3)) == {(3, "sessions"): ""}


def test_differences_are_shown_before_and_rows_that_are_gone_stay(page: UploadPage) -> None:
    load(page.engine, "suspensions", csv(GOOD, OTHER))
    page.drop(csv(GOOD.replace(",2,", ",4,"), "P9,900001,2025-10-09,2,SUSP,DB"))
    assert page.counts == {"New": "1", "Changed": "1", "The same": "0", "Not in this file": "1"}
    assert [expander.label for expander in page.drawn.expander if "row" in expander.label] == [
        "1 row changed",
        "1 new row",
        "1 saved row not in this file",
    ]
    words = html_of(page.drawn)
    assert "<td>2</td><td>4</td>" in words.replace(' class="number"', "")
    page.press("Save 2 rows")
    assert suspensions(page.engine) == {"P1": (900001, 4), "P2": (900001, 3), "P9": (900001, 2)}


def test_rows_that_are_gone_are_removed_where_that_is_ticked(page: UploadPage) -> None:
    load(page.engine, "suspensions", csv(GOOD, OTHER))
    page.drop(csv(GOOD))
    page.tick("Remove the 1 saved row not in this file")
    page.press("Save 1 row")
    assert set(suspensions(page.engine)) == {"P1"}
    assert "1 row already there and 1 row removed" in page.words


def test_a_file_of_corrections_removes_nothing(page: UploadPage) -> None:
    load(page.engine, "suspensions", csv(GOOD, OTHER))
    page.drop(csv(f"3,Sessions,{OTHER.replace(',3,', ',5,')}", header=f"line,what_to_put_right,{HEADER}"))
    assert "This is a file of corrections: saved rows that are not in it stay." in page.words
    assert not [box.label for box in page.drawn.checkbox if "Remove" in box.label]


def test_the_census_of_a_term_stands_beside_what_was_notified(page: UploadPage) -> None:
    load(page.engine, "suspensions", csv(GOOD))
    page.select("Where do the figures come from?", Source.CENSUS)
    page.drop(csv(GOOD.replace(",2,", ",4,")))
    assert (page.counts["New"], page.counts["Changed"]) == ("1", "0")
    page.press("Save 1 row")
    assert [upload.source for upload in page.uploads[:2]] == ["census", "notified"]


def test_the_same_file_again_is_said_to_be_loaded(page: UploadPage) -> None:
    page.drop(csv(GOOD))
    page.press("Save 1 row")
    page.drop(csv(GOOD))
    assert "This file is already loaded, as upload 2." in page.words
    assert not any(button.startswith("Save") for button in page.buttons)


def test_somebody_saving_meanwhile_is_said_and_the_differences_are_shown_anew(page: UploadPage) -> None:
    page.drop(csv(GOOD, OTHER))
    assert page.counts["New"] == "2"
    load(page.engine, "suspensions", csv(GOOD.replace(",2,", ",8,")))
    page.press("Save 2 rows")
    assert "Nothing was saved: the data changed while you were looking." in page.words
    assert suspensions(page.engine) == {"P1": (900001, 8)}
    assert (page.counts["New"], page.counts["Changed"]) == ("1", "1")
    page.press("Save 2 rows")
    assert suspensions(page.engine) == {"P1": (900001, 2), "P2": (900001, 3)}


def test_rows_outside_the_chosen_term_refuse_the_file(page: UploadPage) -> None:
    page.select("Which term is it for?", Period("202425", Term.SUM))
    page.drop(csv(GOOD))
    assert "1 of 1 rows are not in Summer 2024/25" in page.words
    assert "Save" not in page.headings


def test_a_nil_return_is_confirmed_for_a_term_and_schools(page: UploadPage) -> None:
    page.drop(csv())
    assert "Choose above which term it is for." in page.words
    page.select("Which term is it for?", Period("202526", Term.AUT))
    page.drawn.radio[0].set_value("Only these schools").run()
    assert not any(button.startswith("Save") for button in page.buttons)
    page.drawn.multiselect[0].set_value([900002]).run()
    page.press("Save: no suspensions in Autumn 2025/26")
    assert "a nil return: no suspensions in Autumn 2025/26 at 1 school." in page.words
    with reading(page.engine) as connection:
        columns = (upload_schools.c.urn, upload_schools.c.academic_year, upload_schools.c.term, upload_schools.c.rows)
        assert connection.execute(select(*columns)).all() == [(900002, "202526", "AUT", 0)]


def test_a_nil_return_of_every_school(page: UploadPage) -> None:
    page.select("Which term is it for?", Period("202526", Term.AUT))
    page.drop(csv())
    page.press("Save: no suspensions in Autumn 2025/26")
    assert "at every school" in page.words
    page.drop(csv())
    page.press("Save: no suspensions in Autumn 2025/26")
    assert "already loaded" in page.words


def test_the_saved_rows_that_a_nil_return_denies_are_shown_and_go_if_that_is_ticked(page: UploadPage) -> None:
    load(page.engine, "suspensions", csv(GOOD, OTHER))
    page.select("Which term is it for?", Period("202526", Term.AUT))
    page.drop(csv())
    assert "2 rows of suspensions are saved for that term. Look at them:" in page.words
    assert "P1" in html_of(page.drawn)
    page.tick("Remove the saved 2 rows (otherwise they stay, and are counted)")
    page.press("Save: no suspensions in Autumn 2025/26")
    assert "at every school. 2 saved rows removed." in page.words
    assert suspensions(page.engine) == {}


def test_a_nil_return_is_not_saved_over_what_somebody_saved_meanwhile(page: UploadPage) -> None:
    page.select("Which term is it for?", Period("202526", Term.AUT))
    page.drop(csv())
    load(page.engine, "suspensions", csv(GOOD))
    page.press("Save: no suspensions in Autumn 2025/26")
    assert "the data changed while you were looking" in page.words
    assert "1 row of suspensions is saved for that term. Look at them:" in page.words
    assert len(page.uploads) == 2


def test_a_header_alone_loads_nothing_where_there_are_no_events(page: UploadPage) -> None:
    page.choose("schools")
    page.drop("urn,laestab,school_name,phase,establishment_type_group\n")
    assert "there is nothing to load from it" in page.words


def test_an_upload_is_undone_after_a_second_look(page: UploadPage) -> None:
    page.drop(csv(GOOD))
    page.press("Save 1 row")
    page.select("Undo an upload", 2)
    assert "Its 1 new row will go" in page.words
    assert set(suspensions(page.engine)) == {"P1"}
    page.press("Yes, undo upload 2")
    assert "Upload 2 (Suspensions) was undone: 1 row went or came back." in page.words
    assert suspensions(page.engine) == {}
    assert "Undone by Outreach manager" in html_of(page.drawn)


def test_undoing_schools_says_what_becomes_of_the_rows_that_name_them(page: UploadPage) -> None:
    page.select("Undo an upload", 1)
    assert "Its 3 new rows will go. Rows of other files stay, but are shown nowhere until" in page.words


def test_what_undoing_a_change_does_is_said_without_noughts(page: UploadPage) -> None:
    load(page.engine, "suspensions", csv(GOOD))
    load(page.engine, "suspensions", csv(GOOD.replace(",2,", ",4,")))
    page.drawn.run()
    page.select("Undo an upload", 3)
    assert "The 1 row that it changed or removed will come back." in page.words


def test_an_upload_that_a_later_one_replaced_is_undone_after_it(page: UploadPage) -> None:
    load(page.engine, "suspensions", csv(GOOD))
    load(page.engine, "suspensions", csv(GOOD.replace(",2,", ",4,")))
    page.drawn.run()
    assert "Partly replaced by upload 3" in html_of(page.drawn)
    page.select("Undo an upload", 2)
    assert "Upload 3 replaced rows of it: undo that first, then this one." in page.words
    assert "Yes, undo upload 2" not in page.buttons


def test_the_files_of_the_fictional_authority_are_one_line_and_listed_below(page: UploadPage) -> None:
    load(page.engine, "suspensions", csv(GOOD))
    with page.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE uploads SET is_sample = 1")
    page.drop(csv(OTHER))
    page.press("Save 1 row")
    newest_first, every_file = html_of(page.drawn).split("Every file that was loaded", 1)
    assert newest_first.count("<tr>") == 1 + 2
    assert ">1 to 2<" in newest_first
    assert ">2 files<" in newest_first
    assert ">suspensions.csv<" in every_file


def test_what_people_typed_stands_apart_from_files_by_day_and_person_and_can_be_undone(page: UploadPage) -> None:
    ada = Person(None, "Ada", Role.MANAGER, frozenset({Grant(999)}))
    for call in ("L1", "L2"):
        assert enter(
            page.engine, DATASETS["first_response"], {"call_id": call, "received_date": "2025-10-06"}, ada
        ).saved
    page.drawn.run()
    files, typed = html_of(page.drawn).split("What people typed", 1)
    assert TYPED not in files and "First response (2)" in typed and ">Ada<" in typed
    assert not [box for box in page.drawn.selectbox if box.label == "Undo an entry"]
    whose = next(box for box in page.drawn.selectbox if box.label == "Open the entries of")
    whose.select_index(0).run()
    page.select("Undo an entry", 3)
    page.press("Yes, undo upload 3")
    assert "Undone by Outreach manager" in html_of(page.drawn)
    with page.engine.connect() as connection:
        assert connection.execute(select(DATASETS["first_response"].table.c.call_id)).scalars().all() == ["L1"]


def test_the_fictional_authority_is_removed_in_one_step(page: UploadPage) -> None:
    assert "Remove the fictional local authority" not in [each.label for each in page.drawn.expander]
    with page.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE uploads SET is_sample = 1")
    page.drawn.run()
    page.tick("Yes, remove everything that is fictional")
    page.press("Remove it")
    assert "The fictional local authority was removed: 3 rows went." in page.words
    assert page.uploads == []


@pytest.mark.parametrize("role", [Role.LEADER, Role.PANEL, Role.ADMIN])
def test_who_may_not_load_saves_and_undoes_nothing(page: UploadPage, role: Role) -> None:
    page.drop(csv(GOOD))
    page.drawn.user = {"who": f"demonstration:{role}"}
    page.press("Save 1 row")
    assert [title.value for title in page.drawn.title] == ["Not available to you"]
    assert suspensions(page.engine) == {}
    assert len(page.uploads) == 1


def test_hostile_text_from_a_file_is_shown_as_it_is(page: UploadPage) -> None:
    link = "[look](https://evil.example)"
    page.drop(csv(f"P1,900001,2025-10-06,{link},SUSP,PP", header=f"{HEADER}"), "**bold**.csv")
    page.drop(csv(f"{GOOD},x", header=f"{HEADER},{link}"))
    shown = "\n".join(part.value for kind in (page.drawn.markdown, page.drawn.error) for part in kind)
    assert link not in shown


def test_published_statistics_are_recognised_and_loaded(page: UploadPage) -> None:
    page.choose("published")
    header = "LA number,SN1,SN2,SN3,SN4,SN5,SN6,SN7,SN8,SN9,SN10"
    page.drop(f"{header}\n331,332,333,334,335,336,340,341,342,343,344\n")
    assert "Statistical neighbours of each local authority: 1 row." in page.words
    assert len(page.uploads) == 1
    page.press("Load 1 row")
    assert "Loaded as upload 2" in page.words
    assert page.uploads[0].dataset == "statistical_neighbours"


def test_a_published_file_that_is_not_known_is_refused(page: UploadPage) -> None:
    page.choose("published")
    page.drop(csv(GOOD))
    assert len(page.drawn.error) == 1
    assert not any(button.startswith("Load") for button in page.buttons)


SHEET = (
    "Child,UPN,School,Referred,Started,Closed,Outcome\n"
    "A,P1,Lanternmere Primary School,2025-09-08,2025-09-15,,\n"
    "B,P2,Lanternmer Primary,2025-09-09,2025-09-16,,\n"
)


def test_a_caseload_sheet_is_previewed_checked_mended_and_split(page: UploadPage) -> None:
    page.choose("caseload_sheet")
    page.drop(SHEET, "caseload.csv")
    assert page.headings[0] == "What each column means"
    assert "What was found" not in page.headings
    page.select("Did the parents agree?", Agreement.YES, run=False)
    page.press("Check the sheet like this")
    assert "2 rows: 1 can be saved, 1 has errors." in page.words
    assert "Which school is 'Lanternmer Primary'?" in page.words
    page.type({0: {"School": "900001"}})
    assert "2 rows: all can be saved." in page.words
    page.press("Save 2 rows")
    assert "(Outreach referrals): 2 rows added." in page.words
    assert "(Outreach cases): 2 rows added." in page.words
    assert {upload.dataset for upload in page.uploads} == {"schools", "outreach_referrals", "outreach_cases"}


def test_a_remembered_caseload_sheet_is_checked_at_once(page: UploadPage) -> None:
    page.choose("caseload_sheet")
    page.say_sender("Outreach team")
    page.drop(SHEET)
    page.press("Check the sheet like this, and remember it for Outreach team")
    page.drop(SHEET.replace("P1", "P7"))
    assert page.headings[0] == "What was found"
