"""Two certificates for the mail server: one that the hub trusts, and one that nobody has signed for. Made anew for each run."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from faults.run import Scene


def prepare(scene: Scene) -> dict[str, str]:
    """The wrong certificate in the server's hands, the right one in the hub's trust; the hub's environment for it."""
    folder = scene.hub.folder
    scene.hub.certificate = str(make(folder / "wrong.pem"))
    scene.right_certificate = str(make(folder / "right.pem"))
    return {"SSL_CERT_FILE": scene.right_certificate}


def make(file: Path) -> Path:
    """A key and a certificate signed by itself, good for a day, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file
