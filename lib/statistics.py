"""What the database's planner knows of its tables."""

from django.db import connection

# Of each index, so that no file is too large. Far fewer mislead: where most rows have no value, as few incidents are
# duplicates of others, an index of those seems to find a handful. Far more make whoever writes wait.
ENTRIES = 100_000


def refresh_statistics() -> None:
    """SQLite chooses its indexes by what the tables hold now. PostgreSQL's autovacuum sees to that by itself.

    One table after the other, so that nobody who writes waits for more than one; not those of the search index, which
    would be read from end to end.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {ENTRIES}")
        for table in connection.introspection.django_table_names(only_existing=True):
            # PRAGMA optimize looks, before SQLite 3.46, at no table that this connection has not asked for much.
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
