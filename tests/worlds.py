"""A small world: schools, headcounts and events said in a line each."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, insert

from access.scope import Scope
from analysis import queries
from analysis.records import Records
from analysis.table import MeasureTable, table_of
from data_model.catalogue import DATASETS
from data_model.published import published_statistics
from data_model.terms import Period
from data_model.uploads import upload_schools, uploads

LA = 999


@dataclass
class World:
    """Rows are saved as they are said; `rows` and `rate` ask a measure's table of them."""

    connection: Connection
    scope: Scope = field(default_factory=lambda: Scope(frozenset({LA, 331}), pupil_rows=True, full_figures=True))
    ids: dict[str, int] = field(default_factory=dict)
    read: Records | None = None

    @property
    def records(self) -> Records:
        """The records of what is saved by now, read once."""
        self.read = self.read or queries.records(self.connection, self.scope)
        return self.read

    def save(self, dataset: str, **cells: Any) -> None:
        self.read = None
        filled = dict.fromkeys(DATASETS[dataset].columns) | cells | {"upload_id": 0}
        self.connection.execute(insert(DATASETS[dataset].table).values(filled))

    def number(self, kind: str) -> int:
        self.ids[kind] = self.ids.get(kind, 0) + 1
        return self.ids[kind]

    def school(self, urn: int = 900001, phase: str = "primary", la: int = LA, **cells: Any) -> int:
        given = {"laestab": la * 10_000 + urn % 10_000, "school_name": f"School {urn}", "phase": phase}
        self.save("schools", urn=urn, establishment_type_group="Academies", **(given | cells))
        return urn

    def roll(self, urn: int, headcount: int, year: str = "202425", census: str = "SPR", group: str = "Total") -> None:
        self.save(
            "headcounts",
            urn=urn,
            academic_year=year,
            census_term=census,
            characteristic_group=group,
            characteristic=group,
            headcount=headcount,
        )

    def suspension(self, urn: int, pupil: str, day: str, sessions: int = 2, **cells: Any) -> None:
        given = {"category": "SUSP", "reason_1": "DB"} | cells
        self.save(
            "suspensions", urn=urn, pupil_ref=pupil, start_date=date.fromisoformat(day), sessions=sessions, **given
        )

    def exclusion(self, urn: int, day: str, outcome: str | None = None, pupil: str = "P1", **cells: Any) -> None:
        self.save(
            "permanent_exclusions",
            pex_id=f"X{self.number('pex')}",
            urn=urn,
            pupil_ref=pupil,
            head_decision_date=date.fromisoformat(day),
            review_outcome=outcome,
            **cells,
        )

    def placement(self, urn: int | None, start: str, end: str | None = None, tier: str = "2", **cells: Any) -> None:
        self.save(
            "ap_placements",
            placement_id=f"A{self.number('placement')}",
            pupil_ref=f"P{self.number('placed')}",
            home_urn=urn,
            tier=tier,
            sessions_per_week=10,
            start_date=date.fromisoformat(start),
            end_date=date.fromisoformat(end) if end else None,
            **cells,
        )

    def case(self, urn: int | None, start: str, end: str | None = None, **cells: Any) -> str:
        case_id = f"C{self.number('case')}"
        dates = {"start_date": date.fromisoformat(start), "end_date": date.fromisoformat(end) if end else None}
        self.save("outreach_cases", case_id=case_id, urn=urn, **dates, **cells)
        return case_id

    def contact(self, urn: int | None, day: str, case_id: str | None = None) -> None:
        contact_id = f"K{self.number('contact')}"
        self.save(
            "outreach_contacts",
            contact_id=contact_id,
            urn=urn,
            date=date.fromisoformat(day),
            case_id=case_id,
            minutes=30,
        )

    def sent(self, dataset: str, urns: list[int], year: str, term: str, rows: int = 1, **cells: Any) -> int:
        self.read = None
        upload_id = self.number("upload")
        given: dict[str, Any] = {"source": "notified", "file_name": "a.csv", "sha256": "0" * 64}
        given |= {"uploaded_by": "steward", "uploaded_at": datetime(2026, 1, 5, 9, tzinfo=UTC)}
        given |= {f"rows_{kind}": 0 for kind in ("accepted", "rejected", "queried", "new", "changed", "removed")}
        self.connection.execute(insert(uploads).values(upload_id=upload_id, dataset=dataset, **(given | cells)))
        for urn in urns:
            values = {"upload_id": upload_id, "urn": urn, "academic_year": year, "term": term, "rows": rows}
            self.connection.execute(insert(upload_schools).values(values))
        return upload_id

    def published(self, level: str, code: str, phase: str, year: str = "202324", term: str = "", **cells: Any) -> None:
        self.read = None
        key = {"geographic_level": level, "area_code": code, "phase": phase, "academic_year": year, "term": term}
        self.connection.execute(insert(published_statistics).values(**key, upload_id=0, **cells))

    def table(self, measure: str, by: str = "school", period: str = "202425", **options: Any) -> MeasureTable:
        return table_of(self.records, measure, by, Period.parse(period), **options)

    def rows(self, measure: str, by: str = "school", period: str = "202425", **options: Any) -> list[dict[str, Any]]:
        """The rows as dictionaries, missing cells as None."""
        table = self.table(measure, by, period, **options).rows.astype(object)
        return table.where(table.notna(), None).to_dict("records")

    def figures(self, measure: str, by: str = "school", period: str = "202425", **options: Any) -> dict[Any, Any]:
        """(count, out_of, rate) of each row, by URN, phase or LA code."""
        key = {"school": "urn", "phase": "phase", "la": "la_code"}[by]
        rows = self.rows(measure, by, period, **options)
        return {row[key]: (row["count"], row["out_of"], row["rate"]) for row in rows}
