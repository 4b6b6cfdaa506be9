"""Runs code with all that test_index_stores has: `running_code CODE ARGUMENTS`, as a module."""

import sys

from tests.integration import test_index_stores

exec(sys.argv.pop(1), vars(test_index_stores))
