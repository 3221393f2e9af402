"""The log's actions in the reader's language. The database keeps codes, so that everybody reads their own words."""

from __future__ import annotations

from flask_babel import gettext


def action_words() -> dict[str, str]:
    """Return what the actions are called that the log may hold."""
    return {
        "account made": gettext("Account made"),
        "booking accepted": gettext("Booking accepted"),
        "booking refused": gettext("Booking refused"),
        "calendar changed": gettext("Calendar of places changed"),
        "check-in taken back": gettext("Check-in taken back"),
        "checked in": gettext("Guest checked in"),
        "claim approved": gettext("Request for a listing approved"),
        "claim refused": gettext("Request for a listing refused"),
        "claimed": gettext("Listing asked for"),
        "code refused": gettext("Wrong code when signing in"),
        "invitation withdrawn": gettext("Invitation taken back"),
        "key made": gettext("API key made"),
        "key revoked": gettext("API key revoked"),
        "live keys asked for": gettext("Live keys asked for"),
        "locked": gettext("Account locked"),
        "member added": gettext("Colleague invited"),
        "member removed": gettext("Colleague removed"),
        "partner approved": gettext("Partner approved"),
        "partner made": gettext("Partner made"),
        "partner member added": gettext("Partner's member added"),
        "partner member removed": gettext("Partner's member removed"),
        "passkey added": gettext("Passkey added"),
        "passkey removed": gettext("Passkey removed"),
        "password set": gettext("Password set"),
        "published": gettext("Listing published"),
        "recovery codes renewed": gettext("Recovery codes renewed"),
        "role given": gettext("Role given"),
        "role taken": gettext("Role taken away"),
        "second factor off": gettext("Authenticator app switched off"),
        "second factor on": gettext("Authenticator app switched on"),
        "second factor reset": gettext("Second factor reset by the operator"),
        "session ended": gettext("Session ended"),
        "sessions ended": gettext("All sessions ended"),
        "sign-in refused": gettext("Wrong password when signing in"),
        "signed in": gettext("Signed in"),
        "trust": gettext("Publishing without a review changed"),
        "unlocked": gettext("Account opened again"),
    }


def detail_words() -> dict[str, str]:
    """Return the details that are codes too; others are names and numbers."""
    return {
        "not trusted": gettext("no longer without a review"),
        "passkey": gettext("with a passkey"),
        "second factor": gettext("with a code"),
        "trusted": gettext("without a review from now on"),
    }


def actions_named(words: str) -> list[str]:
    """Return the actions that some words of the reader's language are found in."""
    wanted = words.casefold()
    return [code for code, called in action_words().items() if wanted and wanted in called.casefold()]
