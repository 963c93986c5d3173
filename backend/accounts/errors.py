"""What goes wrong between a person and their account."""

from __future__ import annotations

from core.errors import Conflict, InvalidInput, NotFound, StoryFlowError


class NotSignedIn(StoryFlowError):
    """Nobody, or nobody known, is asking."""

    code = "NOT_SIGNED_IN"
    message = "Sign in first, or send a token with the request: 'Authorization: Bearer' and the token."


class WrongPassword(StoryFlowError):
    """Name and password do not belong together; which of them is wrong is not told."""

    code = "WRONG_PASSWORD"
    message = "This name and password do not belong together, or the account is disabled."


class AccountsAreOff(Conflict):
    """Nobody can sign in where nobody needs to."""

    code = "ACCOUNTS_OFF"
    message = "Accounts are off here; everything can be used without signing in."


class NoSuchUser(NotFound):
    """No account has this name."""

    code = "NO_SUCH_USER"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no user {name!r}. `storyflow user list` names them.")


class NoSuchToken(NotFound):
    """No token has this id."""

    code = "NO_SUCH_TOKEN"

    def __init__(self, token_id: int) -> None:
        super().__init__(f"There is no token {token_id}. `storyflow token list` names them.")


class UnusableName(InvalidInput):
    """An account cannot be called that."""

    code = "UNUSABLE_NAME"


class WeakPassword(InvalidInput):
    """A password that would be guessed."""

    code = "WEAK_PASSWORD"
    message = "That password would be guessed."
