"""201: where the id of a new entity stands, which the documentation leaves open."""

from local.linkedin_simulator.call import Call
from local.linkedin_simulator.exchange import Answer


def created(call: Call, entity_id: int, *, documented: str) -> Answer:
    chosen = call.world.settings.new_id_header
    place = f"/{call.operation.path}/{entity_id}"
    headers = {
        "documented": {documented: str(entity_id), "Location": place},
        "x-restli-id": {"x-restli-id": str(entity_id)},
        "location": {"Location": place},
        "none": {},
    }[chosen]
    return Answer(status=201, headers=headers)
