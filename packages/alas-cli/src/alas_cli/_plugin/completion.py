"""`alas-plugin completion`: what makes a shell complete the words of all commands."""

import os
from pathlib import Path
from typing import Any

import click

from alas_cli import _exit_codes as exit_codes
from alas_cli._command import UsageMistake
from alas_cli._subcommand import CommonOptions, subcommand
from alas_cli._usage import Word

_PROGRAMS = ("alas-plugin", "alas-run", "alas-validate")
_SHELLS = ("bash", "zsh", "fish")
_MORE_HELP = """\
To switch it on in every new shell:
  bash   echo 'eval "$(alas-plugin completion bash)"' >> ~/.bashrc
  zsh    echo 'eval "$(alas-plugin completion zsh)"' >> ~/.zshrc, behind compinit
  fish   echo 'alas-plugin completion fish | source' >> ~/.config/fish/config.fish"""


@subcommand(
    "completion",
    [
        ('eval "$(alas-plugin completion bash)"', "in this shell, now"),
        ("alas-plugin completion fish", "only show it"),
    ],
    formats=("text",),
    more_help=_MORE_HELP,
)
@click.argument("shell", required=False, type=Word(_SHELLS), metavar="[SHELL]")
@click.pass_context
def command(context: click.Context, /, **values: Any) -> int:
    """Print what makes a shell complete this command.

    SHELL is bash, zsh or fish; without it, it is the one that SHELL in the environment names. Commands, options, their
    values, files, and the names of plugins and functions are completed, for alas-run and alas-validate too.
    """
    CommonOptions.take(values)
    shell = values["shell"] or Path(os.environ.get("SHELL", "")).name
    if shell not in _SHELLS:
        raise UsageMistake(f"expected bash, zsh or fish{f', found {shell!r}' if shell else ''}")
    from click.shell_completion import get_completion_class

    maker = get_completion_class(shell)
    assert maker is not None, "the library knows these shells"
    root = context.find_root().command
    for name in _PROGRAMS:
        # The script only names the program; which words there are, the program itself says then.
        click.echo(maker(root, {}, name, f"_{name.replace('-', '_').upper()}_COMPLETE").source())
    return exit_codes.DONE
