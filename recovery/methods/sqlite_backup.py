"""Backups that SQLite made itself: by the shell's .backup, by VACUUM INTO or by the backup functions of a language.

Each file is complete: what its database had in its write-ahead log is in it.
"""

from recovery.methods.backup_files import FilesInFolder


class BackupFiles(FilesInFolder):
    """Files that SQLite wrote, plain or packed with gzip or zstd; not finished while a fresh journal is beside."""
