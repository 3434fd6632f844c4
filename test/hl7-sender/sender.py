"""An HL7 sender for tests: a hospital's system as somebody else would have written it.

Framing, answers and their parsing are python3-hl7's. Standard input carries one JSON object a line, {"messages": [base64,
...]}: they are sent on one connection, one after another; or {"raw": base64, "wait": seconds}: bytes as they are, on a
connection of their own. Standard output answers each line with {"answers": [...]} as read by python3-hl7, or {"error": name}.
"""

import argparse
import base64
import json
import socket
import ssl
import sys

import hl7
from hl7.client import MLLPClient


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--encoding", default="utf-8")
    parser.add_argument("--ca")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    return parser.parse_args()


def say(record):
    sys.stdout.write(json.dumps(record, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def secured(plain, settings):
    if not settings.ca:
        return plain
    context = ssl.create_default_context(cafile=settings.ca)
    if settings.cert:
        context.load_cert_chain(settings.cert, settings.key)
    return context.wrap_socket(plain, server_hostname="localhost")


def answer_of(framed, settings):
    """What an answer says, by segment and field as HL7 counts."""
    message = hl7.parse(framed.strip(b"\x0b\x1c\x0d").decode(settings.encoding) + "\r")
    return {
        "type": str(message.segment("MSH")(9)),
        "code": str(message.segment("MSA")(1)),
        "controlId": str(message.segment("MSA")(2)),
        "error": [
            {"place": str(err(2)), "code": str(err(3)), "text": str(err(8))}
            for err in (message.segments("ERR") if "ERR" in [str(s[0]) for s in message] else [])
        ],
        "text": str(message),
    }


def exchange(request, settings):
    client = MLLPClient(settings.host, settings.port)
    client.socket = secured(client.socket, settings)
    client.socket.settimeout(30)
    try:
        return [
            answer_of(client.send_message(base64.b64decode(message)), settings)
            for message in request["messages"]
        ]
    finally:
        client.close()


def send_raw(request, settings):
    plain = socket.create_connection((settings.host, settings.port), 10)
    connection = secured(plain, settings)
    connection.settimeout(request.get("wait", 10))
    received = b""
    try:
        connection.sendall(base64.b64decode(request["raw"]))
        while not received.endswith(b"\x1c\x0d"):
            more = connection.recv(65536)
            if not more:
                break
            received += more
    finally:
        connection.close()
    return [answer_of(received, settings)] if received else []


def main():
    settings = options()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            say({"answers": send_raw(request, settings) if "raw" in request else exchange(request, settings)})
        except Exception as error:  # the test says what it expects
            say({"error": type(error).__name__})


main()
