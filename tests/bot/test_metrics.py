"""Counts in Prometheus's text form, by hand."""

from bot.metrics import Metrics


def test_counts_and_times_as_prometheus_reads_them() -> None:
    metrics = Metrics()
    metrics.count("updates", kind="message")
    metrics.count("updates", kind="message")
    metrics.count("updates", kind="inline_query")
    for milliseconds, quoted in ((5, True), (6, True), (9000, False)):
        metrics.answered(milliseconds, quoted)
    lines = metrics.exposition(waiting=3).splitlines()
    assert 'newsquote_bot_updates_total{kind="message"} 2' in lines
    assert 'newsquote_bot_updates_total{kind="inline_query"} 1' in lines
    assert 'newsquote_bot_answers_total{quoted="yes"} 2' in lines
    assert [line for line in lines if "_bucket" in line][:3] == [
        'newsquote_bot_answer_milliseconds_bucket{le="5"} 1',
        'newsquote_bot_answer_milliseconds_bucket{le="10"} 2',
        'newsquote_bot_answer_milliseconds_bucket{le="20"} 2',
    ]
    assert 'newsquote_bot_answer_milliseconds_bucket{le="5000"} 2' in lines
    assert 'newsquote_bot_answer_milliseconds_bucket{le="+Inf"} 3' in lines
    assert "newsquote_bot_answer_milliseconds_sum 9011.000" in lines
    assert "newsquote_bot_answer_milliseconds_count 3" in lines
    assert lines[-1] == "newsquote_bot_waiting 3"
    assert metrics.exposition().endswith("\n")


def test_median_and_95th_percentile() -> None:
    metrics = Metrics()
    assert metrics.times_ms() == (0, 0)
    metrics.answered(8, quoted=True)
    assert metrics.times_ms() == (8, 8)
    for milliseconds in range(101):
        metrics.answered(milliseconds, quoted=True)
    assert metrics.answers == 102
    median, p95 = metrics.times_ms()
    assert 49 <= median <= 50
    assert 94 <= p95 <= 95
