#!/usr/bin/env python3
"""Writes a manual page for every command of the program, from what it says of itself.

Usage: man.py PROGRAM FOLDER

The program's `--experimental-dump-help` is the only source, so a page cannot say anything else than `--help`. There is no day
in a page: the same program gives the same bytes.
"""

import json
import os
import subprocess
import sys


def roff(text):
    """Nothing of a text is a request or an escape; hyphens stay what can be typed."""
    lines = []
    for line in text.split("\n"):
        line = line.replace("\\", "\\e").replace("-", "\\-")
        lines.append("\\&" + line if line[:1] in (".", "'") else line)
    return "\n".join(lines)


def discussion(text):
    """Paragraphs as they are; `EXAMPLES` and its like become sections, indented lines stay lines."""
    out, literal = [], False
    for line in text.split("\n"):
        indented = line.startswith("  ")
        if literal and not indented:
            out.append(".fi")
            out.append(".RE")
            literal = False
        if line and line == line.upper() and line.replace(" ", "").isalpha():
            out.append(f'.SH "{roff(line)}"')
        elif indented:
            if not literal:
                out += [".RS 2", ".nf"]
                literal = True
            out.append(roff(line[2:]))
        elif line:
            out.append(roff(line))
        else:
            out.append(".PP")
    if literal:
        out += [".fi", ".RE"]
    # A paragraph before a heading or at an end is empty.
    kept = [line for place, line in enumerate(out)
            if line != ".PP" or not (place + 1 == len(out) or out[place + 1].startswith((".SH", ".PP", ".RS")) or place == 0
                                     or out[place - 1].startswith(".SH"))]
    return "\n".join(kept)


def dashed(name):
    return ("--" if name["kind"] == "long" else "-") + name["name"]


def synopsis(argument):
    value = "\\fI" + roff(argument["valueName"]) + "\\fR"
    if argument["kind"] == "positional":
        text = value
    else:
        text = "\\fB" + roff(dashed(argument["preferredName"])) + "\\fR"
        text += " " + value if argument["kind"] == "option" else ""
    text += " ..." if argument["isRepeating"] else ""
    return "[" + text + "]" if argument["isOptional"] else text


def item(argument):
    if argument["kind"] == "positional":
        head = "\\fI" + roff(argument["valueName"]) + "\\fR"
    else:
        head = ", ".join("\\fB" + roff(dashed(name)) + "\\fR" for name in argument["names"])
        head += " \\fI" + roff(argument["valueName"]) + "\\fR" if argument["kind"] == "option" else ""
    said = [argument.get("abstract", "")]
    if argument.get("allValues"):
        said.append("Values: " + ", ".join(argument["allValues"]) + ".")
    if argument.get("defaultValue"):
        said.append("Default: " + argument["defaultValue"] + ".")
    return ".TP\n" + head + "\n" + (roff(" ".join(text for text in said if text)) or "\\&")


def page(command, path):
    """The page of a command that is reached by these names."""
    name = "-".join(path)
    out = [f'.TH "{roff(name.upper())}" "1" "" "SpotCheck" "SpotCheck"', ".SH NAME",
           roff(name) + " \\- " + roff(command.get("abstract", "").rstrip("."))]
    arguments = [a for a in command.get("arguments", []) if a["shouldDisplay"]]
    commands = [c for c in command.get("subcommands", []) if c.get("shouldDisplay", True)]
    out += [".SH SYNOPSIS", ".B " + roff(" ".join(path))]
    out += [synopsis(argument) for argument in arguments] + (["\\fIcommand\\fR"] if commands else [])
    if command.get("discussion"):
        text = discussion(command["discussion"])
        out += ([] if text.startswith(".SH") else [".SH DESCRIPTION"]) + [text]
    if arguments:
        out += [".SH OPTIONS"] + [item(argument) for argument in arguments]
    if commands:
        out.append(".SH COMMANDS")
        for child in commands:
            out += [".TP", "\\fB" + roff("-".join(path + [child["commandName"]])) + "\\fR(1)",
                    roff(child.get("abstract", "")) or "\\&"]
    if len(path) > 1:
        out += [".SH SEE ALSO", "\\fB" + roff("-".join(path[:-1])) + "\\fR(1)"]
    return "\n".join(out) + "\n"


def pages(command, path=()):
    path = [*path, command["commandName"]]
    yield "-".join(path) + ".1", page(command, path)
    for child in command.get("subcommands", []):
        if child.get("shouldDisplay", True):
            yield from pages(child, path)


def main(program, folder):
    said = json.loads(subprocess.run([program, "--experimental-dump-help"], stdout=subprocess.PIPE, check=True).stdout)
    os.makedirs(folder, exist_ok=True)
    for name, text in pages(said["command"]):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
