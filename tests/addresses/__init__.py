"""The product's addresses with somebody at each: a filled form for every write, an object for every page.

Two proofs walk over them: the permission matrix, and the forms pressed twice at once. An address without a sample
fails both, so that a new form brings its own.
"""

from importlib import import_module
from pkgutil import iter_modules

from tests.addresses.registry import PAGES, PRESSES, SET_ASIDE, WORDS, Press, Sample, page, press, word

for _module in iter_modules(__path__, f"{__name__}."):  # each registers its samples
    import_module(_module.name)

__all__ = ["PAGES", "PRESSES", "SET_ASIDE", "WORDS", "Press", "Sample", "page", "press", "word"]
