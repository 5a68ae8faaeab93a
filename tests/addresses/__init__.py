"""The product's addresses with somebody at each: a filled form for every write, an object for every page.

Two proofs walk over them: the permission matrix, and the forms pressed twice at once. An address without a sample
fails both, so that a new form brings its own.
"""

from tests.addresses import background, change, desk, joint, meeting, people, plans, rooms, tablet, team  # noqa: F401 - each registers its samples
from tests.addresses.registry import PAGES, PRESSES, SET_ASIDE, WORDS, Press, Sample, page, press, word

__all__ = ["PAGES", "PRESSES", "SET_ASIDE", "WORDS", "Press", "Sample", "page", "press", "word"]
