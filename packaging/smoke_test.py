"""Does the frozen program work? Run it as people would, away from Python and the checkout.

    python packaging/smoke_test.py dist/bimaco-gui/bimaco-gui

It says its version, doctor finds the native library and the bundled model, a photo is upscaled to
the right size, and the window opens without a word of complaint. Exit status 0 if all of it does.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
WINDOW_SECONDS = 8
ENGINE = "bimaco_gui.services.isolation.serving:RealEngine"


def run(program: Path, *arguments: str, home: Path) -> str:
    """Run a command to its end; what it printed."""
    began = time.monotonic()
    done = subprocess.run(
        [str(program), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment(home),
        cwd=home,
        check=False,
    )
    print(f"{' '.join(arguments)}: status {done.returncode}, {time.monotonic() - began:.1f} s")
    if done.returncode:
        raise SystemExit(f"It failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def environment(home: Path) -> dict[str, str]:
    """Nothing of this Python, and no display."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG") if name in os.environ}
    return kept | {
        "HOME": str(home),
        "BIMACO_HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONHOME": "",
    }


def main(program: Path) -> None:
    """Try all of it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        print(run(program, "--version", home=home).strip())
        doctor = run(program, "doctor", home=home)
        print(doctor)
        # What a graphics card computes in; it leaves at once where nobody listens.
        run(program, "engine-process", ENGINE, home=home)
        for wanted in (r"^Model photo ", r"^Kernels +native$"):
            if not re.search(wanted, doctor, re.MULTILINE):
                raise SystemExit(f"doctor does not say {wanted}")
        photo, result = home / "photo.png", home / "result.png"
        with Image.open(ROOT / "resources" / "samples" / "canyon.jpg") as sample:
            sample.crop((0, 0, 96, 64)).save(photo)
        run(program, "upscale", str(photo), "-o", str(result), home=home)
        with Image.open(result) as made:
            if made.size != (384, 256):
                raise SystemExit(f"the result is {made.size}")
        window = subprocess.Popen(
            [str(program), "open", str(photo)],
            env=environment(home),
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        time.sleep(WINDOW_SECONDS)
        if window.poll() is not None:
            raise SystemExit(f"the window closed:\n{window.communicate()[0]}")
        window.terminate()
        said = "\n".join(
            line
            for line in window.communicate()[0].splitlines()
            if "This plugin does not support" not in line
        )
        print(f"the window stayed open for {WINDOW_SECONDS} s")
        if said.strip():
            raise SystemExit(f"the window complained:\n{said}")
    files = [path for path in program.parent.rglob("*") if path.is_file() and not path.is_symlink()]
    size = sum(path.stat().st_size for path in files)
    print(f"All well. The folder has {size / 1e6:.0f} MB.")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
