from __future__ import annotations

import pytest

from benchmarks import load, throughput
from benchmarks.load import Load
from tools.console import ToolError

REPORT = """Running 5s test @ http://127.0.0.1:8000/
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     4.41ms    1.90ms  29.77ms   83.71%
    Req/Sec     1.84k   133.18     2.09k    72.00%
  Latency Distribution
     50%  850.00us
     75%    5.21ms
     90%    6.51ms
     99%   10.85ms
  9185 requests in 5.01s, 1.60MB read
{failures}Requests/sec:   1834.91
Transfer/sec:    327.91KB
"""


def test_the_rate_and_the_latencies_are_read() -> None:
    assert load.parse(REPORT.format(failures="")) == Load(1834.91, 0.85, 10.85)


@pytest.mark.parametrize(
    "failures", ["  Non-2xx or 3xx responses: 12\n", "  Socket errors: connect 0, read 3, write 0, timeout 1\n"]
)
def test_failed_requests_are_no_throughput(failures: str) -> None:
    with pytest.raises(ToolError, match=failures.strip()):
        load.parse(REPORT.format(failures=failures))


def test_another_form_of_report_is_refused() -> None:
    with pytest.raises(ToolError, match="another form"):
        load.parse("Requests/sec: many")


def test_the_ratio_compares_medians() -> None:
    table = throughput.report(
        {
            "hello": [Load(rate, 1, 2) for rate in (100, 1000, 2000)],
            "page": [Load(rate, 1, 2) for rate in (400, 500, 600)],
        }
    )
    assert "500 requests/s (400-600)" in table.splitlines()[-1]
    assert "ratio  0.50" in table.splitlines()[-1]
