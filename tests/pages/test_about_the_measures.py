"""About the measures says of every measure how it is worked out and where it misleads."""

from html_of import html_of

from access.roles import Role
from analysis.measures import MEASURES
from analysis.outcomes.measures import OUTCOMES
from ui.text import plain


def test_every_measure_is_explained(draw_page) -> None:
    drawn = draw_page("about_the_measures", Role.PANEL)
    of_schools, of_children = [each.name for each in MEASURES.values()], [each.label for each in OUTCOMES.values()]
    assert [header.value for header in drawn.header] == [*of_schools, "What follows a child", *of_children]
    words = "\n".join(part.value for part in drawn.markdown)
    for measure in MEASURES.values():
        assert f">{measure.name}<" in html_of(drawn)
        for said in (measure.plain, measure.method, measure.caveat, measure.why_it_matters, measure.source):
            assert plain(said) in words
    for outcome in OUTCOMES.values():
        assert all(plain(said) in words for said in (outcome.plain, outcome.caveat))
