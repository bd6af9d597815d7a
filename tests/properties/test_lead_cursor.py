"""However runs end, nothing is passed over that LinkedIn lists late, and any amount is listed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.values.lead_cursor import FIRST_RUN, OVERLAP, SWEEP_EVERY, LeadCursor, Window
from tests.examples import NOON

# Minutes until the run, and how many windows fit into it: none narrows the next ones.
run = st.tuples(
    st.sampled_from([15, 15, 60, 1440, 14_400]) | st.integers(1, 2000),
    st.sampled_from([0, 1, 2, 5, 60]),
)
runs = st.lists(run, min_size=1, max_size=25)


@dataclass
class Listed:
    """Runs for one owner, and which windows they listed when."""

    cursor: LeadCursor = field(default_factory=LeadCursor)
    now: datetime = NOON
    windows: list[tuple[Window, datetime]] = field(default_factory=list)

    def run(self, fits: int) -> bool:
        """Whether all of its windows did fit."""
        done: list[Window] = []
        for window in self.cursor.windows(self.now):
            if len(done) == fits:
                self.cursor = self.cursor.widened(done) if done else self.cursor.narrowed(window)
                return False
            self.cursor = self.cursor.moved(window, self.now)
            done.append(window)
            self.windows.append((window, self.now))
        self.cursor = self.cursor.widened(done)
        return True

    def was_seen_in_time(self, submitted: datetime) -> bool:
        """Listed at least once by when LinkedIn lists it at the latest."""
        return any(
            window.start <= submitted < window.end and at - submitted >= OVERLAP
            for window, at in self.windows
        )


@given(runs)
def test_what_is_known_was_listed_when_it_was_a_day_old(planned: list[tuple[int, int]]) -> None:
    listed = Listed()
    for minutes, fits in planned:
        listed.now += timedelta(minutes=minutes)
        before = listed.cursor.until
        listed.run(fits)
        until = listed.cursor.until
        if until is None:
            continue
        assert before is None or until >= before
        assert until <= listed.now - OVERLAP
        edges = {edge for window, _ in listed.windows for edge in (window.start, window.end)}
        kept = listed.now - FIRST_RUN
        for edge in edges:
            for submitted in (edge, edge - timedelta(milliseconds=1)):
                if kept <= submitted < until:
                    assert listed.was_seen_in_time(submitted), submitted


@given(runs)
def test_windows_are_whole_milliseconds_and_do_not_reach_beyond_now(
    planned: list[tuple[int, int]],
) -> None:
    listed = Listed()
    for minutes, fits in planned:
        listed.now += timedelta(minutes=minutes)
        listed.run(fits)
    for window, at in listed.windows:
        assert window.start < window.end <= at
        assert window.start >= at - FIRST_RUN
        assert window.start.microsecond % 1000 == window.end.microsecond % 1000 == 0


@given(st.lists(run, max_size=8))
def test_with_time_enough_a_run_knows_all_and_has_swept(planned: list[tuple[int, int]]) -> None:
    listed = Listed()
    for minutes, fits in planned:
        listed.now += timedelta(minutes=minutes)
        listed.run(fits)
    for _ in range(2):  # the first may only go on with what is under way
        listed.now += timedelta(minutes=15)
        listed.windows.clear()
        assert listed.run(10**6)
    assert listed.cursor.until == listed.now - OVERLAP
    assert listed.cursor.reached is listed.cursor.swept_to is None
    assert listed.cursor.swept_at is not None
    assert listed.now - listed.cursor.swept_at < SWEEP_EVERY


@given(st.integers(1, 40))
def test_narrow_windows_end_at_a_millisecond_and_widen_again(failures: int) -> None:
    listed = Listed()
    for _ in range(failures):
        assert not listed.run(0)
    span = listed.cursor.span
    assert span is not None
    assert span >= timedelta(milliseconds=1)
    for _ in range(45):
        listed.run(8)
    assert listed.cursor.span is None
