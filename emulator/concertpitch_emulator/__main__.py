"""`python -m concertpitch_emulator`: settings from the command line."""

from __future__ import annotations

import argparse
import signal
import sys
from typing import TYPE_CHECKING

from concertpitch_emulator.config import DEFAULT_SPEED, Config
from concertpitch_emulator.faults import UnknownFaultError, chosen

if TYPE_CHECKING:
    from types import FrameType


def main() -> int:
    """Serve until stopped; 0 after a clean stop, 2 for settings that cannot be used."""
    arguments = _parser().parse_args()
    # SIGTERM ends the program like SIGINT: with exit status 0 and nothing on stderr.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        chosen(arguments.fault)
        config = Config(
            speed=arguments.speed, seed=arguments.seed, faults=tuple(arguments.fault), token=arguments.require_token
        )
    except (UnknownFaultError, ValueError) as error:
        return _refuse(error)
    # Imported late: a wrong setting is answered at once.
    from concertpitch_emulator import server  # noqa: PLC0415

    try:
        server.run(config, arguments.host, arguments.port, until_stdin_closes=arguments.until_stdin_closes)
    except server.StartError as error:
        return _refuse(error)
    except KeyboardInterrupt:
        pass
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m concertpitch_emulator",
        description="An emulator of Vertex AI tuningJobs (v1, v1beta1) and Gemini tunedModels (v1beta, v1beta3).",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=0, help="port to listen on; 0 chooses a free one")
    parser.add_argument(
        "--speed",
        type=float,
        default=DEFAULT_SPEED,
        help="how many times faster than at 1, where a job takes five minutes (default: %(default)g)",
    )
    parser.add_argument("--seed", type=int, help="make ids and durations repeat")
    parser.add_argument("--fault", action="append", default=[], metavar="ID", help="tell this lie; may be repeated")
    parser.add_argument("--require-token", default="", metavar="TOKEN", help="demand this bearer token of every call")
    parser.add_argument("--until-stdin-closes", action="store_true", help="also stop when standard input ends")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:  # noqa: PLR2004 - the port range
        raise argparse.ArgumentTypeError(f"{port} is not between 0 and 65535")
    return port


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _refuse(error: Exception) -> int:
    sys.stderr.write(f"{error}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
