"""What an administrator makes of an environment: fake and adapter alike."""

from dataclasses import replace

import pytest

from shared.failures import PermanentFailure
from shared.values.dataverse.definitions import ColumnDefinition, KeyStatus
from shared.values.dataverse.depth import Depth
from shared.values.dataverse.registration_table import NewColumn, NewTable
from tests.dataverse_setup.worlds import World, time
from tests.fakes.dataverse import APPLICATION_ID

OPTIONS = frozenset({100000000, 100000001})


def column(name: str, kind: str, **more: object) -> NewColumn:
    definition = ColumnDefinition(name=name, kind=kind, **more)  # type: ignore[arg-type]
    return NewColumn(definition=definition, label=name, labels={100000000: "Small"})


COLUMNS = (
    column("abc_text", "String", max_length=120),
    column("abc_long", "Memo", max_length=4500),
    column("abc_day", "DateTime", date_only=True),
    column("abc_when", "DateTime"),
    column("abc_yes", "Boolean"),
    column("abc_size", "Picklist", options=OPTIONS),
    column("abc_sizes", "MultiSelectPicklist", options=OPTIONS),
)
TABLE = NewTable(
    name="abc_signup",
    entity_set="abc_signedup",
    key_column=column("abc_registration", "String", max_length=100),
    contact="abc_PersonId",
    columns=COLUMNS,
    solution="Default",
)


def make(world: World) -> None:
    administration = world.administration
    administration.create_table(TABLE, time())
    for one in (TABLE.key_column, *COLUMNS):
        administration.add_column(TABLE, one, time())
    administration.add_lookup(TABLE, time())
    administration.add_key(TABLE, time())
    administration.publish(TABLE.name, time())


def test_a_role_is_made_completed_and_assigned(world: World) -> None:
    administration = world.administration
    assert administration.role("Another", time()) is None
    made = administration.create_role("Another", time())
    (read,) = world.inspection.privileges_named(["prvReadEntity"], time()).values()
    of_contact = world.inspection.privileges_of(["contact"], time())["contact"]
    create = next(one for one in of_contact if one.right == "Create")
    administration.add_privileges(made.id, {create.id: Depth.BASIC}, time())
    administration.add_privileges(made.id, {read.id: Depth.GLOBAL, create.id: Depth.GLOBAL}, time())
    role = administration.role("Another", time())
    assert role is not None
    assert (role.id, role.name) == (made.id, "Another")
    assert role.depths == {read.id: Depth.GLOBAL, create.id: Depth.GLOBAL}
    user = administration.application_user(APPLICATION_ID, time())
    assert user is not None
    own = administration.inherited(role.id, user.business_unit_id, time())
    assert own == role.id
    administration.assign(user.id, own, time())
    administration.assign(user.id, own, time())
    again = administration.application_user(APPLICATION_ID, time())
    assert again is not None
    assert own in again.role_ids


def test_whom_the_environment_does_not_know(world: World) -> None:
    administration = world.administration
    stranger = "99999999-0000-4000-8000-000000000001"
    assert administration.application_user(stranger, time()) is None
    made = administration.create_role("Another", time())
    assert administration.inherited(made.id, stranger, time()) is None
    assert administration.prefix_of("nowhere", time()) is None


def test_language_and_solutions(world: World) -> None:
    assert world.administration.language(time()) == 1033
    assert world.administration.prefix_of("Default", time()) == "new"


def test_a_table_is_made_as_it_was_wanted(world: World) -> None:
    make(world)
    table = world.inspection.table_of("abc_signedup", time())
    assert table is not None
    assert (table.name, table.primary_name) == ("abc_signup", "abc_name")
    key = table.key_of("abc_registration")
    assert key is not None
    assert (key.name, key.status) == ("abc_registration_key", KeyStatus.ACTIVE)
    lookup = table.lookup_by("abc_PersonId")
    assert lookup is not None
    assert lookup.target == "contact"
    names = [one.definition.name for one in COLUMNS]
    found = world.inspection.columns("abc_signup", names, time())
    assert found == {one.definition.name: one.definition for one in COLUMNS}
    with pytest.raises(PermanentFailure):
        world.administration.create_table(TABLE, time())
    with pytest.raises(PermanentFailure):
        world.administration.add_column(TABLE, COLUMNS[0], time())


def test_a_key_takes_its_time(world: World) -> None:
    world.keys_take_long()
    make(world)
    table = world.inspection.table_of("abc_signedup", time())
    assert table is not None
    key = table.key_of("abc_registration")
    assert key is not None
    assert key.status is KeyStatus.PENDING


def test_an_unknown_solution_is_refused(world: World) -> None:
    with pytest.raises(PermanentFailure):
        world.administration.create_table(replace(TABLE, solution="nowhere"), time())
    assert world.inspection.table(TABLE.name, time()) is None
