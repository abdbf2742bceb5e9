"""A process that answers nothing for a while."""

import os
import signal
import subprocess

__all__ = ["Hanging"]


class Hanging:
    """What has a process that can be stopped and go on, with all of its connections open."""

    _process: subprocess.Popen[str]

    def hang(self) -> None:
        """Let it answer nothing."""
        self._process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED)  # all of its threads stand still

    def go_on(self) -> None:
        """Let it answer again, what it was asked meanwhile too."""
        self._process.send_signal(signal.SIGCONT)
