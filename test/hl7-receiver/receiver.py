"""An HL7 receiver for tests: a hospital's critical-value system as somebody else would have written it.

Parsing, framing and acknowledgements are python3-hl7's, so that what Vigil sends is read by an implementation that is
not Vigil's. Standard output carries one JSON object a line: first {"listening": port}, then one for each message.

Misbehaviour is drawn per message from a seeded generator, in this order: drop before the message counts, drop after it
counts (the answer is lost), AR with a reason that passes, garbage for an answer, and, beside a proper answer, a second
copy of it. What was accepted before, by control id, is told as "repeat".
"""

import argparse
import asyncio
import json
import random
import sys

import hl7
from hl7.mllp import start_hl7_server

from oru_r01 import problems


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--encoding", choices=["utf-8", "gb18030"], default="utf-8")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--drop", type=float, default=0, help="share of messages lost before they count")
    parser.add_argument("--lose-answer", type=float, default=0, help="share accepted, but the answer is lost")
    parser.add_argument("--nak", type=float, default=0, help="share answered with --nak-code")
    parser.add_argument("--nak-code", default="AR")
    parser.add_argument("--nak-error", default="207", help="ERR-3, table 0357")
    parser.add_argument("--garbage", type=float, default=0, help="share answered with bytes that are no message")
    parser.add_argument("--duplicate-ack", type=float, default=0, help="share answered twice")
    parser.add_argument("--wrong-id", type=float, default=0, help="share answered for another control id")
    parser.add_argument("--delay", type=float, default=0, help="longest delay before an answer, seconds")
    return parser.parse_args()


def say(record):
    sys.stdout.write(json.dumps(record, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def plain(message, field):
    """A field as nested lists of unescaped text: repetitions, components, sub-components."""
    if isinstance(field, str):
        return message.unescape(field)
    return [plain(message, part) for part in field]


def record_of(message):
    segments = {}
    for segment in message:
        name = str(segment[0])
        # MSH-1 and MSH-2 are the delimiters; python3-hl7 counts them as fields, so indexes are HL7's own everywhere.
        segments.setdefault(name, []).append([plain(message, field) for field in segment])
    return {"controlId": str(message.segment("MSH")(10)), "segments": segments, "problems": problems(message)}


class Receiver:
    def __init__(self, settings):
        self.settings = settings
        self.dice = random.Random(settings.seed)
        self.accepted = set()

    def happens(self, share):
        return self.dice.random() < share

    async def serve(self, reader, writer):
        try:
            while not writer.is_closing():
                await self.receive(await reader.readmessage(), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except Exception as error:  # a message that does not parse is a finding, not a crash
            say({"unreadable": type(error).__name__, "why": str(error)})
        finally:
            writer.close()

    async def receive(self, message, writer):
        settings = self.settings
        record = record_of(message)
        control_id = record["controlId"]
        if self.happens(settings.drop):
            say({"dropped": control_id})
            writer.close()
            return
        if self.happens(settings.nak):
            say({"refused": control_id})
            await self.answer(self.nak(message), writer)
            return
        record["repeat"] = control_id in self.accepted
        self.accepted.add(control_id)
        say(record)
        if self.happens(settings.lose_answer):
            writer.close()
            return
        if self.happens(settings.garbage):
            writer.write(b"\x0bthis is no HL7\x1c\x0d")
            return
        if self.happens(settings.wrong_id):
            other = message.create_ack("AA")
            other.segment("MSA").assign_field("NOT-YOURS", 2)
            await self.answer(other, writer)
        await self.answer(message.create_ack("AA"), writer, 2 if self.happens(settings.duplicate_ack) else 1)

    def nak(self, message):
        answer = message.create_ack(self.settings.nak_code)
        if self.settings.nak_error:
            answer.append(hl7.parse("MSH|^~\\&|\rERR|||%s^reason^HL70357|E\r" % self.settings.nak_error)[1])
        return answer

    async def answer(self, answer, writer, copies=1):
        await asyncio.sleep(self.dice.random() * self.settings.delay)
        for _ in range(copies):
            writer.writemessage(answer)
        await writer.drain()


async def main():
    settings = options()
    receiver = Receiver(settings)
    server = await start_hl7_server(
        receiver.serve, "127.0.0.1", settings.port, encoding=settings.encoding, limit=1 << 20
    )
    say({"listening": server.sockets[0].getsockname()[1]})
    await server.serve_forever()


asyncio.run(main())
