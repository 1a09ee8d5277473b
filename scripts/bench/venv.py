"""The Python that runs the peers: $SPOTCHECK_BENCH_PYTHON, or a virtual environment made beside the repository's folders."""

import os
import subprocess
import sys

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(REPOSITORY, ".venv-bench")
PACKAGES = ["duckdb", "polars", "pyarrow"]


def python():
    """(path, None), or (None, why there is none). Peers are worth having, not worth failing for."""
    given = os.environ.get("SPOTCHECK_BENCH_PYTHON")
    made = os.path.join(FOLDER, "bin", "python")
    try:
        if not given and not os.path.exists(made):
            print(f"making {FOLDER} with {', '.join(PACKAGES)}", flush=True)
            subprocess.run([sys.executable, "-m", "venv", FOLDER], check=True, capture_output=True)
            with open(os.path.join(FOLDER, ".gitignore"), "w") as file:
                file.write("*\n")
        path = given or made
        wanted = "import " + ", ".join(PACKAGES)
        if not given and subprocess.run([path, "-c", wanted], capture_output=True).returncode:
            subprocess.run([path, "-m", "pip", "install", "--quiet", *PACKAGES], check=True, capture_output=True)
        subprocess.run([path, "-c", wanted], check=True, capture_output=True)
        return path, None
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", None) or str(error).encode()).decode(errors="replace").strip()
        return None, "no peers: " + (said.splitlines() or ["unknown"])[-1][:120]
