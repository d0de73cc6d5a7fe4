"""Queries that are asked so often that they are compiled once: that takes ten times as long as running them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

Record = TypeVar("Record", bound=Model)


@dataclass(frozen=True)
class CompiledQuery:
    """A query in SQL; some of its parameters are stand-ins, which each run replaces."""

    statement: str
    parameters: tuple[Any, ...]

    def first(self, values: Mapping[Any, Any]) -> tuple[Any, ...] | None:
        """The first row, with `values` in the place of their stand-ins; None where there is none.

        Columns come as the database has them: no field converts them.
        """
        with connection.cursor() as cursor:
            cursor.execute(self.statement, [values.get(each, each) for each in self.parameters])
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def compile_query(queryset: QuerySet[Any, Any]) -> CompiledQuery:
    """The query as it stands now. What its filters read while it was built is read once: they must depend on
    nothing but stand-ins and constants."""
    statement, parameters = queryset.query.sql_with_params()
    return CompiledQuery(statement, tuple(parameters))


class CompiledRecords(Generic[Record]):
    """A query for whole records, with what it joins and annotates; compiled when it is first asked.

    `build` makes it, with stand-ins where each run puts values of its own. What it prefetches is not read.
    """

    def __init__(self, build: Callable[[], QuerySet[Record]]) -> None:
        self._build = build

    def fetch(self, values: Mapping[Any, Any]) -> list[Record]:
        """The records, with `values` in the place of their stand-ins."""
        statement, parameters, compiler, converters = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(statement, [values.get(each, each) for each in parameters])
            rows = cursor.fetchall()
        return [self._record(_convert(row, converters), compiler) for row in rows] if rows else []

    @cached_property
    def _compiled(self) -> tuple[str, tuple[Any, ...], Any, list[tuple[int, Any, Any]]]:
        compiler = self._build().query.get_compiler(connection=connection)
        statement, parameters = compiler.as_sql()
        found = compiler.get_converters(expression for expression, _sql, _alias in compiler.select)
        return statement, tuple(parameters), compiler, [(place, *found[place]) for place in found]

    @cached_property
    def _parts(self) -> tuple[int, int, list[str], list[Any]]:
        compiler = self._compiled[2]
        fields = compiler.klass_info["select_fields"]
        first, end = fields[0], fields[-1] + 1
        names = [column[0].target.attname for column in compiler.select[first:end]]
        return first, end, names, get_related_populators(compiler.klass_info, compiler.select, connection.alias)  # type: ignore[call-arg]  # the stubs are of a later Django

    def _record(self, row: list[Any], compiler: Any) -> Record:
        # As django.db.models.query.ModelIterable makes them.
        first, end, names, populators = self._parts
        record: Record = compiler.klass_info["model"].from_db(connection.alias, names, row[first:end])
        for populator in populators:
            populator.populate(row, record)
        for name, place in compiler.annotation_col_map.items():
            setattr(record, name, row[place])
        return record


def _convert(row: tuple[Any, ...], converters: list[tuple[int, Any, Any]]) -> list[Any]:
    values = list(row)
    for place, convert, expression in converters:
        for each in convert:
            values[place] = each(values[place], expression, connection)
    return values
