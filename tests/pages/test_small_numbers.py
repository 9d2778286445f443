"""Small numbers on the pages: what leaders see, and what full figures look like when they leave as a file."""

import csv
import io
import re

import pandas as pd
import pytest
from places import DrawPage, said
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from access.roles import Role

MEANING = "[c]: fewer than 5 pupils, or hidden to protect such a figure."
_CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>")


def tables(drawn: AppTest) -> str:
    """Every table of a page as HTML."""
    return "\n".join(html.proto.body for html in drawn.get("html"))


@pytest.mark.parametrize(
    ("page", "role"),
    [
        *((page, role) for page in ("overview", "schools") for role in (Role.LEADER, Role.PANEL)),
        ("school", Role.LEADER),  # a panel's members open it once the head has had their say
    ],
)
def test_who_may_not_see_full_figures_sees_c_and_what_it_means(
    fictional_la: Engine, draw_page: DrawPage, page: str, role: Role
) -> None:
    drawn = draw_page(page, role, **({"school": "900001"} if page == "school" else {}))
    assert not drawn.exception
    assert "[c]" in _CELL.findall(tables(drawn))
    assert MEANING in said(drawn)
    assert not re.search(r"\bnan\b", tables(drawn) + said(drawn), re.IGNORECASE)
    assert {button.label for button in drawn.download_button} == {"Download as CSV"}


@pytest.mark.parametrize("page", ["overview", "schools"])
def test_full_figures_have_a_file_for_publication_beside_them(
    fictional_la: Engine, draw_page: DrawPage, page: str
) -> None:
    drawn = draw_page(page, Role.MANAGER)
    assert not drawn.exception
    assert "[c]" not in tables(drawn)
    labels = [button.label for button in drawn.download_button]
    assert labels == ["Download as CSV", "Download for publication"] * (len(labels) // 2)


def _files() -> None:
    from analysis import choices
    from analysis.every_school.figures import every_school
    from data_model.terms import Period
    from ui import cached, show

    la = next(iter(cached.counted(choices.authorities)))
    columns = {"school_name": "School", "count": "Count"}

    def asked() -> object:
        return cached.counted(every_school, la=la, measure="suspension_rate", period=Period("202526")).rows

    offered = {}
    original = show.st.download_button
    show.st.download_button = lambda label, content, name, *rest, **more: offered.update({name: content()})
    try:
        show.table(asked(), columns=columns, caption="c", name="schools", source=show.Source("Notified"), publish=asked)
    finally:
        show.st.download_button = original
    for name, content in offered.items():
        show.st.text(name)
        show.st.text(content.decode("utf-8-sig"))


def _downloads(role: Role) -> dict[str, pd.DataFrame]:
    drawn = AppTest.from_function(_files, default_timeout=60)
    drawn.user = {"who": f"demonstration:{role}"}
    drawn.run()
    assert not drawn.exception
    pieces = [piece.value for piece in drawn.text]
    return {
        name: pd.DataFrame(csv.DictReader(io.StringIO(content)))
        for name, content in zip(pieces[::2], pieces[1::2], strict=True)
    }


def test_a_file_of_full_figures_says_so_in_its_name_and_its_source(fictional_la: Engine) -> None:
    files = _downloads(Role.MANAGER)
    assert list(files) == ["schools-internal.csv", "schools.csv"]
    internal, public = files.values()
    assert internal["Source"].eq("Notified. Full figures, for use inside the authority only: not for publication").all()
    assert not internal["Count"].eq("[c]").any()
    assert public["Source"].eq(f"Notified. {MEANING.rstrip('.')}").all()
    assert public["Count"].eq("[c]").any()
    shown = pd.to_numeric(public.loc[public["Count"].ne("[c]"), "Count"])
    assert not shown.between(1, 4).any()


def test_a_leaders_file_is_the_one_for_publication(fictional_la: Engine) -> None:
    files = _downloads(Role.LEADER)
    assert list(files) == ["schools.csv"]
    assert files["schools.csv"].equals(_downloads(Role.MANAGER)["schools.csv"])
