"""What the caseload says in sentences."""

from collections.abc import Iterator

from analysis.caseload.capacity import FEWEST_WORKERS
from analysis.caseload.first_contact import MINIMUM, WITHIN, FirstContacts
from analysis.caseload.limits import (
    CONTACT_WITHIN,
    FIRST_CONTACT_DAYS,
    FIRST_VISIT_DAYS,
    LONGEST,
    REVIEW_WITHIN,
)
from analysis.caseload.reasons import since
from analysis.caseload.views import Caseload
from analysis.caseload.waiting import Waited
from analysis.wording import amount, counted
from data_model.terms import in_words


def headline(found: Caseload) -> str:
    """What must happen, in a line."""
    late, soon = found.overdue, len(found.this_week) - found.overdue
    by = in_words(found.by)
    if not late and not soon:
        return f"Nothing is overdue, and nothing is due by {by}"
    if not late:
        return f"Nothing is overdue; {counted(soon, 'thing')} due by {by}"
    return f"{counted(late, 'thing')} overdue and {soon} more due by {by}"


def waiting(found: Caseload) -> str:
    """Who waits, in a line."""
    long = int(found.waiting["how_long"].eq(str(Waited.LONGER)).sum())
    if found.waiting.empty:
        return "Nobody is waiting"
    every = counted(len(found.waiting), "referral")
    return f"{every} waiting, {long or 'none'} for more than {FIRST_CONTACT_DAYS} school days"


def workers(found: Caseload) -> str:
    """Who has more than the post carries, in a line."""
    known = found.workers[found.workers["capacity"].notna()]
    over = int(known["room"].lt(0).sum())
    room = int(known["room"].clip(lower=0).sum())
    if known.empty:
        return f"{counted(found.open_cases, 'open case')}; how many each worker carries is not loaded"
    return (
        f"{over or 'None'} of {counted(len(known), 'worker')} {'has' if over == 1 else 'have'} more cases than the "
        f"post carries; there is room for {amount(room)} elsewhere"
    )


def ratio(found: Caseload) -> str:
    """The measure `caseload` with its range between workers."""
    own = found.ratio
    if own.ratio is None:
        return f"{counted(own.count, 'open case')}. No hours of workers are loaded, so no caseload can be said."
    said = f"{counted(own.count, 'open case')} for {own.out_of:g} full-time workers: {own.ratio:.1f} each"
    if own.low is None or own.high is None:
        return f"{said}. Of fewer than {FEWEST_WORKERS} workers no range is told."
    return (
        f"{said}, from {own.low:.1f} to {own.high:.1f} between workers. A range, not a ranking: cases differ in weight."
    )


def first_contact(own: FirstContacts) -> str:
    """The measure `first_contact` with its ranges."""
    if own.share is None:
        return f"First contact: too small to say of {counted(own.out_of, 'accepted referral')}; {MINIMUM} are needed."
    share = own.share
    said = (
        f"First contact within {WITHIN} school days of the referral: {own.count} of {own.out_of} accepted referrals "
        f"whose time has come ({100 * share.share:.0f}%, range {100 * share.low:.0f} to {100 * share.high:.0f}%)."
    )
    if own.median is None or own.median.time is None:
        return said
    return f"{said} {_median(own)}"


def _median(own: FirstContacts) -> str:
    assert own.median and own.median.time is not None
    low, high = own.median.low, own.median.high
    between = f" (range {low:.0f} to {high:.0f})" if low is not None and high is not None else ""
    return (
        f"Half of all {own.accepted} had one within {own.median.time:.0f} school days{between}, the {own.waiting} who "
        "still wait counted for as long as they have waited."
    )


def notes(found: Caseload) -> Iterator[str]:
    """What to know about the lists."""
    yield (
        f"First contact is due {FIRST_CONTACT_DAYS} school days after the referral was received and a first visit "
        f"{FIRST_VISIT_DAYS}, counted in school days from the term dates."
    )
    yield (
        f"Somebody is in touch every {CONTACT_WITHIN.days // 7} weeks; a review is due on the day that was agreed, "
        f"else {REVIEW_WITHIN.days // 7} weeks after the last; a case runs {LONGEST.days // 7} weeks at most. These "
        "are weeks of the calendar, holidays or not."
    )
    yield "Administration, panels and contacts to which nobody came are no contact; a visit is face to face."
    yield "A referral waits until it is decided on, and one that was accepted until it has a case."
    if not found.by_term_dates:
        yield "Term dates do not reach far enough for some of these, so weekdays were counted, holidays or not."
    if found.forgotten:
        yield (
            f"{counted(found.forgotten, 'referral')} accepted more than {LONGEST.days // 7} weeks ago never got a "
            "case, and are not listed: record what became of them."
        )
    yield f"Decisions and close reasons are those from {in_words(since(found.on))} to {in_words(found.on)}."
