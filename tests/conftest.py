"""What every test shares; the fixtures themselves live in tests/fixtures."""

pytest_plugins = [
    "tests.fixtures.walls",  # first: it must be there before anybody takes an action by its name
    "tests.fixtures.database",
    "tests.fixtures.world",
    "tests.fixtures.strictness",
    "tests.fixtures.budget",
    "tests.fixtures.people",
    "tests.fixtures.sms",
    "tests.fixtures.site",
    "tests.fixtures.browser",
]
