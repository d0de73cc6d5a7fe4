"""Nothing that is kept says on whose machine, or through which registry, it was made."""

from tests.project.sources import find, kept_files, text_of

# Each with a letter in brackets, so that this file does not find itself
MACHINE = r"/roo[t]/|/wor[k]/(main|shared)|/Use[r]s/\w|/hom[e]/(?!you\b|debrief\b)\w"
# The Makefile tells the compiler to leave the index out.
REGISTRY = (
    r"pyp[i]\.(org|python)|pythonhoste[d]\.org|registry\.npmj[s]|prox[y]\.golang|artifactor[y]|devp[i]\b|"
    r"(?<!no-emit-)(index-ur[l]|find-link[s])|PIP_INDE[X]|UV_(DEFAULT_)?INDE[X]|trusted-hos[t]"
)


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    assert list(find(MACHINE, kept_files())) == []


def test_no_file_names_a_package_registry() -> None:
    assert list(find(REGISTRY, kept_files())) == []


def test_the_files_that_are_kept_are_read() -> None:
    kept = {path.name: path for path in kept_files()}
    assert {"manage.py", "Makefile", "test_traces.py"} <= set(kept)
    assert "django" in text_of(kept["manage.py"])
