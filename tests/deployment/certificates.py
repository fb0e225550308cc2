"""A certificate authority that is made for a test, and a certificate of it for this machine."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "localhost"


@dataclass(frozen=True)
class Certificates:
    """Files: the authority's certificate, and one for ``localhost`` and 127.0.0.1 with its key."""

    authority: Path
    certificate: Path
    key: Path


def made_in(folder: Path) -> Certificates:
    """Make them."""
    files = Certificates(folder / "authority.pem", folder / "certificate.pem", folder / "key.pem")
    authority_key, own_key = (
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority of a test")])
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    names = x509.SubjectAlternativeName(
        [x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    signs = x509.BasicConstraints(ca=True, path_length=0)
    write(files.authority, signed(authority, authority, authority_key, authority_key, signs))
    write(files.certificate, signed(own, authority, own_key, authority_key, names))
    files.key.touch(mode=0o600)
    form = serialization.PrivateFormat.PKCS8
    files.key.write_bytes(
        own_key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    )
    return files


def signed(subject, issuer, key, signing_key, extension) -> x509.Certificate:
    """A certificate of a day."""
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
    )
    builder = builder.serial_number(x509.random_serial_number()).add_extension(
        extension, critical=True
    )
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(
        now + timedelta(days=1)
    )
    return builder.sign(signing_key, hashes.SHA256())


def write(file: Path, certificate: x509.Certificate) -> None:
    """As PEM."""
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
