"""usage: serve.py LOOPWRIGHT ROOT"""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

from serving import Server

loopwright, root = sys.argv[1:]
LOOP = os.path.join(root, "tests/llvm/Inputs/stack-loop.mir")


def explore(*flags):
    return json.loads(subprocess.run([loopwright, "explore", "--json", *flags, LOOP], check=True,
                                     stdout=subprocess.PIPE).stdout)


def check_address(server):
    listening = subprocess.run(["cat", "/proc/net/tcp", "/proc/net/tcp6"], stdout=subprocess.PIPE, text=True).stdout
    rows = [line.split()[1] for line in listening.splitlines() if line.split()[1].endswith(":%04X" % server.port)
            and line.split()[3] == "0A"]
    assert rows == ["0100007F:%04X" % server.port], rows
    print("listens on 127.0.0.1 alone")


def check_page(server):
    status, body = server.ask()
    data = json.loads(re.search(r'id="data">(.*?)</script>', body, re.S)[1])
    passes = json.loads(subprocess.run([loopwright, "passes", "--json"], stdout=subprocess.PIPE, check=True).stdout)
    assert status == 200 and data["serve"]["flags"]["passes"] == passes
    assert {choice["name"] for choice in data["serve"]["flags"]["choices"]} >= {"llvm-layout", "cpu", "code", "llvm"}
    assert data["serve"]["variants"] == [["-O1"]], data["serve"]["variants"]
    print("the page has switches")


def check_variants(server):
    status, answer = server.variant("-O1", "-fno-dce")
    assert status == 200 and answer == explore("-O1", "-fno-dce"), status
    print("an interpreter is what explore --json prints")
    begun = time.monotonic()
    assert server.variant("-O1", "-fno-dce") == (200, answer)
    assert time.monotonic() - begun < 60
    print("answers are the same again, and quick")


def check_wrong_flags(server):
    for flags, said in ((["-O9"], "unknown level '-O9'"), (["-fdc"], "unknown pass 'dc'"),
                        (["--llvm=7"], "'--llvm=7' is not one of"), (["--llvm-layout=x"], "'--llvm-layout=x' is not one of"),
                        (["--passes=dce", "-O1"], "can't be combined")):
        status, answer = server.variant(*flags)
        assert status == 422 and said in answer["error"] and "--help" not in answer["error"], (flags, status, answer)
    print("what is wrong with flags is said")


def check_refused_flags(server):
    for flag in ("--load-pass=./mine.so", "--definition=x.som", "-o", "x", "--llvm-option=-x", "--serve", "",
                 "-fsuperinstructions=/etc/passwd", "-fsuperinstructions=../x", "-O1 -O2", "--json"):
        status, answer = server.variant(flag)
        assert status == 400 and "the page can't set" in answer["error"], (flag, status, answer)
    with tempfile.NamedTemporaryFile("w", suffix=".profile") as profile:
        profile.write("not a profile\n")
        profile.flush()
        given = "-fsuperinstructions=" + profile.name
        with Server(loopwright, "-O1", given, LOOP) as other:
            status, answer = other.variant("-O1", given)
            assert status == 422 and profile.name in answer["error"], (status, answer)
    print("flags that name files are refused, those of the command line are not")


def check_foreign(server):
    own = server.host
    assert server.ask(host="localhost:%d" % server.port)[0] == 200
    assert server.ask(fields="Origin: http://%s\r\nSec-Fetch-Site: same-origin\r\n" % own)[0] == 200
    for host in ("example.org", "example.org:%d" % server.port, "127.0.0.1", "%s.example.org" % own, ""):
        assert server.ask(host=host)[0] == 403, host
        assert server.ask("POST", "/variant", host=host, body='{"flags":["-O0"]}')[0] == 403, host
    for fields in ("Origin: http://example.org\r\n", "Origin: null\r\n", "Sec-Fetch-Site: cross-site\r\n"):
        assert server.ask(fields=fields)[0] == 403, fields
        assert server.ask("POST", "/variant", fields=fields, body='{"flags":["-O0"]}')[0] == 403, fields
    assert server.send(b"GET / HTTP/1.1\r\n\r\n")[0] == 400
    print("foreign hosts and pages are refused")


def check_malformed(server):
    host = ("Host: %s\r\n" % server.host).encode()
    for request, status in ((b"\r\n\r\n", 400), (b"GET /\r\n\r\n", 400), (b"GET / HTTP/3\r\n" + host + b"\r\n", 505),
                            (b"GET / HTTP/1.1\r\nbad\r\n\r\n", 400), (b"\x16\x03\x01\x00\r\n\r\n", 400),
                            (b"GET / HTTP/1.1\r\nX: " + b"x" * 9000, 431)):
        assert server.send(request)[0] == status, (request, status)
    for target, method, status in (("/favicon.ico", "GET", 404), ("/?x", "GET", 404), ("/variant", "GET", 405),
                                   ("/", "DELETE", 405), ("/../etc/passwd", "GET", 404)):
        assert server.ask(method, target)[0] == status, (target, method)
    for body in ("", "x", "[]", "{}", '{"flags":"-O0"}', '{"flags":[1]}', '{"flags":[],"more":1}',
                 '{"flags":[],"flags":[]}', json.dumps({"flags": ["-O0"] * 129}), "\u00ff"):
        status, answer = server.ask("POST", "/variant", body=body)
        assert status == 400 and json.loads(answer)["error"], (body, status, answer)
    assert server.ask("POST", "/variant", body="x" * 20000)[0] == 413
    print("malformed requests are refused")


def check_patience(server):
    with server.connect(), server.connect() as slow:
        slow.sendall(b"GET / HT")
        assert server.ask()[0] == 200
        slow.sendall(("TP/1.1\r\nHost: %s\r\n\r\n" % server.host).encode())
        assert slow.recv(100).startswith(b"HTTP/1.1 200 OK")
    print("a silent and a slow connection keep nobody waiting")


def check_crowd(server):
    crowd = [server.connect() for _ in range(100)]
    begun = time.monotonic()
    assert server.ask()[0] == 200
    taken = time.monotonic() - begun
    assert taken < 8, "%.1f s" % taken  # they would be given ten to say something
    for connection in crowd:
        connection.close()
    print("nor do many silent ones")


def check_head(server):
    with server.connect() as connection:
        connection.sendall(("HEAD / HTTP/1.1\r\nHost: %s\r\n\r\n" % server.host).encode())
        answer = b""
        while chunk := connection.recv(1 << 20):
            answer += chunk
    head, body = answer.split(b"\r\n\r\n", 1)
    length = int(re.search(rb"Content-Length: (\d+)", head)[1])
    assert head.startswith(b"HTTP/1.1 200 OK") and not body and length == len(server.ask()[1].encode())
    print("HEAD is answered as GET, without the page")


# Of eight descriptors the server itself has four: some of these connections have to wait for others to end.
def check_descriptors(_):
    with Server(loopwright, LOOP, descriptors=8) as other:
        held = [other.connect() for _ in range(8)]
        before = other.processor_time()
        time.sleep(1)
        taken = other.processor_time() - before
        assert taken < 0.2, "%.2f s of a second with nothing to do" % taken
        for connection in held:
            connection.close()
        assert other.ask()[0] == 200
    print("connections for which there is no descriptor wait, and the processor is left alone")


def check_port(server):
    other = subprocess.run([loopwright, "explore", "--serve=%d" % server.port], stderr=subprocess.PIPE, text=True)
    assert other.returncode == 1 and other.stderr.startswith(
        "loopwright: error: port %d is in use: --serve=PORT takes another" % server.port), other
    print("a port in use is said")


with Server(loopwright, "-O1", LOOP) as server:
    for check in (check_address, check_page, check_variants, check_wrong_flags, check_refused_flags, check_foreign,
                  check_malformed, check_patience, check_crowd, check_head, check_descriptors, check_port):
        check(server)
    assert server.interrupted() == -signal.SIGINT
    print("ended by a signal")
