"""The other end of Peer.php: one line of JSON in, one out."""

import json
import sys


def serve(*operations):
    known = {operation.__name__: operation for operation in operations}
    for line in sys.stdin:
        arguments = json.loads(line)
        try:
            answer = {"result": known[arguments.pop("operation")](**arguments)}
        except Exception as error:
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)
