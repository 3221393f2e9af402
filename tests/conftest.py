"""What every test can ask for. Real services start when the first test asks, on free ports, and stop at the end."""

pytest_plugins = [
    "tests.plugins.browser",
    "tests.plugins.elasticsearch",
    "tests.plugins.judges",
    "tests.plugins.octo",
    "tests.plugins.portal",
    "tests.plugins.postgresql",
    "tests.plugins.redis",
    "tests.plugins.receiver",
    "tests.plugins.tiles",
]
