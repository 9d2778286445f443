"""Pupils under pseudonyms: nothing sent stays in clear, loading works as without, and the key can be changed."""

import hashlib
import hmac
from collections.abc import Iterator

import pytest
from desk import Desk, NewDatabase, codes, issues
from pupil_world import MARA, NOOR, PSEUDONYM_KEY, both_children, both_under_pseudonyms, file_of, upn
from pydantic import SecretStr, TypeAdapter
from sqlalchemy import select

from access import audit
from access.keeping import erasing, pseudonyms
from access.keeping.pseudonyms import Pseudonyms
from access.keeping.rotating import NotChanged, rotate
from data_model import fingerprints
from data_model.columns import PupilRef
from data_model.metadata import metadata
from data_model.retention import pupil_identities
from data_model.settings import settings
from data_model.store import reading
from loaders.issues import Issue
from loaders.save import AlreadyLoaded, NotSaved

pytestmark = pytest.mark.both_databases
OTHER_KEY = "another pseudonym key of the tests, 9876543210"


@pytest.fixture
def keyed(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Both children, under pseudonyms."""
    url = new_database(both_under_pseudonyms)
    use_key(monkeypatch, PSEUDONYM_KEY)
    with Desk(url) as opened:
        yield opened
    settings.cache_clear()


@pytest.fixture
def clear(new_database: NewDatabase) -> Iterator[Desk]:
    """Both children, under what was sent."""
    with Desk(new_database(both_children)) as opened:
        yield opened
    settings.cache_clear()


def use_key(monkeypatch: pytest.MonkeyPatch, key: str | None, key_id: str = "k1", before: str | None = None) -> None:
    for name, value in (("KEY", key), ("KEY_ID", key_id), ("KEY_BEFORE", before)):
        if value:
            monkeypatch.setenv(f"OUTREACH_PSEUDONYM_{name}", value)
        else:
            monkeypatch.delenv(f"OUTREACH_PSEUDONYM_{name}", raising=False)
    settings.cache_clear()


def everything(desk: Desk) -> str:
    with reading(desk.engine) as connection:
        return repr([[tuple(row) for row in connection.execute(select(table))] for table in metadata.sorted_tables])


def test_no_reference_that_was_sent_stands_in_clear(keyed: Desk) -> None:
    held = everything(keyed)
    assert MARA not in held
    assert NOOR not in held
    references = {row["pupil_ref"] for row in keyed.rows("suspensions")}
    assert references == {row["upn"] for row in keyed.rows("pupils")}
    assert all(map(pseudonyms.is_pseudonym, references))
    assert len(keyed.rows(pupil_identities)) == 2


def test_a_pseudonym_is_a_reference_like_any_other() -> None:
    made = Pseudonyms(SecretStr(PSEUDONYM_KEY), "k1")
    judge = TypeAdapter(PupilRef)
    for number in range(1_000):
        assert judge.validate_python(made.of(upn(number))) == made.of(upn(number))
    assert made.of(MARA.lower()) == made.of(f" {MARA}") == made.of(MARA)
    assert made.unseal(made.seal(MARA)) == MARA
    assert PSEUDONYM_KEY not in repr(made)


def test_nobody_finds_a_pupil_by_trying_all_upns_without_the_key(keyed: Desk) -> None:
    held = everything(keyed)
    found = [text for number in range(101_000_000, 101_002_000) for text in _guesses(upn(number)) if text in held]
    assert found == []


def _guesses(reference: str) -> list[str]:
    """What somebody with the database and the code would try: digests, plain and with keys that anybody knows."""
    plain = [digest(reference.encode()).hexdigest() for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256)]
    known = [b"", b"k1", b"the demonstration has no secrets", b"pseudonym"]
    keyed = [hmac.new(key, reference.encode(), hashlib.sha256).hexdigest() for key in known]
    guessed = Pseudonyms(SecretStr("the demonstration has no secrets"), "k1").of(reference)
    return [reference, guessed, *plain, *(digest[:32] for digest in plain), *keyed, *(f"CS-{p[:12]}" for p in plain)]


def test_the_same_file_twice_is_already_loaded(keyed: Desk) -> None:
    with pytest.raises(AlreadyLoaded):
        keyed.load("permanent_exclusions", file_of("permanent_exclusions", 1, 2), accept_queries=True)
    checked = keyed.checked("suspensions", file_of("suspensions", 1, 2, sessions=1))
    assert (len(checked.comparison.new), checked.comparison.unchanged) == (0, 2)


def test_a_corrected_file_replaces_and_undoing_puts_back(keyed: Desk) -> None:
    before = keyed.digest()
    saved = keyed.load("suspensions", file_of("suspensions", 1, sessions=2), accept_queries=True)
    assert (saved.changed, saved.new) == (1, 0)
    assert keyed.digest() != before
    keyed.undo(saved.upload_id)
    assert keyed.digest() == before


def test_rules_and_messages_speak_of_what_was_sent(keyed: Desk, clear: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = upn(5)
    text = file_of("suspensions", 1).replace(MARA, stranger)
    rest = "900002,2025-10-09,2025-10-09,2,SUSP,DB,8"
    wrong = text + f"S9,{'A' if MARA[0] != 'A' else 'B'}{MARA[1:]},{rest}\nS8,P7,{rest}\n"
    with_key = [(issue.line, issue.code, issue.value) for issue in _issues(keyed, wrong)]
    use_key(monkeypatch, None)
    without = [(issue.line, issue.code, issue.value) for issue in _issues(clear, wrong)]
    assert with_key == without
    assert {code for _, code, _ in with_key} == {
        "E-UPN",
        "E-PUPIL-REF-MIXED",
        "Q-PUPIL-UNKNOWN",
        "Q-WEEKEND",
    }


def _issues(desk: Desk, text: str) -> list[Issue]:
    return issues(desk.check("suspensions", text))


def test_a_pseudonym_is_refused_where_a_reference_belongs(keyed: Desk) -> None:
    made = keyed.rows("suspensions")[0]["pupil_ref"]
    report = keyed.check("suspensions", file_of("suspensions", 1).replace(MARA, made))
    assert (2, "E-PSEUDONYM") in codes(report)


def test_pupils_with_and_without_pseudonyms_do_not_mix(
    keyed: Desk, clear: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = file_of("suspensions", 1).replace("2025-10-04", "2025-10-02").replace("S1", "S7")
    for desk, key, key_id, words in (
        (keyed, None, "k1", "keeps pupils under pseudonyms"),
        (keyed, OTHER_KEY, "k1", "another than the one"),
        (keyed, OTHER_KEY, "k2", "rotate-pseudonyms"),
        (clear, PSEUDONYM_KEY, "k1", "rotate-pseudonyms"),
    ):
        use_key(monkeypatch, key, key_id)
        before = desk.digest()
        with pytest.raises(NotSaved, match=words):
            desk.load("suspensions", new, accept_queries=True)
        assert desk.digest() == before


@pytest.mark.parametrize("first", ["keyed", "clear"])
def test_the_key_is_changed_in_one_transaction(
    first: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk: Desk = request.getfixturevalue(first)
    seen = erasing.what_is_held(desk.engine, MARA)
    old = {row["pupil_ref"] for row in desk.rows("suspensions")}
    use_key(monkeypatch, OTHER_KEY, "k2", before=PSEUDONYM_KEY if first == "keyed" else None)
    assert rotate(desk.engine, "the test") == 2
    held = everything(desk)
    assert not any(reference in held for reference in (*old, MARA, NOOR))
    assert {row["key_id"] for row in desk.rows(pupil_identities)} == {"k2"}
    assert erasing.what_is_held(desk.engine, MARA) == seen
    with pytest.raises(AlreadyLoaded):
        desk.load("permanent_exclusions", file_of("permanent_exclusions", 1, 2), accept_queries=True)
    with reading(desk.engine) as connection:
        assert fingerprints.recorded(connection) == fingerprints.present(connection)
        assert audit.verify(connection) == []
    if desk.url.startswith("sqlite"):
        desk.engine.dispose()
        assert MARA.encode() not in desk.path.read_bytes()


def test_a_wrong_key_before_changes_nothing(keyed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(keyed)
    use_key(monkeypatch, OTHER_KEY, "k2")
    with pytest.raises(NotChanged, match="OUTREACH_PSEUDONYM_KEY_BEFORE"):
        rotate(keyed.engine, "the test")
    use_key(monkeypatch, OTHER_KEY, "k2", before="not the key that it was, 0123456789 0123")
    with pytest.raises(NotChanged, match="cannot be read"):
        rotate(keyed.engine, "the test")
    use_key(monkeypatch, None)
    with pytest.raises(NotChanged, match="Set OUTREACH_PSEUDONYM_KEY"):
        rotate(keyed.engine, "the test")
    assert everything(keyed) == before


def test_who_saw_a_pupil_outlives_a_change_of_the_key(keyed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = [row["pupil_ref"] for row in keyed.rows("suspensions")]
    with reading(keyed.engine) as connection:
        before = pseudonyms.subjects_of(connection, stored)
    use_key(monkeypatch, OTHER_KEY, "k2", before=PSEUDONYM_KEY)
    rotate(keyed.engine, "the test")
    with reading(keyed.engine) as connection:
        after = pseudonyms.subjects_of(connection, [row["pupil_ref"] for row in keyed.rows("suspensions")])
    assert set(before) == set(after) == {audit.subject_of_pupil(MARA), audit.subject_of_pupil(NOOR)}


def test_without_a_key_all_is_as_before(clear: Desk) -> None:
    assert {row["pupil_ref"] for row in clear.rows("suspensions")} == {MARA, NOOR}
    assert clear.rows(pupil_identities) == []
