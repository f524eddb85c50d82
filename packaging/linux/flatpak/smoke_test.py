"""Does the bundle work in its sandbox? Install it, and run it as people would.

    python packaging/linux/flatpak/smoke_test.py [--program dist/bimaco-gui] [--folder /var/tmp]
        [--quick] [--portal]

On Debian: apt install flatpak. Flathub is not needed: the runtime is a stand-in of this machine's
own libraries, the desktop's services are stand-ins on a bus of the test's own, and all of it lies
in a folder that is removed at the end. The bundle is the real one. Exit status 0 if all of it does.

With --quick, the app is installed without being packed into a bundle, which takes ten minutes or
more. With --portal, photos come through the document portal as well (apt install xdg-desktop-portal
fuse3). It needs this user's /run/user/NUMBER, and that no desktop's own portal is there.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from jeepney import DBusAddress, HeaderFields, new_method_call
from jeepney.io.blocking import open_dbus_connection
from make_bundle import ROOT, export, make_bundle, read_manifest
from PIL import Image
from stand_in_runtime import make_runtime

sys.path.insert(0, str(ROOT))
from tests.dbus_bus import StandIn, bus_process, returns

MANIFEST = read_manifest()
LIMIT_SECONDS = 120
NO_DESKTOP = re.compile(r"This plugin does not support|org\.freedesktop\.portal\.Settings")
"""What Qt says of the invisible screen, and where no desktop tells its colours."""


class Sandbox:
    """The bundle, installed for a user of the test's own."""

    def __init__(self, folder: Path) -> None:
        """Prepare the user's folders; nothing is installed yet."""
        self.folder = folder
        self.home = folder / "home"
        self.pictures = self.home / "Pictures"
        self.runtime = folder / "run"
        for made in (self.pictures, self.home / ".config", self.runtime):
            made.mkdir(parents=True)
        self.runtime.chmod(0o700)
        (self.home / ".config/user-dirs.dirs").write_text('XDG_PICTURES_DIR="$HOME/Pictures"\n')
        self.environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "FLATPAK_USER_DIR": str(folder / "user"),
        }

    def install(self, program: Path, quick: bool) -> None:
        """Make bundle and runtime, and install both; if it is to be quick, without the bundle."""
        asked = ["flatpak", "--default-arch"]
        arch = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
        repository, bundle = self.folder / "repository", self.folder / "BiMaCo.flatpak"
        make_runtime(program, repository, MANIFEST, arch)
        quietly = ("-y", "--noninteractive")
        if quick:
            export(program, repository)
        self.flatpak("remote-add", "--no-gpg-verify", "stand-in", repository)
        self.flatpak("install", *quietly, "stand-in", f"{MANIFEST.runtime}//{MANIFEST.version}")
        if quick:
            self.flatpak("install", *quietly, "stand-in", MANIFEST.app_id)
            return
        began = time.monotonic()
        make_bundle(program, bundle, runtimes="")
        size = bundle.stat().st_size / 1e6
        say(f"the bundle has {size:.0f} MB, made in {time.monotonic() - began:.0f} s")
        self.flatpak("install", *quietly, "--bundle", bundle)
        bundle.unlink()

    def flatpak(self, command: str, *arguments: str | Path) -> None:
        """Run a command of flatpak for this user."""
        line = ["flatpak", "--user", command, *arguments]
        subprocess.run(line, check=True, env=self.environment, stdout=subprocess.DEVNULL)

    def start(self, *arguments: str | Path, options: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        """Start the program in its sandbox."""
        line = ["flatpak", "run", "--env=QT_QPA_PLATFORM=offscreen", *options, MANIFEST.app_id]
        return subprocess.Popen(
            [*line, *arguments],
            env=self.environment,
            cwd=self.pictures,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str | Path, options: tuple[str, ...] = ()) -> tuple[int, str, str]:
        """Run it to its end; status, output and complaints."""
        began = time.monotonic()
        process = self.start(*arguments, options=options)
        output, complaints = process.communicate(timeout=LIMIT_SECONDS)
        taken = time.monotonic() - began
        say(f"{' '.join(map(str, arguments))[:70]}: status {process.returncode}, {taken:.1f} s")
        return process.returncode, output, complaints

    def shell(self, line: str, *options: str) -> tuple[int, str]:
        """Run a line of the shell in the sandbox; status and output."""
        status, output, _ = self.run("-c", line, options=("--command=bash", *options))
        return status, output

    def instances(self) -> list[int]:
        """The process numbers, as seen from here, of the programs in running sandboxes."""
        listed = subprocess.run(
            ["flatpak", "ps", "--columns=child-pid"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        numbers = [int(line) for line in listed.stdout.split() if line.isdecimal()]
        # Those that have ended are listed for a while.
        return [number for number in numbers if is_running(number)]


def is_running(number: int) -> bool:
    """Whether there is such a process, and it has not just ended."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def try_command_line(sandbox: Sandbox) -> None:
    """Version, doctor, photos, and what is out of reach."""
    status, output, _ = sandbox.run("--version")
    need(status == 0 and output.startswith("bimaco-gui"), "it says its version")
    _, doctor, _ = sandbox.run("doctor")
    say(doctor)
    private = rf"{sandbox.home}/\.var/app/{re.escape(MANIFEST.app_id)}"
    for wanted in (r"^Model photo ", r"^Kernels +native$", rf"^Settings +{private}/config/"):
        need(re.search(wanted, doctor, re.MULTILINE), f"doctor says {wanted}")
    need(re.search(rf"^Queue +{private}/\.local/state/", doctor, re.MULTILINE), "the queue lasts")

    photo, hidden = sandbox.pictures / "photo.png", sandbox.home / "hidden.png"
    with Image.open(ROOT / "resources" / "samples" / "canyon.jpg") as sample:
        sample.crop((0, 0, 96, 64)).save(photo)
    hidden.write_bytes(photo.read_bytes())
    status, _, complaints = sandbox.run("upscale", photo)
    need(status == 0, complaints)
    with Image.open(sandbox.pictures / "photo_x4.png") as made:
        need(made.size == (384, 256), "the result has four times the size")
    status, _, complaints = sandbox.run("upscale", hidden)
    need(status == 1 and "There is no file" in complaints, "other folders are out of sight")
    status, _, complaints = sandbox.run("upscale", photo, "-o", sandbox.home / "lost.png")
    need(status == 1 and "would lose" in complaints, "nothing is written where it would be lost")


def try_network(sandbox: Sandbox) -> None:
    """Nobody can be reached, unless somebody permits it."""
    status, _, complaints = sandbox.run("updates")
    need(status == 1 and "sandbox has no network" in complaints, "it says that it has no network")
    _, devices = sandbox.shell("cat /proc/net/dev")
    names = re.findall(r"^ *(\S+):", devices, re.MULTILINE)
    need(names == ["lo"], f"no network device but its own loopback: {names}")
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = f"exec 3<>/dev/tcp/127.0.0.1/{server.getsockname()[1]}"
        need(sandbox.shell(line)[0] != 0, "a server on this computer is out of reach")
        need(sandbox.shell(line, "--share=network")[0] == 0, "with the permission it is not")


def try_window(sandbox: Sandbox) -> None:
    """One window, which takes the photos of further starts, also after a crash."""
    photo = sandbox.pictures / "photo.png"
    for life in ("at first", "after a crash"):
        window = sandbox.start("open", photo)
        took = partial(handed_over, sandbox, photo, window)
        wait(took, f"{life}, a second start hands its photo over and ends")
        (number,) = sandbox.instances()
        os.kill(number, signal.SIGKILL)
        _, complaints = window.communicate(timeout=LIMIT_SECONDS)
        said = [line for line in complaints.splitlines() if not NO_DESKTOP.search(line)]
        need(said == [], f"the window complained: {said}")


def handed_over(sandbox: Sandbox, photo: Path, window: subprocess.Popen[str]) -> bool:
    """Whether another start ends at once, since the window has taken its photo."""
    need(window.poll() is None, "the window stays open")
    if not sandbox.instances():
        return False
    second = sandbox.start("open", photo)
    try:
        return second.wait(timeout=20) == 0 and len(sandbox.instances()) == 1
    except subprocess.TimeoutExpired:
        need(False, "a second start opened a second window")
        raise
    finally:
        for stream in (second.stdout, second.stderr):
            if stream is not None:
                stream.close()


def try_desktop(sandbox: Sandbox) -> None:
    """The desktop's services, through Flatpak's filter."""
    photo = sandbox.pictures / "photo.png"
    with services(sandbox) as (system, desktop):
        window = sandbox.start("open", "--upscale", photo)
        wait(lambda: kept_awake(system) == [True], "the machine is kept awake")
        wait(lambda: progress(desktop)[-1:] == [False], "the task bar has shown how far it is")
        need(len(set(progress(desktop))) == 2, "progress came, and went at the end")
        for number in sandbox.instances():
            os.kill(number, signal.SIGKILL)
        window.communicate(timeout=LIMIT_SECONDS)
        call = "gdbus call --session --dest {0} --object-path / --method {0}.Try"
        allowed, refused = "org.freedesktop.Notifications", "org.freedesktop.FileManager1"
        need(sandbox.shell(call.format(allowed))[0] == 0, "notifications get through")
        need(sandbox.shell(call.format(refused))[0] != 0, "what is not permitted does not")


def kept_awake(system: StandIn) -> list[bool]:
    """For each inhibitor that was asked for, whether it is the right one."""
    return [
        message.body[0] == "sleep:idle"
        for message in system.messages
        if message.header.fields[HeaderFields.member] == "Inhibit"
    ]


def progress(desktop: StandIn) -> list[bool]:
    """Each time that the task bar was told, whether it shows a bar."""
    return [
        message.body[1]["progress-visible"][1]
        for message in desktop.messages
        if message.header.fields[HeaderFields.member] == "Update"
    ]


def try_portal(sandbox: Sandbox) -> None:
    """A photo that the sandbox sees alone, and a name that was chosen to save under."""
    sandbox.runtime = Path(f"/run/user/{os.getuid()}")
    sandbox.runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    sandbox.environment["XDG_RUNTIME_DIR"] = str(sandbox.runtime)
    hidden, forwarded = sandbox.home / "hidden.png", ("--file-forwarding",)
    before = sorted(sandbox.home.iterdir())
    with services(sandbox), document_portal(sandbox):
        status, _, complaints = sandbox.run("upscale", "@@", hidden, "@@", options=forwarded)
        need(status == 1 and "would lose" in complaints, "beside it nothing is saved")
        need(sorted(sandbox.home.iterdir()) == before, "nothing was left beside it")
        target = sandbox.pictures / "forwarded.png"
        line = ("upscale", "@@", hidden, "@@", "-o", target)
        need(sandbox.run(*line, options=forwarded)[0] == 0, "elsewhere it is")
        need(target.is_file(), "the result is there")
        chosen = document(sandbox, sandbox.home, "chosen.png")
        for times in ("once", "again"):
            line = ("upscale", sandbox.pictures / "photo.png", "-o", chosen, "--overwrite")
            need(sandbox.run(*line)[0] == 0, f"a chosen name is written {times}")
        with Image.open(sandbox.home / "chosen.png") as made:
            need(made.size == (384, 256), "the result has the chosen name outside")
        need(len(list(sandbox.home.iterdir())) == len(before) + 1, "and nothing is beside it")


@contextmanager
def document_portal(sandbox: Sandbox) -> Iterator[None]:
    """The real one, on the test's bus."""
    programs, documents = [], sandbox.runtime / "doc"
    for name in ("xdg-permission-store", "xdg-document-portal"):
        line = [f"/usr/libexec/{name}"]
        programs.append(subprocess.Popen(line, env=sandbox.environment, stderr=subprocess.DEVNULL))
    try:
        wait(lambda: documents.is_dir() and any(documents.iterdir()), "the portal is there")
        yield
    finally:
        # It waits for its file system to go, which it does not take away while that is in use.
        subprocess.run(["fusermount3", "-u", "-z", documents], check=False)
        for program in programs:
            program.terminate()
            program.wait()


def document(sandbox: Sandbox, folder: Path, name: str) -> Path:
    """What the portal's dialog to save gives the app: the path of a file that is not there yet."""
    portal = DBusAddress(
        "/org/freedesktop/portal/documents",
        "org.freedesktop.portal.Documents",
        "org.freedesktop.portal.Documents",
    )
    above = os.open(folder, os.O_PATH)
    with open_dbus_connection("SESSION", enable_fds=True) as connection:
        arguments = (above, name.encode() + b"\0", False, False)
        call = new_method_call(portal, "AddNamed", "haybb", arguments)
        (number,) = connection.send_and_get_reply(call).body
        rights = (number, MANIFEST.app_id, ["read", "write"])
        call = new_method_call(portal, "GrantPermissions", "ssas", rights)
        connection.send_and_get_reply(call)
    os.close(above)
    return sandbox.runtime / "doc" / number / name


@contextmanager
def services(sandbox: Sandbox) -> Iterator[tuple[StandIn, StandIn]]:
    """A bus, with somebody there for all that the app may ask for; logind, and the others."""
    kept = dict(sandbox.environment)
    reading, writing = os.pipe()
    with bus_process("dbus-daemon", sandbox.folder) as address:
        for name in ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"):
            os.environ[name] = sandbox.environment[name] = address
        system = StandIn("org.freedesktop.login1", returns("h", writing))
        desktop = StandIn("org.freedesktop.Notifications", returns(""))
        other = StandIn("org.freedesktop.FileManager1", returns(""))
        try:
            yield system, desktop
        finally:
            for stand_in in (system, desktop, other):
                stand_in.close()
            os.close(reading)
            os.close(writing)
            sandbox.environment = kept


def wait(condition: Callable[[], bool], what: str) -> None:
    """Until it is so."""
    ends = time.monotonic() + LIMIT_SECONDS
    while not condition():
        need(time.monotonic() < ends, what)
        time.sleep(0.2)
    say(what)


def need(holds: object, what: str) -> None:
    """Go on only if it holds."""
    if not holds:
        raise SystemExit(f"Not so: {what}")


def say(what: str) -> None:
    """Print it now."""
    print(what, flush=True)


def main() -> None:
    """Try all of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--program", type=Path, default=ROOT / "dist/bimaco-gui")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="has 4 GB to spare")
    parser.add_argument("--quick", action="store_true", help="try the app, not its bundle")
    parser.add_argument("--portal", action="store_true", help="try the document portal too")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bimaco-flatpak-", dir=given.folder) as folder:
        sandbox = Sandbox(Path(folder))
        sandbox.install(given.program.resolve(), given.quick)
        try_command_line(sandbox)
        try_network(sandbox)
        try_window(sandbox)
        try_desktop(sandbox)
        if given.portal:
            try_portal(sandbox)
    say("All well.")


if __name__ == "__main__":
    main()
