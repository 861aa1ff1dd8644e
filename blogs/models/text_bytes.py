"""What a text takes on disk, in bytes of UTF-8: the same in Python and in both databases."""

from typing import Any

from django.db.models import BigIntegerField, F, Func, Value

ROW = 100  # bytes: about what a revision takes beside its texts


class ByteLength(Func):
    """The bytes of a text; Django's Length counts characters."""

    function = "OCTET_LENGTH"
    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Its OCTET_LENGTH is newer than the oldest SQLite that Django takes.
        return super().as_sql(
            compiler, connection, function="LENGTH", template="%(function)s(CAST(%(expressions)s AS BLOB))", **context
        )


# Of a row with a title and a text
SIZE = ByteLength(F("title")) + ByteLength(F("content")) + Value(ROW)


def size_of(title: str, content: str) -> int:
    return len(title.encode()) + len(content.encode()) + ROW
