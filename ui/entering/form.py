"""A form that writes one row: what was typed stays until it is saved, and what the checks say stands beside its field.

made = entry_form(DATASETS["first_response"], ("received_date", "urn", "kind"), {"channel": "phone"}, "log a call")
edited = entry_form(DATASETS["outreach_cases"], ("review_due",), key="case", edit=version)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from access.reach import columns_in
from data_model.dataset import Dataset
from data_model.store import database
from loaders.entering import Entered, SomebodyElse, enter, needed_for, new_identifier
from loaders.versions import Texts, Version, key_in
from ui import cached, text, who
from ui.entering import choosing, fields
from ui.entering.fields import Choices, name_of

_NOTHING: Texts = {}
_BESIDE = 2
_NO_CHOICES: Mapping[str, Choices] = {}


@dataclass
class _Open:
    """A form while it is open. `number` tells its fields from those of the form that stood here before.

    `fixed` are the cells that are no fields: typed for one child, it is never saved for another. `prefilled` are the
    cells that stood there when it was opened.
    """

    number: int
    identifier: str
    cells: Texts
    fixed: Texts
    edited: Version | None
    prefilled: Texts
    is_drawn: bool = False
    outcome: Entered | None = None
    clash: SomebodyElse | None = None
    is_closed: bool = False


def entry_form(
    dataset: Dataset,
    columns: Sequence[str],
    given: Texts = _NOTHING,
    key: str = "entry",
    *,
    edit: Version | None = None,
    submit: str = "Save",
    saved: str = "Saved.",
    among: Mapping[str, Choices] = _NO_CHOICES,
    needed: Sequence[str] = (),
) -> Entered | None:
    """A form for these columns; what was entered, in the run after it was saved, else None.

    `given` are cells by column: those of `columns` stand in their fields, the others are written as they are. `edit` is
    the version of a row that is edited; columns of its key that are among `columns` can be put right too. `among`
    offers values of a column with their names. `needed` are columns that this form does not leave blank. `key` tells
    the form from all others on the page and is nobody's reference: Streamlit sends it to the browser.
    """
    if not who.may(needed_for(dataset)):
        return None
    with st.container(key=f"entry {key}"):  # Streamlit refuses a second one: they would overwrite each other's fields
        return _form(dataset, columns, given, key, edit, submit, saved, among, needed)


def just_saved(key: str) -> Entered | None:
    """What a form saved in the run before, once: for a page that says so itself."""
    done: Entered | None = st.session_state.pop(_done(key), None)
    return done


def unfinished(key: str) -> Texts | None:
    """The cells that are no fields of a form in which something is typed, or to be chosen; None where nothing is.

    What stood there when it was opened is not typed.
    """
    here: _Open | None = st.session_state.get(_state(key))
    if here is None or here.is_closed:
        return None
    is_asked = bool(here.clash or (here.outcome and not here.is_drawn))
    stands = _typed(key, here) if here.is_drawn else here.cells
    is_typed = any(cell != here.prefilled.get(name, "") for name, cell in stands.items())
    return here.fixed if is_asked or is_typed else None


def put_by(key: str) -> None:
    """Keep what was typed into a form while the page does not draw it: else Streamlit forgets it with its fields."""
    here: _Open | None = st.session_state.get(_state(key))
    if here and here.is_drawn and not here.clash and (typed := _typed(key, here)):
        here.cells, here.number, here.is_drawn = {**here.cells, **typed}, here.number + 1, False


def drop(key: str) -> None:
    """Forget what was typed into a form."""
    if here := st.session_state.get(_state(key)):
        _close(key, here)


def _form(
    dataset: Dataset,
    columns: Sequence[str],
    given: Texts,
    key: str,
    edit: Version | None,
    submit: str,
    saved: str,
    among: Mapping[str, Choices],
    needed: Sequence[str],
) -> Entered | None:
    own = set(columns_in(cached.scope(), dataset))
    shown = [name for name in columns if name in own]
    here = _open(dataset, shown, given, key, edit)
    done = just_saved(key)
    if done:
        st.success(text.plain(saved), icon=":material/check:")
    if here.clash:
        _choose(here, dataset, key, among)
    else:
        _draw(here, dataset, shown, key, submit, among, needed)
    return done


def _open(dataset: Dataset, shown: Sequence[str], given: Texts, key: str, edit: Version | None) -> _Open:
    """The form as it was left, or a new one: where there was none, its fields are gone, or it is about another row."""
    here: _Open | None = st.session_state.get(_state(key))
    fixed = {name: cell for name, cell in given.items() if name not in shown}
    if here and here.fixed == fixed and _is_same(dataset, here, edit) and _is_kept(here, key, shown):
        return here
    cells = {**given, **edit.cells} if edit else given
    made = _Open(here.number + 1 if here else 0, "" if edit else new_identifier(dataset), cells, fixed, edit, cells)
    st.session_state[_state(key)] = made
    return made


def _is_same(dataset: Dataset, here: _Open, edit: Version | None) -> bool:
    if edit is None:
        return here.edited is None or here.clash is not None  # what somebody took back can be put back
    stood = here.edited.cells if here.edited else here.fixed  # one that was new may have been saved by somebody else
    return key_in(dataset, stood) == key_in(dataset, edit.cells)


def _is_kept(here: _Open, key: str, shown: Sequence[str]) -> bool:
    """Whether what was typed is there still: of its fields Streamlit forgets it when somebody goes to another page."""
    if here.is_closed:
        return False
    return bool(here.clash) or not here.is_drawn or any(_field(key, here, name) in st.session_state for name in shown)


def _draw(
    here: _Open,
    dataset: Dataset,
    shown: Sequence[str],
    key: str,
    submit: str,
    among: Mapping[str, Choices],
    needed: Sequence[str],
) -> None:
    said = here.outcome.messages() if here.outcome else {}
    has_errors = bool(here.outcome and here.outcome.has_errors)
    here.is_drawn = True
    typed = {}
    with st.form(f"form {key}", enter_to_submit=False):
        for start in range(0, len(shown), _BESIDE):
            for name, place in zip(shown[start : start + _BESIDE], st.columns(_BESIDE), strict=False):
                with place:
                    cell, own = here.cells.get(name, ""), _field(key, here, name)
                    typed[name] = fields.field(dataset.columns[name], cell, own, among.get(name), needed=name in needed)
                    _say(said.pop(name, []), has_errors)
        for messages in said.values():
            _say(messages, has_errors)
        if here.outcome and here.outcome.reason:
            st.error(text.plain(here.outcome.reason))
        accepted = bool(
            here.outcome
            and here.outcome.issues
            and not has_errors
            and st.checkbox("I have checked this: save it as it is", key=f"accept {key} {here.number}")
        )
        # By its number: what was pressed for one row is never saved for another that came into its place.
        pressed = st.form_submit_button(submit, type="primary", key=f"submit {key} {here.number}")
    if pressed and (blank := [name for name in needed if not typed[name].strip()]):
        titles = " and ".join(name_of(dataset.columns[name], among.get(name)) for name in blank)
        here.outcome = Entered((typed,), reason=f"Fill in: {titles}.")
        st.rerun()
    if pressed:
        kept = {name: here.edited.cells[name] for name in dataset.key} if here.edited else here.fixed
        made = {dataset.key[0]: here.identifier} if here.identifier and not kept.get(dataset.key[0]) else {}
        _enter(here, dataset, {**kept, **made, **typed}, key, accepted=accepted)
        st.rerun()


def _say(messages: Sequence[str], has_errors: bool) -> None:
    for message in messages:
        if has_errors:
            st.error(text.plain(message), icon=":material/error:")
        else:
            st.warning(text.plain(message), icon=":material/help:")


def _enter(here: _Open, dataset: Dataset, cells: Texts, key: str, *, accepted: bool = False) -> None:
    """Write what was typed, or keep why it could not be written."""
    who.require(needed_for(dataset))
    seen = here.edited.fingerprint if here.edited else None
    was = key_in(dataset, here.edited.cells) if here.edited else None
    moved = was if was != key_in(dataset, cells) else None
    here.outcome = here.clash = None
    try:
        outcome = enter(database(), dataset, cells, who.person(), seen=seen, key=moved, accept_queries=accepted)
    except SomebodyElse as clash:
        here.clash = clash
        return
    if outcome.saved:
        _close(key, here)
        st.session_state[_done(key)] = outcome
    else:
        here.outcome = outcome


def _close(key: str, here: _Open) -> None:
    """Let the next form here start anew: its number is another, and so its fields are."""
    st.session_state[_state(key)] = _Open(here.number, "", _NOTHING, _NOTHING, None, _NOTHING, is_closed=True)


def _choose(here: _Open, dataset: Dataset, key: str, among: Mapping[str, Choices]) -> None:
    """Let the person choose between two versions: theirs as it stands, or what is put together is entered anew."""
    assert here.clash
    theirs = here.clash.theirs
    chosen = choosing.choose(here.clash, dataset, f"{key} {here.number}", among)
    if chosen is None:
        return
    if chosen == choosing.THEIRS:
        _close(key, here)
        st.rerun()
    here.number, here.edited, here.cells, here.is_drawn = here.number + 1, theirs, chosen, False
    _enter(here, dataset, chosen, key)
    st.rerun()


def _typed(key: str, here: _Open) -> Texts:
    """What stands in the fields of a form, as far as it was sent to the server."""
    start = _fields(key, here)
    found = {str(name): cell for name, cell in st.session_state.items() if str(name).startswith(start)}
    return {
        name.removeprefix(start): cell.isoformat() if isinstance(cell, date) else cell or ""
        for name, cell in found.items()
    }


def _state(key: str) -> str:
    return f"open form {key}"


def _done(key: str) -> str:
    return f"saved form {key}"


def _fields(key: str, here: _Open) -> str:
    return f"field {key} {here.number} "


def _field(key: str, here: _Open, name: str) -> str:
    return f"{_fields(key, here)}{name}"
