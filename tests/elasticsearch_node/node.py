"""A real Elasticsearch server for tests, put together from the jars on Maven Central.

    python -m tests.elasticsearch_node.node      run one in the foreground, until Ctrl-C; prints its address

See README.md for what it lacks.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"
FETCH = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
HTTP_JARS = ("transport-netty4-*.jar", "elasticsearch-ssl-config-*.jar", "netty-*.jar")
START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 20.0


class NodeError(Exception):
    """The node could not be built or did not start; the message has the end of what was printed."""


def build() -> Path:
    """Lay the node out like an official home folder, unless that was done before; return the folder.

    Fetches about 55 MB on first use. Two processes that do this at once take turns.
    """
    BUILD.mkdir(exist_ok=True)
    home, done = BUILD / "home", BUILD / "done"
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = _stamp()
        if not done.exists() or done.read_text() != stamp:
            done.unlink(missing_ok=True)
            shutil.rmtree(home, ignore_errors=True)
            _lay_out(home)
            done.write_text(stamp)
    return home


def _stamp() -> str:
    sources = sorted(file for pattern in ("pom.xml", "node.py", "config/*", "java/*/*") for file in HERE.glob(pattern))
    return hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()


def _lay_out(home: Path) -> None:
    lib, http, analysis = home / "lib", home / "modules/transport-netty4", home / "plugins/index-analysis"
    _run("mvn", "-B", "-q", "-ntp", "-f", HERE / "pom.xml", FETCH, f"-DoutputDirectory={lib}")
    http.mkdir(parents=True)
    analysis.mkdir(parents=True)
    for jar in [jar for pattern in HTTP_JARS for jar in lib.glob(pattern)]:
        jar.rename(http / jar.name)
    shutil.copytree(HERE / "config", home / "config")

    # The module's own descriptor, less the line that asks for Java modules.
    with zipfile.ZipFile(next(http.glob("transport-netty4-*.jar"))) as jar:
        descriptor = jar.read("META-INF/es-plugins/transport-netty4/plugin-descriptor.properties").decode()
    (http / "plugin-descriptor.properties").write_text(re.sub(r"(?m)^modulename=.*$", "", descriptor))
    version = re.search(r"(?m)^elasticsearch\.version=(.*)$", descriptor)
    (analysis / "plugin-descriptor.properties").write_text(
        "name=index-analysis\ndescription=the analysis that the index uses\nversion=1\njava.version=17\n"
        f"elasticsearch.version={version[1] if version else ''}\nclassname=IndexAnalysisPlugin\n"
    )

    # The server compresses with libzstd. Elastic's own build of it is not on Maven Central; the system's does.
    native = home / "native"
    native.mkdir()
    library = next(Path("/usr").glob("lib*/**/libzstd.so.1"), None)
    if library is None:
        raise NodeError("libzstd is missing: apt-get install libzstd1")
    (native / "libzstd.so").symlink_to(library)

    _compile("launcher", f"{lib}/*", lib / "launcher.jar")
    _compile("analysis", f"{lib}/*", analysis / "index-analysis.jar")


def _compile(folder: str, class_path: str, jar: Path) -> None:
    with tempfile.TemporaryDirectory() as classes:
        _run("javac", "-nowarn", "-cp", class_path, "-d", classes, *sorted((HERE / "java" / folder).glob("*.java")))
        _run("jar", "--create", "--file", jar, "-C", classes, ".")


def _run(*command: str | Path) -> None:
    try:
        result = subprocess.run(
            list(map(str, command)), check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except FileNotFoundError as error:
        raise NodeError(f"{command[0]} is missing: apt-get install maven default-jdk-headless") from error
    if result.returncode:
        raise NodeError(f"failed: {' '.join(map(str, command))}\n{result.stdout[-4000:]}")


@dataclass
class Node:
    """A node of this process. It ends with this process, however that ends: it watches its standard input."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers; data of an earlier start with the same folder is still there.

        :raises NodeError: when it does not come up.
        """
        home = build()
        log = self.folder / "node.log"
        (self.folder / "tmp").mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                self._command(home), stdin=subprocess.PIPE, stdout=out, stderr=out, start_new_session=True
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise NodeError(
                    f"the node did not start; the end of its log:\n{log.read_text(errors='replace')[-4000:]}"
                )
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop it and wait until it is gone."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
        self.process = None

    def _command(self, home: Path) -> list[str]:
        return [
            "java", "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
            "-XX:+ExitOnOutOfMemoryError", f"-Djava.io.tmpdir={self.folder / 'tmp'}", "-Dfile.encoding=UTF-8",
            f"-Des.nativelibs.path={home / 'native'}", "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false",
            "-Dlog4j2.disable.jmx=true", "-Dlog4j.shutdownHookEnabled=false", "-Dio.netty.noUnsafe=true",
            "-cp", f"{home / 'lib'}/*", "NodeLauncher", str(home),
            f"path.data={self.folder / 'data'}", f"path.logs={self.folder / 'logs'}",
            f"http.port={self.port}", "transport.port=0",
        ]  # fmt: skip

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(
                f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=5s", timeout=10
            ) as answer:
                return not json.load(answer)["timed_out"]
        except (OSError, ValueError):
            return False


@contextmanager
def running(folder: Path) -> Iterator[Node]:
    """Run a node on a free port, with its data under `folder`, and stop it at the end."""
    node = Node(folder.resolve(), _free_port())
    try:
        node.start()
        yield node
    finally:
        node.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def main() -> None:
    """Run a node until interrupted."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with running(Path(folder)) as node:
                print(node.url, flush=True)
                assert node.process is not None
                node.process.wait()
        except NodeError as error:
            sys.exit(str(error))
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
