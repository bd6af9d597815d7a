"""Access tokens that name the scope they are for."""


class FakeTokens:
    """Implements access_token.AccessTokens."""

    def bearer(self, scope: str) -> str:
        return f"Bearer token-for-{scope}"
