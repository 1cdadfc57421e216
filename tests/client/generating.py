"""The small typed Python client: made from the API's description, never kept in the repository.

make client        into var/client/xom_client
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.docs import description
from app.factory import create_app
from tests.conftest import config_for

HERE = Path(__file__).parent
NAME = "xom_client"


def generate(spec: dict[str, Any], into: Path) -> Path:
    """Write the package into a folder, in place of one that is there; its path. Whatever the
    generator cannot express is an error: no call is left out."""
    into.mkdir(parents=True, exist_ok=True)
    told = into / "openapi.json"
    told.write_text(json.dumps(spec))
    made = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate"),
            *("--path", str(told), "--output-path", str(into / NAME)),
            *("--config", str(HERE / "generator.yml"), "--meta", "none"),
            *("--overwrite", "--fail-on-warning"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise RuntimeError(made.stdout + made.stderr)
    (into / NAME / "py.typed").touch()
    return into / NAME


def main() -> None:
    """Nothing is asked of a database: the description is made from the code."""
    house = create_app(config_for("postgresql://nobody:x@127.0.0.1:1/none"))
    made = generate(description(house), Path(sys.argv[1]))
    sys.stdout.write(f"{made}\n")


if __name__ == "__main__":
    main()
