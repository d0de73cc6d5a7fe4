"""What Litestream's failures mean where a server is asked: whose fault it is, and what to do."""

from django.utils.translation import gettext_noop

from recovery.errors import RestoreFailed, RestoreInconclusive

Outcome = type[RestoreFailed] | type[RestoreInconclusive]

_CREDENTIALS = gettext_noop(
    "{server} does not accept the credentials for {path}. Check the secrets of this replica, and whether they have "
    "expired."
)
_NO_CREDENTIALS = gettext_noop("There are no credentials to read {path} with. Say where its secrets are kept.")
_UNREACHABLE = gettext_noop("{server} could not be reached to read {path}. Check the address and the network.")
_HOST_KEY = gettext_noop(
    "{server} has another host key than the one given for {path}, so nothing was sent to it. Find out why "
    "before you change the host key."
)
# The first text found decides, so what says most about the cause stands before what many causes share.
_MEANINGS: tuple[tuple[tuple[str, ...], Outcome, str], ...] = (
    (
        ("nosuchbucket", "bucket does not exist", "containernotfound", "bucketnotfound"),
        RestoreFailed,
        gettext_noop("The bucket of {path} does not exist, so there is nothing to restore. Correct the address."),
    ),
    (
        ("nosuchkey",),
        RestoreInconclusive,
        gettext_noop(
            "A file of the backup in {path} went away while it was read, as happens when old ones are "
            "cleared. Try again."
        ),
    ),
    (
        ("requesttimetooskewed",),
        RestoreInconclusive,
        gettext_noop("The clocks of this machine and of {server} differ too much. Set this machine's clock."),
    ),
    (("host key mismatch",), RestoreInconclusive, _HOST_KEY),
    (
        ("cannot parse sftp host key",),
        RestoreInconclusive,
        gettext_noop("The host key given for {path} is none. It looks like “ssh-ed25519 AAAA…”."),
    ),
    (
        ("cannot parse sftp key", "cannot read sftp key", "passphrase"),
        RestoreInconclusive,
        gettext_noop("The private key for {path} cannot be used. Give an OpenSSH key without a passphrase."),
    ),
    (
        ("no ec2 imds role", "failed to refresh cached credentials", "could not find default credentials"),
        RestoreInconclusive,
        _NO_CREDENTIALS,
    ),
    (
        (
            "signaturedoesnotmatch",
            "invalidaccesskeyid",
            "unable to authenticate",
            "authenticationfailed",
            "authorization violation",
            "invalid_grant",
            "expiredtoken",
            "statuscode: 401",
            "401 unauthorized",
            ": 401",
        ),
        RestoreInconclusive,
        _CREDENTIALS,
    ),
    (
        ("accessdenied", "authorizationfailure", "permission denied", "statuscode: 403", "403 forbidden"),
        RestoreInconclusive,
        gettext_noop("The credentials for {path} may not read it. Give them the right to list and to read."),
    ),
    (
        ("x509:", "certificate"),
        RestoreInconclusive,
        gettext_noop("The certificate of {server} is not to be trusted, so nothing was sent to it. Check the address."),
    ),
    (
        ("slowdown", "serviceunavailable", "statuscode: 503", "statuscode: 500", "internalerror"),
        RestoreInconclusive,
        gettext_noop("{server} was not able to answer just now. Run the test again."),
    ),
    (
        (
            "connection refused",
            "no route to host",
            "network is unreachable",
            "no such host",
            "i/o timeout",
            "context deadline exceeded",
            "connection reset",
            "connection lost",
            "broken pipe",
            "no servers available",
            "cannot connect to server",
            "exceeded maximum number of attempts",
            "handshake failed",
        ),
        RestoreInconclusive,
        _UNREACHABLE,
    ),
)


def describe_remote(error: str) -> tuple[Outcome, str] | None:
    """The outcome and the sentence for what went wrong on the way; None where the way is not what went wrong."""
    lowered = error.lower()
    for texts, outcome, sentence in _MEANINGS:
        if any(text in lowered for text in texts):
            return outcome, sentence
    return None
