"""The page for people at `/`: contacts, consents and what started journeys, as they appear."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2
from aiohttp import web

from local.dataverse_simulator.definitions import OPTION_KINDS, Column, Table, Value
from local.dataverse_simulator.environment import Environment
from local.dataverse_simulator.page_users import user_cards
from local.dataverse_simulator.reading import formatted
from local.dataverse_simulator.store import JourneyStart, Row, Store
from local.simulator.page_assets import add_page_assets

ASSETS = Path(__file__).with_name("page_assets")
SHOWN = 50
TITLED = ("emailaddress1", "fullname", "firstname", "lastname")
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, kw_only=True)
class ContactCard:
    """`details` are the filled columns beyond name and address: label and readable value."""

    name: str
    address: str
    details: tuple[tuple[str, str], ...]
    at: str


@dataclass(frozen=True, kw_only=True)
class ConsentCard:
    """`state` is the readable `msdynmkt_value`; `kind` styles it."""

    address: str
    purpose: str
    topic: str
    state: str
    kind: str
    reason: str
    at: str


@dataclass(frozen=True, kw_only=True)
class TriggerCard:
    name: str
    parameters: Mapping[str, Value]
    at: str


@dataclass(frozen=True, kw_only=True)
class JourneyCard:
    """A journey that a row started; `details` are the row's filled columns, as people read them."""

    trigger: str
    entity_set: str
    details: tuple[tuple[str, str], ...]
    at: str


def add_page(app: web.Application, environment: Environment) -> None:
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ASSETS), autoescape=True, undefined=jinja2.StrictUndefined
    )

    async def page(_: web.Request) -> web.StreamResponse:
        return _html(templates.get_template("page.html"), environment)

    async def rows(_: web.Request) -> web.StreamResponse:
        return _html(templates.get_template("rows.html"), environment)

    app.router.add_get("/", page)
    app.router.add_get("/_simulator/page/rows", rows)
    add_page_assets(app)


def _html(template: jinja2.Template, environment: Environment) -> web.Response:
    store = environment.store
    contacts = _latest(store, "contact")
    consents = _latest(store, "msdynmkt_contactpointconsent4")
    text = template.render(
        contacts=[_contact(store, row) for row in contacts[:SHOWN]],
        consents=[_consent(store, row) for row in consents[:SHOWN]],
        triggers=[
            TriggerCard(name=fired.name, parameters=fired.parameters, at=fired.received_at)
            for fired in reversed(store.triggers[-SHOWN:])
        ],
        journeys=[_journey(store, start) for start in reversed(store.journey_starts[-SHOWN:])],
        counts={
            "contacts": len(contacts),
            "consents": len(consents),
            "triggers": len(store.triggers),
            "journeys": len(store.journey_starts),
        },
        users=user_cards(store),
        shown=SHOWN,
        version=store.last_version,
    )
    return web.Response(text=text, content_type="text/html", headers=SECURITY)


def _latest(store: Store, logical_name: str) -> list[Row]:
    table = store.tables.by_logical_name[logical_name]
    return sorted(store.rows(table), key=lambda row: row.version, reverse=True)


def _contact(store: Store, row: Row) -> ContactCard:
    table = store.tables.by_logical_name["contact"]
    return ContactCard(
        name=str(row.values.get("fullname") or "No name"),
        address=str(row.values.get("emailaddress1") or "no e-mail address"),
        details=_details(store, table, row),
        at=str(row.values["modifiedon"]),
    )


def _journey(store: Store, start: JourneyStart) -> JourneyCard:
    """Without details where the row was deleted since."""
    table = store.tables.by_entity_set[start.entity_set]
    row = store.get(table, start.row_id)
    return JourneyCard(
        trigger=start.trigger,
        entity_set=start.entity_set,
        details=_details(store, table, row) if row else (),
        at=start.started_at,
    )


def _details(store: Store, table: Table, row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(
        (column.label or column.name, _readable(store, column, row))
        for column in table.columns
        if _tells_something(table, column, row)
    )


def _tells_something(table: Table, column: Column, row: Row) -> bool:
    """Filled in, and neither the system's own nor the default."""
    own = ("ownerid", "createdon", "modifiedon", "statecode", "statuscode", table.primary_id)
    value = row.values.get(column.name)
    return column.name not in (*own, *TITLED) and value not in (None, "", column.default)


def _readable(store: Store, column: Column, row: Row) -> str:
    return formatted(store, column, row) or str(row.values.get(column.name))


def _consent(store: Store, row: Row) -> ConsentCard:
    table = store.tables.by_logical_name["msdynmkt_contactpointconsent4"]
    read = {
        column.name: _readable(store, column, row)
        for column in table.columns
        if column.type in (*OPTION_KINDS, "Lookup") and row.values.get(column.name) is not None
    }
    state = read["msdynmkt_value"]
    return ConsentCard(
        address=str(row.values["msdynmkt_contactpointvalue"]),
        purpose=read["msdynmkt_purposeid"],
        topic=read.get("msdynmkt_topicid", ""),
        state=state,
        kind=state.lower().replace(" ", "-"),
        reason=str(row.values.get("msdynmkt_reason") or ""),
        at=str(row.values["modifiedon"]),
    )
