"""Compile Python files in memory: compile_check.py <file>…"""

import sys

STATUS = 0
for path in sys.argv[1:]:
    try:
        with open(path, encoding="utf-8") as file:
            compile(file.read(), path, "exec")
    except SyntaxError as error:
        print(f"{path}:{error.lineno}: {error.msg}", file=sys.stderr)
        STATUS = 1
sys.exit(STATUS)
