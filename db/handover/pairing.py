"""The pairing file: how a desk learns whom it sends to. Small, plain JSON, signed by the coordinator."""

import hashlib
from dataclasses import asdict, dataclass

import nacl.exceptions
import nacl.signing
import pyrage

from db.handover import container, rows
from db.handover.refusal import Reason, Refused

FORMAT = 1
SIZE_MAX = 16 * 1024


@dataclass(frozen=True)
class Pairing:
    """`organisation` is a random code; `recipients` are the coordinator's and the recovery age public keys."""

    organisation: str
    name: str
    site: str
    desk: str
    recipients: tuple[str, ...]
    signer: str

    @property
    def fingerprint(self) -> str:
        """20 digits both screens show: they stand for every key in this file."""
        return container.fingerprint(hashlib.sha256("\n".join((*self.recipients, self.signer)).encode()).hexdigest())


def write(pairing: Pairing, signing_key: nacl.signing.SigningKey) -> bytes:
    body = {"format": FORMAT, **asdict(pairing)}
    return rows.canonical(body | {"signature": signing_key.sign(rows.canonical(body)).signature.hex()})


def read(content: bytes) -> Pairing:
    """The pairing, or Refused: anything but the coordinator's own bytes."""
    if len(content) > SIZE_MAX:
        raise Refused(Reason.BAD_PAIRING)
    found = rows.parse(content, Reason.BAD_PAIRING)
    try:
        signature = bytes.fromhex(found.pop("signature"))
        nacl.signing.VerifyKey(bytes.fromhex(found["signer"])).verify(rows.canonical(found), signature)
        if found.pop("format") != FORMAT or len(found["recipients"]) != 2:
            raise Refused(Reason.BAD_PAIRING)
        for recipient in found["recipients"]:
            pyrage.x25519.Recipient.from_str(recipient)
        return Pairing(**{**found, "recipients": tuple(found["recipients"])})
    except (KeyError, TypeError, ValueError, nacl.exceptions.CryptoError, pyrage.RecipientError) as error:
        raise Refused(Reason.BAD_PAIRING) from error
