"""Documentation.docc/Recipes.md, executed: every block of Python prints what the text below it says.

`python test_recipes.py --write` puts what is printed into the page.
"""

import contextlib
import io
import os
import re
import subprocess
import sys
import unittest
import unittest.mock

import support

PAGE = os.path.join(support.REPOSITORY, "Sources", "SpotCheck", "Documentation.docc", "Recipes.md")
#: The store that the page speaks of.
PLACE = "/tmp/mystore"
BLOCK = re.compile(r"^## (?P<title>[^\n]*)|^```python\n(?P<code>.*?)^```\n\n```text\n(?P<text>.*?)^```\n", re.M | re.S)


def recipes(page):
    """Titles, code, expected output and where that stands in the page."""
    found, title = [], ""
    for match in BLOCK.finditer(page):
        if match["title"] is not None:
            title = match["title"]
        else:
            found.append((title, match["code"], match["text"], match.span("text")))
    return found


def printed(title, code):
    """What a recipe prints. ModuleNotFoundError: a library is missing."""
    out = io.StringIO()
    program = compile(code.replace(PLACE, support.delivered()), title, "exec")
    # Recipes call the program by its name.
    environment = {
        "PATH": os.path.dirname(support.BINARY) + os.pathsep + os.environ.get("PATH", ""),
        "SPOTCHECK_PIPELINES": os.path.join(support.REPOSITORY, "pipelines"),
    }
    with contextlib.redirect_stdout(out), unittest.mock.patch.dict(os.environ, environment):
        exec(program, {"__name__": "recipe"})
    return out.getvalue()


def read():
    with open(PAGE, encoding="utf-8") as file:
        return file.read()


@support.needs_program
class Recipes(unittest.TestCase):
    def test_every_block_has_its_output(self):
        page = read()
        self.assertGreater(len(recipes(page)), 5)
        self.assertEqual(len(recipes(page)), page.count("```python\n"))


def _test(title, code, expected):
    def test(self):
        try:
            found = printed(title, code)
        except ModuleNotFoundError as error:
            self.skipTest(f"{error.name} is not installed")
        except subprocess.CalledProcessError as error:
            if error.returncode == 2 and "xlsx" in error.cmd:
                self.skipTest("the program was built without XLSX")
            raise
        self.assertEqual(found, expected)
    return test


for number, (title, code, expected, _) in enumerate(recipes(read()), 1):
    name = re.sub(r"\W+", "_", title.lower()).strip("_")
    setattr(Recipes, f"test_{number}_{name}", _test(title, code, expected))


def write():
    page = read()
    for title, code, _, (start, end) in reversed(recipes(page)):
        page = page[:start] + printed(title, code) + page[end:]
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(page)


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        unittest.main()
