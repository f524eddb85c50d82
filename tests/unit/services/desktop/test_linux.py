"""The Linux desktop against a real message bus, with services that stand in for a desktop's."""

import logging
import os
import select
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if not sys.platform.startswith("linux"):
    pytest.skip("D-Bus is Linux's", allow_module_level=True)

from jeepney import HeaderFields, new_method_return

from bimaco_gui.cli import main
from bimaco_gui.services.desktop import APP_ID
from bimaco_gui.services.desktop.helper import Desktop, this_system
from bimaco_gui.services.desktop.linux import LinuxDesktop, NotOffered
from bimaco_gui.services.runner import Runner
from tests.dbus_bus import StandIn, refuses, returns, running_bus, sender
from tests.unit.services.fakes import FakeEngine, save_picture

NOTIFICATIONS = "org.freedesktop.Notifications"
LOGIND = "org.freedesktop.login1"
POWER = "org.freedesktop.PowerManagement"
SCREEN_SAVER = "org.freedesktop.ScreenSaver"

Stand = Callable[..., StandIn]


@pytest.fixture
def stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    stand_ins: list[StandIn] = []

    def begin(*arguments: object) -> StandIn:
        stand_ins.append(StandIn(*arguments))  # type: ignore[arg-type]
        return stand_ins[-1]

    with running_bus(tmp_path, monkeypatch):
        yield begin
        for stand_in in stand_ins:
            stand_in.close()


@pytest.fixture
def desktop() -> Iterator[LinuxDesktop]:
    helper = LinuxDesktop()
    yield helper
    helper.close()


def test_a_notification_arrives_as_the_standard_wants_it(
    stand: Stand, desktop: LinuxDesktop
) -> None:
    service = stand(NOTIFICATIONS, returns("u", 1))
    desktop.notify("3 photos are done", "holiday <1> & more")
    (message,) = service.wait()
    assert message.header.fields[HeaderFields.signature] == "susssasa{sv}i"
    name, replaces, icon, title, body, actions, hints, timeout = message.body
    assert (name, replaces, icon, actions, timeout) == ("BiMaCo", 0, APP_ID, [], -1)
    assert title == "3 photos are done"
    assert body == "holiday &lt;1&gt; &amp; more"
    assert hints == {"desktop-entry": ("s", APP_ID)}


def test_without_a_notification_service_it_says_so(stand: Stand, desktop: LinuxDesktop) -> None:
    with pytest.raises(NotOffered):
        desktop.notify("Done", "")


def test_progress_goes_to_launchers_that_listen(stand: Stand, desktop: LinuxDesktop) -> None:
    launcher = stand(None)
    desktop.show_progress(0.25)
    desktop.show_progress(None)
    begun, ended = launcher.wait(2, "Update")
    application = f"application://{APP_ID}.desktop"
    assert begun.header.fields[HeaderFields.interface] == "com.canonical.Unity.LauncherEntry"
    assert begun.body == (
        application,
        {"progress": ("d", 0.25), "progress-visible": ("b", True)},
    )
    assert ended.body[1]["progress-visible"] == ("b", False)


def test_logind_keeps_it_awake_until_its_handle_is_closed(
    stand: Stand, desktop: LinuxDesktop
) -> None:
    ours, theirs = os.pipe()
    service = stand(LOGIND, lambda call: new_method_return(call, "h", (theirs,)))
    desktop.keep_awake("Upscaling photos")
    desktop.keep_awake("Upscaling photos")
    os.close(theirs)
    (message,) = service.wait()
    assert message.body == ("sleep:idle", "BiMaCo", "Upscaling photos", "block")
    os.set_blocking(ours, False)
    with pytest.raises(BlockingIOError):  # somebody holds the other end
        os.read(ours, 1)
    desktop.allow_sleep()
    assert select.select([ours], [], [], 30)[0]
    assert os.read(ours, 1) == b""  # nobody does
    os.close(ours)


@pytest.mark.parametrize("name", [POWER, SCREEN_SAVER])
def test_without_logind_the_session_keeps_it_awake_until_the_connection_ends(
    stand: Stand, desktop: LinuxDesktop, name: str
) -> None:
    service = stand(name, returns("u", 7))
    desktop.keep_awake("Upscaling photos")
    (message,) = service.wait(1, "Inhibit")
    assert message.body == ("BiMaCo", "Upscaling photos")
    assert sender(message) not in service.leavers
    desktop.allow_sleep()
    service.wait_for_leaver(sender(message))


def test_a_service_that_refuses_is_passed_over(stand: Stand, desktop: LinuxDesktop) -> None:
    stand(LOGIND, refuses)
    stand(POWER, refuses)
    service = stand(SCREEN_SAVER, returns("u", 7))
    desktop.keep_awake("Upscaling photos")
    service.wait(1, "Inhibit")


def test_where_nobody_can_be_asked_it_says_so(stand: Stand, desktop: LinuxDesktop) -> None:
    with pytest.raises(NotOffered):
        desktop.keep_awake("Upscaling photos")
    desktop.allow_sleep()


def test_without_any_bus_the_work_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for kind in ("SESSION", "SYSTEM"):
        monkeypatch.setenv(f"DBUS_{kind}_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")
    helper = Desktop()
    with caplog.at_level(logging.INFO):
        helper.keep_awake("Upscaling photos")
        helper.show_progress(0.5)
        helper.notify("Done", "")
        helper.close()
    assert caplog.text.count("did not do what it was asked for") == 3


def test_all_of_it_is_let_go_at_the_end(stand: Stand) -> None:
    ours, theirs = os.pipe()
    stand(LOGIND, lambda call: new_method_return(call, "h", (theirs,)))
    launcher = stand(None)
    helper = Desktop()
    helper.keep_awake("Upscaling photos")
    helper.show_progress(0.5)
    launcher.wait(1, "Update")
    os.close(theirs)
    helper.close()
    assert launcher.wait(2, "Update")[1].body[1]["progress-visible"] == ("b", False)
    assert os.read(ours, 1) == b""
    os.close(ours)
    assert not [thread for thread in threading.enumerate() if thread.name == "desktop"]


def test_the_command_line_keeps_it_awake_while_it_works(stand: Stand, tmp_path: Path) -> None:
    ours, theirs = os.pipe()
    service = stand(LOGIND, lambda call: new_method_return(call, "h", (theirs,)))
    engine = FakeEngine()
    asked: list[int] = []
    engine.before_write = lambda _: asked.append(len(service.wait(1, "Inhibit")))
    photo = save_picture(tmp_path / "a.png")
    assert main(["upscale", str(photo)], make_runner=lambda: Runner(engine.tools)) == 0
    assert asked == [1]
    os.close(theirs)
    assert os.read(ours, 1) == b""
    os.close(ours)


def test_this_system_is_linux() -> None:
    assert isinstance(this_system(), LinuxDesktop)
