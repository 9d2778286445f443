"""The upload page in a user's hands: choose, drop, press, read; and files to drop."""

from collections.abc import Sequence

from desk import SCHOOLS
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from access.scope import EVERYWHERE
from data_model.catalogue import DATASETS
from loaders import files
from loaders.history import PastUpload, past_uploads
from loaders.save import Consent, Saved
from loaders.upload_record import Sender

HEADER = "pupil_ref,urn,start_date,sessions,category,reason_1"
GOOD = "P1,900001,2025-10-06,2,SUSP,PP"
OTHER = "P2,900001,2025-10-07,3,SUSP,DB"
WRONG = "P3,900001,2025-10-08,two,SUSP,DB"
ASKED = "P4,900001,2025-10-11,2,SUSP,DB"  # a Saturday


def csv(*rows: str, header: str = HEADER) -> str:
    """A file of suspensions."""
    return "".join(f"{line}\n" for line in (header, *rows))


def load(engine: Engine, dataset: str, text: str) -> Saved:
    """Load a file by another way than the page, as somebody else."""
    table = files.read_file(text.encode(), f"{dataset}.csv")
    _, saved = files.load_table(
        engine,
        table,
        files.sha256_of(text.encode()),
        DATASETS[dataset],
        Sender("somebody else", EVERYWHERE),
        consent=Consent(accept_queries=True),
    )
    return saved


def load_schools(engine: Engine) -> None:
    """The three schools that every file here names."""
    load(engine, "schools", SCHOOLS)


class UploadPage:
    """The page as it stands after the last thing that was done to it."""

    def __init__(self, drawn: AppTest, engine: Engine) -> None:
        self.drawn = drawn
        self.engine = engine

    def choose(self, kind: str) -> None:
        self.drawn.selectbox(key="upload kind").set_value(kind)
        self._run()

    def say_sender(self, sender: str) -> None:
        self.drawn.text_input(key="upload sender").set_value(sender)
        self._run()

    def select(self, label: str, value: object, *, run: bool = True) -> None:
        """Choose in the box whose label starts so; without `run` in a form, that is not sent yet."""
        next(box for box in self.drawn.selectbox if box.label.startswith(label)).set_value(value)
        if run:
            self._run()

    def drop(self, content: str | bytes, name: str = "file.csv") -> None:
        sent = content.encode() if isinstance(content, str) else content
        self.drawn.file_uploader[0].upload(name, sent, "text/csv")
        self._run()

    def tick(self, label: str) -> None:
        next(box for box in self.drawn.checkbox if label in box.label).check()
        self._run()

    def type(self, cells: dict[int, dict[str, object]]) -> None:
        """Type over cells of the editor (by the place of the row), and check again."""
        self.drawn.session_state[f"upload cells {self.drawn.session_state['upload desk'].editor}"] = {
            "edited_rows": cells,
            "added_rows": [],
            "deleted_rows": [],
        }
        self.press("Check again")

    def press(self, label: str) -> None:
        """Press the button whose label starts so, and draw the page anew."""
        self._button(label).click()
        self._run()

    def can_press(self, label: str) -> bool:
        """Whether that button is enabled."""
        return not self._button(label).disabled

    def _button(self, label: str) -> Button:
        return next(button for button in self.drawn.button if button.label.startswith(label))

    def _run(self) -> None:
        self.drawn.run()
        assert not self.drawn.exception

    @property
    def buttons(self) -> list[str]:
        return [button.label for button in self.drawn.button]

    @property
    def downloads(self) -> list[str]:
        return [button.label for button in self.drawn.download_button]

    @property
    def headings(self) -> list[str]:
        return [heading.value for heading in self.drawn.header]

    @property
    def words(self) -> str:
        """All that the page says in sentences, without the backslashes that keep it from being markup."""
        parts = [self.drawn.error, self.drawn.warning, self.drawn.info, self.drawn.success, self.drawn.markdown]
        said = "\n".join(part.value for kind in parts for part in kind)
        return (said + "\n" + "\n".join(caption.value for caption in self.drawn.caption)).replace("\\", "")

    @property
    def editor(self) -> list[Sequence[object]]:
        """The rows of the editor: line, what to put right, and the cells in the file's order."""
        return [tuple(row) for row in self.drawn.dataframe[0].value.itertuples(index=False)]

    @property
    def counts(self) -> dict[str, str]:
        return {metric.label: metric.value for metric in self.drawn.metric}

    @property
    def uploads(self) -> list[PastUpload]:
        """The uploads that are recorded, the newest first."""
        return past_uploads(self.engine, EVERYWHERE, 100)
