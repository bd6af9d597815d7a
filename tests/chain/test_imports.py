"""Sealing takes a package of ciphers: nobody who only signs up or asks for a form waits for it."""

import json

from tests.fresh_process import said_by

SCRIPT = """
import json, os, sys
import function_app
from shared import double_opt_in
from shared.wiring import Wiring
from tests.examples import registration

class Queues:
    def put(self, queue, body, **_): pass

OURS = ("shared.evidence", "shared.values.evidence.signing",
        "shared.values.evidence.origin_sealing")
CIPHERS = "cryptography.hazmat.primitives.ciphers.aead"
def loaded(): return [name for name in (*OURS, CIPHERS) if name in sys.modules]

outside = Wiring(os.environ)
outside.__dict__["queues"] = Queues()  # as if it had been built already
double_opt_in.register(registration(), outside)
outside.forms, outside.rules, outside.tokens
before = loaded()
outside.records
print(json.dumps([before, sorted(loaded())]))
"""


def test_a_sign_up_loads_nothing_of_it() -> None:
    before, after = json.loads(said_by(SCRIPT))
    assert before == []
    assert "shared.evidence" in after
    assert "cryptography.hazmat.primitives.ciphers.aead" in after
