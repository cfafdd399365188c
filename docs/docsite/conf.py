# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Sphinx builds the pages; ``make docs`` puts the plugins' pages beside the guides first."""

from __future__ import annotations

project = "huaweicloud.drs"
copyright = "huaweicloud.drs contributors"
title = html_title = html_short_title = "Collection huaweicloud.drs"

extensions = ["sphinx_antsibull_ext"]
pygments_style = "ansible"
highlight_language = "YAML+Jinja"

html_theme = "sphinx_ansible_theme"
html_show_sphinx = False
html_theme_options = {"display_version": False, "documentation_home_url": "index.html"}

# Some references lead into the documentation of ansible-core, whose inventory would have to be downloaded. Those inside
# the collection are checked by antsibull-docs lint-collection-docs.
suppress_warnings = ["ref.ref"]
