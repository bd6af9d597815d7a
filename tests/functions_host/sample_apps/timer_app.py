"""Timers: one at start, one every second, one nearly never."""

import azure.functions as func

from tests.functions_host.sample_apps.record import record

app = func.FunctionApp()


@app.timer_trigger(schedule="0 0 0 1 1 *", arg_name="timer", run_on_startup=True, use_monitor=False)
def at_start(timer: func.TimerRequest) -> None:
    """Runs when the host starts."""
    record("at_start", past_due=timer.past_due)


@app.timer_trigger(schedule="%EVERY_SECOND%", arg_name="timer")
async def every_second(timer: func.TimerRequest) -> None:
    """Runs every second."""
    record("every_second", status=timer.schedule_status)  # type: ignore[attr-defined] # missing in its base class


@app.timer_trigger(schedule="0 0 0 1 1 *", arg_name="timer")
def new_year(timer: func.TimerRequest) -> None:
    """Runs when the year begins, or by hand."""
    record("new_year", past_due=timer.past_due)
