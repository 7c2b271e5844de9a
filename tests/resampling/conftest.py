"""Where the tasks of these tests are, for this process and for its workers."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
