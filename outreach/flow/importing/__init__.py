"""Import: files of accounts and payments into the database, in batches, each row taken or refused with its reason."""

from outreach.flow.importing.files import ImportOptions, import_accounts, import_payments
from outreach.flow.importing.report import BadFile, ImportReport, RowProblem, Severity
from outreach.flow.importing.source import InputFormat

__all__ = [
    "BadFile",
    "ImportOptions",
    "ImportReport",
    "InputFormat",
    "RowProblem",
    "Severity",
    "import_accounts",
    "import_payments",
]
