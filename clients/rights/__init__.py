"""The rights of a person on file: all that is kept of them, told or ended by one declaration a table."""

from clients.rights.held import Held, declare, declared, when_erased

__all__ = ["Held", "declare", "declared", "when_erased"]
