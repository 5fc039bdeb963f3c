"""The ways a run can end without a verdict; each message says what to do next.

    ConcertpitchError
        UsageError          the command line or a configuration file is wrong (exit 2)
        TargetUnreachable   nothing at the base URL answers in HTTP (exit 3)
        CannotJudge         something answers, but not this API (exit 3)
            NotServed       it answers every method that was tried as one it does not have

`OutOfTime` and `Interrupted` are none of them: they end the traffic of a run, and the run reports what it has.
A fault of the target is never an exception: it is a finding.
"""

from __future__ import annotations


class ConcertpitchError(Exception):
    """A failure with one sentence for the user."""

    exit_code = 3


class UsageError(ConcertpitchError):
    """The user asked for something that cannot be done as asked."""

    exit_code = 2


class TargetUnreachable(ConcertpitchError):
    """No HTTP answer comes from the target."""


class CannotJudge(ConcertpitchError):
    """The target answers, but what it answers gives no rule anything to judge."""


class NotServed(CannotJudge):
    """The target does not have this surface; a run over all surfaces goes on with the next."""


class OutOfTime(BaseException):
    """The run's deadline is over. No Exception, so that nothing on the way takes it for a failure and goes on."""


class Interrupted(OutOfTime):
    """The run was asked to end, by Ctrl-C or by who started it."""
