"""Errors of authentication and account management."""

from __future__ import annotations

from core.errors import Conflict, InvalidInput, NotFound, StoryFlowError


class NotSignedIn(StoryFlowError):
    """The request has no valid token or session."""

    code = "NOT_SIGNED_IN"
    message = "Sign in first, or send a token with the request: 'Authorization: Bearer' and the token."


class WrongPassword(StoryFlowError):
    """A sign-in with a wrong name or password. The message does not tell which of the two is wrong."""

    code = "WRONG_PASSWORD"
    message = "This name and password do not belong together, or the account is disabled."


class AccountsAreOff(Conflict):
    """A sign-in while accounts are off."""

    code = "ACCOUNTS_OFF"
    message = "Accounts are off here; everything can be used without signing in."


class NoSuchUser(NotFound):
    """No account with this name."""

    code = "NO_SUCH_USER"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no user {name!r}. `storyflow user list` names them.")


class NoSuchToken(NotFound):
    """No token with this id."""

    code = "NO_SUCH_TOKEN"

    def __init__(self, token_id: int) -> None:
        super().__init__(f"There is no token {token_id}. `storyflow token list` names them.")


class UnusableName(InvalidInput):
    """A name that an account cannot have."""

    code = "UNUSABLE_NAME"


class WeakPassword(InvalidInput):
    """A password that is too easy to guess, or that nobody could type."""

    code = "WEAK_PASSWORD"
    message = "That password would be guessed."
