"""The manual pages and completions that `make install` puts in place."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import support


@support.needs_program
class Manual(unittest.TestCase):
    def test_every_command_has_a_page_without_warnings(self):
        with tempfile.TemporaryDirectory() as folder:
            script = os.path.join(support.REPOSITORY, "scripts", "man.py")
            subprocess.run([sys.executable, script, support.BINARY, folder], check=True)
            names = {os.path.basename(path) for path in glob.glob(os.path.join(folder, "*.1"))}
            self.assertLessEqual({"spotcheck.1", "spotcheck-rate.1", "spotcheck-store-verify.1"}, names)
            with open(os.path.join(folder, "spotcheck-rate.1"), encoding="utf-8") as file:
                page = file.read()
            self.assertIn("\\fB\\-\\-suppress\\-below\\fR \\fIsamples\\fR", page)
            self.assertIn('.SH "EXAMPLES"', page)
            self.assertIn("xlsx", page)
            if not shutil.which("groff"):
                self.skipTest("groff is not installed")
            for name in sorted(names):
                done = subprocess.run(
                    ["groff", "-man", "-Tutf8", "-Kutf8", "-ww", os.path.join(folder, name)], capture_output=True, check=False)
                self.assertEqual((done.returncode, done.stderr.decode()), (0, ""), name)
                self.assertIn(b"SYNOPSIS", re.sub(rb".\x08|\x1b\[\d+m", b"", done.stdout))

    def test_completions_are_made(self):
        for shell in "bash", "zsh", "fish":
            self.assertIn("spotcheck", support.run("--generate-completion-script", shell))


if __name__ == "__main__":
    unittest.main()
