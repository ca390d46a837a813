"""contracts/python/contract.py as a receiver and as a sender."""

import base64
import json
import sys
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

FOLDER = Path(__file__).resolve().parents[2] / "contracts"
sys.path.insert(0, str(FOLDER / "python"))

import peer  # noqa: E402
from contract import Contract, Key, Rejected  # noqa: E402

KEYS = [Key(b"test-shared-secret", "client-1")]
CONTRACTS = {}


def contract_of(name):
    if name not in CONTRACTS:
        CONTRACTS[name] = Contract.load(FOLDER / f"{name}.json")
    return CONTRACTS[name]


def vectors(path):
    contract = Contract.load(path)
    results = {}
    for vector in json.loads(Path(path).read_text("utf-8"))["vectors"]:
        key = Key(base64.b64decode(vector["key_base64"]), vector["key_id"])
        request = {"method": vector["method"], "target": vector["target"], "now": vector["now"]}
        try:
            contract.verify([key], vector["headers"], base64.b64decode(vector["payload_base64"]), **request)
            results[vector["id"]] = "valid"
        except Rejected as rejected:
            results[vector["id"]] = rejected.reason
    return results


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle_request(self):
        payload = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target = self.headers.get("X-Origin", "") + self.path
        try:
            contract_of(self.headers["X-Contract"]).verify(KEYS, self.headers.items(), payload, method=self.command, target=target)
            status, answer = 200, b"valid"
        except Rejected as rejected:
            status, answer = 401, rejected.reason.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_request

    def log_message(self, *arguments):
        pass


def listen():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def send(name, address, requests):
    """The statuses of signed requests; those to be forged are changed after they were signed."""
    connection = HTTPConnection(address, timeout=10)
    statuses = []
    for request in requests:
        payload = base64.b64decode(request["payload"])
        headers = contract_of(name).sign(KEYS, payload, method=request["method"], target=request["origin"] + request["target"])
        body = base64.b64decode(request["sent"])
        headers |= {"X-Contract": name, "X-Origin": request["origin"], "Content-Type": "application/octet-stream", "Content-Length": str(len(body))}
        connection.request(request["method"], request["target"], body, headers)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    return statuses


peer.serve(vectors, listen, send)
