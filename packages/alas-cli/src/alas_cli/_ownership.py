"""Whose a plugin is, and what it is granted for that.

Grants belong to names, and anybody can give a plugin a name. So what the user has granted to a name belongs to the user's own plugin
of that name, where there is one: one that is installed, or copied into `~/.alas/plugins`, or in a folder that the user's own
`config.toml` names. Another does not get it, however it was found: not by its path, an option or the environment either.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from alas_cli._registry import working_folder

if TYPE_CHECKING:
    from alas_registry import GrantSettings, Plugin, Settings

_PROJECT_SETTINGS = "alas.toml"


def granted_to(plugin: "Plugin", settings: "Settings") -> "GrantSettings":
    """Return what the settings grant to a plugin.

    Args:
        plugin: the plugin.
        settings: the settings, which know plugins by their names.
    """
    from alas_registry import joined_grants

    return joined_grants(granted_by_name(plugin, settings), settings.granted_to_all)


def granted_by_name(plugin: "Plugin", settings: "Settings") -> "GrantSettings":
    """Return what the settings grant to a plugin by its name, beside what they grant to every plugin.

    Args:
        plugin: the plugin.
        settings: the settings.
    """
    from alas_registry import GrantSettings

    granted = settings.grant_of(plugin.name)
    # Most are granted nothing, and then there is nothing to look for.
    is_others = not granted.is_empty and is_another(plugin, settings)
    return GrantSettings() if is_others else granted


def is_another(plugin: "Plugin", settings: "Settings") -> bool:
    """Say whether the user has a plugin of a plugin's name, and this is another one, wherever it was found and whoever named it.

    What the user has granted is that one's: a project of somebody else must not get it by bringing a plugin of the name.

    Args:
        plugin: the plugin.
        settings: the settings.
    """
    if os.path.realpath(plugin.folder.parent) == os.path.realpath(settings.home / "plugins"):
        return False
    own = [os.path.realpath(folder) for folder in own_folders(plugin.name, settings)]
    return own != [] and os.path.realpath(plugin.folder) not in own


def own_folders(name: str, settings: "Settings") -> list[Path]:
    """Return the folders of the user's own plugins of a name, whether they can be used or not.

    Args:
        name: the name; upper and lower case are the same, as they are where something is granted.
        settings: the settings, of which the user's own file may name more folders of plugins. What the file of a project names is
            not the user's.
    """
    from alas_registry import INSTALLED_FOLDER

    plugins = settings.home / "plugins"
    places = (plugins, plugins / INSTALLED_FOLDER / "current")
    # A folder may be called otherwise than the plugin in it.
    found = [folder for place in places for folder in _called(name, place)] or _plugins_named(name, plugins)
    user_file = str(settings.home / "config.toml")
    named = (one.path for one in settings.plugin_paths if one.origin == user_file)
    return [*found, *(folder for path in named for folder in _plugins_named(name, path))]


def _called(name: str, place: Path) -> list[Path]:
    """Return what is called so in a folder, links that lead nowhere included."""
    try:
        return [place / one for one in sorted(os.listdir(place)) if one.casefold() == name.casefold()]  # noqa: PTH208 - names alone
    except OSError:
        return []


def _plugins_named(name: str, path: Path) -> list[Path]:
    """Return the folders of the plugins of a name that a search path leads to."""
    from alas_manifest import MANIFEST_FILE, read_file

    files = [path / MANIFEST_FILE] if (path / MANIFEST_FILE).is_file() else path.glob(f"*/{MANIFEST_FILE}")
    return [
        file.parent
        for file in files
        if (read_file(file).name or file.parent.name).casefold() == name.casefold()
    ]


def is_of_project(plugin: "Plugin") -> bool:
    """Say whether a plugin is there only for programs that are started in this folder."""
    path, folder = plugin.search_path, working_folder()
    is_here = path.may_be_absent and folder is not None and path.path == folder / "plugins"
    return is_here or Path(path.origin).name == _PROJECT_SETTINGS
