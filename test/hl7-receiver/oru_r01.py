"""Whether a message is an ORU^R01 as HL7 2.5.1 chapter 7 (and 2, 3, 4 for MSH, PID, PV1, ORC) defines it.

Written from the standard, knowing nothing of Vigil: order of segments, required fields, tables, formats and lengths of
what is there. `problems` gives one line for each fault; none is a message that conforms.
"""

import re

# ORU_R01 (7.3.1), one PATIENT_RESULT: what may follow what, by segment name.
FOLLOWS = {
    "MSH": {"SFT", "PID", "ORC", "OBR"},
    "SFT": {"SFT", "PID", "ORC", "OBR"},
    "PID": {"PD1", "NTE", "NK1", "PV1", "ORC", "OBR"},
    "PD1": {"NTE", "NK1", "PV1", "ORC", "OBR"},
    "NK1": {"NK1", "PV1", "ORC", "OBR"},
    "PV1": {"PV2", "ORC", "OBR"},
    "PV2": {"ORC", "OBR"},
    "ORC": {"OBR"},
    "OBR": {"NTE", "TQ1", "CTD", "OBX", "FT1", "CTI", "SPM", "ORC", "OBR", "DSC"},
    "TQ1": {"TQ1", "TQ2", "CTD", "OBX", "SPM", "ORC", "OBR"},
    "NTE": {"NTE", "NK1", "PV1", "ORC", "OBR", "TQ1", "CTD", "OBX", "FT1", "CTI", "SPM", "DSC"},
    "OBX": {"OBX", "NTE", "FT1", "CTI", "SPM", "ORC", "OBR", "DSC"},
}
REQUIRED = {
    "MSH": (7, 9, 10, 11, 12),
    "PID": (3, 5),
    "PV1": (2,),
    "ORC": (1,),
    "OBR": (4,),
    "OBX": (3, 11),
}
# Maximum lengths of 2.5.1 for the fields that a receiver's columns are made by.
LENGTHS = {
    ("MSH", 10): 20,
    ("PID", 1): 4,
    ("PID", 8): 1,
    ("PID", 7): 26,
    ("PV1", 2): 1,
    ("ORC", 1): 2,
    ("OBR", 1): 4,
    ("OBR", 25): 1,
    ("OBX", 1): 4,
    ("OBX", 2): 2,
    ("OBX", 4): 20,
    ("OBX", 8): 5,
    ("OBX", 11): 1,
}
TABLES = {
    ("MSH", 11): {"P", "T", "D"},
    ("PID", 8): {"F", "M", "O", "U", "A", "N"},
    ("PV1", 2): {"E", "I", "O", "P", "R", "B", "C", "N", "U"},
    ("OBR", 25): {"O", "I", "S", "A", "P", "C", "R", "F", "X", "Y", "Z"},
    ("OBX", 2): {
        *("AD", "CE", "CF", "CK", "CN", "CP", "CX", "DT", "ED", "FT", "MO", "NM", "PN", "RP", "SN"),
        *("ST", "TM", "TN", "TS", "TX", "XAD", "XCN", "XON", "XPN", "XTN"),
    },
    ("OBX", 8): {"L", "H", "LL", "HH", "<", ">", "N", "A", "AA", "U", "D", "B", "W", "S", "R", "I", "MS", "VS"},
    ("OBX", 11): {"C", "D", "F", "I", "N", "O", "P", "R", "S", "U", "W", "X"},
}
ORDER_CONTROL = {"NW", "OK", "CA", "DC", "RE", "SC", "SN", "XO", "CH", "PA", "RO", "RP", "AF", "CR", "OR", "UF"}
CHARACTER_SETS = {"", "ASCII", "UNICODE UTF-8", "GB 18030-2000", "8859/1", "UNICODE"}
TIME = re.compile(r"^\d{4}(\d\d(\d\d(\d\d(\d\d(\d\d(\.\d{1,4})?)?)?)?)?)?([+-]\d{4})?$")
TIMES = {("MSH", 7), ("PID", 7), ("OBR", 7), ("OBR", 22), ("ORC", 9), ("OBX", 14)}


def text(segment, index):
    """A field as written, or empty."""
    return str(segment[index]) if len(segment) > index else ""


def problems(message):
    names = [str(segment[0]) for segment in message]
    found = []
    if not names or names[0] != "MSH":
        return ["MSH is not first"]
    for before, after in zip(names, names[1:]):
        if after not in FOLLOWS.get(before, set()):
            found.append("%s after %s" % (after, before))
    for needed in ("PID", "OBR", "OBX"):
        if needed not in names:
            found.append("no %s" % needed)
    for number, segment in enumerate(message):
        found += ["%s (segment %d)" % (what, number + 1) for what in of_segment(names[number], segment)]
    return found + of_header(message[0]) + of_results([s for s in message if str(s[0]) == "OBX"])


def of_segment(name, segment):
    for index in REQUIRED.get(name, ()):
        if text(segment, index) in ("", '""'):
            yield "%s-%d is required" % (name, index)
    for (of, index), longest in LENGTHS.items():
        if of == name and len(text(segment, index)) > longest:
            yield "%s-%d is longer than %d" % (name, index, longest)
    for (of, index), table in TABLES.items():
        value = text(segment, index).split("^")[0]
        if of == name and value and value not in table:
            yield "%s-%d is %r, which is not in its table" % (name, index, value)
    for of, index in TIMES:
        value = text(segment, index).split("^")[0]
        if of == name and value and not TIME.match(value):
            yield "%s-%d is no time" % (name, index)
    if name == "ORC" and text(segment, 1) not in ORDER_CONTROL:
        yield "ORC-1 is not in table 0119"
    if name == "PID" and not text(segment, 3).split("~")[0].split("^")[0]:
        yield "PID-3.1 is required"
    if name == "OBR" and not any(text(segment, 4).split("^")[:2]):
        yield "OBR-4 names nothing"
    if "\n" in str(segment):
        yield "%s holds a line feed" % name


def of_header(msh):
    if text(msh, 9) != "ORU^R01^ORU_R01":
        return ["MSH-9 is %s" % text(msh, 9)]
    found = []
    if text(msh, 12).split("^")[0] != "2.5.1":
        found.append("MSH-12 is not 2.5.1")
    if text(msh, 18) not in CHARACTER_SETS:
        found.append("MSH-18 is not in table 0211")
    return found


def of_results(results):
    """7.4.2: numbered from 1; one meaning for each identifier and sub-id; a type for each value, and the value in it."""
    found = []
    keys = [(text(obx, 3).split("^")[0], text(obx, 4)) for obx in results]
    for number, obx in enumerate(results):
        kind, value = text(obx, 2), text(obx, 5)
        if text(obx, 1) != str(number + 1):
            found.append("OBX-1 is %s, not %d" % (text(obx, 1), number + 1))
        if keys.count(keys[number]) > 1:
            found.append("OBX-3 and OBX-4 are not unique: %s" % (keys[number],))
        if value and not kind:
            found.append("OBX-2 is required where there is a value")
        if kind == "NM" and value and not re.match(r"^[+-]?\d+(\.\d*)?$", value):
            found.append("OBX-5 is no NM: %d" % (number + 1))
        if kind == "TS" and value and not TIME.match(value):
            found.append("OBX-5 is no TS: %d" % (number + 1))
        if kind == "DT" and value and not re.match(r"^\d{4}(\d\d(\d\d)?)?$", value):
            found.append("OBX-5 is no DT: %d" % (number + 1))
        if kind == "CE" and not any(value.split("^")[:2]):
            found.append("OBX-5 is a CE of nothing: %d" % (number + 1))
    return found
