"""The installation's own certificate authority: what its parts show one another, and callers trust."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiezctl.home import write_secret

AUTHORITY_LIFE = timedelta(days=3_650)
LIFE, RENEWED_BEFORE = timedelta(days=365), timedelta(days=120)
# Clocks of callers may be behind.
LEEWAY = timedelta(hours=1)
_SIGNS = x509.KeyUsage(
    key_cert_sign=True, crl_sign=True, digital_signature=False, content_commitment=False, key_encipherment=False,
    data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs certificates for servers; `certificate` is what its callers trust."""

    certificate: x509.Certificate
    _key: EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def issue(self, names: tuple[str, ...], *, calls: bool = False) -> tuple[bytes, bytes]:
        """A certificate with its chain, and its key, both in PEM, for these host names and addresses; whoever `calls` may show it, too."""
        key = generate_private_key(SECP256R1())
        uses = [ExtendedKeyUsageOID.SERVER_AUTH, *([ExtendedKeyUsageOID.CLIENT_AUTH] if calls else [])]
        of_authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = (
            _builder(names[0], self.certificate.subject, key, LIFE)
            .add_extension(of_authority, critical=False)
            .add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), critical=False)
            .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        )
        signed = builder.sign(self._key, hashes.SHA256())
        return signed.public_bytes(Encoding.PEM) + self.pem, _pem(key)


def open_authority(folder: Path) -> Authority:
    """The authority whose key lies in `folder`; made when there is none."""
    key_file, file = folder / "ca.key", folder / "ca.pem"
    if not key_file.exists():
        key = generate_private_key(SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kiezwerk")])
        builder = _builder("Kiezwerk", name, key, AUTHORITY_LIFE)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        # Python 3.13 and others who are strict refuse an authority that does not say that it signs.
        signed = builder.add_extension(_SIGNS, critical=True).sign(key, hashes.SHA256())
        write_secret(file, signed.public_bytes(Encoding.PEM))
        write_secret(key_file, _pem(key))
    key_pem = load_pem_private_key(key_file.read_bytes(), password=None)
    assert isinstance(key_pem, EllipticCurvePrivateKey)
    return Authority(x509.load_pem_x509_certificate(file.read_bytes()), key_pem)


def is_good(chain: Path, names: tuple[str, ...], now: datetime) -> bool:
    """Whether a certificate is there, is for just these names, and holds long enough."""
    if not chain.is_file():
        return False
    certificate = x509.load_pem_x509_certificate(chain.read_bytes())
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return list(found) == [_name(name) for name in names] and certificate.not_valid_after_utc - now > RENEWED_BEFORE


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _builder(subject: str, issuer: x509.Name, key: EllipticCurvePrivateKey, life: timedelta) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - LEEWAY)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
