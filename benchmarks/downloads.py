"""How fast a file goes out: by gunicorn, by nginx from the disk, ratio in one run.

    nice python benchmarks/downloads.py [MEGABYTES]

Measures the way of the bytes alone (`registry.downloads.files.serve`), not the decision about
access, which is a few queries. Tells MB/s and the server's CPU seconds a gigabyte, best of three.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
COMMIT, NAME, ROUNDS = "c" * 40, "weights.safetensors", 3
PIECE = 1024 * 1024

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A WSGI program that serves one file by the product's own code."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from django.core.handlers.wsgi import WSGIRequest

    from registry.downloads.files import serve
    from registry.models import ReleaseFile, Revision

    path = Path(os.environ["IMPRIMATUR_RELEASES_DIR"]) / COMMIT / NAME
    file = ReleaseFile(path=NAME, size=path.stat().st_size, sha256="a" * 64, git_oid="b" * 40)
    answer = serve(WSGIRequest(environ), Revision(commit=COMMIT), file)
    start_response(f"{answer.status_code} OK", list(answer.items()))
    return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def receive(port: int, path: str) -> int:
    """Bytes of one answer, read and thrown away."""
    received = 0
    buffer = bytearray(PIECE)
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        while count := line.recv_into(buffer):
            received += count
    return received


def cpu_of(pid: int) -> float:
    """CPU seconds of a process and its children that live, from /proc."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = stat.read_text().rsplit(")", 1)[1].split()
        if int(stat.parent.name) == pid or int(fields[1]) == pid:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if server.poll() is not None:
                sys.exit("The server did not start.")
        else:
            return


def measure(port: int, path: str, pid: int) -> tuple[float, float]:
    """MB/s, and the server's CPU seconds a GB, of one transfer."""
    began, used = time.perf_counter(), cpu_of(pid)
    size = receive(port, path)
    return size / 1e6 / (time.perf_counter() - began), (cpu_of(pid) - used) / (size / 1e9)


def by_gunicorn(releases: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4",
               "--log-level", "error", "benchmarks.downloads:application"]  # fmt: skip
    environment = os.environ | {"IMPRIMATUR_RELEASES_DIR": str(releases),
                                "IMPRIMATUR_DATA_DIR": str(releases / "data")}  # fmt: skip
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def by_nginx(releases: Path, port: int) -> subprocess.Popen[bytes]:
    text = f"""
        daemon off; master_process off; pid {releases}/nginx.pid; error_log stderr error;
        events {{ }}
        http {{ access_log off; sendfile on;
          server {{ listen 127.0.0.1:{port}; root {releases}; }} }}"""
    (releases / "nginx.conf").write_text(text)
    return subprocess.Popen(["nginx", "-p", str(releases), "-c", str(releases / "nginx.conf")])


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 512
    servers = {"gunicorn": by_gunicorn}
    if shutil.which("nginx"):
        servers["nginx"] = by_nginx
    with tempfile.TemporaryDirectory() as name:
        releases = Path(name)
        file = releases / COMMIT / NAME
        file.parent.mkdir()
        releases.chmod(0o755)
        file.write_bytes(os.urandom(PIECE) * size)
        best = {kind: run(start, releases) for kind, start in servers.items()}
    for kind, (speed, cpu) in best.items():
        print(f"{kind:9} {speed:8,.0f} MB/s  {cpu:5.2f} CPU seconds a GB")
    if len(best) > 1:
        print(f"ratio     {best['gunicorn'][0] / best['nginx'][0]:8.2f} of nginx's speed")


def run(
    start: Callable[[Path, int], subprocess.Popen[bytes]], releases: Path
) -> tuple[float, float]:
    port = free_port()
    server = start(releases, port)
    try:
        wait_for(port, server)
        receive(port, f"/{COMMIT}/{NAME}")  # the file is in memory then
        return max(measure(port, f"/{COMMIT}/{NAME}", server.pid) for _ in range(ROUNDS))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
