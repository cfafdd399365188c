# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: where a task goes, from what it says itself and what its environment says.

A region, the ID of a project, its name, a cloud and two endpoints name one place in several ways. Taken option by
option from two sources they could name a third place that nobody meant: the project ID of production beside the project
name of a test. So what is said nearer to the task beats what is said further away as a whole, and where nobody can tell
which of two places is meant, that is an error.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from .credentials import Scope
from .endpoints import (
    CLOUDS,
    build_service_url,
    cloud_domain,
    is_in_cloud,
    parse_host,
    parse_region,
    redact_url,
    strip_drs_version,
    strip_iam_version,
)
from .errors import ConfigurationError
from .option_values import format_value
from .text_options import check_text, option_label

# The options that say where; and what says it in the environment, the first that is set.
REGION_ENVIRONMENT: Mapping[str, tuple[str, ...]] = {
    "region": ("HW_REGION_NAME",),
    "project_id": ("HW_PROJECT_ID", "HUAWEICLOUD_SDK_PROJECT_ID"),
    "project_name": ("HW_PROJECT_NAME",),
    "cloud": ("HW_CLOUD",),
    "endpoint": ("HW_DRS_ENDPOINT",),
    "iam_endpoint": ("HW_AUTH_URL",),
}
DRS, IAM = "drs", "iam"
_PROJECT = ("project_id", "project_name")
_ENDPOINTS = {DRS: "endpoint", IAM: "iam_endpoint"}
_PROJECT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Setting(NamedTuple):
    """What an option or a variable says, and its name."""

    name: str
    value: str

    def __str__(self) -> str:
        """Show both in an error text."""
        return f"{self.name} {redact_url(self.value)!r}"


Settings = Mapping[str, Setting]
"""What one source says, by option. An option that is an empty text is not in it."""


class CloudRegion(NamedTuple):
    """Where a task goes. ``urls`` holds the base URL of each service that is needed, by ``DRS`` and ``IAM``."""

    region: str | None
    project_id: str | None
    project_name: str | None
    urls: Mapping[str, str]

    def scope(self) -> Scope:
        """Return the project to log in to: by ID, by name, or the region's own, which is named like the region.

        Raise ConfigurationError where there is none.
        """
        name = self.project_name or self.region
        if self.project_id is None and name is None:
            raise ConfigurationError("no project: give project_id, project_name or region")
        return Scope(self.project_id, name)


def resolve_cloud_region(
    task: Sequence[Settings], environ: Mapping[str, str], services: Collection[str]
) -> CloudRegion:
    """Return the place that a task and its environment name. Raise ConfigurationError where that may be either of two.

    ``task`` is what the task says, the nearest source first. ``services`` are those that are needed; DRS needs IAM
    besides where nobody says the ID of the project.
    """
    environment = _said_in(environ)
    clouds = [*CLOUDS, *(layer["cloud"].value for layer in (*task, environment) if "cloud" in layer)]
    said: Settings = {}
    for layer in task:
        said = _with(said, _with_region(layer, clouds))
    _check_one_region(said, clouds)
    # In an environment the IAM of another region is no contradiction: it serves the projects of all.
    environment = _with_region(environment, clouds, services=(DRS,))
    joined = _with(said, environment)
    for option, each in joined.items():
        check_text(option, each.value, each.name)
    needed = list(services)
    if IAM not in needed and "project_id" not in joined:
        needed.append(IAM)
    endpoints = (_ENDPOINTS[service] for service in needed)
    _check_endpoints([option for option in endpoints if option in environment.keys() - said.keys()], said, environment)
    urls = {service: _url_of(service, joined, is_asked=service in services) for service in needed}
    _check_one_cloud(joined, urls, _beaten(said, environment) - {_ENDPOINTS[service] for service in needed})
    region, project_name = (joined[option].value if option in joined else None for option in ("region", "project_name"))
    return CloudRegion(region, _project_id_of(joined), project_name, urls)


def location_fields(
    endpoint: str, project_id: str | None, *, check_mode: bool, verbosity: int
) -> dict[str, str | None]:
    """Return what a result says of endpoint and project: in check mode, before a stop, and at -v."""
    return {"endpoint": endpoint, "project_id": project_id} if check_mode or verbosity else {}


def _said_in(environ: Mapping[str, str]) -> Settings:
    said = {}
    for option, variables in REGION_ENVIRONMENT.items():
        # AWX sets an empty variable for each field of a credential that is left empty.
        first = next((name for name in variables if environ.get(name, "").strip()), None)
        if first is not None:
            said[option] = Setting(first, environ[first].strip())
    return said


def _regions_in(layer: Settings, clouds: Collection[str], services: Collection[str] = (DRS, IAM)) -> list[Setting]:
    """Return the regions that a source names: as such, and in endpoints of the usual form."""
    regions = [layer["region"]] if "region" in layer else []
    for endpoint in (layer.get(_ENDPOINTS[service]) for service in services):
        named = None if endpoint is None else parse_region(endpoint.value, clouds)
        if named is not None:
            regions.append(Setting(f"{endpoint}, region", named))
    return regions


def _with_region(layer: Settings, clouds: Collection[str], services: Collection[str] = (DRS, IAM)) -> Settings:
    regions = _regions_in(layer, clouds, services)
    return {**layer, "region": regions[0]} if regions else layer


def _check_one_region(layer: Settings, clouds: Collection[str]) -> None:
    regions = _regions_in(layer, clouds)
    for other in regions[1:]:
        if _is_other(regions[0], other):
            raise ConfigurationError(f"{regions[0]} and {other} are different regions: leave one of them out")


def _with(near: Settings, far: Settings) -> Settings:
    """Return what counts where one source is nearer: a project of the other only if it may be the one that is meant."""
    is_elsewhere = "region" in near and "region" in far and _is_other(near["region"], far["region"])
    if is_elsewhere or any(option in near for option in _PROJECT):
        far = {option: said for option, said in far.items() if option not in _PROJECT}
    return {**far, **near}


def _check_endpoints(options: Collection[str], task: Settings, environment: Settings) -> None:
    """Refuse endpoints of the environment that may be anywhere but at the place that the task names.

    Raise ConfigurationError.
    """
    region, cloud = task.get("region"), task.get("cloud")
    if options and region is not None and "region" in environment and _is_other(region, environment["region"]):
        raise ConfigurationError(
            f"{region} is another region than {environment['region']}, and nothing ties "
            f"{_list(environment[option] for option in options)} to it: give {_list(options)} in the task, too"
        )
    if cloud is None or ("cloud" in environment and not _is_other(cloud, environment["cloud"])):
        return
    foreign = [option for option in options if not is_in_cloud(environment[option].value, cloud.value)]
    if foreign:
        named = _list(environment[option] for option in foreign)
        raise ConfigurationError(f"{cloud} is not that of {named}: give {_list(foreign)} in the task, too")


def _url_of(service: str, said: Settings, *, is_asked: bool) -> str:
    """Return the base URL of a service, which is asked for by itself or only to find the project."""
    option = _ENDPOINTS[service]
    endpoint = said.get(option)
    label = option if is_asked else f"{option} to find the project with, or project_id (HW_PROJECT_ID)"
    if endpoint is None:
        region, cloud = (said[each].value if each in said else None for each in ("region", "cloud"))
        names = {each: option_label(each, said[each].name) for each in ("region", "cloud") if each in said}
        return build_service_url(service, region, cloud, None, option=label, names=names)
    url = build_service_url(service, None, None, endpoint.value, option=option_label(option, endpoint.name))
    return strip_drs_version(url) if service == DRS else strip_iam_version(url)


def _beaten(task: Settings, environment: Settings) -> set[str]:
    """Return the endpoints of the environment that say nothing of a place which the task names: another one."""
    region = task.get("region")
    is_elsewhere = region is not None and "region" in environment and _is_other(region, environment["region"])
    return set(_ENDPOINTS.values()) - task.keys() if is_elsewhere or "cloud" in task else set()


def _check_one_cloud(said: Settings, urls: Mapping[str, str], beaten: Collection[str]) -> None:
    """Refuse to send to a host that is built what was obtained at, or belongs to, a host of another cloud.

    So it is also where that other host is not needed itself: a token that somebody has got there would go to the wrong
    one. ``beaten`` are the endpoints that do not count. Raise ConfigurationError.
    """
    known = [service for service, option in _ENDPOINTS.items() if option in said and option not in beaten]
    built = [service for service in urls if service not in known and _ENDPOINTS[service] not in said]
    if len(known) != 1 or not built:
        return
    endpoint = said[_ENDPOINTS[known[0]]]
    cloud = said["cloud"].value if "cloud" in said else cloud_domain(said["region"].value)
    if not is_in_cloud(endpoint.value, cloud):
        raise ConfigurationError(
            f"{endpoint} is not in the cloud {cloud}, where {built[0].upper()} would be "
            f"({parse_host(urls[built[0]])}): give {_ENDPOINTS[built[0]]}, too, or the cloud of both"
        )


def _project_id_of(said: Settings) -> str | None:
    project_id = said.get("project_id")
    # What cannot stand in a path.
    if project_id is not None and not _PROJECT_ID.fullmatch(project_id.value):
        raise ConfigurationError(
            f"{option_label('project_id', project_id.name)} {format_value(redact_url(project_id.value))} is no "
            "project ID (a name goes into project_name)"
        )
    return None if project_id is None else project_id.value


def _is_other(one: Setting, other: Setting) -> bool:
    return one.value.lower() != other.value.lower()


def _list(names: Iterable[object]) -> str:
    return " and ".join(str(name) for name in names)
