# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The base class of the inventory plugin: reads its file, then the jobs of its regions or the cache, and adds hosts.

It displays warnings, and at -vv what it reads and which requests are repeated, but no secret.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.display import Display

from ..module_utils._client.clock import Clock, SystemClock
from ..module_utils._core.errors import CloudError, ConfigurationError, UnexpectedError
from ..module_utils._core.masking import Masker, find_proxy_passwords
from ..module_utils._core.option_values import check_names
from ..module_utils._core.refusal_history import build_identity
from ._jobs_inventory_hosts import PARENT_GROUP, JobHost, build_hosts, make_unique
from ._jobs_inventory_options import (
    InventorySettings,
    RegionSource,
    check_option_type,
    evaluate_options,
    find_secrets,
    inventory_spec,
    parse_inventory_settings,
)
from ._jobs_inventory_regions import (
    InventoryContext,
    ReadResult,
    RegionJobs,
    build_cached_value,
    describe_failures,
    parse_cached_regions,
    read_regions,
)

_SUFFIXES = ("drs_jobs.yml", "drs_jobs.yaml")
# More than the first lines of any file for this plugin.
_MAX_CHARACTERS = 100_000


class JobsInventory(BaseInventoryPlugin, Constructable, Cacheable):
    """An inventory of DRS jobs."""

    NAME: str
    clock: Clock = SystemClock()
    _given: Mapping[str, Any] | None = None
    """The options of the file that Ansible does not read itself."""
    _masker: Masker

    def verify_file(self, path: str) -> bool:
        """Return whether a file is for this plugin.

        Raise AnsibleParserError for a file that names the plugin and is not named as it has to be. Ansible shows that
        only if its plugin ``auto`` has found the file. Otherwise a warning says it.
        """
        if not super().verify_file(path):
            return False
        if path.endswith(_SUFFIXES):
            return True
        if _names_plugin(path, self.NAME):
            problem = f"{path} is for {self.NAME}, so its name must end in {' or '.join(_SUFFIXES)}: rename it"
            if self.NAME not in C.config.get_config_value("INVENTORY_ENABLED"):
                raise AnsibleParserError(problem)
            Display().warning(problem)
        return False

    def set_options(
        self,
        task_keys: Mapping[str, Any] | None = None,
        var_options: Mapping[str, Any] | None = None,
        direct: Mapping[str, Any] | None = None,
    ) -> None:
        """Check the names of the options, and let Ansible read its own. Raise ConfigurationError.

        Ansible would not evaluate the templates in the others, and shows a value that it cannot convert.
        """
        if direct is not None:
            definitions = self.option_definitions
            aliases = {alias: name for name, each in definitions.items() for alias in each.get("aliases") or ()}
            check_names(direct, definitions.keys() | aliases.keys())
            spec = inventory_spec()
            self._given = {name: value for name, value in direct.items() if aliases.get(name, name) in spec}
            direct = {name: value for name, value in direct.items() if name not in self._given and value is not None}
            for name, value in direct.items():
                check_option_type(name, definitions[name].get("type", "str"), value)
        super().set_options(task_keys=task_keys, var_options=var_options, direct=direct)

    def parse(self, inventory: InventoryData, loader: DataLoader, path: str, cache: bool = True) -> None:
        """Add the jobs to the inventory. Raise AnsibleParserError before anything is added."""
        super().parse(inventory, loader, path, cache)
        self._masker = Masker(find_proxy_passwords(os.environ))
        with self._errors_in_one_line():
            settings = self._read_settings(path)
            regions = self._get_regions(settings, path, cache)
            hosts = build_hosts(regions, settings.hostnames, self._compose)
            hosts, warning = make_unique(hosts, self._find_taken_names(inventory, hosts))
            if warning is not None:
                self._warn(warning)
            if self.get_option("strict"):
                # An expression that fails must not leave a part of the jobs in the inventory.
                self._add_hosts(InventoryData(), hosts)
            self._add_hosts(inventory, hosts)

    @contextmanager
    def _errors_in_one_line(self) -> Iterator[None]:
        try:
            yield
        except (CloudError, AnsibleError) as error:
            raise AnsibleParserError(" ".join(self._masker.mask(str(error)).split())) from None
        except Exception as failure:
            raise AnsibleParserError(str(UnexpectedError(failure))) from None

    def _read_settings(self, path: str) -> InventorySettings:
        """Return the settings in a file. Raise ConfigurationError, or Ansible's error for an unreadable file."""
        try:
            self._read_config_data(path)
        except AttributeError:
            if self._given is not None:
                raise
        if self._given is None:
            raise ConfigurationError(f"{path} must be a dictionary of options")
        self._add_secrets(find_secrets(self._given))
        self.templar.available_variables = self._vars or {}
        options = evaluate_options(self._given, self.templar)
        self._add_secrets(find_secrets(options))
        settings = parse_inventory_settings(options)
        for source in settings.regions:  # with those of the environment
            self._add_secrets(source.config.credential.secrets)
        return settings

    def _get_regions(self, settings: InventorySettings, path: str, cache: bool) -> list[RegionJobs]:
        """Return the jobs of all regions, from the cache if it has them. Raise CloudError."""
        is_cache_enabled = bool(self.get_option("cache"))
        key = f"{self.get_cache_key(path)}_{_hash_settings(settings)}"
        if is_cache_enabled and cache:
            cached = parse_cached_regions(self._cache.get(key))
            if cached is not None:
                self._show("the jobs are from the cache")
                return cached
        context = InventoryContext(self.clock, self._masker, self._warn, self._show)
        result = read_regions(settings, context)
        self._check_failures(result, settings)
        if is_cache_enabled and result.is_complete:
            self._cache[key] = build_cached_value(result.regions)
        return result.regions

    def _check_failures(self, result: ReadResult, settings: InventorySettings) -> None:
        """Raise CloudError if regions failed; without ``strict_regions`` warn of them."""
        if result.failures and settings.strict_regions:
            raise CloudError(describe_failures(result.failures, len(settings.regions)))
        for failure in result.failures:
            self._warn(f"the jobs of a region are missing: {failure}")

    def _find_taken_names(self, inventory: InventoryData, hosts: Sequence[JobHost]) -> dict[str, str | None]:
        """Return the names that hosts cannot have, each with the job that has it, if one has."""
        groups = {self._sanitize_group_name(group) for host in hosts for group in host.group_names()}
        return {
            **dict.fromkeys([*C.LOCALHOST, *inventory.groups, PARENT_GROUP, *groups]),
            **{name: host.vars.get("drs_job_id") for name, host in inventory.hosts.items()},
        }

    def _add_hosts(self, inventory: InventoryData, hosts: Sequence[JobHost]) -> None:
        """Add the hosts with their variables and groups. Raise Ansible's error for an expression, if it is strict."""
        self.inventory = inventory  # which Ansible adds to
        inventory.add_group(PARENT_GROUP)
        strict = self.get_option("strict")
        for host in hosts:
            inventory.add_host(host.name)
            groups = [self._sanitize_group_name(group) for group in host.group_names()]
            for group in groups:
                inventory.add_group(group)
                inventory.add_child(PARENT_GROUP, group)
            for group in groups or [PARENT_GROUP]:
                inventory.add_child(group, host.name)
            for name, value in host.variables.items():
                inventory.set_variable(host.name, name, value)
            variables = dict(host.variables)
            self._set_composite_vars(self.get_option("compose"), variables, host.name, strict)
            self._add_host_to_composed_groups(self.get_option("groups"), variables, host.name, strict)
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host.name, strict)

    def _add_secrets(self, secrets: Sequence[str]) -> None:
        for secret in secrets:
            self._masker.add_secret(secret)

    def _warn(self, warning: str) -> None:
        Display().warning(self._masker.mask(warning))

    def _show(self, line: str) -> None:
        Display().vv(self._masker.mask(line))


def _names_plugin(path: str, name: str) -> bool:
    """Return whether a file is the configuration of a plugin."""
    if not os.path.isfile(path):  # what is read of a pipe would be missing for other plugins
        return False
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read(_MAX_CHARACTERS)
    except OSError:
        return False
    return re.search(rf"^plugin:\s*(['\"]?){re.escape(name)}\1\s*(?:#|$)", text, re.MULTILINE) is not None


def _hash_settings(settings: InventorySettings) -> str:
    """Return a hash of all that decides what is cached: where from, as whom, and what.

    It is in the name of a file, so no password goes into it, which could be guessed from the hash. A token can not.
    """
    selected = [settings.job_types, sorted(settings.phases or ()), sorted(settings.details)]
    key = [selected, *map(_build_source_key, settings.regions)]
    return hashlib.sha256(json.dumps(key).encode()).hexdigest()[:32]


def _build_source_key(source: RegionSource) -> list[object]:
    config, http_settings = source.config, source.http_settings
    identity = build_identity(config.credential)
    place = [config.drs_url, config.iam_url, config.project_id, config.scope, config.region]
    how = [http_settings.verify, http_settings.language, source.params["api_version"]]
    return [*place, *how, identity.kind, identity.name or identity.fingerprint]
