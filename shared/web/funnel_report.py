"""The funnel as a file to send around: one HTML page that loads nothing and has no script."""

from collections.abc import Iterable
from datetime import date, datetime

from shared.values.funnel_summary import FormFunnel
from shared.web.desk_page import desk_style
from shared.web.funnel_chart import chart_of
from shared.web.page import environment


def funnel_report(funnels: Iterable[FormFunnel], since: date, now: datetime) -> str:
    """HTML in English, drawn as on the desk. `since` and today both count."""
    return (
        environment()
        .get_template("funnel_report.html.j2")
        .render(
            style=desk_style(),
            charts=[chart_of(one) for one in funnels],
            since=since.isoformat(),
            until=now.date().isoformat(),
            written=f"{now:%Y-%m-%d %H:%M} UTC",
        )
    )
