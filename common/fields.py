from typing import Any

from django.db import models
from django.db.models import Func


class TransactionId(models.Field[int, int]):
    """The 64-bit id of the transaction that wrote the row (PostgreSQL xid8), set by the database.

    Readers of increments take rows with tx < pg_snapshot_xmin(pg_current_snapshot()): an id alone
    would skip the rows of slow transactions.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs["db_default"] = Func(function="pg_current_xact_id", output_field=models.TextField())
        kwargs["editable"] = False
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_default", None)
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return value if value is None or hasattr(value, "as_sql") else str(value)
