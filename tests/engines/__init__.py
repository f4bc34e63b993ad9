import pytest

pytest.register_assert_rewrite("tests.engines.suite")  # so that a failure shows what was compared
