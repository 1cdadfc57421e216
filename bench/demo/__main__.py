"""`python -m bench.demo`: play the story; non-zero when anything differs from the script."""

import sys

from bench.demo.people import Refused
from bench.demo.stage import LOG, set_up
from bench.demo.story import OffScript, play, timeline


def main() -> int:
    say = timeline()
    try:
        with set_up(say) as stage:
            closing = play(stage, say)
    except (OffScript, Refused, TimeoutError) as error:
        say(f"OFF SCRIPT: {error}")
        say(f"what web and worker said is in {LOG}")
        return 1
    print(closing)
    return 0


if __name__ == "__main__":
    sys.exit(main())
