"""A page in Debian's Chromium, driven over a pipe with the DevTools protocol: no driver, no open port, no package.

`Browser` starts one headless Chromium with an empty profile; `Page` opens a file, runs script in it, presses keys,
clicks, takes pictures, and keeps what the console said.
"""

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
]
PLACES = ("chromium", "google-chrome")


def chromium_path():
    """Where Chromium is, or None (also where there is no Unix pipe to drive it)."""
    return fcntl and next(filter(None, map(shutil.which, PLACES)), None)


class Browser:
    """A headless Chromium of its own; use it as a context."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="libplans-browser-")
        low = [*os.pipe(), *os.pipe()]
        theirs_in, self.out, self.into, theirs_out = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in low)
        for end in low:
            os.close(end)

        def at_three_and_four():
            os.dup2(theirs_in, 3)
            os.dup2(theirs_out, 4)

        self.process = subprocess.Popen(
            [chromium_path(), *FLAGS, f"--user-data-dir={self.home}", "about:blank"],
            preexec_fn=at_three_and_four,
            pass_fds=(3, 4),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "HOME": self.home, "LC_ALL": "C.UTF-8"},
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self.number, self.buffer, self.events = 0, b"", []

    def send(self, method, session=None, timeout=30, **params):
        """Send one command and return its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params, **({"sessionId": session} if session else {})}
        os.write(self.out, json.dumps(message).encode() + b"\0")
        wanted, deadline = self.number, time.monotonic() + timeout
        while True:
            answer = self._receive(deadline - time.monotonic())
            if answer is None:
                raise TimeoutError(f"no answer from Chromium to {method}")
            if answer.get("id") == wanted:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def _receive(self, timeout):
        deadline = time.monotonic() + timeout
        while b"\0" not in self.buffer:
            ready = select.select([self.into], [], [], max(deadline - time.monotonic(), 0))[0]
            piece = os.read(self.into, 1 << 20) if ready else b""
            if not piece:
                return None
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def wait_for(self, method, session, timeout=30):
        """Wait for an event of a page, keeping all others."""
        deadline = time.monotonic() + timeout
        while True:
            for place, event in enumerate(self.events):
                if event.get("method") == method and event.get("sessionId") == session:
                    return self.events.pop(place)
            event = self._receive(deadline - time.monotonic())
            if event is None:
                raise TimeoutError(f"Chromium never said {method}")
            self.events.append(event)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.send("Browser.close", timeout=5)
            self.process.wait(5)
        except (OSError, TimeoutError, subprocess.TimeoutExpired, RuntimeError):
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        os.close(self.out)
        os.close(self.into)
        shutil.rmtree(self.home, ignore_errors=True)


class Page:
    """One tab: `url` opened at a size in CSS pixels; `dark` asks for the dark colours."""

    def __init__(self, browser, url, width=1280, height=800, dark=False):
        self.browser = browser
        target = browser.send("Target.createTarget", url="about:blank")["targetId"]
        self.target = target
        self.session = browser.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        self.resize(width, height)
        self.send(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}],
        )
        self.open(url)

    def send(self, method, **params):
        return self.browser.send(method, self.session, **params)

    def open(self, url):
        """Go to an address and wait until it is loaded (an address that differs in its # only needs no loading)."""
        if "loaderId" in self.send("Page.navigate", url=url):
            self.browser.wait_for("Page.loadEventFired", self.session)
        self.run("new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")

    def resize(self, width, height):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def run(self, script):
        """The value of a script expression (a promise is awaited); what it throws is raised."""
        answer = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise AssertionError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def press(self, key, **more):
        """Press and release a key: a character, or a name such as Tab, Enter, Escape, ArrowRight."""
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        code = codes.get(key, ord(key.upper()) if len(key) == 1 else 0)
        common = {"key": key, "windowsVirtualKeyCode": code, **more}
        self.send(
            "Input.dispatchKeyEvent",
            type="keyDown" if text else "rawKeyDown",
            **({"text": text} if text else {}),
            **common,
        )
        self.send("Input.dispatchKeyEvent", type="keyUp", **common)
        self.settle()

    def click(self, selector):
        """Click with the mouse on the first element that matches, where it is shown (scrolled into view)."""
        x, y = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'nearest', inline: 'nearest'});"
            "const b = e.getClientRects()[0]; return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        self.settle()

    def settle(self):
        self.run("new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")

    def picture(self, path):
        """Save what is shown as PNG."""
        data = self.send("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as out:
            out.write(base64.b64decode(data))

    def printed(self):
        """The page as PDF, in bytes."""
        return base64.b64decode(self.send("Page.printToPDF", printBackground=True)["data"])

    def complaints(self):
        """What the console and the log said so far: errors, warnings, refused loads, exceptions."""
        self.settle()
        found = []
        for event in self.browser.events:
            if event.get("sessionId") != self.session:
                continue
            method, said = event["method"], event["params"]
            if method == "Runtime.exceptionThrown":
                details = said["exceptionDetails"]
                found.append(details.get("exception", {}).get("description", details["text"]))
            elif method == "Log.entryAdded":
                found.append(said["entry"]["text"])
            elif method == "Runtime.consoleAPICalled":
                found.append(str([value.get("value") for value in said["args"]]))
        return found

    def requests(self):
        """The addresses that the page asked for."""
        return [
            event["params"]["request"]["url"]
            for event in self.browser.events
            if event.get("sessionId") == self.session and event["method"] == "Network.requestWillBeSent"
        ]

    def close(self):
        self.browser.send("Target.closeTarget", targetId=self.target)
