"""Where Litestream can replicate to, and what it needs to know for each kind of place.

The names are those of Litestream's own configuration, but for the secrets that are given as the content of a file.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
# Below the run's own folder, where client libraries look for it when no variable says otherwise.
GOOGLE_CREDENTIALS = ".config/gcloud/application_default_credentials.json"


@dataclass(frozen=True)
class Option:
    """One thing that can be set for a kind of destination; a secret is given by reference alone.

    `config_key` is its name in Litestream's configuration where that differs. With `is_file`, Litestream is given the
    path of a private file that holds the secret (`file_name`, inside the run's folder).
    """

    name: str
    label: Words
    help: Words = ""
    kind: Literal["text", "flag", "number"] = "text"
    is_secret: bool = False
    is_required: bool = False
    is_file: bool = False
    config_key: str = ""
    file_name: str = ""

    @property
    def key(self) -> str:
        """Its name in Litestream's configuration."""
        return self.config_key or self.name


@dataclass(frozen=True)
class Scheme:
    """One kind of destination: the schemes of its URLs, what one looks like, and what can be set for it.

    With `one_of`, at least one of these secrets must be there: without any, the client would look for credentials in
    places of its own, such as the metadata service of a cloud.
    """

    name: str
    label: Words
    example: str
    options: tuple[Option, ...] = ()
    one_of: tuple[str, ...] = ()
    default_port: int | None = None

    @property
    def secrets(self) -> tuple[Option, ...]:
        """The options that are secret."""
        return tuple(option for option in self.options if option.is_secret)


def _secret(name: str, label: Words, help_text: Words = "", *, is_required: bool = False) -> Option:
    return Option(name, label, help_text, is_secret=True, is_required=is_required)


def _file(name: str, label: Words, help_text: Words = "", *, config_key: str = "", file_name: str = "") -> Option:
    return Option(
        name,
        label,
        help_text,
        is_secret=True,
        is_file=True,
        config_key=config_key,
        file_name=file_name or f"secret-{name}",
    )


_S3 = (
    Option("endpoint", _("Endpoint"), _("Such as https://minio.example.org:9000. Empty: AWS.")),
    Option("region", _("Region"), _("Such as ap-southeast-1.")),
    Option("force-path-style", _("Bucket in the path"), _("MinIO and most compatible servers need it."), "flag"),
    Option("sign-payload", _("Sign the content"), _("On unless the server cannot."), "flag"),
    Option("require-content-md5", _("Send MD5 sums"), _("On unless the server refuses them."), "flag"),
    Option("skip-verify", _("Accept any certificate"), _("Then anybody can pose as the server."), "flag"),
    Option("sse-customer-algorithm", _("Encryption with a key of yours: algorithm"), _("AES256 unless set.")),
    _secret("access-key-id", _("Access key ID"), is_required=True),
    _secret("secret-access-key", _("Secret access key"), is_required=True),
    _secret("sse-customer-key", _("Encryption with a key of yours: key")),
)
_SFTP = (
    Option(
        "host-key",
        _("Host key"),
        _("Such as “ssh-ed25519 AAAA…”. Without it any server is believed."),
    ),
    _secret("password", _("Password")),
    _file("key", _("Private key"), _("The content of an OpenSSH key without a passphrase."), config_key="key-path"),
)
_WEBDAV = (
    Option("webdav-username", _("User")),
    _secret("webdav-password", _("Password")),
)
_GS = (
    _file(
        "credentials",
        _("Credentials"),
        _("The JSON key of a service account that may read the bucket."),
        file_name=GOOGLE_CREDENTIALS,
    ),
)
_ABS = (
    Option("account-name", _("Storage account"), _("Or in the URL: abs://ACCOUNT@CONTAINER/PATH.")),
    Option("endpoint", _("Endpoint"), _("Empty: https://ACCOUNT.blob.core.windows.net.")),
    _secret("account-key", _("Account key")),
    _secret("sas-token", _("SAS token")),
)
_NATS = (
    Option("username", _("User")),
    Option("tls", "TLS", "", "flag"),
    Option("max-reconnects", _("Attempts to reconnect"), "", "number"),
    Option("reconnect-wait", _("Wait before reconnecting"), _("Such as 2s.")),
    Option("timeout", _("Time limit"), _("Such as 10s.")),
    _secret("password", _("Password")),
    _secret("token", _("Token")),
    _secret("jwt", "JWT"),
    _secret("seed", _("Seed"), _("Of the JWT.")),
    _file("creds", _("Credentials"), _("The content of a .creds file.")),
    _file("nkey", "NKey", _("The content of a seed file.")),
    _file("client-cert", _("Client certificate"), _("The content of a PEM file.")),
    _file("client-key", _("Client key"), _("The content of a PEM file.")),
)

FOLDER = Scheme("file", _("Folder"), "/backups/app")
SCHEMES: dict[str, Scheme] = {
    scheme.name: scheme
    for scheme in (
        FOLDER,
        Scheme("s3", _("S3 or compatible"), "s3://bucket/app", _S3),
        Scheme(
            "sftp",
            "SFTP",
            "sftp://backup@sftp.example.org:22/backups/app",
            _SFTP,
            ("password", "key"),
            default_port=22,
        ),
        Scheme("webdav", "WebDAV", "webdav://dav.example.org/app", _WEBDAV, default_port=80),
        Scheme("webdavs", _("WebDAV with TLS"), "webdavs://dav.example.org/app", _WEBDAV, default_port=443),
        Scheme("gs", "Google Cloud Storage", "gs://bucket/app", _GS, ("credentials",)),
        Scheme("abs", "Azure Blob Storage", "abs://account@container/app", _ABS, ("account-key", "sas-token")),
        Scheme("nats", "NATS", "nats://nats.example.org:4222/bucket", _NATS, default_port=4222),
    )
}
