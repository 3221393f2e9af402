"""When to try a server again that was down."""

from search.fallback import FAILURES_TO_OPEN, FIRST_PAUSE_S, LONGEST_PAUSE_S, CircuitBreaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def opened() -> tuple[CircuitBreaker, Clock]:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    for _ in range(FAILURES_TO_OPEN):
        assert breaker.closed
        breaker.failed()
    return breaker, clock


def test_one_failure_alone_changes_nothing() -> None:
    breaker = CircuitBreaker(Clock())
    breaker.failed()
    assert breaker.closed
    breaker.succeeded()
    breaker.failed()
    assert breaker.closed


def test_after_failures_in_a_row_nothing_is_tried_for_a_pause() -> None:
    breaker, clock = opened()
    assert not breaker.closed
    assert not breaker.due()
    clock.now += FIRST_PAUSE_S * 0.9
    assert not breaker.due()


def test_then_one_try_is_due_and_no_other() -> None:
    breaker, clock = opened()
    clock.now += FIRST_PAUSE_S
    assert breaker.due()
    assert not breaker.due()
    assert not breaker.closed


def test_success_closes_it() -> None:
    breaker, clock = opened()
    clock.now += FIRST_PAUSE_S
    assert breaker.due()
    breaker.succeeded()
    assert breaker.closed


def test_pauses_grow_up_to_a_limit() -> None:
    breaker, clock = opened()
    pauses = []
    for _ in range(8):
        start = clock.now
        while not breaker.due():
            clock.now += 0.5
        pauses.append(clock.now - start)
        breaker.failed()
    assert pauses == [FIRST_PAUSE_S, 2, 4, 8, 16, LONGEST_PAUSE_S, LONGEST_PAUSE_S, LONGEST_PAUSE_S]
