"""Sets up, runs and checks the project on this machine: `python3 dev.py --help`.

Needs Python 3.11 and Node.js 20 or newer, nothing else. What it does is in local/stack/.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python shall say so, not show a SyntaxError
    sys.exit(
        "This project needs Python 3.11 or newer, but {} is Python {}.{}.".format(
            sys.executable, *sys.version_info[:2]
        )
    )

import argparse
from pathlib import Path

from local.stack.bench_command import bench
from local.stack.chaos_command import ChaosOptions, chaos
from local.stack.checks import run_checks
from local.stack.console import complain, never_fail_to_encode
from local.stack.layout import DEFAULT_DATA_FOLDER
from local.stack.operator_command import run_doi
from local.stack.prerequisites import find_node
from local.stack.problem import Problem
from local.stack.python_environment import DEV_PACKAGES, LOCAL_PACKAGES, running_environment
from local.stack.requirement_lists import lock
from local.stack.run_in_terminal import run_in_terminal
from local.stack.set_up import set_up
from local.stack.stop_request import Stopped, StopRequest
from local.stack.up import UpOptions, up

EXIT_PROBLEM = 1
EXIT_STOPPED = 130  # what shells report after Ctrl-C
# What dev.py itself does not know is for pytest, for doi, or for the benchmarks.
HAND_ON_ARGUMENTS = ("test", "doi", "bench")


def main() -> int:
    """The exit code of the command that the command line names."""
    never_fail_to_encode()
    parser = command_line()
    options, further = parser.parse_known_args()
    if further and options.command not in HAND_ON_ARGUMENTS:
        parser.error(f"unrecognized arguments: {' '.join(further)}")
    stop = StopRequest()
    stop.listen()
    try:
        return _run(options, further, stop)
    except Problem as problem:
        complain(str(problem))
        return EXIT_PROBLEM
    except Stopped:
        complain("Stopped.")
        return EXIT_STOPPED


def _run(  # noqa: PLR0911 - one return for each command
    options: argparse.Namespace, further: list[str], stop: StopRequest
) -> int:
    if options.command == "up":
        up_options = UpOptions(
            port_base=options.port_base,
            data=options.data,
            host=options.host,
            fresh=options.fresh,
            verbose=options.verbose,
            this_python=options.this_python,
        )
        up(up_options, stop)
        return 0
    if options.command == "doi":
        packages = None if options.this_python else LOCAL_PACKAGES
        environment = set_up(packages=packages, node=find_node(), stop=stop)
        if options.this_python:
            environment = running_environment()
        return run_doi(further, port_base=options.port_base, environment=environment)
    if options.command == "chaos":
        chaos_options = ChaosOptions(
            registrations=options.registrations,
            seed=options.seed,
            kills=options.kills,
            this_python=options.this_python,
        )
        return chaos(chaos_options, stop)
    if options.command == "bench":
        return bench(further, this_python=options.this_python, stop=stop)
    if options.command == "test":
        environment = set_up(packages=DEV_PACKAGES, node=find_node(), stop=stop, checkov=True)
        return run_checks(
            environment,
            pytest_arguments=further,
            only_tests=options.only_tests,
            stop=stop,
        )
    if options.command == "diagram":
        environment = set_up(packages=DEV_PACKAGES, node=find_node(), stop=stop)
        return run_in_terminal([str(environment.python), "-m", "local.infrastructure"], stop)
    lock(stop)
    return 0


def command_line() -> argparse.ArgumentParser:
    """Every command with its options."""
    parser = argparse.ArgumentParser(
        prog="dev.py",
        description="Sets up, runs and checks the project on this machine. Every command installs "
        "what it needs (.venv, local/node/node_modules) the first time.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    start = commands.add_parser(
        "up",
        help="start the whole stack, print its addresses, run until Ctrl-C",
        description="Starts Azurite, a mail catcher, the Dataverse simulator, the functions and "
        "the demo website on 127.0.0.1, waits until all of them answer, prints their addresses "
        "and one line READY {json}, and runs until Ctrl-C.",
    )
    start.add_argument(
        "--port-base",
        type=int,
        metavar="N",
        help="use the ports N, N+1, ... (default: website 8080, functions 7071, Azurite "
        "10000-10002, SMTP 1025, mail 1080, Dataverse 8090, LinkedIn 8091)",
    )
    start.add_argument(
        "--data",
        type=Path,
        default=DEFAULT_DATA_FOLDER,
        metavar="FOLDER",
        help="where the stack keeps its data and logs (default: .local)",
    )
    start.add_argument(
        "--host",
        choices=("func", "local"),
        help="run the functions with Azure Functions Core Tools or with the project's own host "
        "(default: Core Tools where `func` is installed)",
    )
    start.add_argument("--fresh", action="store_true", help="empty the data folder first")
    start.add_argument("--verbose", action="store_true", help="show the functions host's log")
    start.add_argument(
        "--this-python",
        action="store_true",
        help="run the stack with the Python that runs dev.py, installing nothing into it",
    )
    test = commands.add_parser(
        "test",
        help="run the checks (format, lint, types, import rules) and all tests",
        description="Runs ruff format, ruff check, mypy, lint-imports and pytest, all five even "
        "where one fails. Arguments that are not listed here go to pytest; without any, several "
        "processes share the tests.",
        usage="dev.py test [-h] [--only-tests] [PYTEST ARGUMENT ...]",
    )
    test.add_argument("--only-tests", action="store_true", help="skip the checks before pytest")
    chaos_run = commands.add_parser(
        "chaos",
        help="kill and break everything while people sign up, then account for each of them",
        description="Starts a stack of its own on free ports. While people sign up and confirm, "
        "the functions host is killed, and Dataverse, the mail server and storage fail by a "
        "seeded plan; when all has drained, every registration is accounted for. Exit code 1 "
        "when a promise is broken; data and logs then stay, and their folder is named.",
    )
    chaos_run.add_argument("--registrations", type=int, default=500, metavar="N")
    chaos_run.add_argument("--seed", type=int, default=1, metavar="S")
    chaos_run.add_argument("--kills", type=int, default=20, metavar="K")
    chaos_run.add_argument(
        "--this-python",
        action="store_true",
        help="run it with the Python that runs dev.py, installing nothing into it",
    )
    measuring = commands.add_parser(
        "bench",
        help="measure speed, cost and growth against the limit, and write bench/report.md",
        add_help=False,  # the benchmarks have their own
        allow_abbrev=False,
    )
    measuring.add_argument("--this-python", action="store_true")  # as for chaos
    doi = commands.add_parser(
        "doi",
        help="the operator's command line, for the stack on this machine",
        add_help=False,  # doi has its own
        allow_abbrev=False,
    )
    doi.add_argument("--port-base", type=int)  # as for up
    doi.add_argument("--this-python", action="store_true")
    commands.add_parser(
        "diagram",
        help="write what infra/ says into docs/infrastructure.md",
        description="Draws the Bicep files and lists their parameters between the marks that "
        "docs/infrastructure.md has for it. A test fails where that was forgotten.",
    )
    commands.add_parser(
        "lock",
        help="write requirements*.txt from pyproject.toml",
        description="Resolves the packages of pyproject.toml with uv and writes the pinned lists.",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
