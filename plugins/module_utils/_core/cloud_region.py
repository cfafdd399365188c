# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Find region, project and base URLs from the options of a task and from the environment.

A region, a project ID, a project name, a cloud and two endpoints all describe one location. If options of different
sources were combined, such as the project ID of production in the environment and the project name of a test in the
task, requests could go to a project that the user did not mean. So the source nearest to the task takes precedence as a
whole, and options that may belong to different locations are an error.
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
    strip_version,
)
from .errors import ConfigurationError
from .option_values import format_value
from .text_options import check_text, option_label

# The options of the location, and their environment variables: the first that is set counts.
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
_API_VERSIONS = {DRS: ("/v3", "/v5"), IAM: ("/v3",)}
_PROJECT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Setting(NamedTuple):
    """The value of an option, and the name of the option or variable that holds it."""

    name: str
    value: str

    def __str__(self) -> str:
        """Return both for an error message."""
        return f"{self.name} {redact_url(self.value)!r}"


Settings = Mapping[str, Setting]
"""The options that one source sets: the task, its keywords, or the environment. Empty texts are left out."""


class CloudRegion(NamedTuple):
    """Region, project and base URLs of a task. ``urls`` has the base URL of each required service."""

    region: str | None
    project_id: str | None
    project_name: str | None
    urls: Mapping[str, str]

    def scope(self) -> Scope:
        """Return the project to log in to: by ID, by name, or the default project, which is named like the region.

        Raise ConfigurationError if there is none.
        """
        name = self.project_name or self.region
        if self.project_id is None and name is None:
            raise ConfigurationError("no project: give project_id, project_name or region")
        return Scope(self.project_id, name)


def resolve_cloud_region(
    task: Sequence[Settings], environ: Mapping[str, str], services: Collection[str]
) -> CloudRegion:
    """Return the region, project and base URLs of a task. Raise ConfigurationError if they are ambiguous.

    ``task`` has the settings of the task, those that take precedence first. ``services`` are the required services.
    Without a project ID, IAM is required in any case: to find the project.
    """
    environment = _read_environment(environ)
    clouds = _find_clouds(*task, environment)
    task_settings: Settings = {}
    for source in task:
        task_settings = _merge(task_settings, _add_region(source, clouds))
    _check_one_region(task_settings, clouds)
    # The IAM endpoint of another region is no contradiction in the environment: each IAM serves all regions.
    environment = _add_region(environment, clouds, services=(DRS,))
    settings = _merge(task_settings, environment)
    for option, setting in settings.items():
        check_text(option, setting.value, setting.name)
    required = list(services)
    if IAM not in required and "project_id" not in settings:
        required.append(IAM)
    endpoints = [_ENDPOINTS[service] for service in required]
    inherited = [option for option in endpoints if option in environment.keys() - task_settings.keys()]
    _check_endpoints(inherited, task_settings, environment)
    urls = {service: _build_url(service, settings, for_project=service not in services) for service in required}
    _check_one_cloud(settings, urls, _find_ignored_endpoints(task_settings, environment) - set(endpoints))
    region, project_name = (settings[each].value if each in settings else None for each in ("region", "project_name"))
    return CloudRegion(region, _parse_project_id(settings), project_name, urls)


def merge_settings(preferred: Settings, fallback: Settings) -> Settings:
    """Return the settings of two sources. A project of the fallback is left out if it may be another project."""
    clouds = _find_clouds(preferred, fallback)
    return _merge(_add_region(preferred, clouds), _add_region(fallback, clouds))


def location_fields(
    endpoint: str, project_id: str | None, *, check_mode: bool, verbosity: int
) -> dict[str, str | None]:
    """Return the fields of a result for endpoint and project: in check mode, before a stop, and at -v."""
    return {"endpoint": endpoint, "project_id": project_id} if check_mode or verbosity else {}


def _read_environment(environ: Mapping[str, str]) -> Settings:
    settings = {}
    for option, variables in REGION_ENVIRONMENT.items():
        # AWX sets an empty variable for each empty field of a credential.
        variable = next((name for name in variables if environ.get(name, "").strip()), None)
        if variable is not None:
            settings[option] = Setting(variable, environ[variable].strip())
    return settings


def _find_clouds(*sources: Settings) -> list[str]:
    return [*CLOUDS, *(source["cloud"].value for source in sources if "cloud" in source)]


def _find_regions(source: Settings, clouds: Collection[str], services: Collection[str] = (DRS, IAM)) -> list[Setting]:
    """Return the regions that a source names: in the option, and in endpoints of the usual form."""
    regions = [source["region"]] if "region" in source else []
    for endpoint in (source.get(_ENDPOINTS[service]) for service in services):
        region = None if endpoint is None else parse_region(endpoint.value, clouds)
        if region is not None:
            regions.append(Setting(f"{endpoint}, region", region))
    return regions


def _add_region(source: Settings, clouds: Collection[str], services: Collection[str] = (DRS, IAM)) -> Settings:
    regions = _find_regions(source, clouds, services)
    return {**source, "region": regions[0]} if regions else source


def _check_one_region(settings: Settings, clouds: Collection[str]) -> None:
    regions = _find_regions(settings, clouds)
    for other in regions[1:]:
        if _differs(regions[0], other):
            raise ConfigurationError(f"{regions[0]} and {other} are different regions: leave one of them out")


def _merge(preferred: Settings, fallback: Settings) -> Settings:
    """Return the settings of two sources. A project of the fallback is left out if it may be another project."""
    if _are_different_regions(preferred, fallback) or any(option in preferred for option in _PROJECT):
        fallback = {option: setting for option, setting in fallback.items() if option not in _PROJECT}
    return {**fallback, **preferred}


def _check_endpoints(options: Collection[str], task: Settings, environment: Settings) -> None:
    """Raise ConfigurationError if endpoints of the environment may be in another region or cloud than the task."""
    if options and _are_different_regions(task, environment):
        raise ConfigurationError(
            f"{task['region']} is another region than {environment['region']}, and nothing ties "
            f"{_join(environment[option] for option in options)} to it: give {_join(options)} in the task, too"
        )
    cloud = task.get("cloud")
    if cloud is None or ("cloud" in environment and not _differs(cloud, environment["cloud"])):
        return
    foreign = [option for option in options if not is_in_cloud(environment[option].value, cloud.value)]
    if foreign:
        endpoints = _join(environment[option] for option in foreign)
        raise ConfigurationError(f"{cloud} is not that of {endpoints}: give {_join(foreign)} in the task, too")


def _build_url(service: str, settings: Settings, *, for_project: bool) -> str:
    """Return the base URL of a service. ``for_project`` is true if it is required only to find the project."""
    option = _ENDPOINTS[service]
    endpoint = settings.get(option)
    if endpoint is None:
        label = f"{option} to find the project with, or project_id (HW_PROJECT_ID)" if for_project else option
        region, cloud = (settings[each].value if each in settings else None for each in ("region", "cloud"))
        names = {each: option_label(each, settings[each].name) for each in ("region", "cloud") if each in settings}
        return build_service_url(service, region, cloud, None, option=label, names=names)
    url = build_service_url(service, None, None, endpoint.value, option=option_label(option, endpoint.name))
    return strip_version(url, _API_VERSIONS[service])


def _find_ignored_endpoints(task: Settings, environment: Settings) -> set[str]:
    """Return the endpoint options that the task does not set, if the task is in a region or cloud of its own."""
    is_ignored = "cloud" in task or _are_different_regions(task, environment)
    return set(_ENDPOINTS.values()) - task.keys() if is_ignored else set()


def _check_one_cloud(settings: Settings, urls: Mapping[str, str], ignored: Collection[str]) -> None:
    """Raise ConfigurationError if one host is built in another cloud than the endpoint of the other service.

    A token from one cloud must not be sent to another one. So the check includes an endpoint that this task does not
    need itself: the user may have got the token there. ``ignored`` are the endpoints that do not count.
    """
    known = [service for service, option in _ENDPOINTS.items() if option in settings and option not in ignored]
    built = [service for service in urls if service not in known and _ENDPOINTS[service] not in settings]
    if len(known) != 1 or not built:
        return
    endpoint = settings[_ENDPOINTS[known[0]]]
    cloud = settings["cloud"].value if "cloud" in settings else cloud_domain(settings["region"].value)
    if not is_in_cloud(endpoint.value, cloud):
        raise ConfigurationError(
            f"{endpoint} is not in the cloud {cloud}, where {built[0].upper()} would be "
            f"({parse_host(urls[built[0]])}): give {_ENDPOINTS[built[0]]}, too, or the cloud of both"
        )


def _parse_project_id(settings: Settings) -> str | None:
    project_id = settings.get("project_id")
    # It becomes a part of the path.
    if project_id is not None and not _PROJECT_ID.fullmatch(project_id.value):
        raise ConfigurationError(
            f"{option_label('project_id', project_id.name)} {format_value(redact_url(project_id.value))} is no "
            "project ID (a name goes into project_name)"
        )
    return None if project_id is None else project_id.value


def _are_different_regions(one: Settings, other: Settings) -> bool:
    return "region" in one and "region" in other and _differs(one["region"], other["region"])


def _differs(one: Setting, other: Setting) -> bool:
    return one.value.lower() != other.value.lower()


def _join(names: Iterable[object]) -> str:
    return " and ".join(str(name) for name in names)
