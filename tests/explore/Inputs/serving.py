"""A server of `loopwright explore --serve` for tests, and requests byte by byte."""
import json
import os
import re
import resource
import signal
import socket
import subprocess


class Server:
    def __init__(self, loopwright, *words, descriptors=None):
        limit = descriptors and (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors)))
        self.process = subprocess.Popen([loopwright, "explore", "--serve=0", *words], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, text=True, preexec_fn=limit)
        self.url = self.process.stdout.readline().strip()
        self.port = int(re.fullmatch(r"http://127\.0\.0\.1:(\d+)/", self.url)[1])
        self.host = "127.0.0.1:%d" % self.port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.process.stdout.close()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=120)

    def send(self, request):
        """The status and the body of the answer to these bytes."""
        with self.connect() as connection:
            connection.sendall(request)
            answer = b""
            while chunk := connection.recv(1 << 20):
                answer += chunk
        head, body = answer.split(b"\r\n\r\n", 1)
        assert int(re.search(rb"Content-Length: (\d+)", head)[1]) == len(body)
        return int(head.split()[1]), body.decode()

    def ask(self, method="GET", target="/", host=None, fields="", body=None):
        head = "%s %s HTTP/1.1\r\nHost: %s\r\n%s" % (method, target, self.host if host is None else host, fields)
        if body is not None:
            head += "Content-Type: application/json\r\nContent-Length: %d\r\n" % len(body)
        return self.send((head + "\r\n" + (body or "")).encode())

    def variant(self, *flags):
        status, body = self.ask("POST", "/variant", body=json.dumps({"flags": flags}))
        return status, json.loads(body)

    def processor_time(self):
        """Seconds that it has taken of the processor's time."""
        with open("/proc/%d/stat" % self.process.pid) as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def interrupted(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)
