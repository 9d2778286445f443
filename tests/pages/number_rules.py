"""The rule that every number on a page keeps, as a machine checks it: `faults(pieces)` says where a page breaks it.

What is a plain count, what is a figure that needs more, and what proves one: see `test_every_number`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise

from drawn_page import Chart, Piece, Sentence, Table, Tile

from analysis.measures import MEASURES

WORDS = re.compile(
    r"too small|too few|small number|few pupils|cannot be shown|within usual swings|no denominator|published without"
    r"|how many is hidden|an? assum|if the assumption|are assumed",
    re.IGNORECASE,
)
"""What says in words that a number says little, or that it is no measurement."""
_EXCUSED = re.compile(r"published without|too small to say", re.IGNORECASE)
_SMALL = re.compile(r"too small|small number", re.IGNORECASE)
_NOT_FIGURES = re.compile(
    r"\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December|[A-Z][a-z]{2})"
    r" \d{4}(?:, \d\d:\d\d)?"
    r"|\b\d{4}/\d{2,4}\b|\bYear \d+|\bages \d+ to \d+|\b(?:URN|LAESTAB|KS|tier|Tier) ?\d+"
    # How often a range holds is what makes it one.
    r"|\d+ times in \d+|\b\d+ in 1,?000\b|\b\d+ in 40\b|\b\d+ ?%(?= (?:limit|range))|\bof (?:every )?100\b"
    r"|2\.66 average moves",
)
"""Days, years, names, and what a method fixes."""
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_SIDE = rf"\(*{_NUMBER}\)*(?: [+−×÷-] \(*{_NUMBER}\)*)*"
_WRITTEN_OUT = re.compile(rf"{_SIDE}(?: = {_SIDE})+")
"""A sum with its outcome: (18 + 2) ÷ (4 + 2) = 3.3."""
_WHOLE = re.compile(r"(?<![\d.,])\d[\d,]*(?![\d.]*\d)(?!\s?%)")
_FIGURE = re.compile(
    rf"(?P<chance>about \d+ in \d+)"
    rf"|(?P<percent>-?{_NUMBER}\s?%)"
    rf"|(?P<rate>-?{_NUMBER})(?= (?:[\w-]+ ){{0,3}}?per 1,?0*\b)"
    r"|(?P<decimal>-?(?<![\w.,])\d[\d,]*\.\d+)"
    rf"|(?P<times>{_NUMBER})(?= times (?:the|as|average))"
    rf"|(?:about|averages?|phase) (?P<estimate>{_NUMBER})(?! in)"
    rf"|(?P<points>{_NUMBER})(?= points)"
)
_RANGE = re.compile(rf"(?<!from )(?<!ages )(?P<low>-?{_NUMBER}|under {_NUMBER})\s?%? to (?P<high>-?{_NUMBER})")
_UP_TO = re.compile(rf"^up to (?P<high>{_NUMBER})$")
_COUNTED = re.compile(
    r"(?<![\d.,])\d[\d,]*(?![.\d]) (?:[\w’'-]+ ){0,3}?"
    r"(?:suspensions?|pupils?|schools?|school-years?|reasons?|groups?|terms?|hours?|placements?|cases?|exclusions?)\b"
    r"|\d suspensions against|\(?count \d|\b(?:of|from|had) (?:the |these )?\d[\d,]*(?![\d.%])|^\d[\d,]* \("
)
_PER_PUPILS = re.compile(r"\bper 1,?0*\b|(?<![-\w])rate\b|per suspended pupil", re.IGNORECASE)
_OF_FIGURES = re.compile(
    r"%|\bper 1|per suspended|(?<![-\w])rate\b|average|\bmean\b|share\b|times (?:the|as|average)|chance|expected"
    r"|likely",
    re.IGNORECASE,
)
"""Headings of what is worked out, and not counted."""
_TOTALS = re.compile(r"^(?:days|hours|count|of all|its phase: (?:count|out of))\b", re.IGNORECASE)
"""Headings of what is added up, of parts of a whole too: half days, hours, and what shares are of."""
_HOW_MANY = re.compile(r"^(?:School-years|Schools|Pupils|Terms|Areas)\b")
_FROM, _TO = re.compile(r"\b(?:from|at least)$", re.IGNORECASE), re.compile(r"\b(?:to|at most)$", re.IGNORECASE)
_RANKED = re.compile(
    r"\b\d+(?:st|nd|rd|th)\b|\b(?:rank|ranked|position|placed) (?:is |of |number )?#?\d|#\d", re.IGNORECASE
)
_RANK_HEADING = re.compile(r"^(?:rank(?:ing)?|position|place|no\.?|#|order)$", re.IGNORECASE)
_MINIMUM = min(measure.minimum for measure in MEASURES.values() if measure.minimum > 1)
_PER = (1, 100, 1000)


@dataclass(frozen=True)
class Number:
    """A number as it is written: its value, and half of its last digit."""

    value: float
    half: float

    def is_near(self, other: float, error: float = 0.0) -> bool:
        """Whether it is `other`, itself known within `error`, rounded."""
        return abs(self.value - other) <= 1.001 * (self.half + error) + 1e-9 * abs(other)


def number(words: str) -> Number | None:
    """A cell that is a number alone, None for any other."""
    if not re.fullmatch(rf"-?{_NUMBER}\s?%?", words):
        return None
    digits = words.rstrip("% ").replace(",", "")
    return Number(float(digits), 0.5 * 10 ** -len(digits.partition(".")[2]))


def faults(pieces: Sequence[Piece], about_schools: bool = False) -> list[str]:
    """Where a page breaks the rule, a sentence each. `about_schools`: schools stand there in an order of figures, so
    no row of one is without a range."""
    found: list[str] = []
    for place, piece in enumerate(pieces):
        below = list(_under(pieces, place))
        if isinstance(piece, Table):
            found += [f"table “{piece.caption}”: {fault}" for fault in _of_table(piece, about_schools)]
        elif isinstance(piece, Tile):
            found += [f"tile “{piece.label}”: {fault}" for fault in _of_tile(piece)]
        elif isinstance(piece, Chart):
            tables = [each for each in below if isinstance(each, Table)][:1]
            found += [f"chart “{piece.alt[:60]}…”: {fault}" for fault in _of_chart(piece, tables)]
        else:
            shown = below if piece.kind == "header" else pieces
            found += [f"{piece.kind} “{piece.words}”: {fault}" for fault in _of_sentence(piece.words, shown)]
    return found


def _under(pieces: Sequence[Piece], place: int) -> Iterator[Piece]:
    """What stands under a heading or a chart: up to the next of its kind, and for a chart no further than a heading."""
    for piece in pieces[place + 1 :]:
        if isinstance(piece, Sentence) and piece.kind == "header":
            return
        if isinstance(piece, Chart) and isinstance(pieces[place], Chart):
            return
        yield piece


# Sentences and tiles


@dataclass(frozen=True)
class _Figure:
    kind: str
    words: str
    number: Number


def _plain(words: str) -> str:
    return _WRITTEN_OUT.sub("…", _NOT_FIGURES.sub("…", words))


def _wrong_sums(words: str) -> Iterator[str]:
    """The sums written out in words that do not come to what they say: a right one proves its numbers."""
    for written in _WRITTEN_OUT.finditer(words):
        sides = [_worth(side) for side in written[0].split("=")]
        if not all(first.is_near(second.value, second.half) for first, second in pairwise(sides)):
            yield f"the sum “{written[0]}” is wrong"


def _outcomes(words: str) -> list[Number]:
    """What the sums come to that are written out in words, as they are written."""
    last = [written[0].split("=")[-1].strip() for written in _WRITTEN_OUT.finditer(words)]
    return [outcome for each in last if (outcome := number(each))]


def _worth(side: str) -> Number:
    """What one side of a sum comes to, known as well as its last number is."""
    last = number(re.findall(_NUMBER, side)[-1])
    python = side.replace(",", "").replace("×", "*").replace("÷", "/").replace("−", "-")
    assert last and re.fullmatch(r"[\d.+*/() -]+", python), side
    alone = number(side.strip())
    return Number(float(eval(python)), alone.half if alone else 0.0)


def _figures(words: str) -> Iterator[_Figure]:
    for match in _FIGURE.finditer(words):
        kind = match.lastgroup or ""
        told = match[kind]
        value = number(told) or number(re.findall(r"\d+", told)[0])
        assert value is not None
        yield _Figure(kind, told, value)


def _ranges(words: str) -> list[tuple[float, float]]:
    found = []
    for match in _RANGE.finditer(words):
        low = number(match["low"].removeprefix("under "))
        high = number(match["high"])
        assert low and high
        found.append((0.0 if match["low"].startswith("under") else low.value - low.half, high.value + high.half))
    return found


def _wholes(words: str) -> list[float]:
    without = re.sub(r"about \d+ in \d+|per 1,?0*\b", "…", words)
    return [float(each.replace(",", "")) for each in _WHOLE.findall(without)]


def _is_ranged(figure: _Figure, words: str) -> bool:
    return any(low <= figure.number.value <= high for low, high in _ranges(words))


def _is_worked_out(figure: _Figure, wholes: Iterable[float]) -> bool:
    """Whether two counts give a figure: one over the other, or the change of one to the other."""
    counts = sorted(set(wholes))
    below = {*counts, *(a + b for a in counts for b in counts), *(b - a for a in counts for b in counts if b > a)}
    per = (100,) if figure.kind == "percent" else _PER
    return any(
        figure.number.is_near(sign * each * a / b)
        for a in counts
        for b in below
        if b
        for each in per
        for sign in (1, -1)
    )


def _numbers_shown(pieces: Iterable[Piece]) -> tuple[list[Number], str]:
    """Every number of the tables and tiles among pieces, and their words."""
    cells = [
        cell for piece in pieces if isinstance(piece, Table) for row in piece.rows for cell in (*piece.headings, *row)
    ]
    cells += [f"{piece.value}; {piece.beside}" for piece in pieces if isinstance(piece, Tile)]
    words = " | ".join(dict.fromkeys(cells))
    found = [number(each) for each in re.findall(rf"(?<![\d.]){_NUMBER}", words)]
    return [each for each in found if each], words


def _is_shown(figure: _Figure, pieces: Iterable[Piece]) -> bool:
    numbers, words = _numbers_shown(pieces)
    if figure.kind == "chance":
        return figure.words in words
    scales = (1.0, 100.0) if figure.kind == "percent" else (1.0,)
    return any(
        Number(abs(figure.number.value), figure.number.half).is_near(each.value * scale, each.half * scale)
        for each in numbers
        for scale in scales
    )


def _of_sentence(sentence: str, shown: Sequence[Piece]) -> Iterator[str]:
    if _RANKED.search(sentence):
        yield "a rank"
    yield from _wrong_sums(sentence)
    words = _plain(sentence)
    if WORDS.search(words) or not _FIGURE.search(words):
        return
    counted = bool(_COUNTED.search(words))
    for figure in _figures(words):
        if _is_ranged(figure, words) or _is_worked_out(figure, _wholes(words)) or _is_shown(figure, shown):
            continue
        if figure.kind == "chance" and _ranges(words):
            continue
        if counted and figure.kind not in ("percent", "rate"):
            continue
        yield f"“{figure.words}” names neither its count nor its range, and no table under it has it"


def _of_tile(tile: Tile) -> Iterator[str]:
    told = f"{tile.value}; {tile.beside}"
    if _RANKED.search(told):
        yield "a rank"
    yield from _wrong_sums(told)
    words = _plain(told)
    if WORDS.search(words):
        return
    for figure in _figures(words):
        if _TOTALS.search(tile.label) and words.startswith(figure.words):
            continue
        if _is_ranged(figure, words) or (figure.kind == "chance" and _ranges(words)):
            continue
        if _is_worked_out(figure, _wholes(words) + _halves(tile)):
            continue
        if any(figure.number.is_near(each.value) for each in _outcomes(told)):
            continue
        yield f"“{figure.words}” stands without the counts that it is worked out from, and without a range"


def _halves(tile: Tile) -> list[float]:
    first = number(tile.value)
    return [first.value] if first and _TOTALS.search(tile.label) else []


# Charts


def _of_chart(chart: Chart, tables: Sequence[Table]) -> Iterator[str]:
    points = [_plain(point.words) for point in chart.points]
    needs = [figure for words in points for figure in _figures(words) if figure.number.value]
    if needs and not tables:
        yield "no table under it"
        return
    for words in dict.fromkeys(points):
        for figure in _figures(words):
            proved = not figure.number.value or _is_shown(figure, tables) or WORDS.search(words)
            if not proved and not _is_worked_out(figure, _wholes(words)) and not _is_ranged(figure, words):
                yield f"“{figure.words}” at the point “{words}” is not in its table"
    yield from (f"its text alternative: {fault}" for fault in _of_sentence(chart.alt, tables))
    for table in tables:
        yield from _of_small_points(chart, table)


def _of_small_points(chart: Chart, table: Table) -> Iterator[str]:
    """A school or period that its table notes as small is so in the picture too: hollow, or with its count beside."""
    reader = _Columns(table.caption, table.headings, list(zip(*table.rows, strict=True)))
    for place, row in enumerate(table.rows):
        if not any(_SMALL.search(cell) for cell in row):
            continue
        values = reader.small_rates(place)
        for point in chart.points:
            figures = list(_figures(point.words))
            told = row[0] in point.words and any(f.number.is_near(v.value) for f in figures for v in values)
            if told and not point.hollow and not _SMALL.search(point.words) and not _wholes(_plain(point.words)):
                yield f"“{point.words}” is a small number in its table and looks like any other in the chart"


# Tables


def _of_table(table: Table, about_schools: bool) -> Iterator[str]:
    columns = list(zip(*table.rows, strict=True)) if table.rows else []
    for heading in table.headings:
        if _RANK_HEADING.match(heading):
            yield f"column “{heading}”: a rank"
    reader = _Columns(table.caption, table.headings, columns)
    for place, heading in enumerate(table.headings if columns else ()):
        if reader.counts_up(place):
            yield f"column “{heading}”: numbers the rows from 1: a rank"
        found: dict[str, list[int]] = {}
        for row, fault in reader.faults(place):
            found.setdefault(fault, []).append(row)
        for fault, rows in found.items():
            more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
            yield f"column “{heading}”, row “{columns[0][rows[0]]}”, cell “{columns[place][rows[0]]}”{more}: {fault}"
    if about_schools and table.headings[:1] == ("School",):
        for row, name in reader.without_range():
            yield f"row “{name}”: a figure of a school without any range ({' | '.join(table.rows[row])})"


class _Columns:
    """The columns of a table, and how the numbers in them follow from each other."""

    def __init__(self, caption: str, headings: Sequence[str], columns: Sequence[Sequence[str]]) -> None:
        self.caption = caption
        self.headings = list(headings)
        self.columns = columns
        self.rows = list(zip(*columns, strict=True)) if columns else []
        self.numbers = [[number(cell) for cell in column] for column in columns]
        self.numeric = [self._is_numeric(place) for place in range(len(columns))]
        self.in_range = {low: low - 1 for low in range(1, len(columns) - 1) if self._is_range(low)}
        self.ends = set(chain.from_iterable((low, low + 1) for low in self.in_range))

    def _is_numeric(self, place: int) -> bool:
        """Whether a column holds numbers, but for cells that say why there is none."""
        return any(self.numbers[place]) and all(
            found or not re.search(r"\d", cell)
            for found, cell in zip(self.numbers[place], self.columns[place], strict=True)
        )

    def _is_range(self, low: int) -> bool:
        both = self.numeric[low] and self.numeric[low + 1]
        return both and bool(_FROM.search(self.headings[low]) and _TO.search(self.headings[low + 1]))

    def is_figure(self, place: int) -> bool:
        """Whether a column is worked out: its heading says so, or some of it is no whole number."""
        heading = self.headings[place]
        if not self.numeric[place] or place in self.ends:
            return False
        if _OF_FIGURES.search(heading):
            return True
        parts = any(found and "." in cell for found, cell in self._cells(place))
        return parts and not _TOTALS.search(heading)

    def _cells(self, place: int) -> Iterator[tuple[Number | None, str]]:
        yield from zip(self.numbers[place], self.columns[place], strict=True)

    def counts_up(self, place: int) -> bool:
        """Whether a column is 1, 2, 3 … down a table of three schools or more."""
        if "School" not in self.headings:
            return False
        cells = [each.strip(".#") for each in self.columns[place]]
        return len(cells) > 2 and cells == [str(each) for each in range(1, len(cells) + 1)]

    def faults(self, place: int) -> Iterator[tuple[int, str]]:
        if not self.numeric[place]:
            yield from self._faults_of_text(place)
        elif self.is_figure(place):
            yield from self._faults_of_figures(place)

    def _faults_of_text(self, place: int) -> Iterator[tuple[int, str]]:
        for row, cell in enumerate(self.columns[place]):
            if _RANKED.search(cell):
                yield row, "a rank"
            words = _plain(cell)
            for figure in () if WORDS.search(words) else _figures(words):
                alone = _is_ranged(figure, words) or _is_worked_out(figure, _wholes(words)) or _COUNTED.search(words)
                if not alone and not self._row_says_how_sure(row):
                    yield row, f"“{figure.words}” has neither a count nor a range"

    def _row_says_how_sure(self, row: int) -> bool:
        """Whether a row says how many it is of, or holds a range."""
        counted = any(
            self.numbers[place][row] and _HOW_MANY.match(heading) for place, heading in enumerate(self.headings)
        )
        return counted or self._has_range(row)

    def _has_range(self, row: int) -> bool:
        ended = any(self.numbers[low][row] for low in self.in_range)
        return ended or any(_ranges(_plain(cell)) or _UP_TO.match(cell) for cell in self.rows[row])

    def _faults_of_figures(self, place: int) -> Iterator[tuple[int, str]]:
        known = [row for row, found in enumerate(self.numbers[place]) if found and not self._is_excused(row)]
        for rows in self._alike(known):
            count = self._counted_by(place, rows)
            if count is None and not self._is_proved(place, rows):
                yield from (
                    (row, "neither counts that it is worked out from nor a range stand in its row") for row in rows
                )
            elif count is not None and _PER_PUPILS.search(self.headings[place]):
                yield from self._faults_of_small(count, rows)

    def _alike(self, known: list[int]) -> list[list[int]]:
        """Rows that are worked out alike: all of a table, but where each tells of a measure, those of one measure."""
        if self.headings[0] != "Measure":
            return [known] if known else []
        names = dict.fromkeys(self.columns[0][row] for row in known)
        return [[row for row in known if self.columns[0][row] == name] for name in names]

    def _faults_of_small(self, count: int, rows: list[int]) -> Iterator[tuple[int, str]]:
        for row in rows:
            counted, least = self.numbers[count][row], self._minimum(row)
            if (
                counted
                and counted.value < least
                and least > 1
                and not any(_SMALL.search(cell) for cell in self.rows[row])
            ):
                yield row, f"a rate of {counted.value:g}, below {least}, is not marked as small"

    def small_rates(self, row: int) -> list[Number]:
        """The rates of a row that are below their minimum."""
        found = []
        for place in range(len(self.columns)):
            known = [each for each, shown in enumerate(self.numbers[place]) if shown]
            count = self._counted_by(place, known) if self.is_figure(place) else None
            shown, counted = self.numbers[place][row], self.numbers[count][row] if count is not None else None
            if shown and counted and counted.value < self._minimum(row):
                found.append(shown)
        return found

    def _minimum(self, row: int) -> int:
        """The minimum of the measure that is named in the row, the caption or a heading; else the usual one."""
        named = (self.columns[0][row], self.caption, *self.headings)
        found = (
            each.minimum
            for each in MEASURES.values()
            for words in named
            if words == each.name or words.lower() == each.unit or words.startswith(f"{each.name} of ")
        )
        return next(found, _MINIMUM)

    def _is_excused(self, row: int) -> bool:
        """Whether a row says in words that a figure is published without its counts, or is too small to say."""
        return any(_EXCUSED.search(cell) for cell in self.rows[row])

    def _counted_by(self, place: int, known: list[int]) -> int | None:
        """The column of counts that gives a column of figures, over another column or a number in the heading."""
        others = [other for other in range(len(self.columns)) if self.numeric[other] and other != place]
        fixed = [float(each) for each in _wholes(_plain(self.headings[place]))]
        for top in (other for other in others if not self.is_figure(other)):
            bottoms = [[self.numbers[other][row] for row in known] for other in others if other != top]
            bottoms += [[Number(each, 0.0)] * len(known) for each in fixed]
            tops = [self.numbers[top][row] for row in known]
            for bottom in bottoms:
                for per in _PER:
                    if self._divides(place, known, tops, bottom, per):
                        return top
        return None

    def _divides(
        self,
        place: int,
        known: list[int],
        tops: Sequence[Number | None],
        bottoms: Sequence[Number | None],
        per: int,
    ) -> bool:
        for row, top, bottom in zip(known, tops, bottoms, strict=True):
            shown = self.numbers[place][row]
            if not shown or not top or not bottom or bottom.value <= 0:
                return False
            error = per * (_error(top) + _error(bottom) * top.value / bottom.value) / bottom.value
            if not shown.is_near(per * top.value / bottom.value, error):
                return False
        return True

    def _is_proved(self, place: int, known: list[int]) -> bool:
        return (
            self._is_in_range(place, known)
            or self._is_difference(place, known)
            or self._is_product(place, known)
            or self._is_share(place)
            or self._is_share_of_all(place)
            or self._is_running_share(place)
            or self._is_mean(place, known)
            or self._is_compared(place, known)
        )

    def _is_in_range(self, place: int, known: list[int]) -> bool:
        """Whether a range beside it, in two columns or as text, holds every figure."""
        if self.in_range.get(place + 1) == place:
            return all(self._between(place, row) for row in known)
        for other, column in enumerate(self.columns):
            if not self.numeric[other] and all(self._text_holds(column[row], place, row) for row in known):
                return True
        return False

    def _between(self, place: int, row: int) -> bool:
        shown, low, high = (self.numbers[each][row] for each in (place, place + 1, place + 2))
        if not shown or not low or not high:
            return False
        return low.value - low.half <= shown.value + shown.half and shown.value - shown.half <= high.value + high.half

    def _text_holds(self, cell: str, place: int, row: int) -> bool:
        shown, up_to = self.numbers[place][row], _UP_TO.match(cell)
        limits = [(0.0, number(up_to["high"]))] if up_to else []
        ranges = [*_ranges(cell), *((low, high.value) for low, high in limits if high)]
        return shown is not None and any(a <= shown.value <= b for a, b in ranges)

    def _is_difference(self, place: int, known: list[int]) -> bool:
        """Whether it is one column less another, both figures that are proved by themselves."""
        figures = (other for other in range(len(self.columns)) if other != place and self.is_figure(other))
        others = [other for other in figures if self._counted_by(other, known) is not None]
        return any(
            all(self._differs(place, one, two, row) for row in known) for one in others for two in others if one != two
        )

    def _differs(self, place: int, one: int, two: int, row: int) -> bool:
        shown, first, second = (self.numbers[each][row] for each in (place, one, two))
        if not shown or not first or not second:
            return False
        return shown.is_near(first.value - second.value, first.half + second.half)

    def _is_product(self, place: int, known: list[int]) -> bool:
        """Whether it is an average: a count, or a number in the heading, times one column over another."""
        counts = [other for other in range(len(self.columns)) if self.numeric[other] and not self.is_figure(other)]
        fixed = [[Number(each, 0.0)] * len(self.rows) for each in _wholes(_plain(self.headings[place]))]
        firsts = [self.numbers[other] for other in counts] + fixed
        return any(
            all(self._multiplies(place, row, first[row], top, bottom) for row in known)
            for first in firsts
            for top in counts
            for bottom in counts
            if top != bottom
        )

    def _multiplies(self, place: int, row: int, first: Number | None, top: int, bottom: int) -> bool:
        shown, above, below = (self.numbers[each][row] for each in (place, top, bottom))
        if not shown or not first or not above or not below or not below.value:
            return False
        return shown.is_near(first.value * above.value / below.value)

    def _is_share(self, place: int) -> bool:
        """Whether it is each row's share of the sum of another column that is shown in full."""
        for other in range(len(self.columns)):
            counts = self.numbers[other]
            if (
                other != place
                and self.numeric[other]
                and all(counts)
                and (total := sum(each.value for each in counts if each))
            ):
                pairs = zip(self.numbers[place], counts, strict=True)
                if all(shown is None or shown.is_near(100 * each.value / total) for shown, each in pairs if each):
                    return True
        return False

    def _is_share_of_all(self, place: int) -> bool:
        """Whether it is a share in percent beside which stands of how many: each is then a whole number of them."""
        for other, heading in enumerate(self.headings):
            if not heading.startswith("Of all") or "%" not in self.headings[place]:
                continue
            pairs = [
                (share, total) for share, total in zip(self.numbers[place], self.numbers[other], strict=True) if share
            ]
            if all(total and _is_part(share, total) for share, total in pairs):
                return True
        return False

    def _is_running_share(self, place: int) -> bool:
        """Whether it is the running sum of another column, out of what stands as `Of all`."""
        totals = [self.numbers[other][0] for other, heading in enumerate(self.headings) if heading.startswith("Of all")]
        for total in totals:
            for other, column in enumerate(self.columns):
                leads = [number(re.split(r" \(", cell)[0]) for cell in column]
                if other == place or not total or not total.value or not all(leads):
                    continue
                exact = self.numeric[other]
                running = _running((each.value, _error(each) if exact else each.half) for each in leads if each)
                pairs = zip(self.numbers[place], running, strict=True)
                if all(shown and _is_running(shown, value, error, total) for shown, (value, error) in pairs):
                    return True
        return False

    def _is_mean(self, place: int, known: list[int]) -> bool:
        """Whether it is a mean whose row says how many it is of: not a rate or a share, which can be worked out."""
        if re.search(r"%|\bper 1|(?<![-\w])rate$|share", self.headings[place], re.IGNORECASE):
            return False
        of = [other for other, heading in enumerate(self.headings) if self.numeric[other] and _HOW_MANY.match(heading)]
        return any(all(self.numbers[other][row] for row in known) for other in of)

    def _is_compared(self, place: int, known: list[int]) -> bool:
        """Whether it is the average that a count of its row is compared with, in a row with a range."""
        if not re.search(r"average|expected", self.headings[place], re.IGNORECASE):
            return False
        counts = [other for other in range(len(self.columns)) if self.numeric[other] and not self.is_figure(other)]
        counts = [other for other in counts if other not in self.ends]
        return all(self._has_range(row) and any(self.numbers[other][row] for other in counts) for row in known)

    def without_range(self) -> Iterator[tuple[int, str]]:
        """The rows that hold a figure and no range."""
        for row, cells in enumerate(self.rows):
            figures = any(self.is_figure(place) and self.numbers[place][row] for place in range(len(self.columns)))
            figures = figures or any(
                not _is_worked_out(figure, _wholes(_plain(cell)))  # an exact share of a roll needs no range
                for place, cell in enumerate(cells)
                if not self.numeric[place]
                for figure in _figures(_plain(cell))
            )
            if figures and not self._has_range(row) and not any(WORDS.search(cell) for cell in cells):
                yield row, cells[0]


def _error(each: Number) -> float:
    """How far a shown number may be from the true one: a whole one is exact."""
    return 0.0 if each.half == 0.5 else each.half


def _is_running(shown: Number, value: float, error: float, total: Number) -> bool:
    share = 100 * value / total.value
    return shown.is_near(share, (100 * error + _error(total) * share) / total.value)


def _is_part(percent: Number, total: Number) -> bool:
    part, error = percent.value * total.value / 100, percent.half * total.value / 100
    return abs(part - round(part)) <= error + 1e-9


def _running(pairs: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Running sums of values and of their errors."""
    yield from accumulate(pairs, lambda so_far, each: (so_far[0] + each[0], so_far[1] + each[1]))
