"""The decorator that docs/contracts-as-files.md shows, taken from the page."""

import json
import logging
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEYS = json.loads((ROOT / "interop/keys.json").read_text("utf-8"))
logging.getLogger().addHandler(logging.NullHandler())  # not onto the terminal
os.environ["NEXTCLOUD_SECRET"] = KEYS["nextcloud"]
sys.path.insert(0, str(ROOT / "contracts/python"))

block = re.search(r"^```python file=signed\.py\n(.*?)^```$", (ROOT / "docs/contracts-as-files.md").read_text("utf-8"), re.M | re.S)[1]
# As a file beside the contract.
names = {"__name__": "signed", "__file__": str(ROOT / "contracts/signed.py")}
exec(compile(block, "docs/contracts-as-files.md", "exec"), names)
signed = names["signed"]
