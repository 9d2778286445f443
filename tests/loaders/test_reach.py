"""Two authorities in one database: nobody loads, changes, compares, removes or undoes what is the other's."""

from datetime import date

import pytest
from desk import Desk, suspensions
from sqlalchemy import select

from access.people import Person
from access.roles import Role
from access.scope import Grant, Scope
from data_model.catalogue import DATASETS
from data_model.codes import Phase
from data_model.reference import FOLDER
from data_model.severity import Severity
from data_model.store import reading
from data_model.terms import Period
from loaders import files
from loaders.history import every_upload, past_uploads
from loaders.issues import Issue
from loaders.published import load_published
from loaders.reach import Reach
from loaders.save import Consent, NotSaved, Saved
from loaders.undo import undo
from loaders.upload_record import Sender

HEADER = "urn,laestab,school_name,phase,establishment_type_group,district"
OURS, SOUTH, THEIRS = 900001, 900002, 900101
ALL = Consent(good_rows=True, accept_queries=True, remove_gone=True)
TODAY = date(2025, 12, 12)


def sender(*grants: Grant) -> Sender:
    return Sender("somebody", Scope.of(Role.STEWARD, frozenset(grants)))


US, THEM, NORTH = sender(Grant(999)), sender(Grant(998)), sender(Grant(999, "North"))


def school(urn: int, la: int, district: str = "") -> str:
    return f"{urn},{la}{urn % 10_000:04d},School {urn},{Phase.SECONDARY},Academies,{district}"


@pytest.fixture
def two(empty_desk: Desk) -> Desk:
    """Schools and a suspension of each of two authorities, loaded by its own people; 999 has two districts."""
    load(empty_desk, US, "schools", HEADER, school(OURS, 999, "North"), school(SOUTH, 999, "South"))
    load(empty_desk, THEM, "schools", HEADER, school(THEIRS, 998))
    for whose, urn in ((US, OURS), (THEM, THEIRS)):
        load(empty_desk, whose, "suspensions", suspensions(f"P{urn},{urn},2025-10-06,,4,SUSP,DB").strip())
    return empty_desk


def check(desk: Desk, whose: Sender, dataset: str, *lines: str) -> files.Checked:
    content = ("\n".join(lines) + "\n").encode()
    table = files.read_file(content, f"{dataset}.csv")
    chosen = DATASETS[dataset]
    return files.check_table(desk.engine, table, files.sha256_of(content), chosen, scope=whose.scope, today=TODAY)


def load(desk: Desk, whose: Sender, dataset: str, *lines: str, **more: object) -> Saved:
    content = ("\n".join(lines) + "\n").encode()
    table, chosen = files.read_file(content, f"{dataset}.csv"), DATASETS[dataset]
    given = {"consent": ALL, **more}
    return files.load_table(desk.engine, table, files.sha256_of(content), chosen, whose, **given)[1]  # type: ignore[arg-type]


def errors(checked: files.Checked) -> list[Issue]:
    return list(checked.report.issues(Severity.ERROR))


def test_one_row_of_another_authority_refuses_the_file_and_loses_nothing(two: Desk) -> None:
    before = two.digest()
    lines = suspensions(f"P2,{OURS},2025-10-07,,4,SUSP,DB", f"P3,{THEIRS},2025-10-07,,4,SUSP,DB").splitlines()
    (issue,) = errors(check(two, US, "suspensions", *lines))
    assert (issue.code, issue.line) == ("E-OUT-OF-REACH", None)
    assert issue.message.startswith("1 row is of schools that you may not load for, in local authority 998,")
    with pytest.raises(NotSaved, match="local authority 998"):
        load(two, US, "suspensions", *lines)
    assert two.digest() == before


@pytest.mark.parametrize("whose", [NORTH, sender(), THEM])
def test_a_district_another_authority_and_nobody_may_not_load_for_a_school(two: Desk, whose: Sender) -> None:
    before = two.digest()
    with pytest.raises(NotSaved, match=r"1 row is of schools that you may not load for, in .* \(999\),"):
        load(two, whose, "suspensions", *suspensions(f"P2,{SOUTH},2025-10-07,,4,SUSP,DB").splitlines())
    with pytest.raises(NotSaved):
        load(two, whose, "schools", HEADER, school(900003, 999, "South"))
    assert two.digest() == before


def test_a_district_loads_for_its_own_schools(two: Desk) -> None:
    assert load(two, NORTH, "suspensions", *suspensions(f"P2,{OURS},2025-10-07,,4,SUSP,DB").splitlines()).new == 1


def test_a_school_cannot_be_taken_over_by_saying_that_it_is_ours(two: Desk) -> None:
    before = two.digest()
    checked = check(two, US, "schools", HEADER, school(THEIRS, 999))
    assert not errors(checked)
    assert (len(checked.comparison.new), checked.comparison.changed) == (1, [])
    with pytest.raises(NotSaved, match="which you may not change"):
        load(two, US, "schools", HEADER, school(THEIRS, 999))
    assert two.digest() == before


def test_an_identifier_of_another_authority_tells_nothing_of_its_row(two: Desk) -> None:
    header = "referral_id,received_date,urn,pupil_ref,parent_agreement"
    load(two, THEM, "outreach_referrals", header, f"R1,2025-10-01,{THEIRS},SECRET,y")
    checked = check(two, US, "outreach_referrals", header, f"R1,2025-10-02,{OURS},P2,y")
    assert not errors(checked)
    assert "SECRET" not in repr(checked.comparison)
    with pytest.raises(NotSaved) as refused:
        load(two, US, "outreach_referrals", header, f"R1,2025-10-02,{OURS},P2,y")
    assert "SECRET" not in str(refused.value)
    assert [row["pupil_ref"] for row in two.rows("outreach_referrals")] == ["SECRET"]


def test_whether_another_authority_knows_a_pupil_is_not_told(two: Desk) -> None:
    header = "pupil_ref,valid_from,main_urn"
    load(two, THEM, "pupils", header, f"P100,2025-09-01,{THEIRS}")
    load(two, US, "pupils", header, f"P200,2025-09-01,{OURS}")
    lines = suspensions(*(f"{pupil},{OURS},2025-10-08,,4,SUSP,DB" for pupil in ("P100", "P300"))).splitlines()
    asked = [issue.code for issue in check(two, US, "suspensions", *lines).report.issues(Severity.QUERY)]
    assert asked.count("Q-PUPIL-UNKNOWN") == 2


def test_a_contact_of_another_authoritys_case_is_refused(two: Desk) -> None:
    load(two, THEM, "outreach_cases", "case_id,urn,start_date", f"C1,{THEIRS},2025-10-01")
    with pytest.raises(NotSaved, match="local authority 998"):
        load(two, US, "outreach_contacts", "contact_id,date,case_id,minutes", "K1,2025-10-02,C1,30")


@pytest.mark.parametrize(
    ("dataset", "lines"),
    [
        ("outcome_measures", ("case_id,measure,stage,measured_on,value", "C1,SDQ_total,baseline,2025-10-02,20")),
        ("agency_involvement", ("case_id,agency,referred_date", "C1,camhs,2025-10-02")),
        ("fap_decisions", ("fap_ref,meeting_date,decision", "F1,2025-10-02,defer")),
    ],
)
def test_what_follows_another_authoritys_row_is_refused_and_our_own_is_ours(
    two: Desk, dataset: str, lines: tuple[str, ...]
) -> None:
    for whose, urn in ((THEM, THEIRS), (US, OURS)):
        number = 1 if whose is THEM else 2
        load(two, whose, "outreach_cases", "case_id,urn,start_date", f"C{number},{urn},2025-10-01")
        load(
            two, whose, "fap_referrals", "fap_ref,referral_date,pupil_ref,urn", f"F{number},2025-10-01,P{number},{urn}"
        )
    with pytest.raises(NotSaved, match="local authority 998"):
        load(two, US, dataset, *lines)
    assert load(two, US, dataset, *(line.replace("C1,", "C2,").replace("F1,", "F2,") for line in lines)).new == 1


def test_registers_are_the_authoritys_to_load(two: Desk) -> None:
    header = "provider_ref,valid_from,la_code,name"
    for whose, area in ((NORTH, 999), (THEM, 999), (US, 998)):
        with pytest.raises(NotSaved):
            load(two, whose, "providers", header, f"AP01,2025-09-01,{area},Lantern Centre")
    assert load(two, US, "providers", header, "AP01,2025-09-01,999,Lantern Centre").new == 1
    lines = "worker_ref,start_date,la_code,capacity_cases", "W01,2025-09-01,998,12"
    assert load(two, THEM, "workforce", *lines).new == 1
    for whose, seen in ((US, {"providers"}), (NORTH, {"providers"}), (THEM, {"workforce"}), (sender(), set())):
        with reading(two.engine) as connection:
            reach = Reach(connection, whose.scope)
            found = {
                name
                for name in ("providers", "workforce")
                if connection.execute(reach.readable(DATASETS[name], select(DATASETS[name].table))).first()
            }
        assert found == seen


def test_a_row_without_a_school_is_for_those_who_reach_everything(two: Desk) -> None:
    lines = ("pupil_ref,valid_from,birth_month", "P9,2025-09-01,2014-05")
    with pytest.raises(NotSaved, match="1 row is of no school that is loaded"):
        load(two, US, "pupils", *lines)
    assert load(two, sender(Grant(999), Grant(998)), "pupils", *lines).new == 1


def test_term_dates_are_the_authoritys_to_load(two: Desk) -> None:
    header = "applies_to,academic_year,term,first_day,last_day"
    for whose, area in ((NORTH, 999), (THEM, 999), (US, 998)):
        with pytest.raises(NotSaved):
            load(two, whose, "term_dates", header, f"{area},202526,AUT,2025-09-02,2025-12-19")
    assert load(two, US, "term_dates", header, "999,202526,AUT,2025-09-02,2025-12-19").new == 1


def test_a_nil_return_denies_nothing_of_another_authority(two: Desk) -> None:
    term = {"period": Period.parse("202526-AUT")}
    header = "pupil_ref,urn,start_date,end_date,sessions,category,reason_1"
    with pytest.raises(NotSaved, match="schools that you may not load for"):
        load(two, US, "suspensions", header, nil_schools=[THEIRS], **term)
    assert load(two, US, "suspensions", header, **term).removed == 1
    assert [row["urn"] for row in two.rows("suspensions")] == [THEIRS]
    assert load(two, THEM, "suspensions", header, **term).removed == 1


def test_an_upload_of_another_authority_is_not_there_to_undo_or_to_see(two: Desk) -> None:
    before, theirs = two.digest(), [upload["upload_id"] for upload in two.uploads()][1::2]
    for upload_id in theirs:
        with pytest.raises(NotSaved, match=f"There is no upload {upload_id}"):
            undo(two.engine, upload_id, US)
    assert two.digest() == before
    for whose, own in ((US, [3, 1]), (THEM, [4, 2]), (sender(), []), (sender(Grant(999), Grant(998)), [4, 3, 2, 1])):
        assert [upload.upload_id for upload in past_uploads(two.engine, whose.scope, 10)] == own
        assert [upload["upload_id"] for upload in every_upload(two.engine, whose.scope)] == own
    assert undo(two.engine, 3, US) == 1


def test_an_upload_of_both_is_undone_by_who_reaches_both(two: Desk) -> None:
    both = sender(Grant(999), Grant(998))
    lines = suspensions(f"P2,{OURS},2025-10-07,,4,SUSP,DB", f"P3,{THEIRS},2025-10-07,,4,SUSP,DB").splitlines()
    number = load(two, both, "suspensions", *lines, consent=Consent(accept_queries=True)).upload_id
    with pytest.raises(NotSaved, match="1 row is of schools that you may not load for, in local authority 998"):
        undo(two.engine, number, US)
    assert undo(two.engine, number, both) == 2


def test_published_figures_that_all_share_are_for_who_reaches_all(two: Desk) -> None:
    rates = FOLDER / "la_rates.csv"
    for whose in (US, NORTH, sender()):
        with pytest.raises(NotSaved, match="shared by every local authority"):
            load_published(two.engine, rates, rates.name, whose)
    assert load_published(two.engine, rates, rates.name, sender(Grant(999), Grant(998))).upload_id


def test_in_the_demonstration_everybody_loads_for_any_fictional_authority() -> None:
    person = Person(None, "Data steward", Role.STEWARD, frozenset())
    assert {999, 331} <= person.loads_for.la_codes
    assert not person.scope.la_codes
