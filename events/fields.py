"""Model fields and constraints that row-level security needs and Django does not have."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Now


class ClockTimestamp(Now):
    """The database's own clock at this very moment, not at the start of the transaction."""

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="clock_timestamp()", **extra)


if TYPE_CHECKING:
    _Moment = models.DateTimeField[Any, Any]
else:
    _Moment = models.DateTimeField


class DatabaseMoment(_Moment):
    """When the database wrote the row, by its own clock. Never returned from an insert, which may not be readable."""

    db_returning = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["db_default"] = ClockTimestamp()
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_default", None)
        kwargs.pop("editable", None)
        return name, path, args, kwargs


class QuietGeneratedField(models.GeneratedField):
    """A stored generated column that an insert does not ask back."""

    db_returning = False  # type: ignore[assignment]


class CompositeForeignKey(models.BaseConstraint):
    """A foreign key over several columns, which ties the flags copied to a part to those of its whole."""

    def __init__(
        self, *, name: str, fields: list[str], to: str, to_fields: list[str], on_update_cascade: bool = False
    ) -> None:
        super().__init__(name=name)
        self.fields, self.to, self.to_fields = list(fields), to, list(to_fields)
        self.on_update_cascade = on_update_cascade

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        if model is None or schema_editor is None:
            return ""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return ""

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        if model is None or schema_editor is None:
            return ""
        quote = schema_editor.quote_name
        of_model = {field.name: str(field.column) for field in model._meta.concrete_fields}
        columns = ", ".join(quote(of_model[name]) for name in self.fields)
        targets = ", ".join(quote(name) for name in self.to_fields)
        cascade = " on update cascade" if self.on_update_cascade else ""
        return (
            f"alter table {quote(model._meta.db_table)} add constraint {quote(self.name)} "
            f"foreign key ({columns}) references {quote(self.to)} ({targets}){cascade} "
            "deferrable initially deferred"
        )

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        if model is None or schema_editor is None:
            return ""
        quote = schema_editor.quote_name
        return f"alter table {quote(model._meta.db_table)} drop constraint {quote(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database checks it."""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs |= {
            "fields": self.fields,
            "to": self.to,
            "to_fields": self.to_fields,
            "on_update_cascade": self.on_update_cascade,
        }
        return path, args, kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CompositeForeignKey) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, tuple(self.fields), self.to, tuple(self.to_fields)))
