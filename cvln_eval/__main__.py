"""Run the command line as `python -m cvln_eval`."""

from cvln_eval.cli import main

if __name__ == "__main__":
    main()
