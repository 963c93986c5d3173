"""The exposure of this server: who can reach it, who may use it, and the rate limits."""

from __future__ import annotations

from accounts.users import can_anybody_sign_in
from core.errors import ConfigurationError
from storyflow.environment import Environment

_ADD_USER = "Add a user first: storyflow user add NAME --administrator."


def describe_exposure(environment: Environment) -> str:
    """Return one line about address, accounts and limits."""
    who = "only this machine" if environment.is_loopback else "every machine that can reach it"
    key = "accounts on" if environment.accounts else "with the token" if environment.token else "accounts off"
    limits = "rate limits on" if environment.rate_limits else "rate limits off"
    return f"{environment.host}, for {who}; {key}, {limits}"


def require_first_user(environment: Environment) -> str | None:
    """Return a warning if accounts are on and no user exists, else None.

    Raises ``ConfigurationError`` instead if other machines can reach the server.
    """
    if not environment.accounts or can_anybody_sign_in():
        return None
    if environment.is_loopback:
        return f"Accounts are on, but nobody can sign in. {_ADD_USER}"
    raise ConfigurationError(
        f"STORYFLOW_HOST is {environment.host}, which other machines can reach, and nobody can sign in. {_ADD_USER}"
    )
