"""The Streamlit script: who is here, which pages they get, and what stands on every page.

A page is a module in `pages/` with a permission of its name: `page:schools` opens `pages.schools.schools`. It is looked
up by name because `pages` may import `ui` and not the other way round.
"""

from collections.abc import Callable
from functools import partial
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlencode

import streamlit as st

from access import roles
from access.people import Person
from access.roles import PAGES, Role
from data_model.settings import settings
from ui import documents, who

_STYLE = Path(__file__).with_name("style.css")

PARTS = {
    "overview": "Where to go",
    "children_without_support": "Children",
    "panel_meeting": "Fair Access Panel",
    "upload": "Data",
    "people": "Running it",
    "data_dictionary": "About",
}
"""The headings of the menu, by the page with which each part of it begins in the table of permissions."""


def title_of(page: str) -> str:
    """A page's name as people read it, that of its permission: `data_quality` is "Data quality"."""
    return PAGES[page].label


def function_of(page: str) -> Callable[[], None]:
    """The function that draws a page."""
    function: Callable[[], None] = getattr(import_module(f"pages.{page}"), page)
    return function


def navigation(role: Role, *, reaches_data: bool = True) -> list[st.Page]:
    """Every page by its own address: those of the role in the menu, the others to say that they are not for it.

    The role's first page is in the menu at `/`, and at its own address too. For somebody who `reaches_data` nowhere the
    pages about data say whom to ask.
    """
    allowed = [page for page, permission in PAGES.items() if roles.may(role, permission)]
    shown = {
        page: function_of(page) if reaches_data or not _is_about_data(page) else who.ask_for_a_grant for page in allowed
    }
    first = allowed[0]
    home = st.Page(shown[first], title=title_of(first), url_path="home", default=True)
    also = _page(first, shown, visibility="hidden")
    refused = [
        st.Page(partial(who.refuse, permission), title="Not available to you", url_path=page, visibility="hidden")
        for page, permission in PAGES.items()
        if page not in allowed
    ]
    return [home, *(_page(page, shown) for page in allowed[1:]), also, *refused]


def _page(
    page: str, shown: dict[str, Callable[[], object]], visibility: Literal["visible", "hidden"] = "visible"
) -> st.Page:
    return st.Page(shown[page], title=title_of(page), url_path=page, visibility=visibility)


def part_of(page: str) -> str:
    """The heading of the menu under which a page stands."""
    order = list(PAGES)
    return next(PARTS[begins] for begins in reversed(PARTS) if order.index(begins) <= order.index(page))


def menu_headings(role: Role) -> str:
    """Style that writes the headings into a role's menu, each above its first page.

    Not by the sections of `st.navigation`: those stand as headings among the items of one list, which a screen reader
    then no longer takes for a list.
    """
    parts = [part_of(page) for page, permission in PAGES.items() if roles.may(role, permission)]
    rules = [
        f'[data-testid="stSidebarNavItems"] > li:nth-child({place})::before {{ content: "{part}"; }}'
        for place, part in enumerate(parts, start=1)
        if part not in parts[: place - 1]
    ]
    return f"<style>{''.join(rules)}</style>"


def _is_about_data(page: str) -> bool:
    """Whether a page shows data of an LA: those for everybody and those of administrators show none."""
    return Role.ADMIN not in roles.PERMISSIONS[PAGES[page]]


def warn() -> None:
    """Say on every page of the demonstration that real children's data do not belong here."""
    st.warning(
        "**Demonstration.** There is no sign-in: anyone at this computer can see everything in it. "
        "Do not load real children’s data.",
        icon=":material/warning:",
    )


def switch(page: st.Page) -> None:
    """Links that show this page as another role sees it: plain links, because only HTTP can set the cookie."""
    chosen = urlencode(st.query_params.to_dict())
    here = quote(f"/{page.url_path}" + (f"?{chosen}" if chosen else ""), safe="")
    now = who.role()
    items = "".join(
        f'<li aria-current="true"><strong>{escape(role.label)}</strong> (now)</li>'
        if role is now
        else f'<li><a href="/as/{role}?next={here}">{escape(role.label)}</a></li>'
        for role in Role
    )
    heading = '<p id="view-as"><strong>View as</strong></p>'
    st.sidebar.html(f'<section class="view-as" aria-labelledby="view-as">{heading}<ul>{items}</ul></section>')


def signed_in(person: Person) -> None:
    """Who is signed in, as what, and the way out: a plain link, because only HTTP can end the session."""
    words = f"Signed in as <strong>{escape(person.name)}</strong><br>{escape(person.role.label)}"
    out = '<p><a href="/sign-out">Sign out</a></p>'
    st.sidebar.html(f'<section class="foot" aria-label="Signed in"><p>{words}</p>{out}</section>')


def foot() -> None:
    """What must be within reach of every page: the accessibility statement and the way to complain."""
    links = "".join(
        f'<li><a href="{escape(documents.address(name))}">{escape(documents.documents()[name].title)}</a></li>'
        for name in ("accessibility_statement", "complaints")
    )
    st.sidebar.html(f'<nav class="foot" aria-label="About this service"><ul>{links}</ul></nav>')


def main() -> None:
    """Draw the page that was asked for, if it is for who is here."""
    st.set_page_config(layout="wide")  # no title here: it would replace every page's own
    person = who.person()
    page = st.navigation(
        navigation(person.role, reaches_data=bool(person.grants) or not settings().is_live), expanded=True
    )
    st.html(_STYLE)
    st.html(menu_headings(person.role))
    if settings().is_live:
        signed_in(person)
    else:
        warn()
        switch(page)
    foot()
    page.run()


if __name__ == "__main__":
    main()
