"""The file that holds an application's tokens: read, locked between processes, replaced whole, readable by its owner alone."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

from filelock import FileLock, Timeout

from importer.errors import UsageError
from importer.portals.portal import Failure, Verdict

_VARIABLE = "B24_TOKEN_FILE"
LOG_IN = "Log in with `b24-import portal login`."

# A token answer has some 700 bytes. Room for so many is made on the disk before a new pair is asked for: the old one
# may be worth nothing afterwards.
_ROOM_BYTES = 16 * 1024

# A renewal takes its process less than that, its time-outs included.
_LOCKED_FOR_S = 60.0
_LOOK_AGAIN_S = 0.1


@dataclass(frozen=True, slots=True)
class TokenPair:
    """An access token and what renews it. `str()` and `repr()` show neither."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    #: the token answer as it came, with all it says beside the tokens
    answer: Mapping[str, object] = field(repr=False)

    @classmethod
    def of(cls, answer: object) -> TokenPair | None:
        """The pair in a token answer; None where it has not both."""
        if not isinstance(answer, dict):
            return None
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
            return None
        return cls(access, refresh, answer)

    @property
    def endpoint(self) -> str:
        """`client_endpoint`: the portal the tokens are of, empty where the answer does not say."""
        return str(self.answer.get("client_endpoint") or "")

    def renewed(self, answer: TokenPair) -> TokenPair:
        """What a renewal answered over what the file held: fields that it does not mention are kept."""
        return TokenPair(answer.access, answer.refresh, {**self.answer, **answer.answer})


class TokenFile:
    """One such file. `str()` is its path, which is no secret."""

    def __init__(self, path: Path) -> None:
        # Where a link leads: to replace the link would leave the old tokens where the others look.
        self._path = Path(os.path.realpath(path))
        self._shown = path
        self._lock = FileLock(f"{self._path}.lock", thread_local=False)

    def __str__(self) -> str:
        return str(self._shown)

    def read(self) -> TokenPair:
        """The pair in the file. Raises UsageError that says what to do."""
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            raise UsageError(f"{_VARIABLE}: {self} does not exist. {LOG_IN}") from None
        except OSError as error:
            raise UsageError(f"{_VARIABLE}: {self} cannot be read ({error.strerror}). Check its rights.") from None
        try:
            pair = TokenPair.of(json.loads(raw))
        except (ValueError, RecursionError):
            pair = None
        if pair is None:
            raise UsageError(f"{_VARIABLE}: {self} is not a token answer with access_token and refresh_token. {LOG_IN}")
        return pair

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """Held while the pair is renewed, against every other process. Raises Failure where that cannot be had."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _LOCKED_FOR_S
        while True:
            try:
                self._lock.acquire(blocking=False)
                break
            except Timeout:
                if loop.time() >= until:
                    raise Failure(Verdict.AGAIN, "token_file", f"another process holds {self} and does not let go") from None
            except OSError as error:
                raise self._unwritable(error) from None
            await asyncio.sleep(_LOOK_AGAIN_S)
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def replacement(self) -> Iterator[_Replacement]:
        """A new file beside this one, with room made, which takes its place at the end if it was written. Raises Failure."""
        beside = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}")
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise self._unwritable(error) from None
        try:
            with os.fdopen(descriptor, "wb", buffering=0) as file:
                file.write(b" " * _ROOM_BYTES)
                os.fsync(file.fileno())
                replacement = _Replacement(file)
                yield replacement
            if replacement.is_written:
                os.replace(beside, self._path)
                _settle_folder(self._path.parent)
        except OSError as error:
            raise self._unwritable(error) from None
        finally:
            beside.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> Failure:
        return Failure(Verdict.STOP, "token_file", f"{self} cannot be written ({error.strerror})",
                       advice=f"The application's new tokens must be kept there: give its folder room and rights. If it goes on, {LOG_IN[0].lower()}{LOG_IN[1:]}")  # fmt: skip


@dataclass(slots=True)
class _Replacement:
    """A file that is about to take the place of another."""

    _file: FileIO
    is_written: bool = False

    def write(self, pair: TokenPair) -> None:
        """Writes the pair over the room that was made. Raises OSError."""
        text = json.dumps(dict(pair.answer), ensure_ascii=False, indent=2).encode()
        self._file.seek(0)
        written = 0
        while written < len(text):
            written += self._file.write(text[written:])
        self._file.truncate(len(text))
        os.fsync(self._file.fileno())
        self.is_written = True


def _settle_folder(folder: Path) -> None:
    """Brings the new name to the disk, where folders can be opened."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
