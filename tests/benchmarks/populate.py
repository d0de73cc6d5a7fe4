"""`python -m tests.benchmarks.populate 100000` makes the tables in DEBRIEF_DATA_DIR or DATABASE_URL and fills them."""

import os
import sys
import time


def main(argv: list[str]) -> int:
    """So many incidents more than before."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.benchmarks.population import populate

    started = time.perf_counter()
    numbers = populate(int(argv[0]) if argv else 100_000)
    sys.stdout.write(f"INC-{numbers[0]} to INC-{numbers[-1]} in {time.perf_counter() - started:.0f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
