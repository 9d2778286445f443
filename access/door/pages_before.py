"""The pages before the app: plain HTML that needs no script, made from the templates beside this module."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import FileResponse, HTMLResponse, Response

from access.door.headers import policy_of_a_form

_HERE = Path(__file__).parent
_TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
Fault = tuple[str, str]
"""What is wrong: the field that it is about, or nothing, and a sentence that says what to do."""


def page(template: str, title: str, /, faults: Sequence[Fault] = (), status: int = 200, **values: object) -> Response:
    """A page from the template of that name."""
    html = _TEMPLATES.get_template(f"{template}.html").render(title=title, faults=faults, **values)
    return HTMLResponse(html, status, {"Content-Security-Policy": policy_of_a_form()})


def message(
    title: str, sentence: str, status: int = 200, link: str = "/", words: str = "Go to the dashboard"
) -> Response:
    """A page that says one thing, with one way onward."""
    return page("message", title, status=status, sentence=sentence, link=link, link_words=words)


def asset(name: str) -> Response:
    """A file that the pages and the gate bring with them."""
    return FileResponse(_HERE / "static" / name)
